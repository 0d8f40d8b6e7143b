"""Why a PDF is refused: one word for programs, one Danish sentence for people."""

from __future__ import annotations

from tillid.adapters.pdf.check import PdfRefused

# A file that somebody has changed. All other reasons say that it cannot be read, or is none of ours.
TAMPERED = frozenset({"replaced", "hidden", "file-replaced", "history"})
REASONS = {
    "broken": "den er beskadiget og kan ikke læses",
    "encrypted": "den er låst med en adgangskode",
    "script": "der er et program (JavaScript) i den",
    "starts": "den starter noget af sig selv, når den åbnes",
    "program": "der ligger en fil i den, som kan køres som et program",
    "heavy": "den er for tung at åbne",
    "structure": "den er ikke bygget, som Tillid bygger sine dokumenter",
    "names": "en fil i den har et navn, der ikke kan bruges",
    "replaced": "en senere tilføjelse har erstattet noget af det, der stod i den før",
    "hidden": "en senere tilføjelse henter noget, som ikke er en del af tilføjelsen",
    "file-replaced": "en senere tilføjelse har erstattet eller fjernet en fil, der lå i den før",
    "history": "tilføjelserne passer ikke til det, filen selv siger om dem",
}


class BadPdf(PdfRefused):
    """``reason``: a key of ``REASONS``; ``detail`` in English for the log."""

    code = "pdf.refused"
    text = "PDF-filen er afvist: {why}."

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason, why=REASONS[reason])
        self.reason = reason
