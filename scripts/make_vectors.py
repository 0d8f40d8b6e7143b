"""Make ``signing/vectors``: sealed records, attacked records and doubtful ones, each with the verdict it must get.

    .venv/bin/python scripts/make_vectors.py

ECDSA is random, so the files differ from run to run and are kept; tests/vectors judges the stored ones. Any other
verifier can be held against them too.
"""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from unittest import mock

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner, methods

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from scripts.make_devca import SEAL_NAME, issue  # noqa: E402
from tests.consent_examples import ITEMS, MOMENT, SYSTEM, all_yes, answer_event, request, withdrawal_event  # noqa: E402
from tillid.consents.record import build_record  # noqa: E402
from tillid.kernel.clock import instant  # noqa: E402
from tillid.signatures import sign  # noqa: E402
from tillid.signatures.names import ds, xades  # noqa: E402
from tillid.signatures.sign import SealKey, seal  # noqa: E402
from tillid.signatures.trust import load_trust  # noqa: E402
from tillid.signatures.verify import verify  # noqa: E402
from tillid.signatures.xades import qualifying  # noqa: E402
from tillid.signatures.xml import canonical  # noqa: E402

VECTORS = PROJECT / "signing" / "vectors"
AT = MOMENT + timedelta(days=30)
SEALED = timedelta(seconds=2)
ASKED = request()
GIVEN = answer_event(ASKED, answers=all_yes(), oral=True)
RECORD = build_record(GIVEN, ASKED, role="parent", system=SYSTEM)


def devca_key(label: str) -> SealKey:
    """A key of ``signing/devca`` with its chain."""
    folder = PROJECT / "signing" / "devca"
    leaf, issuer = x509.load_pem_x509_certificates((folder / f"{label}.chain.pem").read_bytes())
    private = load_pem_private_key((folder / f"{label}.key.pem").read_bytes(), None)
    return SealKey(private_key=private, leaf=leaf, issuer=issuer)


SEAL = devca_key("seal")
SEALED_RECORD = seal(RECORD, SEAL, MOMENT + SEALED)


class AnySigner(XMLSigner):
    """signxml with its refusal of SHA-1 off: what a careless or hostile tool would write."""

    def check_deprecated_methods(self) -> None:
        """Accept all."""


def sealed_with(
    *,
    method: SignatureMethod = SignatureMethod.ECDSA_SHA256,
    digest: DigestAlgorithm = DigestAlgorithm.SHA256,
    c14n: CanonicalizationMethod = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    extra: Callable[..., None] | None = None,
) -> bytes:
    """A cryptographically right signature by the true seal, but not of our profile."""
    signer = AnySigner(
        method=methods.enveloped, signature_algorithm=method, digest_algorithm=digest, c14n_algorithm=c14n
    )
    signer.signature_annotators.append(qualifying([SEAL.leaf, SEAL.issuer], MOMENT + SEALED))
    if extra:
        signer.signature_annotators.append(extra)
    return canonical(signer.sign(etree.fromstring(RECORD), key=SEAL.private_key, cert=[SEAL.leaf, SEAL.issuer]))


def changed(change: Callable[[etree._Element], None]) -> bytes:
    """The valid record after ``change`` of its tree, spelled canonically again."""
    root = etree.fromstring(SEALED_RECORD)
    change(root)
    return canonical(root)


def replaced(old: bytes, new: bytes) -> bytes:
    """The valid record with one text replaced, which must be there."""
    assert old in SEALED_RECORD, old
    return SEALED_RECORD.replace(old, new, 1)


def forged() -> etree._Element:
    """What an attacker wants to be read: the answers turned around, no signature."""
    root = etree.fromstring(RECORD)
    for item in root.iter("{*}Item"):
        item.set("answer", "no" if item.get("answer") == "yes" else "yes")
    return root


def wrap_in_object(extra_object: bool) -> bytes:
    """Signature wrapping: a forged root, the true record kept inside the signature's ds:Object."""
    true, root = etree.fromstring(SEALED_RECORD), forged()
    signature = true[-1]
    true.remove(signature)
    holder = etree.SubElement(signature, ds("Object")) if extra_object else signature.find(ds("Object"))
    holder.append(true)
    root.append(signature)
    return canonical(root)


def wrap_under_forged_root() -> bytes:
    """Signature wrapping: the whole true record with its signature as a child of a forged one."""
    root = forged()
    root.append(etree.fromstring(SEALED_RECORD))
    return canonical(root)


