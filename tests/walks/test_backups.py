"""Backups beside an open store: whole, checked, of no more days than the rule says, and put back (R-90, ADR 0073)."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.destruction import child_left, found_in, gone, keeper, mark, ordered, texts_of
from tests.support.world import SET, document_now
from tests.walks.test_operator_commands import TRUST, as_var, rows
from tests.walks.test_operator_commands import run as run
from tests.walks.test_operator_commands import signed as signed
from tillid.adapters import backup_book
from tillid.adapters.backups import KEPT, LEFT_OUT
from tillid.adapters.index_keeper import index_orders
from tillid.cli import main
from tillid.cli.probe_backup import backup as backup_probe
from tillid.cli.reading import opened
from tillid.cms import copying
from tillid.kernel.clock import FixedClock, instant
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import new_id
from tillid.usecases.running_state import running_state
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.wiring import backing_up
from tillid.wiring.beside import evidence_copies, opened_log

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
OF_THE_TEST = {"zodb", "second"}  # where a world keeps what a server has in data/


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def made(world, folder, now=NOW):
    return backing_up.made(folder, world.folder, now)[0].path


def restored(backup, world, tmp_path, **more):
    var = tmp_path / "restored"
    backing_up.restore(backup, var, world.folder / "keys", NOW, **more)
    return var


def code(call, *args, **more):
    with pytest.raises(TillidError) as refused:
        call(*args, **more)
    return refused.value.code


def names(folder: Path):
    return sorted(one.name for one in folder.iterdir() if one.name != ".lock")


@pytest.mark.req("R-90")
def test_a_backup_beside_an_open_store_is_put_back_whole(signed, folder, tmp_path, capsys):
    document, request = document_now(signed), signed.made["request"]
    backup = made(signed, folder)
    assert not list(backup_book.problems(backup))
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "manifest-sha256.txt"], cwd=backup, check=False)
    assert checked.returncode == 0, "with everybody's tools"
    assert not (backup / "keys").exists() and not list(backup.rglob("*.key")) and not list(backup.rglob("sessions.fs"))
    assert backup.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in backup.rglob("*") if path.is_file())
    var = restored(backup, signed, tmp_path)
    with opened(var) as store, opened(signed.folder) as theirs:
        mine = store.documents.version(document.id, document.versions)
        assert mine == theirs.documents.version(document.id, document.versions)
        digest = next(iter(mine.copies.values())).sha256
        assert store.blobs.get(digest) == theirs.blobs.get(digest)
        assert store.ledger.of_request(request) == theirs.ledger.of_request(request)
    log = opened_log(var)
    assert log.size == signed.parts.event_log.size and not list(log.problems())
    log.close()
    assert index_orders(var / "run").waiting().verb == "rebuild", "a search server's index knows of another store"
    trust = ["--trust", str(TRUST), "--at", instant(signed.clock.now())]
    assert main(["verify", "--store", "--all", "--var", str(var), *trust]) == 0, capsys.readouterr()


def test_everything_that_a_folder_of_data_has_is_kept_or_left_out_on_purpose(signed, folder):
    """A new folder is decided about, or this fails."""
    made(signed, folder)
    assert {one.name for one in signed.folder.iterdir()} - OF_THE_TEST <= {*KEPT, *LEFT_OUT}


@pytest.mark.req("R-90")
def test_what_was_destroyed_since_is_known_where_an_older_backup_is_put_back(world_at, folder, tmp_path):
    world = as_var(child_left(world_at("signed")))
    texts, before = texts_of(world), made(world, folder, NOW)
    mark(world)
    ordered(world)
    world.clock.move(days=15)
    assert world.drain() == []
    assert keeper(world).wipe(world.house) == 1 and gone(world)
    after = made(world, folder, NOW + timedelta(days=1))
    assert found_in(before, texts) and not found_in(after, texts)
    var = restored(before, world, tmp_path, accept_lost=True)
    with opened(var) as store:
        assert store.documents.get(world.made["document"]) is not None, "it came back"
    assert (var / "destroyed" / "destroyed.jsonl").read_bytes() == (
        after / "destroyed" / "destroyed.jsonl"
    ).read_bytes()
    shutil.rmtree(var)
    shutil.rmtree(after)
    assert backing_up.restore(before, var, world.folder / "keys", NOW) == (0, True)
    shutil.rmtree(var)
    lost = backing_up.restore(before, var, world.folder / "keys", NOW, world.folder, accept_lost=True)
    assert lost == (1, True), "the folder that was lost knows"


@pytest.mark.req("R-17", "R-18")
def test_a_backup_from_before_a_withdrawal_is_not_put_back_as_if_nothing_had_happened(signed, folder, tmp_path, capsys):
    """By the lost folder's log, or by a younger backup's; and where neither is left, it is said."""
    before, request = made(signed, folder), signed.made["request"]
    with signed.house() as house:
        withdraw_consent(house, signed.holders(SET.child_id)[0], request, (), language="da", event_id=new_id())
    assert signed.drain() == []
    var, keys = tmp_path / "new", signed.folder / "keys"
    assert code(backing_up.restore, before, var, keys, NOW, signed.folder) == "backup.events-lost" and not var.exists()
    after = made(signed, folder, NOW + timedelta(days=1))
    assert code(backing_up.restore, before, var, keys, NOW) == "backup.events-lost" and not var.exists()
    words = ["--keys", str(keys), "--var", str(var)]
    assert main(["backup", "restore", str(before), *words]) == 1 and "trukket et samtykke" in capsys.readouterr().err
    backing_up.restore(after, var, keys, NOW, signed.folder)
    with opened(var) as store:
        assert "consent_withdrawn" in [one.kind for one in store.ledger.of_request(request)]
    shutil.rmtree(var)
    assert main(["backup", "restore", str(before), *words, "--accept-lost"]) == 0
    assert "tilbagekaldelser er væk" in capsys.readouterr().out
    (one,) = holding(var)
    assert one.lost == 1, "the withdrawal"
    (line,) = json.loads(shown(capsys, "consents", "list", "--json", "--var", str(var)))
    assert (line["effective"], line["reason"]) == (False, "restored"), "and not as if nothing had happened"
    assert "Hentet fra sikkerhedskopi" in [found.name for found in backup_probe(var, NOW)]


def holding(var):
    with opened(var) as store:
        return store.restorations.all()


def shown(capsys, *words):
    capsys.readouterr()
    assert main(list(words)) == 0
    return capsys.readouterr().out


@pytest.mark.req("R-17", "R-18")
def test_only_a_lost_folder_that_is_left_shows_that_nothing_happened_since(signed, folder, tmp_path, capsys):
    """Neither nothing, nor a younger backup, nor a log whose database has gone on or cannot be read."""
    backup, keys = made(signed, folder), signed.folder / "keys"

    def held(*lost):
        shutil.rmtree(tmp_path / "new", ignore_errors=True)
        found = backing_up.restore(backup, tmp_path / "new", keys, NOW, *lost)[1]
        every = holding(tmp_path / "new")
        assert bool(every) == found == any(one.looked_at is None for one in every)
        return every

    assert held(signed.folder) == (), "its log and its database end where the backup does"
    (alone,) = held()
    assert (alone.backup_at, alone.lost) == (NOW, 0) and alone.until >= NOW
    made(signed, folder, NOW + timedelta(days=1))
    assert held(), "what came after a younger one nobody knows either"
    with (
        signed.house() as house
    ):  # no event, and the log knows as much as before: an answer that it has not been told of yet
        house.documents.save_draft(house.documents.draft(signed.made["document"]))
    (one,) = held(signed.folder)
    assert one.lost == 0
    broken = tmp_path / "broken"
    shutil.copytree(signed.folder / "log", broken / "log")
    assert held(broken), "its database is gone"
    (broken / "data").mkdir()
    (broken / "data" / "Data.fs").write_bytes(b"FS30" + b"X" * 500)
    assert held(broken), "or cannot be read"
    early = backing_up.restore(backup, tmp_path / "early", keys, datetime(1970, 1, 1, tzinfo=UTC))[1]
    (wrong,) = holding(tmp_path / "early")
    assert early and wrong.until >= NOW, "a clock that was wrong opens nothing"
    again = backing_up.made(tmp_path / "of-it", tmp_path / "early", NOW + timedelta(days=2))[0].path
    backing_up.restore(again, tmp_path / "twice", keys, NOW + timedelta(days=3))
    assert [one.id == wrong.id for one in holding(tmp_path / "twice")] == [True, False], "a backup of it holds too"


def another_file(path):
    """As a pack leaves it."""
    os.replace(shutil.copy(path, path.with_suffix(".pack")), path)


def test_a_pack_that_goes_by_has_the_database_copied_again(signed, folder, monkeypatch):
    real, packed = copying._copy_blobs, []

    def meanwhile(blobs, into):
        real(blobs, into)
        if not packed:
            packed.append(signed.store.db.pack())

    monkeypatch.setattr(copying, "_copy_blobs", meanwhile)
    monkeypatch.setattr(copying.time, "sleep", lambda _seconds: None)
    backup = made(signed, folder)
    assert packed and not list(backup_book.problems(backup))
    assert (backup / "data" / "Data.fs").stat().st_size == (signed.folder / "data" / "Data.fs").stat().st_size
    monkeypatch.setattr(copying, "_copy_blobs", lambda blobs, into: another_file(signed.folder / "data" / "Data.fs"))
    assert code(made, signed, folder, NOW + timedelta(hours=1)) == "backup.packing"
    assert names(folder) == [backup.name]


def test_what_is_being_written_is_cut_where_it_is_whole(signed, folder):
    size = signed.parts.event_log.size
    for name, torn in (
        ("log/leaves", b"half a leaf"),
        ("audit/audit.jsonl", b'{"row": "torn'),
        ("data/Data.fs", b"begun"),
    ):
        path = signed.folder / name
        whole = path.read_bytes()
        path.write_bytes(whole + torn)
        try:
            backup = made(signed, folder, NOW + timedelta(seconds=len(names(folder)) if folder.exists() else 0))
        finally:
            os.truncate(path, len(whole))
        assert (backup / name).read_bytes() == whole, name
    assert (backup / "log" / "leaves").stat().st_size == 32 * size


@pytest.mark.req("R-90")
def test_no_backup_is_older_than_the_rule_and_the_newest_is_never_taken(signed, folder, capsys):
    """Also where nobody makes a new one: a running Tillid sees to it."""
    first, second = made(signed, folder), made(signed, folder, NOW + timedelta(days=10))
    blob = next((second / "data" / "blobs").rglob("*.blob"))
    assert blob.stat().st_nlink == 2, "what never changes is not kept twice"
    clock = FixedClock(NOW + timedelta(days=30))
    backing_up.BackupKeeper(signed.folder, clock).look()
    assert names(folder) == [first.name, second.name]
    clock.moment += timedelta(days=1)
    running = backing_up.BackupKeeper(signed.folder, clock)
    running.look()
    assert names(folder) == [second.name] and not list(backup_book.problems(second)), "its other names are its own"
    clock.moment += timedelta(days=30)
    running.look()
    assert names(folder) == [second.name], "the last one stays until there is another"
    (only,) = backing_up.backups(folder)
    assert backing_up.is_too_old(only, clock.now())
    third, gone_ = backing_up.made(folder, signed.folder, clock.now())
    assert [one.path for one in gone_] == [second] and names(folder) == [third.path.name]
    shutil.rmtree(folder)
    clock.moment += timedelta(days=1)
    running.look()  # a disk that is away


def test_what_cannot_be_is_said_and_leaves_nothing(signed, folder, tmp_path, monkeypatch):
    assert code(made, signed, signed.folder / "here") == "backup.inside"
    backup = made(signed, folder)
    assert code(made, signed, folder) == "backup.busy", "the same second"
    var = tmp_path / "new"
    assert code(backing_up.restore, folder, var, signed.folder / "keys", NOW) == "backup.none"
    assert code(backing_up.restore, backup, var, tmp_path, NOW) == "backup.no-keys"
    assert code(backing_up.restore, backup, signed.folder, signed.folder / "keys", NOW) == "backup.not-empty"
    (folder / ".unfinished-2026-01-01T000000Z").mkdir()  # of one that was killed
    real, left = backup_book.copied, [3]

    def full(file, target, size):
        left[0] -= 1
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(file, target, size)

    monkeypatch.setattr(backup_book, "copied", full)
    with pytest.raises(OSError, match="No space"):
        made(signed, folder, NOW + timedelta(days=1))
    assert names(folder) == [backup.name] and not var.exists() and sorted(tmp_path.iterdir())


@pytest.mark.parametrize("how", ["changed", "missing", "foreign", "list"])
def test_a_backup_that_is_not_as_it_was_made_is_not_put_back(signed, folder, tmp_path, how, capsys):
    backup = made(signed, folder)
    path = backup / "audit" / "audit.jsonl"
    if how == "changed":
        path.write_bytes(path.read_bytes()[:-2] + b"X\n")
    elif how == "missing":
        path.unlink()
    elif how == "list":
        (backup / "manifest-sha256.txt").write_text(f"{'0' * 64}  ../../outside\n", "utf-8")
    else:
        (backup / "audit" / "more").write_text("x")
    var = tmp_path / "new"
    if how == "foreign":
        assert main(["backup", "check", str(backup)]) == 1 and "audit/more: hører ikke til" in capsys.readouterr().out
        backing_up.restore(backup, var, signed.folder / "keys", NOW)
        assert not (var / "audit" / "more").exists()
        return
    assert code(backing_up.restore, backup, var, signed.folder / "keys", NOW) == "backup.damaged"
    assert not var.exists() and not list(tmp_path.glob(".new*"))
    assert main(["backup", "check", str(backup)]) == 1


@pytest.mark.req("R-71")
def test_the_commands(signed, run, folder, tmp_path, capsys):
    further = ["evidence", "copies", "--take-in", "--add", str(tmp_path / "disk"), "--var", str(signed.folder)]
    assert main(further) == 0 and capsys.readouterr()
    assert "Lavet: " in (told := run("backup", "make", "--to", str(folder))) and "Nøglerne er ikke med" in told
    assert [row["action"] for row in rows(signed)] == ["backup_make"]
    (backup,) = backing_up.backups(folder)
    assert main(["backup", "list", "--to", str(folder)]) == 0 and str(backup.path) in capsys.readouterr().out
    assert main(["backup", "check", str(backup.path)]) == 0 and "som det blev gemt" in capsys.readouterr().out
    var = tmp_path / "new"
    words = ["backup", "restore", str(backup.path), "--keys", str(signed.folder / "keys"), "--var", str(var)]
    assert main(words) == 0 and "Lagt tilbage" in (told := capsys.readouterr().out)
    assert f"tillid evidence copies --add {tmp_path / 'disk'}" in told and not evidence_copies(var)
    assert evidence_copies(signed.folder) == (str(tmp_path / "disk"),), "the one that it was made of goes on"
    assert '"backup_restore"' in (var / "audit" / "operators.jsonl").read_text("utf-8")
    assert main(words) == 1 and "backup.not-empty" in capsys.readouterr().err
    old = backup.path.with_name("2020-01-01T000000Z")
    shutil.copytree(backup.path, old)
    assert main(["backup", "rotate", "--to", str(folder)]) == 0 and str(old) in capsys.readouterr().out
    assert names(folder) == [backup.path.name]
    shutil.move(backup.path, old)
    assert main(["backup", "rotate", "--to", str(folder)]) == 0 and "den eneste" in capsys.readouterr().out
    for wrong in (
        ["list", "--to", str(tmp_path / "none")],
        ["rotate", "--to", str(tmp_path / "none")],
        ["check", str(tmp_path)],
    ):
        assert main(["backup", *wrong]) == (0 if wrong[0] == "list" else 1)
    assert main(["backup", "make", "--to", str(folder), "--var", str(tmp_path / "typo")]) == 1
    assert not (tmp_path / "typo").exists(), "nothing is made of a mistyped folder"


def test_the_doctor_asks_for_backups_and_tells_of_one_that_must_not_be_there(signed, folder):
    def told(now):
        (found,) = backup_probe(signed.folder, now)
        assert found.usable
        return found.advice

    def row(alarm):
        with signed.house() as house:
            house = dataclasses.replace(house, backups=backing_up.backup_desk(signed.folder), moment=now)
            state = running_state(house, signed.staff("camilla")).backups
        assert state.alarm == alarm
        return state

    assert "ikke lavet en endnu" in told(NOW)
    now = NOW
    assert row("none").made_at is None
    first = made(signed, folder)
    assert "ikke læst igen" in told(NOW) and row("unchecked").made_at == NOW
    assert backing_up.check(first, signed.folder, NOW + timedelta(hours=1)) == []
    now = NOW + timedelta(days=1)
    assert told(now) == "" and row("").checked_at == NOW + timedelta(hours=1)
    now = NOW + timedelta(days=3)
    assert "i to dage" in told(now) and row("late")
    second = made(signed, folder, NOW + timedelta(days=29))
    (second / "audit" / "audit.jsonl").write_bytes(b"X")
    assert len(backing_up.check(second, signed.folder, NOW + timedelta(days=29))) == 1
    assert backing_up.check(first, signed.folder, NOW) == [], "an older one says nothing of the newest"
    now = NOW + timedelta(days=30)
    assert "ikke, som den blev gemt" in told(now) and row("damaged").wrong == 1
    third = made(signed, folder, NOW + timedelta(days=30))
    assert backing_up.check(third, signed.folder, now) == []
    shutil.copytree(first, old := third.with_name("2020-01-01T000000Z"))
    assert "må ikke findes mere" in (late := told(now)) and str(old) in late and row("too_old")
    shutil.rmtree(folder)
    assert row("away")
    assert "Se efter disken" in told(NOW)
    assert list(backup_probe(folder, NOW)) == []
