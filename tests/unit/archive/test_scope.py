"""Which cases are the archive's: every form, state and standing of consent (design 22)."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from tillid.archive.scope import archive_state, may_be_found, version_to_index
from tillid.consents.effective import Verdict
from tillid.documents.model import DefinitionRef, Document

AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def a_document(form_id: str = "overgangsbeskrivelse", **changes: object) -> Document:
    values = {
        "id": "d",
        "number": "TD-1",
        "child_id": "c",
        "unit_id": "u",
        "variant": "boernehave",
        "state": "signed",
        "created_at": AT,
        "definition": DefinitionRef(form_id=form_id, version=3, digest="x"),
        "author": "a",
        "versions": 2,
        "agreed_version": 2,
    }
    return Document(**(values | changes))


def a_verdict(standing: str = "valid", signed: bool = True) -> Verdict:
    effective = standing == "valid" and signed
    return Verdict(standing=standing, effective=effective, signed=signed, items=frozenset(), oral=False, reason="")


@pytest.mark.req("R-05")
@pytest.mark.parametrize(
    ("document", "verdict", "expected"),
    [
        (a_document(), a_verdict(), "released"),
        (a_document(), a_verdict("withdrawn"), "withdrawn"),
        (a_document(), a_verdict("expired"), "released"),
        (a_document(state="closed"), a_verdict(), "closed"),
        (a_document(state="closed"), a_verdict("withdrawn"), "withdrawn"),
        (a_document(state="closed"), None, "closed"),
        (a_document(state="shared"), a_verdict("missing", signed=False), None),
        (a_document(state="shared"), a_verdict("withdrawn", signed=False), None),
        (a_document(state="shared"), a_verdict("refused", signed=False), None),
        (a_document(state="shared"), None, None),
        (a_document(state="submitted"), None, None),
        (a_document(state="draft", versions=0, agreed_version=None), None, None),
        (a_document(state="closed", versions=0, agreed_version=None), None, None),
    ],
)
def test_state_of_a_case(document, verdict, expected):
    assert archive_state(document, verdict) == expected
    assert may_be_found(document, verdict) == (expected is not None)


@pytest.mark.req("R-05")
def test_individual_forms_and_notifications_are_never_found():
    verdicts = [None, *(a_verdict(s, signed) for s in ("valid", "withdrawn", "expired") for signed in (True, False))]
    states = ["draft", "shared", "signed", "submitted", "closed"]
    hidden = [
        a_document("trivselsskema"), a_document("underretning"), a_document("underretning_faglig"),
        a_document(round_id="r"),
    ]  # fmt: skip
    for document, verdict, state in itertools.product(hidden, verdicts, states):
        changed = Document(**{name: getattr(document, name) for name in document.__struct_fields__} | {"state": state})
        assert not may_be_found(changed, verdict)


@pytest.mark.req("R-05", "R-11")
def test_only_the_version_consented_to_is_indexed():
    edited_after = a_document(state="shared", versions=3, agreed_version=3)
    assert version_to_index(edited_after, a_verdict(), asked_version=2) == 2
    assert version_to_index(edited_after, a_verdict("missing", signed=False), asked_version=3) is None
    assert version_to_index(a_document(state="closed", agreed_version=None), None, None) == 2
