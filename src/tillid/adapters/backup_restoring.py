"""A backup becomes a folder of data again (ADR 0073): every byte held against the backup's list, whole or not there.

What was destroyed after the backup was made goes again at the next ``tillid start`` (ADR 0051); so the longest list of destructions
that can be found goes along: those of all backups beside this one, and of the folder that was lost, if it is there. By their logs it is known,
too, whether anything happened after the backup: then it is not put back as if nothing had, for a withdrawal may be among it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from tillid.adapters.backup_book import copied, listed
from tillid.adapters.backups import backups, require_backup
from tillid.adapters.destroyed_file import DestroyedFile
from tillid.adapters.evidence_copies import let_go
from tillid.adapters.log_index import WIDTH
from tillid.kernel.errors import TillidError
from tillid.kernel.files import sync

_KEY = "municipality.key"  # what no installation is without


class EventsLost(TillidError):
    """``count``: of what is in the log of the lost folder or of another backup and not in this one's."""

    code = "backup.events-lost"
    text = (
        "Efter sikkerhedskopien er der sket {count} ting, som den ikke ved: nogen kan have trukket et samtykke tilbage. Brug en "
        "nyere. Er der ingen, så kør igen med --accept-lost: så kan ingen modtager læse noget, før nogen har bekræftet, at intet mangler. "
        "Intet er lagt tilbage."
    )


class BackupDamaged(TillidError):
    """``what``: the file's name in the backup."""

    code = "backup.damaged"
    text = "Sikkerhedskopien er ikke, som den blev lavet: {what}. Brug en anden. Intet er lagt tilbage."


def restore(
    backup: Path, var: Path, keys: Path, lost: Path | None = None, *, accept_lost: bool = False,
    before_it_is_there: Callable[[Path, int], None] = lambda work, count: None
) -> int:  # fmt: skip
    """Make ``var`` of ``backup`` and of ``keys``. ``lost``: the folder of data that it stands for, as far as it is left.
    ``accept_lost``: though events are known to have happened since, a withdrawal perhaps. ``before_it_is_there``: is given the new
    folder and how many events are known to be missing.

    Returns how many destructions the new folder knows of. Raises ``TillidError`` (``backup.none``, ``backup.damaged``,
    ``backup.events-lost``, ``backup.not-empty``, ``backup.no-keys``, ``keeping.list-damaged``), ``OSError``; then ``var`` is as it was.
    """
    _require(backup, var, keys)
    others = [*(one.path for one in backups(backup.resolve().parent)), *([lost] if lost is not None else [])]
    if (missing := _later(backup, others)) and not accept_lost:
        raise EventsLost("it ends before what is known", count=missing)
    work = var.with_name(f".{var.name}.restoring")
    if work.exists():
        shutil.rmtree(work)
    work.mkdir(mode=0o700, parents=True)
    try:
        _copy(backup, work)
        let_go(work / "evidence")
        shutil.copytree(keys, work / "keys", copy_function=_copy_key)
        (work / "keys").chmod(0o700)
        count = _know_destroyed(work, others)
        before_it_is_there(work, missing)
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


def _later(backup: Path, others: Iterable[Path]) -> int:
    """How many events are in another's log and not in this one's: their digests alone tell (ADR 0031)."""
    known = _leaves(backup)
    return len({leaf for one in others for leaf in _leaves(one)} - known)


def _leaves(folder: Path) -> set[bytes]:
    try:
        data = (folder / "log" / "leaves").read_bytes()
    except FileNotFoundError:
        return set()
    return {data[at : at + WIDTH] for at in range(0, len(data) - len(data) % WIDTH, WIDTH)}


def _know_destroyed(work: Path, others: Iterable[Path]) -> int:
    mine = DestroyedFile(work / "destroyed")
    for one in others:
        mine.add(DestroyedFile(one / "destroyed").all())
    return len(mine.all())
