"""A case of insight is what its events say (R-72)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from tillid.archive import insight
from tillid.archive.insight import Collected, Decision, Flag, HandedOut, Item, Refusal, Request, case_of
from tillid.archive.insight_days import Prolonged, answer_day, forgotten_on, latest_day
from tillid.consents.events import next_event
from tillid.usecases.insight_text import held_fields

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
REQUEST = Request(number="IND-1", asker="holder", name="Ane", holder_id="ane", identity="MitID", basis="gdpr", asked_on=date(2026, 11, 26))  # fmt: skip
CLEAN = Item(kind="register", of="child")
MIXED = Item(kind="version", document_id="d", version=1, digest="x", flags=(Flag(held="other_parent", field="a"),))


def told(*steps):
    """The case after ``steps``: kind and payload."""
    series = []
    for number, (kind, payload) in enumerate(((insight.ASKED, REQUEST), *steps)):
        series.append(
            next_event(
                series,
                id=f"e{number}",
                kind=kind,
                series_id="case",
                at=AT,
                actor=f"p{number}",
                child_id="child",
                document_id="case",
                payload=payload,
            )
        )
    return case_of(series)


COLLECTED = (insight.COLLECTED, Collected(items=(CLEAN, MIXED)))
REVIEWED = (insight.REVIEWED, {"digest": "x"})


@pytest.mark.req("R-72")
def test_what_points_at_somebody_else_is_held_until_somebody_has_decided():
    case = told(COLLECTED)
    assert case.state == "collected" and case.undecided == (MIXED,)
    assert (case.choice_of(CLEAN), case.choice_of(MIXED)) == ("give", "hold")
    decided = told(COLLECTED, (insight.DECIDED, Decision(item=MIXED.id, choice="redact", fields=("a",))))
    assert not decided.undecided and decided.choice_of(MIXED) == "redact" and decided.digest != case.digest


@pytest.mark.req("R-72")
def test_collecting_again_keeps_decisions_about_what_is_unchanged_and_opens_the_review():
    decided = (insight.DECIDED, Decision(item=MIXED.id, choice="give"))
    again = told(COLLECTED, decided, REVIEWED, COLLECTED)
    assert again.state == "collected" and again.choice_of(MIXED) == "give" and not again.reviewed_by
    other = msgspec.structs.replace(MIXED, digest="y")
    changed = told(COLLECTED, decided, (insight.COLLECTED, Collected(items=(CLEAN, other))))
    assert changed.undecided == (other,) and not changed.decisions, "another text is another question"


@pytest.mark.parametrize(
    "last,state",
    [
        ((insight.HANDED, HandedOut(how="Digital Post", sha256="0")), "handed_out"),
        ((insight.REFUSED, Refusal(provision="§ 1", reason="because")), "refused"),
        ((insight.REOPENED, None), "collected"),
    ],
)
def test_each_step_says_who_and_when(last, state):
    case = told(COLLECTED, REVIEWED, last)
    assert case.state == state and case.closed == (state != "collected")
    assert [(one.kind, one.by) for one in case.steps] == [
        (kind, f"p{number}") for number, kind in enumerate((insight.ASKED, COLLECTED[0], REVIEWED[0], last[0]))
    ]


@pytest.mark.req("R-72")
def test_the_day_by_which_it_must_be_answered():
    assert answer_day("gdpr", date(2027, 1, 31)) == date(2027, 2, 28)
    assert (
        answer_day("aktindsigt", date(2026, 11, 26))
        == answer_day("partsindsigt", date(2026, 11, 26))
        == date(2026, 12, 7)
    )


@pytest.mark.req("R-72")
def test_more_time_moves_the_day_and_no_further_than_the_basis_lets_it():
    assert latest_day("gdpr", date(2026, 11, 30)) == date(2027, 2, 28)
    assert latest_day("aktindsigt", date(2026, 11, 26)) == date(2027, 11, 26)
    more = Prolonged(until=date(2027, 2, 1), reason="because", told="Digital Post")
    case = told((insight.PROLONGED, more), COLLECTED)
    assert (case.due, case.first_due, case.prolonged) == (date(2027, 2, 1), date(2026, 12, 26), more)
    assert told().due == date(2026, 12, 26)


@pytest.mark.req("R-90")
def test_a_closed_case_is_kept_for_its_own_period_and_of_an_open_one_nothing_is_known():
    closed = told(COLLECTED, (insight.REFUSED, Refusal(provision="§ 1", reason="because")))
    assert closed.closed_at == AT and forgotten_on(date(2028, 2, 29)) == date(2033, 2, 28)
    assert told(COLLECTED).closed_at is None


def test_without_its_first_event_there_is_no_case():
    assert case_of([]) is None


@pytest.mark.req("R-72")
def test_the_answer_that_names_a_file_held_back_is_left_out_of_its_document_alone():
    held = Item(kind="file", document_id="d", field="drawing", digest="f", flags=(Flag(held="file"),))
    given = Item(kind="file", document_id="d", field="report", digest="g", flags=(Flag(held="file"),))
    items = (MIXED, held, given)
    case = told((insight.COLLECTED, Collected(items=items)), (insight.DECIDED, Decision(item=given.id, choice="give")))
    assert held_fields(case, MIXED) == {"drawing"}
    assert held_fields(case, msgspec.structs.replace(MIXED, document_id="other")) == frozenset()
