"""`tillid doctor` says how old the log's newest stamped head is, and what is wrong with the folder for a witness; it writes nothing."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta

import pytest

from tillid.adapters.log_file import WIDTH, LogFile
from tillid.adapters.secretfile import secret_from
from tillid.adapters.witness_folder import WitnessFolder
from tillid.cli import doctor, probe_log
from tillid.cli.probe_log import heads
from tillid.kernel.clock import FixedClock, SystemClock
from tillid.signatures.checkpoint import LogKey

pytestmark = pytest.mark.req("R-85")
NOW = SystemClock().now()


class Place:
    def __init__(self, root) -> None:
        self.var, self.disk = root / "var", root / "disk"
        self.disk.mkdir()
        self.log = LogFile(self.var / "log", LogKey("solbjerg-demo/tillid", secret_from(self.var / "keys" / "log.key")))
        for number in range(4):
            self.log.enter(f"{number:064}")
        self.log.keep_head()

    def dropped(self, hours_ago: float = 0) -> None:
        clock = FixedClock(NOW - timedelta(hours=hours_ago))
        WitnessFolder(self.disk, self.log, clock).drop_now()

    def told(self, folder: str | None = None) -> list:
        return list(heads(self.var, str(self.disk) if folder is None else folder, NOW))


@pytest.fixture
def place(tmp_path, monkeypatch):
    made = Place(tmp_path)
    monkeypatch.setattr(probe_log, "_SAME_DISK", "")
    yield made
    made.log.close()


def test_where_there_is_no_log_there_is_nothing_to_say(tmp_path):
    assert list(heads(tmp_path, "", NOW)) == [] and list(tmp_path.iterdir()) == []


def test_without_a_folder_nothing_is_wrong_and_it_is_said(place):
    _, folder = place.told("")
    assert (folder.usable, folder.needed, folder.found, folder.version, folder.advice) == (
        True,
        False,
        False,
        "ikke valgt",
        "",
    )


def test_a_folder_with_a_head_of_this_hour_is_well_and_an_old_one_is_late(place):
    place.dropped()
    _, folder = place.told()
    assert folder.found and folder.advice == "" and folder.version.startswith("senest 20")
    shutil.rmtree(place.disk)
    place.disk.mkdir()
    place.dropped(hours_ago=3)
    assert "i to timer" in place.told()[1].advice
    place.log.close()  # who does not run drops nothing
    assert place.told()[1].advice == ""


def test_what_is_wrong_with_the_folder_is_a_warning_with_what_to_do(place, monkeypatch):
    for gone in (place.disk / "gone", place.var / "log" / "leaves"):
        _, folder = place.told(str(gone))
        assert (
            folder.usable
            and not folder.needed
            and "Se efter disken" in folder.advice
            and not (place.disk / "gone").exists()
        )
    place.dropped()
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)
        assert "ret til det" in place.told()[1].advice
    os.truncate(place.var / "log" / "leaves", 2 * WIDTH)
    assert "gammel kopi" in place.told()[1].advice
    (place.disk / "log-key.txt").write_text("x")
    assert "tom mappe" in place.told()[1].advice


def test_a_folder_on_the_logs_own_disk_is_told(tmp_path):
    made = Place(tmp_path)
    made.dropped()
    assert "samme disk" in made.told()[1].advice
    made.log.close()


def test_nothing_is_written_by_who_only_asks(place):
    place.told()
    assert list(place.disk.iterdir()) == []


def test_the_age_of_the_newest_stamped_head_is_told_and_a_late_one_warned_of_while_it_runs(place):
    stamped, _ = place.told()
    assert not stamped.found and "intet tidsstempel" in stamped.advice and stamped.usable
    place.log.stamps.keep(place.log.signed(), b"token", NOW - timedelta(hours=3))
    stamped, _ = place.told()
    assert stamped.found and stamped.version.startswith("senest 20") and "i to timer" in stamped.advice
    place.log.stamps.keep(place.log.signed(), b"token", NOW - timedelta(minutes=30))
    assert place.told()[0].advice == ""
    place.log.stamps.keep(place.log.signed(), b"token", NOW)
    place.log.close()
    assert next(heads(place.var, "", NOW + timedelta(days=1))).advice == "", "it does not run"


def test_the_doctor_asks(place, monkeypatch):
    for part in ("conversion", "opening", "backup", "fixity", "evidence", "certificates", "seal_key"):
        monkeypatch.setattr(doctor, part, lambda *_args, **_more: iter(()))
    names = [getattr(one, "name", "") for one in doctor.examine(place.var, 8080, "", "", "", str(place.disk))]
    assert {"Loggens hoved", "Mappe til loggens hoveder"} <= set(names)
