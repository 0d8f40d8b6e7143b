"""What is said of the parts of a package that are no record: its events, answers and PDF (``package_proof.py``)."""

from __future__ import annotations

from tillid.signatures.verdict import Status, Verdict

DOES_NOT_PROVE = (
    "Pakkens titel, nummer og afsender er, hvad pakken selv siger. Hvis segl det er, står ved hver post.",
    "Kontrollen viser ikke, om der er sket mere med dokumentet, efter at pakken blev lavet.",
    "Hændelserne efter den sidste forseglede post er kun bundet til hinanden. Ingen har forseglet dem.",
    "Kontrollen læser ikke PDF-filens sider, men de svar, der ligger i den. Siderne er ikke forseglet.",
)
# step → status, sub-indication (EN 319 102-1, ``signatures/indications.py``), Danish sentence.
STEPS: dict[str, tuple[Status, str, str]] = {
    "inside.none": (
        "unreadable",
        "SIGNED_DATA_NOT_FOUND",
        "Pakken er ikke lavet af Tillid, eller dens oplysninger kan ikke læses. Indholdet kan ikke efterprøves.",
    ),
    "inside.too-large": ("unreadable", "FORMAT_FAILURE", "Filen er for stor til at blive efterprøvet."),
    "inside.events.ok": ("passed", "", "Hændelserne er én hel række."),
    "inside.events": (
        "failed",
        "HASH_FAILURE",
        "Hændelserne er ikke én hel række: en mangler, er ændret, er sat ind eller hører til et andet dokument.",
    ),
    "inside.record": (
        "failed",
        "SIGNED_DATA_NOT_FOUND",
        "Hændelsen skulle have en forseglet post, men den ligger ikke i pakken.",
    ),
    "inside.stray": ("failed", "CUSTOM", "Posten hører ikke til nogen af pakkens hændelser."),
    "inside.answers.ok": ("passed", "", "Svar og skema er dem, som posterne nævner."),
    "inside.answers": ("failed", "HASH_FAILURE", "Svarene eller skemaet er andre end dem, som posterne nævner."),
    "inside.answers.part": (
        "indeterminate",
        "NO_POE",
        "Arkivet ser ikke alle svar, så svarene kan ikke holdes op mod kontroltallet i posterne.",
    ),
    "inside.answers.unnamed": (
        "indeterminate",
        "NO_POE",
        "Ingen godkendt post i pakken er om denne udgave, så svarene kan ikke holdes op mod noget.",
    ),
    "inside.attached.ok": ("passed", "", "De vedlagte filer er nogle af dem, som svarene nævner."),
    "inside.attached": ("failed", "HASH_FAILURE", "En vedlagt fil er ikke en af dem, som svarene nævner."),
    "inside.pdf.ok": (
        "passed",
        "",
        "PDF-filen har netop de tilføjelser, som pakken siger, og posterne og svarene i den er dem, der ligger i pakken.",
    ),
    "inside.pdf.answers": (
        "failed",
        "HASH_FAILURE",
        "Svarene, som ligger i PDF-filen, er andre end dem, der ligger i pakken.",
    ),
    "inside.pdf": (
        "failed",
        "HASH_FAILURE",
        "PDF-filens tilføjelser eller posterne i den er andre, end pakken siger, eller den er et andet dokuments.",
    ),
    "inside.pdf.broken": (
        "failed",
        "FORMAT_FAILURE",
        "PDF-filen kan ikke læses, eller den er ændret på en måde, som Tillid aldrig gør.",
    ),
}


def inside(step: str, **details: str) -> Verdict:
    """The verdict of a step of ``STEPS``."""
    status, sub, sentence = STEPS[step]
    return Verdict(
        status=status, step=step, sub_indication=sub, sentence=sentence, details=details, does_not_prove=DOES_NOT_PROVE
    )
