"""The real front door over real Plone (a process of its own), and worlds of the walk on a plain store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.security.door import Door
from tests.security.kept import Walk
from tests.security.walk import walked


@pytest.fixture(scope="session")
def door(tmp_path_factory) -> Iterator[Door]:
    log = tmp_path_factory.mktemp("door") / "stderr.txt"
    try:
        running = Door(log)
    except RuntimeError as error:
        raise RuntimeError(f"{error}: {log.read_text()[-3000:]}") from None
    yield running
    running.end()


@pytest.fixture(scope="session")
def walk(stages) -> Walk:
    """The whole walk through the pages, played once; the tests look at what was asked, said and logged."""
    return walked(stages)
