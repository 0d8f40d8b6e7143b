"""A consent of 2026 is proven in 2066: batches, renewals and the end of a digest algorithm, with moved clocks and real tokens."""

from __future__ import annotations

import dataclasses
import hashlib

import msgspec
import pytest
from asn1crypto import cms, core

from scripts.vectors.answers import answer
from tests.support.evidence import ALGORITHMS, Years, day, everybody, made, objects
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.algorithms import ALWAYS, NEVER
from tillid.signatures.answers import read_answer
from tillid.signatures.evidence import Stamped, read, written
from tillid.signatures.evidence_asn1 import completed, told_in
from tillid.signatures.evidence_tree import digest
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.evidenced import verify_evidenced
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp import judge
from tillid.signatures.timestamp_token import read_token
from tillid.signatures.trust import load_trust
from tillid.usecases.keep_evidence import close_batch, evidence_of, evidence_state, renew, with_proofs

OBJECTS = objects(7)
FAR = day(2066)


def sha512_of(old: str, new: str) -> dict[bytes, bytes]:
    return {digest(old, one): digest(new, one) for one in OBJECTS}


def judged(record: bytes, data: bytes, at=FAR):
    return verify_evidence(record, data, everybody(), ALGORITHMS, at=at)


def begun() -> Years:
    """Two batches in 2026 and one in 2034, by an authority whose certificate ends with 2035."""
    years = Years()
    for number, data in enumerate(OBJECTS):
        years.store.enter(hashlib.sha256(data).digest(), "sha256")
        if number in (2, 5):
            assert close_batch(years.keeping(1)).end == number + 1
            years.at(day(2026, 3, 2))
    years.at(day(2034))
    assert close_batch(years.keeping(1)).begin == 6
    assert close_batch(years.keeping(1)) is None
    return years


@pytest.fixture(scope="module")
def whole() -> Years:
    """2026 closed, 2035 timestamps renewed, 2045 hash tree renewed."""
    years = begun()
    years.at(day(2034, 6, 1))
    assert renew(years.keeping(2)) == []  # nothing ends within a year
    years.at(day(2035))
    (renewed,) = renew(years.keeping(2))
    assert (renewed.kind, renewed.covers) == ("renew", (1, 2, 3))
    assert renew(years.keeping(2)) == []
    years.at(day(2045))
    assert renew(years.keeping(3)) == []  # the tree needs the objects
    (rehashed,) = renew(years.keeping(3), sha512_of)
    assert (rehashed.kind, rehashed.algorithm, rehashed.end) == ("rehash", "sha512", len(OBJECTS))
    return years


@pytest.mark.req("R-85", "O6")
def test_a_consent_of_2026_is_proven_in_2066(whole):
    for data in OBJECTS:
        record = evidence_of(whole.store, data)
        found = judged(record, data)
        assert (found.status, found.step, found.indication) == ("passed", "evidence.ok", "TOTAL-PASSED")
        assert found.details["proven_at"][:4] == ("2034" if data == OBJECTS[6] else "2026")
        assert found.details["timestamps"] == "3" and found.details["holds_until"][:4] == "2070"
        renewals = found.details["renewals"].split()
        assert [one[:4] for one in renewals] == ["2035", "2045"] and renewals[-1] == found.details["renewed_at"]
        assert written(read(record)) == record
        assert len(record) < 8000
    assert judged(evidence_of(whole.store, OBJECTS[0]), OBJECTS[0], day(2071)).step == "evidence.expired"


