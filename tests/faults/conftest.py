"""The same worlds as in tests/walks: a plain store with real LibreOffice, real seal, real index and real audit file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.walks.conftest import renderer, stages, world_at
from tillid.kernel.paths import PROJECT

__all__ = ["renderer", "stages", "world_at"]


@pytest.fixture(scope="session")
def asked_site(tmp_path_factory) -> Path:
    """A ``var`` on which both parents of one child have been asked."""
    var = tmp_path_factory.mktemp("site") / "var"
    subprocess.run([sys.executable, "-m", "tests.faults.prepare_site", str(var)], cwd=PROJECT, check=True, timeout=300)
    return var
