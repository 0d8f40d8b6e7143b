"""A site on which both parents have been asked; the worlds come from tests/conftest.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tillid.kernel.paths import PROJECT


@pytest.fixture(scope="session")
def asked_site(tmp_path_factory) -> Path:
    """A ``var`` on which both parents of one child have been asked."""
    var = tmp_path_factory.mktemp("site") / "var"
    subprocess.run([sys.executable, "-m", "tests.faults.prepare_site", str(var)], cwd=PROJECT, check=True, timeout=300)
    return var
