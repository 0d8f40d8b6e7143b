"""An underretning: begun, and sent by the notifier's own click. Nothing and nobody else can stop it (R-50, R-51).

It lies outside every child's folder (R-54): ``Document.child_id`` is an id of its own that no register knows, so that
neither a list, the ledger of a child, the audit log of a child nor its export can lead to it (R-53). Which child of the
register it was begun from is an answer in it (``b_barn``), readable by who reads the notification.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from tillid.documents.model import Document, Draft, Version
from tillid.forms.answers import AnswerProblem
from tillid.forms.definition import FormDefinition
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.process.access import NOTIFICATION, Identity
from tillid.process.organisation import Assignment, Child, Organigram
from tillid.usecases.attest_record import record_attestation
from tillid.usecases.enter_journal import enter_journal
from tillid.usecases.facts import Conflict, require
from tillid.usecases.fill import NOTIFIER_SIDE, definition_of, problems_of, text_digest
from tillid.usecases.outside_facts import outside_facts
from tillid.usecases.ports import House
from tillid.usecases.share_document import NotReady
from tillid.usecases.start_document import WrongVariant, as_begun_at, first_draft, may_start_for, put_document
from tillid.usecases.writing import note, record_event, snapshot

# The child in any description and the worry in free text; whatever else a definition or an addition asks for, it never
# stops a notification.
MINIMUM = frozenset({"b_navn", "c_kort"})
BASIS = "lov"
_RELATION = {
    "sundhedspleje": "sundhedspleje",
    "dagpleje_vuggestue": "dagtilbud",
    "boernehave": "dagtilbud",
    "skole_sfo": "skole",
}


def may_notify(who: Identity) -> bool:
    """Every employee has the duty, whatever the role (R-50)."""
    return who.kind == "staff" and bool(who.assignments)


def start_notification(house: House, who: Identity, kind: str, child_id: str | None = None) -> Document:
    """A new draft of the newest form; ``kind``: one of its variants. Raises ``NotFound`` for who is no employee or a child
    that ``who`` does not work with, and ``WrongVariant``."""
    child = house.people.child(child_id) if child_id else None
    if not may_notify(who) or (child_id and (child is None or not may_start_for(house, who, child))):
        raise NotFound("may not notify about this child")
    form = house.definitions.latest(NOTIFICATION)
    if kind not in {variant.id for variant in form.variants}:
        raise WrongVariant("no such kind of notification")
    unit_id = child.unit_id if child else who.assignments[0].unit_id
    form = as_begun_at(house, form, unit_id)
    document = msgspec.structs.replace(put_document(house, who, form, unit_id, kind), child_id=new_id())
    house.documents.add(document, first_draft(house, document, _known(house, who, form, document, child)))
    record_event(house, document, "document_created", who.person_id, {"form": form.name})
    return document


def _known(
    house: House, who: Identity, form: FormDefinition, document: Document, child: Child | None
) -> dict[str, Any]:
    """What the system knows of child and notifier; the notifier can change all of it. Never an address (R-52)."""
    own = next((a.unit_id for a in who.assignments if a.unit_id == document.unit_id), who.assignments[0].unit_id)
    work = house.people.unit(own)
    found: dict[str, Any] = {"type": document.variant, "u_navn": _name_and_position(house, who)}
    if work is not None:
        phone = {"text": f"tlf. {work.phone}"} if work.phone else {}
        found |= {"u_arbejdssted": {"unit": {"id": work.id, "name": work.name}, **phone}}
        found |= {"u_kategori": _RELATION[work.kind]} if work.kind in _RELATION else {}
    if child is not None:
        unit = house.people.unit(child.unit_id)
        found |= {"b_barn": {"id": child.id, "name": child.name}, "b_navn": child.name}
        found |= {"b_tilbud": {"unit": {"id": unit.id, "name": unit.name}}} if unit else {}
    content = {field.id for field in form.fields if field.phase == "content"}
    return {field_id: value for field_id, value in found.items() if field_id in content}


def _name_and_position(house: House, who: Identity) -> str:
    staff = house.people.staff(who.person_id)
    lists = (one for form in house.definitions.all() for one in form.code_lists if one.id == "faggruppe")
    choice = next((c for one in lists if staff and (c := one.choice(staff.profession))), None)
    return f"{who.name}, {choice.label.lower()}" if choice and choice.code != "andet" else who.name


def stopping(problems: Iterable[AnswerProblem]) -> tuple[AnswerProblem, ...]:
    """Of what is wrong or missing, the only things that can stop a notification (R-51)."""
    return tuple(one for one in problems if one.field_id in MINIMUM and one.code == "forms.missing")


def send_notification(house: House, who: Identity, document_id: str, digest: str) -> Version:
    """The notifier's click: attested, frozen, addressed to the municipality, never changed again (R-63).

    ``digest``: of the text that stood on the page. Raises ``NotFound``, ``Conflict`` when the text is another one now, and
    ``NotReady`` while the child or the worry is missing. Depends on no rendering, notice or approval.
    """
    document, facts = require(house, who, "send_notification", document_id)
    draft = house.documents.draft(document_id)
    if text_digest(draft) != digest:
        raise Conflict("another text than the one on the page")
    definition = definition_of(house, document)
    if missing := stopping(problems_of(definition, draft, outside_facts(house, document, facts), NOTIFIER_SIDE)):
        raise NotReady(missing)
    note(house, who, "send_notification", document)
    version = snapshot(house, who, document)
    sent = msgspec.structs.replace(
        document,
        state="submitted",
        versions=version.number,
        variant=_kind(definition, draft, document),
        receiver_unit_id=municipality_of(facts.organigram, document.unit_id),
        basis=BASIS,
    )
    house.documents.replace(sent)
    record_attestation(house, who, sent, version, "notifier")
    payload = {"version": version.number, "answers": version.answers_digest, "attested": True, "basis": BASIS}
    record_event(house, sent, "document_submitted", who.person_id, payload)
    enter_journal(house, sent, version, who.person_id)
    return version


def _kind(definition: FormDefinition, draft: Draft, document: Document) -> str:
    """What it turned out to be about, for the notifier may have chosen again."""
    chosen = draft.answers.get("type")
    return chosen if chosen in {variant.id for variant in definition.variants} else document.variant


def intake_towns(organigram: Organigram, assignments: Iterable[Assignment]) -> frozenset[str]:
    """The top units whose intake somebody with ``assignments`` is."""
    return frozenset(municipality_of(organigram, one.unit_id) for one in assignments if one.role == "intake")


def municipality_of(organigram: Organigram, unit_id: str) -> str:
    """The top unit above ``unit_id``: whoever runs the place, its employees notify the municipality."""
    return (organigram.above(unit_id) or (unit_id,))[-1]
