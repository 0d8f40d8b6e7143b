"""Heads of the log in a folder outside the installation: one an hour, none lost while it was away, none changed, and an older copy of
the log is noticed by what lies there."""

from __future__ import annotations

import os
import shutil
import threading
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tillid.adapters import witness_folder
from tillid.adapters.head_stamper import HeadStamper
from tillid.adapters.log_file import WIDTH, LogFile
from tillid.adapters.proofs import Proofs
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import own_authority
from tillid.adapters.witness_folder import WitnessAhead, WitnessAway, WitnessFolder, WitnessOther, moment_of
from tillid.cli import main
from tillid.kernel.clock import FixedClock, SystemClock
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.checkpoint import LogKey
from tillid.signatures.trust import load_trust
from tillid.wiring.beside import secret_from

TRUST = load_trust(SIGNING / "trust" / "test")
pytestmark = pytest.mark.req("R-85")


class Place:
    """An installation's log and a disk beside it."""

    def __init__(self, root) -> None:
        self.var, self.disk = root / "var", root / "disk"
        self.disk.mkdir()
        self.clock = FixedClock(SystemClock().now() - timedelta(days=2))
        self.key = LogKey("solbjerg-demo/tillid", secret_from(self.var / "keys" / "log.key"))
        self.log, self.count = LogFile(self.var / "log", self.key), 0
        self.enter()
        self.witness = self.made()

    def made(self) -> WitnessFolder:
        return WitnessFolder(self.disk, self.log, self.clock)

    def enter(self) -> None:
        self.log.enter(f"{self.count:064x}")
        self.count += 1

    def reopened(self) -> None:
        self.log.close()
        self.log = LogFile(self.var / "log", self.key)
        self.witness = self.made()

    def look(self) -> str:
        self.witness.look()
        self.witness.wait(10)
        return self.witness.state().problem

    def there(self) -> dict[str, bytes]:
        files = (path for path in self.disk.rglob("*") if path.is_file())
        return {str(path.relative_to(self.disk)): path.read_bytes() for path in files}

    def heads(self) -> list[datetime]:
        return [moment_of(path) for path in sorted(self.disk.glob("*/*.note"))]


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    yield made
    made.log.close()


def stamper(place: Place) -> HeadStamper:
    authority = own_authority(place.var / "keys", place.clock, demo=True)
    return HeadStamper(place.log, Authorities([authority], TRUST, place.clock), place.clock)


def stamp(place: Place, times: int) -> None:
    """As many heads, an hour apart, with an event before each."""
    one = stamper(place)
    for _ in range(times):
        place.enter()
        one.stamp_now()
        place.clock.move(minutes=50)


def test_without_an_authority_there_is_a_head_of_every_hour(place):
    proofs = Proofs(place.log, None, None, place.clock, place.witness)
    for number in range(2 * 60 * 4):
        if number % 40 == 0:
            place.enter()
        proofs.look(None, None)
        proofs.wait(10)
        place.clock.move(seconds=30)
    heads = place.heads()
    assert len(heads) >= 4 and max(later - earlier for earlier, later in pairwise(heads)) <= timedelta(hours=1)
    assert place.there()["log-key.txt"].decode().strip() == place.log.verifier.text()
    sizes = [place.log.verifier.read(path.read_bytes()).size for path in sorted(place.disk.glob("*/*.note"))]
    assert sizes == sorted(sizes) and sizes[-1] > sizes[0]


def test_heads_with_a_timestamp_go_there_with_it_and_no_others(place, monkeypatch):
    monkeypatch.setenv("TILLID_MODE", "demo")
    authority = own_authority(place.var / "keys", place.clock, demo=True)
    proofs = Proofs(place.log, None, Authorities([authority], TRUST, place.clock), place.clock, place.witness)
    for _ in range(2 * 60 * 3):
        proofs.look(None, None)
        proofs.wait(10)
        place.clock.move(seconds=30)
    ours = {
        str(path.relative_to(place.var / "log" / "stamped")): path.read_bytes()
        for path in (place.var / "log" / "stamped").rglob("*.*")
    }
    there = {name: data for name, data in place.there().items() if name != "log-key.txt"}
    assert len(ours) >= 6 and ours.items() <= there.items()
    assert len(there) - len(ours) <= 1, "the first look came before the first timestamp"


