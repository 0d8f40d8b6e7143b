"""Drafts that nobody but their author was shown go by their rule, once the municipality has said that rules may: warned about first (R-90, ADR 0060).

What one draft needs is one transaction, asked anew in it: killed in between, the next day goes on with what is left.
"""

from __future__ import annotations

from datetime import date

import msgspec

from tillid.archive.drafts import SYSTEM, ByRule, Warned, What, next_for, told_to_others, written_by_others
from tillid.archive.keeping import DESTROYED, WARNED
from tillid.archive.retention import due_day
from tillid.archive.retention_rules import our_rules
from tillid.archive.rule_run import RuleRun
from tillid.consents.events import Event
from tillid.documents.model import Document, Draft
from tillid.kernel.clock import local_day
from tillid.kernel.ids import new_id
from tillid.process.access import is_authors_alone, is_notification
from tillid.usecases.all_documents import in_all_documents
from tillid.usecases.destroy import attached, clear, own_blobs, stone_of
from tillid.usecases.destroy_evidence import remember_evidence
from tillid.usecases.keep_document import happened_of
from tillid.usecases.ports import House, OpenHouse
from tillid.usecases.writing import note_of_system, record_event, tell

SETTING = "kassation_efter_regel"
STEP = "forget_draft"
NOTICE_TEXT = "draft_ending"
_LOG_MOST = 100_000
# Rows of the access log about keeping a document, which shows nothing of what is in it.
_SHOWS_NOTHING = frozenset({"see_keeping", "hold_document", "appraise_document", "destroy_document"})


def by_rule(house: House) -> bool:
    """Whether the municipality has said that what a rule says may go without anybody saying it each time (R-81)."""
    return house.settings.choices.get(SETTING) is True


def forget_drafts(open_house: OpenHouse) -> tuple[int, int]:
    """Warn and destroy what is due. Returns how many of each."""
    warned = destroyed = 0
    with open_house() as house:
        if not by_rule(house):
            return 0, 0
    for document_id in list(in_all_documents(open_house, _wanted)):
        with open_house() as house:
            did = _one(house, document_id)
        warned, destroyed = warned + (did == "warn"), destroyed + (did == "destroy")
    if destroyed:
        with open_house() as house:
            today = local_day(house.moment)
            house.keeping.add_run(
                RuleRun(what="draft", at=house.moment, count=destroyed, before=today, rules=our_rules().digest)
            )
    return warned, destroyed


def _wanted(house: House, document: Document) -> str | None:
    return document.id if _next(house, document)[0] != "nothing" else None


def _next(house: House, document: Document) -> tuple[What, date | None]:
    """What is to be done with it now, and the day its period is over."""
    if document.versions or document.state != "draft":
        return "nothing", None
    events, rule, today = house.ledger.of_document(document.id), our_rules().of_kind("draft"), local_day(house.moment)
    draft = house.documents.draft(document.id)
    happened = happened_of(house.people, document, events, draft)
    if happened.get("consent_ended", today) > today:
        return "nothing", None  # somebody was asked about a meeting that is still to be held
    due, warn = due_day(rule, happened), due_day(msgspec.structs.replace(rule, period=rule.warn), happened)
    what = next_for(events, warn, due, today)
    # The log is read last: of nearly every draft there is nothing to do.
    return ("nothing" if what != "nothing" and was_shown(house, document, events, draft) else what), due


def was_shown(house: House, document: Document, events: list[Event], draft: Draft) -> bool:
    """Whether anybody but its author was shown the draft, by what ledger, draft and access log tell. Of what is about no child of the
    register the log has no list, so a team's counts as shown."""
    if told_to_others(events) or written_by_others(document, draft):
        return True
    if is_authors_alone(document):
        return False
    if not document.child_id:
        return True
    rows = house.audit.of_child(document.child_id, _LOG_MOST)
    about = (one for one in rows if one.object_id == document.id and one.action not in _SHOWS_NOTHING)
    return any(one.person_id not in (document.author, SYSTEM) for one in about)


def _one(house: House, document_id: str) -> What:
    document = house.documents.get(document_id)
    if document is None or not by_rule(house):
        return "nothing"
    what, due = _next(house, document)
    if what == "warn" and due is not None:
        record_event(house, document, WARNED, SYSTEM, Warned(due=due))
        about = "notification" if is_notification(document) else "document"
        tell(house, [document.author], NOTICE_TEXT, f"{document.id}:{due}", **{about: document.id})
    if what == "destroy" and due is not None:
        _destroy(house, document, due)
    return what


def _destroy(house: House, document: Document, due: date) -> None:
    rule, event_id = our_rules().of_kind("draft"), new_id()
    note_of_system(house, STEP, document, rule.id)
    own, files = own_blobs(house, document), attached(house, document)
    stone = stone_of(
        house,
        document,
        event_id,
        digests=(),
        copies=tuple(sorted(own | files)),
        mark="",
        subject="",
        facet="",
        basis="",
        rule=rule.id,
        archived="",
        ordered_by=SYSTEM,
        confirmed_by="",
    )
    record_event(house, document, DESTROYED, SYSTEM, ByRule(rule=rule.id, due=due), event_id=event_id)
    house.documents.destroy(stone)
    clear(house, stone, own, files)
    remember_evidence(house, stone)
