"""What one request writes in the log of who did what: each case of a scene asked once while no row can be made durable, and once
with the rows watched as they are written (R-71)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.security.people import address, browser, short_names, token
from tests.support.installation import WorldInstallation
from tests.support.world import SET
from tillid.demo.data import demo_data
from tillid.kernel.errors import Unavailable
from tillid.web.route import UUID
from tillid.web.routes import ROUTES

BY_NAME = {one.name: one for one in ROUTES}
NAMES = {one.name.split()[0] for one in demo_data().children.values()}


@dataclass(frozen=True, kw_only=True)
class Case:
    """``rows``: "action thing, action thing", a thing by the name of its id in addresses, ``-`` for none, else as it stands.
    ``at``: parts of the address; ``on``: the route whose page has the form; ``pick``: a field or a button's value by which the form is
    known; ``via``: buttons that lead to the form that is sent; ``saves``: sent as the page's script does; ``raw``: from a page that was posted for;
    ``keep``: the name of the id that the answer leads to.
    ``best_effort``: why this request does not wait for the log; ``log_is_there``: the same kind of request, with the log there."""

    method: str
    route: str
    who: str
    rows: str
    at: dict[str, str] = field(default_factory=dict)
    query: str = ""
    on: str = ""
    pick: str = ""
    said: dict[str, Any] = field(default_factory=dict)
    via: tuple[str, ...] = ()
    button: str = ""
    saves: bool = False
    raw: bool = False
    keep: str = ""
    best_effort: str = ""
    log_is_there: bool = False


def get(route: str, who: str, rows: str, query: str = "", *, best_effort: str = "", **at: str) -> Case:
    """A page or a file."""
    return Case(method="GET", route=route, who=who, rows=rows, at=at, query=query, best_effort=best_effort)


def post(route: str, who: str, rows: str, button: str = "", **more: Any) -> Case:
    """A click. ``button``: "name=value"."""
    return Case(method="POST", route=route, who=who, rows=rows, button=button, **more)


Scene = tuple[Callable[[Any], WorldInstallation], tuple[Case | Callable[["Played"], Any], ...]]


class Played:
    """One installation on which the cases of a scene follow each other."""

    def __init__(self, installation: WorldInstallation) -> None:
        self.installation, self.world = installation, installation.world
        self.browsers: dict[str, Any] = {}
        self.kept: dict[str, str] = {}
        self.wrong: list[str] = []
        self.ends: list[Callable[[], Any]] = []
        self.provider: Any = None
        self.seen: list[tuple[Case, list[str]]] = []

    @property
    def ids(self) -> dict[str, str]:
        """Parts of addresses, and the things of rows."""
        data = demo_data()
        made = {f"{name}_id": value for name, value in self.world.made.items()}
        known = {
            "child_id": SET.child_id,
            "holder_id": data.parents["katrine"].id,
            "unit_id": SET.unit_id,
            "round_id": data.rounds["stjernehuset_efteraar"].id,
        }
        return {**short_names(), **known, **made, **self.kept}

    def as_(self, who: str) -> Any:
        if who not in self.browsers:
            self.browsers[who] = browser(self.installation, who)
        return self.browsers[who]

    def path(self, route: str, case: Case) -> str:
        at = {name: self.ids.get(value, value) for name, value in case.at.items()}
        return address(BY_NAME[route], self.ids | at)

    def request(self, case: Case) -> Callable[[], Any]:
        """What sends it, with all that comes before done: the page it is on was looked at."""
        app, path = self.as_(case.who), self.path(case.route, case)
        if case.method == "GET":
            return lambda: app.get(path + case.query, expect_errors=True)
        typed = {name: one(self) if callable(one) else one for name, one in case.said.items()}
        if case.raw:
            return lambda: app.post(path, {"csrf_token": token(app), **typed}, expect_errors=True)
        page = app.get(self.path(case.on or case.route, case) + case.query)
        form = _form(page, self.path(case.on, case) if case.saves else path, case.pick)
        _type(form, typed)
        for button in case.via:
            form = _form(_press(form, button), path, "")
        if case.saves:
            return lambda: app.post(path, form.submit_fields(), expect_errors=True)
        return lambda: _press(form, case.button)

    def play(self, case: Case) -> None:
        """Away first, for what is refused leaves everything as it was."""
        try:
            if case.log_is_there:
                self._rows(case)
            elif case.best_effort:
                self._goes_on(case)
            else:
                self._refused(case)
                self._rows(case)
        except Exception as error:
            self.wrong.append(f"{said(case)}: {type(error).__name__}: {str(error)[:1500]}")

    def _refused(self, case: Case) -> None:
        send = self.request(case)
        before = self.world.store.db.lastTransaction()
        with self.away():
            answer = send()
        if answer.status_int != 503 or "audit.unavailable" not in answer.text:
            self.wrong.append(f"{said(case)}: answered {answer.status} although the log cannot be written")
        elif words := [one for one in (NAMES | _texts()) - _own_names(case.who) if one in answer.text]:
            self.wrong.append(f"{said(case)}: refused, and yet tells {words}")
        if self.world.store.db.lastTransaction() != before:
            self.wrong.append(f"{said(case)}: something was stored although the log cannot be written")

    def _rows(self, case: Case) -> None:
        send = self.request(case)
        with self.watched() as rows:
            answer = send()
        self._compare(case, answer, rows)

    def _goes_on(self, case: Case) -> None:
        """A page is shown without its row, which the next one has; the row of a click follows with the outbox."""
        send = self.request(case)
        with self.away():
            answer = send()
        if answer.status_int >= 400:
            self.wrong.append(f"{said(case)}: {answer.status}; it does not wait for the log: {case.best_effort}")
        with self.watched() as rows:
            assert self.world.drain() == []
            self._compare(case, send() if case.method == "GET" else answer, rows)

    def _compare(self, case: Case, answer: Any, rows: list[Any]) -> None:
        if answer.status_int >= 400:
            self.wrong.append(f"{said(case)}: {answer.status} {_main(answer) if answer.status_int != 404 else ''}")
        if case.keep:
            self.kept[case.keep] = re.findall(UUID, answer.location)[-1]
        things = {value: name.removesuffix("_id") for name, value in self.ids.items() if name.endswith("_id")}
        found = sorted(f"{one.action} {_thing(things, one.object_id)}" for one in rows)
        self.seen.append((case, found))
        if found != sorted(one for one in case.rows.split(", ") if one):
            self.wrong.append(f"{said(case)}: wrote {', '.join(found) or 'nothing'}; expected {case.rows}")
        with self.world.house() as house:
            about = {
                one.object_id: house.documents.get(one.object_id) for one in rows if re.fullmatch(UUID, one.object_id)
            }
        # An underretning is begun before it has the id that stands in a child's place.
        begun = "" if case.route in ("notify", "notify_child") else None
        if any(
            (document := about.get(one.object_id)) and one.child_id not in (document.child_id, begun) for one in rows
        ):
            self.wrong.append(f"{said(case)}: a row about another child than the document's")
        person = self.person(case.who)
        if others := {one.person_id for one in rows} - {person}:
            self.wrong.append(f"{said(case)}: a row of somebody else: {others}")

    def person(self, who: str) -> str:
        data = demo_data()
        return next(one[who].id for one in (data.staff, data.parents, data.children) if who in one)

    @contextmanager
    def away(self) -> Iterator[None]:
        """No row can be made durable; that is all that is broken."""

        def refuse(*_rows: Any) -> None:
            raise Unavailable("full", code="audit.unavailable", text="Loggen kan ikke skrives.")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.world.parts.audit, "write", refuse)
            yield

    @contextmanager
    def watched(self) -> Iterator[list[Any]]:
        """The rows that are written meanwhile."""
        rows: list[Any] = []
        write = self.world.parts.audit.write

        def kept(*new: Any) -> None:
            write(*new)
            rows.extend(new)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(self.world.parts.audit, "write", kept)
            yield rows


def drained(played: Played) -> None:
    assert played.world.drain() == []


def later(played: Played) -> None:
    """So that the next click is another one."""
    played.world.clock.move(minutes=1)


def said(case: Case) -> str:
    return " ".join(one for one in (case.method, case.route, case.who, case.pick, *case.via, case.button) if one)


def _own_names(who: str) -> set[str]:
    """What every page says to a young person who is logged in."""
    child = demo_data().children.get(who)
    return {child.name.split()[0]} if child else set()


def _texts() -> set[str]:
    return {value[:30] for value in SET.answers.values() if isinstance(value, str) and len(value) > 12}


def _form(page: Any, path: str, pick: str) -> Any:
    """The last form that posts to ``path``, with a field or a button of that name or value."""
    found = [
        one
        for one in page.forms.values()
        if (urlsplit(one.action).path in (path, "") or one.html.find(formaction=path))
        and one.method.lower() == "post"
        and (not pick or pick in one.fields or any(f'value="{pick}"' in str(part) for part in one.html.find_all()))
    ]
    assert found, f"no form to {path} with {pick!r} on the page ({page.status}): {_main(page)}"
    if found[-1].html.find(formaction=path):
        found[-1].action = path
    return found[-1]


def _type(form: Any, said: dict[str, Any]) -> None:
    for name, value in said.items():
        for one in [each for each in form.fields if each and re.fullmatch(name.replace("*", ".*"), each)]:
            if value is True:
                form.fields[one][0].checked = True
            else:
                form[one] = value


def _press(form: Any, button: str) -> Any:
    name, _, value = button.partition("=")
    buttons = form.fields.get(name, ()) if name else ()
    held = not name or any(value in ("", getattr(one, "_value", None), one.value) for one in buttons)
    assert held, f"no button {button} in the form to {form.action}"
    return form.submit(name or None, value=value or None, expect_errors=True)


def _thing(things: dict[str, str], id_: str) -> str:
    """The name of an id in addresses; what the scene has not named is new."""
    named = re.sub(UUID, lambda found: things.get(found[0], "new"), id_)
    return re.sub("[0-9a-f]{64}", "digest", named) or "-"


def _main(answer: Any) -> str:
    """What the page says, for who reads the failure."""
    main = answer.html.select_one("main") if answer.content_type == "text/html" else None
    return " ".join((main.get_text(" ") if main else answer.text).split())[:600]
