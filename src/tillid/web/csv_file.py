"""A table as a file that a Danish Excel opens as one: UTF-8 with a mark, semicolons, and nothing in it that is run."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

# A cell that begins so is a formula to a spreadsheet (OWASP, CSV injection); the wide forms are folded before.
_BEGINS = ("=", "+", "-", "@", "\t", "\r", "|", "%")


def csv_of(head: Sequence[str], rows: Iterable[Sequence[str | date]]) -> bytes:
    """The file. A cell that a spreadsheet would run stands behind an apostrophe; line ends within one become spaces."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(cell) for cell in head])
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _safe(cell: str | date) -> str:
    if isinstance(cell, date):
        return cell.strftime("%d-%m-%Y")
    text = " ".join(cell.splitlines())
    begins = unicodedata.normalize("NFKC", text).lstrip().startswith(_BEGINS) or text[:1] in _BEGINS
    return f"'{text}" if begins else text
