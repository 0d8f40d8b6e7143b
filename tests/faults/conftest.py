"""A site on which both parents have been asked; the worlds come from tests/conftest.py."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
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


@pytest.fixture
def in_memory() -> Iterator[Path]:
    yield from _in_memory()


@pytest.fixture(scope="module")
def in_memory_for_all() -> Iterator[Path]:
    yield from _in_memory()


def _in_memory() -> Iterator[Path]:
    """A folder for stores whose processes are killed, in memory where there is room: what a killed process has written is there
    on a disk and in memory alike, and a disk makes each of the many writes wait."""
    shm = Path("/dev/shm")
    roomy = shm.is_dir() and shutil.disk_usage(shm).free > 2**30
    folder = Path(tempfile.mkdtemp(prefix="tillid-faults-", dir=shm if roomy else None))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