def wrap_in_foreign_root() -> bytes:
    """Signature wrapping: forged and true record side by side under another root."""
    root = etree.Element("Envelope")
    root.extend([forged(), etree.fromstring(SEALED_RECORD)])
    return canonical(root)


def second_payload(root: etree._Element) -> None:
    """A forged event beside the true one."""
    root.insert(1, deepcopy(forged()[1]))


def moved_signature(root: etree._Element) -> None:
    """The signature inside the event: enveloped transforms remove it there just the same."""
    root[1].append(root[-1])


def doubled_identifier(root: etree._Element) -> None:
    """A second element that answers to the reference of the signed properties."""
    root[1].set("Id", "seal-properties")


def second_properties(root: etree._Element) -> None:
    """Other signing properties in an object of their own, before the signed ones."""
    fake = deepcopy(root[-1].find(ds("Object")))
    fake.find(f".//{xades('SigningTime')}").text = "2025-01-01T00:00:00Z"
    root[-1].insert(3, fake)


def extra_reference(signature: etree._Element, signing_settings: object = None) -> None:
    """A third, true reference, to KeyInfo."""
    signature.find(ds("KeyInfo")).set("Id", "key")
    info = signature.find(ds("SignedInfo"))
    third = deepcopy(info[-1])
    del third.attrib["Type"]
    third.set("URI", "#key")
    data = canonical(signature.find(ds("KeyInfo")))
    third.find(ds("DigestValue")).text = sign_digest(data)
    info.append(third)


def sign_digest(data: bytes) -> str:
    """Base64 SHA-256."""
    return b64encode(sha256(data).digest()).decode()


def with_key(key: SealKey, *, record: bytes = RECORD, at: datetime = MOMENT + SEALED) -> bytes:
    """The record sealed by ``key``."""
    return seal(record, key, at)


def under_a_foreign_certificate() -> bytes:
    """Sealed with another key, while KeyInfo shows the pinned certificate."""
    with_imitation = devca_key("imitation")
    key = SealKey(private_key=with_imitation.private_key, leaf=SEAL.leaf, issuer=SEAL.issuer)
    return seal(RECORD, key, MOMENT + SEALED)


def certificate_exchanged() -> bytes:
    """KeyInfo shows a later certificate of the same key; the signed properties name the first."""
    folder = PROJECT / "signing" / "devca"
    issuing = load_pem_private_key((folder / "issuing.key.pem").read_bytes(), None)
    other, _ = issue(SEAL_NAME, issuer=(SEAL.issuer, issuing), key=SEAL.private_key)
    with mock.patch.object(sign, "qualifying", lambda chain, moment: qualifying([SEAL.leaf, SEAL.issuer], moment)):
        return seal(RECORD, SealKey(private_key=SEAL.private_key, leaf=other, issuer=SEAL.issuer), MOMENT + SEALED)


def foreign_authority(common: str) -> SealKey:
    """A seal of an authority that nobody trusts."""
    root = issue("TEST foreign root", authority=True)
    leaf, key = issue(common, issuer=root)
    return SealKey(private_key=key, leaf=leaf, issuer=root[0])


def valid() -> dict[str, bytes]:
    """Given, refused, withdrawn wholly, withdrawn in part by phone."""
    refused = answer_event(ASKED, answers={item.id: False for item in ITEMS})
    whole = withdrawal_event(ASKED, GIVEN)
    part = withdrawal_event(
        ASKED, GIVEN, items=(ITEMS[1].id,), method="phone", login=None, recorded_by=ASKED.created_by
    )
    records = {"given": GIVEN, "refused": refused, "withdrawn": whole, "withdrawn-part-by-phone": part}
    return {
        name: seal(build_record(event, ASKED, role="parent", system=SYSTEM), SEAL, event.at + SEALED)
        for name, event in records.items()
    }


