"""The walks on a plain store with real LibreOffice, real seal, real index and real audit file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.support.world import Stages, World
from tillid.adapters.renderer import DocumentRenderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[DocumentRenderer]:
    made = DocumentRenderer()
    yield made
    made.close()


@pytest.fixture(scope="session")
def stages(tmp_path_factory, renderer) -> Stages:
    return Stages(tmp_path_factory.mktemp("stages"), renderer)


@pytest.fixture
def world_at(stages) -> Iterator[Callable[[str], World]]:
    """``world_at("asked")``: a world of the test's own in which everything up to that stage has happened."""
    opened: list[World] = []

    def at(stage: str) -> World:
        opened.append(stages.at(stage))
        return opened[-1]

    yield at
    for world in opened:
        world.close()
