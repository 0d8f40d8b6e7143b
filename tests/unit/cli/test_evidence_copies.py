"""Copies of the evidence on other disks: written after every act, away and back, healing and healed, told, and never of another installation."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tillid.adapters.evidence_copies import MARK, SETTING, EvidenceCopies
from tillid.adapters.evidence_desk import EvidenceDesk
from tillid.adapters.evidence_files import EvidenceFiles
from tillid.adapters.fixity_parts import Parts
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import own_authority
from tillid.cli import main
from tillid.cli.probe_evidence import evidence
from tillid.kernel.clock import FixedClock, SystemClock
from tillid.kernel.paths import SIGNING
from tillid.signatures.evidence_tree import digest
from tillid.signatures.trust import load_trust

TRUST = load_trust(SIGNING / "trust" / "test")


class Place:
    """An installation's evidence and a folder on another disk."""

    def __init__(self, var: Path, disk: Path) -> None:
        self.var, self.disk, self.count = var, disk, 0

    @property
    def files(self) -> EvidenceFiles:
        return EvidenceFiles(self.var / "evidence")

    @property
    def copies(self) -> EvidenceCopies:
        return EvidenceCopies(self.var / "evidence", self.files)

    def close(self, records: int = 3) -> None:
        """A batch more, by the command."""
        for _ in range(records):
            self.count += 1
            self.files.enter(digest("sha256", b"%d" % self.count), "sha256")
        assert main(["evidence", "close", "--var", str(self.var)]) == 0

    def held(self, folder: Path) -> dict[str, bytes]:
        names = (path for path in folder.rglob("*") if path.is_file() and path.name != MARK)
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in names}

    def whole(self) -> bool:
        """Whether all three hold the same."""
        first, second, further = (self.held(one) for one in (*self.own, self.disk))
        return first == second == further

    @property
    def own(self) -> tuple[Path, Path]:
        return self.var / "evidence" / "first", self.var / "evidence" / "second"


@pytest.fixture
def place(tmp_path, monkeypatch, capsys) -> Place:
    monkeypatch.setenv("TILLID_MODE", "demo")
    made = Place(tmp_path / "var", tmp_path / "disk")
    made.var.mkdir()
    made.close()
    assert main(["evidence", "copies", "--add", str(made.disk), "--var", str(made.var)]) == 0
    assert f"{made.disk}: hel 20" in capsys.readouterr().out
    return made


@contextmanager
def nothing_waits() -> Iterator[SimpleNamespace]:
    """A database with nothing to do."""
    yield SimpleNamespace(outbox=SimpleNamespace(pending=lambda: ()))


def status(var: Path, capsys) -> dict:
    capsys.readouterr()
    code = main(["evidence", "status", "--json", "--var", str(var)])
    found = json.loads(capsys.readouterr().out)
    assert code == bool(found["alarm"])
    return found


@pytest.mark.req("R-85", "O6")
def test_a_further_copy_is_whole_at_once_and_after_every_act(place: Place, capsys) -> None:
    assert place.whole() and place.copies.problems() == place.copies.away() == []
    place.close()
    place.files.enter(digest("sha256", b"waits"), "sha256")
    assert main(["evidence", "renew", "--var", str(place.var)]) == 0
    assert place.whole(), "what waits for the next batch, too"
    assert {"acts/000002.tst", "leaves-sha256"} <= place.held(place.disk).keys()
    assert status(place.var, capsys)["alarm"] == ""
    assert main(["evidence", "copies", "--remove", str(place.disk), "--var", str(place.var)]) == 0
    place.close()
    assert not place.whole() and "acts/000002.tst" in place.held(place.disk), "what lies there stays"
    assert main(["evidence", "copies", "--remove", str(place.disk), "--var", str(place.var)]) == 1


@pytest.mark.req("R-85", "R-17")
def test_a_disk_that_is_away_stops_nothing_is_told_and_is_healed_when_it_returns(place: Place, capsys) -> None:
    hidden = place.disk.with_name("hidden")
    place.disk.rename(hidden)
    place.close()
    assert not place.disk.exists(), "nothing is made where the disk was"
    place.disk.mkdir()  # a share that is not mounted leaves an empty folder
    place.close()
    assert list(place.disk.iterdir()) == []
    found = status(place.var, capsys)
    assert (found["alarm"], found["away"]) == ("evidence.away", [str(place.disk)])
    (finding,) = evidence(place.var)
    assert "anden disk" in finding.advice and str(place.disk) in finding.advice and finding.usable
    place.disk.rmdir()
    hidden.rename(place.disk)
    assert "er der ikke" not in listed(place, capsys) and not place.whole()
    place.close(0)
    assert place.whole() and status(place.var, capsys)["alarm"] == ""


