"""A folder that was restored from a backup, and the copies of its evidence on other disks."""

from __future__ import annotations

import pytest

from tests.unit.cli.test_evidence_copies import Place, listed, place
from tillid.adapters.backup_restoring import restore
from tillid.adapters.backups import make
from tillid.cli import main
from tillid.kernel.clock import SystemClock
from tillid.signatures.evidence_tree import digest

__all__ = ["place"]


@pytest.mark.req("R-85", "R-21")
def test_a_restored_folder_writes_to_no_other_disk_before_it_is_told_to_and_takes_in_what_is_newer(
    place: Place, tmp_path, capsys
) -> None:
    restored, keys = Place(tmp_path / "restored", place.disk), tmp_path / "keys"
    keys.mkdir()
    (keys / "municipality.key").write_bytes(bytes(32))
    backup = make(tmp_path / "backups", place.var, lambda book: None, SystemClock().now())
    place.close()  # after the backup
    kept = place.held(place.disk)
    restore(backup.path, restored.var, keys)
    restored.count = 200
    restored.files.enter(digest("sha256", b"new"), "sha256")
    assert restored.copies.all() == () and restored.copies.carry(SystemClock().now()) == []
    assert place.held(place.disk) == kept
    assert "lagt tilbage" in listed(restored, capsys)
    assert main(["evidence", "copies", "--add", str(place.disk), "--var", str(restored.var)]) == 0
    assert len(restored.files.acts()) == 2 and restored.files.problems() == []
    assert "lagt tilbage" not in listed(restored, capsys)
