"""A backup becomes a folder of data again (ADR 0073): every byte held against the backup's list, whole or not there.

What was destroyed after the backup was made goes again at the next ``tillid start`` (ADR 0051); so the longest list of destructions
that can be found goes along: those of all backups beside this one, and of the folder that was lost, if it is there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from tillid.adapters.backup_book import copied, listed
from tillid.adapters.backups import backups, require_backup
from tillid.adapters.destroyed_file import DestroyedFile
from tillid.kernel.errors import TillidError
from tillid.kernel.files import sync

_KEY = "municipality.key"  # what no installation is without


class BackupDamaged(TillidError):
    """``what``: the file's name in the backup."""

    code = "backup.damaged"
    text = "Sikkerhedskopien er ikke, som den blev lavet: {what}. Brug en anden. Intet er lagt tilbage."


def restore(backup: Path, var: Path, keys: Path, lost: Path | None = None) -> int:
    """Make ``var`` of ``backup`` and of ``keys``. ``lost``: the folder of data that it stands for, as far as it is left.

    Returns how many destructions the new folder knows of. Raises ``TillidError`` (``backup.none``, ``backup.damaged``,
    ``backup.not-empty``, ``backup.no-keys``, ``keeping.list-damaged``), ``OSError``; then ``var`` is as it was.
    """
    _require(backup, var, keys)
    work = var.with_name(f".{var.name}.restoring")
    if work.exists():
        shutil.rmtree(work)
    work.mkdir(mode=0o700, parents=True)
    try:
        _copy(backup, work)
        shutil.copytree(keys, work / "keys", copy_function=_copy_key)
        (work / "keys").chmod(0o700)
        count = _know_destroyed(work, [one.path for one in backups(backup.resolve().parent)], lost)
        for folder, _, _ in os.walk(work, topdown=False):
            sync(Path(folder))
        os.rename(work, var)  # also over an empty folder
        sync(var.parent)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return count


def _require(backup: Path, var: Path, keys: Path) -> None:
    require_backup(backup)
    if var.exists() and (not var.is_dir() or any(var.iterdir())):
        raise TillidError(
            "there is something already",
            code="backup.not-empty",
            text="Mappen {folder} er ikke tom. Flyt den til side, så intet bliver skrevet over, og kør kommandoen igen.",
            folder=var,
        )
    if not (keys / _KEY).is_file():
        raise TillidError(
            f"no {_KEY}",
            code="backup.no-keys",
            text="Der er ingen nøgler i {folder}. De er ikke i sikkerhedskopien; hent dem, hvor I gemmer dem.",
            folder=keys,
        )


def _copy(backup: Path, work: Path) -> None:
    try:
        known = listed(backup)
    except ValueError as error:
        raise BackupDamaged("the list", what=str(error)) from error
    for name, digest in known.items():
        target = work / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with (backup / name).open("rb") as file:
                if copied(file, target, os.fstat(file.fileno()).st_size) != digest:
                    raise BackupDamaged("another digest", what=name)
        except FileNotFoundError as error:
            raise BackupDamaged("missing", what=name) from error


def _copy_key(source: str, target: str) -> None:
    with open(source, "rb") as file:
        copied(file, Path(target), os.fstat(file.fileno()).st_size)


def _know_destroyed(work: Path, others: Iterable[Path], lost: Path | None) -> int:
    mine = DestroyedFile(work / "destroyed")
    for one in (*others, *([lost] if lost is not None else [])):
        mine.add(DestroyedFile(one / "destroyed").all())
    return len(mine.all())
