"""What ``tillid doctor`` says of the folder to the municipality's journal system (docs/journal.md)."""

from __future__ import annotations

import stat
from datetime import datetime, timedelta
from pathlib import Path

from tillid.cli.probes import Finding
from tillid.kernel.errors import TillidError
from tillid.usecases.ports_journal import JournalState
from tillid.wiring.journalling import journal_at

LATE = timedelta(days=1)


def journal_system(folder: str, now: datetime, owner: str = "") -> Finding:
    """The folder is asked, and never written to; empty: nothing is joined, and the journal is kept by ``tillid journal``. ``owner``: the
    installation that asks."""
    base = {"name": "Kommunens journalsystem", "purpose": "får det, der journalføres", "needed": bool(folder)}
    journal = journal_at(folder, owner)
    if journal is None:
        return Finding(**base, found=False, version="ikke valgt", usable=True)
    try:
        state = journal.state()
    except TillidError as error:
        advice = "Mappen i TILLID_JOURNAL (--journal) findes ikke eller kan ikke læses. Lav den, eller se efter disken."
        advice = error.message if error.code == "journal.other" else advice
        return Finding(**base, found=False, usable=False, advice=advice)
    try:
        journal.require_usable()
    except TillidError as error:
        return Finding(**base, found=True, usable=False, advice=error.message)
    return Finding(
        **base, found=True, version=f"{state.waiting} venter", usable=True, advice=_advice(Path(folder), state, now)
    )


def _advice(folder: Path, state: JournalState, now: datetime) -> str:
    said = []
    if folder.stat().st_mode & stat.S_IRWXO:
        said.append("Alle på maskinen kan komme ind i mappen. Luk den for andre (chmod o-rwx).")
    if state.refused:
        said.append(f"Afviste kvitteringer: {len(state.refused)}. Se mappen refused, og ret dem (docs/journal.md).")
    if state.oldest is not None and now - state.oldest > LATE:
        said.append(
            "Noget har ligget i et døgn uden at blive hentet. Se efter, om journalsystemet henter fra mappen out."
        )
    return " ".join(said)
