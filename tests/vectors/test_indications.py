"""What a verdict says in the words of ETSI EN 319 102-1 is a pair that the standard knows, and nothing is decided by it."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from tillid.archive.package_verdict import STEPS as OF_PACKAGES
from tillid.archive.package_verdict import inside
from tillid.kernel.paths import SIGNING
from tillid.signatures.evidence_verdict import STEPS as OF_EVIDENCE
from tillid.signatures.evidence_verdict import evidence_verdict
from tillid.signatures.indications import INDETERMINATE, TOTAL_FAILED, indication_of
from tillid.signatures.personal_verdict import STEPS as OF_PEOPLE
from tillid.signatures.personal_verdict import personal_verdict
from tillid.signatures.verdict import REASONS, Verdict, verdict

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tillid"
MADE = {verdict: REASONS, personal_verdict: OF_PEOPLE, evidence_verdict: OF_EVIDENCE, inside: OF_PACKAGES}
VERDICTS = [make(step) for make, steps in MADE.items() for step in steps]
BESIDE = sorted(
    path for path in (SIGNING / "vectors").rglob("*.json") if path.parent.name in ("valid", "invalid", "indeterminate")
)
# The tables, typed from the standard once more: what our module lists is what they list.
TABLE_6 = {
    "TOTAL-FAILED": "FORMAT_FAILURE HASH_FAILURE SIG_CRYPTO_FAILURE REVOKED EXPIRED NOT_YET_VALID",
    "INDETERMINATE": "SIG_CONSTRAINTS_FAILURE CHAIN_CONSTRAINTS_FAILURE CERTIFICATE_CHAIN_GENERAL_FAILURE "
    "CRYPTO_CONSTRAINTS_FAILURE POLICY_PROCESSING_ERROR SIGNATURE_POLICY_NOT_AVAILABLE TIMESTAMP_ORDER_FAILURE "
    "NO_SIGNING_CERTIFICATE_FOUND NO_CERTIFICATE_CHAIN_FOUND NO_CERTIFICATE_CHAIN_FOUND_NO_POE REVOKED_NO_POE "
    "REVOKED_CA_NO_POE OUT_OF_BOUNDS_NOT_REVOKED OUT_OF_BOUNDS_NO_POE REVOCATION_OUT_OF_BOUNDS_NO_POE "
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE NO_POE TRY_LATER SIGNED_DATA_NOT_FOUND CUSTOM",
}
# The conclusions that may go with each indication: Tillid may be stricter than the standard, never milder.
ALLOWED = {
    "TOTAL-PASSED": {"passed"},
    "INDETERMINATE": {"indeterminate", "failed", "unreadable", "disputed"},
    "TOTAL-FAILED": {"failed", "unreadable"},
}


def objection(status: str, indication: str, sub_indication: str) -> str:
    """What is wrong with a conclusion and its pair; empty if nothing is."""
    known = sub_indication in TABLE_6[indication].split() if indication in TABLE_6 else not sub_indication
    if not known:
        return f"{indication} {sub_indication} is no pair of the standard"
    return "" if status in ALLOWED[indication] else f"{status} is milder than {indication}"


def test_a_sub_indication_belongs_to_one_indication() -> None:
    assert not TOTAL_FAILED & INDETERMINATE
    assert {frozenset(words.split()) for words in TABLE_6.values()} == {TOTAL_FAILED, INDETERMINATE}
    for indication, words in TABLE_6.items():
        assert {indication_of(word) for word in words.split()} == {indication}
    assert indication_of("") == "TOTAL-PASSED"
    for word in ("GENERIC", "TOTAL_PASSED", "failed"):
        with pytest.raises(ValueError, match="no sub-indication"):
            indication_of(word)


def test_each_step_has_a_pair_that_the_standard_knows_and_is_never_milder_than_it() -> None:
    wrong = {one.step: said for one in VERDICTS if (said := objection(one.status, one.indication, one.sub_indication))}
    assert not wrong and len(VERDICTS) > 100
    # Tillid's own no where the standard leaves it open: this is what must not become an acceptance.
    open_still = {one.step for one in VERDICTS if (one.status, one.indication) == ("failed", "INDETERMINATE")}
    assert {"seal.imitated", "store.other-event", "pdf.other-document", "personal.other-person"} <= open_still


BEFORE_SEAL = "Tidsstemplet siger et tidspunkt, før seglet blev sat"


@pytest.mark.parametrize("make", [verdict, personal_verdict, evidence_verdict])
def test_what_is_said_of_a_timestamp_is_a_whole_sentence_wherever_it_is_said(make) -> None:
    """Of a timestamp alone, beside a signature and in evidence; lists are asked about its certificates too."""
    for step in (one for one in REASONS if one.startswith(("timestamp.", "revocation."))):
        sentence = make(step).sentence
        assert sentence.endswith(".") and ".." not in sentence, step
        assert "seglet var spærret" not in sentence, "it may be the timestamp's certificate"
        assert "seglet blev sat" not in sentence.removeprefix(BEFORE_SEAL), "it may be a person's own signature"


def test_each_vectors_verdict_is_such_a_pair() -> None:
    wrong = {}
    for path in BESIDE:
        said = json.loads(path.read_text(encoding="utf-8"))
        if "reason" in said or objection(said["status"], said["indication"], said["sub_indication"]):
            wrong[path.stem] = said
        assert (said["status"] == "passed") == (path.parent.name == "valid"), path
        assert (said["status"] == "indeterminate") == (path.parent.name == "indeterminate"), path
    assert not wrong and len(BESIDE) > 450


@pytest.mark.parametrize("one", [one for one in VERDICTS if one.step.endswith("ok")], ids=lambda one: one.step)
def test_what_passed_is_told_in_the_standards_words(one: Verdict) -> None:
    assert (one.passed, one.in_words) == (True, "TOTAL-PASSED")
    assert one.public()["indication"] == "TOTAL-PASSED" and one.public()["sub_indication"] == ""


WORDS = {"indication", "sub_indication", "in_words"}
SHOWN_BY = {"cli/verify.py", "signatures/verdict.py"}


def test_nothing_is_decided_by_the_standards_words() -> None:
    """They are shown, in text and JSON; whoever decides asks ``passed`` or ``status``. In a page they stand in what is printed."""
    asked = set()
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        shown = {id(node) for text in ast.walk(tree) if isinstance(text, ast.FormattedValue) for node in ast.walk(text)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in WORDS:
                asked.add(str(path.relative_to(SOURCE)))
                assert id(node) in shown or path.name == "verdict.py", f"{path}:{node.lineno}"
    assert asked == SHOWN_BY
    for path in (SOURCE / "web" / "templates").glob("*.html"):
        for block in re.findall(r"{%.*?%}", path.read_text(encoding="utf-8"), re.DOTALL):
            assert not any(f".{word}" in block for word in WORDS), (path.name, block)


# Use cases and pages that know verdicts on signatures.
SHOW = {
    "usecases/fixity_ledger.py",
    "usecases/open_archived.py",
    "usecases/package_document.py",
    "web/imported_words.py",
}
TAKE_WHAT_PASSED = {
    "usecases/add_revision.py",
    "usecases/freeze_record.py",
    "usecases/keep_evidence.py",
    "usecases/sign_personally.py",
}
HAND_ON = {
    "usecases/ports_evidence.py",
    "usecases/ports_fixity.py",
    "usecases/ports_personal.py",
    "web/installation.py",
}
VERIFIERS = re.compile(
    r"tillid\.(signatures\.(verdict|\w+_verdict|verify|\w+_verify|timed|personal|evidenced|\w+_evidenced|long_term)|archive\.package_verdict)\b"
)


@pytest.mark.req("R-33")
def test_whether_somebody_may_read_is_decided_without_any_verdict_on_a_signature() -> None:
    """Access asks the ledger: not one module that decides it knows of verdicts, so that none, whatever it says, can extend it."""
    found = {
        str(path.relative_to(SOURCE))
        for part in ("consents", "process", "usecases", "web")
        for path in (SOURCE / part).rglob("*.py")
        if VERIFIERS.search(path.read_text(encoding="utf-8"))
    }
    assert found == SHOW | TAKE_WHAT_PASSED | HAND_ON, "what does the new one do with a verdict that did not pass?"
    for one in (
        "consents/effective.py",
        "process/access.py",
        "usecases/facts.py",
        "usecases/open_copy.py",
        "usecases/protected.py",
    ):
        assert (SOURCE / one).exists() and one not in found
