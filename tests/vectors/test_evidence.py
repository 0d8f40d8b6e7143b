"""Every stored evidence record gets the verdict beside it; all files are made again and compared."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from scripts.make_evidence_vectors import FOLDER, files
from tillid.kernel.clock import parse_instant
from tillid.signatures.algorithms import Algorithms
from tillid.signatures.evidence_verdict import STEPS
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.trust import Trust, load_trust

FILES = sorted(FOLDER.glob("*/*.er"))
TRUST = load_trust(FOLDER / "trust")
ALGORITHMS = msgspec.json.decode((FOLDER / "trust" / "algorithms.json").read_bytes(), type=Algorithms)


@pytest.mark.req("R-85")
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_verdict(path: Path) -> None:
    wanted = json.loads(path.with_suffix(".json").read_bytes())
    data = path.with_suffix(".object").read_bytes()
    found = verify_evidence(path.read_bytes(), data, TRUST, ALGORITHMS, at=parse_instant(wanted["at"]))
    assert (found.status, found.reason, found.step) == (wanted["status"], wanted["reason"], wanted["step"])
    assert found.sentence and "{" not in found.sentence
    # Who trusts nobody, and who knows no method, is told nothing for certain.
    alone = verify_evidence(path.read_bytes(), data, Trust(), ALGORITHMS, at=parse_instant(wanted["at"]))
    assert not alone.passed


def test_each_file_and_the_table_are_made_again() -> None:
    stored = {str(path.relative_to(FOLDER)): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    assert stored == files()


def test_there_is_a_vector_for_each_objection() -> None:
    steps = {json.loads(path.with_suffix(".json").read_bytes())["step"] for path in FILES}
    assert set(STEPS) <= steps and len(FILES) >= 60