@pytest.mark.req("R-85")
@pytest.mark.parametrize(
    ("years", "step", "reason"),
    [
        ((), "evidence.expired", "OUT_OF_BOUNDS_NO_POE"),  # never renewed
        ((2035,), "evidence.expired", "OUT_OF_BOUNDS_NO_POE"),  # renewed once
        ((2037,), "evidence.late", "OUT_OF_BOUNDS_NO_POE"),  # the certificate of 2026 ended with 2035
        ((2035, 2046), "evidence.late-method", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"),  # SHA-256 ended with 2045
        ((2035, 2048), "evidence.late", "OUT_OF_BOUNDS_NO_POE"),
    ],
)
def test_what_was_not_renewed_in_time_is_no_longer_proven(years, step, reason):
    kept = begun()
    for year in years:
        kept.at(day(year, 6, 1))
        renew(kept.keeping(2 if year < 2044 else 3), sha512_of)
    found = judged(evidence_of(kept.store, OBJECTS[0]), OBJECTS[0])
    assert (found.status, found.step, found.sub_indication) == ("indeterminate", step, reason)
    assert "kan ikke længere bevises" in found.sentence


def test_a_method_that_ended_is_a_doubt_though_its_certificate_goes_on(whole):
    record = evidence_of(whole.store, OBJECTS[1])
    ended = msgspec.structs.replace(ALGORITHMS, digests=ALGORITHMS.digests | {"sha512": day(2060)})
    found = verify_evidence(record, OBJECTS[1], everybody(), ended, at=FAR)
    assert (found.step, found.sub_indication) == ("evidence.method", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE")
    assert verify_evidence(record, OBJECTS[1], everybody(), ended, at=day(2059)).passed
    unknown = msgspec.structs.replace(ALGORITHMS, keys={})
    assert verify_evidence(record, OBJECTS[1], everybody(), unknown, at=FAR).status == "indeterminate"


def _other_token(chains):
    first = msgspec.structs.replace(chains[0][0], token=chains[0][1].token)
    return ((first, *chains[0][1:]), *chains[1:])


def _without(chains, chain, place):
    kept = tuple(one for number, one in enumerate(chains[chain]) if number != place)
    return (*chains[:chain], kept, *chains[chain + 1 :])


def _group(one: Stamped, place: int, values: tuple[bytes, ...]) -> Stamped:
    groups = (*one.groups[:place], values, *one.groups[place + 1 :])
    return msgspec.structs.replace(one, groups=groups)


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (lambda c: _other_token(c), "evidence.link"),
        (lambda c: _without(c, 0, 1), "evidence.link"),
        (lambda c: (c[0],), "evidence.expired"),  # the last renewal left out: what is left is true, but has ended
        (lambda c: (c[1], c[0]), "evidence.object"),
        (lambda c: ((_group(c[0][0], 1, (bytes(32),)), *c[0][1:]), c[1]), "evidence.link"),
        (lambda c: ((_group(c[0][0], 1, (bytes(32),)), *c[0][1:]),), "evidence.tree"),
        (lambda c: ((_group(c[0][0], 0, (*c[0][0].groups[0], bytes(32))), *c[0][1:]), c[1]), "evidence.object"),
        (lambda c: (c[0], (_group(c[1][0], 0, (bytes(64),)),)), "evidence.link"),
        (lambda c: (c[0], (_group(c[1][0], 1, (bytes(64),)),)), "evidence.tree"),
        (lambda c: (c[0], (_group(c[1][0], 1, (bytes(32),)),)), "evidence.shape"),
        (lambda c: (c[0], ()), "evidence.shape"),
        (lambda c: (), "evidence.shape"),
        (lambda c: (*c, (msgspec.structs.replace(c[0][0], algorithm="sha384"),)), "evidence.shape"),
    ],
)
def test_a_changed_record_proves_nothing(whole, change, step):
    chains = read(evidence_of(whole.store, OBJECTS[3]))
    assert judged(written(change(chains)), OBJECTS[3]).step == step


def test_another_object_is_not_proven(whole):
    record = evidence_of(whole.store, OBJECTS[3])
    for data in (OBJECTS[2], OBJECTS[3] + b" ", b""):
        found = judged(record, data)
        assert (found.status, found.step, found.sub_indication) == ("failed", "evidence.object", "HASH_FAILURE")
    with pytest.raises(TillidError) as none:
        evidence_of(whole.store, b"never entered")
    assert none.value.code == "evidence.none"


def test_any_byte_of_a_record_counts_and_none_makes_the_verifier_fall(whole):
    record = evidence_of(whole.store, OBJECTS[3])
    for place in range(0, len(record), 149):
        found = judged(record[:place] + bytes([record[place] ^ 0x11]) + record[place + 1 :], OBJECTS[3])
        assert not found.passed or "2070" in found.details["holds_until"]
    for junk in (b"", b"0", record[:-1], record + b"\0", b"\x30\x80" * 500, bytes(6_000_000)):
        assert not judged(junk, OBJECTS[3]).passed


