"""What is said of an archived document beside its events: readings, packages, and how far the reading of all bytes has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tillid.archive.fixity import Damage, Fixity
from tillid.documents.model import Copy, DefinitionRef, Version
from tillid.kernel.ids import new_id
from tillid.usecases.archived_history import Checked, checked, packings, reads_among
from tillid.usecases.ports import AuditRow
from tillid.usecases.see_log import LogRow

NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ID = "80000000-0000-4000-8000-000000000000"
SHA = "b" * 64


def row(action="read_team_copy", role="professional", at=NOON, outcome="ok", phase="attempt"):
    made = AuditRow(id=new_id(), phase=phase, at=at, request_id="", person_id=new_id(), role=role, action=action, object_id=ID,
                    child_id="", purpose="")  # fmt: skip
    return LogRow(row=made, outcome=outcome)


@pytest.mark.req("R-71")
def test_the_readings_of_a_day_are_one_line_for_each_kind_and_role():
    late = NOON.replace(hour=23, minute=30)  # the next day in Copenhagen
    rows = [
        row(),
        row(at=NOON + HOUR),
        row(role="leader"),
        row("read_parent_copy", "parent"),
        row(at=late),
        row(at=NOON + DAY),
    ]
    told = [(one.at, one.action, one.role, one.times) for one in reads_among(rows)]
    assert told == [
        (NOON, "read_team_copy", "leader", 1),
        (NOON, "read_parent_copy", "parent", 1),
        (NOON + HOUR, "read_team_copy", "professional", 2),
        (NOON + DAY, "read_team_copy", "professional", 2),
    ]


def test_what_was_refused_or_is_no_reading_is_left_out():
    rows = [row(outcome="refused"), row(outcome="failed"), row("see_draft"), row("share"), row(outcome="")]
    assert [one.times for one in reads_among(rows)] == [1], "what has no outcome yet may have been read"


def test_a_package_is_told_once_for_each_time_it_was_asked_for():
    rows = [row("make_package").row, row("make_package", phase="outcome").row, row("list_packages").row]
    assert packings(rows) == (NOON,)


def version(made_at):
    copy = Copy(reader="archive", sha256=SHA, size=1, pages=1, template_digest="", made_at=made_at)
    form = DefinitionRef(form_id="f", version=1, digest="")
    return Version(document_id=ID, number=1, agreed=True, definition=form, answers={}, answers_digest="", frozen_at=made_at,
                   frozen_by="", copies={"archive": copy})  # fmt: skip


def fixity(after="", whole_at=None, damages=()):
    whole_from = whole_at - HOUR if whole_at else None
    return Fixity(
        began_at=NOON, ran_at=NOON + DAY, after=after, whole_at=whole_at, whole_from=whole_from, damages=damages
    )


@pytest.mark.parametrize(
    ("state", "made_at", "said"),
    [
        (None, NOON, Checked()),
        (fixity(after="blob:" + "f" * 64), NOON - DAY, Checked()),
        (fixity(after=f"document:{ID}"), NOON - DAY, Checked(at=NOON + DAY, since=NOON)),
        (fixity(after="document:" + "9" + ID[1:]), NOON - DAY, Checked(at=NOON + DAY, since=NOON)),
        # What came after the round began may have been stored behind its back.
        (fixity(after=f"document:{ID}"), NOON + HOUR, Checked()),
        (fixity(whole_at=NOON), NOON - DAY, Checked(at=NOON)),
        (fixity(whole_at=NOON), NOON - HOUR / 2, Checked()),
        (fixity(whole_at=NOON), NOON + HOUR, Checked()),
    ],
)
def test_only_what_was_read_is_said_to_be_read(state, made_at, said):
    assert checked(state, ID, [version(made_at)]) == said


def test_a_damage_is_told_of_the_documents_own_things_alone():
    own, other = (Damage(what=f"blob:{sha}", how="blobs.damaged", at=NOON) for sha in (SHA, "c" * 64))
    events = Damage(what=f"document:{ID}", how="fixity.events", at=NOON)
    found = checked(fixity(damages=(own, other, events)), ID, [version(NOON - DAY)])
    assert found.damages == (own, events) and found.at is None
