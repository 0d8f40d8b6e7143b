"""The folder outside the installation in which heads of the log lie for a witness, where one is chosen (ADR 0087)."""

from __future__ import annotations

from pathlib import Path

from tillid.adapters.log_file import LogFile
from tillid.adapters.witness_folder import WitnessFolder
from tillid.kernel.clock import Clock


def witness_at(folder: str, log: LogFile, clock: Clock) -> WitnessFolder | None:
    """``folder`` for ``log``; ``None`` where none is named."""
    return WitnessFolder(Path(folder).absolute(), log, clock) if folder else None