def invalid() -> dict[str, tuple[str, bytes]]:
    """Name → the step that must object, and the file."""
    comments = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0_WITH_COMMENTS
    return {
        "changed-answer": ("crypto.hash", replaced(b'answer="yes" item="field', b'answer="no" item="field')),
        "changed-name": ("crypto.hash", replaced("Søren".encode(), "Sören".encode())),
        "changed-signing-time": ("crypto.hash", replaced(b"Time>2025", b"Time>2026")),
        "changed-signature": ("crypto.signature", _flipped_signature()),
        "wrapped-in-object": ("form.namespaces", wrap_in_object(False)),
        "wrapped-in-second-object": ("form.namespaces", wrap_in_object(True)),
        "wrapped-under-forged-root": ("form.place", wrap_under_forged_root()),
        "wrapped-in-foreign-root": ("unreadable.not-a-record", wrap_in_foreign_root()),
        "second-payload": ("form.schema", changed(second_payload)),
        "moved-signature": ("form.place", changed(moved_signature)),
        "doubled-identifier": ("form.identifiers", changed(doubled_identifier)),
        "second-properties": ("form.identifiers", changed(second_properties)),
        "second-signature": ("form.signatures", changed(lambda root: root.append(deepcopy(root[-1])))),
        "removed-signature": ("form.no-signature", RECORD),
        "sha1-signature": ("form.algorithms", sealed_with(method=SignatureMethod.ECDSA_SHA1)),
        "sha1-digest": ("form.algorithms", sealed_with(digest=DigestAlgorithm.SHA1)),
        "c14n-with-comments": ("form.algorithms", sealed_with(c14n=comments)),
        "extra-reference": ("form.identifiers", sealed_with(extra=extra_reference)),
        "comment-in-name": ("form.comment", replaced(b"<Name>Vuggestuen", b"<Name><!-- -->Vuggestuen")),
        "instruction": ("form.instruction", replaced(b"<Header>", b"<?php x?><Header>")),
        "cdata": ("form.cdata", replaced(b"Jeres samtykke", b"<![CDATA[Jeres samtykke]]>")),
        "doctype": ("form.doctype", b'<!DOCTYPE ConsentRecord [<!ENTITY e "x">]>' + SEALED_RECORD),
        "rewritten": ("form.spelling", etree.tostring(etree.fromstring(SEALED_RECORD))),
        "imitated-seal": ("seal.imitated", with_key(devca_key("imitation"))),
        "imitated-by-foreign-authority": ("seal.imitated", with_key(foreign_authority(SEAL_NAME))),
        "foreign-key-under-known-certificate": ("crypto.signature", under_a_foreign_certificate()),
        "certificate-exchanged": ("crypto.certificate", certificate_exchanged()),
        "sealed-before-record": ("time.before-record", with_key(SEAL, at=MOMENT - SEALED)),
    }


def _flipped_signature() -> bytes:
    start = SEALED_RECORD.index(b"<ds:SignatureValue>") + len(b"<ds:SignatureValue>")
    letter = b"A" if SEALED_RECORD[start : start + 1] != b"A" else b"B"
    return SEALED_RECORD[:start] + letter + SEALED_RECORD[start + 1 :]


def indeterminate() -> dict[str, tuple[str, bytes]]:
    """Records that may be true: nobody can tell with this trust at this moment."""
    old = answer_event(ASKED, answers=all_yes(), at=MOMENT.replace(year=2021))
    old_record = build_record(old, ASKED, role="parent", system=SYSTEM)
    return {
        "unknown-authority": ("seal.no-chain", with_key(foreign_authority("TEST foreign seal"))),
        "seal-not-pinned": ("seal.unknown", with_key(devca_key("unpinned"))),
        "expired-seal": ("time.expired", with_key(devca_key("expired"), record=old_record, at=old.at + SEALED)),
        "sealed-in-the-future": ("time.future", with_key(SEAL, at=MOMENT.replace(year=2062))),
    }


def main() -> int:
    """Write every vector and its verdict; stop when a verdict is not the intended one."""
    trust = load_trust(PROJECT / "signing" / "trust" / "test")
    folders = {
        "valid": {name: ("ok", data) for name, data in valid().items()},
        "invalid": invalid(),
        "indeterminate": indeterminate(),
    }
    wrong = 0
    for folder, vectors in folders.items():
        (VECTORS / folder).mkdir(parents=True, exist_ok=True)
        for old in (VECTORS / folder).glob("*.*"):
            old.unlink()
        for name, (step, data) in vectors.items():
            found = verify(data, trust, at=AT)
            if found.step != step:
                print(f"{folder}/{name}: meant {step}, got {found.step}", file=sys.stderr)
                wrong += 1
            verdict = {"at": instant(AT), "status": found.status, "reason": found.reason, "step": step}
            (VECTORS / folder / f"{name}.xml").write_bytes(data)
            (VECTORS / folder / f"{name}.json").write_text(json.dumps(verdict, indent=1) + "\n")
    print(f"{sum(map(len, folders.values()))} vectors, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
