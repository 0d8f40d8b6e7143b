"""Sessions, lockout, previews."""

from __future__ import annotations

import shutil
from datetime import timedelta
from functools import partial
from hashlib import sha256

import pytest

from tests.unit.cms.samples import NOW
from tillid.cms.lockout import FREE_PER_NAME, FREE_PER_SOURCE
from tillid.cms.previews import LIFE, Previews
from tillid.cms.second import SecondStore
from tillid.cms.sessions import IDLE, LONGEST
from tillid.kernel.errors import TillidError

SECOND = timedelta(seconds=1)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sessions.fs"


@pytest.fixture
def second(path):
    store = SecondStore(path)
    yield store
    store.close()


def test_a_session_is_found_by_its_token_which_is_nowhere_in_the_file(second, path):
    token = second.sessions.create("anna", "parent", {"loa": "Substantial"}, NOW)
    session = second.sessions.get(token, NOW)
    assert (session.person_id, session.kind, session.login) == ("anna", "parent", {"loa": "Substantial"})
    assert session.id == sha256(token.encode()).hexdigest()
    assert token.encode() not in path.read_bytes()
    for wrong in ("", session.id, token[:-1], "\udcff"):
        assert second.sessions.get(wrong, NOW) is None
    assert path.stat().st_mode & 0o077 == 0


def test_a_session_ends_when_idle_and_after_the_longest_time(second):
    token = second.sessions.create("anna", "parent", {}, NOW)
    assert second.sessions.get(token, NOW + IDLE - SECOND)
    assert second.sessions.get(token, NOW + IDLE) is None
    moment = NOW
    while moment + IDLE - SECOND < NOW + LONGEST:
        moment += IDLE - SECOND
        second.sessions.touch(token, moment)
        assert second.sessions.get(token, moment)
    assert second.sessions.get(token, NOW + LONGEST - SECOND)
    assert second.sessions.get(token, NOW + LONGEST) is None


def test_a_touch_writes_once_a_minute_and_revives_nothing(second, path):
    token = second.sessions.create("anna", "parent", {}, NOW)
    size = path.stat().st_size
    second.sessions.touch(token, NOW + timedelta(seconds=59))
    assert path.stat().st_size == size
    second.sessions.touch(token, NOW + IDLE)
    assert path.stat().st_size == size
    second.sessions.touch(token, NOW + timedelta(seconds=60))
    assert path.stat().st_size > size


def test_a_revoked_session_is_gone_at_once_and_for_good(second, path):
    first, other, foreign = (second.sessions.create(who, "staff", {}, NOW) for who in ("bo", "bo", "eva"))
    second.sessions.revoke(first)
    second.sessions.revoke(first)
    second.sessions.touch(first, NOW + timedelta(minutes=2))
    second.sessions.remember(first, "purpose", "x", NOW)
    assert second.sessions.get(first, NOW) is None
    assert second.sessions.get(other, NOW)
    second.sessions.revoke_all("bo")
    assert second.sessions.get(other, NOW) is None
    assert second.sessions.get(foreign, NOW)


def test_a_session_is_read_once_until_anything_is_written(second, monkeypatch):
    first, other = (second.sessions.create(name, "parent", {}, NOW) for name in ("anna", "bo"))
    reads: list[int] = []
    real = second.sessions._read
    monkeypatch.setattr(second.sessions, "_read", lambda action: reads.append(1) or real(action))
    for _ in range(3):
        assert second.sessions.get(first, NOW).person_id == "anna"
        assert second.sessions.get(other, NOW).person_id == "bo"
    assert len(reads) == 2
    assert second.sessions.get(first, NOW + IDLE) is None, "kept in memory, and ended all the same"
    second.sessions.revoke(other)
    assert second.sessions.get(other, NOW) is None and second.sessions.get(first, NOW).person_id == "anna"
    second.sessions.remember(first, "purpose", "aktindsigt", NOW)
    assert second.sessions.get(first, NOW).values == {"purpose": "aktindsigt"}


def test_a_session_remembers_small_things(second):
    token = second.sessions.create("arkivar", "staff", {}, NOW)
    second.sessions.remember(token, "purpose", "aktindsigt", NOW)
    assert second.sessions.get(token, NOW).values == {"purpose": "aktindsigt"}


