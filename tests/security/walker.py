"""Who walks: a browser of anybody, on a world at one of its stages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.security.kept import Walk
from tests.security.people import browser
from tests.support.installation import WorldInstallation
from tests.support.uploads import world_with_file


class Walker:
    """Whoever walks, on worlds of ``stages``."""

    def __init__(self, stages: Any) -> None:
        self._stages, self.walk = stages, Walk()

    def as_(self, who: str) -> Any:
        self.walk.who = who
        return browser(self.installation, who)

    @contextmanager
    def at(self, stage: str, prepare: Callable[[Any], Any] = lambda world: None) -> Iterator[None]:
        with_file = stage in ("shared", "asked")  # a file is uploaded, and opened wherever a page offers it
        world = world_with_file(self._stages.at, stage) if with_file else self._stages.at(stage)
        prepare(world)
        self.world, self.installation, self.walk.stage = world, WorldInstallation(world), stage
        try:
            yield
            self.walk.audit += world.parts.audit.tail(5000)
        finally:
            world.close()
