"""The folder outside the installation in which heads of the log lie for a witness, where one is chosen (ADR 0087)."""

from __future__ import annotations

import os
from pathlib import Path

from tillid.adapters.log_file import LogFile
from tillid.adapters.log_stamps import newest_in
from tillid.adapters.witness_folder import KEY, WitnessFolder, WitnessOther
from tillid.kernel.clock import Clock


def witness_at(folder: str, log: LogFile, clock: Clock) -> WitnessFolder | None:
    """``folder`` for ``log``; ``None`` where none is named."""
    return WitnessFolder(Path(folder).absolute(), log, clock) if folder else None


def require_new(folder: Path) -> None:
    """For a log that does not exist yet: what lies there is another's. Raises ``WitnessOther``, ``OSError``."""
    if os.path.lexists(folder / KEY) or newest_in(folder, "note") is not None:
        raise WitnessOther("the heads of another log")
