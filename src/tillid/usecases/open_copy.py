"""Reading a rendered copy: asked of the ledger, logged, fetched. The caller asks again right before the bytes leave."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from tillid.consents.decision import ShareDecision
from tillid.consents.model import ConsentRequest
from tillid.consents.statement import released_answers
from tillid.documents.model import Copy, Document, Version
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.usecases.add_revision import archive_bytes
from tillid.usecases.facts import Standing, require, require_standing
from tillid.usecases.given import parents_numbers
from tillid.usecases.ports import House
from tillid.usecases.protected import protected_in_release
from tillid.usecases.restricted import refuse_restricted
from tillid.usecases.writing import note, record_event, tell

Operation = Literal["read_team_copy", "read_parent_copy", "read_released", "read_archived"]
AT_ONCE = 8  # pages that are drawn together
Mark = tuple[str, str, bool]
READER = {"read_team_copy": "team", "read_parent_copy": "parent", "read_archived": "archive"}


class NotYetRendered(TillidError):
    code = "document.not-rendered"
    text = "Dokumentet er ved at blive lavet. Vent et øjeblik, og prøv igen."


class OpenedCopy(msgspec.Struct, frozen=True, kw_only=True):
    """``file_name``: the document's number, never a person's name (R-111)."""

    document: Document
    version: int
    copy: Copy
    data: bytes
    file_name: str


class Released(msgspec.Struct, frozen=True, kw_only=True):
    """What the receiver may see now: the released items' answers alone (design 16). ``request``: the consent that was asked
    for, or a leader's decision. ``key``: digest of the item set."""

    document: Document
    request: ConsentRequest | ShareDecision
    version: Version
    answers: dict
    key: str
    oral: bool

    @property
    def mark(self) -> Mark:
        """By which what is released later is told from this."""
        return (self.request.id, self.key, self.oral)


def open_copy(house: House, who: Identity, document_id: str, operation: Operation, number: int | None = None,
              *, purpose: str = "") -> OpenedCopy:  # fmt: skip
    """The PDF that ``operation``'s reader gets of version ``number`` (default: the newest that has one).

    Raises ``NotFound``; ``NotYetRendered`` while it is not made."""
    if operation == "read_released":
        return _open_released(house, who, document_id)
    document, _ = require(house, who, operation, document_id)
    note(house, who, operation, document, purpose)
    version = _version(house, document, READER[operation], number)
    return _opened(house, document, version, version.copies[READER[operation]])


def _version(house: House, document: Document, reader: str, number: int | None) -> Version:
    if reader == "parent":
        numbers: Iterable[int] = parents_numbers(house, document, number)
    else:
        numbers = [number] if number is not None else range(document.versions, 0, -1)
    for one in numbers:
        version = house.documents.version(document.id, one)
        if version is not None and reader in version.copies:
            return version
    raise NotYetRendered(f"no {reader} copy")


def _opened(house: House, document: Document, version: Version, copy: Copy) -> OpenedCopy:
    data = archive_bytes(house, version) if copy.reader == "archive" else house.blobs.get(copy.sha256)
    if data is None:
        raise NotYetRendered("blob missing")
    name = f"{document.number}-v{version.number}.pdf"
    return OpenedCopy(document=document, version=version.number, copy=copy, data=data, file_name=name)


def picture_of(house: House, opened: OpenedCopy, page: int) -> bytes:
    """Page ``page`` (from 1) of an opened copy as PNG, for a browser that cannot show a PDF; drawn with its neighbours, for
    they are asked for next. Raises ``NotFound`` for a page it has not."""
    if not 1 <= page <= opened.copy.pages:
        raise NotFound("no such page")
    first = (page - 1) // AT_ONCE * AT_ONCE + 1
    pages = range(first, min(first + AT_ONCE, opened.copy.pages + 1))
    return house.renderer.pictures(opened.data, pages)[page - first]


def released(house: House, who: Identity, document_id: str, operation: str = "read_released") -> Released:
    """The released answers, decided from the ledger now; an attempt row is written first (R-22)."""
    document, _, found = require_standing(house, who, operation, document_id)
    note(house, who, operation, document)
    return what_is_released(house, document, found)


def still_released(house: House, who: Identity, document_id: str) -> Released:
    """The same question again on a fresh view, right before the bytes leave (design 9); no second row."""
    document, _, found = require_standing(house, who, "read_released", document_id)
    return what_is_released(house, document, found)


def what_is_released(house: House, document: Document, found: Standing | None) -> Released:
    """From the share that decides and its verdict; ``NotFound`` when nothing is effective."""
    if found is None or not found[1].effective:
        raise NotFound("nothing effective")
    request, verdict = found
    version = house.documents.version(document.id, request.document.version)
    if version is None:
        raise NotFound("version missing")
    if protected_in_release(house, document, found):  # the same answer as after a withdrawal
        raise NotFound("a protected address")
    return Released(
        document=document,
        request=request,
        version=version,
        answers=released_answers(request.items, verdict.items, version.answers),
        key=json_digest(sorted(verdict.items)),
        oral=verdict.oral,
    )


def _open_released(house: House, who: Identity, document_id: str) -> OpenedCopy:
    now = released(house, who, document_id)
    copy = now.version.receiver_copies.get(now.key)
    if copy is None:
        raise NotYetRendered("receiver's copy")
    return _opened(house, now.document, now.version, copy)


def name_reader(house: House, who: Identity, document_id: str, staff_id: str) -> Document:
    """The receiving leader names the teacher or pædagog who may read while the consent is effective (station 6)."""
    document, _ = require(house, who, "name_reader", document_id)
    staff = house.people.staff(staff_id)
    works_there = staff is not None and any(
        a.unit_id == document.receiver_unit_id and a.role == "professional" for a in staff.assignments
    )
    if not works_there:
        raise NotFound("not at the receiving unit")
    note(house, who, "name_reader", document)
    refuse_restricted(house, document_id)
    if staff_id in document.named_readers:
        return document
    changed = msgspec.structs.replace(document, named_readers=(*document.named_readers, staff_id))
    house.documents.replace(changed)
    event = record_event(house, document, "reader_named", who.person_id, {"reader": staff_id})
    tell(house, [staff_id], "released", event.id, document=document.id)
    return changed
