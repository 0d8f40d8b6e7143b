"""What ``tillid doctor`` asks of LibreOffice in its box, and the warning where the box is not the best one."""

from __future__ import annotations

from io import BytesIO

from tillid.cli.probes import SECONDS, Finding

# How LibreOffice is kept apart: what is said of it, and the warning (adapters/office/sandbox.py).
ISOLATION = {
    "bwrap": ("lukket inde (bwrap)", ""),
    "landlock": (
        "næstbedst (Landlock)",
        "LibreOffice er kun halvt lukket inde, for bubblewrap virker ikke på maskinen. Kernen holder det fra filerne og fra "
        "TCP, men ikke fra alt. Få bubblewrap til at virke, før Tillid tages i brug.",
    ),
    "none": (
        "uden lukket rum",
        "LibreOffice er ikke lukket inde, for hverken bubblewrap eller Landlock virker på maskinen. Et ondsindet dokument "
        "kan nå maskinens filer og netværk. Få bubblewrap til at virke, før Tillid tages i brug.",
    ),
}


def conversion() -> Finding:
    """One tiny document through the same box that makes the real ones."""
    from docx import Document

    from tillid.adapters.office import Limits, OfficeBox

    base = {"name": "Dokument til PDF", "purpose": "prøver LibreOffice i sit lukkede rum"}
    page = BytesIO()
    document = Document()
    document.add_paragraph("Tillid")
    document.save(page)
    with OfficeBox(Limits(wall=SECONDS)) as office:
        base["version"], advice = ISOLATION[office.isolation]
        try:
            office.convert(page.getvalue())
        except Exception as error:  # any way to fail is the answer
            advice = f"LibreOffice kunne ikke lave en PDF ({type(error).__name__}). Ret det, der mangler ovenfor."
            return Finding(**base, found=True, usable=False, advice=advice)
    return Finding(**base, found=True, usable=True, advice=advice)
