"""Records with a timestamp inside (level T), and seals and authorities that were revoked before or after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree

from scripts.vectors.base import DEVCA, MOMENT, SEAL, SEALED_AT, SEALED_RECORD, Steady, Vector, devca_key, sealed_by
from scripts.vectors.certificates import FOREIGN, Issuer, issue, private, record_of_2021
from scripts.vectors.strangers import STRANGER
from tillid.adapters.tsa_own import OwnAuthority
from tillid.kernel.clock import FixedClock
from tillid.signatures.names import xades
from tillid.signatures.timestamp import query
from tillid.signatures.timestamp_xades import imprint_of, with_timestamp
from tillid.signatures.xml import canonical

LATEST = timedelta(days=30)  # signing/policies/times-1.yaml
MUCH_LATER = datetime(2027, 11, 3, tzinfo=UTC)
STAMPED_AT = SEALED_AT + timedelta(seconds=3)
AFTER = datetime(2025, 11, 6, tzinfo=UTC)  # the revoked seal was revoked the day before
REVOKED = sealed_by(devca_key("revoked"))
EXPIRED = record_of_2021()
EXPIRED_AT = datetime(2021, 11, 3, 19, tzinfo=UTC)
AUTHORITY = (
    x509.load_pem_x509_certificates((DEVCA / "tsa.chain.pem").read_bytes())[1],
    load_pem_private_key((DEVCA / "tsa-root.key.pem").read_bytes(), None),
)


class Authority(OwnAuthority):
    """The declared authority of timestamps, without randomness."""

    def __init__(self, label: str, moment: datetime) -> None:
        super().__init__(DEVCA / f"{label}.key.pem", DEVCA / f"{label}.chain.pem", FixedClock(moment), demo=True)
        self._key = Steady(self._key)  # type: ignore[assignment]

    def info(self, asked: tsp.TimeStampReq) -> dict[str, object]:
        """As its own, with a number that is a digest."""
        told = super().info(asked)
        number = sha256(asked.dump() + str(told["gen_time"]).encode()).digest()[:8]
        return told | {"serial_number": int.from_bytes(number, "big") >> 1}


def answer(authority: OwnAuthority, imprint: str) -> bytes:
    """The token of an authority over a SHA-256."""
    response = tsp.TimeStampResp.load(authority.ask(query(imprint, 1)))
    return response["time_stamp_token"].dump()


def token(record: bytes = SEALED_RECORD, moment: datetime = STAMPED_AT, label: str = "tsa") -> bytes:
    """A timestamp over the seal of ``record``."""
    return answer(Authority(label, moment), imprint_of(record))


def stamped(record: bytes = SEALED_RECORD, moment: datetime = STAMPED_AT, label: str = "tsa") -> bytes:
    """``record`` at level T."""
    return with_timestamp(record, token(record, moment, label))


def _by(leaf: x509.Certificate, root: x509.Certificate, key: object) -> bytes:
    """A timestamp of the authority ``leaf`` under ``root``, signed by ``key``."""
    authority = Authority("tsa", STAMPED_AT)
    authority._chain, authority._key = [leaf, root], Steady(key)  # type: ignore[assignment, arg-type]
    return with_timestamp(SEALED_RECORD, answer(authority, imprint_of(SEALED_RECORD)))


def _stamper(common: str, issuer: Issuer = FOREIGN, years: tuple[int, int] = (2020, 2064)) -> bytes:
    """A timestamp of an authority made for it."""
    usage = (x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.TIME_STAMPING]), True)
    leaf, key = issue(f"TEST {common}", issuer, years=years, key=private(common), extra=(usage,))
    return _by(leaf, issuer[0], key)


def _spelled(change: Callable[[cms.SignedData], None]) -> bytes:
    """A true timestamp after a change of what its signature does not cover."""
    info = cms.ContentInfo.load(token())
    change(info["content"])
    return with_timestamp(SEALED_RECORD, info.dump(force=True))


def _weaker(signed: cms.SignedData) -> None:
    signed["signer_infos"][0]["signature_algorithm"]["algorithm"] = "sha1_ecdsa"


def _without_its_own(signed: cms.SignedData) -> None:
    signed["certificates"] = [one for one in signed["certificates"] if one.chosen.ca]


def _twice() -> bytes:
    """Two timestamps."""
    root = etree.fromstring(stamped())
    (place,) = root.iter(xades("UnsignedSignatureProperties"))
    place.append(etree.fromstring(etree.tostring(place[0])))
    return canonical(root)


def _put_in(old: bytes, new: bytes, of: bytes) -> bytes:
    """A true timestamp in which what was stamped is another now; its signature is as it was."""
    assert old in of and len(old) == len(new)
    return with_timestamp(SEALED_RECORD, of.replace(old, new, 1))


def forged() -> dict[str, Vector]:
    """What the authority's signature covers by a digest alone: whoever checks the signature and not that digest believes each."""
    other = sealed_by(devca_key("unpinned"))
    imprints = (bytes.fromhex(imprint_of(one)) for one in (other, SEALED_RECORD))
    said, wanted = (
        moment.strftime("%Y%m%d%H%M%SZ").encode() for moment in (STAMPED_AT, STAMPED_AT + timedelta(days=9))
    )
    kind = bytes.fromhex("2a864886f70d0109100104")  # id-ct-TSTInfo
    changed = "timestamp.signature"
    return {
        "stamp-imprint-put-in": Vector(changed, _put_in(*imprints, token(other)), "the timestamp of another record, with this one's digest put into it"),
        "stamp-moment-put-in": Vector(changed, _put_in(said, wanted, token()), "a timestamp with another moment put into it"),
        "stamp-of-another-type": Vector("timestamp.unreadable", _put_in(kind, kind[:-1] + b"\x05", token()), "a timestamp that says it is something else, where no signature covers that"),
    }  # fmt: skip


