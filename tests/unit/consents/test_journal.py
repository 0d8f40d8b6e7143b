"""The note of a health consent for the patient's journal (R-20)."""

from __future__ import annotations

import pytest

from tests.consent_examples import ITEMS, all_yes, answer_event, request, withdrawal_event
from tests.unit.consents.test_effective import TWO
from tillid.consents.effective import evaluate
from tillid.consents.journal import journal_note


@pytest.mark.req("R-20")
def test_it_names_who_answered_what_in_writing_and_where_the_evidence_lies():
    asked = request()
    given = answer_event(asked, answers={**all_yes(), ITEMS[0].id: False})
    taken = withdrawal_event(asked, given, items=(ITEMS[1].id,))
    events = [given, taken]
    note = journal_note(asked, events, evaluate(asked, events, TWO, taken.at, restored=()), "TD-1")
    for said in (asked.child_name, asked.to_unit.name, asked.basis.provision, "skriftligt, digitalt", "1. februar 2026",
                 f"{ITEMS[0].title}: nej", f"{ITEMS[1].title}: ja", f"Post {given.id}", given.digest, taken.digest):  # fmt: skip
        assert said in note, said
    withdrawn = note[note.index("trak tilbage") :]
    assert ITEMS[1].title in withdrawn and ITEMS[0].title not in withdrawn
    assert "Status, da notatet blev lavet: trukket tilbage" in note
    other = journal_note(
        request(id=asked.id.replace("e", "d")), events, evaluate(asked, events, TWO, taken.at, restored=()), "TD-1"
    )
    assert given.id not in other, "another question's answers are none of it"
