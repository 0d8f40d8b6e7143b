"""A verifier that is not ours: xmlsec1, with exactly the command line of docs/verify.md."""

from __future__ import annotations

import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tillid.kernel.paths import PROJECT, SIGNING

VECTORS = SIGNING / "vectors"
VALID = sorted((VECTORS / "valid").glob("*.xml"))

# True signatures of a wrong shape, under a wrong key or at a wrong time: only profile, pinning and time checks refuse
# them. A vector that leaves this list has lost its teeth.
ONLY_WE_REFUSE = {
    "c14n-with-comments",
    "cdata",
    "certificate-exchanged",
    "comment-in-name",
    "doctype",
    "extra-reference",
    "imitated-seal",
    "moved-signature",
    "rewritten",
    "sealed-before-record",
    "sha1-digest",
    "sha1-signature",
}


def documented_command() -> list[str]:
    """The command in docs/verify.md without its last word, the file."""
    text = (PROJECT / "docs" / "verify.md").read_text(encoding="utf-8")
    block = text[text.index("    xmlsec1 --verify") :].split("\n\n", 1)[0]
    return shlex.split(block.replace("\\\n", " "))[:-1]


def run(path: Path) -> subprocess.CompletedProcess[str]:
    command = [*documented_command(), str(path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)


def accepts(path: Path) -> bool:
    done = run(path)
    return done.returncode == 0 and "SignedInfo References (ok/all): 2/2" in done.stdout + done.stderr


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_accepts_our_records(path: Path) -> None:
    assert accepts(path)


def test_what_only_our_checks_refuse() -> None:
    paths = sorted((VECTORS / "invalid").glob("*.xml"))
    with ThreadPoolExecutor() as side_by_side:  # starting the program takes most of the time
        accepted = {
            path.stem for path, done in zip(paths, side_by_side.map(run, paths), strict=True) if done.returncode == 0
        }
    assert accepted == ONLY_WE_REFUSE
