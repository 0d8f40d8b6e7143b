"""A leader reads and locks the team's assessment or the minutes of a meeting (T6, D7, D2).

Locked once before the parents have it, as the method wants of an assessment, or once they have had it, with their words in
it. What was written for a parent in a talk must be that parent's own by then (O2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import msgspec

from tillid.documents.model import Document, Draft, Version
from tillid.documents.talks import confirmed_by, waiting
from tillid.kernel.errors import TillidError
from tillid.process.access import Facts, Identity
from tillid.usecases.attest_record import record_attestation
from tillid.usecases.choices import open_choices, refuse_words_of_who_left
from tillid.usecases.enter_journal import enter_journal
from tillid.usecases.facts import Conflict
from tillid.usecases.fill import PARENT_SIDE, PROFESSIONAL_SIDE, definition_of, problems_of
from tillid.usecases.lock_overview import lock_if_assessed
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
    """Log, check, freeze, lock; the attestation is an event of its own, sealed afterwards; who has the text is told, and copies are rendered. ``heard``: holders who cannot log in and
    confirmed their words in a talk (R-106). The caller has asked for ``attest``. Raises ``NotReady``, ``WordsWait``,
    ``Conflict`` for a field that still holds two texts."""
    note(house, who, "attest", document)  # also of what is refused below
    draft = _with_heard(house, house.documents.draft(document.id), facts, heard)
    _refuse_unready(house, document, draft, facts)
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
    record_attestation(house, who, document, version, "leader")
    event = record_event(house, document, "document_submitted", who.person_id, {"version": version.number})
    enter_journal(house, changed, version, who.person_id)
    lock_if_assessed(house, who, changed, version)
    house.outbox.add("render_copies", {"document": document.id, "version": str(version.number)}, house.moment)
    if had_it and facts.custody is not None:
        holders = [one.person_id for one in facts.custody.current(house.moment)]
        tell(house, holders, "text_locked", event.id, document=document.id)
        if facts.of_age:  # who is asked itself was told that it was shared, and is told this too
            tell(house, [document.child_id], "locked_about_you", event.id, document=document.id)
    elif facts.way.attested_first and document.author != who.person_id:
        tell(house, [document.author], "ready_for_parents", event.id, document=document.id)
    return version


def _refuse_unready(house: House, document: Document, draft: Draft, facts: Facts) -> None:
    """Raises what ``attest_form`` says."""
    definition = definition_of(house, document)
    sides = PROFESSIONAL_SIDE | PARENT_SIDE if document.state == "shared" else PROFESSIONAL_SIDE
    if problems := problems_of(definition, draft, outside_facts(house, document, facts), sides):
        raise NotReady(problems)
    if open_choices(house, draft, facts):
        raise Conflict("fields hold two texts")
    refuse_words_of_who_left(house, draft, facts)
    if waiting(draft):
        raise WordsWait("words written in a talk")
    refuse_protected(house, document, definition, draft.answers)


def waiting_words(draft: Draft) -> dict[str, int]:
    """Holder → how many fields written in that parent's talk wait for the confirmation."""
    return Counter(holder for holders in waiting(draft).values() for holder in holders)


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
    return confirmed_by(draft, able, house.moment) if able else draft
