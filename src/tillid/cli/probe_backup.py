"""What ``tillid doctor`` says of backups (ADR 0073), and of one that was put back (ADR 0082)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tillid.cli.probes import Finding
from tillid.kernel.clock import instant
from tillid.kernel.errors import TillidError
from tillid.wiring.backing_up import backup_desk
from tillid.wiring.reading import opened_store

ADVICE = {
    "none": "Der er ikke lavet en endnu. Sæt »tillid backup make --to MAPPE« til at køre hver nat.",
    "away": "Mappen med dem er her ikke, eller den er tom. Se efter disken, og lav en ny.",
    "late": "Der er ikke lavet en ny i to dage. Se efter, hvorfor »tillid backup make« ikke kører.",
    "damaged": "Den nyeste er ikke, som den blev gemt. Se efter disken, og lav en ny: »tillid backup make«.",
    "unchecked": "Den nyeste er ikke læst igen. Kør »tillid backup check KOPI«.",
    "too_old": "Den ældste må ikke findes mere. Lav en ny, så fjernes den.",
}


def backup(var: Path, now: datetime) -> Iterator[Finding]:
    """Nothing where there is no store yet."""
    if not (var / "data" / "Data.fs").is_file():
        return
    desk = backup_desk(var)
    state = desk.state(now)
    if state.alarm == "too_old" and (oldest := desk.oldest()):
        advice = f"{ADVICE['too_old']} Det er {oldest.path}."
    else:
        advice = ADVICE.get(state.alarm, "")
    yield Finding(
        name="Sikkerhedskopier",
        purpose="alt kan hentes tilbage",
        needed=False,
        found=state.alarm != "none",
        version=f"senest {instant(state.made_at)}" if state.made_at else "",
        usable=True,
        advice=advice,
    )
    yield from _put_back(var)


def _put_back(var: Path) -> Iterator[Finding]:
    """Nothing where none ever was."""
    try:
        with opened_store(var) as store:
            every = store.restorations.all()
    except TillidError:
        return  # what is wrong with the store or its keys is told for itself
    if not every:
        return
    held = any(one.looked_at is None for one in every)
    advice = (
        "Ingen modtager kan læse det, der er ældre, før nogen har bekræftet, at ingen tilbagekaldelse mangler: administratoren på siden "
        "Drift, eller lederen på hvert dokuments side."
    )
    yield Finding(
        name="Hentet fra sikkerhedskopi",
        purpose="intet gives videre på det uvisse",
        needed=False,
        found=True,
        version=f"fra {instant(every[-1].backup_at)}",
        usable=True,
        advice=advice if held else "",
    )
