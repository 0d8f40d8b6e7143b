"""What ``tillid doctor`` asks of what opens strangers' files, and the warning where its walls are not the best."""

from __future__ import annotations

import base64

from tillid.cli.probes import Finding
from tillid.kernel.errors import TillidError

# One white point: the smallest file that is really opened.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
# How it is kept apart: what is said of it, and the warning (adapters/boxed/walls.py).
ISOLATION = {
    "bwrap": ("lukket inde (bwrap)", ""),
    "landlock": (
        "næstbedst (Landlock)",
        "Det, der åbner filer fra andre, er kun halvt lukket inde, for bubblewrap virker ikke på maskinen. Kernen holder det fra "
        "filerne og fra TCP, men ikke fra alt. Få bubblewrap til at virke, før Tillid tages i brug.",
    ),
    "none": (
        "uden lukket rum",
        "Det, der åbner filer fra andre, er ikke lukket inde, for hverken bubblewrap eller Landlock virker på maskinen. En "
        "ondsindet fil kan nå maskinens filer og netværk. Få bubblewrap til at virke, før Tillid tages i brug.",
    ),
}


def opening() -> Finding:
    """A tiny picture through the process that opens what people send in."""
    from tillid.adapters.boxed import apart
    from tillid.adapters.uploads.box import cleaned

    base = {"name": "Filer fra andre", "purpose": "prøver det lukkede rum, de bliver åbnet i"}
    base["version"], advice = ISOLATION[apart.isolation()]
    try:
        cleaned(PICTURE)
    except TillidError as error:
        advice = f"En fil kunne ikke åbnes ({error.code}). Kør »make install« igen."
        return Finding(**base, found=True, usable=False, advice=advice)
    return Finding(**base, found=True, usable=True, advice=advice)
