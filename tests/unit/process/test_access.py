"""The permission matrix, exhaustively: every operation × every person × every situation (design 9, 14)."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

import pytest

from tests.support.access import INDIVIDUAL, NOW, PEOPLE, SITUATIONS, facts
from tillid.process import access
from tillid.process.access import may, may_all, operations, relations

# The archivist sees the days of whatever others than its author could read; of a draft too, which nobody may read in the archive.
KEPT_HERE = "team_draft shared signed submitted closed"
# The decision itself, written a second time: whoever changes permissions.csv changes it here too, and means it.
TABLE: dict[str, dict[str, str]] = {
    "see_draft": {
        "team": "draft shared submitted",
        "author": "draft",
        "own_writer": "draft shared submitted",
        "holder": "shared",
        "notifier": "draft",
    },
    "write_professional": {"team": "writable", "author": "draft", "own_writer": "writable"},
    "write_parent": {"holder": "shared"},
    "write_for_parent": dict.fromkeys(("team", "own_writer"), "talk"),
    "confirm_words": {"holder": "shared"},
    "move_draft": {"team": "draft agreeable", "author": "draft", "notifier": "draft"},
    "share": dict.fromkeys(("team", "own_writer"), "shareable"),
    "agree": {"team": "agreeable", "holder": "agreeable"},
    "decline": {"holder": "agreeable"},
    "acknowledge": {"holder": "told"},
    "request_consent": {"team": "agreed ended"},
    "give_consent": dict.fromkeys(("holder", "young"), "asked"),
    "see_consent": {"holder": "asked signed closed", "young": "asked signed closed", "asked_before": "asked signed"},
    "withdraw": dict.fromkeys(("holder", "young", "asked_before"), "asked signed"),
    "record_withdrawal": dict.fromkeys(("team", "former_team"), "asked signed"),
    "ask_meeting": {"team": "draft shared"},
    "answer_meeting": dict.fromkeys(("holder", "young"), "meeting_open"),
    "withdraw_meeting": dict.fromkeys(("holder", "young", "asked_before"), "meeting"),
    "record_meeting_withdrawal": dict.fromkeys(("team", "former_team"), "meeting"),
    "record_paper": dict.fromkeys(("team", "former_team"), "asked meeting_open"),
    "grant_reading": {"leader": "shared agreed asked signed handed closed"},
    "hand_out": {"leader": "shared agreed asked signed handed closed"},
    "journal_note": {"team": "asked signed"},
    "read_team_copy": {"team": "shared agreed asked signed submitted closed", "own_writer": "shared submitted"},
    "read_parent_copy": dict.fromkeys(("holder", "granted", "young"), "shared agreed asked signed handed closed"),
    "see_status": {
        "team": "draft shared agreed asked signed submitted closed",
        "former_team": "shared agreed asked signed submitted closed meeting",
        "own_writer": "draft shared submitted",
    },
    "decide_share": {"leader": "shared signed"},
    "confirm_release": dict.fromkeys(("leader", "former_leader"), "held"),
    "correct_version": dict.fromkeys(("leader", "former_leader"), "signed decided"),
    "end_share": dict.fromkeys(("leader", "former_leader"), "decided"),
    "see_receiver_line": {"receiver": "asked signed decided"},
    "read_released": {"receiver": "effective", "named": "effective"},
    "name_reader": {"receiver": "effective"},
    "acknowledge_reception": {"receiver": "effective", "named": "effective"},
    "begin_later": {"receiver": "effective", "named": "effective"},
    "read_archived": {"archivist": "archivable"},
    "see_keeping": {"archivist": KEPT_HERE, "notification_archivist": "submitted closed"},
    "hold_document": {"archivist": KEPT_HERE, "notification_archivist": "submitted closed"},
    "appraise_document": {"archivist": KEPT_HERE, "notification_archivist": "submitted closed"},
    "destroy_document": {"archivist": KEPT_HERE, "notification_archivist": "submitted closed"},
    "submit": {"author": "draft"},
    "attest": dict.fromkeys(("leader", "own_leader"), "attestable"),
    "lock_overview": {"leader": "group_paper"},
    "cancel_meeting": dict.fromkeys(("leader", "former_leader"), "called"),
    "close_agreements": dict.fromkeys(("team", "former_leader"), "followed"),
    "reopen_agreements": dict.fromkeys(("team", "former_leader"), "finished"),
    "read_individual": {"author": "submitted closed", "round_peer": "open_round"},
    "remark": {
        **dict.fromkeys(("leader", "former_leader", "dpo"), "shared agreed asked signed submitted closed"),
        "own_leader": "shared submitted",
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
    ("receiving leader", "held after a backup", "read_released", "nobody knows whether it was taken back (ADR 0082)"),
    ("writer", "held after a backup", "confirm_release", "a leader looks"),
    ("receiving leader", "held after a backup", "confirm_release", "never who would read it"),
    ("moved teacher", "released", "read_released", "the naming ends when the person leaves the unit"),
    ("named teacher", "released", "name_reader", ""),
    ("receiving leader", "withdrawn", "acknowledge_reception", "nothing is released any more"),
    ("unnamed teacher", "released", "acknowledge_reception", "who may not read it has not received it"),
    ("writer", "released", "acknowledge_reception", "nor does the sender for the receiver"),
    ("receiving leader", "withdrawn", "begin_later", "nothing is followed on that may not be read"),
    ("unnamed teacher", "released", "begin_later", ""),
    ("writer", "released", "begin_later", "the receiver's own is not the sender's to begin"),
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


def test_an_operation_without_a_row_is_an_error_not_a_yes():
    document_changes, fact_changes, _ = SITUATIONS["released"]
    with pytest.raises(KeyError):
        may(PEOPLE["leader"][0], "invent", facts(document_changes, fact_changes, round_=False), NOW)
