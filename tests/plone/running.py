"""One real Plone site for all tests of a process: Zope can be started only once in it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from tillid.cms import starting
from tillid.cms.connection import Connections

KEY = bytes(range(32))
_started: list[Path] = []


def running_site() -> Path:
    """Start Zope and make the site if this process has not; returns its ``var``."""
    if not _started:
        var = Path(tempfile.mkdtemp(prefix="tillid-plone-"))
        starting.start_zope(var)
        starting.create_site()
        _started.append(var)
        atexit.register(_stop, var)
    return _started[0]


def connections(**options) -> Connections:
    """The way to the running site's store."""
    running_site()
    return Connections(KEY, **options)


def _stop(var: Path) -> None:
    starting.stop_zope()
    shutil.rmtree(var, ignore_errors=True)