def test_what_could_not_be_written_comes_when_the_disk_is_back(place, monkeypatch):
    monkeypatch.setenv("TILLID_MODE", "demo")
    stamp(place, 1)
    assert place.look() == ""
    before = place.there()
    place.disk.rename(place.disk.with_name("away"))
    stamp(place, 3)  # events and heads go on
    assert place.look() == "witness.unavailable" and not place.disk.exists(), "and no folder is made where the disk was"
    assert "disken" in place.witness.state().said and place.witness.state().newest is not None
    place.disk.with_name("away").rename(place.disk)
    assert place.look() == ""
    after = place.there()
    assert before.items() <= after.items() and len(place.heads()) == 4
    assert len(list(place.disk.glob("*/*.tst"))) == 4


def test_a_new_empty_disk_gets_all_heads(place, monkeypatch):
    monkeypatch.setenv("TILLID_MODE", "demo")
    stamp(place, 3)
    assert place.look() == ""
    shutil.rmtree(place.disk)
    place.disk.mkdir()
    assert place.look() == "" and len(list(place.disk.glob("*/*.tst"))) == 3 and (place.disk / "log-key.txt").exists()


def test_a_disk_that_takes_nothing_is_told_and_stops_nothing(place, monkeypatch):
    def full(*_args, **_more):
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(witness_folder, "put", full)
        assert place.look() == "witness.unavailable"
        place.enter()
        place.log.sign_head()
    assert place.look() == ""


