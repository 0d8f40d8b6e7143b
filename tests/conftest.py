"""Order, tiers and marks of the whole suite; fixtures lie beside the tests that use them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent
# The fast core first, then what needs the real parts, the slowest last: a broken rule shows within seconds.
ORDER = ["unit", "property", "vectors", "contract", "plone", "security", "faults", "walks", "browser"]
FAST = {"unit", "property", "vectors"}
# Importing one of these takes seconds; the object database alone (ZODB) is light enough for a fast test.
HEAVY = ("Products.CMFPlone", "Zope2", "plone.api", "plone.app.testing")


def tier(path: Path) -> str:
    """The folder under tests/ that a file lies in."""
    return path.relative_to(TESTS).parts[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by tier and keep pytest's own order within one."""
    items.sort(key=lambda item: ORDER.index(tier(item.path)) if tier(item.path) in ORDER else len(ORDER))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """After the last fast test nothing of Plone may be loaded, unless a slow test's module was collected before."""
    if tier(item.path) not in FAST or (nextitem is not None and tier(nextitem.path) in FAST):
        return
    if any(tier(other.path) not in FAST for other in item.session.items):
        return
    loaded = [name for name in HEAVY if name in sys.modules]
    if loaded:
        pytest.fail(f"the fast tests have loaded {', '.join(loaded)}; move the test that needs it to tests/plone")


@pytest.fixture(scope="session")
def renderer() -> Iterator[Any]:
    """The real renderer with one warm LibreOffice for the whole run."""
    from tillid.adapters.renderer import DocumentRenderer

    made = DocumentRenderer()
    yield made
    made.close()


@pytest.fixture(scope="session")
def stages(tmp_path_factory, renderer) -> Any:
    """The stages of the walk on a plain store with the real parts, played once (``tests/support/world.py``)."""
    from tests.support.world import Stages

    return Stages(tmp_path_factory.mktemp("stages"), renderer)


@pytest.fixture
def world_at(stages) -> Iterator[Callable[[str], Any]]:
    """``world_at("asked")``: a world of the test's own in which everything up to that stage has happened."""
    opened: list[Any] = []

    def at(stage: str) -> Any:
        opened.append(stages.at(stage))
        return opened[-1]

    yield at
    for world in opened:
        world.close()
