"""Born undecided, held, appraised, handed over, ordered, confirmed: what stops a destruction, whatever came in which order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tillid.archive.keeping import (
    APPRAISED,
    CANCELLED,
    CONFIRMED,
    LIFTED,
    ORDERED,
    PLACED,
    TRANSFERRED,
    Answer,
    Appraisal,
    Hold,
    Lifted,
    Order,
    Transfer,
    keeping_of,
    stops_destruction,
    stops_order,
)
from tillid.consents.events import next_event

NOW = datetime(2032, 1, 1, 12, tzinfo=UTC)
DUE = date(2031, 1, 1)
COOLING = "P14D"


def mark(name="kasseres"):
    return (
        APPRAISED,
        "ove",
        Appraisal(mark=name, subject="17.00.00", facet="G01", basis="BEK 183/2018", reason="fordi"),
    )


HOLD = (PLACED, "ove", Hold(kind="legal", reason="en sag"))
TRANSFER = (TRANSFERRED, "ove", Transfer(archive="Rigsarkivet", reference="26-1", approved_on=DUE))


def events_of(*acts):
    """Each act: kind, actor and payload; ``{}`` in a payload's id field means the newest event of the right kind."""
    made = []
    for kind, actor, payload in acts:
        newest = {one.kind: one.id for one in made}
        if kind == ORDERED:
            payload = Order(appraisal=newest.get(APPRAISED, ""), reason="r")
        elif kind in (CONFIRMED, CANCELLED):
            payload = Answer(order=newest.get(ORDERED, ""))
        elif kind == LIFTED:
            payload = Lifted(hold=newest.get(PLACED, ""), reason="r")
        made.append(next_event(made, id=f"e{len(made)}", kind=kind, series_id="d", at=NOW, actor=actor, child_id="c",
                               document_id="d", payload=payload))  # fmt: skip
    return made


def stops(*acts, days=14, due=DUE, **known):
    today = (NOW + timedelta(days=days)).date()
    facts = {"has_rule": True, "in_use": False} | known
    return stops_destruction(keeping_of(events_of(*acts)), due, today, COOLING, **facts)


ORDER, CONFIRM, CANCEL, LIFT = (
    (ORDERED, "ove", None),
    (CONFIRMED, "liv", None),
    (CANCELLED, "liv", None),
    (LIFTED, "ove", None),
)


@pytest.mark.req("R-81", "R-82", "R-83", "R-90")
def test_only_a_decided_due_free_document_ordered_and_confirmed_by_two_goes():
    assert stops(mark(), ORDER, CONFIRM) == ()
    assert stops(mark("bevares"), TRANSFER, ORDER, CONFIRM) == ()
    assert stops() == ("undecided", "not_ordered"), "born undecided"
    assert stops(mark("uafklaret"), ORDER, CONFIRM) == ("undecided",)
    assert stops(mark("bevares"), ORDER, CONFIRM) == ("not_archived",)
    assert stops(mark(), HOLD, ORDER, CONFIRM) == ("held",)
    assert stops(mark(), ORDER, CONFIRM, HOLD) == ("held",), "a hold after the confirmation stops it too"
    assert stops(mark(), HOLD, LIFT, ORDER, CONFIRM) == ()
    assert stops(mark(), ORDER, CONFIRM, due=None) == ("not_due",)
    assert stops(mark(), ORDER, CONFIRM, due=date(2033, 1, 1)) == ("not_due",)
    assert stops(mark(), ORDER, CONFIRM, due=date(2032, 1, 16)) == ("not_due",)
    assert stops(mark(), ORDER, CONFIRM, due=date(2032, 1, 15)) == (), "on the day itself"
    assert stops(mark(), ORDER, CONFIRM, has_rule=False) == ("no_rule",)
    assert stops(mark(), ORDER, CONFIRM, in_use=True) == ("in_use",)
    assert stops(mark(), ORDER, CONFIRM, followed=True) == ("followed",), "what follows on it never outlives it"


@pytest.mark.req("R-90")
def test_two_people_and_time_to_think_again():
    assert stops(mark(), ORDER) == ("not_confirmed",)
    assert stops(mark(), ORDER, (CONFIRMED, "ove", None)) == ("same_person",)
    assert stops(mark(), ORDER, CONFIRM, days=13) == ("cooling_off",)
    assert stops(mark(), ORDER, CONFIRM, CANCEL) == ("not_ordered",)


