"""What the use cases need of the world. Adapters and ``cms`` implement these; ``wiring.py`` joins them.

Every method of a repository works inside the caller's transaction; nothing is visible to others before it commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import msgspec

from tillid.archive.query import SearchEntry, SearchHit, SearchQuery, SearchResult
from tillid.consents.custody import Custody
from tillid.consents.events import Event
from tillid.documents.earlier import EarlierDraft
from tillid.documents.model import Document, Draft, Version
from tillid.documents.rendering import RenderedDocument, RenderJob
from tillid.forms.designs import Design, PublishedAddition, PublishedForm, Withdrawal
from tillid.forms.loading import Definitions
from tillid.forms.settings import Changed
from tillid.kernel.clock import Clock
from tillid.process.organisation import Child, Organigram, Parent, Round, Staff, Unit


class Documents(Protocol):
    """Documents, drafts and versions. ``add_version`` and copies are write-once."""

    def add(self, document: Document, draft: Draft) -> None: ...
    def get(self, document_id: str) -> Document | None: ...
    def replace(self, document: Document) -> None:
        """Store the changed document and set the mirrored workflow state to ``document.state``."""

    def draft(self, document_id: str) -> Draft: ...
    def save_draft(self, draft: Draft) -> None: ...
    def add_version(self, version: Version) -> None: ...
    def version(self, document_id: str, number: int) -> Version | None: ...
    def replace_version(self, version: Version) -> None:
        """For copies, the archive's revisions and ``corrected`` only; raises ``TillidError`` if anything else differs from what is stored."""

    def keep_draft(self, earlier: EarlierDraft) -> None:
        """Store it under the document's next number; write-once."""

    def earlier_drafts(self, document_id: str) -> Sequence[EarlierDraft]:
        """Oldest first."""

    def of_child(self, child_id: str) -> Sequence[Document]: ...
    def of_unit(self, unit_id: str) -> Sequence[Document]:
        """Documents whose sending unit it is."""

    def to_unit(self, unit_id: str) -> Sequence[Document]:
        """Documents whose receiving unit it is."""

    def of_round(self, round_id: str) -> Sequence[Document]: ...
    def ids(self) -> Iterable[str]: ...


class Ledger(Protocol):
    """Append-only events, bucketed per child; evidence attached once per event and kind (design 15, R-21)."""

    def append(self, event: Event) -> None:
        """Store it. Raises ``TillidError`` (``ledger.conflict``) unless it follows its series; touches the child's bucket
        so that two transactions appending for one child cannot both commit."""

    def event(self, event_id: str) -> Event | None: ...
    def of_document(self, document_id: str) -> list[Event]:
        """In the order appended."""

    def of_child(self, child_id: str) -> list[Event]: ...
    def series(self, series_id: str) -> list[Event]: ...
    def of_request(self, request_id: str) -> list[Event]: ...
    def attach(self, event_id: str, kind: str, data: bytes) -> bool:
        """Attach evidence; ``False`` if that kind is there already (nothing is replaced)."""

    def attachments(self, event_id: str) -> dict[str, bytes]: ...


class People(Protocol):
    """Register of units, staff, children and parents. CPR numbers are encrypted inside and leave only by ``unmask_cpr``."""

    def organigram(self) -> Organigram: ...
    def unit(self, unit_id: str) -> Unit | None: ...
    def staff(self, staff_id: str) -> Staff | None: ...
    def staff_by_username(self, username: str) -> Staff | None: ...
    def all_staff(self) -> Sequence[Staff]: ...
    def child(self, child_id: str) -> Child | None: ...
    def children_of_unit(self, unit_id: str) -> Sequence[Child]: ...
    def children_of_holder(self, person_id: str, moment: datetime) -> Sequence[Child]: ...
    def parent(self, person_id: str) -> Parent | None: ...
    def parents(self) -> Sequence[Parent]: ...
    def masked_cpr(self, person_id: str) -> str: ...
    def unmask_cpr(self, person_id: str) -> str:
        """Ten digits; the caller has written the audit row first (R-111)."""

    def protected_addresses(self, child_id: str) -> Sequence[str]:
        """The addresses of the child and of everybody who holds or held custody of it, as far as they are protected; for
        keeping them out of texts, and for nothing else (R-37)."""

    def custody(self, child_id: str) -> Custody:
        """Raises ``Unavailable`` when the register does not answer (then nothing is released, R-33)."""

    def rounds_of_unit(self, unit_id: str) -> Sequence[Round]: ...
    def round(self, round_id: str) -> Round | None: ...
    # loading and upkeep
    def put_unit(self, unit: Unit) -> None: ...
    def put_staff(self, staff: Staff) -> None: ...
    def put_child(self, child: Child, cpr: str, custody: Custody) -> None: ...
    def put_parent(self, parent: Parent, cpr: str) -> None: ...
    def put_address(self, person_id: str, address: str) -> None:
        """Kept encrypted, and only to keep it out of texts; an empty address forgets it."""

    def put_custody(self, custody: Custody) -> None: ...
    def put_round(self, round: Round) -> None: ...