def test_what_was_written_is_there_after_a_restart_and_only_one_has_the_file(second, path):
    token = second.sessions.create("anna", "parent", {}, NOW)
    with pytest.raises(TillidError, match=r"store\.locked"):
        SecondStore(path)
    second.close()
    again = SecondStore(path)
    assert again.sessions.get(token, NOW)
    again.close()


def test_after_five_wrong_passwords_a_name_waits_longer_each_time(second):
    moment, waits = NOW, []
    for _ in range(FREE_PER_NAME - 1):
        assert second.lockout.attempt("bo", "10.0.0.1", moment) is None
    for number in range(4):
        assert second.lockout.attempt("bo", f"10.0.1.{number}", moment) is None
        until = second.lockout.attempt("BO", "10.0.0.9", moment)
        assert second.lockout.attempt("bo", "10.0.0.9", until - SECOND) == until
        waits.append(until - moment)
        moment = until
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    # Others are not touched.
    assert second.lockout.attempt("eva", "10.0.0.9", moment) is None


def test_success_gives_a_name_a_fresh_start_and_costs_the_source_nothing(second):
    for _ in range(10 * FREE_PER_SOURCE):
        assert second.lockout.attempt("bo", "10.0.0.1", NOW) is None
        second.lockout.succeeded("bo", "10.0.0.1", NOW)


def test_one_source_that_tries_many_names_waits(second):
    for number in range(FREE_PER_SOURCE):
        assert second.lockout.attempt(f"navn{number}", "10.0.0.1", NOW) is None
    until = second.lockout.attempt("endnu-et", "10.0.0.1", NOW)
    assert until > NOW
    assert second.lockout.attempt("endnu-et", "10.0.0.2", NOW) is None
    second.lockout.succeeded("endnu-et", "10.0.0.2", NOW)
    assert second.lockout.attempt("endnu-et", "10.0.0.1", NOW) == until


def test_failures_are_forgotten_after_a_day(second):
    for _ in range(FREE_PER_NAME):
        second.lockout.attempt("bo", "10.0.0.1", NOW)
    assert second.lockout.attempt("bo", "10.0.0.1", NOW) is not None
    assert second.lockout.attempt("bo", "10.0.0.1", NOW + timedelta(days=1)) is None


def test_no_login_name_is_written_down(second, path):
    second.lockout.attempt("610521-0001", "10.0.0.1", NOW)
    assert b"610521-0001" not in path.read_bytes()


def test_a_preview_is_its_owners_for_half_an_hour(second):
    id = second.previews.put("bo", b"%PDF", "application/pdf", NOW)
    found = second.previews.get(id, "bo", NOW)
    assert (found.data, found.media_type) == (b"%PDF", "application/pdf")
    assert second.previews.get(id, "eva", NOW) is None
    assert second.previews.get("unknown", "bo", NOW) is None
    assert second.previews.get(id, "bo", NOW + timedelta(minutes=30)) is None
    second.previews.drop(id)
    second.previews.drop(id)
    assert second.previews.get(id, "bo", NOW) is None


def test_what_is_put_for_longer_lives_so_long_and_no_longer(second):
    life = timedelta(hours=2)
    second.previews.put("bo", b"{}", "application/json", NOW, "order", life)
    second.sweep(NOW + life - SECOND)
    assert second.previews.get("order", "bo", NOW + life - SECOND).data == b"{}"
    assert second.previews.get("order", "bo", NOW + life) is None
    second.sweep(NOW + life)
    assert second.read(lambda root: list(root["previews"])) == []


