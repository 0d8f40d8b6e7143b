"""A record that is truly sealed and names its event, and says something else than that: told from the event and its question alone."""

from __future__ import annotations

import pytest
from lxml import etree

from scripts.vectors.content import CHANGES, MEETING, MET, OWN, PAPER
from tests.consent_examples import (
    CHILD,
    ITEMS,
    SERIES,
    SYSTEM,
    all_yes,
    answer_event,
    attestation_event,
    reception_event,
    request,
    withdrawal_event,
)
from tests.meeting_examples import asked_event, meeting_withdrawal
from tillid.consents.attestation import build_attestation
from tillid.consents.events import forgotten, next_event
from tillid.consents.meeting_record import build_meeting_record
from tillid.consents.reception import build_reception
from tillid.consents.record import build_record
from tillid.consents.record_told import tells_otherwise
from tillid.signatures.xml import canonical

ASKED = request()
GIVEN = answer_event(ASKED, answers=all_yes(), oral=True)
TAKEN = withdrawal_event(ASKED, GIVEN, items=(ITEMS[1].id,))
CHILD_ASKED = request(required_holders=(CHILD,), series={CHILD: SERIES})
ATTESTED, RECEIVED = attestation_event(), reception_event()
# What the event does not say, or what is no part of the record's content.
BESIDE = ("holder-role", "rendering", "system", "signing-time")


def question_of(asked):
    """The event that asked."""
    return next_event(
        [], id=asked.id, kind="request_created", series_id=asked.document.document_id, at=asked.created_at,
        actor=asked.created_by, child_id=asked.child_id, document_id=asked.document.document_id, request_id=asked.id,
        payload=asked,
    )  # fmt: skip


def written(event, asked=ASKED, role="parent"):
    return build_record(event, asked, role=role, system=SYSTEM)


def met(event):
    return build_meeting_record(event, MEETING, role="other", system=SYSTEM)


ON_PAPER = answer_event(ASKED, answers=all_yes(), login=None, paper=PAPER)
REFUSED = answer_event(ASKED, answers={item.id: False for item in ITEMS})
BY_MEETING = meeting_withdrawal(MEETING, MET)
TRUE = {
    "given": (GIVEN, question_of(ASKED), written(GIVEN)),
    "other-holder": (GIVEN, question_of(ASKED), written(GIVEN, role="other")),
    "refused": (REFUSED, question_of(ASKED), written(REFUSED)),
    "on-paper": (ON_PAPER, question_of(ASKED), written(ON_PAPER)),
    "by-the-child": (OWN, question_of(CHILD_ASKED), written(OWN, CHILD_ASKED, "self")),
    "withdrawn": (TAKEN, question_of(ASKED), written(TAKEN)),
    "meeting": (MET, asked_event(MEETING), met(MET)),
    "meeting-withdrawn": (BY_MEETING, asked_event(MEETING), met(BY_MEETING)),
    "attested": (ATTESTED, None, build_attestation(ATTESTED, SYSTEM)),
    "received": (RECEIVED, None, build_reception(RECEIVED, SYSTEM)),
}


def changed(record, change):
    root = etree.fromstring(record)
    change(root)
    return canonical(root)


@pytest.mark.req("R-85", "R-11")
@pytest.mark.parametrize("name", TRUE)
def test_the_record_of_an_event_says_what_the_event_says(name):
    assert not tells_otherwise(*TRUE[name])


@pytest.mark.req("R-85", "R-10", "R-11")
@pytest.mark.parametrize("name", [name for name in CHANGES if name not in BESIDE])
def test_another_child_answer_document_version_municipality_or_series_is_told(name):
    event, question, record = TRUE["given"]
    assert tells_otherwise(event, question, changed(record, CHANGES[name][1]))


@pytest.mark.req("R-104")
@pytest.mark.parametrize("name", BESIDE[:3])
def test_what_an_event_does_not_say_is_not_compared(name):
    event, question, record = TRUE["given"]
    other = changed(record, CHANGES[name][1])
    assert other != record and not tells_otherwise(event, question, other)


@pytest.mark.req("R-85", "R-16", "R-23")
@pytest.mark.parametrize("name", ["withdrawn", "meeting", "meeting-withdrawn", "attested", "received"])
def test_words_and_names_of_every_kind_are_compared(name):
    event, question, record = TRUE[name]
    texts = [node for node in etree.fromstring(record).iter() if node.text and node.text.strip()]
    assert len(texts) > 5
    for place, node in enumerate(texts):
        root = etree.fromstring(record)
        same = [one for one in root.iter() if one.text and one.text.strip()][place]
        same.text = node.text[:-1] + ("1" if node.text[-1] != "1" else "2")
        assert tells_otherwise(event, question, canonical(root)), node.tag


@pytest.mark.req("R-23", "R-85")
def test_a_record_of_another_kind_lies_at_no_event():
    for name, (event, question, _) in TRUE.items():
        others = [record for other, (of, _, record) in TRUE.items() if of != event]
        assert len(others) > 5 and all(tells_otherwise(event, question, one) for one in others), name


def test_of_an_answer_whose_question_went_by_its_rule_nobody_can_tell():
    event, question, record = TRUE["given"]
    wrong = changed(record, CHANGES["child"][1])
    for gone in (None, forgotten(question)):
        assert not tells_otherwise(event, gone, record) and not tells_otherwise(event, gone, wrong)


@pytest.mark.req("R-12")
def test_an_event_that_is_no_answer_to_its_question_has_no_true_record():
    elsewhere = answer_event(request(id=GIVEN.document_id), answers=all_yes(), oral=True)
    assert tells_otherwise(elsewhere, question_of(ASKED), written(GIVEN))
