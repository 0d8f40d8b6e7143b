"""The rows of the access log in words, on the page of the data protection officer and as a table for a spreadsheet (R-71)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from tillid.kernel.clock import COPENHAGEN
from tillid.usecases.attach_file import FILE
from tillid.usecases.export_audit import ChildAudit
from tillid.usecases.gathering import purpose_of
from tillid.usecases.ports import AuditRow, Documents, People
from tillid.web.archive_words import ACTION, name_of
from tillid.web.csv_file import csv_of
from tillid.web.i18n import _, translate
from tillid.web.words import CPR_REASON, GATHER_PURPOSE, ROLES

OUTCOME = {"ok": _("Gennemført"), "refused": _("Afvist"), "failed": _("Mislykkedes")}
_PURPOSE = {
    **{f"cpr:{code}": text for code, text in CPR_REASON.items()},
    **{purpose_of(code): text for code, text in GATHER_PURPOSE.items()},
}
_OPERATOR = "operator:"
_OF_FILE = _("Filens kontroltal begynder med {digest}")
_ON_THE_SERVER = _("Bruger {number} på serveren")
_HEAD = (
    _("Tidspunkt (dansk tid)"), _("Hvem"), _("Rolle"), _("Hvad"), _("Dokument"), _("Formål"), _("Udfald"), _("Log"), _("Linje"),
    _("Kontroltal"),
)  # fmt: skip
_SERVER, _OPERATORS = _("Tillid"), _("Driften")


class Names(Protocol):
    """Where names and numbers come from: a house, or the store alone."""

    @property
    def people(self) -> People: ...
    @property
    def documents(self) -> Documents: ...


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row in words. ``purpose``: as it was stated; empty when the action itself says it. ``outcome``: empty when nothing
    is known of it."""

    row: AuditRow
    name: str
    role: str
    action: str
    purpose: str
    document: str
    outcome: str


def line_of(names: Any, row: AuditRow, outcome: str, document: str, language: str) -> Line:
    """``row`` in words. ``names``: ``Names``; ``document``: the number of what it is about, if that is one."""
    return Line(
        row=row,
        name=_name(names, row.person_id, language),
        role=ROLES.get(row.role, row.role),
        action=ACTION.get(row.action, row.action),
        purpose="" if row.purpose in (row.action, *ACTION) else _purpose(row.purpose, language),
        document=document,
        outcome=OUTCOME.get(outcome, ""),
    )


def table(names: Names, found: ChildAudit, language: str) -> bytes:
    """Every attempt of both logs in a table for a spreadsheet, oldest first, each with its line's place and digest."""
    numbers: dict[str, str] = {}
    operators = {one.row.id for one in found.operators.rows()}
    lines = []
    for one in found.attempts():
        row = one.stored.row
        if row.object_id not in numbers:
            document = names.documents.get(row.object_id) if row.object_id else None
            numbers[row.object_id] = document.number if document else ""
        line = line_of(names, row, one.outcome, numbers[row.object_id], language)
        at = row.at.astimezone(COPENHAGEN).strftime("%Y-%m-%d %H:%M:%S")
        said = (translate(text, language) for text in (line.role, line.action))
        which = translate(_OPERATORS if row.id in operators else _SERVER, language)
        more = (translate(text, language) for text in (line.purpose, line.outcome))
        lines.append((at, line.name, *said, line.document, *more, which, str(one.stored.n), one.stored.digest))
    return csv_of([translate(text, language) for text in _HEAD], lines)


def _purpose(stated: str, language: str) -> str:
    if stated.startswith(FILE):
        return translate(_OF_FILE, language).format(digest=stated.removeprefix(FILE)[:16])
    return _PURPOSE.get(stated, stated)


def _name(names: Any, person_id: str, language: str) -> str:
    if person_id.startswith(_OPERATOR):
        return translate(_ON_THE_SERVER, language).format(number=person_id.removeprefix(_OPERATOR))
    return name_of(names, person_id)
