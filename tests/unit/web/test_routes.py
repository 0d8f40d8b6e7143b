"""The route table and its permissions."""

from __future__ import annotations

import importlib

import pytest

from tillid.process.access import Identity
from tillid.process.organisation import Assignment
from tillid.web import routes
from tillid.web.policy import admits
from tillid.web.route import route

WORDS = {
    "public", "person", "staff", "parent", "young",
    "professional", "leader", "area_leader", "intake", "archivist", "notification_archivist", "administrator", "dpo",
}  # fmt: skip


def test_every_route_has_a_permission_row_and_every_row_a_route():
    assert routes.unlisted() == []


def test_a_route_without_a_row_stops_the_start(monkeypatch):
    extra = route("new", "/ny", GET="public.ok")
    monkeypatch.setattr(routes, "ROUTES", (*routes.ROUTES, extra))
    with pytest.raises(RuntimeError, match="new GET"):
        routes.add_routes(None)


def test_every_view_exists_and_every_word_is_known():
    for one in routes.ROUTES:
        for method, view in one.views.items():
            module, function = view.split(".")
            assert callable(getattr(importlib.import_module(f"{routes.VIEWS}.{module}"), function)), view
            assert method in ("GET", "POST")
    assert {word for who in routes.permissions().values() for word in who.split()} <= WORDS


def test_only_the_login_changes_anything_for_strangers():
    public_posts = {
        name for (name, method), who in routes.permissions().items() if method == "POST" and "public" in who
    }
    assert public_posts == {"login_staff", "login_parent"}


def test_who_is_admitted():
    leader = Identity(person_id="x", name="L", kind="staff", assignments=(Assignment(role="leader", unit_id="u"),))
    parent = Identity(person_id="y", name="P", kind="parent")
    assert admits("public", None) and not admits("person", None) and not admits("nobody", leader)
    assert admits("staff", leader) and admits("leader archivist", leader) and not admits("archivist", leader)
    assert admits("parent", parent) and not admits("staff", parent) and not admits("nobody", parent)
    young = Identity(person_id="z", name="U", kind="young")
    assert admits("parent young", young) and not admits("parent", young) and not admits("staff", young)
