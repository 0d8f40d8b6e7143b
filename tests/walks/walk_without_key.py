"""``tillid walk`` on an installation whose seal cannot be used: its key file is opened to everybody after the start."""

from __future__ import annotations

import sys
from pathlib import Path

from tillid import wiring
from tillid.cli import main

real = wiring.start_installation


def start_without_key(var: Path, *args, **kw):
    installation = real(var, *args, **kw)
    (var / "keys" / "seal" / "demo" / "key.pem").chmod(0o666)
    return installation


if __name__ == "__main__":
    wiring.start_installation = start_without_key
    sys.exit(main(["walk", "--out", sys.argv[1], "--json"]))
