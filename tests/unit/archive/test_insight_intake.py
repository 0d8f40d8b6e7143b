"""The intake's part of a case of insight: what its events say, and which answers tell who notified (R-53, R-54, R-72)."""

from __future__ import annotations

import pytest

from tests.support.definitions import our_definitions
from tests.unit.archive.test_insight import COLLECTED, MIXED, told
from tillid.archive import insight
from tillid.archive.insight import Flag, Item
from tillid.archive.insight_intake import (
    ANSWERED,
    REOPENED,
    IntakeDecision,
    answer_id,
    answer_of,
    first_left_out,
    given_of_answer,
    has_answered,
    hold_id,
    kept_from_parents,
)
from tillid.archive.insight_notifier import notifier_of, telling, tells
from tillid.consents.events import next_event
from tillid.documents.rendering import sections

SOFIE = notifier_of(["Sofie Brandt", "Bo"], ["Børnehaven Stjernehuset"], ["tlf. 12 34 51 20"])
HELD = Item(kind="version", document_id="u", version=1, digest="y", flags=(
    Flag(held="notification"), Flag(held="not_told"), Flag(held="notifier", field="u_navn"),
    Flag(held="not_told", field="maa_ikke_orienteres"), Flag(held="third_person", field="c_kort"),
))  # fmt: skip


def series(*steps):
    """Events of the series of their own."""
    found = []
    for number, (kind, payload) in enumerate(steps):
        found.append(
            next_event(found, id=f"i{number}", kind=kind, series_id="s", at=told().begun_at, actor="intake",
                       child_id="s", document_id="s", payload=payload)
        )  # fmt: skip
    return found


@pytest.mark.req("R-53", "R-54", "R-72")
def test_the_answer_lies_beside_the_case_under_an_id_of_its_own():
    case, listed = told(COLLECTED), (insight.COLLECTED, insight.Collected(items=(HELD,)))
    assert answer_id("case") not in ("case", "child", answer_id("another")) and hold_id("case", "u") != hold_id(
        "case", "v"
    )
    before = answer_of(case, ())
    assert (before.state, before.items, before.id) == ("open", (), answer_id("case")), (
        "and nothing of what the officer found"
    )
    found = answer_of(case, series(listed))
    assert found.undecided == (HELD,) and not given_of_answer(found) and MIXED not in found.items
    reasons = IntakeDecision(
        item=HELD.id, choice="give", reason="Alle ved det.", despite="De ved det.", notifier="Hun siger ja."
    )
    decided = answer_of(case, series(listed, (insight.DECIDED, reasons), (insight.REVIEWED, {})))
    assert (
        decided.decisions == {HELD.id: reasons} and given_of_answer(decided) == (HELD,) and decided.state == "reviewed"
    )
    held = IntakeDecision(item=HELD.id, choice="hold", reason="Hensyn.")
    assert not given_of_answer(answer_of(case, series(listed, (insight.DECIDED, held))))


@pytest.mark.req("R-54")
def test_the_case_itself_says_no_more_than_that_there_is_an_answer():
    steps = [(ANSWERED, None), (REOPENED, None), (ANSWERED, None)]
    assert [has_answered(series(*steps[:number])) for number in range(4)] == [False, True, False, True]
    assert all(not event.payload for event in series(*steps))
    assert not told(COLLECTED).steps[2:], "no step of the case's own is the intake's"


@pytest.mark.req("R-53", "R-72")
def test_what_is_left_out_until_somebody_chooses_otherwise():
    assert kept_from_parents(HELD) and not kept_from_parents(MIXED)
    assert first_left_out(HELD) == {"u_navn", "maa_ikke_orienteres"}


@pytest.mark.req("R-54", "R-72")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jeg hedder Sofie.", True),
        ("Det er Sofies stue", True),
        ("fru BRANDT", True),
        ("på Stjernehuset", True),
        ("ring 12345120 eller", True),
        ("ring 12 34 51 20", True),
        ("ring +45 12-34-51-20", True),
        ("ring 12 34 51 20 2 gange", True),
        ("ring 12345120 87654321", True),
        ("ring 12/34\u00a051/20", True),
        ("Børnehaven har åbent.", False),  # which of them it is, is not told
        ("Alma bor hos sin mor.", False),  # two letters are a word more often than a name
        ("ring 12 34 51 21", False),
        ("Filosofien er enkel.", False),
    ],
)
def test_a_name_a_place_or_a_number_tells_who_notified(text, expected):
    assert tells(text, SOFIE) is expected


@pytest.mark.req("R-54", "R-72")
def test_everything_that_is_asked_about_the_notifier_tells_and_so_does_a_row_of_a_table():
    form = next(one for one in our_definitions().all() if one.name == "underretning/v2")
    answers = {
        "u_kendskab": "I to år.", "c_kort": "Hun er bange.", "v_stadig": "Vi på Stjernehuset følger hende.",
        "i_indsatser": [{"hvad": "Samtale", "hvem": "Sofie", "hvornaar": "Maj"}],
        "f_personer": [{"navn": "Mor", "telefon": "87 65 43 21"}],
    }  # fmt: skip
    assert telling(form, sections(form, answers, "da"), SOFIE) == {"u_kendskab", "v_stadig", "i_indsatser"}
