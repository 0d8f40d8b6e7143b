"""One document's own page for the sender's side: where it stands, who has answered, what the person may do now."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from tillid.archive.journal import last_confirmed
from tillid.consents.attestation import STATEMENTS, Attested, attestation_of
from tillid.consents.custody import Holder
from tillid.consents.effective import HolderAnswer, answers_of
from tillid.consents.model import ConsentRequest
from tillid.documents.model import Document, Version
from tillid.forms.answers import AnswerProblem
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity, may_all
from tillid.process.sharing import Way, steps
from tillid.usecases.acknowledge_reception import Reception, receptions_seen
from tillid.usecases.acknowledge_text import Acknowledged, acknowledged
from tillid.usecases.agree import AgreementState, agreement_state
from tillid.usecases.ask_meeting import is_meeting
from tillid.usecases.attest_form import waiting_words
from tillid.usecases.choices import LeftBehind, left_behind
from tillid.usecases.earlier_drafts import EarlierLine, earlier_lines
from tillid.usecases.facts import Asked, facts_of, judge_all, remember_granted, requests_of
from tillid.usecases.fill import definition_of, text_digest
from tillid.usecases.move_draft import newer_version
from tillid.usecases.ports import House, outbox_key
from tillid.usecases.request_consent import may_be_asked
from tillid.usecases.writing import note

CopiesState = Literal["", "again", "given_up"]
WHOLE = ("read_team_copy", "read_individual")
WAYS_IN = ("see_status", "see_draft", "read_individual")


class DocumentPage(msgspec.Struct, frozen=True, kw_only=True):
    """``may``: the operations allowed now; ``agreement``: who agrees to the present text, while that is open; ``holders``:
    the present custody holders. ``standing``: of the consent, empty when nothing was asked. ``newest``: the newest frozen
    version; ``answers``: what each holder said to the newest request; ``ask``: whether consent can be
    asked for now, for the first time or again. ``newer``: the version of the form that the draft could be moved to;
    ``earlier``: drafts from before such a move. ``way``: what its form lets happen to it; ``read_by``: holder → what that
    parent has acknowledged having read; ``waiting``: holder → how many fields written in a talk wait for that parent;
    ``left_behind``: texts whose writer can choose nothing any more; ``stopped``: fields with an address that is protected by
    now, for which the receiver can open nothing (R-37); ``copies``: whether making the PDFs of ``newest`` fails, and is still
    tried; ``attested``: what a leader has said of ``newest``; ``meeting``: whether parents can consent to it as a meeting (D12);
    ``of_age``: the child decides about its own consents and is asked itself (R-41); ``held``: a backup
    that was put back holds something of it (ADR 0082); ``received``: what the receiver has acknowledged
    of it, oldest first; ``in_journal``: the day it was entered in the municipality's journal, never under which number, told to who reads it
    whole (U23)."""

    document: Document
    title: str
    child_name: str
    unit_name: str
    receiver_name: str
    may: frozenset[str]
    standing: str
    meeting: bool
    of_age: bool
    held: bool
    newest: Version | None
    text_digest: str
    agreement: AgreementState | None
    holders: tuple[Holder, ...]
    request: ConsentRequest | None
    answers: dict[str, HolderAnswer]
    ask: bool
    newer: int | None
    earlier: tuple[EarlierLine, ...]
    way: Way
    read_by: dict[str, Acknowledged]
    waiting: dict[str, int]
    left_behind: tuple[LeftBehind, ...]
    stopped: tuple[AnswerProblem, ...]
    copies: CopiesState
    attested: Attested | None
    received: tuple[Reception, ...]
    in_journal: date | None

    @property
    def statement(self) -> str:
        """The words that a leader attests with the click."""
        return STATEMENTS["leader"].body


def document_page(house: House, who: Identity, document_id: str) -> DocumentPage:
    """Raises ``NotFound`` for who has no way in; an attempt row is written first."""
    document = house.documents.get(document_id)
    if document is None:
        raise NotFound("no document")
    facts = facts_of(house, document)
    may = may_all(who, facts, house.moment)
    if who.kind != "staff" or may.isdisjoint(WAYS_IN):
        raise NotFound("no way in")
    remember_granted(house, who, may, document_id)
    note(house, who, "see_document", document)
    draft = house.documents.draft(document_id)
    newest = house.documents.version(document_id, document.versions) if document.versions else None
    definition = definition_of(house, document)
    events = house.ledger.of_document(document_id)
    request = next(reversed(requests_of(events)), None)
    return DocumentPage(
        document=document,
        title=definition.title,
        child_name=_name(house.people.child(document.child_id)),
        unit_name=_name(house.people.unit(document.unit_id)),
        receiver_name=_name(house.people.unit(document.receiver_unit_id)) if document.receiver_unit_id else "",
        may=may,
        standing=facts.verdict.word if facts.verdict is not None and facts.asked else "",
        meeting=bool({"ask_meeting", "record_meeting_withdrawal"} & may) and is_meeting(house, document),
        of_age=facts.of_age,
        held=bool(facts.held),
        newest=newest,
        text_digest=text_digest(draft),
        agreement=agreement_state(house, document, facts, draft) if "agreeable" in steps(document, facts.way) else None,
        holders=facts.custody.current(house.moment) if facts.custody is not None else (),
        request=request,
        answers=answers_of(request, events) if request else {},
        ask="request_consent" in may
        and not (facts.decided is not None and facts.decided.stands)
        and _can_be_asked(house, document, judge_all(house, events, facts.custody)),
        newer=newer.version if "move_draft" in may and (newer := newer_version(house, document)) else None,
        earlier=earlier_lines(house, document, may),
        way=facts.way,
        read_by=acknowledged(events),
        waiting=waiting_words(draft),
        left_behind=left_behind(house, definition, draft, facts),
        stopped=facts.release_stopped if "see_status" in may else (),
        copies=_copies_state(house, document),
        received=receptions_seen(events) if "see_status" in may else (),
        in_journal=said.day if not may.isdisjoint(WHOLE) and (said := last_confirmed(events)) else None,
        attested=found[1] if (found := attestation_of(events, document.versions)) else None,
    )


def _copies_state(house: House, document: Document) -> CopiesState:
    """From the outbox: nothing is left of the step when the copies are there."""
    entry = house.outbox.get(outbox_key("render_copies", {"document": document.id, "version": str(document.versions)}))
    if entry is None or not entry.attempts:
        return ""
    return "given_up" if entry.dead else "again"


def _agreed(house: House, document: Document) -> Version | None:
    """The agreed version, also when the same words were shared once more after it."""
    return house.documents.version(document.id, document.agreed_version) if document.agreed_version else None


def _can_be_asked(house: House, document: Document, earlier: list[Asked]) -> bool:
    """There is an agreed text, it is rendered, and no question about it is open or holds."""
    agreed = _agreed(house, document)
    return agreed is not None and "parent" in agreed.copies and may_be_asked(house, agreed, earlier)


def _name(found) -> str:  # type: ignore[no-untyped-def]
    return found.name if found is not None else ""
