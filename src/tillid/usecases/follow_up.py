"""What follows a click, through the outbox: copies, seals, index (design 6, 19).

Each step may run twice and at any later time: it reads what is needed, closes, works, opens again, checks that the work
is still wanted and writes. A withdrawal's effect never depends on any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from tillid.archive.entry import build_entry
from tillid.archive.query import SearchEntry
from tillid.archive.scope import archive_state, version_to_index
from tillid.consents.decision import decisions_of
from tillid.documents.model import Document, Reader
from tillid.kernel.errors import NotFound, Unavailable
from tillid.process.access import Identity
from tillid.usecases.acknowledge_reception import STEP as SEAL_RECEPTION
from tillid.usecases.acknowledge_reception import seal_reception
from tillid.usecases.add_revision import STEP as ADD_REVISION
from tillid.usecases.add_revision import add_revision, let_add_revision
from tillid.usecases.answer_meeting import STEP as SEAL_MEETING
from tillid.usecases.answer_meeting import seal_meeting
from tillid.usecases.attest_record import STEP as SEAL_ATTESTATION
from tillid.usecases.attest_record import seal_attestation
from tillid.usecases.change_pdf import STEP as CHANGES_STEP
from tillid.usecases.change_pdf import render_changes
from tillid.usecases.change_template import STEP as TRY_TEMPLATE
from tillid.usecases.confirm_release import HELD_BACK
from tillid.usecases.copy_job import copy_job, job_for
from tillid.usecases.destroy import FORGET, destroy_document, forget_document
from tillid.usecases.destroy_evidence import STEP as FORGET_EVIDENCE
from tillid.usecases.destroy_evidence import forget_evidence
from tillid.usecases.enter_log import STEP as ENTER_LOG
from tillid.usecases.enter_log import enter_log
from tillid.usecases.facts import allowed, archive_request, custody_of, facts_of, gathered, requests_of
from tillid.usecases.fill import definition_of, text_digest
from tillid.usecases.gather_copies import STEP as GATHER_COPY
from tillid.usecases.gather_copies import gather_copy
from tillid.usecases.hand_to_journal import STEP as HAND_TO_JOURNAL
from tillid.usecases.hand_to_journal import hand_to_journal
from tillid.usecases.insight_made import STEP as RENDER_INSIGHT
from tillid.usecases.insight_package import render_insight
from tillid.usecases.keep_copy import PDF, frozen, render_and_keep, with_copy
from tillid.usecases.made_for_person import place_of
from tillid.usecases.names_of_case import names_of_case
from tillid.usecases.open_copy import what_is_released
from tillid.usecases.order_destruction import STEP as DESTROY
from tillid.usecases.ports import House, OpenHouse, OutboxEntry
from tillid.usecases.receipt_pdf import STEP as RECEIPT_STEP
from tillid.usecases.receipt_pdf import render_receipt
from tillid.usecases.render_kept import STEP as RENDER_KEPT
from tillid.usecases.render_kept import render_kept
from tillid.usecases.seal_record import attach_record, request_of_event
from tillid.usecases.share_document import with_receiver
from tillid.usecases.sign_personally import STAMP_STEP as TIMESTAMP_PERSONAL
from tillid.usecases.sign_personally import STEP as FETCH_PERSONAL
from tillid.usecases.sign_personally import fetch_personal, timestamp_personal
from tillid.usecases.timestamp_record import STEP as TIMESTAMP_RECORD
from tillid.usecases.timestamp_record import timestamp_record
from tillid.usecases.try_template import try_template
from tillid.usecases.watch_searches import STEP as WATCH_SEARCHES
from tillid.usecases.watch_searches import let_watch, watch_searches
from tillid.usecases.writing import audit_row, sender_people, tell

PREVIEW_STEP = "render_preview"
COPIES: tuple[Reader, ...] = ("team", "parent")


def render_copies(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """The copies of a frozen version: team's and parents', and of an agreed or attested one, or when the case
    is closed, the archive's. What is about no child of the register is no parent's (D13)."""
    document_id, number = entry.ids["document"], int(entry.ids["version"])
    with open_house() as house:
        document, version = frozen(house, document_id, number)
        closed = archive_state(document, None) == "closed"
        final = version.agreed or document.attested_version == number or closed
        readers = (*_readers(document), *(("archive",) if final else ()))
        jobs = {r: copy_job(house, document, version, r) for r in readers if r not in version.copies}
        renderer = house.renderer
    for job in jobs.values():
        render_and_keep(open_house, renderer, document_id, number, job, with_copy)
    if "archive" in jobs:  # what was answered while it was rendered
        with open_house() as house:
            let_add_revision(house, document_id, number, "copy")


def _readers(document: Document) -> tuple[Reader, ...]:
    return COPIES if document.child_id else ("team",)


def render_released(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """The receiver's copy of the items released now; nothing if nothing is effective any more (R-22)."""
    document_id = entry.ids["document"]
    if _stopped(open_house, document_id):  # later, not never: the address may be protected no longer
        raise Unavailable("a protected address", code="release.protected-address")
    with open_house() as house:
        document = house.documents.get(document_id)
        if document is None:
            return
        facts, found = gathered(house, document)
        if found is not None and found[1].held:  # until somebody has looked (ADR 0082)
            raise Unavailable("a backup was put back", code=HELD_BACK)
        # Later, not never: the consent may hold.
        if facts.custody is None and not (facts.decided is not None and facts.decided.effective):
            raise Unavailable("custody register silent", code="custody.unavailable")
        try:
            now = what_is_released(house, document, found)
        except NotFound:
            return
        if now.key in now.version.receiver_copies:
            return
        job = job_for(house, document, now.answers, "receiver", now.version)
        key, number, renderer = now.key, now.version.number, house.renderer
    render_and_keep(open_house, renderer, document_id, number, job, lambda version, copy:
                     msgspec.structs.replace(version, receiver_copies={key: copy, **version.receiver_copies}))  # fmt: skip


