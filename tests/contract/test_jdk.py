"""One more verifier that is not ours: the JDK's XML Signature, which is Apache Santuario. Agrees on core validity."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.vectors.test_verdicts import FILES, expected
from tillid.kernel.paths import PROJECT, SIGNING

pytestmark = pytest.mark.java("javac")
SEAL = SIGNING / "trust" / "test" / "seals" / "seal.pem"


def judged(paths: list[Path]) -> dict[str, str]:
    """Name → what Java says; one process for all."""
    command = ["java", "-Xmx256m", str(PROJECT / "tests" / "support" / "Santuario.java"), str(SEAL), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    lines = (line.split(" ", 1) for line in done.stdout.splitlines())
    return {Path(name).stem: said for said, name in lines}


def test_core_validity() -> None:
    """It accepts every valid vector, and nothing that we call changed."""
    ours = SEAL.read_bytes().splitlines()[1]  # one key is given to it: not the seals that ended or were revoked
    valid = [path for path in FILES if path.parent.name == "valid" and ours in path.read_bytes()]
    assert {path.name.split("-")[0] for path in valid} >= {"given.xml", "t", "lt"}
    broken = [path for path in FILES if expected(path)["step"] in ("crypto.hash", "crypto.signature")]
    said = judged(valid + broken)
    assert {path.stem: said[path.stem] for path in valid} == dict.fromkeys([path.stem for path in valid], "true")
    assert len(broken) > 40
    assert not [path.stem for path in broken if said[path.stem] == "true"]
