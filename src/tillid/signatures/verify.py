"""The main path of verification: bytes, trust and one moment in, a verdict out. Reads nothing else, asks nobody.

Not looked at here: the authorities' revocation lists, and timestamps (``timed.py``). An installation revokes a seal of its own
by a line in the trust folder's ``revoked.json``.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature as KeyMismatch
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from lxml.etree import LxmlError
from msgspec import structs
from signxml import DigestAlgorithm, SignatureConfiguration, SignatureMethod, XMLVerifier
from signxml.exceptions import InvalidDigest, InvalidSignature, SignXMLException

from tillid.kernel.clock import parse_instant
from tillid.signatures.names import ATTESTATION, consent, ds, xades
from tillid.signatures.profile import profile_fault
from tillid.signatures.schema import schema_fault
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import ATTESTATION_DOES_NOT_PROVE, Verdict, verdict
from tillid.signatures.xades import certificate_digest
from tillid.signatures.xml import Element, XmlRefused, canonical, parse

# Two machines' clocks: a seal from "the next minute" is no reason for doubt.
CLOCK_SKEW = timedelta(minutes=5)
_MOST_KEPT = 20_000  # characters of certificates


# A second opinion on core validity: the record file and the seal's certificate in, whether all digests and the signature
# hold out. ``adapters/xmlsec_engine.py`` is one. It is asked after the profile, and never raises.
Engine = Callable[[bytes, x509.Certificate], bool]


def verify(data: bytes, trust: Trust, *, at: datetime, second: Engine | None = None) -> Verdict:
    """The verdict on a record file at the moment ``at``. Never raises for anything in ``data``.

    With a ``second`` engine both are always asked; when they disagree the verdict is ``engines.disagree``, whichever of
    them was content: one of the two has a fault, and nobody may choose."""
    # 1. Bytes to elements: plain UTF-8 XML, without DTD, comments, instructions or CDATA.
    try:
        root = parse(data)
    except XmlRefused as refused:
        return verdict(refused.reason)
    # 2. The shape of a sealed record, and its one spelling.
    fault = profile_fault(root) or (None if canonical(root) == data else "form.spelling")
    if fault:
        return verdict(fault)
    # 3. The vocabulary.
    if where := schema_fault(root):
        return verdict("form.schema", where=where)
    # 4. The certificates it carries.
    certificates = _certificates(root)
    if certificates is None:
        return verdict("form.certificates")
    leaf, _ = certificates
    # 5. Digests and signature; from here on only what was signed is read.
    fault, signed = _signed(data, leaf)
    if second is not None and second(data, leaf) != (fault is None):
        return verdict("engines.disagree")
    if fault or signed is None:
        return verdict(fault or "crypto.signature")
    # 6. The certificates are those that the signature names.
    details = _details(signed, root, leaf)
    named = [node.text for node in root.iterfind(f".//{xades('CertDigest')}/{ds('DigestValue')}")]
    if named != [certificate_digest(certificate) for certificate in certificates]:
        return verdict("crypto.certificate", **details)
    # 7. Whose seal it is. 8. When it was set.
    step = _whose(leaf, trust, parse_instant(details["sealed_at"])) or _revoked(leaf, trust, details, at)
    step = step or _when(leaf, details, at) or "ok"
    found = verdict(step, **details)
    if signed.tag == ATTESTATION:
        found = structs.replace(found, does_not_prove=ATTESTATION_DOES_NOT_PROVE)
    return found if found.status == "failed" else structs.replace(found, signed=canonical(signed))


def _certificates(root: Element) -> tuple[x509.Certificate, x509.Certificate] | None:
    """The seal's certificate and its issuer, each in the one spelling that ``seal`` writes; ``None`` if not so."""
    texts = tuple(node.text or "" for node in root[-1].iter(ds("X509Certificate")))
    # Nearly all records of an archive carry the same two; what a stranger made large is not kept.
    return (_issued if sum(map(len, texts)) < _MOST_KEPT else _issued.__wrapped__)(texts)


