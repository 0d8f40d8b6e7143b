"""Notes and restrictions of a document are what its events say (R-72)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tillid.consents.events import next_event
from tillid.consents.remarks import FREED, NOTED, RESTRICTED, Freed, Note, Restriction, remarks_of

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)


@pytest.mark.req("R-72")
def test_notes_stay_and_a_restriction_stands_until_it_is_lifted():
    series = []
    for number, (kind, payload) in enumerate(
        [
            (NOTED, Note(kind="registered", text="Det er ikke rigtigt.", version=1)),
            (RESTRICTED, Restriction(ground="contested", reason="Hun har bedt om det.")),
            (RESTRICTED, Restriction(ground="claims", reason="Der er en sag.")),
            (FREED, Freed(restriction="e1", reason="Det er afklaret.")),
        ]
    ):
        series.append(
            next_event(
                series,
                id=f"e{number}",
                kind=kind,
                series_id="d",
                at=AT,
                actor="leader",
                child_id="c",
                document_id="d",
                payload=payload,
            )
        )
    found = remarks_of(series)
    assert [one.note.text for one in found.notes] == ["Det er ikke rigtigt."]
    assert [(one.id, one.restriction.ground) for one in found.restrictions] == [("e2", "claims")]
    assert len(remarks_of(series[:3]).restrictions) == 2 and remarks_of([]).notes == ()
