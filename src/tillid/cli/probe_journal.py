"""What ``tillid doctor`` says of the folder to the municipality's journal system (docs/journal.md)."""

from __future__ import annotations

import os
import stat
from datetime import datetime, timedelta
from pathlib import Path

from tillid.cli.probes import Finding
from tillid.kernel.errors import TillidError
from tillid.usecases.ports_journal import JournalState
from tillid.wiring.journalling import journal_at

LATE = timedelta(days=1)


def journal_system(folder: str, now: datetime) -> Finding:
    """The folder is asked, and never written to; empty: nothing is joined, and the journal is kept by ``tillid journal``."""
    base = {"name": "Kommunens journalsystem", "purpose": "får det, der journalføres", "needed": bool(folder)}
    journal = journal_at(folder)
    if journal is None:
        return Finding(**base, found=False, version="ikke valgt", usable=True)
    try:
        state = journal.state()
    except TillidError:
        advice = "Mappen i TILLID_JOURNAL (--journal) findes ikke eller kan ikke læses. Lav den, eller se efter disken."
        return Finding(**base, found=False, usable=False, advice=advice)
    if not os.access(folder, os.W_OK | os.X_OK):
        advice = "Tillid må ikke skrive i mappen. Giv den bruger, der kører Tillid, ret til det."
        return Finding(**base, found=True, usable=False, advice=advice)
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
