"""A person's own signature over their sealed record, as a provider of signatures returns it (R-100; docs/adr/0042).

An XAdES Baseline B signature that envelops the record (ETSI EN 319 132-1; XML Signature 1.1): ds:Signature is the root, one
ds:Object holds the record byte for byte, the other the signed properties. It lies beside the record and changes nothing in it.
The certificate is short-lived by the policy, or news of its revocation are asked for, as of each authority above it (``personal_time``); a
timestamp over the signature's value carries it on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec
from cryptography import x509
from cryptography.x509.oid import NameOID

from tillid.kernel.canonical import sha256
from tillid.kernel.clock import instant, parse_instant
from tillid.kernel.cpr import holds_cpr
from tillid.signatures.chain_policy import chain_policy
from tillid.signatures.ecdsa import is_p256
from tillid.signatures.engines import Engine
from tillid.signatures.names import ROOTS, consent, ds, xades
from tillid.signatures.personal_core import core_fault
from tillid.signatures.personal_policy import personal_policy
from tillid.signatures.personal_profile import certificates_in, personal_fault
from tillid.signatures.personal_time import Signed, time_fault
from tillid.signatures.personal_verdict import personal_verdict
from tillid.signatures.revocation import Told
from tillid.signatures.timestamp import judge
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict
from tillid.signatures.xades import certificate_digest
from tillid.signatures.xml import Element, XmlRefused, canonical, parse

_FIRST = re.compile(rb"<([^\s/>]*)")  # the first element's name: nothing else may stand before it (``xml.parse``)


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What a signature has to be about: the sealed ``record`` and the person's ``subject``, the provider's identifier for
    them, never a CPR number (R-102)."""

    record: bytes
    subject: str


def verify_personal(
    data: bytes,
    expected: Expected,
    trust: Trust,
    *,
    at: datetime,
    token: bytes | None = None,
    between: Sequence[x509.Certificate] = (),
    lists: Sequence[Told] | None = None,
    second: Engine | None = None,
) -> Verdict:
    """The verdict on a person's own signature at ``at``; ``token``: the timestamp beside it; ``between``, ``lists``: certificates
    on the way to a trusted authority, and revocation lists of both chains, that came along; ``second``: another engine, which must agree.
    Never raises for anything in ``data`` or ``token``. The record's own seal is judged by ``verify``, not here."""
    try:
        root = parse(data)
    except XmlRefused as refused:
        return personal_verdict("personal.changed" if refused.reason.startswith("form.") else "personal.unreadable")
    if personal_fault(root) or canonical(root) != data:
        return personal_verdict("personal.shape")
    if canonical(root[3][0]) != expected.record:
        return personal_verdict("personal.other-record")
    chain = certificates_in(root)
    if not chain or not _named(root, chain):
        return personal_verdict("personal.certificates")
    leaf = chain[0]
    if not is_p256(leaf):
        return personal_verdict("personal.algorithm")
    if fault := core_fault(data, root, leaf, expected.record, second):
        return personal_verdict(fault)
    signed_at = root[4].findtext(f".//{xades('SigningTime')}")
    details = {
        "signature_kind": "personal",
        "level": "B",
        "assurance": personal_policy().assurance_of(leaf),
        **_login_level(root[3][0]),
        "record_sha256": sha256(expected.record),
        "signed_at": signed_at,
        "signer": _subject(leaf),
        "certificate_serial": f"{leaf.serial_number:x}",
    }
    if fault := _person_fault(leaf, expected.subject):
        return personal_verdict(fault, details)
    moment = at
    if token is not None:
        stamp = judge(token, personal_imprint(data), trust, at=at, lists=lists)
        if stamp.moment is None or not stamp.holds:
            return personal_verdict(stamp.step, details)
        details |= {"timestamped_at": instant(stamp.moment), "timestamp_authority": stamp.authority}
        details["level"] = "T" if lists is None else "LT"
        moment = min(at, stamp.moment)
    above = (*chain[1:], *between)
    signed = Signed(leaf=leaf, between=above, claimed=parse_instant(signed_at), proven=moment, at=at, lists=lists)
    step = time_fault(signed, trust) or "personal.ok"
    return personal_verdict(step, details, expected.record if step == "personal.ok" else None)


