"""Which version of a document is given to the receiving archive, and how much of it (R-05, R-82, R-83, ADR 0066).

Two scopes that are not one. What an archivist may find and read is design 22 (``archive/scope.py``) and is not widened here. What an
archivist has marked *bevares* is to be kept, whatever form it is: it is packed for the receiving archive, whole, and nobody here reads it
because of that.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec

from tillid.archive.keeping import keeping_of
from tillid.archive.retention import due_day
from tillid.archive.retention_rules import our_rules
from tillid.archive.scope import version_to_index, version_to_keep
from tillid.consents.events import Event
from tillid.consents.restored import Restored
from tillid.documents.model import Document, Reader, Version
from tillid.forms.definition import FormDefinition
from tillid.forms.readers import ARCHIVE, KEPT
from tillid.forms.showing import projection
from tillid.kernel.clock import local_day
from tillid.kernel.errors import TillidError
from tillid.process.access import is_notification
from tillid.process.sharing import Way, way_of
from tillid.usecases.facts import archive_request, custody_of
from tillid.usecases.fill import definition_of
from tillid.usecases.keep_document import happened_of
from tillid.usecases.ports import Blobs, Designs, Documents, Ledger, People, Settings


class NotTheArchives(TillidError):
    """``named``: which document. Each reason is a class of its own, for what a choice leaves out is told by its reason."""

    code = "package.not-archived"
    text = (
        "Dokumentet er ikke arkivets og er ikke mærket til bevaring: {named}. Det kan pakkes, når det er givet videre eller lukket, "
        "eller når en arkivar har mærket det til bevaring."
    )


class NotFinal(NotTheArchives):
    code = "package.not-final"
    text = "Dokumentet skal bevares, men bliver stadig skrevet i: {named}. Det kan pakkes, når det er låst, eller når dets frist er nået."


class Holds(Protocol):
    """What is read: a house, or a view of the store with what belongs to it."""

    documents: Documents
    ledger: Ledger
    people: People
    blobs: Blobs
    designs: Designs
    settings: Settings
    definitions: Any
    moment: datetime

    @property
    def restored(self) -> Collection[Restored]: ...


class HandedOver(msgspec.Struct, frozen=True, kw_only=True):
    """``reader``: whose copy and whose answers go along: the archive's own, or all of it; ``own``: an archivist may find it too."""

    version: Version
    definition: FormDefinition
    reader: Reader
    own: bool

    @property
    def answers(self) -> dict[str, Any]:
        """What goes along."""
        return projection(self.definition, self.version.answers, self.reader)


Packing = Literal["ready", "copy", "not_final", "no_place", "none"]


def packing_of(house: Holds, document: Document, events: list[Event]) -> Packing:
    """Whether ``tillid package make`` would take it now, and why not: its copy is being made, it is still written in, nobody knows whose
    it is, or there is no version of it. What proves it is asked when it is packed."""
    try:
        given = handed_over(house, document, events)
    except NotFinal:
        return "not_final"
    except NotTheArchives:
        return "none"
    if house.people.unit(document.unit_id) is None:
        return "no_place"
    return "ready" if given.reader in given.version.copies else "copy"


def handed_over(house: Holds, document: Document, events: list[Event]) -> HandedOver:
    """The version, and as whom it is packed. Raises ``NotTheArchives``.

    What is kept is kept whole: where the archive's own copy leaves something out (an assessment's positions, what only the team sees
    of a meeting) the receiving archive gets all of it, for what is left out would be discarded without anybody's authority (R-81)."""
    kept = keeping_of(events).mark == "bevares"
    number = _archives_own(house, document, events)
    own = number is not None
    if number is None:
        number = version_to_keep(document) if kept else None
    version = house.documents.version(document.id, number) if number else None
    if version is None:
        raise NotTheArchives("no version of the archive's", named=document.number)
    definition = definition_of(house, version)  # type: ignore[arg-type]
    if not own and not _is_final(document, way_of(definition)) and not _is_over(house, document, events):
        raise NotFinal("still written in", named=document.number)
    every = projection(definition, version.answers, KEPT)
    all_seen = every == projection(definition, version.answers, ARCHIVE)
    whole = kept and not (all_seen and (own or ARCHIVE in version.copies))
    return HandedOver(version=version, definition=definition, reader=KEPT if whole else ARCHIVE, own=own)


def _archives_own(house: Holds, document: Document, events: list[Event]) -> int | None:
    if is_notification(document):
        return None  # about no child of the register, and never an archivist's to find
    found = archive_request(house, events, custody_of(house, document.child_id))  # type: ignore[arg-type]
    verdict, asked = (found[1], found[0].document.version) if found else (None, None)
    return version_to_index(document, verdict, asked)


def _is_final(document: Document, way: Way) -> bool:
    """Whether it has come to where its way ends: sent or locked, consented to, or closed where its form says that it closes. An assessment
    that was locked and then shared is; an invitation whose minutes are not locked is not, nor minutes that are followed up."""
    if way.closes:
        return document.state == "closed"
    if document.state == "shared":
        return way.attested and document.attested_version is not None
    return document.state != "draft"


def _is_over(house: Holds, document: Document, events: list[Event]) -> bool:
    """Its period is: whatever it was waiting for, nothing more comes."""
    rule = our_rules().of_forms().get(document.definition.form_id)
    due = due_day(rule, happened_of(house.people, document, events))
    return due is not None and due <= local_day(house.moment)
