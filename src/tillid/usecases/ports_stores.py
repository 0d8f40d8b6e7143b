"""What the use cases keep, and where they look it up: the repositories of ``ports.py``.

Every method works inside the caller's transaction; nothing is visible to others before it commits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from tillid.archive.fixity import Fixity
from tillid.archive.saved import SavedSearch
from tillid.archive.tombstone import Tombstone
from tillid.consents.custody import Custody
from tillid.consents.events import Event
from tillid.consents.restored import LookedAt, Restored
from tillid.documents.earlier import EarlierDraft
from tillid.documents.model import Document, Draft, Version
from tillid.documents.templates import Proposal, Publication
from tillid.forms.designs import Design, PublishedAddition, PublishedForm, Withdrawal
from tillid.forms.settings import Changed
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

    def leave_files(self, document_id: str, digests: Iterable[str]) -> None:
        """These files were sent for the draft; those that do not stand in it are remembered, to go with the document."""

    def left_files(self, document_id: str) -> Collection[str]:
        """Digests of files that once stood in the draft or were sent for it, and stand in it no more."""

    def earlier_drafts(self, document_id: str) -> Sequence[EarlierDraft]:
        """Oldest first."""

    def of_child(self, child_id: str) -> Sequence[Document]: ...
    def ids_of_unit(self, unit_id: str) -> Iterable[str]:
        """In no order that says anything; nothing is read."""

    def of_unit(self, unit_id: str) -> Sequence[Document]:
        """Documents whose sending unit it is."""

    def to_unit(self, unit_id: str) -> Sequence[Document]:
        """Documents whose receiving unit it is."""

    def of_round(self, round_id: str) -> Sequence[Document]: ...
    def by_number(self, number: str) -> Document | None:
        """The document with that number, as people read it to each other on the telephone."""

    def ids(self, after: str = "") -> Iterable[str]:
        """In order; those that follow ``after``."""

    def mentions(self, text: str) -> bool:
        """Whether any document that is there holds ``text``, a file's digest."""

    def destroy(self, stone: Tombstone, *, again: bool = False) -> None:
        """Nothing but ``stone`` is left of it. Raises ``TillidError`` (``keeping.not-free``) unless the ledger allows it;
        ``again``: it was destroyed before, and an older backup brought it back."""

    def tombstone(self, document_id: str) -> Tombstone | None: ...
    def keep_tombstone(self, stone: Tombstone) -> None:
        """The same with what has become of its evidence since."""

    def destroyed(self) -> Iterable[str]:
        """Ids of all that have a tombstone."""

    def tombstones_of_unit(self, unit_id: str) -> Sequence[Tombstone]:
        """Newest first."""

    def unpacked(self) -> Sequence[str]:
        """Destroyed documents whose texts the storage's files may still hold."""

    def packed(self, ids: Iterable[str]) -> None:
        """The files were written anew without these."""


class Ledger(Protocol):
    """Append-only events, bucketed per child; evidence attached once per event and kind (design 15, R-21)."""

    def append(self, event: Event) -> None:
        """Store it. Raises ``TillidError`` (``ledger.conflict``) unless it follows its series; touches the child's bucket
        so that two transactions appending for one child cannot both commit."""

    def event(self, event_id: str) -> Event | None: ...
    def of_document(self, document_id: str) -> list[Event]:
        """In the order appended."""

    def of_child(self, child_id: str) -> list[Event]: ...
    def children(self, after: str = "") -> Iterable[str]:
        """Ids of all who have events, in one order that stays; those that follow ``after``."""

    def stored(self, child_id: str) -> Iterable[tuple[str, bytes]]:
        """Each event's id and its bytes as they are stored."""

    def names_scan(self, digest: str) -> bool:
        """Whether an event names that file as the scan of an answer on paper."""

    def series(self, series_id: str) -> list[Event]: ...
    def of_request(self, request_id: str) -> list[Event]: ...
    def open_holds(self) -> list[Event]:
        """The events that placed the holds that stand, oldest first."""

    def open_orders(self) -> list[str]:
        """The documents whose destruction was asked for and neither given up nor done; an order that no longer counts may be among
        them."""

    def attach(self, event_id: str, kind: str, data: bytes) -> bool:
        """Attach evidence; ``False`` if that kind is there already (nothing is replaced)."""

    def attachments(self, event_id: str) -> dict[str, bytes]: ...
    def forget(self, document_id: str, stays: Collection[str]) -> None:
        """The document's events but those of the kinds in ``stays`` give way to their digests, with all their evidence."""


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
    def children_with_mitid(self) -> Sequence[Child]:
        """Those who can log in themselves, whatever their age; for the declared test login alone."""

    def parent(self, person_id: str) -> Parent | None: ...
    def parents(self) -> Sequence[Parent]: ...
    def person_by_cpr(self, cpr: str) -> str | None:
        """The id of the child or parent with that number, in any usual spelling."""

    def masked_cpr(self, person_id: str) -> str: ...
    def unmask_cpr(self, person_id: str) -> str:
        """Ten digits; the caller has written the audit row first (R-111)."""

    def protected_addresses(self, child_id: str) -> Sequence[str]:
        """The addresses of the child and of everybody who holds or held custody of it, as far as they are protected; for
        keeping them out of texts, and for nothing else (R-37)."""

    def known_addresses(self, child_id: str) -> Sequence[str]:
        """Those of the same people that the register has, protected or not; for pointing at them before somebody gets insight."""

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
    def holds(self, sha256: str) -> bool: ...
    def remove(self, sha256: str) -> None:
        """For what is destroyed alone."""

    def digests(self, after: str = "") -> Iterable[str]:
        """In order; those that follow ``after``."""

    def fixity(self) -> Fixity | None:
        """How far all was read again, and what was found; ``None`` before the first reading."""

    def keep_fixity(self, state: Fixity) -> None: ...


class Exclusions(Protocol):
    """Documents that search must not show, written in the click's own transaction (decision 7, issue 7).

    ``cause``: the event that made the index old. Each event's own index step takes its own exclusion away, so that a step
    that read before a later click never shows the document again.
    """

    def add(self, document_id: str, cause: str) -> None: ...
    def remove(self, document_id: str, cause: str) -> None: ...
    def all(self) -> frozenset[str]: ...


class SavedSearches(Protocol):
    """Searches that archivists keep (ADR 0054). Whose they are the use cases ask."""

    def put(self, saved: SavedSearch) -> None: ...
    def get(self, search_id: str) -> SavedSearch | None: ...
    def of_person(self, person_id: str) -> Sequence[SavedSearch]: ...
    def all(self) -> Sequence[SavedSearch]: ...
    def remove(self, search_id: str) -> None: ...


class Restorations(Protocol):
    """Which backups were put back, and what was confirmed of each as a whole (ADR 0082)."""

    def all(self) -> Sequence[Restored]:
        """Oldest first."""

    def look_at(self, restored_id: str, looked_at: LookedAt) -> None:
        """Once; the first who looked stays."""


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


class Templates(Protocol):
    """Templates of the municipality's own (ADR 0033); their bytes lie in ``Blobs``."""

    def put(self, proposal: Proposal) -> None: ...
    def get(self, proposal_id: str) -> Proposal | None: ...
    def of(self, form: str, version: int) -> Sequence[Proposal]:
        """Newest first."""

    def publish(self, publication: Publication) -> None:
        """Write-once; raises ``TillidError`` (``template.exists``) for a number that is taken."""

    def published(self, form: str) -> Sequence[Publication]:
        """Of all versions of the form; of each the oldest first."""

    def publications(self) -> Iterable[Publication]:
        """Of all forms."""


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
