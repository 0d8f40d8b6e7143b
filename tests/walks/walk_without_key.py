"""``tillid walk`` on an installation whose seal cannot be used: its key file is opened to everybody after the start."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.forked import tillid


def walk_without_key(out: Path) -> None:
    """In a process of its own (``forked.py``): the command is the real one, Plone has been configured before."""
    from tillid.wiring import running

    real = running.start_installation

    def start_without_key(var: Path, *args, **kw):
        installation = real(var, *args, **kw)
        (var / "keys" / "seal" / "demo" / "key.pem").chmod(0o666)
        return installation

    running.start_installation = start_without_key
    os.environ.pop("TILLID_MODE", None)
    tillid("walk", "--out", str(out), "--json")
