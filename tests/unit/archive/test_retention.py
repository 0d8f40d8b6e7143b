"""Retention rules as data: periods, what they are counted from, due lists and the preview of a changed rule."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.support.definitions import our_definitions
from tillid.archive.retention import DueDocument, Rule, after, by_month, due_day, happened_to, preview
from tillid.archive.retention_rules import FILE, RulesWrong, load_rules, our_rules
from tillid.consents.events import next_event
from tillid.documents.model import DefinitionRef, Document

MOMENT = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # 1 April in Copenhagen


def document(**changes):
    values = {"id": "d", "number": "TD-1", "child_id": "c", "unit_id": "u", "variant": "", "state": "closed",
              "definition": DefinitionRef(form_id="fdr", version=1, digest=""), "created_at": MOMENT, "author": "a",
              "versions": 1}  # fmt: skip
    return Document(**values | changes)


def event(kind, at=MOMENT, payload=None, **more):
    return next_event(
        [], id=kind, kind=kind, series_id="d", at=at, actor="a", child_id="c", document_id="d", payload=payload, **more
    )


@pytest.mark.parametrize(
    ("day", "period", "expected"),
    [
        ("2024-02-29", "P5Y", "2029-02-28"),
        ("2024-08-31", "P6M", "2025-02-28"),
        ("2026-12-01", "P1M", "2027-01-01"),
        ("2026-12-31", "P14D", "2027-01-14"),
        ("9000-01-01", "P2000Y", "9999-12-31"),
        ("9999-12-20", "P14D", "9999-12-31"),
    ],
)
def test_a_period_ends_on_a_day_that_exists(day, period, expected):
    assert after(date.fromisoformat(day), period) == date.fromisoformat(expected)


@pytest.mark.parametrize("period", ["", "P0D", "5Y", "P5", "P1Y6M", "P-1Y", "P5Y\n", "P1.5Y"])
def test_what_is_no_period_is_refused(period):
    with pytest.raises(ValueError):
        after(date(2026, 1, 1), period)


@pytest.mark.req("R-81", "R-83", "R-90")
def test_every_form_has_one_rule_with_a_source_and_a_trigger_that_can_be_known():
    rules = our_rules()
    forms = {version.id for version in our_definitions().all()}
    assert forms - {"samtykkeerklaering", "samtykke_tilbagekaldelse"} == set(rules.of_forms())
    assert {rules.of_kind(what).period for what in ("evidence", "access_log")} == {"P5Y"}
    assert rules.of_kind("draft").period == "P6M"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("period: P5Y", "period: 5 years", "not a period"),
        ("trigger: case_closed", "trigger: consent_ended", "never known"),
        ("trigger: case_closed", "trigger: someday", "someday"),
        ("forms: [fdr]", "forms: [trivselsvurdering]", "twice"),
        ("forms: [fdr]", "forms: []", "for no form"),
        ("id: fdr", "id: fdr\n    subject: '1.2'", "as KLE writes it"),
        ("cooling_off: P14D", "cooling_off: soon", "not a period"),
        ("round_ends: P6M", "round_ends: later", "not a period"),
        ("version: 1", "version: 1\nextra: 1", "extra"),
        ("what: draft\n    trigger: untouched", "what: access_log\n    trigger: written", "exactly one rule"),
        ("version: 1", "version: [", "yaml"),
    ],
)
def test_wrong_rules_stop_the_program_and_say_why(tmp_path, old, new, problem):
    text = FILE.read_text("utf-8")
    assert old in text
    wrong = tmp_path / "retention.yaml"
    wrong.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(RulesWrong) as refused:
        load_rules(wrong)
    assert problem in refused.value.message


@pytest.mark.req("R-90")
def test_nothing_is_due_before_its_trigger_has_happened():
    rule = our_rules().of_forms()["trivselsvurdering"]
    assert due_day(rule, happened_to(document(), [])) is None
    left = happened_to(document(), [], child_left=date(2026, 7, 31))
    assert due_day(rule, left) == date(2031, 7, 31)
    assert due_day(None, left) is None
    closed = happened_to(document(), [event("document_closed")])
    assert due_day(our_rules().of_forms()["fdr"], closed) == date(2031, 4, 1), "a Copenhagen day"


@pytest.mark.req("R-90", "D7")
def test_a_case_that_was_opened_again_is_counted_from_the_day_it_is_closed_the_last_time():
    closed, opened = event("document_closed"), event("document_reopened", datetime(2026, 5, 1, 9, tzinfo=UTC))
    again = event("document_closed", datetime(2026, 6, 1, 9, tzinfo=UTC))
    rule = our_rules().of_forms()["fdr"]
    assert due_day(rule, happened_to(document(), [closed, opened])) is None
    assert due_day(rule, happened_to(document(), [closed, opened, again])) == date(2031, 6, 1)


def test_an_underretning_is_counted_from_the_day_it_was_sent_and_not_from_what_was_done_before_or_after():
    rule = our_rules().of_forms()["underretning"]
    others = [
        event("document_created", datetime(2026, 1, 1, tzinfo=UTC)),
        event("journalled", datetime(2026, 6, 1, tzinfo=UTC)),
    ]
    assert due_day(rule, happened_to(document(), others)) is None
    sent = event("document_submitted", datetime(2026, 2, 3, tzinfo=UTC))
    assert due_day(rule, happened_to(document(), [others[0], sent, others[1]])) == date(2036, 2, 3)


def test_a_draft_that_nobody_shared_is_counted_from_its_last_touch_and_a_shared_one_never():
    rule = our_rules().of_kind("draft")
    assert due_day(rule, happened_to(document(versions=0, state="draft"), [])) == date(2026, 10, 1)
    assert due_day(rule, happened_to(document(), [])) is None


@pytest.mark.req("R-82", "R-90")
def test_an_archivists_look_at_a_draft_is_no_touch_of_it():
    draft, late = document(versions=0, state="draft"), datetime(2026, 9, 1, tzinfo=UTC)
    for kind in ("document_appraised", "destruction_ordered", "destruction_confirmed", "hold_placed", "draft_warned"):
        assert happened_to(draft, [event(kind, late)])["untouched"] == date(2026, 4, 1), kind
    assert happened_to(draft, [event("draft_moved", late)])["untouched"] == date(2026, 9, 1)


def asked(id_, valid_to, kind="request_created"):
    return event(kind, payload={"id": id_, "valid_to": valid_to}, request_id=id_)


@pytest.mark.req("R-90")
@pytest.mark.parametrize(
    ("events", "ended"),
    [
        ([], None),
        ([asked("q", "2027-02-28")], "2032-02-28"),
        ([asked("q", "2027-02-28"), event("consent_withdrawn", payload={"items": []}, request_id="q")], "2031-04-01"),
        (
            [asked("q", "2027-02-28"), event("consent_withdrawn", payload={"items": ["x"]}, request_id="q")],
            "2032-02-28",
        ),
        (
            [asked("q", "2027-02-28"), event("consent_withdrawn", payload={"items": []}, request_id="other")],
            "2032-02-28",
        ),
        ([asked("q", "2026-01-31"), event("share_ended", request_id="q")], "2031-01-31"),
        ([asked("q", "2027-02-28"), asked("m", "2028-05-01", "meeting_asked")], "2033-05-01"),
    ],
)
def test_evidence_is_kept_from_the_last_day_that_anything_was_allowed(events, ended):
    due = due_day(our_rules().of_kind("evidence"), happened_to(document(), events))
    assert due == (date.fromisoformat(ended) if ended else None)


def test_due_by_month_is_in_order_and_leaves_out_what_is_not_due():
    due = {"b": date(2031, 8, 2), "a": date(2031, 8, 2), "c": date(2031, 7, 31), "d": None}
    assert by_month(due) == {"2031-07": ("c",), "2031-08": ("a", "b")}
    assert list(by_month(due)) == ["2031-07", "2031-08"]


@pytest.mark.req("R-82")
def test_a_changed_rule_is_previewed_before_it_is_used():
    old = our_rules().of_forms()
    longer = {
        **old,
        "fdr": Rule(id="fdr", what="document", trigger="case_closed", period="P10Y", source="x", forms=("fdr",)),
    }
    documents = [
        DueDocument(id="closed", form_id="fdr", happened={"case_closed": date(2026, 4, 1)}),
        DueDocument(id="open", form_id="fdr", happened={}),
        DueDocument(id="other", form_id="trivselsvurdering", happened={"child_left": date(2026, 4, 1)}),
    ]
    (moved,) = preview(old, longer, documents)
    assert (moved.id, moved.before, moved.after) == ("closed", date(2031, 4, 1), date(2036, 4, 1))
    assert [one.after for one in preview(old, {}, documents)] == [None, None]
