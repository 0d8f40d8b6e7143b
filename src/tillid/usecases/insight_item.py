"""One thing of a case of insight: looked at, decided about, and shown as it would be handed out (R-72)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from tillid.archive.insight import DECIDED, REDACTABLE, REOPENED, REVIEWED, Choice, Decision, InsightCase, Item
from tillid.documents.model import Document, Version
from tillid.documents.redaction import marked, repeated
from tillid.documents.rendering import RenderSection, attached_files, sections
from tillid.forms.definition import FormDefinition
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.usecases.facts import Conflict, require
from tillid.usecases.fill import definition_of
from tillid.usecases.insight_case import done_before, ref_of, require_case, stated, working_on
from tillid.usecases.insight_collect import READ, answers_seen
from tillid.usecases.insight_rows import Rows, consent_rows, log_rows, notice_rows
from tillid.usecases.open_attachment import SUFFIX, Attachment
from tillid.usecases.ports import House
from tillid.usecases.seal_record import RECORD
from tillid.usecases.writing import note, record_event

SEE = "see_insight_item"
OPEN = ("collected", "reviewed", "handed_out", "refused")


class NothingLeftOut(TillidError):
    code = "insight.nothing-left-out"
    text = "Vælg, hvad der skal udelades, eller giv det hele."


class Undecided(TillidError):
    code = "insight.undecided"
    text = "Der er {count} ting, ingen har taget stilling til. De bliver holdt tilbage, til det er gjort."


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """The answers of a document as they are kept."""

    document: Document
    version: Version | None
    definition: FormDefinition
    seen: dict[str, Any]


class ItemPage(msgspec.Struct, frozen=True, kw_only=True):
    """``whole``: everything; ``given``: as it would be handed out by ``choice``; ``repeated``: field → labels of what was left out and
    stands in it all the same; ``rows`` and ``given_rows``: the same of what is no document."""

    case: InsightCase
    child: Child
    item: Item
    place: int
    title: str
    number: str
    choice: Choice
    left_out: frozenset[str]
    whole: tuple[RenderSection, ...] = ()
    given: tuple[RenderSection, ...] = ()
    repeated: dict[str, tuple[str, ...]] = {}
    rows: Rows | None = None
    given_rows: Rows | None = None


def item_at(case: InsightCase, place: int) -> Item:
    """The item with that number on the page, from 1. Raises ``NotFound``."""
    if not 1 <= place <= len(case.items):
        raise NotFound("no such item")
    return case.items[place - 1]


def see_item(
    house: House,
    who: Identity,
    case_id: str,
    place: int,
    choice: Choice | None = None,
    left_out: Collection[str] | None = None,
) -> ItemPage:
    """The item, and how it would be handed out by the decision, or by ``choice`` and ``left_out`` before they are decided; logged.
    Raises ``NotFound``."""
    case = working_on(house, who, case_id, SEE, *OPEN)
    item, child = item_at(case, place), require_case(house, who, case_id)[1]
    decided = case.decisions.get(item.id)
    choice = choice or case.choice_of(item)
    out = frozenset((decided.fields if decided else ()) if left_out is None else left_out)
    out = (out if choice == "redact" else frozenset()) | held_fields(case, item)
    page = ItemPage(case=case, child=child, item=item, place=place, title="", number="", choice=choice, left_out=out)
    if item.document_id:
        document, _ = require(house, who, READ, item.document_id)
        note(house, who, SEE, document)
        title = house.definitions.of(document.definition).title
        page = msgspec.structs.replace(page, title=title, number=document.number)
    if item.kind in ("version", "draft"):
        return _document_page(house, page)
    return _rows_page(house, page)


def decide_item(
    house: House, who: Identity, case_id: str, place: int, choice: Choice, *,
    left_out: Collection[str] = (), provision: str = "", reason: str = "", event_id: str,
) -> None:  # fmt: skip
    """Give it, give a part, or hold it back, with the provision that lets it be held back. The same click twice is one. Raises
    ``NotFound``, ``Conflict`` once the review is over, ``NothingLeftOut``, ``InsightIncomplete``."""
    if done_before(house, who, case_id, event_id):
        return
    case = working_on(house, who, case_id, "decide_insight", "collected")
    item = item_at(case, place)
    if item.document_id:
        require(house, who, READ, item.document_id)
    if choice == "redact" and item.kind not in REDACTABLE:
        raise NotFound("no part of it can be left out")
    fields: tuple[str, ...] = ()
    if choice == "redact" and item.kind in ("version", "draft"):
        seen = whole_of(house, item).seen
        fields = tuple(name for name in seen if name in left_out)
        if not fields:
            raise NothingLeftOut("no field")
    why = choice != "give"
    decision = Decision(
        item=item.id,
        choice=choice,
        fields=fields,
        provision=stated("provision", provision) if why else "",
        reason=stated("reason", reason) if why else "",
    )
    record_event(house, ref_of(case), DECIDED, who.person_id, decision, event_id=event_id)


def end_review(house: House, who: Identity, case_id: str, digest: str, *, event_id: str) -> None:
    """Everything was looked at; from now on the package can be made. ``digest``: of what the reviewer saw. Raises ``Undecided``,
    ``Conflict``."""
    if done_before(house, who, case_id, event_id):
        return
    case = working_on(house, who, case_id, "end_insight_review", "collected")
    if case.undecided:
        raise Undecided("items", count=len(case.undecided))
    if case.digest != digest:
        raise Conflict("decided anew meanwhile")
    record_event(house, ref_of(case), REVIEWED, who.person_id, {"digest": case.digest}, event_id=event_id)


def reopen_review(house: House, who: Identity, case_id: str, *, event_id: str) -> None:
    """Decide again; nothing was handed out yet."""
    if not done_before(house, who, case_id, event_id):
        case = working_on(house, who, case_id, "end_insight_review", "reviewed")
        record_event(house, ref_of(case), REOPENED, who.person_id, event_id=event_id)


def whole_of(house: House, item: Item) -> Whole:
    """The document that ``item`` is. Raises ``NotFound`` when it is no more."""
    document = house.documents.get(item.document_id)
    version = house.documents.version(item.document_id, item.version) if item.version else None
    if document is None or item.version and version is None:
        raise NotFound("no such document")
    definition = definition_of(house, version or document)
    answers = version.answers if version else house.documents.draft(document.id).answers
    kept = {name: value for name, value in answers.items() if value is not None}
    return Whole(document=document, version=version, definition=definition, seen=answers_seen(definition, kept))


def item_file(house: House, who: Identity, case_id: str, place: int) -> Attachment:
    """The file or sealed record of an item, for who reviews; logged before the bytes. Raises ``NotFound``."""
    case = working_on(house, who, case_id, SEE, *OPEN)
    item = item_at(case, place)
    document, _ = require(house, who, READ, item.document_id)
    note(house, who, SEE, document)
    return file_of(house, item, document)


def file_of(house: House, item: Item, document: Document) -> Attachment:
    """The bytes of an item that is a file or a record, under a name of numbers. Raises ``NotFound``."""
    if item.kind == "record":
        data = house.ledger.attachments(item.of).get(RECORD)
        media_type, suffix, name = "application/xml", ".xml", f"{document.number}-{item.of[:8]}"
    else:
        data = house.blobs.get(item.digest) if item.kind == "file" else None
        media_type = _type_of(house, item)
        suffix, name = SUFFIX.get(media_type, ""), f"{document.number}-v{item.version}-{item.field}-{item.place}"
    if data is None or not suffix:
        raise NotFound("no such file")
    return Attachment(data=data, media_type=media_type, file_name=name + suffix)


def _type_of(house: House, item: Item) -> str:
    files = attached_files(whole_of(house, item).seen.get(item.field))
    return next((one.media_type for one in files if one.sha256 == item.digest), "")


def held_fields(case: InsightCase, item: Item) -> frozenset[str]:
    """The answers of a document whose files are held back: the names of files stand in the answers too."""
    held = (one for one in case.items if one.kind == "file" and case.choice_of(one) == "hold")
    return frozenset(one.field for one in held if one.document_id == item.document_id)


def _document_page(house: House, page: ItemPage) -> ItemPage:
    found = whole_of(house, page.item)
    whole = sections(found.definition, found.seen, "da")
    given = marked(whole, page.left_out) if page.choice != "hold" else ()
    return msgspec.structs.replace(page, whole=whole, given=given, repeated=repeated(whole, page.left_out))


def _rows_page(house: House, page: ItemPage) -> ItemPage:
    whole, given = (rows_of(house, page.case, page.item, choice) for choice in ("give", page.choice))
    return msgspec.structs.replace(page, rows=whole, given_rows=given)


def rows_of(house: House, case: InsightCase, item: Item, choice: Choice) -> Rows | None:
    """The lines of an item that is a list, as ``choice`` gives them; ``None`` for what is none, or held back."""
    without = choice == "redact"
    if choice == "hold":
        return None
    if item.kind == "consents":
        return consent_rows(house, case, item.document_id, item.digest, without_others=without)
    if item.kind == "log":
        return log_rows(house, case, without_others=without)
    return notice_rows(house, case, item.of) if item.kind == "notices" else None
