"""One underretning in a case of insight, or a file in it: read by the intake, and given, given in part or held back (R-53, R-54, R-72).

Who notified is left out unless the intake says why it may be given, and what the parents must not be told yet is given only with a
reason of its own (ADR 0068).
"""

from __future__ import annotations

import msgspec

from tillid.archive.insight import DECIDED, TEXTS, Choice, Decision, InsightCase, Item
from tillid.archive.insight_intake import IntakeDecision, first_left_out, kept_from_parents
from tillid.archive.insight_notifier import Notifier, telling, tells
from tillid.documents.model import Document
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.usecases.facts import require
from tillid.usecases.insight_case import InsightIncomplete, stated
from tillid.usecases.insight_file import file_of
from tillid.usecases.insight_item import NOTHING, ItemPage, ReasonTells, decision_of, item_at, page_of_text
from tillid.usecases.insight_text import LeftOut, given_of, held_fields, left_out_of, whole_of
from tillid.usecases.intake_case import DECIDE, SEE, answer_ref, counted, intake_case, working_on_answer
from tillid.usecases.intake_find import REVIEW, notifier_in
from tillid.usecases.open_attachment import Attachment
from tillid.usecases.ports import House
from tillid.usecases.writing import note, record_event


class NotifierGiven(InsightIncomplete):
    code = "insight.notifier-given"
    text = "Du giver noget, der fortæller, hvem der har underrettet. Udelad det, eller skriv, hvorfor det må gives."


class NotToldYet(InsightIncomplete):
    code = "insight.not-told-yet"
    text = "Underretter har skrevet, at forældrene ikke må få besked endnu. Hold det tilbage, eller skriv, hvorfor det må gives alligevel."


class ReasonNames(ReasonTells):
    code = "insight.reason-names"
    text = "Begrundelsen fortæller, hvem der har underrettet. Skriv den uden navn, sted og telefonnummer."


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What is typed with a decision. ``reason``: told to who asks where a part is left out; ``despite`` and ``notifier``: kept by the
    intake (``IntakeDecision``)."""

    provision: str = ""
    reason: str = ""
    despite: str = ""
    notifier: str = ""


def see_notification_item(
    house: House, who: Identity, case_id: str, place: int,
    choice: Choice | None = None, left_out: LeftOut | None = None, number: int = 1,
) -> ItemPage:  # fmt: skip
    """As ``see_item``. Until it is given, ``first_left_out`` is chosen to be left out. Logged for the underretning alone."""
    found = intake_case(house, who, case_id, SEE)
    item = item_at(found.answer, place)
    document = _read(house, who, item)
    page = ItemPage(
        case=found.answer, child=found.child, item=item, place=place, open=found.open, number=document.number,
        title=house.definitions.of(document.definition).title, choice=choice or found.answer.choice_of(item),
        left_out=left_out if left_out is not None else _chosen(found.answer, item),
    )  # fmt: skip
    return page_of_text(house, page, number)


def decide_notification(
    house: House, who: Identity, case_id: str, place: int, choice: Choice, typed: Typed, *,
    left_out: LeftOut = NOTHING, event_id: str,
) -> None:  # fmt: skip
    """Give it, give a part, or hold it back; each with a reason. The same click twice is one. Raises as ``decide_item``, and
    ``NotifierGiven``, ``NotToldYet``, ``ReasonNames``."""
    if counted(house, who, case_id, event_id):
        return
    found = working_on_answer(house, who, case_id, DECIDE)
    item = item_at(found.answer, place)
    document = _read(house, who, item)
    if choice == "hold":
        # Told to nobody, so it need not name a provision: it may be about another child.
        made = Decision(item=item.id, choice=choice, provision=_if_any("provision", typed.provision))
    else:
        made = decision_of(house, found.answer, item, choice, left_out, typed.provision, typed.reason)
    made = msgspec.structs.replace(made, reason=stated("reason", typed.reason))
    despite, notifier = ("", "") if choice == "hold" else _reasons(house, found.answer, item, document, made, typed)
    decision = IntakeDecision(**msgspec.structs.asdict(made), despite=despite, notifier=notifier)
    record_event(house, answer_ref(found.case), DECIDED, who.person_id, decision, event_id=event_id)


def notification_file(house: House, who: Identity, case_id: str, place: int) -> Attachment:
    """The file of an item, for the intake; logged before the bytes. Raises ``NotFound``."""
    item = item_at(intake_case(house, who, case_id, SEE).answer, place)
    if item.kind != "file":
        raise NotFound("no file")
    return file_of(house, item, _read(house, who, item))


def _read(house: House, who: Identity, item: Item) -> Document:
    """In the log under the underretning's own id, and on no officer's page: else the hour would tell whom it is about."""
    document, _ = require(house, who, REVIEW, item.document_id)
    note(house, who, REVIEW, document)
    return document


def _chosen(answer: InsightCase, item: Item) -> LeftOut:
    out = left_out_of(answer, item)
    if answer.choice_of(item) != "hold":
        return out
    return msgspec.structs.replace(out, fields=out.fields | first_left_out(item))


def _reasons(
    house: House, answer: InsightCase, item: Item, document: Document, made: Decision, typed: Typed
) -> tuple[str, str]:
    """Why it is given although the parents must not be told, and why who notified is. Raises ``NotToldYet``, ``NotifierGiven``,
    ``ReasonNames``."""
    despite = _required(NotToldYet("despite"), "despite", typed.despite) if kept_from_parents(item) else ""
    version = house.documents.version(document.id, item.version)
    if version is None:
        raise NotFound("no such version")
    sender = notifier_in(house, document, version)
    if item.kind in TEXTS and _names_sender(house, answer, item, made, sender):
        return despite, _required(NotifierGiven("notifier"), "notifier", typed.notifier)
    if made.choice == "redact" and tells(f"{made.provision} {made.reason}", sender):
        raise ReasonNames("reason")
    return despite, ""


def _names_sender(house: House, answer: InsightCase, item: Item, made: Decision, sender: Notifier) -> bool:
    """Whether what ``made`` gives of a text tells who notified."""
    whole = whole_of(house, item)
    out = LeftOut(fields=frozenset(made.fields) | held_fields(answer, item), passages=made.passages)
    return bool(telling(whole.definition, given_of(whole, out), sender) - out.fields)


def _required(error: TillidError, part: str, words: str) -> str:
    if not words.strip():
        raise error
    return stated(part, words)


def _if_any(part: str, words: str) -> str:
    return stated(part, words) if words.strip() else ""
