"""Of a sheet about a whole group a child's own part is listed for insight and given, and nothing of the other children's (R-72, T5)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_staff
from tests.support.intake import nothing_to_give
from tests.support.world import SET, fill_all
from tests.walks.test_insight import csrf, now, the_words
from tests.walks.test_insight_passages import form_of, the_rest_held, tick
from tests.walks.test_insight_texts import collected, items, seen
from tests.walks.test_open_round import after_deadline, open_as, round_now
from tests.walks.test_overview import both_in
from tests.walks.test_round_pages import SOFIE
from tillid.archive.keeping import keeping_of
from tillid.usecases.make_overview import overview_id
from tillid.usecases.start_document import start_document
from tillid.usecases.submit_form import submit_form


@pytest.fixture
def world(world_at):
    """A round is over and its marks are open."""
    found = world_at("people")
    both_in(found)
    after_deadline(found)
    open_as(found, "birgit")
    return found


@pytest.mark.req("R-72", "T5")
def test_a_child_s_part_of_its_group_s_overview_is_given_without_the_other_children(world):
    other = next(
        one
        for one, assigned in round_now(world).assigned.items()
        if world.ids.staff["sofie"] in assigned and one != SOFIE.child_id
    )
    with world.house() as house:
        form = start_document(house, world.staff("sofie"), other, "trivselsskema")
    fill_all(world, world.staff("sofie"), form.id, SOFIE.professional)
    with world.house() as house:
        submit_form(house, world.staff("sofie"), form.id)
    sheet = overview_id(SOFIE.round_id, "Månestuen")
    wrote = "Villads og Noors leg fylder. Rummet er for lille."
    fill_all(world, world.staff("sofie"), sheet, {"miljoe": wrote})
    with world.house() as house:  # no row is ever stored; if one were, it would be another child's
        draft = house.documents.draft(sheet)
        rows = msgspec.structs.replace(draft.fields["miljoe"], value=[{"barn": "Noor Rahimi"}])
        house.documents.save_draft(msgspec.structs.replace(draft, fields={**draft.fields, "raekker": rows}))
    case_id = collected(world, SOFIE.child_id)
    (part,) = items(world, case_id, "overview")
    assert part.document_id == sheet and part.of == SOFIE.child_id
    assert [(one.held, one.field) for one in part.flags if one.held != "internal"] == [
        ("group", ""), ("third_person", "miljoe"),
    ]  # fmt: skip
    (row,) = seen(world, part)["raekker"]
    assert row["barn"].startswith("Villads") and row["markeringer"].count("\n") == 1 and "Mikkel" in row["markeringer"]
    with world.house() as house:
        held = keeping_of(house.ledger.of_document(sheet)).holds
        others = {one.id for one in house.people.children_of_unit(SET.unit_id) if one.group != "Månestuen"}
    assert [one.hold.kind for one in held] == ["insight"], "nobody destroys it meanwhile"
    for other in others:
        assert sheet not in {one.document_id for one in items(world, collected(world, other), "overview")}
    address = f"/indsigt/{case_id}"
    nothing_to_give(world, address)
    app = as_staff(WorldInstallation(world), "rasmus")
    place = now(world, address).items.index(part) + 1
    assert "Er skrevet om flere børn" in app.get(f"{address}/post/{place}")
    form = form_of(app, f"{address}/post/{place}")
    tick(form, "Villads og Noors leg fylder.")
    form.submit("trin", value="gem", status=303)
    the_rest_held(world, app, address)
    data = app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)}).body
    said = the_words(data, world)
    assert "Rummet er for lille." in said and "Noor" not in said and "Mikkel Højlund:" in said
    assert "Barnets del af et overblik over gruppen: Trivselsoverblik" in said


@pytest.mark.req("R-72", "T5")
def test_a_sheet_is_found_by_the_child_s_form_in_the_round_and_by_its_name_when_it_has_moved_since(world):
    then, now_in = (overview_id(SOFIE.round_id, group) for group in ("Månestuen", "Solstuen"))
    with world.house() as house:
        people = house.people
        moved = msgspec.structs.replace(
            people.child(SOFIE.child_id), group="Solstuen", former_names=("Villads Bak Dahl",)
        )
        people.put_child(moved, people.unmask_cpr(moved.id), people.custody(moved.id))
    assert [one.document_id for one in items(world, collected(world, SOFIE.child_id), "overview")] == [then]
    fill_all(world, world.staff("sofie"), now_in, {"miljoe": "Vi savner Villads Bak Dahl, som flyttede stue."})
    both = {one.document_id for one in items(world, collected(world, SOFIE.child_id), "overview")}
    assert both == {then, now_in}, "named by what it was called before"
