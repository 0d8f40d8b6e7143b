"""The demo's people as the front door sees them, and browsers and real ids for every route."""

from __future__ import annotations

import re

from tests.support.installation import WorldInstallation, app_over, as_parent, as_staff
from tests.support.world import SET
from tillid.archive.query import SearchQuery
from tillid.archive.saved import SavedSearch
from tillid.demo.data import demo_data
from tillid.documents.templates import Proposal
from tillid.kernel.ids import new_id
from tillid.usecases.design_form import start_design
from tillid.web.route import Route
from tillid.web.routes import ROUTES

# Who → the words of permissions.csv that are true of that person.
WORDS: dict[str, frozenset[str]] = {
    "anonymous": frozenset(),
    "katrine": frozenset({"person", "parent"}),  # holds custody of the child of the walk
    "shirin": frozenset({"person", "parent"}),  # of another child
    "selma": frozenset({"person", "young"}),  # fifteen, another child
    "sofie": frozenset({"person", "staff", "professional"}),
    "birgit": frozenset({"person", "staff", "leader"}),
    "jonas": frozenset({"person", "staff", "area_leader"}),
    "mettemarie": frozenset({"person", "staff", "intake", "notification_archivist"}),
    "ove": frozenset({"person", "staff", "archivist"}),
    "camilla": frozenset({"person", "staff", "administrator"}),
    "rasmus": frozenset({"person", "staff", "dpo"}),
}
# The parents of the walk's child, and the staff who look at everything they can reach.
HOLDERS = tuple(one.parent for one in demo_data().children["alma"].custody)
STAFF = ("sofie", "birgit", "jonas", "hanne", "ove", "rasmus", "camilla", "mettemarie")
# They end the session.
ENDING = {"logout", "switch"}
MISSING = "00000000-0000-4000-8000-00000000000f"


def browser(installation: WorldInstallation, who: str):
    """A browser in which ``who`` is logged in."""
    if who == "anonymous":
        return app_over(installation)
    if who in demo_data().parents:
        return as_parent(installation, demo_data().parents[who].id)
    if who in demo_data().children:
        return as_parent(installation, demo_data().children[who].id)
    return as_staff(installation, who)


def token(app) -> str:
    """The CSRF token of that browser: every page of ours has a form, if only to log in or out."""
    return next(
        form["csrf_token"].value for form in app.get("/login/medarbejder").forms.values() if "csrf_token" in form.fields
    )


def rows() -> list[tuple[Route, str]]:
    """Every route with each of its methods; logging out and handing over the tablet come last."""
    return sorted(((one, method) for one in ROUTES for method in one.views), key=lambda row: row[0].name in ENDING)


def parts_of(route: Route) -> list[str]:
    return re.findall(r"{(\w+):", route.pattern)


def address(route: Route, ids: dict[str, str]) -> str:
    """The route's path with ``ids`` in its places."""
    return re.sub(r"{(\w+):[^{}]*(?:{\d+(?:,\d+)?}[^{}]*)*}", lambda found: ids[found[1]], route.pattern)


def real_ids(installation: WorldInstallation) -> dict[str, str]:
    """Parts of addresses → what exists in the world: the document of the walk, its request, an answer's event …"""
    world = installation.world
    with world.house() as house:
        events = house.ledger.of_document(world.made["document"])
    given = [event.id for event in events if event.kind == "consent_given"]
    return {
        **short_names(),
        "document_id": world.made["document"],
        "request_id": world.made.get("request", MISSING),
        "child_id": demo_data().children["alma"].id,
        "event_id": given[0] if given else MISSING,
        "holder_id": demo_data().parents["katrine"].id,
        "meeting_id": MISSING,  # nobody was asked about a meeting
        "case_id": MISSING,  # nobody has asked for insight
        "package_id": MISSING,  # nothing was imported
        "entry_id": MISSING,  # nothing was entered from paper
        "round_id": demo_data().rounds["stjernehuset_efteraar"].id,
        "unit_id": demo_data().units["stjernehuset"].id,
        "design_id": a_design(world),
        "proposal_id": a_proposal(world),
        "search_id": a_saved_search(world),
    }


def a_saved_search(world) -> str:
    """One that is of nobody who asks here."""
    with world.house() as house:
        found = house.saved.all()
        one = found[0] if found else SavedSearch(
            id=new_id(), owner=MISSING, title="Tilsyn", question=SearchQuery(allowed_units=()),
            purpose="Tilsyn eller revision: sag 26-4711", saved_at=house.moment,
        )  # fmt: skip
        house.saved.put(one)
    return one.id


def a_design(world) -> str:
    """The design of a form that is there, begun by the administrator if none is."""
    with world.house() as house:
        found = house.designs.all()
        design = found[0] if found else start_design(house, world.staff("camilla"), "overgangsbeskrivelse", 3)
    return design.id


def a_proposal(world) -> str:
    """A template that somebody has proposed; nothing was tried with it."""
    with world.house() as house:
        found = house.templates.of("overgangsbeskrivelse", 1)
        if not found:
            camilla = world.staff("camilla").person_id
            made = Proposal(id=new_id(), form="overgangsbeskrivelse", version=1, sha256="0" * 64, file_name="vores.docx",
                            size=1, author=camilla, at=house.moment, changed_at=house.moment, state="faulty")  # fmt: skip
            house.templates.put(made)
            found = [made]
    return found[0].id


def short_names() -> dict[str, str]:
    """The parts that are no ids."""
    field = next(iter(SET.professional))
    return {
        "language": "en",
        "section": "udvikling",
        "field": field,
        "reader": "foraeldre",
        "release": "0" * 16,
        "path": "x.css",
        "place": "1",
        "page": "1",
        "version": "1",
        "draft": "1",
        "mark": "0" * 32,
        "digest": "0" * 64,
        "form": "overgangsbeskrivelse",
        "list": "overgangstype",
        "phase": "reception",
    }


def missing_ids() -> dict[str, str]:
    """The same parts with ids of nothing."""
    return short_names() | {
        name: new_id()
        for name in (
            "document_id",
            "request_id",
            "child_id",
            "event_id",
            "round_id",
            "unit_id",
            "design_id",
            "proposal_id",
            "holder_id",
            "entry_id",
            "case_id",
            "meeting_id",
            "package_id",
            "search_id",
        )
    }
