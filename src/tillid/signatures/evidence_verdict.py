"""What a verification of an evidence record answers: step → status, sub-indication (EN 319 102-1), Danish sentence."""

from __future__ import annotations

from tillid.signatures.limits import STILL_HOLDS
from tillid.signatures.verdict import REASONS, Status, Verdict

_LOST = "Det kan ikke længere bevises, at filen fandtes dengang."

STEPS: dict[str, tuple[Status, str, str]] = {
    "evidence.ok": (
        "passed",
        "",
        "Filen fandtes uændret, da beviset begyndte, og beviset er fornyet i tide.",
    ),
    "evidence.unreadable": ("unreadable", "FORMAT_FAILURE", "Filen kan ikke læses som et bevis (RFC 4998)."),
    "evidence.shape": ("failed", "FORMAT_FAILURE", "Beviset er ikke skrevet, som Tillid skriver det."),
    "evidence.object": (
        "failed",
        "HASH_FAILURE",
        "Beviset gælder ikke denne fil: Den er en anden, eller den er ændret siden.",
    ),
    "evidence.link": (
        "failed",
        "HASH_FAILURE",
        "Beviset er ændret: En fornyelse dækker ikke det, der kom før den.",
    ),
    "evidence.tree": ("failed", "HASH_FAILURE", "Beviset er ændret: Et tidsstempel i det gælder noget andet."),
    "evidence.order": (
        "failed",
        "TIMESTAMP_ORDER_FAILURE",
        "Beviset er ændret: En fornyelse siger et tidligere tidspunkt end det, den fornyer.",
    ),
    "evidence.late": (
        "indeterminate",
        "OUT_OF_BOUNDS_NO_POE",
        f"Beviset blev fornyet, efter at certifikatet bag et tidsstempel var udløbet. {_LOST}",
    ),
    "evidence.late-method": (
        "indeterminate",
        "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        f"Beviset blev fornyet, efter at dets metode ikke længere var sikker. {_LOST}",
    ),
    "evidence.expired": (
        "indeterminate",
        "OUT_OF_BOUNDS_NO_POE",
        f"Certifikatet bag bevisets seneste tidsstempel er udløbet, og beviset er ikke fornyet. {_LOST}",
    ),
    "evidence.method": (
        "indeterminate",
        "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
        f"Bevisets metode er ikke længere sikker, og beviset er ikke fornyet. {_LOST}",
    ),
}

# What evidence can never say by itself.
DOES_NOT_PROVE = (
    "Beviset viser, at netop disse bytes fandtes på et tidspunkt. Det viser ikke, hvem der lavede dem, eller om det, der "
    "står i dem, er sandt.",
    STILL_HOLDS,
)


def evidence_verdict(step: str, **details: str) -> Verdict:
    """The verdict of a step of ``STEPS``, or of a timestamp in the evidence (``timestamp.…``, ``revocation.…``: ``verdict.REASONS``)."""
    if step in STEPS:
        status, sub, sentence = STEPS[step]
    else:
        status, sub, said = REASONS[step]
        sentence = f"{said.split('. ')[0].removesuffix('.')}. Derfor kan beviset ikke bruges."
    return Verdict(
        status=status, step=step, sub_indication=sub, sentence=sentence, details=details, does_not_prove=DOES_NOT_PROVE
    )
