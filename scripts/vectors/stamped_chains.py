"""Records at level T whose timestamp is of an authority under the trusted one: what stands between them, and what it may."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from scripts.make_devca import KEEPS, revocation_list
from scripts.vectors.base import SEALED_RECORD, Steady, Vector
from scripts.vectors.certificates import CONDITION, FOREIGN, Issuer, issue, private
from scripts.vectors.stamped import AUTHORITY, STAMPED_AT, Authority, answer
from tillid.signatures.timestamp_xades import imprint_of, with_timestamp

STAMPING = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True
COMMON = "TEST authority between"


def names(organisation: str) -> tuple[x509.ExtensionType, bool]:
    """Name constraints: this organisation's alone."""
    base = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "DK"),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organisation),
        ]
    )
    return x509.NameConstraints([x509.DirectoryName(base)], None), True


def purpose(of: x509.ObjectIdentifier) -> tuple[x509.ExtensionType, bool]:
    """What an authority is for."""
    return x509.ExtendedKeyUsage([of]), False


OURS = names("TEST Tillid, not a real authority")
BETWEEN = issue(COMMON, AUTHORITY, authority=True, extra=(OURS, purpose(ExtendedKeyUsageOID.TIME_STAMPING)))
# The same name and key, certified by somebody nobody trusts as well; shorter, so that it stands first in the token (DER sorts a set).
CROSS = issue(COMMON, FOREIGN, authority=True, key=BETWEEN[1])[0]


def list_of_between() -> bytes:
    """The revocation list of the authority between, which names nobody."""
    return revocation_list(BETWEEN, extra=(KEEPS,))


def stamped_by(between: Issuer, *more: x509.Certificate, label: str, of_leaf: tuple = ()) -> bytes:
    """The record with a timestamp of somebody under ``between``; ``more``: certificates that lie in the token, too."""
    authority = authority_below(between, *more, label=label, of_leaf=of_leaf)
    return with_timestamp(SEALED_RECORD, answer(authority, imprint_of(SEALED_RECORD)))


def authority_below(between: Issuer, *more: x509.Certificate, label: str, of_leaf: tuple = ()) -> Authority:
    """Who stamps so."""
    leaf, key = issue(f"TEST {label}", between, key=private(label), extra=(STAMPING, *of_leaf))
    authority = Authority("tsa", STAMPED_AT)
    authority._chain, authority._key = [leaf, between[0], *more], Steady(key)  # type: ignore[assignment]
    return authority


def _under(label: str, *extra: tuple[x509.ExtensionType, bool]) -> bytes:
    return stamped_by(issue(f"TEST {label}", AUTHORITY, authority=True, extra=extra), label=f"stamps under {label}")


def vectors() -> dict[str, Vector]:
    """Name → vector."""
    chain, purpose_ = "timestamp.chain", "timestamp.chain-purpose"
    return {
        "t-authority-between": Vector("ok", stamped_by(BETWEEN, label="stamps below"), "an authority between, that may stamp for this name"),
        "t-dead-end-first": Vector("ok", stamped_by(BETWEEN, CROSS, label="stamps below"), "the authority's certificate by somebody nobody trusts before the right one: a way that leads nowhere hides none"),
        "t-dead-end-alone": Vector("timestamp.authority", stamped_by((CROSS, BETWEEN[1]), label="stamps below a dead end"), "the same without the right one"),
        "t-authority-for-other-names": Vector(chain, _under("for other names", names("Another")), "an authority that may not issue for this name"),
        "t-authority-with-a-condition": Vector(chain, _under("with a condition", CONDITION), "an authority with a condition (critical extension) that nobody knows"),
        "t-with-a-condition": Vector(chain, stamped_by(BETWEEN, label="stamps with a condition", of_leaf=(CONDITION,)), "the same in the certificate that stamps"),
        "t-authority-for-web-servers": Vector(purpose_, _under("for web servers", purpose(ExtendedKeyUsageOID.SERVER_AUTH)), "an authority for web servers that stamps times"),
    }  # fmt: skip
