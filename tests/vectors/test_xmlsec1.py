"""A verifier that is not ours: xmlsec1, with exactly the command line of docs/verify.md. What it accepts of
the invalid ones: tests/contract/test_xmlsec1_refused.py."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from tillid.kernel.paths import PROJECT, SIGNING

VECTORS = SIGNING / "vectors"
VALID = sorted((VECTORS / "valid").glob("*.xml"))


def documented_command() -> list[str]:
    """The command in docs/verify.md without its last word, the file."""
    text = (PROJECT / "docs" / "verify.md").read_text(encoding="utf-8")
    block = text[text.index("    xmlsec1 --verify") :].split("\n\n", 1)[0]
    return shlex.split(block.replace("\\\n", " "))[:-1]


def run(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [*documented_command(), *more, str(path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)


def accepts(path: Path, *more: str) -> bool:
    done = run(path, *more)
    return done.returncode == 0 and "SignedInfo References (ok/all): 2/2" in done.stdout + done.stderr


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_accepts_our_records(path: Path) -> None:
    """A seal that has ended since is judged as of the moment that its timestamp proves."""
    assert accepts(path, *(["--verification-gmt-time", "2021-11-03 19:00:00"] if "expired" in path.stem else []))
