"""A site on which both parents have been asked; the worlds come from tests/conftest.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.prepare_site import prepare
from tests.support.forked import Forked


@pytest.fixture(scope="session")
def asked_site(tmp_path_factory) -> Path:
    """A ``var`` on which both parents of one child have been asked."""
    var = tmp_path_factory.mktemp("site") / "var"
    log = var.with_name("prepared.log")
    assert Forked(prepare, var, out=log).wait(300) == 0, log.read_text()
    return var
