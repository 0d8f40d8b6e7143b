"""People's own signatures over the record that is attacked: their certificates, their authorities, and an attacker's tools.

All is a pure function of names, as the other vectors: keys are derived from them (published and worthless), nothing is random.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from lxml import etree

from scripts.make_devca import KEEPS, LISTED, REVOKED_AT, revocation_list, with_addresses
from scripts.vectors.base import SEALED_AT, SEALED_RECORD, Node, b64, digest_of, ecdsa
from scripts.vectors.certificates import Issuer, der, private
from scripts.vectors.stamped import Authority, answer
from tests.support.key_usage import usage_of
from tests.support.sign_provider import C14N, DS, REST, SHA, TEMPLATE, XADES
from tillid.kernel.clock import instant
from tillid.signatures.names import ds
from tillid.signatures.personal import expected_over, personal_imprint
from tillid.signatures.sign import SealKey
from tillid.signatures.xml import canonical

SIGNED_AT = SEALED_AT + timedelta(minutes=1)
STAMPED_AT = SIGNED_AT + timedelta(seconds=30)
AT = SEALED_AT + timedelta(days=30)
SUBJECT = expected_over(SEALED_RECORD).subject
MINUTES, DAY, TWO_YEARS = timedelta(minutes=10), timedelta(days=1), timedelta(days=730)
# EN 319 412-1 5.2: who issues for minutes assures it, and publishes no news.
ASSURED = x509.UnrecognizedExtension(x509.ObjectIdentifier("0.4.0.194121.2.1"), b"\x05\x00"), False
Extra = tuple[tuple[x509.ExtensionType, bool], ...]


class PersonalVector(NamedTuple):
    """``step``: the code of the verdict it must get; ``token``: the timestamp that lies beside it."""

    step: str
    data: bytes
    against: str
    token: bytes | None = None
    at: datetime = AT


def certificate(
    common: str, issuer: Issuer | None, *, begins: datetime, life: timedelta, subject: str = "", authority: bool = False,
    usage: str = "content_commitment", extra: Extra = (), key: Any = None,
) -> Issuer:  # fmt: skip
    """A certificate and its key. ``usage``: the one key usage of a person's."""
    key = key or private(common)
    names = [x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "DK")]
    names += [x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "TEST Tillid, not a real authority")]
    names += [x509.NameAttribute(x509.NameOID.COMMON_NAME, common)]
    names += [x509.NameAttribute(x509.NameOID.SERIAL_NUMBER, subject)] if subject else []
    own = x509.Name(names)
    parent, signer = issuer or (None, key)
    uses = ("key_cert_sign", "crl_sign") if authority else (usage,)
    number = sha256(f"{common} {begins} {life} {parent.serial_number if parent else ''}".encode()).digest()[:15]
    made = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(parent.subject if parent else own)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(number, "big"))
        .not_valid_before(begins)
        .not_valid_after(begins + life)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage_of(*uses), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    made = with_addresses(made, parent) if parent else made
    for extension, critical in extra:
        made = made.add_extension(extension, critical=critical)
    return made.sign(signer, hashes.SHA256(), ecdsa_deterministic=True), key


def authority(common: str, issuer: Issuer | None, *extra: tuple[x509.ExtensionType, bool], key: Any = None) -> Issuer:
    """An authority of people's certificates."""
    years = datetime(2019, 1, 1, tzinfo=UTC), timedelta(days=365 * 50)
    return certificate(common, issuer, begins=years[0], life=years[1], authority=True, extra=extra, key=key)


ROOT = authority("TEST personal root", None)
ISSUING = authority("TEST personal issuing", ROOT)
STRANGER = authority("TEST personal stranger", None)


@cache
def below(label: str, *extra: tuple[x509.ExtensionType, bool]) -> Issuer:
    """An authority under the trusted one."""
    return authority(f"TEST personal {label}", ROOT, *extra)


def person(
    label: str = "person", issuer: Issuer = ISSUING, *, begins: datetime = SIGNED_AT, life: timedelta = MINUTES,
    extra: Extra = (ASSURED,), **how: Any,
) -> Issuer:  # fmt: skip
    """The person who answered, with a certificate of this life."""
    given = {"begins": begins, "life": life, "subject": SUBJECT, "extra": extra} | how
    return certificate(f"TEST {label}", issuer, **given)


def listing(
    issuer: Issuer, *revoked: x509.Certificate, since: datetime = REVOKED_AT,
    valid: tuple[datetime, datetime] = LISTED, keeps: bool = True,
) -> bytes:  # fmt: skip
    """The issuer's revocation list."""
    return revocation_list(issuer, *revoked, at=since, valid=valid, extra=(KEEPS,) if keeps else ())


def signature(
    signer: Issuer, *chain: x509.Certificate, moment: datetime = SIGNED_AT, record: bytes = SEALED_RECORD,
    change: Callable[[Node], Any] = lambda root: None, key: Any = None,
) -> bytes:  # fmt: skip
    """The signer's signature, KeyInfo with ``chain`` after the signer's; after a ``change`` of the tree that is then truly signed, by
    ``key`` if that is given."""
    shown = [der(signer[0]), *map(der, chain)]
    text = TEMPLATE.format(
        ds=DS, xades=XADES, c14n=C14N, sha=SHA, rest=REST, moment=instant(moment), record=record.decode(), digest=digest_of(shown[0]),
        certificates="".join(f"<ds:X509Certificate>{b64(one)}</ds:X509Certificate>" for one in shown),
    )  # fmt: skip
    root = etree.fromstring(text.encode())
    change(root)
    for reference in root[0].iterfind(ds("Reference")):
        found = [node for node in root.iter() if node.get("Id") == reference.get("URI", "")[1:]]
        reference.find(ds("DigestValue")).text = digest_of(canonical(found[0])) if found else ""
    own = SealKey(private_key=key or signer[1], leaf=signer[0], issuer=signer[0])
    root[1].text = ecdsa(canonical(root[0]), own, hashes.SHA256())
    return canonical(root)


def stamp(data: bytes, moment: datetime = STAMPED_AT, label: str = "tsa") -> bytes:
    """A timestamp over a signature's value."""
    return answer(Authority(label, moment), personal_imprint(data))


def rewritten(data: bytes, old: bytes, new: bytes) -> bytes:
    """The last ``old`` in the file as ``new``: the first may be the seal's, in the record."""
    before, found, behind = data.rpartition(old)
    assert found, old
    return before + new + behind
