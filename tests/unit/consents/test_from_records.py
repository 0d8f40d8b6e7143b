"""What signed records say together: who saw which version, what is left of each yes."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.consent_examples import HOLDER, ITEMS, MOMENT, SYSTEM, all_yes, answer_event, request, uid, withdrawal_event
from tillid.consents.from_records import left_in_common, said_by
from tillid.consents.record import build_record, read_record

ASKED = request()
GIVEN = answer_event(ASKED, answers=all_yes())
YES = read_record(build_record(GIVEN, ASKED, role="parent", system=SYSTEM))
TITLES = {item.id: item.title for item in ITEMS}
OTHER = uid(0xB7)


def taken_back(*items: str):
    event = withdrawal_event(ASKED, GIVEN, items=items)
    fact = read_record(build_record(event, ASKED, role="parent", system=SYSTEM))
    return msgspec.structs.replace(fact, created_at=MOMENT + timedelta(days=2))


def of_the_other(**changed):
    return msgspec.structs.replace(YES, holder_id=OTHER, holder_name="Bo", record_id=uid(1), **changed)


def test_an_answer_tells_who_was_shown_what():
    (said,) = said_by([YES])
    assert (said.holder_id, said.version, said.shown_pdf) == (HOLDER, ASKED.document.version, ASKED.document.pdf_sha256)
    assert said.yes == TITLES and said.no == {} and said.withdrawn_at is None


@pytest.mark.req("R-16", "R-32")
def test_a_withdrawal_narrows_its_own_holders_yes_whatever_the_order():
    part = taken_back(ITEMS[0].id)
    for records in ([YES, part], [part, YES]):
        (said,) = said_by(records)
        assert set(said.yes) == {ITEMS[1].id} and set(said.taken_back) == {ITEMS[0].id}
        assert said.withdrawn_at == part.created_at
    (said,) = said_by([YES, taken_back()])
    assert said.yes == {} and said.taken_back == TITLES


@pytest.mark.req("R-32")
def test_what_is_left_is_what_all_say_yes_to():
    other = of_the_other(answers={ITEMS[0].id: True, ITEMS[1].id: False})
    assert left_in_common(said_by([YES, other])) == {ASKED.id: {ITEMS[0].id: ITEMS[0].title}}
    assert left_in_common(said_by([YES, other, taken_back(ITEMS[0].id)])) == {ASKED.id: {}}


def test_a_withdrawal_without_its_answer_says_nothing_of_the_others():
    assert said_by([taken_back()]) == ()
    (said,) = said_by([of_the_other(), taken_back()])
    assert said.holder_id == OTHER and said.yes == TITLES
