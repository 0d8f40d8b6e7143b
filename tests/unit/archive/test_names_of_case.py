"""Each place that knows a name of the case's people is asked: whoever stands in one alone is taken out too (ADR 0055)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tests.consent_examples import request
from tests.meeting_examples import asked_event, question
from tests.support.definitions import our_definitions
from tillid.consents.custody import Custody, Holder
from tillid.consents.events import Event, next_event
from tillid.consents.reading_grant import GRANTED
from tillid.documents.model import DefinitionRef, Document, Version
from tillid.kernel.errors import Unavailable
from tillid.process.organisation import Child, Parent
from tillid.usecases.names_of_case import names_of_case

pytestmark = pytest.mark.req("R-111")

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
THEN = NOW - timedelta(days=400)
REF = DefinitionRef(form_id="overgangsbeskrivelse", version=3, digest="")
DOCUMENT = Document(
    id="d", number="TD-1", child_id="c", unit_id="u", definition=REF, variant="boernehave", state="closed", created_at=THEN,
    author="author", named_readers=("reader",),
)  # fmt: skip


def child(name: str, *former: str) -> Child:
    return Child(
        id=name, name=name, birth_date=date(2022, 1, 1), unit_id="u", group="", variant="", former_names=former
    )


def parent(name: str, *former: str) -> Parent:
    return Parent(id=name, name=name, mitid=True, former_names=former)


def holder(person_id: str, name: str, until: datetime | None = None) -> Holder:
    return Holder(person_id=person_id, name=name, relation="parent", resident=True, since=THEN, until=until)


def event(kind: Any, payload: Any, actor: str = "actor") -> Event:
    return next_event([], id=kind, kind=kind, series_id="s", at=THEN, actor=actor, child_id="c", document_id="d",
                      request_id=None, payload=payload)  # fmt: skip


GRANT = {"person_id": "foster", "name": "Plejemor i bevillingen", "basis": "§ 1", "until": "2027-12-31"}
EVENTS = [
    event("request_created", request(series={"asked": "s1"})),
    event(GRANTED, GRANT),
    asked_event(question(series={"asked to a meeting": "s2"})),
]
SIBLINGS = {
    ("holds", NOW): [child("Søskende nu", "Søskende før")],
    ("held", NOW): [],
    ("held", THEN): [child("Søskende dengang")],
    ("asked", NOW): [child("Den spurgtes barn")],
}
PARENTS = {
    "holds": parent("Indehaver i registret", "Indehaver før"),
    "held": parent("Tidligere indehaver"),
    "asked": parent("Spurgt engang", "Spurgt før"),
    "asked to a meeting": parent("Spurgt til møde"),
    "foster": parent("Plejemor i registret", "Plejemor før"),
    "actor": parent("Forælder der handlede"),
}
STAFF = {name: SimpleNamespace(name=f"Medarbejder {name}") for name in ("author", "frozen by", "reader", "clerk")}
ANSWERS = {"kontakt_afgiver": {"id": "x", "name": "Navngivet i et felt"}}
# Who is known by what, one place for each.
KNOWN = {
    "Barnet": "the register's child", "Barnet før": "an earlier name", "Indehaver i aftalen": "custody",
    "Tidligere i aftalen": "past custody", "Indehaver i registret": "a holder", "Indehaver før": "a holder's earlier name",
    "Tidligere indehaver": "who held", "Spurgt engang": "who was asked", "Spurgt før": "an earlier name of who was asked",
    "Spurgt til møde": "who was asked about a meeting", "Plejemor i registret": "who reads by a grant",
    "Plejemor før": "an earlier name of who reads", "Plejemor i bevillingen": "the grant's own words",
    "Forælder der handlede": "who clicked", "Søskende nu": "a sibling", "Søskende før": "a sibling's earlier name",
    "Søskende dengang": "a sibling when it was frozen", "Den spurgtes barn": "a child of who was asked",
    "Medarbejder author": "who began it", "Medarbejder frozen by": "who locked it", "Medarbejder reader": "a named reader",
    "Medarbejder clerk": "who acted", "Ida Holm <PPR>": "who takes part in a meeting", "Jonas Krogh": "another",
    "Navngivet i et felt": "a field for people",
}  # fmt: skip


def house(custody: Custody | None, events: list[Event], **people: Any) -> Any:
    def of_child(child_id: str) -> Custody:
        if custody is None:
            raise Unavailable("silent")
        return custody

    return SimpleNamespace(
        moment=NOW,
        ledger=SimpleNamespace(of_document=lambda document_id: events),
        people=SimpleNamespace(
            child=lambda child_id: child("Barnet", "Barnet før"), custody=of_child, parent=PARENTS.get, staff=STAFF.get,
            children_of_holder=lambda person_id, moment: SIBLINGS.get((person_id, moment), []),
        ),
    )  # fmt: skip


def names(custody: Custody | None, events: list[Event]) -> frozenset[str]:
    definition = our_definitions().get("overgangsbeskrivelse", 3)
    version = Version(
        document_id="d", number=1, agreed=True, definition=REF, answers=ANSWERS, answers_digest="",
        frozen_at=THEN, frozen_by="frozen by",
    )  # fmt: skip
    return names_of_case(house(custody, events), DOCUMENT, version, definition)


def test_each_of_them_is_known_by_its_own_place():
    custody = Custody(
        child_id="c", shared_residence=False, checked_at=NOW,
        holders=(holder("holds", "Indehaver i aftalen"), holder("held", "Tidligere i aftalen", NOW - timedelta(days=9))),
    )  # fmt: skip
    clerk = msgspec.structs.replace(EVENTS[0], kind="document_shared", actor="clerk", payload={})
    assert names(custody, [*EVENTS, clerk]) == set(KNOWN)


def test_a_register_that_does_not_answer_takes_nobody_out_whom_the_ledger_knows():
    found = names(None, EVENTS)
    assert {"Barnet", "Barnet før", "Spurgt engang", "Spurgt til møde", "Den spurgtes barn", "Jonas Krogh"} <= found
    assert names(None, []) == {"Barnet", "Barnet før", "Medarbejder author", "Medarbejder frozen by", "Medarbejder reader",
                               "Navngivet i et felt"}  # fmt: skip