def _stopped(open_house: OpenHouse, document_id: str) -> bool:
    """Whether a protected address stops the release (R-37); then the sender's side is told, which alone can mend it."""
    with open_house() as house:
        document = house.documents.get(document_id)
        stopped = document is not None and bool(facts_of(house, document).release_stopped)
        if document is not None and stopped:
            tell(house, sender_people(house, document), "release_stopped", document_id, document=document_id)
    return stopped


def seal_withdrawal(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """The signed XML of a withdrawal that took effect at the click (R-17); tried again while the key is away."""
    with open_house() as house:
        event = house.ledger.event(entry.ids["event"])
        if event is not None:
            request = request_of_event(house, event)
            attach_record(house, event, request)
            let_add_revision(house, event.document_id, request.document.version, event.id)


def index(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """Bring the archive's full text to what the ledger says now; only then is the document shown in search again."""
    document_id = entry.ids["document"]
    with open_house() as house:
        document = house.documents.get(document_id)
        if document is None:
            return
        made = archive_entry(house, document)
        sequence = len(house.ledger.of_document(document_id))
        if made is not None:
            house.search.put(made)
            let_watch(house, document_id, entry.ids["event"])
        for number in _asked_versions(house, document) - ({made.version} if made else set()):
            house.search.delete(document_id, number, sequence)
        house.exclusions.remove(document_id, entry.ids["event"])


def archive_entry(house: House, document: Document) -> SearchEntry | None:
    """What the full text shall hold of ``document`` now, or ``None`` when it is not the archive's (design 22)."""
    events = house.ledger.of_document(document.id)
    found = archive_request(house, events, custody_of(house, document.child_id))
    verdict = found[1] if found else None
    number = version_to_index(document, verdict, found[0].document.version if found else None)
    state = archive_state(document, verdict)
    version = house.documents.version(document.id, number) if number else None
    if version is None or state is None:
        return None
    unit, definition = house.people.unit(document.unit_id), definition_of(house, version)
    return build_entry(
        definition,
        document,
        version,
        state=state,
        controller_id=unit.controller.id if unit else "",
        sequence=len(events),
        names=names_of_case(house, document, version, definition),
    )


def _asked_versions(house: House, document: Document) -> set[int]:
    """The versions that may be in the index: those a consent was asked for, or a leader decided about, and of a closed case that is
    followed up again the newest."""
    events = house.ledger.of_document(document.id)
    asked = {share.document.version for share in (*requests_of(events), *decisions_of(events))}
    return asked | {document.versions} if document.versions else asked


def all_entries(house: House, looked_at: Callable[[int, int], None] = lambda count, of: None) -> Iterator[SearchEntry]:
    """For building the full text anew, one after the other. ``looked_at`` is told how many documents, of how many, were."""
    ids = list(house.documents.ids())
    for count, document_id in enumerate(ids):
        looked_at(count, len(ids))
        document = house.documents.get(document_id)
        entry = archive_entry(house, document) if document is not None else None
        if entry is not None:
            yield entry
    looked_at(len(ids), len(ids))


def audit_withdrawal(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """The audit row that could not be written at the click."""
    with open_house() as house:
        document = house.documents.get(entry.ids["document"])
        if document is not None:
            who = Identity(
                person_id=entry.ids["person"],
                name="",
                kind=role if (role := entry.ids["role"]) in ("parent", "young") else "staff",
            )
            action = entry.ids.get("action", "withdraw")  # without one: stored before ids had it
            row = audit_row(house, who, action, document.id, document.child_id, "recorded-later")
            # One row for one click: a process that died between the row and the entry's end leaves both.
            row = msgspec.structs.replace(row, id=place_of(entry.key), role=entry.ids["role"])
            if all(one.id != row.id for one in house.audit.of_child(row.child_id)):
                house.audit.write(row)


def render_preview(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """The parents' copy of the draft for who asked, into the second store; nothing if the text is another by now or the
    person may no longer share it. The content database is only read (design 18)."""
    with open_house() as house:
        document, staff = house.documents.get(entry.ids["document"]), house.people.staff(entry.ids["person"])
        if document is None or staff is None:
            return
        who = Identity.of_staff(staff)
        draft = house.documents.draft(document.id)
        if not allowed(house, who, "share", facts_of(house, document)) or text_digest(draft) != entry.ids["text"]:
            return
        answers = {field: value for field, value in draft.answers.items() if value is not None}
        job = job_for(house, with_receiver(document, answers), answers, "parent", None)
        renderer, previews, clock = house.renderer, house.previews, house.clock
    rendered = renderer.render(job)
    previews.put(who.person_id, rendered.pdf, PDF, clock.now(), place_of(entry.key), of=document.id)


STEPS: dict[str, Callable[[OpenHouse, OutboxEntry], None]] = {
    "render_copies": render_copies,
    "render_released": render_released,
    "seal_withdrawal": seal_withdrawal,
    SEAL_ATTESTATION: seal_attestation,
    SEAL_MEETING: seal_meeting,
    SEAL_RECEPTION: seal_reception,
    "index": index,
    "audit_withdrawal": audit_withdrawal,
    PREVIEW_STEP: render_preview,
    CHANGES_STEP: render_changes,
    RECEIPT_STEP: render_receipt,
    ADD_REVISION: add_revision,
    ENTER_LOG: enter_log,
    TRY_TEMPLATE: try_template,
    GATHER_COPY: gather_copy,
    TIMESTAMP_RECORD: timestamp_record,
    FETCH_PERSONAL: fetch_personal,
    TIMESTAMP_PERSONAL: timestamp_personal,
    DESTROY: destroy_document,
    FORGET: forget_document,
    FORGET_EVIDENCE: forget_evidence,
    RENDER_INSIGHT: render_insight,
    RENDER_KEPT: render_kept,
    WATCH_SEARCHES: watch_searches,
    HAND_TO_JOURNAL: hand_to_journal,
}
