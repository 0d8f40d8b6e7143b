"""An archivist's purpose as tests say it: as it is logged, or as it is posted."""

from __future__ import annotations

from typing import Any

from tillid.usecases.archive_purpose import GROUNDS

CODES = {text: code for code, text in GROUNDS.items()}


def posted_purpose(purpose: str) -> dict[str, str]:
    """The two fields of "<ground>: <note>"; a ground that is not in the list is posted as it stands."""
    ground, _, note = purpose.partition(": ")
    return {"purpose": CODES.get(ground, ground), "purpose_note": note}


def state_purpose(form: Any, purpose: str) -> None:
    """Fill it in, a ground that is not in the list too."""
    said = posted_purpose(purpose)
    form["purpose"].force_value(said["purpose"])
    form["purpose_note"] = said["purpose_note"]
