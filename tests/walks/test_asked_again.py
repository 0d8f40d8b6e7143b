"""Access is asked again on a fresh view right before the bytes leave: every page about one document, and the lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from pyramid.response import Response

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.next_version import publish_next
from tests.support.restored import put_back
from tests.support.shared_forms import held
from tests.support.uploads import picture, world_with_file
from tests.support.world import SET, STAGES, World, fill_all, request_now
from tests.walks.test_meeting_consent import meeting_called
from tillid.demo.data import demo_data
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.usecases.facts import require, still_granted
from tillid.usecases.fill import text_digest
from tillid.usecases.hand_out import hand_out
from tillid.usecases.notify import send_notification, start_notification
from tillid.usecases.paper_answer import enter_paper
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.routes import ROUTES

# Opens nothing: the same page for every address asks for a purpose (walk 3).
ASKS_A_PURPOSE = {"archived"}
TEAM, HOLDER, RECEIVER, INTAKE, LEADER, ARCHIVIST = "sofie", "holder", "hanne", "mettemarie", "birgit", "ove"
HOLDER_ID = demo_data().parents["katrine"].id


def assignment_ends(who: str) -> Callable[[World], None]:
    def take(world: World) -> None:
        with world.house() as house:
            staff = house.people.staff_by_username(who)
            house.people.put_staff(msgspec.structs.replace(staff, assignments=()))

    return take


def custody_ends(world: World) -> None:
    holder = world.holders(SET.child_id)[0].person_id
    with world.house() as house:
        custody = house.people.custody(SET.child_id)
        left = tuple(
            msgspec.structs.replace(one, until=world.clock.now()) if one.person_id == holder else one
            for one in custody.holders
        )
        house.people.put_custody(msgspec.structs.replace(custody, holders=left))


def taken_back(world: World, *items: str) -> None:
    with world.house() as house:
        holder, request = world.holders(SET.child_id)[0], world.made["request"]
        withdraw_consent(house, holder, request, items, language="da", event_id=new_id())


def part_taken_back(world: World) -> None:
    item = next(one.id for one in request_now(world).items if "b_tegning" in one.field_ids)
    taken_back(world, item)


def with_notification(world: World) -> World:
    """One that Sofie has sent."""
    who = world.staff("sofie")
    with world.house() as house:
        document = start_notification(house, who, "bekymring", SET.child_id)
    fill_all(world, who, document.id, {"c_kort": "Alma virker bange."})
    with world.house() as house:
        send_notification(house, who, document.id, text_digest(house.documents.draft(document.id)))
    world.made["document"] = document.id
    return world


def with_entry(world: World) -> World:
    """An answer on paper that Sofie has entered."""
    request = request_now(world)
    with world.house() as house:
        scan = (house.blobs.put(picture(), "image/png"), "image/png")
        said = {item.id: True for item in request.items}
        world.made["entry"] = new_id()
        enter_paper(
            house, world.staff("sofie"), world.made["document"], request.id, HOLDER_ID, said, oral=True,
            signed_on=house.moment.date(), scan=scan, event_id=world.made["entry"],
        )  # fmt: skip
    return world


TAKE = {
    TEAM: assignment_ends("sofie"),
    HOLDER: custody_ends,
    RECEIVER: taken_back,
    INTAKE: assignment_ends("mettemarie"),
    LEADER: assignment_ends("birgit"),
    ARCHIVIST: assignment_ends("ove"),
}
# Route → stage, who may, and what the address needs beside the document.
PAGES: dict[str, tuple[str, str, dict[str, str]]] = {
    "document": ("shared", TEAM, {}),
    "fill_start": ("draft", TEAM, {}),
    "fill": ("draft", TEAM, {"section": "fagpersonens_del"}),
    "presence": ("draft", TEAM, {"section": "fagpersonens_del"}),
    "review": ("draft", TEAM, {}),
    "move": ("newer", TEAM, {}),
    "earlier_draft": ("moved", TEAM, {"draft": "1"}),
    "restore_draft": ("moved", TEAM, {"draft": "1"}),
    "preview_progress": ("draft", TEAM, {}),
    "preview": ("previewed", TEAM, {}),
    "progress": ("shared", TEAM, {}),
    "read": ("shared", TEAM, {}),
    "copy": ("shared", TEAM, {}),
    "copy_page": ("shared", TEAM, {"page": "1"}),
    "changes": ("agreed", HOLDER, {}),
    "changes_progress": ("agreed", HOLDER, {}),
    "changes_pdf": ("compared", HOLDER, {}),
    "attachment": ("shared with file", HOLDER, {"field": "b_tegning", "place": "1"}),
    "attachment_of_version": ("agreed with file", TEAM, {"version": "2", "field": "b_tegning", "place": "1"}),
    "parent_document": ("shared", HOLDER, {}),
    "parent_text": ("shared", HOLDER, {}),
    "parent_pdf": ("shared", HOLDER, {}),
    "parent_page": ("shared", HOLDER, {"page": "1"}),
    "parent_words": ("shared", HOLDER, {}),
    "parent_agree": ("shared", HOLDER, {}),
    "parent_decline": ("shared", HOLDER, {}),
    "record_withdrawal": ("signed", TEAM, {}),
    "journal_note": ("health", TEAM, {}),
    "reading_grant": ("shared", LEADER, {}),
    "hand_out": ("shared", LEADER, {}),
    "remarks": ("shared", LEADER, {}),
    "hand_out_copy": ("handed out", LEADER, {"entry_id": "entry"}),
    "decision": ("agreed", LEADER, {}),
    "meeting_consent": ("meeting", LEADER, {}),
    "correction": ("signed", LEADER, {}),
    "held": ("put back", LEADER, {}),
    "agreements": ("held", TEAM, {}),
    "paper": ("asked", TEAM, {}),
    "paper_sheet": ("asked", TEAM, {"holder_id": "holder"}),
    "paper_scan": ("on paper", TEAM, {"entry_id": "entry"}),
    "released": ("signed", RECEIVER, {}),
    "released_progress": ("signed", RECEIVER, {}),
    "released_copy": ("signed", RECEIVER, {}),
    "released_page": ("signed", RECEIVER, {"page": "1"}),
    "notification": ("notification", INTAKE, {}),
    "keeping": ("signed", ARCHIVIST, {}),
    "released_attachment": ("signed with file", RECEIVER, {"field": "b_tegning", "place": "1"}),
}


@pytest.fixture
def at(world_at):
    def made(stage: str) -> WorldInstallation:
        if stage == "previewed":
            installation = WorldInstallation(world_at("draft"))
            page = as_staff(installation, TEAM).get(f"/dokument/{installation.world.made['document']}/gennemse")
            next(form for form in page.forms.values() if form.action.endswith("/forhaandsvisning")).submit()
            assert installation.world.drain() == []
            return installation
        if stage == "compared":
            installation = WorldInstallation(world_at("agreed"))
            page = browser(installation, HOLDER).get(address("changes", installation, {}))
            next(form for form in page.forms.values() if form.action.endswith("/aendringer/pdf")).submit()
            assert installation.world.drain() == []
            return installation
        if stage in ("newer", "moved"):
            world = world_at("draft")
            publish_next(world)
            installation = WorldInstallation(world)
            if stage == "moved":
                page = as_staff(installation, TEAM).get(f"/dokument/{world.made['document']}/flyt")
                next(form for form in page.forms.values() if form.action.endswith("/flyt")).submit()
            return installation
        if stage == "health":
            world = world_at("agreed")
            world.set_up_with(basis_of_transition={"bh_sk": "samtykke_sundhed"})
            STAGES["asked"](world)
            return WorldInstallation(world)
        if stage == "handed out":
            world = world_at("shared")
            world.made["entry"] = new_id()
            with world.house() as house:
                hand_out(house, world.staff(LEADER), world.made["document"], to="Far", reason="Bad selv om det.",
                         event_id=world.made["entry"])  # fmt: skip
            return WorldInstallation(world)
        if stage == "on paper":
            return WorldInstallation(with_entry(world_at("asked")))
        if stage == "meeting":
            world = world_at("people")
            world.made["document"] = meeting_called(world)[1]
            return WorldInstallation(world)
        if stage == "held":
            world = world_at("people")
            held(world)
            return WorldInstallation(world)
        if stage == "put back":
            world = world_at("signed")
            world.made["restored"] = put_back(world)
            return WorldInstallation(world)
        if stage == "notification":
            return WorldInstallation(with_notification(world_at("people")))
        name, _, with_file = stage.partition(" ")
        return WorldInstallation(world_with_file(world_at, name) if with_file else world_at(name))

    return made


def browser(installation: WorldInstallation, who: str) -> Any:
    if who == HOLDER:
        return as_parent(installation, installation.world.holders(SET.child_id)[0].person_id)
    return as_staff(installation, who)


def address(route: str, installation: WorldInstallation, more: dict[str, str]) -> str:
    pattern = next(one.pattern for one in ROUTES if one.name == route)
    made = {"holder": HOLDER_ID, **installation.world.made}
    for name, value in {"document_id": made["document"], **more}.items():
        value = made.get(value, value) if name in ("holder_id", "entry_id") else value
        before, _, rest = pattern.partition(f"{{{name}:")
        depth, end = 1, 0
        while depth:
            depth += {"{": 1, "}": -1}.get(rest[end], 0)
            end += 1
        pattern = before + value + rest[end:]
    return pattern


def test_every_get_route_about_a_document_is_in_the_table():
    about = {one.name for one in ROUTES if "{document_id:" in one.pattern and "GET" in one.views}
    assert about - ASKS_A_PURPOSE == set(PAGES)


@pytest.mark.req("R-18", "R-17", "R-22", "P8", "R2")
@pytest.mark.parametrize("route", PAGES)
def test_a_right_that_ends_while_the_page_is_made_ends_the_page(at, route):
    stage, who, more = PAGES[route]
    installation = at(stage)
    app, path = browser(installation, who), address(route, installation, more)
    assert app.get(path).status_int in (200, 303)
    taken: list[bool] = []

    def take() -> None:
        if not taken:
            TAKE[who](installation.world)
            taken.append(True)

    installation.before_refresh = take
    answer = app.get(path, status=404)
    assert taken and answer.body == NOT_FOUND_BODY


@pytest.mark.req("R-17", "R-22")
def test_the_second_question_is_left_out_for_nothing_but_the_first_one(at):
    """Same person, same operation, same document, same view."""
    world = at("signed").world
    document, hanne, sofie = world.made["document"], world.staff("hanne"), world.staff("sofie")
    with world.house() as house:
        assert not still_granted(house, hanne, "read_released", document), "nothing was asked yet"
        require(house, hanne, "read_released", document)
        assert still_granted(house, hanne, ("read_team_copy", "read_released"), document)
        assert not still_granted(house, hanne, "name_reader", document), "allowed, but not asked"
        assert not still_granted(house, sofie, "read_released", document)
        assert not still_granted(house, hanne, "read_released", new_id())
        with pytest.raises(NotFound):
            require(house, sofie, "read_released", document)
        assert not still_granted(house, sofie, "read_released", document)


@pytest.mark.req("R-17", "R-22")
def test_a_page_whose_maker_asked_nothing_is_asked_about_in_full(at, monkeypatch):
    installation = at("shared")
    monkeypatch.setattr("tillid.web.views.parent.parent_document", lambda *_: None)
    monkeypatch.setattr("tillid.web.views.parent.stage_of", lambda *_: "")
    monkeypatch.setattr("tillid.web.views.parent.page", lambda *_, **__: Response("made without asking"))
    path = address("parent_document", installation, {})
    assert browser(installation, HOLDER).get(path).text == "made without asking"
    other = next(
        parent.id
        for parent in parents_of(installation.world)
        if parent.id not in {one.person_id for one in installation.world.holders(SET.child_id)}
    )
    assert as_parent(installation, other).get(path, status=404).body == NOT_FOUND_BODY


def parents_of(world: World) -> list[Any]:
    with world.house() as house:
        return [one for one in house.people.parents() if one.mitid]


@pytest.mark.req("R-14", "R-32", "R-22")
def test_a_file_taken_back_alone_while_it_is_opened_is_not_handed_out(at):
    installation = at("signed with file")
    app = browser(installation, RECEIVER)
    path = address("released_attachment", installation, {"field": "b_tegning", "place": "1"})
    assert app.get(path).status_int == 200
    once = [part_taken_back]
    installation.before_refresh = lambda: once.pop()(installation.world) if once else None
    assert app.get(path, status=404).body == NOT_FOUND_BODY and not once
    with installation.world.house() as house:
        withdrawn = [
            e for e in house.ledger.of_document(installation.world.made["document"]) if e.kind == "consent_withdrawn"
        ]
    assert len(withdrawn) == 1
    installation.before_refresh = lambda: None
    assert app.get(f"/modtaget/{installation.world.made['document']}").status_int == 200, "the rest is still released"


@pytest.mark.req("R-18", "P8", "R-70")
def test_lists_are_gathered_again_and_made_anew(at):
    installation = at("shared")
    world = installation.world
    parent, staff = browser(installation, HOLDER), browser(installation, TEAM)
    child = SET.child_id
    assert "Delt med dig" in parent.get("/") and world.made["document"] in parent.get("/")
    assert child in staff.get("/") and staff.get(f"/barn/{child}").status_int == 200

    once = [custody_ends]
    installation.before_refresh = lambda: once.pop()(world) if once else None
    assert world.made["document"] not in parent.get("/")
    once.append(assignment_ends("sofie"))
    assert child not in staff.get("/")


@pytest.mark.req("R-70", "R-71")
def test_a_childs_page_and_log_close_while_they_are_made(at):
    for who, path in ((TEAM, f"/barn/{SET.child_id}"), ("rasmus", f"/log/{SET.child_id}")):
        installation = at("shared")
        app = as_staff(installation, who)
        assert app.get(path).status_int == 200
        installation.before_refresh = lambda installation=installation, who=who: assignment_ends(who)(
            installation.world
        )
        assert app.get(path, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-17", "R-18", "R-22", "R-70")
@pytest.mark.parametrize("who", [RECEIVER, "peter", TEAM])
def test_a_search_over_many_documents_is_made_anew_without_what_was_taken_back_meanwhile(at, who):
    installation = at("signed")
    app = browser(installation, who)
    form = app.get("/soeg").forms["search"]
    form["words"] = "Alma"
    once = [taken_back]
    installation.before_refresh = lambda: once.pop()(installation.world) if once else None
    page = form.submit()
    assert not once and page.html.select_one("#hits").text == (
        "1 dokument fundet" if who == TEAM else "Ingen resultater"
    )
    assert (installation.world.made["document"] in page) == (who == TEAM)
