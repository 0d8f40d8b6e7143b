"""What the intake gives in a case of insight, made for the package (R-53, R-54, R-72, ADR 0068).

Nothing is made before the intake has answered, and what it holds back is not counted here. The copy says neither where it came from nor
who sent it; what else must be out was left out by the intake's decision.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from tillid.archive.insight import Choice, Decision, InsightCase, Item, case_of
from tillid.archive.insight_intake import answer_id, answer_of, given_of_answer, has_answered
from tillid.consents.statement import danish_date
from tillid.documents.model import Document
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound
from tillid.usecases.insight_file import file_of
from tillid.usecases.insight_made import STEP, Work, order_of, work_on
from tillid.usecases.insight_text import TextChanged, whole_of
from tillid.usecases.made_for_person import MadeState, made, order, state_of
from tillid.usecases.ports import House

FOLDER = "underretninger"


class Released(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that the intake gives. ``path``: where it lies in the package."""

    item: Item
    choice: Choice
    decision: Decision
    document: Document
    title: str
    path: str


def answer_for(house: House, case: InsightCase) -> InsightCase | None:
    """The intake's answer, if it stands."""
    if not has_answered(house.ledger.of_document(case.id)):
        return None
    return answer_of(case, house.ledger.of_document(answer_id(case.id)))


def released_of(house: House, case: InsightCase) -> Iterator[Released]:
    """What is given, in order; nothing while the intake has not answered. Raises ``NotFound`` for a file that is gone."""
    answer = answer_for(house, case)
    if answer is None:
        return
    for item in given_of_answer(answer):
        document = house.documents.get(item.document_id)
        if document is None:
            raise NotFound("no such document")
        name = f"{document.number}.pdf" if item.kind == "version" else file_of(house, item, document).file_name
        title = house.definitions.of(document.definition).title
        yield Released(
            item=item,
            choice=answer.choice_of(item),
            decision=answer.decisions[item.id],
            document=document,
            title=title,
            path=f"{FOLDER}/{name}",
        )


def order_released(house: House, case: InsightCase) -> None:
    """Have it made, as far as it is not there or under way."""
    for ids in _orders(case, answer_for(house, case)).values():
        order(house, STEP, ids)


def states_of_released(house: House, case: InsightCase) -> list[MadeState]:
    """How far each is."""
    return [state_of(house, STEP, ids) for ids in _orders(case, answer_for(house, case)).values()]


def is_released(ids: dict[str, str]) -> bool:
    """Whether an entry of the outbox makes something of an answer: it is made for the answer and for no person."""
    return ids["person"] == answer_id(ids["case"])


def work_on_released(house: House, ids: dict[str, str]) -> Work | None:
    """What makes it; ``None`` if it is decided otherwise by now."""
    case = case_of(house.ledger.of_document(ids["case"]))
    answer = answer_for(house, case) if case else None
    if case is None or answer is None:
        return None
    item = next((one for one in answer.made_items if order_of(case.id, answer, one, answer.id) == ids), None)
    if item is None:
        return None
    try:
        found = whole_of(house, item)
    except (NotFound, TextChanged):
        return None
    assert found.version is not None, "what was sent is frozen"
    # Of the usual facts only the day: which place it came from tells who notified.
    return work_on(house, answer, item, found, header=(("Sendt", danish_date(local_day(found.version.frozen_at))),))


def bytes_of_released(house: House, case: InsightCase, item: Item) -> bytes | None:
    """The file as it is given; ``None`` when it is not made, or no longer there."""
    answer = answer_for(house, case)
    document = house.documents.get(item.document_id)
    if answer is None or document is None:
        return None
    ids = _orders(case, answer).get(item.id)
    return made(house, STEP, ids) if ids else file_of(house, item, document).data


def _orders(case: InsightCase, answer: InsightCase | None) -> dict[str, dict[str, str]]:
    """By item what is made anew: texts, and files with boxes."""
    if answer is None:
        return {}
    return {one.id: order_of(case.id, answer, one, answer.id) for one in answer.made_items}
