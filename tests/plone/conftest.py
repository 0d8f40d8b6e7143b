from __future__ import annotations

import pytest

from tests.plone.running import connections as open_connections
from tests.plone.running import running_site
from tests.support import stored

stored.watch()


@pytest.fixture(scope="session")
def var():
    return running_site()


@pytest.fixture(scope="session")
def connections(var):
    return open_connections()


@pytest.fixture
def store(connections):
    """An open store whose changes are dropped."""
    with connections.open_store("test", write=False) as store:
        yield store
