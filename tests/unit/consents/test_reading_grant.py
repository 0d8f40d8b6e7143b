from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.consent_examples import uid
from tillid.consents.events import Event, next_event
from tillid.consents.reading_grant import ENDED, GRANTED, grants_of, held_by

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
LAST = datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)  # the day summer time begins: 23:59:59 in Copenhagen
FOSTER, OTHER = uid(0xF1), uid(0xF2)


def told(*steps: tuple[str, dict]) -> list[Event]:
    events: list[Event] = []
    for number, (kind, payload) in enumerate(steps, start=1):
        events.append(
            next_event(
                events,
                id=uid(number),
                kind=kind,
                series_id=uid(0x51),
                at=AT,
                actor=uid(0xA1),
                child_id=uid(0xC1),
                document_id=uid(0xD1),
                payload=payload,
            )
        )
    return events


def granted(person: str = FOSTER, until: date = date(2026, 3, 29)) -> tuple[str, dict]:
    return GRANTED, {"person_id": person, "name": "Inga", "basis": "Afgørelse af 1. marts", "until": until.isoformat()}


@pytest.mark.req("R-36")
def test_a_grant_is_one_persons_and_ends_with_its_last_day_in_copenhagen():
    events = told(granted())
    assert held_by(events, FOSTER, LAST) == grants_of(events)[0]
    assert held_by(events, FOSTER, LAST + timedelta(seconds=1)) is None
    assert held_by(events, OTHER, AT) is None and held_by([], FOSTER, AT) is None


@pytest.mark.req("R-36")
def test_a_grant_that_was_ended_lets_nobody_read_and_touches_no_other():
    events = told(granted(), granted(OTHER), (ENDED, {"grant": uid(1)}))
    assert held_by(events, FOSTER, AT) is None and held_by(events, OTHER, AT) is not None
    assert [one.ended_at for one in grants_of(events)] == [AT, None]
    again = told(granted(), (ENDED, {"grant": uid(1)}), granted())
    assert held_by(again, FOSTER, AT).id == uid(3), "a new grant is a new decision"
