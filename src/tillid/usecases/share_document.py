"""Walk 1, "Del med forældrene": freeze a version for reading and open the text for both sides (station 4).

What a leader has attested already is shared as it was locked: no new version, and only the parents write on in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tillid.consents.custody import Custody
from tillid.documents.model import Document, Version
from tillid.forms.answers import AnswerProblem
from tillid.forms.definition import FormDefinition
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Facts, Identity
from tillid.usecases.decision_stops import let_new_receiver_stop
from tillid.usecases.facts import require
from tillid.usecases.fill import PREPARING_SIDE, TEAM_SIDE, definition_of, problems_of
from tillid.usecases.outside_facts import outside_facts
from tillid.usecases.ports import House
from tillid.usecases.protected import protected_in
from tillid.usecases.restricted import refuse_restricted
from tillid.usecases.writing import note, record_event, snapshot, tell


class NotReady(TillidError):
    """``problems``: the fields, for the page's summary."""

    code = "document.not-ready"
    text = "Der mangler noget, før I kan gå videre. Se felterne nedenfor."

    def __init__(self, problems: tuple[AnswerProblem, ...]) -> None:
        super().__init__(f"{len(problems)} fields: {[p.field_id for p in problems]}", count=len(problems))
        self.problems = problems


def share_document(house: House, who: Identity, document_id: str) -> Version:
    """1. may the person? 2. log: a refused attempt leaves its row too 3. is the professional's part right and whole?
    4. freeze 5. open for both sides 6. let the copies be rendered 7. tell the holders."""
    document, facts = require(house, who, "share", document_id)
    note(house, who, "share", document)
    refuse_restricted(house, document_id)
    definition = definition_of(house, document)
    draft = house.documents.draft(document_id)
    # What only the team fills of a sheet is written at the meeting that the sheet calls (D1, D4).
    sides = PREPARING_SIDE if facts.way.attested else TEAM_SIDE
    if problems := problems_of(definition, draft, outside_facts(house, document, facts), sides):
        raise NotReady(problems)
    refuse_protected(house, document, definition, draft.answers)
    if document.state == "submitted":
        version = _hand_over(house, document)
    else:
        version = freeze(house, who, with_receiver(document, draft.answers), agreed=False)
    event = record_event(house, document, "version_shared", who.person_id, {"version": version.number})
    holders = [holder.person_id for holder in _custody(facts).current(house.moment)]
    tell(house, holders, "document_shared", event.id, document=document.id)
    if facts.of_age:  # who is asked itself is told what its parents were given
        tell(house, [document.child_id], "shared_about_you", event.id, document=document.id)
    return version


def refuse_protected(house: House, document: Document, definition: FormDefinition, answers: Mapping[str, Any]) -> None:
    """R-37: a text with an address that the register knows as protected goes to nobody, also when it has become protected
    since the text was frozen. Raises ``NotReady``.

    Asked of the sender's side only. Told to a parent, it would confirm an address that the other parent has guessed; and
    no text is frozen as agreed without the sender's side having agreed to these very words.
    """
    if problems := protected_in(house, document, definition, answers):
        raise NotReady(problems)


def with_receiver(document: Document, answers: dict) -> Document:
    """The document with receiver taken from the professional's answers."""
    receiver = answers.get("til_enhed") or {}
    return msgspec.structs.replace(document, receiver_unit_id=receiver.get("id") or document.receiver_unit_id)


def freeze(house: House, who: Identity, document: Document, *, agreed: bool) -> Version:
    """The next immutable version of the draft's answers; its copies are rendered by the outbox."""
    let_new_receiver_stop(house, document)
    version = snapshot(house, who, document, agreed=agreed)
    house.documents.replace(
        msgspec.structs.replace(
            document,
            state="shared",
            versions=version.number,
            shared_version=version.number,
            agreed_version=version.number if agreed else document.agreed_version,
        )
    )
    house.outbox.add("render_copies", {"document": document.id, "version": str(version.number)}, house.moment)
    return version


def _hand_over(house: House, document: Document) -> Version:
    """The version the leader attested, now for the parents too."""
    number = document.versions
    version = house.documents.version(document.id, number)
    if version is None:
        raise NotFound("no attested version")
    refuse_protected(house, document, definition_of(house, version), version.answers)
    changed = msgspec.structs.replace(document, state="shared", attested_version=number, shared_version=number)
    house.documents.replace(changed)
    house.outbox.add("render_copies", {"document": document.id, "version": str(number)}, house.moment)
    return version


def _custody(facts: Facts) -> Custody:
    if facts.custody is None:
        raise TillidError(
            "custody register silent",
            code="document.no-register",
            text="Vi kan ikke slå forældremyndigheden op lige nu. Prøv igen om lidt. Intet er delt.",
        )
    return facts.custody
