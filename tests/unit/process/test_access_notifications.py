"""An underretning: outside every folder, whoever it is about (R-50, R-53, R-54)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.access import EFFECTIVE, NOW, ORGANIGRAM, PEOPLE, facts, staff, unit
from tillid.documents.model import DefinitionRef, Document
from tillid.process.access import Facts, may, may_all
from tillid.process.organisation import Organigram

NOTIFYING = msgspec.structs.replace(
    facts({"state": "draft"}, {}, round_=False).document,
    definition=DefinitionRef(form_id="underretning", version=2, digest="d"),
    receiver_unit_id=None,
)
SENT = msgspec.structs.replace(NOTIFYING, state="submitted", receiver_unit_id="town", versions=1)


def _notification(document: Document) -> Facts:
    """With everything that could open another kind of document: custody, a question, the archive."""
    more = {"verdict": EFFECTIVE, "asked": True, "asked_holders": frozenset({"ane"}), "archivable": True}
    return msgspec.structs.replace(facts({"state": "draft"}, more, round_=False), document=document)


@pytest.mark.req("R-50", "R-53", "R-54")
@pytest.mark.parametrize("person", sorted(set(PEOPLE) - {"writer"}))
def test_nobody_stands_to_an_unsent_notification_but_the_notifier(person):
    assert may_all(PEOPLE[person][0], _notification(NOTIFYING), NOW) == frozenset()


@pytest.mark.req("R-50")
def test_the_notifier_writes_and_sends_alone():
    writer = PEOPLE["writer"][0]
    own = {"see_draft", "write_notification", "send_notification", "move_draft"}
    assert may_all(writer, _notification(NOTIFYING), NOW) == own
    moved = msgspec.structs.replace(writer, assignments=())  # the duty is the person's own, not the unit's
    assert may(moved, "send_notification", _notification(NOTIFYING), NOW).allowed


@pytest.mark.req("R-50", "R-53", "R-54", "R-63")
@pytest.mark.parametrize("person", sorted(PEOPLE))
def test_a_sent_notification_is_read_by_notifier_and_intake_and_changed_by_nobody(person):
    expected = {"read_notification"} if person in ("writer", "intake") else set()
    expected |= {"review_notification"} if person == "intake" else set()
    if person == "notification archivist":  # how long it is kept, and nothing of what is in it
        expected = {"see_keeping", "hold_document", "appraise_document", "destroy_document"}
    assert may_all(PEOPLE[person][0], _notification(SENT), NOW) == expected


@pytest.mark.req("R-54")
def test_another_municipalitys_intake_reads_nothing():
    elsewhere = staff("intake", "intake", "other")
    towns = {**ORGANIGRAM.units, "other": unit("other", "municipality", None)}
    known = msgspec.structs.replace(_notification(SENT), organigram=Organigram(units=towns))
    assert may_all(elsewhere, known, NOW) == frozenset()
