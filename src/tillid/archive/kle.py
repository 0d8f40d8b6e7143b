"""The municipality's own KLE marks: which subjects and action facets are to be kept and which may be discarded (R-81, R-82).

We ship none: which subjects may be discarded is the municipality's to say. A table suggests, and it can stop a mark "kasseres" that it
contradicts; it never marks anything by itself. A file: CSV in UTF-8 with the columns emne;facet;bevaring;kilde (or with commas),
a line for a subject (17.00.00), a group of subjects (17.00 or 17), a facet (G01), or both together.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from tillid.archive.keeping import Appraisal, Mark
from tillid.archive.retention import Rule
from tillid.kernel.canonical import sha256
from tillid.kernel.cpr import may_be_written

MOST_BYTES, MOST_ROWS, MOST_TOLD = 2_000_000, 20_000, 50
SETTING = "kle_pr_skema"  # what the municipality has said of each form
COLUMNS = ("emne", "facet", "bevaring", "kilde")
_SUBJECT = re.compile(r"[0-9]{2}(\.[0-9]{2}){0,2}\Z")
_FACET = re.compile(r"[A-ZÆØÅ]([0-9]{2})?\Z")
_MARKS: dict[str, Mark] = {"b": "bevares", "bevares": "bevares", "k": "kasseres", "kasseres": "kasseres", "uafklaret": "uafklaret", "": "uafklaret"}  # fmt: skip
Fault = Literal["encoding", "columns", "size", "subject", "facet", "neither", "mark", "source", "twice", "empty"]


class KleMark(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A line. ``subject`` or ``facet`` may be empty, never both; ``source``: the decision or the provision it rests on."""

    subject: str
    facet: str
    mark: Mark
    source: str


class KleTable(msgspec.Struct, frozen=True, kw_only=True):
    """All lines of one file. ``digest``: SHA-256 of the file; ``by``: who sent it in; ``used_by``, ``used_at``: who took it in use."""

    digest: str
    by: str
    at: datetime
    marks: tuple[KleMark, ...]
    used_by: str = ""
    used_at: datetime | None = None


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with line ``line`` (0: with the file)."""

    line: int
    fault: Fault


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What another table would change. ``changed``: before and after."""

    new: tuple[KleMark, ...]
    gone: tuple[KleMark, ...]
    changed: tuple[tuple[KleMark, KleMark], ...]


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """``mark``: what the table says of a subject with a facet; ``lines``: those it says it by."""

    mark: Mark
    lines: tuple[KleMark, ...]


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """What a document is filed under (R-82). ``decided``: by who appraised it; else it is a suggestion, by which nothing is decided."""

    subject: str
    facet: str
    decided: bool

    def __str__(self) -> str:
        """``KLE 17.00.00 G01``, and that it is a suggestion where nobody has decided it."""
        return f"KLE {self.subject} {self.facet}".rstrip() + ("" if self.decided else " (foreslået, ikke afgjort)")


def filed(appraisal: Appraisal | None, rule: Rule | None, form_id: str, choices: Mapping[str, Any]) -> Filed | None:
    """As it was appraised, else what the municipality's settings (``choices``) say of the form, else what its rule says; ``None`` where
    nobody has said anything."""
    if appraisal is not None and (appraisal.subject or appraisal.facet):
        return Filed(subject=appraisal.subject, facet=appraisal.facet, decided=True)
    subject, _, facet = choices.get(SETTING, {}).get(form_id, "").partition(" ")
    if not subject and rule is not None:
        subject, facet = rule.subject, rule.facet
    return Filed(subject=subject, facet=facet, decided=False) if subject or facet else None


def read_marks(data: bytes) -> tuple[tuple[KleMark, ...], tuple[Wrong, ...]]:
    """The lines of a file, and what is wrong with it (then none of it is to be used)."""
    if len(data) > MOST_BYTES:
        return (), (Wrong(line=0, fault="size"),)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return (), (Wrong(line=0, fault="encoding"),)
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    try:
        return _read(rows)
    except csv.Error:
        return (), (Wrong(line=0, fault="columns"),)


def _read(rows: Iterator[list[str]]) -> tuple[tuple[KleMark, ...], tuple[Wrong, ...]]:
    if tuple(cell.strip().lower() for cell in next(rows, [])) != COLUMNS:
        return (), (Wrong(line=1, fault="columns"),)
    marks: dict[tuple[str, str], KleMark] = {}
    wrong: list[Wrong] = []
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(marks) >= MOST_ROWS or len(wrong) >= MOST_TOLD:
            wrong.append(Wrong(line=number, fault="size"))
            break
        found = _row([cell.strip() for cell in row])
        if isinstance(found, str):
            wrong.append(Wrong(line=number, fault=found))
        elif (found.subject, found.facet) in marks:
            wrong.append(Wrong(line=number, fault="twice"))
        else:
            marks[found.subject, found.facet] = found
    if not marks and not wrong:
        wrong.append(Wrong(line=0, fault="empty"))
    return tuple(marks.values()), tuple(wrong)


def _row(cells: list[str]) -> KleMark | Fault:
    if len(cells) != len(COLUMNS):
        return "columns"
    subject, facet, mark, source = cells
    if not subject and not facet:
        return "neither"
    if subject and not _SUBJECT.match(subject):
        return "subject"
    if facet and not _FACET.match(facet):
        return "facet"
    if mark.lower() not in _MARKS:
        return "mark"
    if not source or len(source) > 200 or not may_be_written(source):
        return "source"
    return KleMark(subject=subject, facet=facet, mark=_MARKS[mark.lower()], source=source)


def digest_of(data: bytes) -> str:
    """By which a table is named when it is taken in use."""
    return sha256(data)


def changes(before: tuple[KleMark, ...], after: tuple[KleMark, ...]) -> Changes:
    """Line by line; the order of the lines means nothing."""
    old = {(one.subject, one.facet): one for one in before}
    new = {(one.subject, one.facet): one for one in after}
    return Changes(
        new=tuple(one for key, one in new.items() if key not in old),
        gone=tuple(one for key, one in old.items() if key not in new),
        changed=tuple((old[key], one) for key, one in new.items() if key in old and old[key] != one),
    )


def suggestion(marks: tuple[KleMark, ...], subject: str, facet: str) -> Suggestion:
    """What the table says: ``bevares`` as soon as one part says so; ``kasseres`` only if a line says it of both together, or one of the
    subject and one of the facet (R-81); else ``uafklaret``. Of several lines the most exact one counts."""
    known = {(one.subject, one.facet): one for one in marks}
    groups = [subject[:8], subject[:5], subject[:2]] if subject else []
    facets = [facet, facet[:1]] if facet else []
    both = next((known[g, f] for g in groups for f in facets if (g, f) in known), None)
    if both is not None:
        return Suggestion(mark=both.mark, lines=(both,))
    of_subject = next((known[g, ""] for g in groups if (g, "") in known), None)
    of_facet = next((known["", f] for f in facets if ("", f) in known), None)
    lines = tuple(one for one in (of_subject, of_facet) if one is not None)
    said = {one.mark for one in lines}
    if "bevares" in said:
        return Suggestion(mark="bevares", lines=lines)
    return Suggestion(mark="kasseres" if len(lines) == 2 and said == {"kasseres"} else "uafklaret", lines=lines)
