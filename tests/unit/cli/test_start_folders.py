"""A folder outside that was chosen and cannot be used is told on the first lines of the start, with what to do (ADR 0099)."""

from __future__ import annotations

import argparse
import os
import threading
from pathlib import Path

import pytest

from tillid.adapters.journal_folder import OWNER, PARTS, JournalFolder
from tillid.adapters.log_file import WIDTH, LogFile
from tillid.adapters.secretfile import secret_from
from tillid.adapters.witness_folder import KEY, WitnessFolder
from tillid.cli import filling, start, start_folders
from tillid.cli.start_folders import told
from tillid.cli.stopping import Stop
from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import TillidError
from tillid.signatures.checkpoint import LogKey
from tillid.wiring.first_start import FirstStart

pytestmark = [pytest.mark.req("U23"), pytest.mark.req("R-85")]


@pytest.fixture
def var(tmp_path):
    """What a start has left: the log with its key."""
    log = log_in(tmp_path / "var")
    log.enter("1" * 64)
    log.enter("2" * 64)
    log.close()
    return tmp_path / "var"


def log_in(var: Path) -> LogFile:
    return LogFile(var / "log", LogKey("solbjerg-demo/tillid", secret_from(var / "keys" / "log.key")))


def said(var: Path, *, journal: object = "", witness: object = "") -> list[str]:
    return list(told(var, str(journal), str(witness)))


def tree(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*")}


@pytest.fixture
def place(tmp_path):
    made = tmp_path / "outside"
    made.mkdir()
    return made


def test_nothing_chosen_and_what_can_be_used_need_no_word_and_nothing_is_made(var, place):
    assert said(var) == [] and said(var, journal=place, witness=place) == []
    assert said(var.parent / "new", journal=place, witness=place) == [] and tree(place) == set()


def test_one_that_was_used_before_needs_no_word(var, place, tmp_path):
    (tmp_path / "heads").mkdir()
    log = log_in(var)
    list(JournalFolder(place, owner=log.verifier.text()).receipts())
    WitnessFolder(tmp_path / "heads", log, SystemClock()).drop_now()
    log.close()
    assert (tmp_path / "heads" / KEY).exists() and (place / OWNER).exists()
    assert said(var, journal=place, witness=tmp_path / "heads") == []


@pytest.mark.parametrize("option", ["journal", "witness"])
@pytest.mark.parametrize("name", ["gone", "file", "link", "file/below", "x" * 300])
@pytest.mark.parametrize("again", [True, False], ids=["again", "first"])
def test_what_is_not_there_or_is_no_folder_is_told_with_what_to_do(var, tmp_path, option, name, again):
    (tmp_path / "file").write_text("regnskab")
    (tmp_path / "link").symlink_to("nowhere")
    wrong, why = said(var if again else tmp_path / "new", **{option: tmp_path / name})
    assert wrong.startswith(f"ADVARSEL: Mappen {tmp_path / name} (--{option}, TILLID_{option.upper()}) ")
    assert ("Vælg en mappe" if name in ("file", "link") else "Se efter disken") in wrong
    assert "starter alligevel, for samtykker og tilbagekaldelser venter ikke på den" in why and "Ctrl-C" in why
    assert not (tmp_path / "gone").exists() and not (tmp_path / "new").exists()


@pytest.mark.parametrize("option", ["journal", "witness"])
def test_one_that_may_not_be_written_to_is_told(var, place, monkeypatch, option):
    really = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != place and really(path, mode))
    wrong, _ = said(var, **{option: place})
    assert "ret til det" in wrong


@pytest.mark.parametrize("part", PARTS)
def test_a_file_in_the_place_of_one_of_the_journals_folders_is_told_by_name(var, place, part):
    (place / ".tillid").mkdir()
    (place / part).write_text("")
    wrong, _ = said(var, journal=place)
    assert f"læse og skrive i {place / part}" in wrong and "[journal.closed]" in wrong


@pytest.mark.parametrize("again", [True, False], ids=["again", "first"])
def test_what_another_installation_uses_is_told(var, place, tmp_path, again):
    (tmp_path / "heads").mkdir()
    other = log_in(tmp_path / "other")
    list(JournalFolder(place, owner=other.verifier.text()).receipts())
    WitnessFolder(tmp_path / "heads", other, SystemClock()).drop_now()
    other.close()
    before = tree(tmp_path)
    journal, heads, why = said(var if again else tmp_path / "new", journal=place, witness=tmp_path / "heads")
    assert "[journal.other]" in journal and "tom mappe" in journal
    assert "[witness.other]" in heads and "tom mappe" in heads and "venter ikke på dem" in why
    assert tree(tmp_path) == before


def test_a_log_that_was_put_back_from_an_older_copy_is_told(var, place):
    log = log_in(var)
    WitnessFolder(place, log, SystemClock()).drop_now()
    log.close()
    os.truncate(var / "log" / "leaves", WIDTH)
    (var / "log" / "checkpoint").unlink(missing_ok=True)
    wrong, _ = said(var, witness=place)
    assert "[witness.ahead]" in wrong and "log check" in wrong


def test_a_disk_that_hangs_keeps_no_start_waiting(var, place, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(start_folders, "PATIENCE", 0.05)
    monkeypatch.setattr(start_folders, "journal_at", lambda *_: (go_on.wait(5), None)[1])
    wrong, _ = said(var, journal=place)
    go_on.set()
    assert "svarer ikke" in wrong


def test_the_start_says_it_before_anything_else_and_goes_on(tmp_path, monkeypatch):
    lines = []

    def refused(*_given, **_named):
        lines.append("the installation")
        raise TillidError("far enough")

    monkeypatch.setattr(filling, "start_installation", refused)
    parser = argparse.ArgumentParser()
    start.add_arguments(parser)
    args = parser.parse_args(["--var", str(tmp_path / "var"), "--journal", str(tmp_path / "a"), "--witness", "b"])
    with pytest.raises(TillidError, match="far enough"):
        start._run(args, (None, None), FirstStart(args.var), Stop(), lines.append)
    assert [line.split()[0] for line in lines] == ["ADVARSEL:", "ADVARSEL:", "Tillid", "starter", "the"]