def enveloped(data: bytes) -> Expected | None:
    """What a signature says that it is about: the record inside and whose login stands in it; ``None`` for any other file.
    Whoever has the record from elsewhere compares; the record's own seal is judged by itself. Never raises."""
    if not may_envelop(data):  # no other is parsed: an archive is full of records
        return None
    try:
        root = parse(data)
    except XmlRefused:
        return None
    if root.tag != ds("Signature") or personal_fault(root):
        return None
    return expected_over(canonical(root[3][0]))


def envelops_sealed(data: bytes) -> bool:
    """Whether the file is a signature with a sealed record somewhere in it, whatever else it is: then it means to be a person's own, and
    what is wrong with it is not that it is something else. Never raises."""
    if not may_envelop(data):
        return False
    try:
        root = parse(data)
    except XmlRefused:
        return False
    return root.tag == ds("Signature") and any(one.find(ds("Signature")) is not None for one in root.iter(*ROOTS))


def may_envelop(data: bytes) -> bool:
    """Whether the first element of ``data`` is a signature."""
    named = _FIRST.search(data)
    return named is not None and named[1].rpartition(b":")[2] == b"Signature"


def expected_over(record: bytes) -> Expected:
    """What a signature over ``record`` must be: of whom its login was. Never raises: of a file that is no record, nobody's."""
    try:
        login = parse(record).find(f".//{consent('Login')}")
    except XmlRefused:
        login = None
    return Expected(record=record, subject="" if login is None else login.get("subject", ""))


def personal_imprint(data: bytes) -> str:
    """What a timestamp of the signature is about: the SHA-256 of its ds:SignatureValue in exclusive C14N (EN 319 132-1 5.3).
    Raises ``XmlRefused``."""
    return sha256(canonical(parse(data)[1]))


def personal_moment(data: bytes) -> datetime:
    """When a judged signature says that it was set. Raises ``XmlRefused``."""
    return parse_instant(parse(data)[4].findtext(f".//{xades('SigningTime')}"))


def _named(root: Element, chain: tuple[x509.Certificate, ...]) -> bool:
    """SigningCertificateV2 names the signer's certificate first, and only certificates that are there."""
    named = [node.text for node in root[4].iterfind(f".//{xades('CertDigest')}/{ds('DigestValue')}")]
    there = [certificate_digest(one) for one in chain]
    return named[:1] == there[:1] and set(named) <= set(there)


def _login_level(record: Element) -> dict[str, str]:
    """How sure the login was that the record tells of (R-105)."""
    login = record.find(f".//{consent('Login')}")
    return {} if login is None else {"login_level": login.get("loa", "")}


def _subject(leaf: x509.Certificate) -> str:
    """The provider's identifier of the person (RFC 3739 3.1.2: serialNumber); empty if there is not exactly one."""
    found = leaf.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return str(found[0].value) if len(found) == 1 else ""


def _person_fault(leaf: x509.Certificate, subject: str) -> str | None:
    if any(
        holds_cpr(str(one.value)) for one in leaf.subject if one.oid != NameOID.SERIAL_NUMBER or one.value != subject
    ):
        return "personal.cpr"
    try:
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return "personal.usage"
    authority = [one.value.ca for one in leaf.extensions if isinstance(one.value, x509.BasicConstraints)]
    binding = usage.content_commitment and not any(authority)  # RFC 5280 4.2.1.3: what a person means to be bound by
    if not binding or not chain_policy().is_for(leaf, "person"):
        return "personal.usage"
    return None if subject and _subject(leaf) == subject else "personal.other-person"
