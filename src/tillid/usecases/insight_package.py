"""What is handed out in a case of insight: each document made anew from what may be given, and the lists beside them (ADR 0058).

The outbox renders each document, one entry each; it lies in the second store for two weeks, for the officer who ordered it, in no
backup. The file itself is put together when it is fetched, from those, and asked for again then.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tillid.archive.insight import TEXTS, Choice, Decision, InsightCase, Item
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.usecases.facts import Conflict, allowed, facts_of, require
from tillid.usecases.gathered_zip import plain_file
from tillid.usecases.insight_case import require_case, working_on
from tillid.usecases.insight_collect import READ
from tillid.usecases.insight_file import file_of
from tillid.usecases.insight_item import rows_of
from tillid.usecases.insight_made import STEP, Work, order_of, work_on
from tillid.usecases.insight_proof import ZIP, is_proof, made_proof, order_proofs, proof_of, proofs_under_way
from tillid.usecases.insight_released import (
    bytes_of_released,
    is_released,
    order_released,
    released_of,
    states_of_released,
    work_on_released,
)
from tillid.usecases.insight_rows import Rows
from tillid.usecases.insight_sources import short_name
from tillid.usecases.insight_text import TextChanged, whole_of
from tillid.usecases.intake_told import answer_stands, asks_intake
from tillid.usecases.made_for_person import MadeState, made, order, place_of, state_of
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.writing import note

LIFE = timedelta(days=14)
INDEX, LISTS = "indhold.html", "oplysninger.html"
DONE = ("reviewed", "handed_out")


class NotMade(TillidError):
    code = "insight.not-made"
    text = "Pakken er ikke færdig, eller der er gået mere end to uger. Lav den igen, og vent, til alt er med."


class IntakeWaits(Conflict):
    code = "insight.intake-waits"
    text = "Kommunens underretningsfunktion har ikke svaret endnu. Pakken kan hentes og udleveres, når den har svaret."


class Making(msgspec.Struct, frozen=True, kw_only=True):
    """How far the documents are. ``failed``: given up, or lost with the two weeks: order them again; ``again``: of
    those that are worked on, what did not work at first and is tried again by itself."""

    ready: int
    working: int
    failed: int
    again: int = 0

    @property
    def wanted(self) -> int:
        return self.ready + self.working + self.failed


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in the index. ``path``: where it lies in the file, empty for a list and for what is held back; ``proof``: where what proves
    a record lies; ``title`` and ``number``: empty for what is held back: that there is something is said, and why, not what. ``released``: by the intake."""

    place: int
    item: Item
    choice: Choice
    decision: Decision | None
    title: str = ""
    number: str = ""
    path: str = ""
    proof: str = ""
    rows: Rows | None = None
    released: bool = False


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """``controllers``: who answers for the data; ``masked_cpr`` of the child (R-111). ``intake_asked``: what the intake gives is among
    ``lines``, and what it holds back is not, not even as held."""

    case: InsightCase
    child: Child
    unit_name: str
    masked_cpr: str
    lines: tuple[Line, ...]
    at: datetime
    intake_asked: bool = False


def order_package(house: House, who: Identity, case_id: str) -> None:
    """Have every document that is given made, as far as it is not there or under way. Raises ``NotFound``, ``Conflict``,
    ``TextChanged``."""
    case = working_on(house, who, case_id, "order_insight", *DONE)
    for item in case.made_items:
        whole_of(house, item)
        order(house, STEP, order_of(case.id, case, item, who.person_id))
    order_proofs(house, case, who.person_id)
    if asks_intake(house, who, case.child_id):
        order_released(house, case)


def making_of(house: House, who: Identity, case: InsightCase) -> Making:
    """How far they are; shows nothing of them."""
    states: list[MadeState] = [
        state_of(house, STEP, order_of(case.id, case, item, who.person_id)) for item in case.made_items
    ]
    states += states_of_released(house, case) if asks_intake(house, who, case.child_id) else []
    ready, again = states.count("ready"), states.count("again")
    working = states.count("working") + again
    failed = len(states) - ready - working
    under_way = working + proofs_under_way(house, case, who.person_id)
    return Making(ready=ready, working=under_way, failed=failed, again=again)