@lru_cache(maxsize=64)
def _issued(texts: tuple[str, ...]) -> tuple[x509.Certificate, x509.Certificate] | None:
    found = []
    for text in texts:
        try:
            certificate = x509.load_der_x509_certificate(b64decode(text))
            lines = certificate.public_bytes(Encoding.PEM).decode().splitlines()
            if text != "\n".join(lines[1:-1]) + "\n":
                return None
            found.append(certificate)
        except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion):
            return None
    leaf, issuer = found
    try:
        leaf.verify_directly_issued_by(issuer)
        key = leaf.public_key()
        leaf.subject.rfc4514_string()  # read again below; a malformed name raises here
    except (ValueError, TypeError, KeyMismatch, UnsupportedAlgorithm):
        return None
    return (
        (leaf, issuer) if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1) else None
    )


def _signed(data: bytes, leaf: x509.Certificate) -> tuple[str | None, Element | None]:
    """A fault, or the element the signature covers, parsed again from the bytes that were hashed."""
    expected = SignatureConfiguration(
        location="./",
        expect_references=2,
        signature_methods=frozenset({SignatureMethod.ECDSA_SHA256}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        verification_time=leaf.not_valid_before_utc,  # times are judged in step 8, with better reasons
    )
    try:
        # A fresh verifier each time: it keeps state, and threads must not share it.
        results = XMLVerifier().verify(data, x509_cert=leaf, expect_config=expected)
    except InvalidDigest:
        return "crypto.hash", None
    except InvalidSignature:
        return "crypto.signature", None
    except (SignXMLException, LxmlError, ValueError, TypeError, AttributeError, UnsupportedAlgorithm):
        return "form.shape", None
    signed = results[0].signed_xml
    if signed is None or schema_fault(signed) or signed.find(ds("Signature")) is not None:
        return "form.schema", None
    return None, signed


def _details(signed: Element, root: Element, leaf: x509.Certificate) -> dict[str, str]:
    """Ids, codes and moments for people and machines; no names of people."""
    header, event = signed[0], signed[1]
    sealed_at = root.findtext(f".//{xades('SigningTime')}")
    about, meeting = event.find(consent("Document")), event.find(consent("Meeting"))
    document = (
        meeting.attrib if about is None else about.attrib
    )  # a meeting is about no version: digests say which list
    return {
        "kind": event.tag.rpartition("}")[2],
        "record": header.findtext(consent("RecordId")),
        "series": header.findtext(consent("SeriesId")),
        "sequence": header.findtext(consent("Sequence")),
        "event_sha256": header.find(consent("Event")).get("sha256"),
        "created_at": header.findtext(consent("CreatedAt")),
        "sealed_at": sealed_at,
        "document": document["uuid"],
        **({"document_version": document["version"]} if "version" in document else {}),
        "seal": leaf.subject.rfc4514_string(),
        "seal_serial": f"{leaf.serial_number:x}",
        "signature_kind": event.find(consent("SealedAs")).get("meaning"),
    }


def _whose(leaf: x509.Certificate, trust: Trust, sealed_at: datetime) -> str | None:
    if trust.imitates(leaf):
        return "seal.imitated"
    if not trust.pins(leaf):
        return "seal.unknown" if trust.has_chain(leaf, sealed_at) else "seal.no-chain"
    return None if trust.has_chain(leaf, sealed_at) else "seal.no-chain"


def _revoked(leaf: x509.Certificate, trust: Trust, details: dict[str, str], at: datetime) -> str | None:
    """What a revocation says as of ``at`` (EN 319 102-1 5.2.6, 5.5.4): nothing before it; after it, who claims to have sealed
    earlier has to prove that with a timestamp, for whoever holds the key can write any time."""
    since = trust.revoked_at(leaf)
    if since is None or at < since:
        return None
    return "seal.revoked" if parse_instant(details["sealed_at"]) >= since else "seal.revoked-no-proof"


def _when(leaf: x509.Certificate, details: dict[str, str], at: datetime) -> str | None:
    sealed_at = parse_instant(details["sealed_at"])
    if sealed_at < parse_instant(details["created_at"]):
        return "time.before-record"
    if sealed_at < leaf.not_valid_before_utc:
        return "time.not-yet-valid"
    if sealed_at > leaf.not_valid_after_utc:
        return "time.outside"
    if sealed_at > at + CLOCK_SKEW:
        return "time.future"
    if at > leaf.not_valid_after_utc:
        return "time.expired"
    return None
