"""What ``tillid start`` says first of the folders outside that were chosen (``--journal``, ``--witness``) and cannot be used (ADR 0099).

It starts all the same: no consent and no withdrawal waits for them (R-17), and what belongs in them comes when they are there.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import TillidError
from tillid.wiring.beside import log_key, opened_log
from tillid.wiring.journalling import journal_at
from tillid.wiring.witnessing import require_new, witness_at

PATIENCE = 10.0  # seconds: a share that is away can take minutes to say so
NEW = "a first start"  # nobody's key: whatever lies there is of another
_AWAY = "findes ikke. Se efter disken, eller lav mappen."
_NO_FOLDER = "er ikke en mappe. Vælg en mappe."
_CLOSED = "må Tillid ikke læse og skrive i. Giv den bruger, der kører Tillid, ret til det."
_SILENT = "svarer ikke. Se efter disken; siden Drift siger, hvordan det går."
_ALL_THE_SAME = (
    "Tillid starter alligevel, for samtykker og tilbagekaldelser venter ikke på {which}. Det, der skal ligge der, kommer, når det kan. "
    "Er stien skrevet forkert, så stop (Ctrl-C), og start med den rigtige."
)


def told(var: Path, journal: str, witness: str) -> Iterator[str]:
    """A sentence for each that cannot be used, then why the start goes on; nothing is made or written."""
    wrong = []
    for name, folder, ask in (("journal", journal, _journal), ("witness", witness, _witness)):
        if folder and (said := _within(PATIENCE, lambda a=ask, f=folder: _asked(a, var, f))):
            wrong.append(f"ADVARSEL: Mappen {folder} (--{name}, TILLID_{name.upper()}) {said}")
    yield from wrong
    if wrong:
        yield _ALL_THE_SAME.format(which="den" if len(wrong) == 1 else "dem")


def _asked(ask: Callable[[Path, str], None], var: Path, folder: str) -> str:
    """What is wrong; empty: nothing."""
    path = Path(folder).absolute()
    try:
        if not os.path.lexists(path):
            return _AWAY
        if not path.is_dir():
            return _NO_FOLDER
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
            return _CLOSED
        ask(var, folder)
    except TillidError as error:
        return f"kan ikke bruges. {error.message} [{error.code}]"
    except OSError:  # a name that is too long, a disk with errors
        return _AWAY
    return ""


def _journal(var: Path, folder: str) -> None:
    journal = journal_at(folder, log_key(var) or NEW)
    if journal is not None:
        journal.require_usable()


def _witness(var: Path, folder: str) -> None:
    if not log_key(var):
        require_new(Path(folder))
        return
    log = opened_log(var)
    with closing(log):
        witness = witness_at(folder, log, SystemClock())
        if witness is not None:
            witness.examine()


def _within(seconds: float, ask: Callable[[], str]) -> str:
    """What ``ask`` says, in a thread of its own that nobody waits for longer."""
    said = [_SILENT]

    def asked() -> None:
        said[0] = ask()

    thread = threading.Thread(target=asked, name="start-folder", daemon=True)
    thread.start()
    thread.join(seconds)
    return said[0]
