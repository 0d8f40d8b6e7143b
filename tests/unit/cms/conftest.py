"""A store in a temporary folder, without Plone."""

from __future__ import annotations

import pytest

from tests.support import stored
from tests.unit.cms.samples import KEY
from tillid.cms.store.plain import PlainStore

stored.watch()


@pytest.fixture
def store(tmp_path):
    store = PlainStore(tmp_path / "store", KEY)
    yield store
    store.close()


@pytest.fixture
def stores(store):
    """Repositories on a connection that is never committed."""
    with store.open() as (stores, _manager):
        yield stores
