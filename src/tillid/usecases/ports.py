"""What the use cases need of the world, in one place. Adapters and ``cms`` implement it; ``wiring`` joins them.

``ports_stores.py``: what is kept; ``ports_parts.py``: what is done for them. A ``House`` is all of it over one connection.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import msgspec

from tillid.consents.restored import Restored
from tillid.forms.loading import Definitions
from tillid.kernel.clock import Clock
from tillid.usecases.ports_backups import Backups
from tillid.usecases.ports_evidence import Evidence
from tillid.usecases.ports_imported import ImportedPackages
from tillid.usecases.ports_insight import Insights
from tillid.usecases.ports_journal import JournalSystem
from tillid.usecases.ports_keeping import KeepingNotes
from tillid.usecases.ports_parts import (
    AddedFile,
    Audit,
    AuditRow,
    CleanFile,
    EventLog,
    Notice,
    Notices,
    Outbox,
    OutboxEntry,
    Presence,
    Previews,
    Renderer,
    Seal,
    SearchIndex,
    TimeStamper,
    Uploads,
    outbox_key,
)
from tillid.usecases.ports_personal import PersonalSigning
from tillid.usecases.ports_stores import (
    Blobs,
    Choices,
    Designs,
    Documents,
    Exclusions,
    Ledger,
    People,
    Restorations,
    SavedSearches,
    Templates,
)
from tillid.usecases.ports_witness import HeadWitness

__all__ = [
    "AddedFile",
    "Audit",
    "AuditRow",
    "Blobs",
    "Choices",
    "CleanFile",
    "Designs",
    "Documents",
    "EventLog",
    "Evidence",
    "Exclusions",
    "House",
    "ImportedPackages",
    "Insights",
    "JournalSystem",
    "KeepingNotes",
    "Ledger",
    "LedgerView",
    "Notice",
    "Notices",
    "OpenHouse",
    "Outbox",
    "OutboxEntry",
    "People",
    "PersonalSigning",
    "Presence",
    "Previews",
    "Renderer",
    "Restorations",
    "SavedSearches",
    "Seal",
    "SearchIndex",
    "Settings",
    "Templates",
    "TimeStamper",
    "Uploads",
    "outbox_key",
]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between municipalities. ``basis_of_transition``: transition code → legal basis code (R-01);
    ``choices``: every municipal setting with its value, merged; ``unit_choices``: what single units chose otherwise."""

    municipality: str
    municipality_id: str
    cvr: str
    portal_name: str
    help_phone: str
    support_phone: str
    dpo_contact: str
    instance: str
    demo: bool
    basis_of_transition: dict[str, str]
    resident_parent_suffices: tuple[str, ...] = ()
    consent_months: int = 6
    choices: dict[str, Any] = {}
    unit_choices: dict[str, dict[str, Any]] = {}

    def at_unit(self, unit_id: str) -> dict[str, Any]:
        """The settings as they are at the unit."""
        own = self.unit_choices.get(unit_id)
        return {**self.choices, **own} if own else self.choices


@dataclass(frozen=True, kw_only=True)
class House:
    """All ports of one open connection, with the one moment of the request (design 26). ``granted``: (person, operation,
    document) of what was asked and allowed on the connection's present view."""

    clock: Clock
    moment: datetime
    settings: Settings
    definitions: Definitions
    documents: Documents
    ledger: Ledger
    people: People
    blobs: Blobs
    outbox: Outbox
    notices: Notices
    audit: Audit
    seal: Seal
    exclusions: Exclusions
    insights: Insights
    saved: SavedSearches
    search: SearchIndex
    renderer: Renderer
    previews: Previews
    presence: Presence
    designs: Designs
    templates: Templates
    choices: Choices
    keeping: KeepingNotes
    restorations: Restorations
    uploads: Uploads
    event_log: EventLog
    time_stamper: TimeStamper | None = None
    evidence: Evidence | None = None
    personal: PersonalSigning | None = None
    imported: ImportedPackages | None = None
    journal: JournalSystem | None = None
    witness: HeadWitness | None = None
    backups: Backups | None = None
    request_id: str = ""
    granted: set[tuple[str, str, str]] = field(default_factory=set)

    def logging_to(self, audit: Audit) -> House:
        """The same house with another log: for every page, and ``dataclasses.replace`` asks each of forty fields."""
        made = copy(self)
        object.__setattr__(made, "audit", audit)
        return made

    @property
    def restored(self) -> Collection[Restored]:
        """Asked of the store each time, as the ledger is."""
        return self.restorations.all()


class LedgerView(Protocol):
    """What it takes to say what is effective at one moment. A ``House`` is one, and so is what the operator's commands read."""

    @property
    def ledger(self) -> Ledger: ...
    @property
    def people(self) -> People: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def moment(self) -> datetime: ...
    @property
    def restored(self) -> Collection[Restored]: ...


OpenHouse = Callable[[], AbstractContextManager[House]]
"""A house in a transaction of its own, committed at a clean end."""
