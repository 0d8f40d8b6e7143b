"""Due days of all documents, worked out once a day beside the clicks, so that a page of the whole municipality reads a few records.

What is kept for good and has become final, or due, since it was marked gets its copy for the receiving archive on the same way (ADR 0066).
"""

from __future__ import annotations

from sys import intern

from tillid.archive.due_index import DueEntry, indexed
from tillid.archive.retention import due_day
from tillid.archive.retention_rules import our_rules
from tillid.consents.events import Event
from tillid.documents.model import Document
from tillid.process.access import is_authors_alone
from tillid.usecases.all_documents import in_all_documents
from tillid.usecases.keep_document import happened_of
from tillid.usecases.keepers import place
from tillid.usecases.ports import House, OpenHouse
from tillid.usecases.render_kept import STEP as RENDER_KEPT
from tillid.usecases.render_kept import copy_to_make

DRAFT = "draft"


def work_out_due(open_house: OpenHouse) -> int:
    """Read all, and keep what was found. Returns how many documents. Drafts that are their author's
    alone go by a rule of their own and stand on no archivist's list; a team's is on the list with that rule's day. Nothing is written
    in a view in which many documents are read: it would conflict with every click about one of them."""
    entries, copies = [], []
    for entry, copy in in_all_documents(open_house, _look):
        entries.append(entry)
        copies += [copy] if copy is not None else []
    with open_house() as house:
        house.keeping.put_due(indexed(entries, house.moment))
    for copy in copies:
        with open_house() as house:
            house.outbox.add(RENDER_KEPT, copy, house.moment)
    return len(entries)


def _look(house: House, document: Document) -> tuple[DueEntry, dict[str, str] | None] | None:
    """When it is due, and the copy that is to be made of it for the receiving archive."""
    if document.versions == 0 and is_authors_alone(document):
        return None
    events = house.ledger.of_document(document.id)
    if document.versions == 0:
        return _draft(house, document, events), None
    return _entry(house, document, events), copy_to_make(house, document, events)


def _entry(house: House, document: Document, events: list[Event]) -> DueEntry:
    rule = our_rules().of_forms().get(document.definition.form_id)
    happened = happened_of(house.people, document, events)
    # What only evidence and drafts are counted from is theirs.
    known = {name: day for name, day in happened.items() if name not in ("untouched", "consent_ended")}
    form = document.definition.form_id
    # A million entries name a few hundred places and forms.
    return DueEntry(id=document.id, place=intern(place(form, document.unit_id)), form_id=intern(form), due=due_day(rule, happened),
                    happened=known)  # fmt: skip


def _draft(house: House, document: Document, events: list[Event]) -> DueEntry:
    """Under a name that is no form's: what another period of a form's would move is none of a draft's."""
    rule, form = our_rules().of_kind("draft"), document.definition.form_id
    due = due_day(rule, happened_of(house.people, document, events, house.documents.draft(document.id)))
    return DueEntry(id=document.id, place=intern(place(form, document.unit_id)), form_id=DRAFT, due=due, happened={})
