"""What is found around a record: files that are none, receipts, the store, the log and a PDF. Part of ``verdict.REASONS``."""

from __future__ import annotations

from tillid.signatures.indications import Status

# step → status, sub-indication, Danish sentence, as there.
AROUND: dict[str, tuple[Status, str, str]] = {
    "unreadable.not-xml": ("unreadable", "FORMAT_FAILURE", "Filen kan ikke læses som en samtykkepost."),
    "unreadable.too-large": ("unreadable", "FORMAT_FAILURE", "Filen er for stor til at være en samtykkepost."),
    "unreadable.not-a-record": ("unreadable", "FORMAT_FAILURE", "Filen er ikke en samtykkepost fra Tillid."),
    "unreadable.no-file": ("unreadable", "SIGNED_DATA_NOT_FOUND", "Filen findes ikke eller kan ikke åbnes."),
    "unreadable.no-records": ("unreadable", "SIGNED_DATA_NOT_FOUND", "Der er ingen samtykkeposter her."),
    "unreadable.pdf": ("unreadable", "FORMAT_FAILURE", "PDF-filen kan ikke læses."),
    "unreadable.receipt": (
        "unreadable",
        "FORMAT_FAILURE",
        "Filen er ikke en kvittering fra Tillid, eller den er ødelagt.",
    ),
    "receipt.changed": ("failed", "FORMAT_FAILURE", "En fil i kvitteringen er ikke, som Tillid skrev den."),
    "receipt.page": ("failed", "FORMAT_FAILURE", "Siden i kvitteringen viser ikke det, der er forseglet."),
    "receipt.proof": (
        "failed",
        "CUSTOM",
        "Beviset for, at hændelsen står i loggen, holder ikke.",
    ),
    "receipt.log": (
        "indeterminate",
        "NO_POE",
        "Posten er ægte, men loggens nøgle er ikke på tillidslisten (log/), så det kan ikke afgøres, hvis log den står i.",
    ),
    "store.other-event": (
        "failed",
        "CUSTOM",
        "Posten er ægte, men den er om en anden hændelse end den, den ligger ved.",
    ),
    "store.other-content": (
        "failed",
        "CUSTOM",
        "Seglet er ægte, men posten siger noget andet end den hændelse, den ligger ved.",
    ),
    "store.lost-event": (
        "failed",
        "CUSTOM",
        "Loggen har en hændelse, som databasen ikke har. Den er taget ud, eller en ældre kopi af databasen er lagt ind.",
    ),
    "store.chain": ("failed", "CUSTOM", "Hændelsen følger ikke den, der står før den i rækken."),
    "store.not-in-log": (
        "indeterminate",
        "NO_POE",
        "Posten er ægte, men hændelsen står ikke i loggen. Er den ny, kommer den med om lidt.",
    ),
    "store.no-record": (
        "indeterminate",
        "SIGNED_DATA_NOT_FOUND",
        "Hændelsen har ingen forseglet post endnu.",
    ),
    "pdf.tampered": ("failed", "FORMAT_FAILURE", "PDF-filen er ændret på en måde, som Tillid aldrig gør."),
    "pdf.other-document": (
        "failed",
        "CUSTOM",
        "Posten er ægte, men den hører til et andet dokument end det, den ligger i.",
    ),
    "pdf.other-evidence": (
        "failed",
        "CUSTOM",
        "Det fornyede bevis i PDF-filen hører til en anden post end den, det ligger ved.",
    ),
}
