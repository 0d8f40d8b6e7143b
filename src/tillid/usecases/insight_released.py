"""What the intake gives in a case of insight, made for the package (R-53, R-54, R-72, ADR 0068).

Nothing is made before the intake has answered, and what it holds back is not counted here. The copy says neither where it came from nor
who sent it; what else must be out was left out by the intake's decision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from tillid.archive.insight import Choice, Decision, InsightCase, Item, case_of
from tillid.archive.insight_intake import answer_id, answer_of, given_of_answer, has_answered
from tillid.consents.statement import danish_date
from tillid.documents.model import Document
from tillid.documents.redaction import redacted
from tillid.documents.rendering import RenderJob
from tillid.kernel.canonical import json_digest
from tillid.kernel.clock import local_day
from tillid.kernel.errors import NotFound
from tillid.usecases.copy_job import job_for
from tillid.usecases.insight_file import file_of
from tillid.usecases.insight_text import LeftOut, TextChanged, Whole, left_out_of, whole_of
from tillid.usecases.made_for_person import MadeState, made, order, state_of
from tillid.usecases.ports import House

STEP = (
    "render_insight"  # of the whole package: a step of its own would tell, in a list of steps, that there is something
)
PDF = "application/pdf"
FOLDER = "underretninger"
Work = tuple[str, Callable[[], tuple[bytes, str]]]


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
    for ids in _every(house, case):
        order(house, STEP, ids)


def states_of_released(house: House, case: InsightCase) -> list[MadeState]:
    """How far each is."""
    return [state_of(house, STEP, ids) for ids in _every(house, case)]


def is_released(ids: dict[str, str]) -> bool:
    """Whether an entry of the outbox makes something of an answer: it is made for the answer and for no person."""
    return ids["person"] == answer_id(ids["case"])


def work_on_released(house: House, ids: dict[str, str]) -> Work | None:
    """Of which document, and what makes the bytes; ``None`` if it is decided otherwise by now."""
    case = case_of(house.ledger.of_document(ids["case"]))
    answer = answer_for(house, case) if case else None
    item = next((one for one in answer.items if one.id == ids["item"]), None) if answer else None
    if case is None or answer is None or item is None or ids not in list(_every(house, case)):
        return None
    try:
        found = whole_of(house, item)
    except (NotFound, TextChanged):
        return None
    out, renderer, uploads = left_out_of(answer, item), house.renderer, house.uploads
    if item.kind == "file":
        stored = file_of(house, item, found.document)
        return found.document.id, lambda: (uploads.burned(stored.data, out.boxes), stored.media_type)
    job = _job(house, found, out)
    return found.document.id, lambda: (renderer.render(job).pdf, PDF)


def bytes_of_released(house: House, case: InsightCase, item: Item) -> bytes | None:
    """The file as it is given; ``None`` when it is not made, or no longer there."""
    answer = answer_for(house, case)
    document = house.documents.get(item.document_id)
    if answer is None or document is None:
        return None
    if _is_made(answer, item):
        return made(house, STEP, _ids(case, answer, item))
    return file_of(house, item, document).data


def _every(house: House, case: InsightCase) -> Iterator[dict[str, str]]:
    answer = answer_for(house, case)
    if answer is not None:
        yield from (_ids(case, answer, one) for one in given_of_answer(answer) if _is_made(answer, one))


def _is_made(answer: InsightCase, item: Item) -> bool:
    return item.kind == "version" or answer.choice_of(item) == "redact"


def _ids(case: InsightCase, answer: InsightCase, item: Item) -> dict[str, str]:
    out = left_out_of(answer, item)
    made_of = json_digest([item.id, sorted(out.fields), out.passages, out.boxes])[:32]
    return {"case": case.id, "item": item.id, "made_of": made_of, "person": answer.id}


def _job(house: House, found: Whole, out: LeftOut) -> RenderJob:
    assert found.version is not None, "what was sent is frozen"
    job = job_for(house, found.document, found.seen, "team", found.version)
    # Of the usual facts only the day: which place it came from tells who notified.
    header = (("Sendt", danish_date(local_day(found.version.frozen_at))),)
    job = msgspec.structs.replace(job, header=header)
    return redacted(job, found.definition, found.seen, out.fields, found.document, out.passages)
