"""Every stored evidence record gets the verdict beside it; all files are made again and compared."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import msgspec
import pytest

from scripts.make_evidence_vectors import FOLDER, files
from tillid.kernel.clock import parse_instant
from tillid.signatures.algorithms import Algorithms
from tillid.signatures.evidence import read
from tillid.signatures.evidence_tree import SIZES, top
from tillid.signatures.evidence_verdict import STEPS
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.timestamp_token import read_token
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
    assert (found.status, found.step) == (wanted["status"], wanted["step"])
    assert (found.indication, found.sub_indication) == (wanted["indication"], wanted["sub_indication"])
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


def test_openssl_accepts_each_token_at_its_own_moment(tmp_path: Path) -> None:
    """An authority's certificate of 2045 is not valid today: ``-attime`` says for when."""
    roots = tmp_path / "roots.pem"
    roots.write_bytes(b"".join(path.read_bytes() for path in sorted((FOLDER / "trust" / "tsa").glob("*.pem"))))
    for chain in read((FOLDER / "valid" / "whole-0.er").read_bytes()):
        for one in chain:
            moment, token = read_token(one.token).moment, tmp_path / "token.tst"
            token.write_bytes(one.token)
            command = ["openssl", "ts", "-verify", f"-{one.algorithm}", "-in", token, "-token_in", "-CAfile", roots,
                       "-attime", str(int(moment.timestamp())), "-digest"]  # fmt: skip
            for value, accepted in ((top(one.groups, one.algorithm), True), (bytes(SIZES[one.algorithm]), False)):
                done = subprocess.run([*command, value.hex()], capture_output=True, text=True, check=False)
                assert ("Verification: OK" in done.stdout + done.stderr) == accepted, done.stderr
