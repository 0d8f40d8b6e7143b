"""Everything that is kept about a child, listed for a case of insight, each with why it is looked at first (R-72).

Documents of the officer's own controller alone: others answer for their own (R-05). Underretninger lie outside every child's folder
and are found by nobody who asks by child (R-54): the intake answers for them, which the page and the package say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from tillid.archive.insight import COLLECTED, Collected, Flag, InsightCase, Item
from tillid.archive.insight_flags import Around, Other, flags_of
from tillid.archive.keeping import PLACED, Hold, keeping_of
from tillid.consents.events import Event
from tillid.documents.model import Document
from tillid.documents.rendering import attached_files
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.insight_case import done_before, hold_reason, ref_of, require_case, working_on
from tillid.usecases.insight_overview import flags_of_others, overviews_of
from tillid.usecases.insight_rows import CONSENTS, by_whom
from tillid.usecases.insight_sources import parts_of_overview, source_of, texts_of_document
from tillid.usecases.ports import House
from tillid.usecases.seal_record import ANSWERS, RECORD, SEALED
from tillid.usecases.writing import record_event

READ = "review_insight"
OTHER = (Flag(held="other_parent"),)
UNFINISHED = {"draft": (Flag(held="unfinished"),)}


def collect_insight(house: House, who: Identity, case_id: str, *, event_id: str) -> None:
    """List everything as it is now, in the place of an earlier list; decisions about what has not changed stay. What is listed is
    held back from destruction until the case is closed (R-90). Raises ``NotFound``, ``Conflict``, ``Unavailable``."""
    if done_before(house, who, case_id, event_id):
        return
    case = working_on(house, who, case_id, "collect_insight", "open", "collected", "reviewed")
    _, child = require_case(house, who, case_id)
    every = house.documents.of_child(child.id)
    documents, sheets = _readable(house, who, every), _readable(house, who, overviews_of(house, child, every))
    around = around_of(house, case, child)
    items = [item for document in documents for item in _of_document(house, case, document, around)]
    items += [item for sheet in sheets for item in _of_sheet(house, sheet, child, around)]
    items += _beside(house, case, child, around)
    collected = Collected(items=tuple(items), elsewhere=len(every) - len(documents))
    record_event(house, ref_of(case), COLLECTED, who.person_id, collected, event_id=event_id)
    for document in (*documents, *sheets):
        _hold(house, who, case, document)


def around_of(house: House, case: InsightCase, child: Child) -> Around:
    """Who stands around the child, as the register tells it; raises ``Unavailable`` when it does not answer."""
    holders = {one.person_id: one.name for one in house.people.custody(child.id).holders}
    asks = case.request.holder_id
    others = []
    for person_id, name in holders.items():
        parent = house.people.parent(person_id)
        if person_id != asks:
            others.append(Other(id=person_id, name=name, phone=parent.phone if parent else ""))
    known = frozenset({child.name, *(name for person, name in holders.items() if person == asks)})
    return Around(
        asks=asks,
        others=tuple(others),
        known=known,
        addresses=tuple(house.people.protected_addresses(child.id)),
        homes=tuple(house.people.known_addresses(child.id)),
    )


def _readable(house: House, who: Identity, documents: Iterable[Document]) -> list[Document]:
    """Those of the officer's own controller, also of the sheets about the child's groups; others answer for theirs."""
    return [one for one in documents if allowed(house, who, READ, facts_of(house, one))]


def _of_document(house: House, case: InsightCase, document: Document, around: Around) -> Iterator[Item]:
    files: dict[tuple[str, str], Item] = {}
    for item in texts_of_document(house, document):
        found = source_of(house, item)
        flags = (*UNFINISHED.get(item.kind, ()), *flags_of(found.definition, found.seen, found.draft, around))
        yield msgspec.structs.replace(item, flags=flags)
        for one in _files(item, found.seen):
            here = (one.field, one.digest)
            files[here] = one if one.version else files.get(here, one)
    yield from files.values()
    yield from _consents(house, case, document)


def _of_sheet(house: House, sheet: Document, child: Child, around: Around) -> Iterator[Item]:
    for item in parts_of_overview(house, sheet, child.id):
        found = source_of(house, item)
        flags = flags_of(found.definition, found.seen, found.draft, around)
        others = flags_of_others(house, sheet, found.definition, found.seen, child.id)
        yield msgspec.structs.replace(item, flags=tuple(dict.fromkeys((Flag(held="group"), *flags, *others))))


def _files(text: Item, seen: dict[str, Any]) -> Iterator[Item]:
    """Each file once in an answer, as the newest version has it, else the newest draft: what is held back goes with its answer, in which
    its name stands. Nobody but a reader knows what a picture shows: each is looked at."""
    for name, value in seen.items():
        for file in attached_files(value):
            yield Item(kind="file", document_id=text.document_id, version=text.version, of=text.of, field=name,
                       place=file.place, digest=file.sha256, flags=(Flag(held="file"),))  # fmt: skip


def _consents(house: House, case: InsightCase, document: Document) -> Iterator[Item]:
    events = house.ledger.of_document(document.id)
    told = [event for event in events if event.kind in CONSENTS]
    if told:
        others = any(by_whom(house, case, event) == "other" for event in told)
        yield Item(kind="consents", document_id=document.id, digest=told[-1].digest, flags=OTHER if others else ())
    for event in events:
        if event.kind in SEALED and RECORD in house.ledger.attachments(event.id):
            yield Item(kind="record", document_id=document.id, of=event.id, flags=_record_flags(case, event))
        scan = event.payload.get("scan_sha256", "") if event.kind == "paper_entered" else ""
        if scan and house.blobs.holds(scan):
            flags = (Flag(held="file"), *_record_flags(case, event))
            yield Item(kind="file", document_id=document.id, of=event.id, digest=scan, flags=flags)


def _record_flags(case: InsightCase, event: Event) -> tuple[Flag, ...]:
    holder = event.payload.get("holder_id", "")
    if event.kind in ANSWERS or holder:
        return () if holder and holder == case.request.holder_id else OTHER
    return ()


def _beside(house: House, case: InsightCase, child: Child, around: Around) -> Iterator[Item]:
    yield Item(kind="register", of=child.id)
    asks = [case.request.holder_id] if case.request.holder_id else []
    for holder in (*asks, *(one.id for one in around.others)):
        if house.notices.of_person(holder):
            yield Item(kind="notices", of=holder, flags=() if holder in asks else OTHER)
    yield Item(kind="log", of=child.id, flags=OTHER if around.others else ())


def _hold(house: House, who: Identity, case: InsightCase, document: Document) -> None:
    """Once a case and document, however often it is collected."""
    reason = hold_reason(case)
    if all(one.hold.reason != reason for one in keeping_of(house.ledger.of_document(document.id)).holds):
        record_event(house, document, PLACED, who.person_id, Hold(kind="insight", reason=reason))