class Blobs(Protocol):
    """Write-once bytes by their SHA-256, fsynced before the commit is acknowledged (design 21)."""

    def put(self, data: bytes, media_type: str) -> str:
        """Returns the SHA-256; storing the same bytes twice keeps one."""

    def get(self, sha256: str) -> bytes | None: ...


class OutboxEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of work remembered with the transaction that made it necessary. Holds ids only (design 6).

    ``key``: ``<step>:<subject id>[:<more>]``: the same key twice is one entry. ``dead``: gave up, shown to the
    administrator. ``done_at``: kept a while so that a repeat is recognised.
    """

    key: str
    step: str
    ids: dict[str, str]
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    dead: bool = False
    last_error: str = ""


class Outbox(Protocol):
    """The memory of work to do; Celery is only the hands."""

    def add(self, step: str, ids: dict[str, str], now: datetime) -> OutboxEntry: ...
    def due(self, now: datetime, limit: int = 100) -> Sequence[OutboxEntry]: ...
    def get(self, key: str) -> OutboxEntry | None: ...
    def remove(self, key: str) -> None: ...
    def failed(self, key: str, error_code: str, now: datetime, *, may_die: bool = True) -> None:
        """Count the attempt, set the next due moment (back-off), mark dead after the last. A part that is away
        (``Unavailable``) may be away for days: then the work waits and does not die."""

    def pending(self) -> Sequence[OutboxEntry]: ...


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A message in a person's own list. ``text_id`` names a text without personal data; ``ids`` are for the link."""

    id: str
    to_person: str
    at: datetime
    text_id: str
    ids: dict[str, str] = {}


class Notices(Protocol):
    """In-app messages. Adding the same ``id`` twice is one message."""

    def add(self, notice: Notice) -> None: ...
    def of_person(self, person_id: str) -> Sequence[Notice]: ...


