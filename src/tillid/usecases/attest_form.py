"""A leader reads and locks the team's assessment or the minutes of a meeting (T6, D7, D2).

Locked once before the parents have it, as the method wants of an assessment, or once they have had it, with their words in
it. What was written for a parent in a talk must be that parent's own by then (O2).
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from tillid.documents.model import Document, Draft, Version
from tillid.kernel.errors import TillidError
from tillid.process.access import Facts, Identity
from tillid.usecases.facts import Conflict
from tillid.usecases.fill import PARENT_SIDE, PROFESSIONAL_SIDE, definition_of, problems_of
from tillid.usecases.outside_facts import outside_facts
from tillid.usecases.ports import House
from tillid.usecases.share_document import NotReady, refuse_protected
from tillid.usecases.writing import note, record_event, snapshot, tell


class WordsWait(TillidError):
    code = "document.words-wait"
    text = (
        "Noget er skrevet sammen med en forælder, som ikke har bekræftet det endnu. Forælderen skal læse og bekræfte "
        "ordene, før skemaet kan låses."
    )


def attest_form(
    house: House, who: Identity, document: Document, facts: Facts, *, heard: Collection[str] = ()
) -> Version:
    """Check, log, freeze, lock; who has the text is told, and copies are rendered. ``heard``: holders who cannot log in and
    confirmed their words in a talk (R-106). The caller has asked for ``attest``. Raises ``NotReady``, ``WordsWait``,
    ``Conflict`` for a field that still holds two texts."""
    definition = definition_of(house, document)
    draft = _with_heard(house, house.documents.draft(document.id), facts, heard)
    sides = PROFESSIONAL_SIDE | PARENT_SIDE if document.state == "shared" else PROFESSIONAL_SIDE
    if problems := problems_of(definition, draft, outside_facts(house, document, facts), sides):
        raise NotReady(problems)
    if any(draft.kept.values()):
        raise Conflict("fields hold two texts")
    if any(written.confirmed_at is None for written in draft.written_for.values()):
        raise WordsWait("words written in a talk")
    refuse_protected(house, document, definition, draft.answers)
    note(house, who, "attest", document)
    house.documents.save_draft(draft)
    version = snapshot(house, who, document)
    had_it = document.state == "shared"
    changed = msgspec.structs.replace(
        document,
        state="submitted",
        versions=version.number,
        attested_version=version.number,
        shared_version=version.number if had_it else document.shared_version,
    )
    house.documents.replace(changed)
    event = record_event(house, document, "document_submitted", who.person_id, {"version": version.number})
    house.outbox.add("render_copies", {"document": document.id, "version": str(version.number)}, house.moment)
    if had_it and facts.custody is not None:
        holders = [one.person_id for one in facts.custody.current(house.moment)]
        tell(house, holders, "text_locked", event.id, document=document.id)
    return version


def waiting_words(draft: Draft) -> dict[str, int]:
    """Holder → how many fields written in that parent's talk wait for the confirmation."""
    waiting: dict[str, int] = {}
    for written in draft.written_for.values():
        if written.confirmed_at is None:
            waiting[written.with_holder] = waiting.get(written.with_holder, 0) + 1
    return waiting


def _with_heard(house: House, draft: Draft, facts: Facts, heard: Collection[str]) -> Draft:
    """``draft`` with the words of those confirmed who are present holders and have no login of their own."""
    able = {
        one
        for one in heard
        if facts.custody is not None
        and facts.custody.holder(one, house.moment)
        and (parent := house.people.parent(one)) is not None
        and not parent.mitid
    }
    words = {
        field: msgspec.structs.replace(written, confirmed_at=written.confirmed_at or house.moment)
        for field, written in draft.written_for.items()
        if written.with_holder in able
    }
    return msgspec.structs.replace(draft, written_for={**draft.written_for, **words}) if words else draft
