"""What ``tillid doctor`` says of backups: when the last one was made, and whether one is older than the rule says (ADR 0073)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tillid.cli.probes import Finding
from tillid.kernel.clock import instant
from tillid.wiring.backing_up import backups, is_too_old, noted

LATE = timedelta(days=2)


def backup(var: Path, now: datetime) -> Iterator[Finding]:
    """Nothing where there is no store yet."""
    if not (var / "data" / "Data.fs").is_file():
        return
    note, advice = noted(var), ""
    there = backups(Path(note.folder)) if note is not None else []
    if note is None:
        advice = "Der er ikke lavet en endnu. Sæt »tillid backup make --to MAPPE« til at køre hver nat."
    elif not there:
        advice = f"Mappen {note.folder} er her ikke, eller den er tom. Se efter disken, og lav en ny."
    elif now - there[-1].made_at > LATE:
        advice = "Der er ikke lavet en ny i to dage. Se efter, hvorfor »tillid backup make« ikke kører."
    if there and is_too_old(there[0], now):
        advice = f"{advice} Den ældste må ikke findes mere: {there[0].path}. Lav en ny, så fjernes den.".strip()
    yield Finding(
        name="Sikkerhedskopier",
        purpose="alt kan hentes tilbage",
        needed=False,
        found=note is not None,
        version=f"senest {instant(note.made_at)}" if note is not None else "",
        usable=True,
        advice=advice,
    )
