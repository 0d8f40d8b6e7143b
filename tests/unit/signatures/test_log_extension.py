"""The file that says a log only grew: read back as it was written, believed for the head that was kept and for no other."""

from __future__ import annotations

import hashlib
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.leaves import Leaves
from tillid.signatures import merkle
from tillid.signatures.checkpoint import Checkpoint, CheckpointError, LogKey
from tillid.signatures.log_extension import LogExtension, ProofError, is_extension

KEY = LogKey("solbjerg.example/tillid", bytes(range(32)))
MOST = 40


@cache
def log(salt: bytes = b"") -> Leaves:
    return Leaves([hashlib.sha256(salt + b"%d" % index).digest() for index in range(MOST)])


@cache
def head(size: int, salt: bytes = b"") -> Checkpoint:
    return Checkpoint(origin=KEY.verifier.name, size=size, root=merkle.head(log(salt), size))


@cache
def grown(old: int, size: int) -> LogExtension:
    path = tuple(merkle.consistency_proof(log(), old, size)) if old else ()
    return LogExtension(old=old, path=path, note=KEY.sign(head(size)))


@pytest.mark.req("R-85")
@given(st.integers(0, MOST), st.integers(0, MOST), st.integers(0, MOST))
def test_it_holds_for_the_head_it_is_from_and_for_no_other(one, other, third):
    old, size = sorted((one, other))
    read = LogExtension.parsed(grown(old, size).text())
    assert read == grown(old, size) and is_extension(read.text())
    assert read.follows(head(old), KEY.verifier) == head(size)
    if third != old:
        assert read.follows(head(third), KEY.verifier) is None
    if old:
        assert read.follows(head(old, b"other"), KEY.verifier) is None, "another log of that size"
        assert read.follows(None, KEY.verifier) is None
    else:
        assert read.follows(None, KEY.verifier) == head(size)


@pytest.mark.req("R-85")
@given(st.integers(1, MOST), st.integers(1, MOST), st.integers(0, 6), st.integers(0, 255))
def test_no_other_way_between_two_heads_is_believed(one, other, step, bit):
    old, size = sorted((one, other))
    good = grown(old, size)
    shorter = LogExtension(old=old, path=good.path[:-1], note=good.note)
    longer = LogExtension(old=old, path=(*good.path, bytes(32)), note=good.note)
    changed = [longer] + ([shorter] if good.path else [])
    if step < len(good.path):
        flipped = (int.from_bytes(good.path[step], "big") ^ 1 << bit).to_bytes(32, "big")
        changed.append(LogExtension(old=old, path=(*good.path[:step], flipped, *good.path[step + 1 :]), note=good.note))
    for one_of_them in changed:
        assert one_of_them.follows(head(old), KEY.verifier) is None


def test_the_newer_head_must_be_signed_by_the_key_that_was_asked_about():
    stranger = LogKey(KEY.verifier.name, b"s" * 32)
    forged = LogExtension(old=3, path=grown(3, 9).path, note=stranger.sign(head(9)))
    with pytest.raises(CheckpointError):
        forged.follows(head(3), KEY.verifier)


def test_a_log_that_became_smaller_did_not_grow():
    backwards = LogExtension(old=9, path=(), note=KEY.sign(head(3)))
    assert backwards.follows(head(9), KEY.verifier) is None
    assert LogExtension(old=0, path=(bytes(32),), note=KEY.sign(head(3))).follows(None, KEY.verifier) is None
    assert (
        LogExtension(old=0, path=(), note=KEY.sign(head(3))).follows(
            Checkpoint(origin=KEY.verifier.name, size=0, root=bytes(32)), KEY.verifier
        )
        is None
    ), "the head of no leaf is one alone"


@pytest.mark.req("R-85")
def test_the_size_it_names_is_the_one_it_is_from():
    misnamed = LogExtension(old=5, path=grown(6, 9).path, note=grown(6, 9).note)
    assert misnamed.follows(head(6), KEY.verifier) is None and misnamed.follows(head(5), KEY.verifier) is None


GOOD = grown(3, 9).text()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"old 3\n",
        GOOD.replace(b"old 3", b"old 03"),
        GOOD.replace(b"old 3", b"old -3"),
        GOOD.replace(b"old 3", b"old  3"),
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"=\n", b"\n", 1),
        GOOD.replace(b"\n\n", b"\nAAAA\n\n", 1),
        GOOD.replace(b"\n\n", b"\n" + (b"A" * 43 + b"=\n") * 64 + b"\n", 1),
        b"old 3\n" + b"x" * 30_000,
        GOOD.replace(b"c=\n", b"d=\n", 1),  # the same bytes by another last letter
        "old 3\næ\n\n".encode(),
    ],
)
def test_what_is_not_such_a_file_is_refused_in_danish(data):
    with pytest.raises(ProofError) as refused:
        LogExtension.parsed(data).follows(head(3), KEY.verifier)
    assert refused.value.code == "log.proof" and "bevis" in refused.value.message


@given(st.binary(max_size=300), st.integers(0, len(GOOD)), st.integers(0, len(GOOD)))
def test_whatever_bytes_come_they_are_a_proof_or_are_refused(bytes_, one, other):
    start, end = sorted((one, other))
    for data in (bytes_, b"old 3\n" + bytes_, GOOD[:start] + bytes_ + GOOD[end:]):
        try:
            follows = LogExtension.parsed(data).follows(head(3), KEY.verifier)
        except (ProofError, CheckpointError):
            continue
        assert follows in (None, head(9)), "no other head than the one that was signed"