def listed(place: Place, capsys) -> str:
    """What the command shows."""
    capsys.readouterr()
    main(["evidence", "copies", "--var", str(place.var)])
    return capsys.readouterr().out


@pytest.mark.req("R-85", "R-17")
def test_a_running_tillid_writes_it_each_day_and_looks_each_hour_for_one_that_was_away(place: Place, tmp_path) -> None:
    clock = FixedClock(SystemClock().now())
    stamper = Authorities([own_authority(tmp_path, clock, demo=True)], TRUST, clock)
    desk = EvidenceDesk(place.var / "evidence", lambda: TRUST, clock)

    def looked(**moved: int) -> bool:
        clock.move(**moved)
        desk.look(nothing_waits, stamper, lambda work: work())
        desk.wait(20)
        return place.whole()

    desk.store.enter(digest("sha256", b"one"), "sha256")
    assert looked(days=1, minutes=1) and len(desk.store.acts()) == 2
    desk.store.enter(digest("sha256", b"two"), "sha256")
    looked(hours=2)
    assert len(desk.store.acts()) == 2, "once a day"
    place.disk.rename(place.disk.with_name("hidden"))
    clock.move(days=1, minutes=1)
    desk.look(nothing_waits, stamper, lambda work: work())
    desk.wait(20)
    assert len(desk.store.acts()) == 3, "the batch is closed all the same"
    place.disk.with_name("hidden").rename(place.disk)
    assert not looked(minutes=59) and looked(minutes=2)
    # The authority is away: what there is goes to the other disk nevertheless.
    desk.store.enter(digest("sha256", b"three"), "sha256")
    stamper._authorities = ()
    assert looked(days=1) and len(desk.store.acts()) == 3


@pytest.mark.req("R-17", "R-85")
def test_a_disk_that_hangs_keeps_nobody_from_noting_a_record(place: Place, monkeypatch) -> None:
    place.files.enter(digest("sha256", b"new"), "sha256")
    hangs, returns = threading.Event(), threading.Event()

    def hanging(*_: object) -> None:
        hangs.set()
        assert returns.wait(20)
        raise OSError

    monkeypatch.setattr("tillid.adapters.evidence_copies.write_at", hanging)
    carries = threading.Thread(target=lambda: place.copies.carry(SystemClock().now()))
    carries.start()
    assert hangs.wait(20)
    noting = threading.Thread(target=lambda: place.files.note("an event"))
    noting.start()
    noting.join(10)
    told, waits = place.files.noted(), noting.is_alive()
    returns.set()
    carries.join(20)
    noting.join(20)
    assert not waits and told == ["an event"]


@pytest.mark.req("R-85")
def test_the_page_is_told_after_two_days_without_asking_the_disk(place: Place, monkeypatch) -> None:
    clock = FixedClock(SystemClock().now() + timedelta(hours=47))
    desk = EvidenceDesk(place.var / "evidence", lambda: TRUST, clock)
    monkeypatch.setattr(EvidenceCopies, "_there", lambda _: pytest.fail("a disk that hangs would keep the page"))
    assert (desk.state(clock.now()).alarm, desk.state(clock.now()).away) == ("", ())
    clock.move(hours=2)
    assert (desk.state(clock.now()).alarm, desk.state(clock.now()).away) == ("evidence.away", (str(place.disk),))


