"""What ``tillid doctor`` says of the daily reading of all that is stored: what it has found, and whether it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from tillid.archive.fixity import DAYS
from tillid.cli.probes import Finding
from tillid.cli.reading import opened
from tillid.kernel.clock import instant
from tillid.kernel.errors import TillidError

LATE = timedelta(days=DAYS + 2)


def fixity(var: Path, now: datetime) -> Iterator[Finding]:
    """Nothing where there is no store yet. Numbers alone: what it is about, »tillid fixity status« says, and writes who asked."""
    if not (var / "data" / "Data.fs").is_file():
        return
    advice = version = ""
    try:
        with opened(var) as store:
            state = store.blobs.fixity()
        if state is not None:
            version = f"senest {instant(state.ran_at)}"
        if state is not None and state.damages:
            advice = f"{len(state.damages)} ting er ikke, som de blev gemt. Se hvilke med »tillid fixity status«, og hvad der skal gøres, under Drift."
        elif state is not None and now - state.began_at > LATE:
            advice = f"Ikke alt er læst igen i {DAYS} dage. Lad Tillid køre, eller kør »tillid fixity run«, og se i serverens log."
    except TillidError as error:
        advice = error.message
    except Exception as error:  # a storage can be torn in many ways
        advice = f"Databasen kan ikke læses ({type(error).__name__}). Hent den fra en sikkerhedskopi."
    yield Finding(
        name="Gemte ting, læst igen",
        purpose="finder det, der er ændret eller ødelagt",
        found=True,
        version=version or "ikke begyndt",
        usable=True,
        advice=advice,
    )
