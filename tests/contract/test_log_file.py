"""The log on a real disk: what was entered stays, proofs hold, and a log that has lost or changed something says so."""

from __future__ import annotations

import hashlib
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tillid.adapters.log_file import WIDTH, LogFile, LogUnavailable
from tillid.kernel.errors import TillidError
from tillid.signatures.checkpoint import LogKey
from tillid.signatures.merkle import extends, includes

KEY = LogKey("test.example/log", b"k" * 32)


def digest(number: int) -> str:
    return hashlib.sha256(b"%d" % number).hexdigest()


@pytest.fixture
def log(tmp_path):
    opened = LogFile(tmp_path / "log", KEY)
    yield opened
    opened.close()


def filled(log: LogFile, count: int) -> None:
    for number in range(log.size, count):
        log.enter(digest(number))


def opened_again(log: LogFile, tmp_path) -> LogFile:
    log.close()
    log.__init__(tmp_path / "log", KEY)
    return log


def test_an_event_is_entered_once_however_often_it_is_asked(log, tmp_path):
    filled(log, 5)
    assert log.enter(digest(2)) == 2
    assert log.size == 5
    assert opened_again(log, tmp_path).enter(digest(4)) == 4
    assert log.place(digest(9)) is None


def test_a_digest_that_lies_across_two_leaves_is_no_leaf(log):
    first, second = digest(0), digest(1)
    log.enter(first)
    log.enter(second)
    across = (first + second)[32 : 32 + 64]
    assert log.place(across) is None
    assert log.enter(across) == 2


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(1, 40), st.integers(1, 40))
def test_proofs_from_the_disk_hold(log, one, other):
    old, size = sorted((one, other))
    filled(log, size)
    root = log.root(size)
    for place in range(size):
        assert includes(bytes.fromhex(digest(place)), place, size, log.inclusion(place, size), root)
    assert extends(old, log.root(old), size, root, log.consistency(old, size))


@pytest.mark.req("R-85")
def test_a_head_kept_elsewhere_finds_a_restored_backup_and_a_fork(log, tmp_path):
    filled(log, 6)
    kept = log.sign_head()
    assert list(log.problems()) == [] and log.begins_with(kept)
    os.truncate(tmp_path / "log" / "leaves", 4 * WIDTH)  # yesterday's copy of the log, its head with it
    (tmp_path / "log" / "checkpoint").unlink()
    back = opened_again(log, tmp_path)
    assert list(back.problems()) == [] and not back.begins_with(kept)
    filled(back, 6)
    assert list(back.problems()) == [] and back.begins_with(kept)  # the same events came back in the same order
    back.enter(digest(50))
    os.truncate(tmp_path / "log" / "leaves", 5 * WIDTH)
    forked = opened_again(back, tmp_path)
    forked.enter(digest(60))
    assert list(forked.problems()) == [] and not forked.begins_with(kept)


def test_nothing_is_added_to_a_log_that_lost_what_it_signed(log, tmp_path):
    filled(log, 6)
    log.sign_head()
    os.truncate(tmp_path / "log" / "leaves", 4 * WIDTH)
    back = opened_again(log, tmp_path)
    with pytest.raises(LogUnavailable) as refused:
        back.enter(digest(77))
    assert refused.value.code == "log.rolled-back"
    assert back.size == 4
    with pytest.raises(LogUnavailable):
        back.sign_head()
    assert list(back.problems()) == ["head checkpoint"]


@pytest.mark.parametrize("where", ["leaves", "level-1", "level-2"])
def test_a_changed_byte_is_found(log, tmp_path, where):
    filled(log, 7)
    log.sign_head()
    path = tmp_path / "log" / where
    data = bytearray(path.read_bytes())
    data[40 if len(data) > 40 else 3] ^= 1
    path.write_bytes(data)
    assert list(opened_again(log, tmp_path).problems())


def test_what_a_crash_leaves_is_cut_or_made_again(log, tmp_path):
    filled(log, 9)
    root = log.root(9)
    with (tmp_path / "log" / "leaves").open("ab") as leaves:
        leaves.write(b"half a leaf")
    (tmp_path / "log" / "level-1").unlink()
    os.truncate(tmp_path / "log" / "level-2", WIDTH + 5)
    (tmp_path / "log" / "level-3").write_bytes(bytes(3 * WIDTH)[: 2 * WIDTH])
    back = opened_again(log, tmp_path)
    assert back.size == 9
    # What is too long is cut; a subtree that is there and wrong is for ``problems`` to say.
    assert list(back.problems()) == ["subtree 3/0"]
    (tmp_path / "log" / "level-3").unlink()
    assert opened_again(back, tmp_path).root(9) == root
    assert list(back.problems()) == []


def test_a_full_disk_leaves_no_half_leaf(log, tmp_path, monkeypatch):
    filled(log, 3)

    def full(_handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(LogUnavailable):
            log.enter(digest(3))
    assert log.size == 3
    assert (tmp_path / "log" / "leaves").stat().st_size == 3 * WIDTH
    assert log.enter(digest(3)) == 3


def test_a_second_process_is_refused(log, tmp_path):
    with pytest.raises(TillidError) as refused:
        LogFile(tmp_path / "log", KEY)
    assert refused.value.code == "log.locked"


def test_a_leaf_is_found_by_the_index_as_by_looking_through_all(log, tmp_path):
    filled(log, 30)
    back = opened_again(log, tmp_path)  # thirty that it was opened with, ten that came later
    filled(back, 40)
    beside = LogFile(tmp_path / "log", KEY, read_only=True)
    try:
        for number in range(45):
            assert back.place(digest(number)) == beside.place(digest(number)) == (number if number < 40 else None)
    finally:
        beside.close()


@pytest.mark.req("R-85")
def test_who_reads_beside_the_writer_proves_by_heads_that_are_signed_meanwhile(log, tmp_path):
    """Packing takes minutes; a running Tillid enters events and signs heads all the while."""
    filled(log, 1)
    log.sign_head()
    beside = LogFile(tmp_path / "log", KEY, read_only=True)
    try:
        filled(log, 9)  # with subtrees that were no files when it was opened
        log.sign_head()
        for number in range(9):
            proof = beside.proof(digest(number))
            assert proof is not None and (proof.index, proof.size) == (number, 9), number
    finally:
        beside.close()


def test_leaves_that_begin_alike_are_not_taken_for_each_other(log, tmp_path):
    """The index holds four bytes of each."""
    alike = ["00000000" + digest(number)[8:] for number in range(6)]
    for leaf in alike[:3]:
        log.enter(leaf)
    back = opened_again(log, tmp_path)
    assert [back.enter(leaf) for leaf in (*alike, *reversed(alike))] == [0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0]


@pytest.mark.req("R-85")
def test_the_index_never_says_that_a_leaf_is_there_which_is_not(log, tmp_path):
    """It is made of the leaves, and what it says is read from them: a changed leaf is not found, and not hidden either."""
    filled(log, 6)
    log.sign_head()
    path = tmp_path / "log" / "leaves"
    data = bytearray(path.read_bytes())
    data[2 * WIDTH + 20] ^= 1  # behind what the index holds of it
    path.write_bytes(data)
    assert log.place(digest(2)) is None and log.proof(digest(2)) is None
    assert log.place(digest(3)) == 3
    assert list(log.problems()) == ["subtree 1/1"]
