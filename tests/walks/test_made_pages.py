"""Pages kept in memory: only ever given to who would have got the very same page, and never without being asked."""

from __future__ import annotations

import itertools
import re
from typing import Any

import msgspec
import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from tests.support.installation import WorldInstallation, app_over, as_parent, as_staff
from tests.support.world import SET, request_now
from tillid.kernel.ids import new_id
from tillid.usecases.open_copy import name_reader
from tillid.usecases.withdraw_consent import withdraw_consent
from tillid.web import made
from tillid.web.made import made_pages, page_of

TOKEN = re.compile(rb"[0-9a-f]{64}")


@pytest.fixture
def kept(monkeypatch):
    """The one memory of all browsers of a test (each has an application of its own)."""
    memory = made_pages()
    monkeypatch.setattr("tillid.web.app.made_pages", lambda: memory)
    return memory


def token_of(body: bytes) -> bytes:
    found = set(re.findall(rb'name="csrf_token" value="([0-9a-f]{64})"', body))
    assert len(found) == 1
    return found.pop()


def kept_bytes(memory: Any) -> bytes:
    return b"".join(part for entry in memory._made.values() for part in entry.value)


@pytest.mark.req("R-18")
def test_two_sessions_of_one_person_share_a_page_but_no_token(world_at, kept):
    installation = WorldInstallation(world_at("shared"))
    path = f"/foraelder/dokument/{installation.world.made['document']}/laes"
    holder = installation.world.holders(SET.child_id)[0].person_id
    one, other = (as_parent(installation, holder).get(path).body for _ in range(2))
    assert len(kept) == 1
    assert token_of(one) != token_of(other) and token_of(one) not in other
    assert one.replace(token_of(one), b"") == other.replace(token_of(other), b"")
    assert token_of(one) not in kept_bytes(kept) and made._OPEN.encode() not in one


@pytest.mark.req("R-18", "P8")
def test_a_page_that_names_its_reader_is_that_readers_alone(world_at, kept):
    installation = WorldInstallation(world_at("shared"))
    path = f"/foraelder/dokument/{installation.world.made['document']}/laes"
    holders = installation.world.holders(SET.child_id)
    pages = {who.name: as_parent(installation, who.person_id).get(path).body for who in holders}
    assert len(pages) == len(kept) == 2
    for name, body in pages.items():
        other = next(one for one in pages if one != name)
        assert f"</span>{name}</p>".encode() in body and f"</span>{other}</p>".encode() not in body


@pytest.mark.req("R-18")
def test_each_language_has_its_page(world_at, kept):
    installation = WorldInstallation(world_at("shared"))
    app = as_staff(installation, "sofie")
    path = f"/dokument/{installation.world.made['document']}"
    danish = app.get(path)
    app.set_cookie("sprog", "en")
    english = app.get(path)
    assert 'lang="da"' in danish and '<html lang="en">' in english and len(kept) == 2


@pytest.mark.req("R-14", "R-16", "R-22")
def test_what_is_taken_back_is_gone_from_the_very_next_page(world_at, kept):
    world = world_at("signed")
    installation = WorldInstallation(world)
    app, path = as_staff(installation, "hanne"), f"/modtaget/{world.made['document']}"
    before = app.get(path)
    assert app.get(path).body == before.body and len(kept) == 1
    first = request_now(world).items[0]

    def take_back(*items: str) -> None:
        with world.house() as house:
            holder = world.holders(SET.child_id)[0]
            withdraw_consent(house, holder, world.made["request"], items, language="da", event_id=new_id())

    take_back(first.id)
    narrowed = app.get(path)
    assert narrowed.body != before.body and len(kept) == 2
    assert len(narrowed.html.select(".reading")) < len(before.html.select(".reading"))
    take_back()
    app.get(path, status=404)


