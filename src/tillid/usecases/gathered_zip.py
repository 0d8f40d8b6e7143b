"""The file of an order: each document asked for, logged and read when its turn comes, and then forgotten (ADR 0034).

One copy is in memory at a time. The bytes follow from the order and the copies alone, so that fetching twice gives the same
file; what is left out is named in its list by the document's number, without saying whose it is.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from tillid.documents.model import Document
from tillid.kernel.clock import COPENHAGEN
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import new_id
from tillid.process.access import Identity
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.gathering import Gathering, Item, gathering_of, purpose_of, require_round, version_of
from tillid.usecases.ports import AuditRow, House
from tillid.usecases.round_documents import draft_seen
from tillid.usecases.writing import audit_row

INDEX = "indhold.html"
DAMAGED = "blobs.damaged"
Reason = Literal["", "draft", "not_made", "damaged", "closed"]


class NothingGathered(TillidError):
    code = "gather.none"
    text = "Dokumenterne er ikke samlet, eller der er gået for lang tid. Bestil dem igen."


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A document in the list. ``reason``: why it is not in the file. Of what is closed to the reader nothing is said but its
    number: ``title``, ``child`` and ``author`` (names) are empty. ``newer``: there is a newer version than the ordered one."""

    item: Item
    reason: Reason = ""
    title: str = ""
    child: str = ""
    author: str = ""
    pages: int = 0
    newer: bool = False


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """``row``: the attempt that was logged before the bytes were read."""

    line: Line
    data: bytes = b""
    row: AuditRow | None = None


def open_gathering(house: House, who: Identity, round_id: str) -> Gathering:
    """The order, for fetching its file; the fetching is logged before anything leaves. Raises ``NotFound``, and
    ``NothingGathered`` when nothing is ordered or its time is over."""
    require_round(house, who, round_id)
    gathering = gathering_of(house, who, round_id)
    if gathering is None:
        raise NothingGathered("no order")
    house.audit.write(audit_row(house, who, "export_copies", round_id, "", purpose_of(gathering.purpose)))
    return gathering


def take_copy(house: House, gathering: Gathering, item: Item, language: str = "da") -> Taken:
    """One document of the order on the present view: asked of ledger and register, logged, read. Raises ``Unavailable`` when
    it cannot be logged: then nothing more may leave (design 23)."""
    document, staff = house.documents.get(item.document_id), house.people.staff(gathering.person_id)
    if document is None or staff is None:
        return Taken(line=Line(item=item, reason="closed"))
    who, facts = Identity.of_staff(staff), facts_of(house, document)
    if not item.version:
        if document.versions or not draft_seen(house, who, document, facts):
            return Taken(line=Line(item=item, reason="draft" if document.versions else "closed"))
        return Taken(line=_line(house, document, item, language, reason="draft"))
    if not allowed(house, who, item.operation, facts):
        return Taken(line=Line(item=item, reason="closed"))
    version = version_of(house, item)
    copy = version.copies.get("team") if version else None
    if copy is None:
        return Taken(line=_line(house, document, item, language, reason="not_made"))
    row = audit_row(house, who, item.operation, document.id, document.child_id, purpose_of(gathering.purpose))
    house.audit.write(row)
    try:
        data = house.blobs.get(copy.sha256)
    except TillidError as problem:  # one that is damaged does not keep the others back; fixity tells the administrator
        if problem.code != DAMAGED:
            raise
        return Taken(line=_line(house, document, item, language, reason="damaged"), row=row)
    if data is None:
        return Taken(line=_line(house, document, item, language, reason="not_made"), row=row)
    return Taken(line=_line(house, document, item, language, pages=copy.pages), data=data, row=row)


def came_through(house: House, row: AuditRow) -> None:
    """The outcome of an attempt whose bytes were sent."""
    house.audit.later(msgspec.structs.replace(row, id=new_id(), phase="outcome", at=house.moment, outcome="ok"))


def _line(house: House, document: Document, item: Item, language: str, *, reason: Reason = "", pages: int = 0) -> Line:
    child = house.people.child(document.child_id) if document.child_id else None
    author = house.people.staff(document.author)
    return Line(
        item=item,
        reason=reason,
        title=house.definitions.of(document.definition).in_language(language).title,
        child=child.name if child else "",
        author=author.name if author else "",
        pages=pages,
        newer=bool(item.version) and document.versions > item.version,
    )


class _Pipe:
    """What ``zipfile`` writes, to be taken away as it comes; it cannot be gone back in."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None: ...

    def taken(self) -> list[bytes]:
        parts, self._parts = self._parts, []
        return parts


def zip_parts(
    gathering: Gathering, take: Callable[[Item], Taken], index: Callable[[tuple[Line, ...]], bytes]
) -> Iterator[bytes]:
    """The file in parts: the copies that ``take`` gives, each asked for when its turn comes, and last the list that ``index``
    makes of all lines. What ``take`` raises ends the file before its directory: no reader takes it for whole."""
    pipe, lines = _Pipe(), []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as file:  # type: ignore[call-overload]
        for item in gathering.items:
            taken = take(item)
            lines.append(taken.line)
            if taken.data:
                file.writestr(plain_file(item.path, gathering.at), taken.data)
                del taken
                yield from pipe.taken()
        file.writestr(plain_file(INDEX, gathering.at), index(tuple(lines)))
    yield from pipe.taken()


def plain_file(path: str, at: datetime) -> zipfile.ZipInfo:
    """The entry of a plain file of the moment ``at``: the same on every machine, nothing of the system."""
    entry = zipfile.ZipInfo(path, at.astimezone(COPENHAGEN).timetuple()[:6])
    entry.create_system, entry.external_attr = 3, 0o100644 << 16
    return entry