@pytest.mark.req("R-90")
def test_of_a_destroyed_document_nothing_stays_and_nothing_comes_after(second, path):
    """Also what an earlier Tillid put there without saying whose it is."""
    put = second.previews.put
    for id, of in (("gone", "one"), ("stays", "other"), ("told", "")):
        put("bo", b"%PDF of " + id.encode(), "application/pdf", NOW, id, timedelta(days=14), of=of)
    put("bo", b"%PDF of before", "application/pdf", NOW, "before", timedelta(days=14))
    second.write(lambda root: delattr(root["previews"]["before"], "of"))
    second.write(lambda root: setattr(root["previews"]["before"], "data", b"%PDF of before"))  # as it lay there
    assert second.previews.get("before", "bo", NOW).data == b"%PDF of before"
    second.previews.forget_text({"one"}, NOW)
    assert second.read(lambda root: list(root["previews"])) == ["stays", "told"]
    put("bo", b"%PDF of late", "application/pdf", NOW, "late", of="one")
    assert second.previews.get("late", "bo", NOW) is None
    second.pack()
    assert b"%PDF of stays" in path.read_bytes() and not {
        one for one in (b"of gone", b"of before", b"of late") if one in path.read_bytes()
    }
    second.sweep(NOW + timedelta(days=2))
    assert second.read(lambda root: root["gone"].until) == {}, "nor is it remembered for ever"


def test_who_looks_through_all_of_them_reads_no_bytes(second):
    second.previews.put("bo", b"%PDF", "application/pdf", NOW, "other", of="other")
    unread = []

    def watching(action, **more):
        def cold(root):
            root._p_jar.cacheMinimize()
            action(root)
            unread.extend(one.data._p_changed is None for one in root["previews"].values())

        return second.write(cold, **more)

    watched = Previews(second.read, watching)
    watched.sweep(NOW)
    watched.forget_text({"one"}, NOW)
    assert unread == [True, True, True]
    asked = []

    def looking(action):
        def cold(root):
            root._p_jar.cacheMinimize()
            asked.append(action(root))
            unread.append(root["previews"]["other"].data._p_changed is None)
            return asked[-1]

        return second.read(cold)

    looked = Previews(looking, second.write)
    for id, person, at in (
        ("other", "bo", NOW),
        ("other", "eva", NOW),
        ("none", "bo", NOW),
        ("other", "bo", NOW + LIFE),
    ):
        looked.holds(id, person, at)
    assert asked == [True, False, False, False] and all(unread)


@pytest.mark.req("R-90")
@pytest.mark.parametrize("first", [True, False])
def test_a_copy_and_a_destruction_that_meet(second, first):
    """The copy was begun before the document was destroyed and is committed after it. ``first``: nothing was destroyed before."""
    if not first:
        second.previews.forget_text({"another"}, NOW)
    met = []

    def meeting(action, **more):
        def both(root):
            action(root)
            if not met:
                met.append(1)
                second.previews.forget_text({"one"}, NOW)

        return second.write(both, **more)

    second.previews.put("bo", b"%PDF", "application/pdf", NOW, "before", of="")  # the tree is there
    Previews(second.read, meeting).put("bo", b"%PDF", "application/pdf", NOW, "id", of="one")
    assert met and second.read(lambda root: list(root["previews"])) == ["before"]


@pytest.mark.req("R-90")
@pytest.mark.parametrize("at", ["old renamed away", "new in its place"])
def test_a_pack_that_was_killed_loses_no_session_and_leaves_no_old_file(path, at):
    second = SecondStore(path)
    token = second.sessions.create("bo", "staff", {}, NOW)
    second.close()
    old = path.with_name(path.name + ".old")
    (path.rename if at == "old renamed away" else partial(shutil.copy, path))(old)
    again = SecondStore(path)
    assert again.sessions.get(token, NOW).person_id == "bo" and not old.exists()
    again.close()


def test_sweeping_removes_what_has_ended_and_nothing_else(second):
    old, new = (second.sessions.create("bo", "staff", {}, moment) for moment in (NOW, NOW + timedelta(hours=1)))
    id = second.previews.put("bo", b"%PDF", "application/pdf", NOW)
    second.lockout.attempt("bo", "s", NOW)
    second.sweep(NOW + timedelta(hours=1))
    assert len(second.read(lambda root: list(root["sessions"]))) == 1
    assert second.sessions.get(new, NOW + timedelta(hours=1))
    assert second.sessions.get(old, NOW) is None
    assert second.previews.get(id, "bo", NOW) is None
    assert len(second.read(lambda root: list(root["lockout"]))) == 2
    second.sweep(NOW + timedelta(days=2))
    assert second.read(lambda root: [*root["lockout"], *root["sessions"]]) == []
