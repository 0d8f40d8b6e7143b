"""What the program xmlsec1 takes for true among the invalid vectors: true signatures of a wrong shape, under a wrong key or at
a wrong time. Only our profile, pins and times refuse them. A vector that leaves the list has lost its teeth."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.vectors.test_xmlsec1 import VECTORS, documented_command
from tillid.kernel.paths import PROJECT

ACCEPTED = Path(__file__).with_name("xmlsec1_accepts.txt")


def accepts(path: Path) -> bool:
    done = subprocess.run([*documented_command(), str(path)], capture_output=True, cwd=PROJECT, check=False)
    return done.returncode == 0


def test_what_only_our_checks_refuse() -> None:
    paths = sorted((VECTORS / "invalid").glob("*.xml"))
    with ThreadPoolExecutor(2) as side_by_side:  # starting the program takes most of the time
        found = [path.stem for path, taken in zip(paths, side_by_side.map(accepts, paths), strict=True) if taken]
    assert found == ACCEPTED.read_text(encoding="utf-8").split()
