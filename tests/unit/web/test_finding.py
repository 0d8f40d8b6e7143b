"""An address leads where Pyramid's own mapper leads it."""

from __future__ import annotations

import re

import pytest
from pyramid.request import Request
from pyramid.urldispatch import RoutesMapper

from tillid.kernel.ids import new_id
from tillid.web.finding import ByFirstPart
from tillid.web.routes import ROUTES

ANSWERS = ("alma", "1", "17", "abc_1", "a" * 16, "b" * 32, "c" * 64, "tillid/tillid.css", new_id())


def filled(pattern: str) -> str:
    """An address of that pattern."""

    def part(found: re.Match[str]) -> str:
        wanted = re.compile(found[1] or "[^/]+")
        return next(one for one in ANSWERS if wanted.fullmatch(one))

    return re.sub(r"{\w+:?([^{}]*(?:{[^{}]*}[^{}]*)*)}", part, pattern)


def both(patterns: list[tuple[str, str]]) -> tuple[RoutesMapper, RoutesMapper]:
    mappers = RoutesMapper(), ByFirstPart()
    for mapper in mappers:
        for name, pattern in patterns:
            mapper.connect(name, pattern)
    return mappers


def found(mapper: RoutesMapper, path: str) -> tuple[str, dict[str, str]] | None:
    info = mapper(Request({"PATH_INFO": path, "REQUEST_METHOD": "GET"}))
    return info["route"] and (info["route"].name, info["match"])


def test_every_address_of_the_table_and_those_beside_it():
    theirs, ours = both([(one.name, one.pattern) for one in ROUTES])
    for one in ROUTES:
        path = filled(one.pattern)
        assert found(ours, path) is not None
        for asked in (path, path + "/", path + "/x", path[:-1], "/x" + path, path + "\u00c3\u00a6", path.upper()):
            assert found(ours, asked) == found(theirs, asked), asked


@pytest.mark.parametrize("path", ["/", "", "/a", "/a/", "/a/1", "/b", "/b/1", "/c", "/c/d/e", "/ab", "/x/y", "/%61"])
def test_the_first_that_fits_whatever_it_begins_with(path):
    theirs, ours = both(
        [
            ("word", "/a"),
            ("any", "/{one}"),
            ("number", "/a/{n:[0-9]+}"),
            ("plain", "b/{two}"),
            ("rest", "/c/*rest"),
            ("never", "/a/1"),
            ("part", "/a{part}"),
            ("front", "/"),
            ("all", "*everything"),
        ]
    )
    assert found(ours, path) == found(theirs, path)


def test_a_route_that_is_added_later_is_found():
    _, ours = both([("word", "/a")])
    assert found(ours, "/b") is None
    ours.connect("other", "/b")
    assert found(ours, "/b") == ("other", {})
