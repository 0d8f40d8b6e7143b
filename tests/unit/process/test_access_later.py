"""A receiver's own document is read by nobody who was never let read what it follows on, and by no rule of another document's (ADR 0074)."""

from __future__ import annotations

from itertools import product

import pytest
from msgspec.structs import replace

from tests.support.access import CHILD, NOW, PEOPLE, VERDICT, facts, staff
from tests.support.definitions import our_definitions
from tillid.documents.model import DefinitionRef, Source
from tillid.forms.phases import later_phases, of_phase
from tillid.process.access import Facts, may_all, relations
from tillid.process.sharing import way_of

FORM = our_definitions().latest("overgangsbeskrivelse")
WAY = way_of(of_phase(FORM, "reception"))
SOURCE = Source(
    document_id="first", version=2, unit_id="sender", definition=DefinitionRef(form_id=FORM.id, version=3, digest="d")
)
READ = {"see_draft", "see_status", "read_team_copy"}
WRITE = {"write_professional", "write_for_parent", "share"}
# State → what who writes it and who leads the place may do in it.
WRITER = {"draft": {"see_draft", "see_status"} | WRITE, "shared": READ | WRITE, "submitted": READ}
LEADER = {"draft": {"attest"}, "shared": {"attest", "remark"}, "submitted": {"remark"}}
AUTHOR = staff("author", "professional", "school")
HOLDER = {"shared": {"see_draft", "read_parent_copy", "write_parent", "confirm_words", "acknowledge"}, "submitted": {"read_parent_copy", "acknowledge"}}  # fmt: skip


def own(
    state: str = "draft", at: str = "sender", readers: frozenset[str] = frozenset({"teacher", "moved"}), **known
) -> Facts:
    base = {"way": WAY, "child_unit": at, "source_readers": readers, "granted": frozenset(), **known}
    found = facts({"state": state}, base, round_=False)
    given = {} if state == "draft" else {"versions": 1, "shared_version": 1}
    document = replace(found.document, unit_id="school", author="author", receiver_unit_id=None, named_readers=(), source=SOURCE, **given)  # fmt: skip
    return replace(found, document=document)


@pytest.mark.req("R-70", "R-22", "R-04")
@pytest.mark.parametrize(("state", "at"), [*product(WRITER, ("sender", "school", ""))])
def test_the_places_leader_who_began_it_and_who_was_named_read_and_write_it_and_nobody_else(state, at):
    known = own(state, at)
    assert may_all(PEOPLE["receiving leader"][0], known, NOW) == WRITER[state] | LEADER[state]
    for who in (AUTHOR, PEOPLE["named teacher"][0]):
        assert may_all(who, known, NOW) == WRITER[state], who
    keeping = {"see_keeping", "hold_document", "appraise_document", "destroy_document"}
    others = {
        "archivist": keeping,
        "dpo": {"see_log", "review_insight"} | ({"remark"} if state != "draft" else set()),
        "holder": HOLDER.get(state, set()),
    }
    for name in sorted(set(PEOPLE) - {"receiving leader", "named teacher"}):
        assert may_all(PEOPLE[name][0], known, NOW) == others.get(name, set()), name


@pytest.mark.req("R-18", "R-22")
def test_when_what_it_follows_on_has_closed_it_stays_with_who_began_it_and_the_leader_alone():
    known = own(readers=frozenset())  # as ``facts.py`` has it then
    assert relations(AUTHOR, known, NOW) == {"own_writer"}
    assert relations(PEOPLE["receiving leader"][0], known, NOW) == {"own_writer", "own_leader"}
    assert relations(PEOPLE["named teacher"][0], known, NOW) == frozenset()


@pytest.mark.req("R-70")
@pytest.mark.parametrize("state", WRITER)
def test_when_the_child_is_at_neither_place_or_the_person_has_left_nobody_there_reads_it(state):
    for who in (AUTHOR, PEOPLE["receiving leader"][0], PEOPLE["named teacher"][0]):
        assert may_all(who, own(state, "other"), NOW) == frozenset()
    gone = staff("author", "professional", "other")
    assert may_all(gone, own(state), NOW) == frozenset() == may_all(PEOPLE["moved teacher"][0], own(state), NOW)


@pytest.mark.req("R-34", "R-36", "R-04")
def test_it_is_given_on_to_nobody_by_no_way_that_other_documents_have():
    asked = own("shared", asked=True, verdict=VERDICT, meeting_asked=True, decided=VERDICT)
    given_on = {
        "grant_reading",
        "hand_out",
        "decide_share",
        "request_consent",
        "ask_meeting",
        "agree",
        "move_draft",
        "begin_later",
    }
    for name, (who, *_rest) in PEOPLE.items():
        assert not may_all(who, asked, NOW) & given_on, name
    assert asked.document.child_id == CHILD and {one.id for one in later_phases(FORM)} == {"reception", "evaluation"}