def vectors() -> dict[str, Vector]:
    """Name → vector."""
    other = sealed_by(devca_key("unpinned"))
    claimed = sealed_by(devca_key("revoked"), at=AFTER + timedelta(days=1))
    changed = bytearray(token())
    changed[-1] ^= 1
    return {
        "t-given": Vector("ok", stamped(), "a yes with its timestamp"),
        "t-expired-seal": Vector("ok", stamped(EXPIRED, EXPIRED_AT), "a seal that has ended since, stamped before"),
        "t-revoked-seal": Vector("ok", stamped(REVOKED), "a seal that was revoked since, stamped before"),
        "t-expired-seal-stamped-later": Vector("time.expired", stamped(EXPIRED, AFTER), "a seal stamped after its certificate had ended"),
        "revoked-seal": Vector("seal.revoked-no-proof", REVOKED, "a revoked seal that says it was set before, without a timestamp"),
        "revoked-seal-admitted": Vector("seal.revoked", claimed, "a seal that says itself that it was set after it was revoked"),
        "t-revoked-seal-stamped-later": Vector("seal.revoked-no-proof", stamped(REVOKED, AFTER), "a revoked seal with a false time, stamped afterwards"),
        "t-revoked-authority": Vector("timestamp.revoked", stamped(label="tsa-revoked"), "a timestamp whose key leaked later: whoever has it writes any moment"),
        "t-foreign-authority": Vector("timestamp.authority", _stamper("foreign timestamps"), "a timestamp of an authority that nobody trusts"),
        "t-ended-authority": Vector("timestamp.outside", _stamper("timestamps until 2024", AUTHORITY, (2020, 2024)), "a timestamp of an authority that had run out when it stamped"),
        "t-authority-not-begun": Vector("timestamp.outside", _stamper("timestamps from 2030", AUTHORITY, (2030, 2064)), "a timestamp from before its authority began"),
        "t-by-the-seal": Vector("timestamp.usage", _by(SEAL.leaf, SEAL.issuer, SEAL.private_key), "the platform's own seal as the authority that states the time"),
        "t-weaker-method": Vector("timestamp.algorithm", _spelled(_weaker), "a timestamp whose signature is said to be made over SHA-1"),
        "t-certificate-missing": Vector("timestamp.certificate", _spelled(_without_its_own), "a timestamp without the certificate that it names"),
        "t-of-another-record": Vector("timestamp.imprint", with_timestamp(SEALED_RECORD, token(other)), "the timestamp of another record"),
        "t-a-month-later": Vector("ok", stamped(moment=SEALED_AT + LATEST), "a timestamp as late as it may be: no authority answered before", MUCH_LATER),
        "t-more-than-a-month-later": Vector("timestamp.late", stamped(moment=SEALED_AT + LATEST + timedelta(seconds=1)), "a second later: whoever has the key writes any moment into a seal, and has it stamped today", MUCH_LATER),
        "t-years-later": Vector("timestamp.late", stamped(moment=MUCH_LATER - timedelta(days=1)), "a timestamp two years after the moment that the seal claims", MUCH_LATER),
        "t-seal-of-year-1": Vector("seal.no-chain", stamped(sealed_by(STRANGER, spoken="0001-01-01T00:00:00Z")), "a stranger's seal of the first moment that there is, truly stamped: five minutes before it are no moment"),
        "t-seal-of-year-9999": Vector("timestamp.before-seal", stamped(sealed_by(STRANGER, spoken="9999-12-31T23:59:59Z")), "a stranger's seal of the last moment that there is, truly stamped"),
        "t-before-the-seal": Vector("timestamp.before-seal", stamped(moment=MOMENT - timedelta(hours=1)), "a timestamp from before the seal"),
        "t-in-the-future": Vector("timestamp.future", stamped(moment=datetime(2026, 11, 3, tzinfo=UTC)), "a timestamp from after the moment that is asked for"),
        "t-changed-token": Vector("timestamp.signature", with_timestamp(SEALED_RECORD, bytes(changed)), "a changed timestamp"),
        "t-no-token": Vector("timestamp.unreadable", with_timestamp(SEALED_RECORD, b"\x30\x00"), "something else in the timestamp's place"),
        "t-twice": Vector("form.shape", _twice(), "a second timestamp"),
        "t-in-2065": Vector("timestamp.expired", stamped(sealed_by(SEAL, at=MOMENT)), "a timestamp whose own certificate has ended: it needs to be renewed before", datetime(2065, 1, 1, tzinfo=UTC)),
        "t-changed-answer": Vector("crypto.hash", stamped().replace(b'answer="yes"', b'answer="no"', 1), "a changed record under a true timestamp"),
    }  # fmt: skip
