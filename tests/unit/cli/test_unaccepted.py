"""What did not pass is taken by nobody who takes something for good, whatever the standard calls it (docs/adr/0080)."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import msgspec
import pytest

from tests.vectors.test_indications import VERDICTS
from tillid.adapters import imported_packages
from tillid.adapters.personal_provider import PersonalProvider, WrongSignature
from tillid.cli import verify_pdf
from tillid.cli.verify import EXIT, WORD, WORST
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures import long_term
from tillid.signatures.personal import Expected
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict, verdict
from tillid.signatures.verify import verify
from tillid.usecases.fixity_ledger import BAD

RECORD = (SIGNING / "vectors" / "valid" / "given.xml").read_bytes()
AT = datetime(2025, 12, 3, tzinfo=UTC)
_FOUND = verify(RECORD, Trust(), at=AT)
# The worst case of each: the content is at hand, as if it had been shown.
CONTENT = {"signed": _FOUND.signed, "details": _FOUND.details}
NOT_PASSED = [msgspec.structs.replace(one, **CONTENT) for one in VERDICTS if not one.passed]
PASSED = msgspec.structs.replace(verdict("ok"), **CONTENT)
each = pytest.mark.parametrize("found", NOT_PASSED, ids=lambda one: one.step)


def test_the_cases_are_what_they_seem() -> None:
    assert len(NOT_PASSED) > 90 and CONTENT["signed"]
    assert {one.status for one in NOT_PASSED} == {"failed", "indeterminate", "unreadable", "disputed"}


@each
def test_no_exit_code_says_that_all_is_well(found: Verdict) -> None:
    assert EXIT[found.status] > 0 and WORD[found.status] != WORD["passed"]
    assert min((EXIT[found.status], 0), key=WORST.index) == EXIT[found.status]


@each
def test_a_package_is_taken_in_with_doubts_only_where_tillid_itself_doubts(found: Verdict) -> None:
    proof = SimpleNamespace(found=(("records/x", PASSED), ("records/y", found)))
    with pytest.raises(TillidError):
        imported_packages._require_proven(proof, False)
    if found.status == "indeterminate":
        imported_packages._require_proven(proof, True)
    else:  # also where the standard says INDETERMINATE: another's key, another event, another document
        with pytest.raises(TillidError):
            imported_packages._require_proven(proof, True)


def _said(found: Verdict, monkeypatch: pytest.MonkeyPatch) -> tuple:
    file = SimpleNamespace(name="record-1.xml", data=RECORD)
    revision = SimpleNamespace(number=1, length=1, sha256="", added_at="", files=(file,))
    monkeypatch.setattr(verify_pdf, "opened", lambda pdf: (revision,))
    return verify_pdf.judge_pdf(b"%PDF-", lambda data, token: found, str).said


@each
def test_what_a_pdf_says_in_common_rests_on_no_such_record(found: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _said(found, monkeypatch) == ()


def test_and_on_one_that_passed_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(_said(PASSED, monkeypatch)) == 1


@each
def test_no_such_signature_of_a_person_is_kept(found: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = PersonalProvider(None, Trust, SimpleNamespace(now=lambda: AT))
    monkeypatch.setattr(provider, "_ask", lambda *_: SimpleNamespace(state="signed", signature="PGEvPg=="))
    monkeypatch.setattr(provider, "verdict", lambda *_: found)
    with pytest.raises(WrongSignature) as refused:
        provider.fetch("order", Expected(record=RECORD, subject="x"))
    assert refused.value.detail == found.step
    monkeypatch.setattr(provider, "verdict", lambda *_: PASSED)
    assert provider.fetch("order", Expected(record=RECORD, subject="x")).signature


@each
def test_no_such_record_is_frozen_for_decades(found: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_term, "verify_timed", lambda *_, **__: found)
    with pytest.raises(TillidError) as refused:
        long_term.freeze(RECORD, b"", Trust(), at=AT)
    assert (refused.value.code, refused.value.detail) == ("longterm.incomplete", found.step)


def test_damage_is_what_failed_and_no_doubt() -> None:
    assert set(BAD) == {one.status for one in NOT_PASSED} - {"indeterminate"}
