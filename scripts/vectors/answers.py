"""Answers about one certificate (OCSP, RFC 6960) of the declared authorities, made without randomness, and records at level LT that
carry them instead of lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core, ocsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.ocsp import OCSPRequestBuilder
from cryptography.x509.oid import ExtendedKeyUsageOID

from scripts.make_devca import LISTED
from scripts.vectors.base import SEALED_RECORD, Vector, devca_key
from scripts.vectors.certificates import FOREIGN, ISSUING, ROOT, Issuer, der, issue
from scripts.vectors.long_term import LISTS, TSA_ROOT
from scripts.vectors.stamped import AFTER, EXPIRED, EXPIRED_AT, REVOKED, token
from tillid.signatures.long_term_xades import with_long_term

SEAL, TSA = devca_key("seal").leaf, devca_key("tsa").leaf
NOCHECK = (x509.OCSPNoCheck(), False)
NAMED = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False)
BEFORE = datetime(2025, 11, 1, tzinfo=UTC)


def responder(
    issuer: Issuer = ISSUING, *extra: tuple[x509.ExtensionType, bool], years: tuple[int, int] = (2020, 2064)
) -> Issuer:
    """Whom ``issuer`` has named for answers, unless ``extra`` says something else of it."""
    common = f"TEST answers {issuer[0].serial_number % 10**6} {len(extra)} {years[1]}"
    return issue(common, issuer, years=years, extra=extra or (NAMED, NOCHECK))


def answer(
    certificate: x509.Certificate = SEAL, issuer: Issuer = ISSUING, *, by: Issuer | None = None, valid: tuple[datetime, datetime | None] = LISTED,
    status: str = "good", since: datetime = AFTER, about: x509.Certificate | None = None, inside: Iterable[x509.Certificate] | None = None,
    nonce: bytes = b"", extra: tuple[tuple[str, bool, bytes], ...] = (), digest: Any = None, named: x509.Certificate | None = None,
    why: str | None = "key_compromise",
) -> bytes:  # fmt: skip
    """``issuer``'s answer, signed by itself or ``by`` another, who is ``inside`` it then. ``about``: the issuer that the answer
    names; ``extra``: more extensions of the one answer; ``named``: who it says has given it."""
    signer, key = by or issuer
    asked = OCSPRequestBuilder().add_certificate(certificate, about or issuer[0], digest or SHA1()).build()
    said: dict[str, Any] = {
        "good": {"name": "good", "value": core.Null()},
        "unknown": {"name": "unknown", "value": core.Null()},
        "revoked": {
            "name": "revoked",
            "value": {"revocation_time": since, **({"revocation_reason": why} if why else {})},
        },
    }[status]
    single: dict[str, Any] = {
        "cert_id": {
            "hash_algorithm": {"algorithm": asked.hash_algorithm.name},
            "issuer_name_hash": asked.issuer_name_hash,
            "issuer_key_hash": asked.issuer_key_hash,
            "serial_number": asked.serial_number,
        },
        "cert_status": ocsp.CertStatus(**said),
        "this_update": valid[0],
    }
    if valid[1] is not None:
        single["next_update"] = valid[1]
    if extra:
        single["single_extensions"] = [
            {"extn_id": oid, "critical": critical, "extn_value": core.ParsableOctetString(value)} for oid, critical, value in extra
        ]  # fmt: skip
    data: dict[str, Any] = {
        "responder_id": ocsp.ResponderId(
            "by_key", x509.SubjectKeyIdentifier.from_public_key((named or signer).public_key()).digest
        ),
        "produced_at": valid[0],
        "responses": [single],
    }
    if nonce:
        data["response_extensions"] = [{"extn_id": "nonce", "extn_value": core.OctetString(nonce)}]
    return _signed(ocsp.ResponseData(data), key, [signer] if inside is None and by else inside or ())


def _signed(data: ocsp.ResponseData, key: ec.EllipticCurvePrivateKey, inside: Iterable[x509.Certificate]) -> bytes:
    basic: dict[str, Any] = {
        "tbs_response_data": data,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": key.sign(data.dump(), ec.ECDSA(SHA256(), deterministic_signing=True)),
    }
    if held := [asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in inside]:
        basic["certs"] = held
    return ocsp.OCSPResponse(
        {
            "response_status": "successful",
            "response_bytes": {"response_type": "basic_ocsp_response", "response": ocsp.BasicOCSPResponse(basic)},
        }
    ).dump()


ALL = {
    "seal": answer(by=responder()),
    "issuing": answer(ISSUING[0], ROOT),
    "tsa": answer(TSA, TSA_ROOT, by=responder(TSA_ROOT), digest=SHA256()),
}


def answered(
    record: bytes = SEALED_RECORD, stamp: bytes | None = None, *, lists: Iterable[bytes] = (), **others: bytes | None
) -> bytes:
    """``record`` at level LT by answers alone, or with ``lists``; ``others``: in the place of those of ``ALL``, none, or more."""
    given = [one for one in (ALL | others).values() if one]
    return with_long_term(record, stamp or token(record), (der(ROOT[0]),), lists, given)


def _true() -> dict[str, Vector]:
    old = datetime(2021, 11, 1, tzinfo=UTC), datetime(2021, 12, 1, tzinfo=UTC)
    expired = devca_key("expired").leaf
    then = {
        "seal": answer(expired, valid=old),
        "issuing": answer(ISSUING[0], ROOT, valid=old),
        "tsa": answer(TSA, TSA_ROOT, valid=old),
    }
    revoked = answer(
        devca_key("revoked").leaf, by=responder(), status="revoked", since=datetime(2025, 11, 5, tzinfo=UTC)
    )
    return {
        "lt-answers": Vector("ok", answered(), "a record with an answer about each certificate instead of lists"),
        "lt-answers-and-lists": Vector("ok", answered(issuing=None, tsa=None, lists=(LISTS["root"], LISTS["tsa-root"])), "lists of some authorities, an answer of another"),
        "lt-answer-by-the-authority": Vector("ok", answered(seal=answer()), "an answer that the authority itself has signed"),
        "lt-answer-expired-seal": Vector("ok", answered(EXPIRED, token(EXPIRED, EXPIRED_AT), **then), "a seal that has ended since, with the answers of its time"),
        "lt-answer-revoked-seal": Vector("ok", answered(REVOKED, seal=revoked), "a seal that was revoked since, stamped before"),
    }  # fmt: skip


def _doubtful() -> dict[str, Vector]:
    seal = devca_key("revoked").leaf
    gone = answer(ISSUING[0], ROOT, status="revoked", since=BEFORE)
    cutoff = ("1.2.3.4", True, b"\x05\x00")
    return {
        "lt-answer-missing": Vector("revocation.missing", answered(seal=None), "answers without the one about the seal"),
        "lt-answer-about-another-seal": Vector("longterm.list", answered(more=answer(devca_key("unpinned").leaf)), "an answer about another seal of the same authority"),
        "lt-answer-not-known": Vector("revocation.missing", answered(seal=answer(by=responder(), status="unknown")), "the authority does not know the seal's certificate"),
        "lt-answer-too-old": Vector("revocation.old", answered(seal=answer(valid=(datetime(2021, 11, 1, tzinfo=UTC), BEFORE))), "an answer from before, whose next one would be about the moment"),
        "lt-answer-old-without-next": Vector("revocation.old", answered(seal=answer(valid=(BEFORE, None))), "an answer from before that names no next one"),
        "lt-answer-of-the-future": Vector("revocation.missing", answered(seal=answer(valid=(datetime(2026, 11, 1, tzinfo=UTC), LISTED[1]))), "an answer from after the moment that is asked for"),
        "lt-answer-expired-seal-later": Vector("revocation.bounds", answered(EXPIRED, token(EXPIRED, EXPIRED_AT), seal=answer(devca_key("expired").leaf)), "an answer from a time when the seal had ended"),
        "lt-answer-revoked": Vector("seal.revoked-no-proof", answered(REVOKED, token(REVOKED, AFTER), seal=answer(seal, status="revoked", since=datetime(2025, 11, 5, tzinfo=UTC))), "a revoked seal, stamped afterwards"),
        "lt-answer-revoked-authority": Vector("seal.authority-revoked", answered(issuing=gone), "an authority that was revoked before the timestamp"),
        "lt-answer-condition": Vector("longterm.list", answered(seal=answer(extra=(cutoff,))), "an answer with a condition that nobody knows"),
    }  # fmt: skip


def _foreign() -> dict[str, Vector]:
    a_list = "longterm.list"
    same_name = issue("TEST Tillid issuing", FOREIGN, authority=True)
    broken = bytearray(ALL["issuing"])
    broken[-1] ^= 1
    stranger = responder(FOREIGN)
    return {
        "lt-answer-by-a-stranger": Vector(a_list, answered(seal=answer(by=stranger)), "an answer by whom another authority has named"),
        "lt-answer-by-a-namesake": Vector(a_list, answered(seal=answer(by=same_name)), "an answer signed by a namesake of the authority"),
        "lt-answer-by-the-seal": Vector(a_list, answered(seal=answer(by=(SEAL, devca_key("seal").private_key))), "an answer signed by the seal itself"),
        "lt-answer-not-named": Vector(a_list, answered(seal=answer(by=responder(ISSUING, NOCHECK))), "an answer by a certificate that the authority has not named for answers"),
        "lt-answer-to-be-asked-about": Vector(a_list, answered(seal=answer(by=responder(ISSUING, NAMED))), "an answer by whom one would have to ask about in turn"),
        "lt-answer-by-an-ended-responder": Vector(a_list, answered(seal=answer(by=responder(ISSUING, NAMED, NOCHECK, years=(2020, 2025)))), "an answer by whose certificate had ended"),
        "lt-answer-says-another": Vector(a_list, answered(seal=answer(named=FOREIGN[0])), "an answer that says that somebody else gave it"),
        "lt-answer-about-another": Vector(a_list, answered(more=answer(FOREIGN[0], ROOT)), "an answer about a certificate that is not of these chains"),
        "lt-answer-other-issuer": Vector(a_list, answered(seal=answer(about=FOREIGN[0])), "an answer about a certificate of another issuer with the same number"),
        "lt-answer-more-inside": Vector(a_list, answered(seal=answer(by=responder(), inside=(responder()[0], FOREIGN[0]))), "an answer with a certificate that does not belong"),
        "lt-answer-changed": Vector(a_list, answered(issuing=bytes(broken)), "a changed answer"),
        "lt-answer-tail": Vector(a_list, answered(issuing=ALL["issuing"] + b"\0"), "bytes behind an answer"),
        "lt-answer-garbage": Vector(a_list, answered(more=b"\x30\x03\x0a\x01\x06"), "a refusal in an answer's place"),
    }  # fmt: skip


def vectors() -> dict[str, Vector]:
    """Name → vector."""
    return _true() | _doubtful() | _foreign()
