"""When a draft that nobody shared goes by its rule: warned of just that day, in time, and not held."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest

from tillid.archive.drafts import ByRule, Warned, goes_by_rule, next_for, told_to_others, written_by_others
from tillid.archive.keeping import APPRAISED, DESTROYED, LIFTED, PLACED, WARNED, Appraisal, Hold, Lifted
from tillid.consents.events import next_event
from tillid.documents.model import DefinitionRef, Document, Draft, DraftField, Override, Undo, WrittenFor

WARN, DUE = date(2027, 4, 1), date(2027, 5, 1)


def events(*acts):
    made = []
    for kind, day, payload in acts:
        made.append(next_event(made, id=f"e{len(made)}", kind=kind, series_id="d", at=datetime(*day, 12, tzinfo=UTC),
                               actor="system", child_id="c", document_id="d", payload=payload))  # fmt: skip
    return made


BORN = ("document_created", (2026, 11, 1), None)
TOLD = (WARNED, (2027, 4, 1), Warned(due=DUE))


@pytest.mark.req("R-90")
@pytest.mark.parametrize(
    ("acts", "today", "what"),
    [
        ([BORN], (2027, 3, 31), "nothing"),
        ([BORN], (2027, 4, 1), "warn"),
        ([BORN], (2029, 1, 1), "warn"),
        ([BORN, TOLD], (2027, 4, 30), "nothing"),
        ([BORN, TOLD], (2027, 5, 1), "destroy"),
        ([BORN, (WARNED, (2027, 4, 20), Warned(due=DUE))], (2027, 5, 17), "nothing"),
        ([BORN, (WARNED, (2027, 4, 20), Warned(due=DUE))], (2027, 5, 18), "destroy"),
        ([BORN, (WARNED, (2027, 4, 1), Warned(due=date(2027, 4, 15)))], (2027, 5, 18), "warn"),
        ([BORN, TOLD, (PLACED, (2027, 4, 2), Hold(kind="legal", reason="en sag"))], (2027, 6, 1), "nothing"),
        ([BORN, TOLD, (PLACED, (2027, 4, 2), Hold(kind="legal", reason="en sag")),
          (LIFTED, (2027, 4, 3), Lifted(hold="e2", reason="slut"))], (2027, 6, 1), "destroy"),
    ],
)  # fmt: skip
def test_warned_first_and_only_then_destroyed(acts, today, what):
    assert next_for(events(*acts), WARN, DUE, date(*today)) == what
    assert next_for(events(*acts), WARN, None, date(*today)) == "nothing", "not due at all"


KEPT = Appraisal(mark="bevares", subject="", facet="", basis="", reason="x")
GONE = ByRule(rule="draft", due=DUE)


@pytest.mark.req("R-82", "R-90")
@pytest.mark.parametrize(
    ("acts", "goes"),
    [
        ([BORN, TOLD, (DESTROYED, (2027, 5, 1), GONE)], True),
        ([BORN, (DESTROYED, (2027, 5, 1), GONE)], False),
        ([BORN, TOLD, (DESTROYED, (2027, 4, 30), GONE)], False),
        ([BORN, (WARNED, (2027, 4, 20), Warned(due=DUE)), (DESTROYED, (2027, 5, 1), GONE)], False),
        ([BORN, TOLD, (PLACED, (2027, 4, 2), Hold(kind="legal", reason="en sag")), (DESTROYED, (2027, 5, 1), GONE)], False),
        ([BORN, TOLD, (DESTROYED, (2027, 5, 1), {"order": "x"})], False),
        ([BORN, TOLD], False),
        ([], False),
        ([BORN, ("draft_moved", (2026, 11, 2), None), TOLD, (DESTROYED, (2027, 5, 1), GONE)], True),
        ([BORN, ("meeting_asked", (2026, 11, 2), None), TOLD, (DESTROYED, (2027, 5, 1), GONE)], False),
        ([BORN, (APPRAISED, (2027, 4, 2), KEPT), TOLD, (DESTROYED, (2027, 5, 1), GONE)], False),
    ],
)  # fmt: skip
def test_the_ledger_itself_must_allow_what_goes_by_rule(acts, goes):
    assert goes_by_rule(events(*acts)) is goes


@pytest.mark.req("R-81", "R-90")
def test_what_a_colleague_moved_or_parents_were_asked_about_is_not_the_authors_alone():
    born, moved = events(BORN, ("draft_moved", (2026, 11, 2), None))
    assert not told_to_others([born, moved])
    assert told_to_others([born, msgspec.structs.replace(moved, actor="colleague")])
    assert told_to_others(events(BORN, ("words_confirmed", (2026, 11, 2), None)))


def written(**where):
    return Draft(document_id="d", fields={"a": field("me"), "b": field("system")}, **where)


def field(by):
    return DraftField(value="x", revision=1, by=by, side="professional", at=datetime(2026, 11, 1, tzinfo=UTC))


@pytest.mark.req("R-81", "R-90")
@pytest.mark.parametrize(
    ("draft", "others"),
    [
        (written(), False),
        (written(kept={"a": (field("me"),)}, undo={"a": Undo(value="", by="me", revision=1)}), False),
        (Draft(document_id="d", fields={"a": field("colleague")}), True),
        (written(kept={"a": (field("colleague"),)}), True),
        (written(undo={"a": Undo(value="", by="colleague", revision=1)}), True),
        (written(written_for={"a": (WrittenFor(by="me", with_holder="mother", revision=1),)}), True),
        (
            written(
                overridden={"r": Override(reason="x", by="leader", at=datetime(2026, 11, 1, tzinfo=UTC), digest="")}
            ),
            True,
        ),
    ],
)
def test_who_has_written_in_a_draft_is_seen_in_it(draft, others):
    document = Document(id="d", number="TD-1", child_id="c", unit_id="u", variant="", state="draft", author="me",
                        definition=DefinitionRef(form_id="fdr", version=1, digest=""), created_at=datetime(2026, 11, 1, tzinfo=UTC))  # fmt: skip
    assert written_by_others(document, draft) is others
