"""Order, tiers and marks of the whole suite; fixtures lie beside the tests that use them."""

from __future__ import annotations

import gc
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

TESTS = Path(__file__).parent
# The fast core first, then what needs the real parts, the slowest last: a broken rule shows within seconds.
ORDER = ["unit", "property", "vectors", "contract", "plone", "security", "faults", "walks", "browser"]
FAST = {"unit", "property", "vectors"}
# The fast core (`make test-core`): the packages that know no Plone, with what is proved over them.
CORE = {"kernel", "signatures", "forms", "documents", "consents", "process", "archive", "usecases"}
# Importing one of these takes seconds; the object database alone (ZODB) is light enough for a fast test.
HEAVY = ("Products.CMFPlone", "Zope2", "plone.api", "plone.app.testing")
NOT_CORE = (
    "pyramid",
    "celery",
    "playwright",
    "ZODB",
    "tillid.cli",
    "tillid.web",
    "tillid.demo",
    "tillid.wiring",
    "tillid.adapters",
)
# How many examples a random test looks at: few in the fast core and by default, enough in the whole of `make test`, always
# the same ones; new ones and far more in `make test-thorough`. A test that needs more than others takes `times(n)` of
# tests/support/effort.py.
settings.register_profile("quick", max_examples=7, deadline=None, derandomize=True)
settings.register_profile("full", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("thorough", max_examples=3000, deadline=None, print_blob=True)
settings.load_profile("quick")
# Python looks through all that lives after each 700 new objects, and a test run keeps nearly everything: a fifth of the
# core's time.
gc.set_threshold(50_000, 20, 50)


def tier(path: Path) -> str:
    """The folder under tests/ that a file lies in."""
    return path.relative_to(TESTS).parts[0]


def is_core(path: Path) -> bool:
    """Whether a file or folder belongs to the fast core, or a folder can hold some of it."""
    parts = path.relative_to(TESTS).parts
    return parts[:1] in ((), ("property",)) or (parts[0] == "unit" and {*parts[1:2]} <= CORE)


def is_random(item: pytest.Item) -> bool:
    """Whether a test looks at as many examples as the profile says; the others prove the same in each run."""
    return getattr(getattr(item, "obj", None), "is_hypothesis_test", False)


def place(path: Path) -> int:
    """Where in a run a file's tests come."""
    if is_core(path):
        return -1
    return ORDER.index(tier(path)) if tier(path) in ORDER else len(ORDER)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--core", action="store_true", help="collect the fast core only: no Plone is imported")
    parser.addoption(
        "--after-core", action="store_true", help="the core was run just before: of it, only the random tests"
    )


def pytest_configure(config: pytest.Config) -> None:
    """With few examples Hypothesis need not read every source for numbers and words to try: two seconds of a core in a clean
    clone. In the whole run and in the thorough one it does."""
    if config.getoption("--hypothesis-profile") is None:
        providers._get_local_constants = lambda: providers._local_constants


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if config.getoption("--core") and not is_core(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    """Sort by tier and keep pytest's own order within one."""
    items.sort(key=lambda item: place(item.path))
    if config.getoption("--after-core"):
        proved = [item for item in items if is_core(item.path) and not is_random(item)]
        items[:] = [item for item in items if not is_core(item.path) or is_random(item)]
        config.hook.pytest_deselected(items=proved)


def pytest_collection_finish() -> None:
    gc.freeze()  # what is loaded now stays to the end


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Who asks a program of Java is skipped where there is none, and fails in the whole of `make test`, which has installed it."""
    for mark in item.iter_markers("java"):
        if missing := [program for program in ("java", *mark.args) if not shutil.which(program)]:
            end = pytest.fail if item.config.getoption("--after-core") else pytest.skip
            end(f"not on this machine: {', '.join(missing)} (JDK 17)")


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """After the last fast test nothing of Plone may be loaded, unless a slow test's module was collected before."""
    if tier(item.path) not in FAST or (nextitem is not None and tier(nextitem.path) in FAST):
        return
    if any(tier(other.path) not in FAST for other in item.session.items):
        return
    unwanted = HEAVY + NOT_CORE if item.config.getoption("--core") else HEAVY
    loaded = [name for name in unwanted if name in sys.modules]
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
