"""An archivist finds a child through the register: by CPR number, or by a present or an earlier name; no text holds one (ADR 0055).

Only children whose documents the archivist may open are found, so that nothing is told of any other. Each found child's own log
tells of it (R-71); the number or the name that was typed is kept nowhere (R-111).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from tillid.archive.analysis import analyse
from tillid.archive.query import MOST_CHILDREN, QueryRefused
from tillid.kernel.cpr import normal_cpr
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.usecases.archive_purpose import stated_purpose
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.ports import AuditRow, House
from tillid.usecases.search_archive import units_of_archivist
from tillid.usecases.writing import audit_row

ACTION = "find_child"
LONGEST = 200


def find_children(house: House, who: Identity, typed: str, purpose: str) -> tuple[Child, ...]:
    """The children meant by ``typed``, by name; each word is the beginning of a part of one name of the child. Raises ``NotFound`` for
    everybody but archivists, ``PurposeMissing``, and ``QueryRefused`` when too many are meant."""
    units = units_of_archivist(house, who)
    if not units:
        raise NotFound("not an archivist")
    stated = stated_purpose(purpose)
    house.audit.write(_row(house, who, "", "", stated))
    meant = (child for child in _meant(house, typed[:LONGEST]) if _has_archived(house, who, child))
    found = list(islice(meant, MOST_CHILDREN + 1))
    if len(found) > MOST_CHILDREN:
        raise QueryRefused(
            "children",
            code="search.too-many-children",
            text="Der er mere end {most} børn med det navn. Skriv hele navnet eller CPR-nummeret.",
            most=MOST_CHILDREN,
        )
    if found:
        house.audit.write(*(_row(house, who, child.id, child.id, stated) for child in found))
    return tuple(sorted(found, key=lambda child: (child.name, child.id)))


def told_of(house: House, who: Identity, ids: Iterable[str]) -> tuple[Child, ...]:
    """Of the children ``ids`` those whom ``who`` may be told of, as when they were found."""
    if not units_of_archivist(house, who):
        return ()
    known = (house.people.child(child_id) for child_id in ids)
    return tuple(child for child in known if child is not None and _has_archived(house, who, child))


def _meant(house: House, typed: str) -> Iterator[Child]:
    if (cpr := normal_cpr(typed.replace(" ", ""))) is not None:
        child = house.people.child(house.people.person_by_cpr(cpr) or "")
        if child is not None:
            yield child
        return
    wanted = _parts(typed)
    if not wanted:
        return
    for unit_id in house.people.organigram().units:
        for child in house.people.children_of_unit(unit_id):
            if any(_is_called(wanted, _parts(name)) for name in (child.name, *child.former_names)):
                yield child


def _parts(name: str) -> list[str]:
    """Its words in one spelling of case, accents, å, æ and ø."""
    return [word.exact for word in analyse(unicodedata.normalize("NFC", name))]


def _is_called(wanted: list[str], parts: list[str]) -> bool:
    """Whether each wanted word begins a part of its own."""
    left = list(parts)
    for word in sorted(wanted, key=len, reverse=True):
        part = next((part for part in left if part.startswith(word)), None)
        if part is None:
            return False
        left.remove(part)
    return True


def _has_archived(house: House, who: Identity, child: Child) -> bool:
    documents = house.documents.of_child(child.id)
    return any(allowed(house, who, "read_archived", facts_of(house, document)) for document in documents)


def _row(house: House, who: Identity, object_id: str, child_id: str, purpose: str) -> AuditRow:
    return msgspec.structs.replace(audit_row(house, who, ACTION, object_id, child_id, purpose), role="archivist")