@pytest.mark.req("R-85")
@pytest.mark.parametrize(
    "damage",
    [
        lambda own: (own / "acts" / "000001.tst").write_bytes(b"0"),
        lambda own: (own / "acts" / "000001.tst").unlink(),
        lambda own: (own / "acts" / "000001.json").unlink(),
        lambda own: (own / "acts" / "000002.json").write_bytes(b"{"),
        lambda own: (own / "acts" / "000002.json").unlink(),
        lambda own: (own / "leaves-sha256").write_bytes(bytes(96)),
        lambda own: shutil.rmtree(own),
    ],
)
def test_what_both_own_copies_have_lost_comes_back_from_the_other_disk(place: Place, damage, capsys) -> None:
    place.close()
    kept = place.held(place.disk)
    for own in place.own:
        damage(own)
    assert main(["evidence", "close", "--var", str(place.var)]) == 0
    assert place.held(place.own[0]) == place.held(place.own[1]) == kept == place.held(place.disk)
    assert status(place.var, capsys)["alarm"] == ""


@pytest.mark.req("R-85")
def test_damage_on_the_other_disk_is_found_told_and_put_right(place: Place, capsys) -> None:
    fixity = Parts(place.var, lambda: TRUST)
    assert fixity.look_at("evidence", lambda: None) == ("", 0)
    for name, damaged in (("acts/000001.tst", b"0"), ("leaves-sha256", bytes(96)), ("acts/000001.json", b"{}")):
        (place.disk / name).write_bytes(damaged)
        found = status(place.var, capsys)
        assert (found["alarm"], found["problems"]) == ("evidence.copies", [f"{place.disk}/{name}"])
        assert fixity.look_at("evidence", lambda: None) == ("fixity.evidence", 0)
        assert main(["evidence", "close", "--var", str(place.var)]) == 0
        assert place.whole()
    # Not there yet is no damage: it may have been away.
    (place.disk / "acts" / "000001.tst").unlink()
    assert fixity.look_at("evidence", lambda: None) == ("", 0)
    place.disk.rename(place.disk.with_name("hidden"))
    place.close()
    place.disk.with_name("hidden").rename(place.disk)
    with (place.disk / "leaves-sha256").open("ab") as file:
        file.write(b"half")
    assert fixity.look_at("evidence", lambda: None) == ("", 0)


@pytest.mark.req("R-85")
def test_nothing_is_mixed_with_the_evidence_of_another_installation(place: Place, tmp_path, capsys) -> None:
    other = Place(tmp_path / "other", place.disk)
    other.var.mkdir()
    other.count = 100
    other.close()
    add = ["evidence", "copies", "--add", str(place.disk), "--var"]
    kept = place.held(place.disk)
    assert main([*add, str(other.var)]) == 1 and "evidence.other-copy" in capsys.readouterr().err
    new = tmp_path / "new"
    (new / "evidence").mkdir(parents=True)
    assert main([*add, str(new)]) == 1 and "evidence.other-copy" in capsys.readouterr().err
    assert place.held(place.disk) == kept and _setting(other.var) is _setting(new) is None
    # Inside the data it would be lost with them.
    assert main(["evidence", "copies", "--add", str(place.var / "x"), "--var", str(place.var)]) == 1
    assert "evidence.inside" in capsys.readouterr().err
    # Another's mark, and nothing is written.
    (place.disk / MARK).write_text("of another\n")
    place.close()
    assert place.held(place.disk) == kept


def _setting(var: Path) -> bytes | None:
    path = var / "evidence" / SETTING
    return path.read_bytes() if path.exists() else None


@pytest.mark.req("R-85")
def test_all_own_evidence_lost_is_taken_in_when_it_is_asked_for(place: Place, capsys) -> None:
    kept = place.held(place.disk)
    shutil.rmtree(place.var / "evidence")
    add = ["evidence", "copies", "--add", str(place.disk), "--var", str(place.var)]
    assert main(add) == 1 and main([*add, "--take-in"]) == 0
    assert place.held(place.own[0]) == place.held(place.own[1]) == kept


def test_a_list_that_cannot_be_read_is_said_and_the_evidence_itself_is_there(place: Place, capsys) -> None:
    (place.var / "evidence" / SETTING).write_bytes(b"{")
    (finding,) = evidence(place.var)
    assert SETTING in finding.advice and finding.usable
    assert len(place.files.acts()) == 1


def test_a_reset_says_which_copies_it_leaves(place: Place, capsys) -> None:
    (place.var / "zope.conf").touch()
    assert main(["reset", "--yes", "--var", str(place.var)]) == 0
    assert str(place.disk) in capsys.readouterr().out and not place.var.exists() and place.held(place.disk)
