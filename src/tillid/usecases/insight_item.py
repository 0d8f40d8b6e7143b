"""One thing of a case of insight: looked at, decided about, and shown as it would be handed out (R-72)."""

from __future__ import annotations

import msgspec

from tillid.archive.insight import DECIDED, REDACTABLE, REOPENED, REVIEWED, TEXTS, Choice, Decision, InsightCase, Item
from tillid.documents.passages import Texts, joined
from tillid.documents.redaction import plain, repeated
from tillid.documents.rendering import RenderSection, sections
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.usecases.facts import Conflict, require
from tillid.usecases.insight_case import InsightIncomplete, done_before, ref_of, require_case, stated, working_on
from tillid.usecases.insight_collect import READ
from tillid.usecases.insight_file import boxes_of, file_of, look_at_file
from tillid.usecases.insight_rows import Rows, consent_rows, log_rows, notice_rows
from tillid.usecases.insight_text import (
    Elsewhere,
    LeftOut,
    given_of,
    gone_elsewhere,
    gone_of,
    held_fields,
    left_out_of,
    standing_elsewhere,
    whole_of,
)
from tillid.usecases.open_attachment import Attachment
from tillid.usecases.ports import House
from tillid.usecases.ports_parts import PageLook
from tillid.usecases.writing import note, record_event

SEE = "see_insight_item"
OPEN = ("collected", "reviewed", "handed_out", "refused")
NOTHING = LeftOut()


class NothingLeftOut(TillidError):
    code = "insight.nothing-left-out"
    text = "Vælg, hvad der skal udelades, eller giv det hele."


class BothChosen(TillidError):
    code = "insight.both"
    text = "Du har valgt noget, der skal udelades, og også valgt at give det hele. Vælg ét af dem."


class ReasonTells(InsightIncomplete):
    code = "insight.reason-tells"
    text = "Begrundelsen gentager ord, som du udelader. Skriv den uden dem."


class Undecided(TillidError):
    code = "insight.undecided"
    text = "Der er {count} ting, ingen har taget stilling til. De bliver holdt tilbage, til det er gjort."


class ItemPage(msgspec.Struct, frozen=True, kw_only=True):
    """``open``: it can still be decided about; ``whole``: everything; ``texts``: what can be left out in part; ``given``: as it would be handed out by ``choice``; ``repeated``:
    field → labels of what is left out, here or of another version, and stands in it all the same; ``elsewhere``: other versions in
    which what is left out here is given; ``file``: page ``file_page`` of what is a file; ``rows`` and ``given_rows``: the same of what is no document."""

    case: InsightCase
    child: Child
    item: Item
    place: int
    open: bool
    title: str
    number: str
    choice: Choice
    left_out: LeftOut
    texts: Texts = {}
    whole: tuple[RenderSection, ...] = ()
    given: tuple[RenderSection, ...] = ()
    repeated: dict[str, tuple[str, ...]] = {}
    elsewhere: tuple[Elsewhere, ...] = ()
    file: PageLook | None = None
    file_page: int = 1
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
    left_out: LeftOut | None = None,
    number: int = 1,
) -> ItemPage:
    """The item, and how it would be handed out by the decision, or by ``choice`` and ``left_out`` before they are decided; logged.
    ``number``: which page of a file. Raises ``NotFound``, ``TextChanged``."""
    case = working_on(house, who, case_id, SEE, *OPEN)
    item, child = item_at(case, place), require_case(house, who, case_id)[1]
    out = left_out if left_out is not None else left_out_of(case, item)
    page = ItemPage(case=case, child=child, item=item, place=place, open=case.state == "collected", title="", number="",
                    choice=choice or case.choice_of(item), left_out=out)  # fmt: skip
    if item.document_id:
        document, _ = require(house, who, READ, item.document_id)
        note(house, who, SEE, document)
        title = house.definitions.of(document.definition).title
        page = msgspec.structs.replace(page, title=title, number=document.number)
    return page_of_text(house, page, number) if item.kind in (*TEXTS, "file") else _rows_page(house, page)


def page_of_text(house: House, page: ItemPage, number: int) -> ItemPage:
    """``page`` with its text, or with page ``number`` of its file. Raises ``NotFound``, ``TextChanged``."""
    if page.item.kind in TEXTS:
        return _document_page(house, page)
    file = look_at_file(house, page.item, number, page.left_out.boxes)
    return msgspec.structs.replace(page, file_page=number, file=file)


def seen_without(house: House, page: ItemPage, left_out: LeftOut) -> ItemPage:
    """The same look at the same document or file, with something else left out."""
    page = msgspec.structs.replace(page, left_out=left_out)
    if page.file is not None:
        return msgspec.structs.replace(page, file=look_at_file(house, page.item, page.file_page, left_out.boxes))
    return _document_page(house, page)


