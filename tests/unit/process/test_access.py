"""The permission matrix, exhaustively: every operation × every person × every situation (design 9, 14)."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import msgspec
import pytest

from tests.consent_examples import LOGIN
from tests.support.definitions import our_definitions
from tillid.consents.custody import Custody, Holder
from tillid.consents.effective import Verdict
from tillid.consents.model import Organisation
from tillid.documents.model import DefinitionRef, Document
from tillid.process import access
from tillid.process.access import Facts, Identity, may, may_all, operations, relations
from tillid.process.organisation import Assignment, Organigram, Round, Unit
from tillid.process.sharing import Way, way_of

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
CONTROLLER = Organisation(id="c", name="Solbjerg")
CHILD = "child"


def unit(id: str, kind: str, parent: str | None) -> Unit:
    return Unit(id=id, name=id, kind=kind, parent_id=parent, controller=CONTROLLER)


ORGANIGRAM = Organigram(
    units={
        "town": unit("town", "municipality", None),
        "north": unit("north", "area", "town"),
        "south": unit("south", "area", "town"),
        "sender": unit("sender", "boernehave", "north"),
        "school": unit("school", "skole_sfo", "north"),
        "other": unit("other", "boernehave", "south"),
    }
)


def staff(name: str, role: str, unit_id: str) -> Identity:
    return Identity(person_id=name, name=name, kind="staff", assignments=(Assignment(role=role, unit_id=unit_id),))


# Person → the relations that person has to an ordinary document, and to an individual trivselsskema, by construction.
PEOPLE: dict[str, tuple[Identity, set[str], set[str]]] = {
    "writer": (staff("writer", "professional", "sender"), {"team"}, {"author", "round_peer"}),
    "peer": (staff("peer", "professional", "sender"), {"team"}, {"round_peer"}),
    "late peer": (staff("late", "professional", "sender"), {"team"}, set()),
    "leader": (staff("leader", "leader", "sender"), {"team", "leader"}, set()),
    "area leader": (staff("area", "area_leader", "north"), {"team", "leader"}, set()),
    "other area's leader": (staff("south", "area_leader", "south"), set(), set()),
    "other unit": (staff("stranger", "professional", "other"), set(), set()),
    "receiving leader": (staff("principal", "leader", "school"), {"receiver"}, set()),
    "named teacher": (staff("teacher", "professional", "school"), {"named"}, set()),
    "unnamed teacher": (staff("colleague", "professional", "school"), set(), set()),
    "moved teacher": (staff("moved", "professional", "other"), set(), set()),
    "archivist": (staff("archivist", "archivist", "town"), {"archivist"}, {"archivist"}),
    "dpo": (staff("dpo", "dpo", "town"), {"dpo"}, {"dpo"}),
    "administrator": (staff("admin", "administrator", "town"), set(), set()),
    "intake": (staff("intake", "intake", "town"), set(), set()),
    "notification archivist": (staff("keeper", "notification_archivist", "town"), set(), set()),
    "holder": (Identity(person_id="ane", name="Ane", kind="parent"), {"holder"}, set()),
    "former holder": (Identity(person_id="former", name="F", kind="parent"), set(), set()),
    "foster parent": (Identity(person_id="foster", name="F", kind="parent"), {"granted"}, set()),
    "other parent": (Identity(person_id="nobody", name="N", kind="parent"), set(), set()),
    "young person": (Identity(person_id=CHILD, name="A", kind="young"), set(), set()),
    "another young person": (Identity(person_id="other-child", name="B", kind="young"), set(), set()),
}

VERDICT = Verdict(
    standing="missing",
    effective=False,
    signed=False,
    items=frozenset(),
    oral=False,
    reason="waiting",
    waiting_for=("x",),
)
EFFECTIVE = msgspec.structs.replace(VERDICT, standing="valid", effective=True, signed=True, items=frozenset({"a"}))
WITHDRAWN = msgspec.structs.replace(VERDICT, standing="withdrawn", signed=True, reason="withdrawn")
REFUSED = msgspec.structs.replace(VERDICT, standing="refused", reason="refused")

# A text that both sides write and agree on, as long as it is shared.
BOTH_WRITE = {"shared", "writable", "shareable", "talk", "agreeable"}
# Situation → (document changes, fact changes, the states it means)
SITUATIONS: dict[str, tuple[dict, dict, set[str]]] = {
    "draft": ({"state": "draft"}, {}, {"draft", "team_draft", "writable", "shareable", "talk"}),
    "shared": ({"state": "shared"}, {}, BOTH_WRITE),
    "agreed": ({"state": "shared", "agreed_version": 2}, {}, BOTH_WRITE | {"agreed"}),
    "asked": (
        {"state": "shared", "agreed_version": 2},
        {"verdict": VERDICT, "asked": True},
        BOTH_WRITE | {"agreed", "asked"},
    ),
    "released": (
        {"state": "signed", "agreed_version": 2},
        {"verdict": EFFECTIVE, "asked": True, "archivable": True},
        {"signed", "asked", "effective", "archivable"},
    ),
    "withdrawn": (
        {"state": "signed", "agreed_version": 2},
        {"verdict": WITHDRAWN, "asked": True, "archivable": True},
        {"signed", "asked", "archivable", "ended"},
    ),
    "refused": (
        {"state": "shared", "agreed_version": 2},
        {"verdict": REFUSED, "asked": True},
        BOTH_WRITE | {"agreed", "asked", "ended"},
    ),
    "decided after a no": (
        {"state": "shared", "agreed_version": 2},
        {"verdict": REFUSED, "asked": True, "decided": EFFECTIVE},
        BOTH_WRITE | {"agreed", "asked", "ended", "decided", "effective"},
    ),
    "decision ended": (
        {"state": "shared", "agreed_version": 2},
        {"decided": WITHDRAWN},
        BOTH_WRITE | {"agreed", "decided"},
    ),
    "withdrawn, closed": (
        {"state": "closed", "agreed_version": 2},
        {"verdict": WITHDRAWN, "asked": True, "archivable": True},
        {"closed", "asked", "archivable"},
    ),
    "a meeting asked about": ({"state": "shared"}, {"meeting_asked": True}, BOTH_WRITE | {"meeting", "meeting_open"}),
    "a meeting held": ({"state": "closed"}, {"meeting_asked": True}, {"closed", "meeting"}),
    "closed": ({"state": "closed"}, {"archivable": True}, {"closed", "archivable"}),
}
INDIVIDUAL: dict[str, tuple[dict, dict, set[str]]] = {
    "individual draft": ({"state": "draft"}, {}, {"draft", "writable"}),
    "individual submitted": ({"state": "submitted"}, {}, {"submitted"}),
    "individual, all in": (
        {"state": "submitted"},
        {"submitted_by": frozenset({"writer", "peer", "late"})},
        {"submitted", "open_round"},
    ),
}


def facts(document_changes: dict, fact_changes: dict, *, round_: bool, form: str = "overgangsbeskrivelse") -> Facts:
    document = Document(
        id="doc",
        number="TD-1",
        child_id=CHILD,
        unit_id="sender",
        definition=DefinitionRef(form_id=form, version=1, digest="d"),
        variant="boernehave",
        created_at=NOW,
        author="writer",
        receiver_unit_id=None if round_ else "school",
        round_id="round" if round_ else None,
        named_readers=("teacher", "moved"),
        **document_changes,
    )
    ane = Holder(person_id="ane", name="Ane", relation="parent", resident=True, since=datetime(2020, 1, 1, tzinfo=UTC))
    gone = msgspec.structs.replace(ane, person_id="former", until=datetime(2026, 1, 1, tzinfo=UTC))
    assigned = Round(
        id="round",
        unit_id="sender",
        title="t",
        deadline=date(2026, 12, 1),
        assigned={CHILD: ("writer", "peer", "late")},
    )
    base = {
        "document": document,
        "way": WAYS.get("trivselsskema" if round_ else form, Way()),
        "organigram": ORGANIGRAM,
        "granted": frozenset({"foster"}),
        "custody": Custody(child_id=CHILD, holders=(ane, gone), shared_residence=False, checked_at=NOW),
        "verdict": None,
        "asked": False,
        "round": assigned if round_ else None,
        "submitted_by": frozenset({"writer", "peer"}) if round_ else frozenset(),
    }
    return Facts(**base | fact_changes)


# Every form's newest version, and what its own states say of its way.
WAYS = {one.id: way_of(one) for one in our_definitions().all()}
# The archivist sees the days of whatever others than its author could read; of a draft too, which nobody may read in the archive.
KEPT_HERE = "team_draft shared signed submitted closed"
# The decision itself, written a second time: whoever changes permissions.csv changes it here too, and means it.
TABLE: dict[str, dict[str, str]] = {
    "see_draft": {"team": "draft shared submitted", "author": "draft", "holder": "shared", "notifier": "draft"},
    "write_professional": {"team": "writable", "author": "draft"},
    "write_parent": {"holder": "shared"},
    "write_for_parent": {"team": "talk"},
    "confirm_words": {"holder": "shared"},
    "move_draft": {"team": "draft agreeable", "author": "draft", "notifier": "draft"},
    "share": {"team": "shareable"},
    "agree": {"team": "agreeable", "holder": "agreeable"},
    "decline": {"holder": "agreeable"},
    "acknowledge": {"holder": "told"},
    "request_consent": {"team": "agreed ended"},
    "give_consent": dict.fromkeys(("holder", "young"), "asked"),
    "see_consent": {"holder": "asked signed closed", "young": "asked signed closed", "asked_before": "asked signed"},
    "withdraw": dict.fromkeys(("holder", "young", "asked_before"), "asked signed"),
    "record_withdrawal": {"team": "asked signed"},
    "ask_meeting": {"team": "draft shared"},
    "answer_meeting": dict.fromkeys(("holder", "young"), "meeting_open"),
    "withdraw_meeting": dict.fromkeys(("holder", "young", "asked_before"), "meeting"),
    "record_meeting_withdrawal": {"team": "meeting"},
    "record_paper": {"team": "asked meeting_open"},
    "grant_reading": {"leader": "shared agreed asked signed handed closed"},
    "hand_out": {"leader": "shared agreed asked signed handed closed"},
    "journal_note": {"team": "asked signed"},
    "read_team_copy": {"team": "shared agreed asked signed submitted closed"},
    "read_parent_copy": dict.fromkeys(("holder", "granted", "young"), "shared agreed asked signed handed closed"),
    "see_status": {"team": "draft shared agreed asked signed submitted closed"},
    "decide_share": {"leader": "shared signed"},
    "correct_version": {"leader": "signed decided"},
    "end_share": {"leader": "decided"},
    "see_receiver_line": {"receiver": "asked signed decided"},
    "read_released": {"receiver": "effective", "named": "effective"},
    "name_reader": {"receiver": "effective"},
    "acknowledge_reception": {"receiver": "effective", "named": "effective"},
    "read_archived": {"archivist": "archivable"},
    "see_keeping": {"archivist": KEPT_HERE, "notification_archivist": "submitted closed"},
    "hold_document": {"archivist": KEPT_HERE, "notification_archivist": "submitted closed"},
    "appraise_document": {"archivist": KEPT_HERE, "notification_archivist": "submitted closed"},
    "destroy_document": {"archivist": KEPT_HERE, "notification_archivist": "submitted closed"},
    "submit": {"author": "draft"},
    "attest": {"leader": "attestable"},
    "lock_overview": {"leader": "group_paper"},
    "cancel_meeting": {"leader": "called"},
    "close_agreements": {"team": "followed"},
    "reopen_agreements": {"team": "finished"},
    "read_individual": {"author": "submitted closed", "round_peer": "open_round"},
    "remark": {
        "leader": "shared agreed asked signed submitted closed",
        "dpo": "shared agreed asked signed submitted closed",
    },
    "review_insight": {"dpo": "draft shared agreed asked signed submitted closed"},
    "see_log": {"dpo": "draft shared agreed asked signed submitted closed"},
    "write_notification": {"notifier": "draft"},
    "send_notification": {"notifier": "draft"},
    "read_notification": {"notifier": "submitted closed", "intake": "submitted closed"},
    "review_notification": {"intake": "submitted closed"},
}

CASES = [
    (person, situation, False, PEOPLE[person][1], *SITUATIONS[situation])
    for person, situation in product(PEOPLE, SITUATIONS)
] + [
    (person, situation, True, PEOPLE[person][2], *INDIVIDUAL[situation])
    for person, situation in product(PEOPLE, INDIVIDUAL)
]


@pytest.mark.req("R1", "R-70", "R-22", "R-34", "P8", "T4b")
def test_the_table_is_the_one_decided_upon():
    with (Path(access.__file__).parent / "permissions.csv").open(encoding="utf-8") as file:
        rows = [(row["operation"], row["relation"], row["states"]) for row in csv.DictReader(file)]
    assert len(rows) == len({row[:2] for row in rows}), "two rows for one operation and relation: one would be lost"
    assert set(rows) == {(operation, *one) for operation, allowed in TABLE.items() for one in allowed.items()}


@pytest.mark.req("R1", "R-70", "R-22", "R-34", "P8", "T4b")
@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c[0]}-{c[1]}")
def test_every_operation_answers_as_the_table_says(case):
    person, _, round_, standing, document_changes, fact_changes, states = case
    known = facts(document_changes, fact_changes, round_=round_)
    who = PEOPLE[person][0]
    if who.person_id == "late" and "open_round" in states:
        standing = {"round_peer"}  # here the last one has submitted too
    assert relations(who, known, NOW) == standing
    assert operations() == set(TABLE)
    together = may_all(who, known, NOW)
    for operation, allowed in TABLE.items():
        expected = any(relation in standing and set(when.split()) & states for relation, when in allowed.items())
        assert may(who, operation, known, NOW).allowed == expected, operation
        assert (operation in together) == expected, operation


NEVER = [
    ("holder", "draft", "see_draft", "a draft is not the parents' before it is shared"),
    ("holder", "released", "read_team_copy", "the team's copy is the team's"),
    ("holder", "shared", "write_professional", ""),
    ("receiving leader", "asked", "read_released", "nothing is readable before the consent is effective (R-22)"),
    ("receiving leader", "withdrawn", "read_released", "nor after a withdrawal"),
    ("receiving leader", "released", "read_team_copy", ""),
    ("receiving leader", "released", "see_status", "the five states are not the receiver's"),
    ("named teacher", "withdrawn", "read_released", ""),
    ("unnamed teacher", "released", "read_released", ""),
    ("moved teacher", "released", "read_released", "the naming ends when the person leaves the unit"),
    ("named teacher", "released", "name_reader", ""),
    ("receiving leader", "withdrawn", "acknowledge_reception", "nothing is released any more"),
    ("unnamed teacher", "released", "acknowledge_reception", "who may not read it has not received it"),
    ("writer", "released", "acknowledge_reception", "nor does the sender for the receiver"),
    ("archivist", "draft", "read_archived", "never drafts (design 22)"),
    ("archivist", "draft", "see_draft", "its days and nothing of what is in it"),
    ("archivist", "asked", "read_archived", ""),
    ("administrator", "released", "read_team_copy", "running the system is no reason to read"),
    ("dpo", "released", "read_team_copy", "the log, not the content"),
    ("other unit", "released", "read_team_copy", ""),
    ("other parent", "released", "read_parent_copy", ""),
    ("former holder", "asked", "give_consent", ""),
    ("writer", "asked", "give_consent", "staff never consent"),
    ("writer", "released", "request_consent", "what holds is not asked about again (R-21)"),
    ("holder", "shared", "answer_meeting", "nobody was asked about a meeting"),
    ("holder", "a meeting held", "answer_meeting", "the sheet is closed"),
    ("writer", "withdrawn, closed", "request_consent", "a closed case stays closed"),
]


@pytest.mark.req("R-22", "R-70", "P8", "R-18")
@pytest.mark.parametrize(("person", "situation", "operation", "why"), NEVER)
def test_what_must_never_be(person, situation, operation, why):
    document_changes, fact_changes, _ = SITUATIONS[situation]
    assert not may(PEOPLE[person][0], operation, facts(document_changes, fact_changes, round_=False), NOW).allowed, why


@pytest.mark.req("O15")
def test_the_archivist_reads_nothing_before_the_parents_have_chosen_that_it_is_filed():
    archivist = PEOPLE["archivist"][0]
    opened = {
        name: may(archivist, "read_archived", facts(document, more, round_=False), NOW).allowed
        for name, (document, more, _) in SITUATIONS.items()
    }
    assert {name for name, may_read in opened.items() if may_read} == {
        name for name, (_, more, _) in SITUATIONS.items() if more.get("archivable")
    }
    assert not opened["asked"] and not opened["refused"] and opened["released"]


@pytest.mark.req("T4b")
@pytest.mark.parametrize("person", ["peer", "late peer", "leader", "area leader", "dpo", "archivist", "holder"])
def test_an_individual_mark_is_its_authors_alone_until_all_are_in(person):
    for situation in ("individual draft", "individual submitted"):
        document_changes, fact_changes, _ = INDIVIDUAL[situation]
        known = facts(document_changes, fact_changes, round_=True)
        for operation in ("see_draft", "read_individual", "read_team_copy"):
            assert not may(PEOPLE[person][0], operation, known, NOW).allowed, (situation, operation)


@pytest.mark.req("T4b")
def test_when_all_are_in_only_who_has_submitted_sees():
    document_changes, fact_changes, _ = INDIVIDUAL["individual, all in"]
    known = facts(document_changes, fact_changes, round_=True)
    assert may(PEOPLE["peer"][0], "read_individual", known, NOW).allowed
    assert not may(PEOPLE["leader"][0], "read_individual", known, NOW).allowed
    outsider = msgspec.structs.replace(known, submitted_by=frozenset({"writer", "peer", "late"}) - {"peer"})
    assert not may(PEOPLE["peer"][0], "read_individual", outsider, NOW).allowed


@pytest.mark.req("R-17", "R-33")
def test_a_silent_register_opens_nothing_but_lets_a_yes_be_taken_back():
    document_changes, fact_changes, _ = SITUATIONS["released"]
    known = facts(document_changes, fact_changes, round_=False)
    silent = msgspec.structs.replace(known, custody=None, asked_holders=frozenset({"ane"}), verdict=VERDICT)
    holder, other = PEOPLE["holder"][0], PEOPLE["other parent"][0]
    assert may(holder, "withdraw", silent, NOW).allowed
    assert not may(holder, "read_parent_copy", silent, NOW).allowed
    assert not may(holder, "give_consent", silent, NOW).allowed
    assert not may(other, "withdraw", silent, NOW).allowed


def test_an_operation_without_a_row_is_an_error_not_a_yes():
    document_changes, fact_changes, _ = SITUATIONS["released"]
    with pytest.raises(KeyError):
        may(PEOPLE["leader"][0], "invent", facts(document_changes, fact_changes, round_=False), NOW)


# --- an underretning: outside every folder, whoever it is about (R-50, R-53, R-54) ---------------------------------------

NOTIFYING = msgspec.structs.replace(
    facts({"state": "draft"}, {}, round_=False).document,
    definition=DefinitionRef(form_id="underretning", version=2, digest="d"),
    receiver_unit_id=None,
)
SENT = msgspec.structs.replace(NOTIFYING, state="submitted", receiver_unit_id="town", versions=1)


def _notification(document: Document) -> Facts:
    """With everything that could open another kind of document: custody, a question, the archive."""
    more = {"verdict": EFFECTIVE, "asked": True, "asked_holders": frozenset({"ane"}), "archivable": True}
    return msgspec.structs.replace(facts({"state": "draft"}, more, round_=False), document=document)


@pytest.mark.req("R-50", "R-53", "R-54")
@pytest.mark.parametrize("person", sorted(set(PEOPLE) - {"writer"}))
def test_nobody_stands_to_an_unsent_notification_but_the_notifier(person):
    assert may_all(PEOPLE[person][0], _notification(NOTIFYING), NOW) == frozenset()


@pytest.mark.req("R-50")
def test_the_notifier_writes_and_sends_alone():
    writer = PEOPLE["writer"][0]
    own = {"see_draft", "write_notification", "send_notification", "move_draft"}
    assert may_all(writer, _notification(NOTIFYING), NOW) == own
    moved = msgspec.structs.replace(writer, assignments=())  # the duty is the person's own, not the unit's
    assert may(moved, "send_notification", _notification(NOTIFYING), NOW).allowed


@pytest.mark.req("R-50", "R-53", "R-54", "R-63")
@pytest.mark.parametrize("person", sorted(PEOPLE))
def test_a_sent_notification_is_read_by_notifier_and_intake_and_changed_by_nobody(person):
    expected = {"read_notification"} if person in ("writer", "intake") else set()
    expected |= {"review_notification"} if person == "intake" else set()
    if person == "notification archivist":  # how long it is kept, and nothing of what is in it
        expected = {"see_keeping", "hold_document", "appraise_document", "destroy_document"}
    assert may_all(PEOPLE[person][0], _notification(SENT), NOW) == expected


@pytest.mark.req("R-54")
def test_another_municipalitys_intake_reads_nothing():
    elsewhere = staff("intake", "intake", "other")
    towns = {**ORGANIGRAM.units, "other": unit("other", "municipality", None)}
    known = msgspec.structs.replace(_notification(SENT), organigram=Organigram(units=towns))
    assert may_all(elsewhere, known, NOW) == frozenset()


@pytest.mark.req("R-36", "P8")
@pytest.mark.parametrize("state", SITUATIONS)
def test_a_foster_parent_without_custody_stands_to_nothing_and_may_nothing(state):
    """The child lives there, and nobody has granted anything: there is no grant, so there is no access."""
    document_changes, fact_changes, _ = SITUATIONS[state]
    seen = facts(document_changes, fact_changes, round_=False)
    seen, foster = msgspec.structs.replace(seen, granted=frozenset()), PEOPLE["foster parent"][0]
    assert relations(foster, seen, NOW) == frozenset() and may_all(foster, seen, NOW) == frozenset()


@pytest.mark.req("R-36", "R-33", "P8")
@pytest.mark.parametrize("state", SITUATIONS)
def test_a_granted_foster_parent_reads_what_parents_were_given_and_may_nothing_else(state):
    document_changes, fact_changes, _ = SITUATIONS[state]
    seen, foster = facts(document_changes, fact_changes, round_=False), PEOPLE["foster parent"][0]
    assert may_all(foster, seen, NOW) == (frozenset() if state == "draft" else {"read_parent_copy"})
    assert may_all(foster, msgspec.structs.replace(seen, custody=None), NOW) == frozenset(), "the register is silent"
    holds = msgspec.structs.replace(seen, granted=frozenset({"ane"}))
    assert relations(PEOPLE["holder"][0], holds, NOW) == {"holder"}


@pytest.mark.req("R-105")
@pytest.mark.parametrize("state", SITUATIONS)
def test_a_custody_holder_whose_login_is_not_enough_may_nothing(state):
    document_changes, fact_changes, _ = SITUATIONS[state]
    seen = facts(document_changes, fact_changes, round_=False)
    holder = PEOPLE["holder"][0]
    sure = msgspec.structs.replace(holder, login=LOGIN)
    assert may_all(sure, seen, NOW) == may_all(holder, seen, NOW)
    unsure = msgspec.structs.replace(holder, login=msgspec.structs.replace(LOGIN, loa="Low"))
    assert relations(unsure, seen, NOW) == frozenset() and may_all(unsure, seen, NOW) == frozenset()


@pytest.mark.req("R-41", "R-35", "R-105", "P8")
@pytest.mark.parametrize("state", SITUATIONS)
def test_a_child_of_age_reads_what_its_parents_do_and_answers_for_itself_alone(state):
    document_changes, fact_changes, _ = SITUATIONS[state]
    seen = msgspec.structs.replace(facts(document_changes, fact_changes, round_=False), of_age=True)
    young, holder = PEOPLE["young person"][0], PEOPLE["holder"][0]
    own = {"read_parent_copy", "see_consent", "give_consent", "withdraw", "answer_meeting", "withdraw_meeting"}
    assert relations(young, seen, NOW) == {"young"} and may_all(young, seen, NOW) == may_all(holder, seen, NOW) & own
    assert may_all(young, msgspec.structs.replace(seen, custody=None), NOW) == may_all(young, seen, NOW)
    assert may_all(PEOPLE["another young person"][0], seen, NOW) == frozenset()
    assert may_all(young, msgspec.structs.replace(seen, of_age=False), NOW) == frozenset(), "not before its day"
    unsure = msgspec.structs.replace(young, login=msgspec.structs.replace(LOGIN, loa="Low"))
    assert relations(unsure, seen, NOW) == frozenset()
    mark = msgspec.structs.replace(facts({"state": "submitted"}, {}, round_=True), of_age=True)
    assert relations(young, mark, NOW) == frozenset(), "a mark is never the child's to read either (T9)"


@pytest.mark.req("R-41", "R-21")
def test_what_parents_said_is_asked_anew_of_the_child_when_it_comes_of_age():
    document_changes, fact_changes, _ = SITUATIONS["released"]
    seen = facts(document_changes, fact_changes, round_=False)
    ended = msgspec.structs.replace(VERDICT, signed=True, reason="child-fifteen")
    assert not may(PEOPLE["writer"][0], "request_consent", seen, NOW).allowed
    assert may(PEOPLE["writer"][0], "request_consent", msgspec.structs.replace(seen, verdict=ended), NOW).allowed
