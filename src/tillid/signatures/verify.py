"""The main path of verification: bytes, trust and one moment in, a verdict out. Reads nothing else, asks nobody.

Not looked at here: the authorities' revocation lists, and timestamps (``timed.py``). An installation revokes a seal of its own
by a line in the trust folder's ``revoked.json``.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Generator, Sequence
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature as KeyMismatch
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec import Struct, structs

from tillid.kernel.clock import parse_instant
from tillid.signatures.ecdsa import is_p256
from tillid.signatures.engines import Engine, core_fault
from tillid.signatures.limits import ATTESTATION_DOES_NOT_PROVE, RECEPTION_DOES_NOT_PROVE
from tillid.signatures.names import ATTESTATION, RECEPTION, consent
from tillid.signatures.pins import may_seal
from tillid.signatures.plain import Seal, seal_in
from tillid.signatures.profile import profile_fault, value_fault
from tillid.signatures.readable import read_certificate
from tillid.signatures.schema import schema_fault
from tillid.signatures.times import clock_skew
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict, verdict
from tillid.signatures.xades import certificate_digest
from tillid.signatures.xml import Element, XmlRefused, canonical, parse

_DOCUMENT, _MEETING, _LOGIN = consent("Document"), consent("Meeting"), consent("Login")
_RECORD_ID, _SERIES_ID, _SEQUENCE = consent("RecordId"), consent("SeriesId"), consent("Sequence")
_EVENT, _CREATED_AT, _SEALED_AS = consent("Event"), consent("CreatedAt"), consent("SealedAs")
_CONTROLLER = consent("Controller")
_LIMITS = {ATTESTATION: ATTESTATION_DOES_NOT_PROVE, RECEPTION: RECEPTION_DOES_NOT_PROVE}
# What it means that nobody trusted stands behind a seal, or somebody who may not (``ways.Lack``).
_LACKS = {"missing": "seal.no-chain", "purpose": "seal.chain-purpose", "refused": "seal.chain"}
_MOST_KEPT = 20_000  # characters of certificates


def verify(data: bytes, trust: Trust, *, at: datetime, second: Engine | None = None) -> Verdict:
    """The verdict on a record file at the moment ``at``. Never raises for anything in ``data``.

    With a ``second`` engine at least two are asked (``engines.core_fault``); when they disagree the verdict is
    ``engines.disagree``, whichever of them was content: one of them has a fault, and nobody may choose."""
    return verify_each([data], trust, at=at, second=second)[0]


def verify_each(records: Sequence[bytes], trust: Trust, *, at: datetime, second: Engine | None = None) -> list[Verdict]:
    """``verify`` of each, all of them one step further in turn: what works at a step is then at hand in the processor's caches,
    which nearly halves the time of sixteen. All trees are held at once. Each verdict is that of its record alone."""
    found: dict[int, Verdict] = {}
    works = {place: _steps(data, trust, at, second) for place, data in enumerate(records)}
    while works:
        for place, work in tuple(works.items()):
            try:
                next(work)
            except StopIteration as done:
                found[place] = done.value
                del works[place]
    return [found[place] for place in range(len(records))]


def _steps(data: bytes, trust: Trust, at: datetime, second: Engine | None) -> Generator[None, None, Verdict]:
    # 1. Bytes to elements: plain UTF-8 XML, without DTD, comments, instructions or CDATA.
    try:
        root = parse(data)
    except XmlRefused as refused:
        return verdict(refused.reason)
    yield
    # 2. The shape of a sealed record, and its one spelling.
    seal = seal_in(data) if canonical(root) == data else None
    if (fault := _form_fault(root, seal)) or seal is None:
        return verdict(fault or "form.spelling")
    yield
    # 3. The vocabulary.
    if where := schema_fault(root):
        return verdict("form.schema", where=where)
    yield
    # 4. The certificates it carries.
    shown = shown_by(seal.certificates)
    if shown is None:
        return verdict("form.certificates")
    leaf, _ = shown.certificates
    # 5. Digests and signature: of the file without its seal, and of the signed properties. Nothing else is read from here on.
    if fault := (yield from core_fault(data, root, seal, leaf, second)):
        return verdict(fault)
    yield
    # 6. The certificates are those that the signature names.
    details = _details(root, seal, shown)
    if seal.named != shown.digests:
        return verdict("crypto.certificate", **details)
    # 7. Whose seal it is. 8. When it was set.
    try:
        sealed_at, created_at = parse_instant(details["sealed_at"]), parse_instant(details["created_at"])
    except ValueError:  # a schema that lets through what is no moment
        return verdict("form.schema", where="CreatedAt")
    step = None if shown.is_seal else "seal.usage"
    step = step or _whose(leaf, trust, sealed_at, details["controller"]) or _revoked(leaf, trust, sealed_at, at)
    step = step or _when(leaf, created_at, sealed_at, at) or ("ok" if trust.seals_for(leaf) else "seal.unbound")
    found = verdict(step, **details)
    if found.status == "failed":
        return found
    limits = _LIMITS.get(root.tag, found.does_not_prove)
    return structs.replace(found, does_not_prove=limits, signed=seal.record)


def _form_fault(root: Element, seal: Seal | None) -> str | None:
    """``seal``: of a file that is its own canonical form."""
    if seal is not None and seal.plain:
        return value_fault(seal.value, seal.sealed_at)
    return profile_fault(root)


class Shown(Struct, frozen=True):
    """What KeyInfo shows: the seal's certificate and its issuer's, their digests as SigningCertificateV2 has them, the seal's name, and
    whether its certificate is made for sealing (``pins``)."""

    certificates: tuple[x509.Certificate, ...]
    digests: tuple[str, ...]
    name: str
    is_seal: bool


def shown_by(texts: tuple[str, ...]) -> Shown | None:
    """What the texts of the X509Certificate elements are; ``None`` unless they are a seal's certificate and its issuer's, each in the
    one spelling that ``seal`` writes."""
    # Nearly all records of an archive carry the same two; what a stranger made large is not kept.
    return (_issued if sum(map(len, texts)) < _MOST_KEPT else _issued.__wrapped__)(texts)


@lru_cache(maxsize=64)
def _issued(texts: tuple[str, ...]) -> Shown | None:
    found = []
    for text in texts:
        try:
            certificate = read_certificate(b64decode(text))
            lines = certificate.public_bytes(Encoding.PEM).decode().splitlines()
            if text != "\n".join(lines[1:-1]) + "\n":
                return None
            found.append(certificate)
        except ValueError:
            return None
    try:
        leaf, issuer = found
        leaf.verify_directly_issued_by(issuer)
        name = leaf.subject.rfc4514_string()
    except (ValueError, TypeError, KeyMismatch, UnsupportedAlgorithm):
        return None
    if not is_p256(leaf):
        return None
    return Shown((leaf, issuer), tuple(map(certificate_digest, found)), name, may_seal(leaf))


def _details(root: Element, seal: Seal, shown: Shown) -> dict[str, str]:
    """Ids, codes and moments for people and machines; no names of people."""
    event = root[1]
    header, inside = ({child.tag: child for child in part} for part in (root[0], event))
    # A meeting is about no version: digests say which list.
    document = inside[_DOCUMENT if _DOCUMENT in inside else _MEETING].attrib
    return {
        "kind": event.tag.rpartition("}")[2],
        "record": header[_RECORD_ID].text,
        "series": header[_SERIES_ID].text,
        "sequence": header[_SEQUENCE].text,
        "event_sha256": header[_EVENT].get("sha256"),
        "created_at": header[_CREATED_AT].text,
        "controller": header[_CONTROLLER].get("uuid"),
        "sealed_at": seal.sealed_at,
        "document": document["uuid"],
        **({"document_version": document["version"]} if "version" in document else {}),
        "seal": shown.name,
        "seal_serial": f"{shown.certificates[0].serial_number:x}",
        "signature_kind": inside[_SEALED_AS].get("meaning"),
        "level": "B",
        **({"login_level": inside[_LOGIN].get("loa")} if _LOGIN in inside else {}),  # R-105; none by paper or telephone
    }


def _whose(leaf: x509.Certificate, trust: Trust, sealed_at: datetime, controller: str) -> str | None:
    """``controller``: the id of the one whose record it says it is; a seal is one's own and nobody else's (docs/adr/0083)."""
    if trust.imitates(leaf):
        return "seal.imitated"
    if lack := trust.seal_lack(leaf, sealed_at):
        return _LACKS[lack]
    if not trust.pins(leaf):
        return "seal.unknown"
    known = trust.seals_for(leaf)
    return "seal.controller" if known and controller not in known else None


def _revoked(leaf: x509.Certificate, trust: Trust, sealed_at: datetime, at: datetime) -> str | None:
    """What a revocation says as of ``at`` (EN 319 102-1 5.2.6, 5.5.4): nothing before it; after it, who claims to have sealed
    earlier has to prove that with a timestamp, for whoever holds the key can write any time."""
    since = trust.revoked_at(leaf)
    if since is None or at < since:
        return None
    return "seal.revoked" if sealed_at >= since else "seal.revoked-no-proof"


def _when(leaf: x509.Certificate, created_at: datetime, sealed_at: datetime, at: datetime) -> str | None:
    if sealed_at < created_at:
        return "time.before-record"
    if sealed_at < leaf.not_valid_before_utc:
        return "time.not-yet-valid"
    if sealed_at > leaf.not_valid_after_utc:
        return "time.outside"
    if sealed_at > at + clock_skew():
        return "time.future"
    if at > leaf.not_valid_after_utc:
        return "time.expired"
    return None