def test_a_disk_that_hangs_keeps_nobody_waiting_and_is_told(place, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(witness_folder, "newest_in", lambda *_: go_on.wait(30) and None)
    monkeypatch.setattr(witness_folder, "SLOW", 0.0)
    place.witness.look()
    place.witness.look()
    place.enter()
    assert place.witness.state().problem == "witness.unavailable"
    go_on.set()
    place.witness.wait(10)
    assert place.witness.state().problem == ""


def test_an_older_copy_of_all_of_it_is_noticed_by_the_running_server(place):
    """Log, its own head and the database, all of yesterday: nothing in the folder of data can tell."""
    for _ in range(5):
        place.enter()
    assert place.look() == ""
    put_back(place, 4)
    place.clock.move(hours=2)
    there = place.there()
    assert place.look() == "witness.ahead" and "gammel kopi" in place.witness.state().said
    place.enter()  # consents and withdrawals go on
    place.clock.move(hours=2)
    assert place.look() == "witness.ahead"
    assert place.there() == there, "nothing is added to what shows it"
    place.disk.rename(
        place.disk.with_name("kept")
    )  # a backup was put back on purpose: a new folder, and the old one is kept
    place.disk.mkdir()
    assert place.look() == "" and len(place.heads()) == 1


def put_back(place: Place, size: int) -> None:
    """Log and head of long ago in the place of those that there are, and Tillid started on them."""
    os.truncate(place.var / "log" / "leaves", size * WIDTH)
    (place.var / "log" / "checkpoint").unlink(missing_ok=True)
    place.reopened()


def hide(place: Place, note: bytes, times: int = 1) -> None:
    """That head, of ours and true, again under names that are past and newer than all others."""
    for _ in range(times):
        place.clock.move(minutes=1)
        name = place.clock.now().strftime(f"%Y/{witness_folder.NAME}.note")
        (place.disk / name).parent.mkdir(exist_ok=True)
        (place.disk / name).write_bytes(note)
    place.clock.move(hours=2)


@pytest.mark.parametrize("again", [False, True], ids=["the same year", "a new year"])
def test_an_old_head_under_a_newer_name_does_not_hide_that_an_older_copy_was_put_back(place, again):
    assert place.look() == ""
    (first,) = place.disk.glob("*/*.note")
    for _ in range(5):
        place.enter()
    place.clock.move(hours=2)
    assert place.look() == "" and len(place.heads()) == 2
    if again:
        place.clock.move(days=400)
    hide(place, first.read_bytes(), 3)
    if not again:
        assert place.look() == "", "whoever has all of the log is not stopped by it"
        hide(place, first.read_bytes())
    put_back(place, 1)
    there = place.there()
    assert place.look() == "witness.ahead" and place.there() == there
    with pytest.raises(WitnessAhead):
        place.made().examine()


def test_each_head_is_read_once(place, monkeypatch):
    assert place.look() == ""
    (first,) = place.disk.glob("*/*.note")
    place.enter()
    place.clock.move(hours=2)
    assert place.look() == ""
    hide(place, first.read_bytes(), 7)
    place.reopened()
    read, really = [], witness_folder._read
    monkeypatch.setattr(witness_folder, "_read", lambda path: (read.append(path), really(path))[1])
    for _ in range(4):
        assert place.look() == ""
        place.clock.move(seconds=30)
    notes = [path for path in read if path.suffix == ".note"]
    assert len(set(notes)) == 10 and all(notes.count(path) == 1 for path in sorted(set(notes))[:-2])


def test_what_is_known_of_a_folder_is_forgotten_with_it(place):
    """A backup was put back on purpose: the old folder is kept, and another lies in its place that has a head already."""
    assert place.look() == ""
    kept = place.there()
    for _ in range(3):
        place.enter()
        place.clock.move(hours=2)
        assert place.look() == ""
    os.truncate(place.var / "log" / "leaves", WIDTH)
    place.log.close()
    (place.var / "log" / "checkpoint").unlink(missing_ok=True)
    place.log = place.witness._heads = LogFile(place.var / "log", place.key)
    assert place.look() == "witness.ahead"
    place.disk.rename(place.disk.with_name("kept"))
    for name, data in kept.items():
        (place.disk / name).parent.mkdir(parents=True, exist_ok=True)
        (place.disk / name).write_bytes(data)
    assert place.look() == ""


def test_a_head_that_was_changed_and_another_logs_folder_are_told_and_left_as_they_are(place):
    assert place.look() == ""
    (note,) = place.disk.glob("*/*.note")
    good = note.read_bytes()
    note.write_bytes(good.replace(b"\n1\n", b"\n2\n"))
    assert place.look() == "witness.other"
    note.write_bytes(good)
    assert place.look() == ""
    key = place.disk / "log-key.txt"
    key.write_text(LogKey("other/log", b"o" * 32).verifier.text() + "\n")
    there = place.there()
    place.clock.move(hours=2)
    assert place.look() == "witness.other" and place.there() == there
    key.unlink()
    assert place.look() == "witness.other"


def test_a_head_under_a_name_of_tomorrow_is_not_the_newest(place):
    assert place.look() == ""
    (note,) = place.disk.glob("*/*.note")
    (place.disk / "9999").mkdir()
    tomorrow = place.disk / "9999" / "99991231T235959Z.note"
    tomorrow.write_bytes(note.read_bytes())
    place.clock.move(hours=2)
    assert place.look() == "witness.other" and len(place.heads()) == 2
    with pytest.raises(WitnessOther):
        place.made().examine()
    tomorrow.unlink()
    assert place.look() == "" and len(place.heads()) == 2


@pytest.mark.parametrize("name", [witness_folder.KEY, f"%Y/{witness_folder.NAME}.note"], ids=["key", "head"])
def test_what_is_no_file_there_is_told_and_not_waited_for(place, name):
    assert place.look() == ""
    place.clock.move(hours=2)
    path = place.disk / place.clock.now().strftime(name)
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    os.mkfifo(path)
    assert place.look() == "witness.other"
    path.unlink()
    path.symlink_to("/dev/zero")
    assert place.look() == "witness.unavailable"
    path.unlink()
    path.mkdir()
    assert place.look() == "witness.other"
    opened = len(os.listdir("/proc/self/fd"))
    assert place.look() == "witness.other" and len(os.listdir("/proc/self/fd")) == opened


def test_nothing_that_lies_there_is_written_over(place, monkeypatch):
    monkeypatch.setenv("TILLID_MODE", "demo")
    assert place.look() == ""
    stamp(place, 1)
    (name,) = (
        path.relative_to(place.var / "log" / "stamped") for path in (place.var / "log" / "stamped").glob("*/*.tst")
    )
    mine = place.disk / name.with_suffix(".note")
    kept = place.log.signed(1)
    mine.write_bytes(kept)  # a head of ours, and not the one of that name
    assert place.look() == "witness.other" and mine.read_bytes() == kept


@pytest.mark.parametrize(
    ("error", "said"), [(WitnessAway, "disken"), (WitnessOther, "tom mappe"), (WitnessAhead, "log check")]
)
def test_each_problem_says_what_to_do(error: type[TillidError], said: str):
    assert said in error.text and error.code.startswith("witness.")


def test_the_check_reads_the_folder(place, capsys):
    assert place.look() == ""
    place.enter()
    place.clock.move(hours=2)
    assert place.look() == ""
    assert main(["log", "check", "--var", str(place.var), "--against", str(place.disk)]) == 0
    assert "hvert af de 2 hoveder" in capsys.readouterr().out
    os.truncate(place.var / "log" / "leaves", 1 * WIDTH)
    (place.var / "log" / "checkpoint").unlink(missing_ok=True)
    assert main(["log", "check", "--var", str(place.var), "--against", str(place.disk)]) == 1
    assert "det hoved, I har gemt som" in capsys.readouterr().out
