"""Every stored vector gets the verdict beside it, from the library; what the command says of them: tests/unit/cli/test_verify.py."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tillid.kernel.clock import parse_instant
from tillid.kernel.paths import SIGNING
from tillid.signatures.trust import load_trust
from tillid.signatures.verdict import REASONS
from tillid.signatures.verify import verify

VECTORS = SIGNING / "vectors"
FILES = sorted(VECTORS.glob("*/*.xml"))
TRUST = SIGNING / "trust" / "test"


def expected(path: Path) -> dict[str, str]:
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def test_there_are_vectors_of_each_kind() -> None:
    assert {path.parent.name for path in FILES} == {"valid", "invalid", "indeterminate"}
    assert len(FILES) >= 30
    assert {path.stem for path in FILES} == {path.stem for path in VECTORS.glob("*/*.json")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_verdict(path: Path) -> None:
    wanted = expected(path)
    found = verify(path.read_bytes(), load_trust(TRUST), at=parse_instant(wanted["at"]))
    assert (found.status, found.reason, found.step) == (wanted["status"], wanted["reason"], wanted["step"])
    assert (found.signed is not None) == (found.status in ("passed", "indeterminate"))
    assert REASONS[found.step][2] == found.sentence


@pytest.mark.req("R-103")
def test_each_verdict_says_that_a_seal_is_no_personal_signature() -> None:
    path = VECTORS / "valid" / "given.xml"
    found = verify(path.read_bytes(), load_trust(TRUST), at=parse_instant(expected(path)["at"]))
    assert found.passed
    assert found.details["signature_kind"] == "platform-seal"
    assert any("ikke personens egen underskrift" in line for line in found.does_not_prove)
    assert any("om samtykket stadig gælder" in line for line in found.does_not_prove)
