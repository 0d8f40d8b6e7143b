"""The note of a health consent, fetched by the sender's side for the patient's journal: of the ledger as it is (R-20)."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, STAGES, say_yes
from tillid.kernel.ids import new_id
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.web.answers import NOT_FOUND_BODY


@pytest.mark.req("R-20", "R-71")
def test_each_written_answer_to_a_health_consent_is_in_the_note_and_each_fetching_in_the_log(world_at):
    world = world_at("agreed")
    world.set_up_with(basis_of_transition={"bh_sk": "samtykke_sundhed"})
    STAGES["asked"](world)
    path, (first, second) = f"/dokument/{world.made['document']}/journalnotat.txt", world.holders(SET.child_id)
    installation = WorldInstallation(world)
    sofie = as_staff(installation, "sofie")
    assert "Status, da notatet blev lavet: mangler" in sofie.get(path) and first.name not in sofie.get(path)
    for holder in (first, second):
        say_yes(world, holder)
    note = sofie.get(path)
    assert note.content_type == "text/plain" and note.text.count("svarede skriftligt, digitalt") == 2
    assert first.name in note and second.name in note and "Status, da notatet blev lavet: gælder" in note
    with world.house() as house:
        withdraw_consent(house, second, world.made["request"], language="da", event_id=new_id())
    assert "trukket tilbage" in sofie.get(path), "made anew from the ledger each time"
    rows = [row for row in world.parts.audit.of_child(SET.child_id) if row.action == "journal_note"]
    assert len([row for row in rows if row.phase == "attempt"]) == 4
    for app in (as_parent(installation, first.person_id), as_staff(installation, "hanne")):
        assert app.get(path, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-20")
def test_of_another_basis_there_is_no_note(world_at):
    world = world_at("signed")
    app = as_staff(WorldInstallation(world), "sofie")
    assert app.get(f"/dokument/{world.made['document']}/journalnotat.txt", status=404).body == NOT_FOUND_BODY