@pytest.mark.req("R-18", "R-22", "R-71")
def test_every_request_is_logged_and_asked_though_the_page_is_kept(world_at, kept):
    world = world_at("signed")
    installation = WorldInstallation(world)
    app, path = as_staff(installation, "hanne"), f"/modtaget/{world.made['document']}"
    seen = [world.parts.audit.head()[0]]
    for _ in range(3):
        app.get(path)
        seen.append(world.parts.audit.head()[0])
    assert len(kept) == 1 and [b - a for a, b in itertools.pairwise(seen)] == [2, 2, 2]
    stranger = as_staff(installation, "sofie")
    stranger.get(path, status=404)
    app_over(installation).get(path, status=404)


@pytest.mark.req("R-22")
def test_who_may_name_readers_sees_more_of_the_same_document(world_at, kept):
    world = world_at("signed")
    leader = as_staff(WorldInstallation(world), "hanne").get(f"/modtaget/{world.made['document']}")
    with world.house() as house:
        hanne = next(one for one in house.people.all_staff() if one.username == "hanne")
        unit = next(one.unit_id for one in hanne.assignments)
        named = next(
            one
            for one in house.people.all_staff()
            if any(a.unit_id == unit and a.role == "professional" for a in one.assignments)
        )
        name_reader(house, world.staff("hanne"), world.made["document"], named.id)
    reader = as_staff(WorldInstallation(world), named.username).get(f"/modtaget/{world.made['document']}")
    assert 'id="laesere"' in leader and 'id="laesere"' not in reader


GIVEN = made._Given("a.html", "da", "/a", made._Reader("A"), (), {"x": {"y": [1]}})
CHANGES = (
    {"template": "b.html"},
    {"language": "en"},
    {"here": "/b"},
    {"person": made._Reader("B")},
    {"person": None},
    {"menu": made.menu_of.__globals__["ENTRIES"][:1]},
    {"values": {"x": {"y": [2]}}},
    {"values": {"x": {"y": ["1"]}}},
    {"values": {"x": {"y": [True]}}},
    {"values": {"x": {"z": [1]}}},
    {"values": {"x": {"y": [1]}, "w": None}},
)


def test_the_key_tells_every_difference_apart():
    assert {name for change in CHANGES for name in change} == set(GIVEN.__struct_fields__)
    keys = [made._plain.encode(msgspec.structs.replace(GIVEN, **change)) for change in ({}, *CHANGES)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("value", [lambda: 1, Markup("<b>"), [Markup("<b>")], object()], ids=repr)
def test_what_a_key_cannot_say_is_refused(value):
    with pytest.raises(TypeError):
        made._plain.encode(msgspec.structs.replace(GIVEN, values={"x": value}))


@pytest.mark.req("R-18")
def test_a_kept_page_can_ask_nothing_of_the_request(world_at, monkeypatch):
    """``parent_document.html`` looks into the address, which no key says."""
    installation = WorldInstallation(world_at("shared"))
    path = f"/foraelder/dokument/{installation.world.made['document']}"
    app = as_parent(installation, installation.world.holders(SET.child_id)[0].person_id)
    seen: list[Exception] = []

    def keeping(request: Any, template: str, **values: Any) -> Any:
        try:
            return page_of(request, template, **values)
        except UndefinedError as error:
            seen.append(error)
            raise

    monkeypatch.setattr("tillid.web.views.parent.page", keeping)
    app.get(path, status="*")
    assert seen and "request" in str(seen[0])


def test_the_memory_is_bounded():
    memory = made_pages()
    for number in range(400):
        memory.get(number, lambda: (b"x" * 100_000, b"y" * 100_000))
    assert 0 < len(memory) <= 8 * 2**20 // 200_000
    for number in range(400):
        memory.get(number, lambda: (b"small",))
    assert len(memory) <= 256
    memory.get("huge", lambda: (b"x" * (9 * 2**20),))
    assert sum(len(part) for entry in memory._made.values() for part in entry.value) <= 8 * 2**20
