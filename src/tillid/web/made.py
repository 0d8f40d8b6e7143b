"""Pages that are a function of plain data, made once per data and kept in memory a short while (ADR 0019).

The key is a digest of *everything* the template is given: its name, the language, the address, the reader's name, menu and
all values. So a remembered page can only ever answer a request that would make the very same page, and whether the reader
may see it is asked before, every time. Two things stay outside: the form token of the session, whose places are left open,
and what is the same for everybody as long as the process lives (routes, settings, texts).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from pyramid.csrf import get_csrf_token
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.once import Once
from tillid.web.menu import Entry, menu_of
from tillid.web.render import language_of, made_with, shell

Parts = tuple[bytes, ...]
# Stands where a form token goes until the page is sent; made by nobody's words, for nobody knows it.
_OPEN = secrets.token_hex(32)
# Sets and mappings in one order. What is no plain data (a function, ready HTML) is refused: TypeError.
_plain = msgspec.msgpack.Encoder(order="deterministic")


class FileAddress(msgspec.Struct, frozen=True):
    """``render.file_address`` as data: the route on which a file of a field and place is opened, and its other parts."""

    route: str
    parts: dict[str, str | int]

    def on(self, request: Request) -> Callable[[str, int], str]:
        return lambda field, place: request.route_path(self.route, **self.parts, field=field, place=place)


class _Reader(msgspec.Struct, frozen=True):
    """What a page shows of who reads it."""

    name: str


class _Given(msgspec.Struct, frozen=True):
    """Everything a template is given."""

    template: str
    language: str
    here: str
    person: _Reader | None
    menu: tuple[Entry, ...]
    values: dict[str, Any]


def made_pages() -> Once[Parts]:
    """The memory of one application: at most 256 pages and 8 MB, each for half an hour."""
    return Once(256, weight=lambda parts: sum(map(len, parts)), most=8 * 2**20)


def page_of(request: Request, template: str, **values: Any) -> Response:
    """``render.page`` for ``values`` that are plain data (structs, texts, numbers, moments, ``FileAddress``).

    Raises ``TypeError`` for any other value, and ``UndefinedError`` for a template that asks for more than it is given.
    """
    person = request.person
    given = _Given(
        template, language_of(request), request.path, person and _Reader(person.name), menu_of(person), values
    )
    key = hashlib.sha256(_plain.encode(given)).digest()
    parts = request.registry.made_pages.get(key, lambda: _made(request, given))
    body = parts[0] if len(parts) == 1 else get_csrf_token(request).encode().join(parts)
    return Response(body, content_type="text/html", charset="UTF-8")


def _made(request: Request, given: _Given) -> Parts:
    own = {name: _usable(request, value) for name, value in given.values.items()}
    around = shell(request, person=given.person, menu=given.menu, here=given.here, token=lambda: _OPEN)
    text = made_with(given.language, given.template, _no_request(around) | own)
    return tuple(text.encode().split(_OPEN.encode()))


def _usable(request: Request, value: Any) -> Any:
    return value.on(request) if isinstance(value, FileAddress) else value


def _no_request(around: Mapping[str, Any]) -> dict[str, Any]:
    """A request holds far more than the key says."""
    return {name: value for name, value in around.items() if name != "request"}
