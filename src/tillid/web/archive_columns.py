"""What stands in a row of the archivist's result list, as a table or as a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tillid.archive.query import SearchHit
from tillid.kernel.clock import local_day
from tillid.usecases.ports import House
from tillid.web.i18n import _

COLUMNS = {
    "title": _("Slags dokument"),
    "number": _("Nummer"),
    "state": _("Tilstand"),
    "unit": _("Fra"),
    "receiver": _("Til"),
    "day": _("Låst"),
    "version": _("Udgave"),
}
DEFAULT_COLUMNS = ("title", "number", "state", "unit", "day")
LOOKS = {"cards": _("Kort med uddrag"), "table": _("Tabel")}
CHILD, ADDRESS = _("Barn"), _("Adresse")


def cell(house: House, hit: SearchHit, column: str) -> str | date:
    """One fact of a hit that has been asked about; ``state`` is its code."""
    if column in ("title", "number", "state"):
        return str(getattr(hit, column))
    if column == "version":
        return str(hit.version)
    if column == "unit":
        return _unit(house, hit.unit_id)
    document = house.documents.get(hit.document_id)
    if column == "receiver":
        return _unit(house, document.receiver_unit_id) if document and document.receiver_unit_id else ""
    version = house.documents.version(hit.document_id, hit.version)
    return local_day(version.frozen_at) if version else ""


def cells(house: House, hit: SearchHit, columns: Iterable[str]) -> dict[str, str | date]:
    """Column → what stands in it."""
    return {column: cell(house, hit, column) for column in columns}


def _unit(house: House, unit_id: str) -> str:
    unit = house.people.unit(unit_id)
    return unit.name if unit else ""
