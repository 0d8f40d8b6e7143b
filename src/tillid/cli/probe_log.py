"""What ``tillid doctor`` says of the log's heads: when the newest got its timestamp, and the folder in which they lie for a witness."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from tillid.cli.probes import Finding
from tillid.kernel.clock import SystemClock, instant
from tillid.kernel.errors import TillidError
from tillid.wiring.beside import LogFile, is_running, opened_log
from tillid.wiring.witnessing import witness_at

LATE = timedelta(hours=2)  # one an hour is meant
_STAMP_LATE = "Loggens hoved har ikke fået et tidsstempel i to timer. Se efter, om udstederen (--tsa) svarer."
_STAMP_NONE = "Loggens hoved har intet tidsstempel. Vælg en udsteder med --tsa (TILLID_TSA)."
_DROP_LATE = "Der er ikke kommet et hoved i to timer. Se efter, hvad siden Drift siger om mappen."
_NOT_OURS = "Tillid må ikke skrive i mappen. Giv den bruger, der kører Tillid, ret til det."
_SAME_DISK = "Mappen ligger på samme disk som loggen, eller disken er ikke sat på. Brug en anden disk, eller en mappe, som en anden passer på."


def heads(var: Path, folder: str, now: datetime) -> Iterator[Finding]:
    """Nothing where there is no log yet. What is wrong is a warning: the log goes on without it. Nothing is written."""
    if not (var / "log" / "leaves").is_file():
        return
    runs = is_running(var)
    log = opened_log(var)
    with closing(log):
        yield _stamped(log, now, runs=runs)
        yield _witness(log, var, folder, now, runs=runs)


def _stamped(log: LogFile, now: datetime, *, runs: bool) -> Finding:
    newest = log.stamps.newest()
    advice = ""
    if runs and (newest is None or now - newest > LATE):
        advice = _STAMP_NONE if newest is None else _STAMP_LATE
    return Finding(
        name="Loggens hoved",
        purpose="hver time et tidsstempel",
        needed=False,
        found=newest is not None,
        version=f"senest {instant(newest)}" if newest else "intet endnu",
        usable=True,
        advice=advice,
    )


def _witness(log: LogFile, var: Path, folder: str, now: datetime, *, runs: bool) -> Finding:
    base = {
        "name": "Mappe til loggens hoveder",
        "purpose": "viser, om loggen er skiftet ud",
        "needed": False,
        "usable": True,
    }
    witness = witness_at(folder, log, SystemClock())
    if witness is None:
        return Finding(**base, found=False, version="ikke valgt")
    try:
        newest = witness.examine()
    except TillidError as error:
        return Finding(**base, found=False, advice=error.message)
    return Finding(
        **base,
        found=True,
        version=f"senest {instant(newest)}" if newest else "tom endnu",
        advice=_advice(Path(folder), var, late=runs and newest is not None and now - newest > LATE),
    )


def _advice(folder: Path, var: Path, *, late: bool) -> str:
    if not os.access(folder, os.W_OK | os.X_OK):
        return _NOT_OURS
    said = [_DROP_LATE] if late else []
    if folder.stat().st_dev == (var / "log").stat().st_dev:
        said.append(_SAME_DISK)
    return " ".join(said)
