"""A parent without custody has no access; a leader hands an existing document out, and each step is in the log (R-34)."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET
from tillid.web.answers import NOT_FOUND_BODY


@pytest.mark.req("R-34", "R-71")
def test_a_leader_hands_the_parents_copy_out_with_a_reason_and_every_fetching_is_logged(world_at):
    world = world_at("shared")
    installation, base = WorldInstallation(world), f"/dokument/{world.made['document']}/udlever"
    birgit = as_staff(installation, "birgit")
    for who in ("sofie", "hanne", "ove"):
        assert as_staff(installation, who).get(base, status=404).body == NOT_FOUND_BODY
    stranger = as_parent(installation, world.ids.parents["shirin"])
    assert stranger.get(f"/foraelder/dokument/{world.made['document']}", status=404).body == NOT_FOUND_BODY
    form = next(one for one in birgit.get(base).forms.values() if "hvem" in one.fields)
    form["hvem"] = "Barnets far, Ole Skov"
    again = form.submit(status=422)
    assert "Ole Skov" in again and not [1 for one in events(world) if one == "handed_out"]
    form = next(one for one in again.forms.values() if "hvem" in one.fields)
    form["hvorfor"] = "Bad om det i telefonen; vi kender ham fra vuggestuen."
    page = form.submit().follow()
    form.submit()
    assert events(world).count("handed_out") == 1, "the same click is one handing out"
    pdf = page.click(href="[.]pdf$")
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        copy = house.documents.version(document.id, document.shared_version).copies["parent"]
        assert house.blobs.get(copy.sha256) == pdf.body, "what the parents have, and nothing of the team's alone"
        mine = [row for row in house.audit.of_child(SET.child_id) if row.person_id == world.ids.staff["birgit"]]
        rows = [row.action for row in mine if row.phase == "attempt"]
    assert rows.count("hand_out") == 3 and rows.count("fetch_hand_out") == 1
    with_cpr = next(one for one in birgit.get(base).forms.values() if "hvem" in one.fields)
    with_cpr["hvem"], with_cpr["hvorfor"] = "Ole 010188-4123", "Bad om det i telefonen."
    with_cpr.submit(status=422)


def events(world):
    with world.house() as house:
        return [event.kind for event in house.ledger.of_document(world.made["document"])]