def render_insight(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """What the outbox does for one document or one file with boxes; nothing if it is decided otherwise by now, or the officer may no
    longer have it. The content database is only read."""
    with open_house() as house:
        work = _work(house, entry)
        if work is None:
            return
        previews, clock = house.previews, house.clock
    document_id, make = work
    data, media_type = make()
    previews.put(entry.ids["person"], data, media_type, clock.now(), place_of(entry.key), LIFE, of=document_id)


def package_of(house: House, who: Identity, case_id: str, action: str) -> Package:
    """What the file holds; logged as ``action`` for each document that is in it. Raises ``NotFound``, ``Conflict``, ``IntakeWaits``,
    ``NotMade``."""
    case = working_on(house, who, case_id, action, *DONE)
    child = require_answered(house, who, case_id)
    if (now := making_of(house, who, case)).ready < now.wanted:
        raise NotMade(f"{now.ready} of {now.wanted}")
    unit = house.people.unit(child.unit_id)
    lines = tuple(_line(house, who, case, place, item, action) for place, item in enumerate(case.items, 1))
    asks = asks_intake(house, who, child.id)
    lines += _released_lines(house, who, case, action) if asks else ()
    assert case.reviewed_at is not None, "reviewed before it is packed"
    return Package(case=case, child=child, unit_name=unit.name if unit else "", masked_cpr=house.people.masked_cpr(child.id),
                   lines=lines, at=case.reviewed_at, intake_asked=asks)  # fmt: skip


def require_answered(house: House, who: Identity, case_id: str) -> Child:
    """The child of the case, if the intake has answered. Raises ``NotFound``, ``IntakeWaits``."""
    case, child = require_case(house, who, case_id)
    if not answer_stands(house, who, case):
        raise IntakeWaits("no answer yet")
    return child


def packed(house: House, who: Identity, package: Package, write: Callable[[str], bytes]) -> bytes:
    """The file: the same bytes for the same case. ``write``: makes the page of that name. Raises ``NotMade``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for name in (INDEX, LISTS):
            file.writestr(plain_file(name, package.at), write(name))
        for line in package.lines:
            if line.path:
                file.writestr(plain_file(line.path, package.at), _bytes(house, who, package.case, line))
            if line.proof:
                file.writestr(plain_file(line.proof, package.at), _proof(house, who, package.case, line))
    return out.getvalue()


def _work(house: House, entry: OutboxEntry) -> Work | None:
    if is_released(entry.ids):
        return work_on_released(house, entry.ids)
    staff = house.people.staff(entry.ids["person"])
    if staff is None:
        return None
    who = Identity.of_staff(staff)
    if is_proof(entry.ids):
        return _work_on_proof(house, who, entry.ids)
    try:
        case, _ = require_case(house, who, entry.ids["case"])
        item = next(one for one in case.made_items if one.id == entry.ids["item"])
        found = whole_of(house, item)
    except (NotFound, StopIteration, TextChanged):
        return None
    wanted = case.state in DONE and order_of(case.id, case, item, who.person_id) == entry.ids
    if not wanted or not allowed(house, who, READ, facts_of(house, found.document)):
        return None
    # Of a draft: the same whenever it is made.
    printed: dict[str, Any] = {
        "moment": found.version.frozen_at if found.version else case.collected_at or house.moment
    }
    if found.definition.id != found.document.definition.form_id:
        printed["template"] = b""  # one made for a form's own fields prints no others
    return work_on(house, case, item, found, **printed)


def _work_on_proof(house: House, who: Identity, ids: dict[str, str]) -> Work | None:
    """Of a record that the officer gives and may have; nothing as long as there is no proof."""
    try:
        case, _ = require_case(house, who, ids["case"])
        item = next(one for one in case.given_records if one.id == ids["item"])
        document = require(house, who, READ, item.document_id)[0]
    except (NotFound, StopIteration):
        return None
    data = proof_of(house, item) if case.state in DONE else None
    return None if data is None else (document.id, lambda: (data, ZIP))


def _line(house: House, who: Identity, case: InsightCase, place: int, item: Item, action: str) -> Line:
    choice, decision = case.choice_of(item), case.decisions.get(item.id)
    line = Line(place=place, item=item, choice=choice, decision=decision)
    if choice == "hold":
        return line
    if not item.document_id:
        return msgspec.structs.replace(line, rows=rows_of(house, case, item, choice))
    document, _ = require(house, who, READ, item.document_id)
    note(house, who, action, document)
    title = house.definitions.of(document.definition).title
    path = ""
    if item.kind in TEXTS:
        path = f"dokumenter/{document.number}-{short_name(item)}.pdf"
    elif item.kind in ("file", "record"):
        folder = "bilag" if item.kind == "file" else "poster"
        path = f"{folder}/{file_of(house, item, document).file_name}"
    proven = made_proof(house, case, item, who.person_id) is not None
    proof = path.removesuffix(".xml") + ".zip" if proven else ""
    return msgspec.structs.replace(
        line, title=title, number=document.number, path=path, proof=proof, rows=rows_of(house, case, item, choice)
    )


def _released_lines(house: House, who: Identity, case: InsightCase, action: str) -> tuple[Line, ...]:
    """Numbered on after what the officer has reviewed, so that what is held back leaves no gap."""
    lines = []
    for place, one in enumerate(released_of(house, case), len(case.items) + 1):
        note(house, who, action, one.document)
        lines.append(
            Line(place=place, item=one.item, choice=one.choice, decision=one.decision, title=one.title, released=True,
                 number=one.document.number, path=one.path)
        )  # fmt: skip
    return tuple(lines)


def _proof(house: House, who: Identity, case: InsightCase, line: Line) -> bytes:
    data = made_proof(house, case, line.item, who.person_id)
    if data is None:
        raise NotMade("a proof is gone")
    return data


def _bytes(house: House, who: Identity, case: InsightCase, line: Line) -> bytes:
    if line.released:
        given = bytes_of_released(house, case, line.item)
        if given is None:
            raise NotMade("a document is gone")
        return given
    if line.item in case.made_items:
        data = made(house, STEP, order_of(case.id, case, line.item, who.person_id))
        if data is None:
            raise NotMade("a document is gone")
        return data
    document = house.documents.get(line.item.document_id)
    if document is None:
        raise NotFound("no such document")
    return file_of(house, line.item, document).data
