"""docs/trust_model.md promises for every claim a test that fails when the claim stops being true: what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parents[3]
SAID = (HERE / "docs" / "trust_model.md").read_text("utf-8")
NAMED = re.findall(r"`([^`\s]+)`", SAID)
CLAIMS = re.findall(r"^\*\*\d+[a-z]?\. .*?(?=^\*\*\d|^## )", SAID, re.MULTILINE | re.DOTALL)


def missing(kind: str) -> list[str]:
    if kind == "files":
        named = [one for one in NAMED if one.startswith(("tests/", "docs/", "signing/"))]
        return [one for one in named if not (HERE / one).exists()] if named else ["none is named"]
    if kind == "functions":
        written = "\n".join(one.read_text("utf-8") for one in (HERE / "tests").rglob("test_*.py"))
        named = [one for one in NAMED if re.fullmatch(r"test_\w+", one)]
        return [one for one in named if f"def {one}(" not in written] if named else ["none is named"]
    vectors = {one.stem for one in (HERE / "signing" / "vectors").rglob("*.*")}
    named = [one for one in NAMED if re.fullmatch(r"[a-z]+(-[a-z]+)*-(\*|[a-z]+)", one)]
    return [one for one in named if not any(_is(one, vector) for vector in vectors)] if named else ["none is named"]


def _is(named: str, vector: str) -> bool:
    return vector.startswith(named[:-1]) if named.endswith("*") else vector == named


@pytest.mark.parametrize("kind", ["files", "functions", "vectors"])
def test_every_test_and_vector_that_the_trust_model_names_is_there(kind: str) -> None:
    assert missing(kind) == []


def test_every_claim_of_the_trust_model_names_a_test() -> None:
    assert len(CLAIMS) >= 13
    assert [one[:60] for one in CLAIMS if not re.search(r"`(tests/|test_)", one)] == []