def decide_item(
    house: House, who: Identity, case_id: str, place: int, choice: Choice, *,
    left_out: LeftOut = NOTHING, provision: str = "", reason: str = "", event_id: str,
) -> None:  # fmt: skip
    """Give it, give a part, or hold it back, with the provision that lets it be held back. The same click twice is one. Raises
    ``NotFound``, ``Conflict`` once the review is over, ``TextChanged``, ``NothingLeftOut``, ``BothChosen``, ``InsightIncomplete``,
    ``ReasonTells``."""
    if done_before(house, who, case_id, event_id):
        return
    case = working_on(house, who, case_id, "decide_insight", "collected")
    item = item_at(case, place)
    if item.document_id:
        require(house, who, READ, item.document_id)
    decision = decision_of(house, case, item, choice, left_out, provision, reason)
    record_event(house, ref_of(case), DECIDED, who.person_id, decision, event_id=event_id)


def decision_of(
    house: House, case: InsightCase, item: Item, choice: Choice, left_out: LeftOut, provision: str, reason: str
) -> Decision:
    """What was typed and ticked, as it is kept. Raises as ``decide_item``."""
    if choice == "redact" and item.kind not in REDACTABLE:
        raise NotFound("no part of it can be left out")
    if choice == "give" and (left_out.passages or left_out.boxes or left_out.fields - held_fields(case, item)):
        raise BothChosen("give and left out")
    out = _of_the_text(house, item, choice, left_out)
    why = choice != "give"
    decision = Decision(
        item=item.id,
        choice=choice,
        fields=tuple(sorted(out.fields)),
        passages=out.passages,
        boxes=out.boxes,
        provision=stated("provision", provision) if why else "",
        reason=stated("reason", reason) if why else "",
    )
    if item.kind in TEXTS and any(
        one.words in plain(f"{decision.provision} {decision.reason}") for one in gone_of(whole_of(house, item), out)
    ):
        raise ReasonTells("reason")
    return decision


def _of_the_text(house: House, item: Item, choice: Choice, chosen: LeftOut) -> LeftOut:
    """What of ``chosen`` is there, in order."""
    if choice == "redact" and item.kind == "file":
        if not (boxes := boxes_of(house, item, chosen.boxes)):
            raise NothingLeftOut("no box")
        return LeftOut(boxes=boxes)
    if choice != "redact" or item.kind not in TEXTS:
        return NOTHING
    whole = whole_of(house, item)
    fields = frozenset(whole.seen) & chosen.fields
    passages = joined([one for one in chosen.passages if one.field not in fields], whole.texts)
    if not fields and not passages:
        raise NothingLeftOut("nothing")
    return LeftOut(fields=fields, passages=passages)


def end_review(house: House, who: Identity, case_id: str, digest: str, *, event_id: str) -> None:
    """Everything was looked at; from now on the package can be made. ``digest``: of what the reviewer saw. Raises ``Undecided``,
    ``Conflict``, ``TextChanged``."""
    if done_before(house, who, case_id, event_id):
        return
    case = working_on(house, who, case_id, "end_insight_review", "collected")
    for item in case.given_documents:
        whole_of(house, item)
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


def item_file(house: House, who: Identity, case_id: str, place: int) -> Attachment:
    """The file or sealed record of an item, for who reviews; logged before the bytes. Raises ``NotFound``."""
    case = working_on(house, who, case_id, SEE, *OPEN)
    item = item_at(case, place)
    document, _ = require(house, who, READ, item.document_id)
    note(house, who, SEE, document)
    return file_of(house, item, document)


def _document_page(house: House, page: ItemPage) -> ItemPage:
    found, case, item = whole_of(house, page.item), page.case, page.item
    chosen = msgspec.structs.replace(page.left_out, passages=joined(page.left_out.passages, found.texts))
    held = held_fields(case, item)
    out = chosen if page.choice == "redact" else LeftOut()
    out = msgspec.structs.replace(out, fields=out.fields | held)
    given = given_of(found, out)
    gone = gone_of(found, out)
    shown = page.choice != "hold"
    return msgspec.structs.replace(
        page,
        left_out=msgspec.structs.replace(chosen, fields=chosen.fields | held),
        texts=found.texts,
        whole=sections(found.definition, found.seen, "da"),
        given=given if shown else (),
        repeated=repeated(given, out.fields, (*gone, *gone_elsewhere(house, case, item))) if shown else {},
        elsewhere=standing_elsewhere(house, case, item, gone),
    )


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
