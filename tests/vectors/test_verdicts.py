"""Every stored vector gets the verdict beside it, from both engines; what the command says of them: tests/unit/cli/test_verify.py."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from scripts.make_vectors import all_vectors, beside, path_of, table
from tillid.adapters.xmlsec_engine import libxmlsec
from tillid.kernel.clock import parse_instant
from tillid.kernel.paths import SIGNING
from tillid.signatures import verify as module
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import load_trust
from tillid.signatures.verdict import REASONS
from tillid.signatures.verify import verify

VECTORS = SIGNING / "vectors"
FILES = sorted(VECTORS.glob("*/*.xml"))
TRUST = load_trust(SIGNING / "trust" / "vectors")
BOTH = partial(verify, second=libxmlsec)
GIVEN = (VECTORS / "valid" / "given.xml").read_bytes()


def expected(path: Path) -> dict[str, str]:
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def at() -> datetime:
    return parse_instant(expected(VECTORS / "valid" / "given.xml")["at"])


def test_there_are_vectors_of_each_kind() -> None:
    kinds = [path.parent.name for path in FILES]
    assert kinds.count("invalid") >= 150 and kinds.count("valid") >= 10 and kinds.count("indeterminate") >= 10
    assert {path.stem for path in FILES} == {path.stem for path in VECTORS.glob("*/*.json")}
    assert len({path.stem for path in FILES}) == len(FILES) == len({path.read_bytes() for path in FILES})


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_verdict(path: Path) -> None:
    wanted = expected(path)
    found = verify_timed(path.read_bytes(), TRUST, at=parse_instant(wanted["at"]), verifier=BOTH)
    assert (found.status, found.reason, found.step) == (wanted["status"], wanted["reason"], wanted["step"])
    assert (found.signed is not None) == (found.status in ("passed", "indeterminate"))
    assert REASONS[found.step][2] == found.sentence


def test_each_file_and_the_table_are_made_again() -> None:
    """What is stored is what the script makes: no file was mended by hand, none is left over."""
    kinds = all_vectors()
    made = {path_of(name, one): one for vectors in kinds.values() for name, one in vectors.items()}
    assert set(made) == {f"{path.parent.name}/{path.stem}" for path in FILES}
    for name, one in made.items():
        assert (VECTORS / f"{name}.xml").read_bytes() == one.data, name
        assert (VECTORS / f"{name}.json").read_text(encoding="utf-8") == beside(one), name
    assert (VECTORS / "README.md").read_text(encoding="utf-8") == table(kinds)


@pytest.mark.parametrize("name", ["valid/given", "invalid/changed-answer", "invalid/changed-signature"])
def test_engines_that_disagree_are_an_alarm(name: str) -> None:
    """Whichever of the two is content: neither is chosen."""
    data = (VECTORS / f"{name}.xml").read_bytes()
    found = verify(data, TRUST, at=at(), second=lambda *given: not libxmlsec(*given))
    assert (found.status, found.step, found.signed) == ("disputed", "engines.disagree", None)
    assert not found.passed


def test_a_first_engine_with_a_fault_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    data = (VECTORS / "invalid" / "changed-answer.xml").read_bytes()
    monkeypatch.setattr(module, "_signed", lambda data, leaf: (None, None))
    assert verify(data, TRUST, at=at(), second=libxmlsec).step == "engines.disagree"


def test_the_second_engine_by_itself() -> None:
    """It knows yes from no without the first, and never raises."""
    leaf = next(seal for seal in TRUST.seals if "Solbjerg" in seal.subject.rfc4514_string())
    other = next(seal for seal in TRUST.seals if seal != leaf)
    assert libxmlsec(GIVEN, leaf) and not libxmlsec(GIVEN, other)
    for path in FILES:
        if expected(path)["step"].startswith("crypto.") and expected(path)["step"] != "crypto.certificate":
            assert not libxmlsec(path.read_bytes(), leaf), path
    for data in (b"", b"<a/>", b"<a><b/></a>", GIVEN[:-1]):
        assert not libxmlsec(data, leaf)


@pytest.mark.req("R-103")
def test_each_verdict_says_that_a_seal_is_no_personal_signature() -> None:
    found = verify(GIVEN, TRUST, at=at())
    assert found.passed
    assert found.details["signature_kind"] == "platform-seal"
    assert any("ikke personens egen underskrift" in line for line in found.does_not_prove)
    assert any("om samtykket stadig gælder" in line for line in found.does_not_prove)
