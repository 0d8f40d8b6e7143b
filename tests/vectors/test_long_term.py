"""Level LT: what is frozen, when it is refused, what lists say beside a record; and that no byte of the file is free."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography import x509

from scripts.make_devca import LISTED, revocation_list
from scripts.make_vectors import AT
from scripts.vectors.base import SEALED_RECORD
from scripts.vectors.certificates import FOREIGN, ISSUING, ROOT
from scripts.vectors.long_term import LISTS, TSA_ROOT
from scripts.vectors.stamped import AFTER, REVOKED, STAMPED_AT, stamped, token
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.long_term import freeze
from tillid.signatures.long_term_xades import Parts, parts
from tillid.signatures.revocation import objection
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp_token import read_token
from tillid.signatures.trust import load_trust

TRUST = load_trust(SIGNING / "trust" / "test")
BARE = msgspec.structs.replace(TRUST, lists=())
TOKEN = token()
ALL = tuple(LISTS.values())
WAY = TRUST.seal_way(x509.load_pem_x509_certificate((SIGNING / "trust/test/seals/seal.pem").read_bytes()), AT)


def step(data: bytes, at: datetime = AT, **how: object) -> str:
    return verify_timed(data, BARE, at=at, **how).step  # type: ignore[arg-type]


@pytest.mark.req("R-85")
def test_what_is_frozen_holds_all_that_a_stranger_needs_and_is_always_the_same_bytes() -> None:
    made = freeze(SEALED_RECORD, TOKEN, TRUST, at=AT)
    assert made == freeze(SEALED_RECORD, TOKEN, BARE, at=AT, lists=reversed(ALL))
    held = parts(made)
    assert (held.record, held.token) == (SEALED_RECORD, TOKEN)
    assert len(held.certificates) == 1 and set(held.lists) == set(ALL)
    found = verify_timed(made, BARE, at=AT)
    assert found.passed and found.details["level"] == "LT" and found.signed


@pytest.mark.parametrize(
    ("record", "stamp", "lists", "why"),
    [
        (SEALED_RECORD, TOKEN, (), "revocation.missing"),
        (SEALED_RECORD, TOKEN, (LISTS["root"], LISTS["tsa-root"]), "revocation.missing"),
        (SEALED_RECORD, token(REVOKED), ALL, "timestamp.imprint"),
        (REVOKED, token(REVOKED, AFTER), ALL, "seal.revoked-no-proof"),
        (SEALED_RECORD, TOKEN, (b"nonsense",), ""),
    ],
)
def test_nothing_is_frozen_that_is_not_whole(record: bytes, stamp: bytes, lists: tuple[bytes, ...], why: str) -> None:
    with pytest.raises(TillidError) as refused:
        freeze(record, stamp, BARE, at=AT, lists=lists)
    assert refused.value.code == "longterm.incomplete" and why in str(refused.value)


def test_lists_beside_a_record_must_speak_of_the_whole_chain_and_belong_to_it() -> None:
    assert step(SEALED_RECORD) == step(SEALED_RECORD, lists=ALL[:0]) == "ok"
    assert step(SEALED_RECORD, lists=ALL) == step(stamped(), lists=ALL) == "ok"
    assert step(SEALED_RECORD, lists=(LISTS["issuing"],)) == "revocation.missing"
    assert verify_timed(SEALED_RECORD, TRUST, at=AT, lists=(LISTS["issuing"],)).passed, "the trust has the others"
    assert step(SEALED_RECORD, lists=(*ALL, revocation_list(FOREIGN))) == "longterm.list"
    assert step(SEALED_RECORD, lists=(b"",)) == "longterm.list"
    # Without a timestamp the proven moment is now: when the lists should have had successors, nobody can tell.
    ended = LISTED[1] + timedelta(days=1)
    assert step(SEALED_RECORD, lists=ALL, at=ended) in ("time.expired", "revocation.old")
    assert step(REVOKED, lists=ALL) == "seal.revoked-no-proof" and step(stamped(REVOKED), lists=ALL) == "ok"


def test_a_list_of_the_trust_takes_away_and_is_never_asked_for() -> None:
    old = x509.load_der_x509_crl(
        revocation_list(ISSUING, valid=(datetime(2021, 1, 1, tzinfo=UTC), datetime(2021, 2, 1, tzinfo=UTC)))
    )
    stale = msgspec.structs.replace(TRUST, lists=(old,))
    assert verify_timed(SEALED_RECORD, stale, at=AT).passed
    assert verify_timed(REVOKED, TRUST, at=AT).step == "seal.revoked-no-proof"
    assert verify_timed(REVOKED, TRUST, at=datetime(2025, 11, 4, tzinfo=UTC)).passed, "it was not revoked yet"


@pytest.mark.parametrize(
    ("reason", "held"),
    [
        (x509.ReasonFlags.superseded, True),
        (x509.ReasonFlags.cessation_of_operation, True),
        (x509.ReasonFlags.key_compromise, False),
        (None, False),
    ],
)
def test_why_an_authority_was_revoked_says_whether_its_older_timestamps_count(
    reason: x509.ReasonFlags | None, held: bool
) -> None:
    """RFC 3161 4."""
    listed = revocation_list(TSA_ROOT, read_token(TOKEN).leaf, why=reason)
    trust = msgspec.structs.replace(TRUST, lists=(x509.load_der_x509_crl(listed),))
    assert verify_timed(stamped(), trust, at=AT).passed is held
    # Before the revocation nobody knew, and after it nothing new counts.
    assert verify_timed(stamped(), trust, at=STAMPED_AT).passed
    assert verify_timed(stamped(moment=AFTER), trust, at=AT).step == "timestamp.revoked"


def test_what_a_list_must_be_to_be_asked() -> None:
    users = x509.IssuingDistributionPoint(None, None, True, False, None, False, False)
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
    root = x509.load_der_x509_crl(LISTS["root"])
    for extra, state in (((users, True), None), ((unknown, False), None), ((unknown, True), "missing")):
        lists = [root, x509.load_der_x509_crl(revocation_list(ISSUING, extra=(extra,)))]
        found = objection(WAY, lists, proven=STAMPED_AT, at=AT, required=True)
        assert (found.state if found else None) == state
    # A seal or an authority that is no longer unsafe before it was revoked does not exist: the earlier moment counts.
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(WAY[0].serial_number)
        .revocation_date(AFTER)
        .add_extension(x509.InvalidityDate(datetime(2025, 11, 1)), critical=False)
    )
    builder = (
        x509.CertificateRevocationListBuilder().issuer_name(ISSUING[0].subject).add_revoked_certificate(entry.build())
    )
    made = builder.last_update(LISTED[0]).next_update(LISTED[1]).sign(ISSUING[1], ISSUING[0].signature_hash_algorithm)
    found = objection(WAY, [made], proven=STAMPED_AT, at=AT)
    assert found is not None and (found.state, found.leaf, found.since) == (
        "revoked",
        True,
        datetime(2025, 11, 1, tzinfo=UTC),
    )
    made = x509.load_der_x509_crl(revocation_list(ROOT, WAY[1], at=STAMPED_AT))
    found = objection(WAY, [made], proven=STAMPED_AT, at=AT)
    assert found is not None and (found.state, found.leaf) == ("revoked", False)


def test_no_byte_of_a_frozen_file_is_free_outside_the_token() -> None:
    """In the token: tests/contract/test_timestamp.py."""
    made = freeze(SEALED_RECORD, TOKEN, TRUST, at=AT)
    start = made.index(b"<xades:EncapsulatedTimeStamp>")
    end = made.index(b"</xades:EncapsulatedTimeStamp>")
    for place in [*range(0, start, 997), *range(end, len(made), 173)]:
        changed = made[:place] + bytes([made[place] ^ 1]) + made[place + 1 :]
        assert not verify_timed(changed, BARE, at=AT).passed, place


def test_what_is_no_such_file_comes_back_whole() -> None:
    for data in (b"", b"<a/>", SEALED_RECORD, b"\xff"):
        assert parts(data) == Parts(record=data)
    assert parts(stamped()) == Parts(record=SEALED_RECORD, token=TOKEN)
    assert verify_timed(stamped(), TRUST, at=AT).details["level"] == "T"
    beside = verify_timed(SEALED_RECORD, TRUST, at=AT, token=TOKEN)
    assert beside.passed and beside.details["level"] == "B", "the token is no part of the file"
    late = verify_timed(
        (SIGNING / "vectors" / "indeterminate" / "t-years-later.xml").read_bytes(),
        TRUST,
        at=datetime(2027, 11, 3, tzinfo=UTC),
    )
    assert (late.step, late.details["level"]) == ("timestamp.late", "T"), "of what the file is, in doubt or not"


def test_a_list_that_cannot_be_read_never_means_that_nothing_was_revoked(tmp_path) -> None:
    (tmp_path / "crl").mkdir()
    (tmp_path / "crl" / "x.crl").write_bytes(b"nonsense")
    with pytest.raises(TillidError) as refused:
        load_trust(tmp_path)
    assert refused.value.code == "trust.list"
