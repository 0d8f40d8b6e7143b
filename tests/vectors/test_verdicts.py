"""Every stored vector gets the verdict beside it, from all three engines; what the command says of them: tests/unit/cli/test_verify.py."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509

from scripts.make_vectors import all_vectors, beside, path_of, table
from scripts.vectors.base import RECORD, SEAL
from tillid.adapters.xmlsec_engine import libxmlsec
from tillid.kernel.clock import parse_instant
from tillid.kernel.paths import SIGNING
from tillid.signatures import engines
from tillid.signatures.long_term_xades import parts
from tillid.signatures.names import ds
from tillid.signatures.plain import seal_in
from tillid.signatures.profile import profile_fault, value_fault
from tillid.signatures.sign import seal as seal_record
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import load_trust, read_trust
from tillid.signatures.verdict import REASONS, Verdict
from tillid.signatures.verify import verify, verify_each
from tillid.signatures.xml import XmlRefused, canonical, parse

VECTORS = SIGNING / "vectors"
FILES = sorted(VECTORS.glob("*/*.xml"))
TRUST = load_trust(SIGNING / "trust" / "vectors")
TRUSTS = {"vectors": TRUST, "misused": read_trust(SIGNING / "trust" / "misused")}
BOTH = partial(verify, second=libxmlsec)
GIVEN = (VECTORS / "valid" / "given.xml").read_bytes()


def expected(path: Path) -> dict[str, str]:
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def at() -> datetime:
    return parse_instant(expected(VECTORS / "valid" / "given.xml")["at"])


@pytest.mark.parametrize("second", [None, libxmlsec], ids=["signxml", "libxmlsec and straight"])
def test_together_each_gets_the_verdict_it_gets_alone(second: engines.Engine | None) -> None:
    records = [path.read_bytes() for path in FILES[::3]]
    assert verify_each(records, TRUST, at=at(), second=second) == [
        verify(one, TRUST, at=at(), second=second) for one in records
    ]
    assert verify_each([], TRUST, at=at()) == []


def test_there_are_vectors_of_each_kind() -> None:
    kinds = [path.parent.name for path in FILES]
    assert kinds.count("invalid") >= 150 and kinds.count("valid") >= 10 and kinds.count("indeterminate") >= 10
    assert {path.stem for path in FILES} == {path.stem for path in VECTORS.glob("*/*.json")}
    assert len({path.stem for path in FILES}) == len(FILES) == len({path.read_bytes() for path in FILES})


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
@pytest.mark.parametrize("verifier", [verify, BOTH], ids=["signxml", "libxmlsec and straight"])
def test_verdict(path: Path, verifier: Callable[..., Verdict]) -> None:
    wanted = expected(path)
    found = verify_timed(path.read_bytes(), TRUSTS[wanted["trust"]], at=parse_instant(wanted["at"]), verifier=verifier)
    assert (found.status, found.step) == (wanted["status"], wanted["step"])
    assert (found.indication, found.sub_indication) == (wanted["indication"], wanted["sub_indication"])
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


@pytest.mark.parametrize("opinion", [True, False])
def test_an_engine_with_a_fault_is_noticed(opinion: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """``straight`` that is always content, or never."""
    name = "invalid/changed-answer" if opinion else "valid/given"
    monkeypatch.setattr(engines, "straight", lambda seal, leaf: opinion)
    assert verify((VECTORS / f"{name}.xml").read_bytes(), TRUST, at=at(), second=libxmlsec).step == "engines.disagree"


def test_signxml_is_asked_about_what_the_others_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    data = (VECTORS / "invalid" / "changed-answer.xml").read_bytes()
    monkeypatch.setattr(engines, "by_signxml", lambda data, seal, leaf: None)
    assert verify(data, TRUST, at=at(), second=libxmlsec).step == "engines.disagree"


def test_each_engine_by_itself() -> None:
    """Each knows yes from no without the others, and never raises."""
    leaf = next(seal for seal in TRUST.seals if "Solbjerg" in seal.subject.rfc4514_string())
    other = next(seal for seal in TRUST.seals if seal != leaf)
    assert opinions(GIVEN, leaf) == (True, True, True) and opinions(GIVEN, other) == (False, False, False)
    for path in FILES:
        if expected(path)["step"].startswith("crypto.") and expected(path)["step"] != "crypto.certificate":
            assert opinions(parts(path.read_bytes()).record, leaf) == (False, False, False), path
    for data in (b"<a/>", b"<a><b/></a>"):
        assert not libxmlsec(parse(data), leaf)


def opinions(data: bytes, leaf: x509.Certificate) -> tuple[bool, bool, bool]:
    seal = seal_in(data)
    assert seal is not None
    return libxmlsec(parse(data), leaf), engines.straight(seal, leaf), engines.by_signxml(data, seal, leaf) is None


def test_the_two_readings_of_a_file_agree() -> None:
    """What is plain by its bytes has no objection from the policies, and shows what is in the tree."""
    kinds = Counter()
    for path in FILES:
        data = parts(path.read_bytes()).record
        seal = seal_in(data)
        if seal is None or not seal.plain:
            assert path.parent.name == "invalid", path
            continue
        try:
            root = parse(data)
        except XmlRefused:
            continue
        if canonical(root) == data:
            kinds[path.parent.name] += 1
            assert profile_fault(root) == value_fault(seal.value, seal.sealed_at), path
            signature = root[-1]
            assert seal.info == canonical(signature[0]), path
            assert seal.properties == canonical(signature[3][0][0]), path
            assert seal.certificates == tuple(node.text for node in signature[2].iter(ds("X509Certificate"))), path
            root.remove(signature)
            assert seal.record == canonical(root), path
    assert min(kinds.values()) > 10 and len(kinds) == 3


@pytest.mark.parametrize("name", ["prefix-of-seal", "prefix-of-certificates"])
def test_both_readings_object_to_another_prefix(name: str) -> None:
    data = (VECTORS / "invalid" / f"{name}.xml").read_bytes()
    assert seal_in(data) is None and profile_fault(parse(data)) == "form.spelling"


@pytest.mark.parametrize("words", ["xmlns", ' id="seal" ', "xml:base"])
def test_words_that_look_like_markup_are_words(words: str) -> None:
    """Then the policies are asked, and have nothing to say."""
    record = canonical(parse(RECORD.replace(b"Vuggestuen", words.encode(), 1)))
    data = seal_record(record, SEAL, at())
    seal = seal_in(data)
    assert seal is not None and not seal.plain
    assert verify(data, TRUST, at=at()).passed and verify(data, TRUST, at=at(), second=libxmlsec).passed
    changed = data.replace(f"<Name>{words}".encode(), b"<Name>Vuggestuen", 1)
    assert verify(changed, TRUST, at=at(), second=libxmlsec).step == "crypto.hash"


@pytest.mark.req("R-103")
def test_each_verdict_says_that_a_seal_is_no_personal_signature() -> None:
    found = verify(GIVEN, TRUST, at=at())
    assert found.passed
    assert found.details["signature_kind"] == "platform-seal"
    assert any("ikke personens egen underskrift" in line for line in found.does_not_prove)
    assert any("om samtykket stadig gælder" in line for line in found.does_not_prove)


def test_the_level_told_is_the_files_own() -> None:
    """What a file claims by what lies in it: lists or answers or both make it LT."""
    for path in sorted((VECTORS / "valid").glob("*.xml")):
        found = verify_timed(path.read_bytes(), TRUST, at=parse_instant(expected(path)["at"]))
        level = {"t": "T", "lt": "LT"}.get(path.stem.split("-")[0], "B")
        assert (found.passed, found.details["level"]) == (True, level), path.stem
