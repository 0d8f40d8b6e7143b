"""`tillid doctor` asks the folder to the municipality's journal system and says what is wrong with it (U23)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tillid.adapters.journal_folder import JournalFolder
from tillid.cli.doctor import examine
from tillid.cli.probe_journal import journal_system
from tillid.kernel.ids import new_id

NOW = datetime.now(UTC)
FILES = {"journal.json": b"{}"}


@pytest.fixture
def root(tmp_path):
    tmp_path.chmod(0o700)
    return tmp_path


@pytest.mark.req("U23")
def test_without_a_folder_nothing_is_wrong_and_one_that_is_not_there_is_told(root):
    assert journal_system("", NOW).usable and not journal_system("", NOW).needed
    found = journal_system(str(root / "gone"), NOW)
    assert not found.usable and found.needed and "TILLID_JOURNAL" in found.advice
    assert not (root / "gone").exists(), "asked, never made"


@pytest.mark.req("U23")
def test_what_waits_too_long_what_is_refused_and_who_may_enter(root):
    folder = JournalFolder(root)
    folder.hand_over(new_id(), FILES)
    found = journal_system(str(root), NOW)
    assert (found.usable, found.advice, found.version) == (True, "", "1 venter")
    assert "i et døgn" in journal_system(str(root), NOW + timedelta(days=2)).advice
    (root / "in" / "x.json").write_bytes(b"")
    (one,) = folder.receipts()
    folder.refuse(one, "unreadable")
    assert "Afviste kvitteringer: 1." in journal_system(str(root), NOW).advice
    root.chmod(0o755)
    assert "o-rwx" in journal_system(str(root), NOW).advice


@pytest.mark.req("U23")
def test_what_is_another_installations_and_what_may_not_be_written_to_is_told(root):
    list(JournalFolder(root, owner="a+1+x").receipts())
    assert journal_system(str(root), NOW, "a+1+x").usable
    found = journal_system(str(root), NOW, "b+2+y")
    assert not found.usable and "en anden Tillid" in found.advice and "tom mappe" in found.advice
    (root / "taken").rmdir()
    (root / "taken").write_text("")
    found = journal_system(str(root), NOW, "a+1+x")
    assert found.found and not found.usable and f"skrive i {root / 'taken'}" in found.advice


@pytest.mark.req("U23")
def test_the_doctor_asks_it(root, monkeypatch):
    from tillid.cli import doctor

    for part in ("conversion", "opening", "backup", "fixity", "evidence", "certificates", "seal_key"):
        monkeypatch.setattr(doctor, part, lambda *_args, **_more: iter(()))
    asked = [
        one
        for one in examine(root, 8080, "", "", str(root / "gone"))
        if getattr(one, "name", "") == "Kommunens journalsystem"
    ]
    assert [one.usable for one in asked] == [False]
    (root / "log").mkdir()
    (root / "log" / "origin").write_text("a\na+1+x\n")
    (root / "disk").mkdir()
    list(JournalFolder(root / "disk", owner="b+2+y").receipts())
    asked = [
        one
        for one in examine(root, 8080, "", "", str(root / "disk"))
        if getattr(one, "name", "") == "Kommunens journalsystem"
    ]
    assert "en anden Tillid" in asked[0].advice
