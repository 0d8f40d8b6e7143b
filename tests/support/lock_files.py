"""A folder with one small form and its LOCK, for tests of what may still change."""

from __future__ import annotations

from pathlib import Path

from tests.unit.forms.examples import SMALL
from tillid.forms.loading import load_definitions
from tillid.forms.lock import write_lock


def locked_folder(folder: Path) -> Path:
    """``folder`` with one candidate, locked."""
    (folder / "demo").mkdir()
    (folder / "demo" / "v1.yaml").write_text(SMALL)
    write_lock(load_definitions(folder), folder / "LOCK")
    return folder


def change(root: Path, old: str = 'title: "Demo"', new: str = 'title: "Ændret"') -> None:
    """The form with other words."""
    path = root / "demo" / "v1.yaml"
    path.write_text(path.read_text().replace(old, new))


def publish(root: Path) -> list[str]:
    """The form as published, and the names whose lines in LOCK changed."""
    change(root, "status: candidate", "status: published")
    return write_lock(load_definitions(root), root / "LOCK")