def test_who_stamps_must_be_trusted_and_a_token_may_not_be_of_tomorrow(whole):
    record = evidence_of(whole.store, OBJECTS[0])
    some = msgspec.structs.replace(everybody(), stampers=everybody().stampers[:2])
    found = verify_evidence(record, OBJECTS[0], some, ALGORITHMS, at=FAR)
    assert (found.status, found.step) == ("indeterminate", "timestamp.authority")
    assert judged(record, OBJECTS[0], day(2040)).step == "timestamp.future"


def test_a_renewal_that_gains_nothing_is_refused_and_an_alarm_comes_in_time():
    years = begun()
    assert evidence_state(years.keeping(1)).alarm == ""
    years.at(day(2035, 8, 1))
    state = evidence_state(years.keeping(1))
    assert (state.alarm, state.objects, state.batches, state.waiting) == ("evidence.due", 7, 3, 0)
    with pytest.raises(TillidError) as refused:
        renew(years.keeping(1))
    assert refused.value.code == "evidence.no-gain" and len(years.store.acts()) == 3
    years.at(day(2036, 8, 1))
    assert evidence_state(years.keeping(2)).alarm == "evidence.late"


def test_new_batches_after_the_end_of_an_algorithm_use_the_next_one(whole):
    years = Years(start=day(2047))
    data = b"record of 2047"
    years.store.enter(digest("sha512", data), "sha512")
    assert close_batch(years.keeping(3)).algorithm == "sha512"
    assert judged(evidence_of(years.store, data), data).passed


def test_an_object_destroyed_by_rule_leaves_the_others_proven():
    years = begun()
    years.at(day(2035))
    renew(years.keeping(2))
    years.at(day(2045))
    left = {digest("sha256", one): digest("sha512", one) for one in OBJECTS if one != OBJECTS[4]}
    renew(years.keeping(3), lambda old, new: left)
    for data in OBJECTS:
        found = judged(evidence_of(years.store, data), data)
        assert found.step == ("evidence.link" if data == OBJECTS[4] else "evidence.ok")


@pytest.mark.req("R-85", "O6")
def test_a_sealed_record_is_judged_as_of_the_moment_that_its_evidence_proves():
    """Level LT of 2025, evidence of 2026, renewed in 2035 and 2045; the seal's and the timestamp's certificates end in 2064."""
    data = (SIGNING / "vectors" / "valid" / "lt-given.xml").read_bytes()
    own = load_trust(SIGNING / "trust" / "test")
    trust = msgspec.structs.replace(
        own, stampers=(*own.stampers, *everybody().stampers), lists=(*own.lists, *everybody().lists)
    )
    assert not verify_timed(data, trust, at=FAR).passed
    years = Years()
    years.store.enter(digest("sha256", data), "sha256")
    close_batch(years.keeping(1))
    for year, generation in ((2035, 2), (2045, 3)):
        years.at(day(year))
        renew(years.keeping(generation), lambda old, new: {digest(old, data): digest(new, data)})
    record = evidence_of(years.store, data)
    found = verify_evidenced(record, data, trust, ALGORITHMS, at=FAR)
    assert (found.status, found.step) == ("passed", "ok") and found.signed
    assert (found.details["proven_at"][:4], found.details["timestamps"]) == ("2026", "3")
    # Evidence makes no forgery true: it says that the forgery existed.
    forged = data.replace(b">yes<", b">no<", 1) if b">yes<" in data else data.replace(b"0", b"1", 1)
    years.store.enter(digest("sha512", forged), "sha512")
    close_batch(years.keeping(3))
    assert verify_evidence(evidence_of(years.store, forged), forged, trust, ALGORITHMS, at=FAR).passed
    assert verify_evidenced(evidence_of(years.store, forged), forged, trust, ALGORITHMS, at=FAR).status == "failed"
    assert verify_evidenced(record, forged, trust, ALGORITHMS, at=FAR).step == "evidence.object"


