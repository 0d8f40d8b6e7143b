"""What a stranger signs with keys of their own, given to the fuzzer: no digest and no signature stops it, so what is judged behind them
is reached (``fuzz_targets.py`` and ``fuzz_vectors.py`` have what nobody signs). ``TARGETS``: all of them."""

from __future__ import annotations

import random
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from cryptography.hazmat.primitives import hashes

from scripts.vectors import released
from scripts.vectors.base import SEALED_AT, SEALED_RECORD, b64, digest_of, ecdsa, sign_again
from scripts.vectors.certificates import lines, under
from scripts.vectors.content import good
from scripts.vectors.stamped import token
from scripts.vectors.strangers import STRANGER, issued_again, malformed
from tests.faults.fuzz_targets import AT, TRUST, Change, Target, both, put_in
from tests.faults.fuzz_targets import TARGETS as UNSIGNED
from tests.faults.fuzz_vectors import TARGETS as BESIDE
from tests.support.sign_provider import certificate, signature
from tillid.signatures.names import ds, xades
from tillid.signatures.personal import enveloped, expected_over, verify_personal
from tillid.signatures.sign import SealKey
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import Trust
from tillid.signatures.xml import Element, canonical, parse


def _show(signed: Element, der: bytes, text: str) -> None:
    """Another certificate in the signer's place, and its digest in the signed properties. ``signed``: the ds:Signature."""
    signed[2][0][0].text = text
    next(signed[-1].iter(xades("CertDigest"))).find(ds("DigestValue")).text = digest_of(der)


def stranger() -> Target:
    """Records that a stranger seals, truly, and has stamped by an authority that we trust: whatever they say, none passes."""
    names = (
        "given",
        "refused",
        "withdrawn",
        "withdrawn-part-by-phone",
        "attested",
        "meeting-given",
        "given-by-the-child-on-paper",
        "renewed",
        "received",
    )
    kinds = good() | released.vectors()
    seeds = []
    for data in (kinds[name].data for name in names):
        root = parse(data)
        root.replace(root[-1], parse(under(STRANGER))[-1])
        sign_again(root, STRANGER)
        seeds.append(canonical(root))

    def wrong(data: bytes) -> str | None:
        stamp = None
        with suppress(Exception):  # what is no tree any more is judged as it is
            root = parse(data)
            sign_again(root, STRANGER)
            data = canonical(root)
            stamp = token(data)
        found = verify_timed(data, TRUST, at=AT, token=stamp, verifier=both)
        return found.step if found.passed or found.status == "disputed" else None

    def repacked(data: bytes, change: Change, chance: random.Random) -> bytes:
        """A text, an attribute or the certificate changed."""
        try:
            root = parse(data)
            if chance.random() < 0.4:
                der = malformed(change)
                _show(root[-1], der, lines(der))
            else:
                put_in(chance.choice([one for one in root.iter() if one.text or one.attrib]), change, chance)
            return canonical(root)
        except Exception:
            return change(data)

    return Target(seeds, wrong, repacked)


def personal() -> Target:
    """People's own signatures, changed as they are and signed again by the person: nothing is taken for a signature over another
    record, or by another person."""
    expected = expected_over(SEALED_RECORD)
    issuer = certificate("TEST personlig udsteder", None, now=SEALED_AT, authority=True)
    leaf, key = certificate("TEST Person", issuer, subject=expected.subject, now=SEALED_AT)
    trust = Trust(persons=(issuer[0],), stampers=TRUST.stampers)
    whole = signature(SEALED_RECORD, (leaf, key), [issuer[0]], SEALED_AT)
    signer = SealKey(private_key=key, leaf=leaf, issuer=issuer[0])
    at = SEALED_AT + timedelta(minutes=2)

    def signed_again(data: bytes) -> bytes:
        root = parse(data)
        for reference in root[0].iterfind(ds("Reference")):
            named = next(one for one in root.iter() if f"#{one.get('Id')}" == reference.get("URI"))
            reference.find(ds("DigestValue")).text = digest_of(canonical(named))
        root[1].text = ecdsa(canonical(root[0]), signer, hashes.SHA256())
        return canonical(root)

    def wrong(data: bytes) -> str | None:
        found = verify_personal(data, expected, trust, at=at)
        if found.passed and (found.signed, found.details["signed_at"]) != (SEALED_RECORD, "2025-11-03T18:30:14Z"):
            return "another record or moment"
        with suppress(Exception):  # no tree any more
            data = signed_again(data)
        enveloped(data)
        found = verify_personal(data, expected, trust, at=at)
        return found.step if found.passed and found.signed != SEALED_RECORD else None

    def repacked(data: bytes, change: Change, chance: random.Random) -> bytes:
        """A text outside the record, or the certificate, changed."""
        try:
            root = parse(data)
            if chance.random() < 0.5:
                der = issued_again(b64decode(root[2][0][0].text), change, issuer[1])
                _show(root, der, b64(der))
            else:
                outside = (*root[0].iter(), *root[4].iter())
                put_in(chance.choice([one for one in outside if one.text or one.attrib]), change, chance)
            return canonical(root)
        except Exception:
            return change(data)

    return Target([whole], wrong, repacked)


TARGETS: dict[str, Callable[[], Target]] = UNSIGNED | BESIDE | {"stranger": stranger, "personal": personal}
