"""The route table is the whole surface, ``permissions.csv`` says who gets past it, and a GET never writes (design 9)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyramid.config import Configurator

from tests.security.people import ENDING, WORDS, address, browser, missing_ids, parts_of, real_ids, rows, token
from tests.support.installation import ORIGIN, WorldInstallation
from tillid.process.access import Identity
from tillid.process.organisation import Assignment
from tillid.web import routes
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.app import make_app
from tillid.web.installation import WebSettings
from tillid.web.policy import NOBODY, SecurityPolicy, admits
from tillid.web.route import UUID

WEB = WebSettings(origins=(ORIGIN,), secure=False)
# Everybody reads these. Whatever else is added here must be decided, not happen.
PUBLIC = {"ok", "static", "home", "login", "login_staff", "login_parent", "session", "language", "help", "was"}


@pytest.fixture(scope="module")
def signed(stages):
    world = stages.at("signed")
    yield WorldInstallation(world)
    world.close()


def test_every_route_has_a_row_and_every_row_a_route():
    table = {(one.name, method) for one, method in rows()}
    assert table == set(routes.permissions()) and all(routes.permissions().values())
    assert len({one.name for one, _ in rows()}) == len(routes.ROUTES)
    assert {name for (name, _), who in routes.permissions().items() if "public" in who.split()} == PUBLIC


def test_pyramid_knows_the_table_and_nothing_beside_it(signed):
    """Asked of the made application, not of the table: no static view, no asset, no debug route crept in."""
    registry = make_app(signed, WEB)._app.registry
    from pyramid.interfaces import IRoutesMapper

    mapper = registry.getUtility(IRoutesMapper)
    assert [(one.name, one.pattern) for one in mapper.get_routes(include_static=True)] == [
        (one.name, one.pattern) for one in routes.ROUTES
    ]


@pytest.mark.parametrize("kind", ["route without a row", "row without a route", "row without a word"])
def test_a_table_that_is_not_whole_stops_the_start(signed, monkeypatch, kind):
    if kind == "route without a row":
        monkeypatch.setattr(routes, "ROUTES", (*routes.ROUTES, routes.route("new", "/ny", GET="public.ok")))
    else:
        extra = {("new", "GET"): "public"} if kind == "row without a route" else {("ok", "GET"): ""}
        changed = routes.permissions() | extra
        monkeypatch.setattr(routes, "permissions", lambda: changed)
    with pytest.raises(RuntimeError, match="differ"):
        make_app(signed, WEB)


def test_a_view_somebody_adds_without_a_permission_answers_nobody(signed, monkeypatch):
    """The default permission is one that no person has."""
    import webtest

    ran = []

    def add(config: Configurator) -> None:
        config.add_route("new", "/ny")
        config.add_view(lambda request: ran.append(request), route_name="new")

    monkeypatch.setattr("tillid.web.app.add_routes", add)
    app = webtest.TestApp(make_app(signed, WEB), extra_environ={"HTTP_HOST": "127.0.0.1:8080"})
    assert app.get("/ny", status=404).body == NOT_FOUND_BODY and not ran
    everything = tuple(Assignment(role=role, unit_id="u") for role in ("leader", "administrator", "archivist", "dpo"))
    assert not admits(NOBODY, Identity(person_id="x", name="X", kind="staff", assignments=everything))


@pytest.mark.req("R-70", "P8")
@pytest.mark.parametrize("who", WORDS)
def test_exactly_the_people_of_the_row_get_past_the_policy(signed, monkeypatch, who):
    """Every route and method as this person. The ids are of nothing, so that nobody changes anything."""
    app, asked = browser(signed, who), []
    posted = {"csrf_token": token(app)}
    permits = SecurityPolicy.permits

    def noted(self, request, context, permission):
        verdict = permits(self, request, context, permission)
        asked.append(bool(verdict))
        return verdict

    monkeypatch.setattr(SecurityPolicy, "permits", noted)
    wrong = []
    for route, method in rows():
        if route.name in ENDING:
            app = browser(signed, who)
            posted = {"csrf_token": token(app)}
        asked.clear()
        path, words = address(route, missing_ids()), set(routes.permissions()[route.name, method].split())
        answer = app.get(path, expect_errors=True) if method == "GET" else app.post(path, posted, expect_errors=True)
        expected = bool(words & (WORDS[who] | {"public"}))
        refused = (answer.status_int, answer.body) == (404, NOT_FOUND_BODY)
        if asked != [expected] or not (expected or refused):
            wrong.append((route.name, method, asked[:], expected, answer.status))
    assert wrong == []


def test_a_method_that_the_table_does_not_name_is_no_address(signed):
    app = browser(signed, "sofie")
    posted = {"csrf_token": token(app)}
    ids = real_ids(signed)
    for route, _ in rows():
        if "POST" not in route.views:
            assert app.post(address(route, ids), posted, status=404).body == NOT_FOUND_BODY, route.name
        if "GET" not in route.views:
            assert app.get(address(route, ids), status=404).body == NOT_FOUND_BODY, route.name


def test_a_person_the_register_no_longer_knows_is_a_stranger(signed):
    app = browser(signed, "anonymous")
    gone = signed.sessions.create(missing_ids()["child_id"], "staff", {}, signed.clock.now())
    app.set_cookie("tillid", gone)
    assert app.get("/").html.find("a", href="/login/medarbejder")
    assert app.get("/drift", status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-21")
@pytest.mark.parametrize(
    "who", ["anonymous", "katrine", "sofie", "birgit", "hanne", "ove", "rasmus", "camilla", "mettemarie"]
)
def test_a_get_never_changes_the_database(signed, who):
    """Every GET route as somebody who may, with ids of what exists."""
    app, ids = browser(signed, who), real_ids(signed)
    before = last_transactions(signed)
    good = 0
    for route, method in rows():
        if method == "GET":
            answer = app.get(address(route, ids), expect_errors=True)
            known = (200, 303, 404, 409, 286) if route.name == "presence" else (200, 303, 404, 409)
            assert answer.status_int in known, (route.name, answer.status)
            good += answer.status_int in (200, 303)
            assert app.head(address(route, ids), expect_errors=True).body == b""
            assert last_transactions(signed) == before, route.name
    assert good >= (6 if who == "anonymous" else 7), "the ids are real: pages of the document were among them"


def last_transactions(installation):
    return installation.world.store.db.lastTransaction(), installation.second._db.lastTransaction()


def test_every_part_of_every_address_is_a_uuid_or_a_short_word():
    """No name, number or word of anybody can be put into an address (R-111)."""
    known = {
        "document_id",
        "request_id",
        "meeting_id",
        "case_id",
        "child_id",
        "event_id",
        "round_id",
        "section",
        "field",
        "reader",
        "language",
        "release",
        "path",
        "place",
        "page",
        "version",
        "draft",
        "form",
        "mark",
        "unit_id",
        "design_id",
        "proposal_id",
        "search_id",
        "holder_id",
        "entry_id",
        "digest",
        "package_id",
        "phase",
        "list",
    }
    assert {part for route, _ in rows() for part in parts_of(route)} <= known
    for route, _ in rows():
        for part in parts_of(route):
            assert not part.endswith("_id") or f"{{{part}:{UUID}}}" in route.pattern


def test_the_packaged_table_is_the_one_that_is_read():
    path = Path(routes.__file__).parent / "permissions.csv"
    assert len(path.read_text("utf-8").splitlines()) == len(routes.permissions()) + 1