class AuditRow(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt or outcome (design 23, R-71). ``phase``: attempt | outcome; ``purpose``: code or the stated words;
    ``outcome``: ok | refused | failed, in the outcome row, which has the attempt's request id, action and object."""

    id: str
    phase: str
    at: datetime
    request_id: str
    person_id: str
    role: str
    action: str
    object_id: str
    child_id: str
    purpose: str
    outcome: str = ""


class Audit(Protocol):
    """Hash-chained log apart from the content; a row is on disk before ``write`` returns."""

    def write(self, *rows: AuditRow) -> None:
        """All or none; raises ``Unavailable`` (``audit.unavailable``) when they cannot be made durable."""

    def later(self, row: AuditRow) -> None:
        """Append ``row`` without waiting, for outcomes alone: the next ``write`` takes it along, a crash may lose it;
        never raises for a log that cannot be written."""

    def of_child(self, child_id: str, limit: int = 500) -> Sequence[AuditRow]: ...
    def export(self, child_id: str) -> Iterable[bytes]:
        """Every stored line about a child, byte for byte, each with its place in the chain."""

    def verify(self) -> list[str]:
        """Problems of the chain; empty when whole."""


class Seal(Protocol):
    """The platform's seal over a record (R-103: a seal, never a personal signature)."""

    def seal(self, record: bytes, moment: datetime) -> bytes:
        """The record with its enveloped signature. Raises ``Unavailable`` when the key cannot be used."""

    def check(self) -> None:
        """Whether the key can be used now, without sealing anything; raises what ``seal`` would."""


class AddedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to be added to a finished PDF; an ASCII ``name``, ``relationship`` as in ISO 19005-3 6.8."""

    name: str
    data: bytes
    media_type: str
    relationship: str
    description: str


class Renderer(Protocol):
    """``isolation``: how the program that renders is kept apart (``bwrap`` or ``none``)."""

    @property
    def isolation(self) -> str: ...
    def render(self, job: RenderJob) -> RenderedDocument: ...
    def append(self, pdf: bytes, files: Sequence[AddedFile], moment: datetime) -> bytes:
        """``pdf`` with ``files`` as one more revision: every earlier byte stays, the same input gives the same bytes.
        Raises ``TillidError``."""

    def template_digest(self, form_id: str, version: int) -> str: ...


class SearchIndex(Protocol):
    """The archive's full text (design 7). Writes are versioned; an older version never overwrites a newer.

    ``needs_rebuild``: it was begun anew and does not hold everything."""

    @property
    def needs_rebuild(self) -> bool: ...
    def put(self, entry: SearchEntry) -> None: ...
    def delete(self, document_id: str, version: int, sequence: int) -> None: ...
    def search(self, query: SearchQuery) -> SearchResult: ...
    def highlight(self, hit: SearchHit, query: SearchQuery) -> str: ...


class Exclusions(Protocol):
    """Documents that search must not show, written in the click's own transaction (decision 7, issue 7).

    ``cause``: the event that made the index old. Each event's own index step takes its own exclusion away, so that a step
    that read before a later click never shows the document again.
    """

    def add(self, document_id: str, cause: str) -> None: ...
    def remove(self, document_id: str, cause: str) -> None: ...
    def all(self) -> frozenset[str]: ...


class Previews(Protocol):
    """Rendered previews, for one person and half an hour, apart from the content (design 18). ``put`` does not wait for
    any transaction; the same ``id`` again replaces."""

    def put(self, person_id: str, data: bytes, media_type: str, now: datetime, id: str = "") -> str: ...
    def get(self, id: str, person_id: str, now: datetime) -> Any:
        """What was put (``data``, ``media_type``) if it is that person's and has not expired, else ``None``."""


class Presence(Protocol):
    """Who has which section of a draft open, for a minute, apart from the content (design 18). Ids only."""

    def mark(self, document_id: str, person_id: str, section: str, now: datetime) -> None: ...
    def of(self, document_id: str, now: datetime) -> dict[str, str]:
        """Person id → section."""


class Designs(Protocol):
    """Versions of forms in the making, and those published here (ADR 0024). ``mark``: changes with every publication and
    withdrawal; empty = there never was one."""

    def put(self, design: Design) -> None:
        """Store it as its revision; earlier revisions stay."""

    def get(self, design_id: str) -> Design | None: ...
    def revision(self, design_id: str, number: int) -> Design | None: ...
    def all(self) -> Sequence[Design]: ...
    def publish(self, form: PublishedForm) -> None:
        """Write-once; raises ``TillidError`` (``design.exists``) for a number that is taken."""

    def published(self) -> Sequence[PublishedForm]: ...
    def publish_addition(self, addition: PublishedAddition) -> None:
        """Write-once, as ``publish``."""

    def published_additions(self) -> Sequence[PublishedAddition]: ...
    def withdraw(self, withdrawal: Withdrawal) -> None: ...
    def take_back(self, form: str, version: int) -> None:
        """Forget a withdrawal."""

    def withdrawn(self) -> Sequence[Withdrawal]: ...
    @property
    def mark(self) -> bytes: ...


class Choices(Protocol):
    """What the municipality has chosen of its settings (``forms/settings.py``, ADR 0022). ``raw``: changes with every choice,
    empty = nothing was ever chosen."""

    @property
    def raw(self) -> bytes: ...
    def stored(self) -> dict[str, Any]:
        """Setting → its whole value, of those chosen."""

    def put(self, setting: str, value: Any, changed: Changed) -> None: ...
    def forget(self, setting: str, changed: Changed) -> None: ...
    def changes(self) -> dict[str, Changed]:
        """Setting → who changed it last, and when; also of those set back to the default."""


class EventLog(Protocol):
    """The Merkle log of event digests (design 4, 21)."""

    def enter(self, digest: str) -> int:
        """The place of ``digest`` (SHA-256, hexadecimal), on disk when this returns; the same digest twice is one leaf.
        Raises ``Unavailable``."""

    def place(self, digest: str) -> int | None:
        """Where it stands; ``None`` if it was never entered."""


class CleanFile(msgspec.Struct, frozen=True, kw_only=True):
    """An uploaded file as it may be stored."""

    media_type: str
    data: bytes


class Uploads(Protocol):
    def cleaned(self, data: bytes) -> CleanFile:
        """What a person sent, as it may be stored. Raises ``TillidError`` with the reason when it is refused."""


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
    smallest_group_shown: int = 5
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
    search: SearchIndex
    renderer: Renderer
    previews: Previews
    presence: Presence
    designs: Designs
    choices: Choices
    uploads: Uploads
    event_log: EventLog
    request_id: str = ""
    granted: set[tuple[str, str, str]] = field(default_factory=set)