@pytest.mark.req("R-82")
def test_another_appraisal_makes_an_order_void():
    assert stops(mark(), ORDER, CONFIRM, mark()) == ("not_ordered",)
    assert "not_archived" in stops(mark(), ORDER, CONFIRM, mark("bevares"))


def test_a_confirmation_of_another_order_is_none():
    events = events_of(mark(), ORDER, CONFIRM, CANCEL, ORDER)
    assert keeping_of(events).order.confirmed_by == "", "the second order starts anew"


def test_one_hold_lifted_leaves_the_others():
    events = events_of(HOLD, HOLD, LIFT)
    assert [one.id for one in keeping_of(events).holds] == ["e0"]


ACTS = [
    mark(),
    mark("bevares"),
    mark("uafklaret"),
    HOLD,
    LIFT,
    TRANSFER,
    ORDER,
    CONFIRM,
    CANCEL,
    (CONFIRMED, "ove", None),
]


@pytest.mark.req("R-90")
@given(st.lists(st.sampled_from(ACTS), max_size=12))
def test_whatever_happened_in_which_order_what_goes_fulfils_every_condition(acts):
    keeping = keeping_of(events_of(*acts))
    if stops(*acts):
        return
    assert not keeping.holds and keeping.mark != "uafklaret"
    assert keeping.mark == "kasseres" or keeping.transfer
    assert keeping.order and keeping.order.confirmed_by not in ("", keeping.order.by)


GOES_ON = [
    "version_shared",
    "version_agreed",
    "version_corrected",
    "document_submitted",
    "document_closed",
    "document_reopened",
]


@pytest.mark.req("R-90")
@pytest.mark.parametrize("kind", GOES_ON)
def test_what_came_after_the_order_was_never_asked_to_go(kind):
    """Two have seen what was there and not what somebody wrote in the days to think again."""
    assert stops(mark(), ORDER, CONFIRM, (kind, "liv", {})) == ("not_ordered",)
    assert stops(mark(), ORDER, (kind, "liv", {}), CONFIRM) == ("not_ordered",), "nor is it confirmed any more"
    assert stops(mark(), ORDER, CONFIRM, (kind, "liv", {}), ORDER, CONFIRM) == ()
    assert stops(mark(), ORDER, CONFIRM, ("text_acknowledged", "liv", {})) == ()


def test_an_order_that_rests_on_an_older_appraisal_is_none():
    """One that was on its way when somebody appraised it anew."""
    events = events_of(mark(), mark())
    late = next_event(events, id="late", kind=ORDERED, series_id="d", at=NOW, actor="ove", child_id="c", document_id="d",
                      payload=Order(appraisal="e0", reason="r"))  # fmt: skip
    assert keeping_of([*events, late]).order is None
    assert (
        keeping_of([*events, msgspec.structs.replace(late, payload={"appraisal": "e1", "reason": "r"})]).order
        is not None
    )


@pytest.mark.req("R-83")
@pytest.mark.parametrize("kind", GOES_ON)
def test_an_approval_is_of_what_was_there_and_not_of_what_came_since(kind):
    goes_on = (kind, "liv", {})
    kept = (mark("bevares"), TRANSFER, ORDER, CONFIRM)
    assert stops(*kept) == ()
    assert set(stops(*kept, goes_on)) == {"not_archived", "not_ordered"}, "nor does the order stand that rested on it"
    assert stops(*kept, goes_on, TRANSFER, ORDER, CONFIRM) == ()
    assert stops(goes_on, *kept) == () and stops(*kept, ("text_acknowledged", "liv", {})) == ()


def test_each_stop_for_an_order_stops_the_destruction_too():
    for count in range(4):
        for acts in combinations([mark(), HOLD, ORDER, CONFIRM], count):
            keeping, today = keeping_of(events_of(*acts)), NOW.date() + timedelta(days=14)
            before = stops_order(keeping, DUE, today, has_rule=True, in_use=False)
            assert set(before) <= set(stops(*acts))