def test_a_token_is_completed_before_anything_covers_it():
    """Chain and revocation list of its authority lie in it, also when the authority sends its own certificate alone."""
    years = Years()
    years.store.enter(digest("sha256", OBJECTS[0]), "sha256")
    keeping = years.keeping(1)
    keeping.stamper._chain = keeping.stamper._chain[:1]
    close_batch(keeping)
    (act,) = years.store.acts()
    token = years.store.token(act)
    assert {one.subject for one in read_token(token).certificates} == {made(1).leaf.subject, made(1).root.subject}
    assert [len(kind) for kind in told_in(token)] == [1, 0]
    assert judged(evidence_of(years.store, OBJECTS[0]), OBJECTS[0], day(2030)).passed
    # A list that is no longer of the moment proves nothing, and would turn what holds into a doubt.
    bare = msgspec.structs.replace(everybody(), lists=())
    assert told_in(with_proofs(read_token(keeping.stamper.stamp("00" * 32)), bare, day(2026))) == ([], [])


def test_where_an_authority_has_no_list_its_answer_lies_in_the_token():
    """RFC 5940: in CMS beside the lists. It is asked for, counts when its certificates are gone, and a revocation in it too."""
    years, one = Years(), made(1)
    years.store.enter(digest("sha256", OBJECTS[0]), "sha256")
    valid = one.leaf.not_valid_before_utc, one.leaf.not_valid_after_utc
    said = {
        status: answer(one.leaf, (one.root, one.root_key), valid=valid, status=status, since=day(2025))
        for status in ("good", "revoked")
    }
    bare = msgspec.structs.replace(everybody(), lists=())
    trust = msgspec.structs.replace(bare, answers=(read_answer(said["good"]),))
    keeping = dataclasses.replace(years.keeping(1), trust=trust)
    close_batch(keeping)
    (act,) = years.store.acts()
    token = years.store.token(act)
    assert told_in(token) == ([], [said["good"]])
    assert completed(token, answers=[said["good"]]) == token, "once"
    record = evidence_of(years.store, OBJECTS[0])
    assert verify_evidence(record, OBJECTS[0], bare, ALGORITHMS, at=day(2030)).passed
    for others, step in (([said["revoked"]], "timestamp.revoked"), ([answer(one.root, (one.root, one.root_key))], "")):
        plain = read_token(keeping.stamper.stamp("00" * 32)).der
        stamp = judge(plain, "00" * 32, bare, at=day(2030), lists=[read_answer(der) for der in others])
        assert stamp.step == (step or "revocation.missing")
    # Something else that an authority puts there says nothing, and is no reason for doubt.
    info = cms.ContentInfo.load(completed(token, lists=[]))
    other = cms.OtherRevocationInfoFormat({"other_rev_info_format": "1.2.3.4", "other_rev_info": core.Null()})
    info["content"]["crls"] = cms.RevocationInfoChoices([cms.RevocationInfoChoice("other", other)])
    assert told_in(info.dump()) == ([], [])
    assert len(told_in(completed(info.dump(), answers=[said["good"]]))[1]) == 1


def test_a_token_ends_with_the_first_method_that_it_rests_on():
    token = read_token(Years(day(2045)).keeping(3).stamper.stamp("00" * 64, "sha512"))
    assert ALGORITHMS.token_ends(token) == NEVER
    replace = msgspec.structs.replace
    for changed in (replace(token, signed_by="sha256"), replace(token, algorithm="sha256")):
        assert ALGORITHMS.token_ends(changed) == ALGORITHMS.digests["sha256"]
    assert ALGORITHMS.token_ends(replace(token, signed_by="md5")) == ALWAYS
    assert ALGORITHMS.token_ends(replace(token, leaf=made(1).leaf)) == ALGORITHMS.digests["sha256"]
    keys = {"ec-256": day(2030), "ec-384": day(2040), "ec-521": None}
    assert replace(ALGORITHMS, keys=keys).token_ends(token) == day(2040)
    assert replace(ALGORITHMS, keys={"ec-521": None, "rsa-2048": None}).token_ends(token) == ALWAYS
