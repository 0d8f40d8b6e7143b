"""What the program xmlsec1 takes for true among the invalid vectors: true signatures of a wrong shape, under a wrong key or at
a wrong time. Only our profile, pins and times refuse them. A vector that leaves the list has lost its teeth."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.vectors.test_xmlsec1 import VECTORS, documented_command
from tillid.kernel.paths import PROJECT

ACCEPTED = Path(__file__).with_name("xmlsec1_accepts.txt")


def accepts(*paths: Path) -> bool:
    """Whether it takes each of them; it ends at the first that it does not."""
    done = subprocess.run([*documented_command(), *map(str, paths)], capture_output=True, cwd=PROJECT, check=False)
    return done.returncode == 0


def test_what_only_our_checks_refuse() -> None:
    paths = {path.stem: path for path in sorted((VECTORS / "invalid").glob("*.xml"))}
    listed = ACCEPTED.read_text(encoding="utf-8").split()
    assert listed == [stem for stem in paths if stem in listed], "in order, each once, and each a vector"
    assert f"it accepts {len(listed)}, among" in (PROJECT / "docs" / "verify.md").read_text(encoding="utf-8")
    others = [stem for stem in paths if stem not in listed]
    # Starting the program takes most of the time: what it takes goes to it all at once.
    assert accepts(*(paths[stem] for stem in listed)) or [stem for stem in listed if accepts(paths[stem])] == listed
    with ThreadPoolExecutor(2) as side_by_side:
        taken = side_by_side.map(accepts, (paths[stem] for stem in others))
        assert [stem for stem, true in zip(others, taken, strict=True) if true] == []
