"""What the use cases have done for them: work to remember, messages, logs, the seal, documents, search, files from outside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from tillid.archive.query import SearchEntry, SearchHit, SearchQuery, SearchResult
from tillid.documents.boxes import Box
from tillid.documents.rendering import RenderedDocument, RenderJob
from tillid.documents.templates import Finding
from tillid.signatures.receipt import LogProof


class OutboxEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of work remembered with the transaction that made it necessary. Holds ids only (design 6).

    ``key``: ``<step>:<subject id>[:<more>]`` (``outbox_key``): the same key twice is one entry. ``dead``: gave up, shown to the
    administrator with ``last_error``, a code, and ``why``, what a document was refused for.
    """

    key: str
    step: str
    ids: dict[str, str]
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    dead: bool = False
    last_error: str = ""
    why: str = ""


def outbox_key(step: str, ids: Mapping[str, str]) -> str:
    """The key of the entry for ``step`` with ``ids``, in their order."""
    return ":".join((step, *ids.values()))


class Outbox(Protocol):
    """The memory of work to do; Celery is only the hands."""

    def add(self, step: str, ids: dict[str, str], now: datetime) -> OutboxEntry: ...
    def due(self, now: datetime, limit: int = 100) -> Sequence[OutboxEntry]: ...
    def get(self, key: str) -> OutboxEntry | None: ...
    def remove(self, key: str) -> None: ...
    def failed(self, key: str, error_code: str, now: datetime, *, may_die: bool = True, why: str = "") -> None:
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

    def head(self) -> tuple[int, str]:
        """Number and digest of the last row."""

    @property
    def operators(self) -> OperatorLog: ...
    def verify(self) -> list[str]:
        """Problems of the chain; empty when whole."""

    def forget_before(self, before: datetime, held: Callable[[AuditRow], bool], told: Callable[[str], AuditRow]) -> int:
        """Destroy the rows from before ``before`` that are not ``held``; the chain goes on, and a row (``told``) says how many went.
        All or nothing. Returns how many. Raises ``Unavailable``, and ``TillidError`` where that part is damaged."""


class OperatorLog(Protocol):
    """What the operators' commands wrote, in a log of its own, as it is now."""

    def about(self, id: str) -> Sequence[AuditRow]:
        """Rows whose object or child it is, oldest first."""

    def lines_of(self, child_id: str) -> tuple[Sequence[bytes], int, str]:
        """Every stored line about a child, and number and digest of the log's last."""


class Seal(Protocol):
    """The platform's seal over a record (R-103: a seal, never a personal signature)."""

    def seal(self, record: bytes, moment: datetime) -> bytes:
        """The record with its enveloped signature. Raises ``Unavailable`` when the key cannot be used."""

    def check(self) -> None:
        """Whether the key can be used now, without sealing anything; raises what ``seal`` would."""


class TimeStamper(Protocol):
    """An authority of its own that says when something existed (RFC 3161)."""

    def stamp(self, imprint: str, algorithm: str = "sha256") -> bytes:
        """A token over the digest ``imprint`` by ``algorithm``, checked. Raises ``Unavailable`` (``tsa.unavailable``) while nobody answers,
        ``TillidError`` (``tsa.wrong-answer``) when what they answer proves nothing."""


class AddedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file to be added to a finished PDF; an ASCII ``name``, ``relationship`` as in ISO 19005-3 6.8."""

    name: str
    data: bytes
    media_type: str
    relationship: str
    description: str


class TemplateTools(Protocol):
    """What is asked about a template and its documents before it is used; a file from outside is opened apart."""

    def lint(
        self, docx: bytes, *, fields: Mapping[str, str], elsewhere: Mapping[str, str], form: str
    ) -> tuple[Finding, ...]: ...
    def pictures(self, pdf: bytes) -> list[bytes]: ...
    def texts(self, pdf: bytes) -> tuple[str, str]:
        """What stands on the pages, and all that the file holds."""


class Renderer(Protocol):
    """``isolation``: how the program that renders is kept apart (``bwrap`` or ``none``)."""

    @property
    def isolation(self) -> str: ...
    def render(self, job: RenderJob) -> RenderedDocument: ...
    def append(self, pdf: bytes, files: Sequence[AddedFile], moment: datetime) -> bytes:
        """``pdf`` with ``files`` as one more revision: every earlier byte stays, the same input gives the same bytes.
        Raises ``TillidError``."""

    def pictures(self, pdf: bytes, pages: Sequence[int]) -> Sequence[bytes]:
        """Those pages (from 1) of a PDF of ours as PNG, for where no PDF can be shown. Raises ``TillidError``."""

    def template_digest(self, form_id: str, version: int, own: bytes = b"") -> str: ...
    def template_file(self, form_id: str, version: int) -> tuple[int, bytes]:
        """The program's own template: the form version it was made for, and its docx. Raises ``TillidError``."""

    @property
    def tools(self) -> TemplateTools: ...


class SearchIndex(Protocol):
    """The archive's full text (design 7). Writes are versioned; an older version never overwrites a newer.

    ``needs_rebuild``: it was begun anew and does not hold everything."""

    @property
    def needs_rebuild(self) -> bool: ...
    def put(self, entry: SearchEntry) -> None: ...
    def delete(self, document_id: str, version: int, sequence: int) -> None: ...
    def search(self, query: SearchQuery) -> SearchResult:
        """Raises ``QueryRefused``, ``Unavailable``."""

    def excerpts(self, hits: Sequence[SearchHit], query: SearchQuery) -> tuple[str, ...]:
        """One for each hit. Write the audit rows first. Raises ``Unavailable``."""


class Previews(Protocol):
    """What was made for one person, for half an hour or ``life``, apart from the content (design 18): rendered previews, and
    orders of many documents. ``put`` does not wait for any transaction; the same ``id`` again replaces."""

    def put(
        self,
        person_id: str,
        data: bytes,
        media_type: str,
        now: datetime,
        id: str = "",
        life: timedelta = ...,
        *,
        of: str = "",
    ) -> str:
        """``of``: the document whose text it holds; of one that is destroyed nothing is kept."""

    def get(self, id: str, person_id: str, now: datetime) -> Any:
        """What was put (``data``, ``media_type``) if it is that person's and has not expired, else ``None``."""

    def holds(self, id: str, person_id: str, now: datetime) -> bool:
        """Whether ``get`` would find it; reads none of its bytes."""

    def drop(self, id: str) -> None:
        """Forget it at once; nothing happens if it is gone."""

    def forget_text(self, documents: Collection[str], now: datetime) -> None:
        """Forget whatever holds text of those documents, also what is still being made."""


class Presence(Protocol):
    """Who has which section of a draft open, for a minute, apart from the content (design 18). Ids only."""

    def mark(self, document_id: str, person_id: str, section: str, now: datetime) -> None: ...
    def of(self, document_id: str, now: datetime) -> dict[str, str]:
        """Person id → section."""


class EventLog(Protocol):
    """The Merkle log of event digests (design 4, 21)."""

    def enter(self, digest: str) -> int:
        """The place of ``digest`` (SHA-256, hexadecimal), on disk when this returns; the same digest twice is one leaf.
        Raises ``Unavailable``."""

    @property
    def size(self) -> int:
        """How many leaves there are."""

    def place(self, digest: str) -> int | None:
        """Where it stands; ``None`` if it was never entered."""

    def problems(self, *, pace: Callable[[], None] = ...) -> Iterable[str]:
        """What of its files is not what its leaves and its signed head say; ``pace`` is called often."""

    def vouch(self, kind: str, count: int, digest: str) -> bytes:
        """A note of the log's key over ``digest`` that is no head of the log: its first line ends with ``kind``."""

    def proof(self, digest: str) -> LogProof | None:
        """The way from ``digest`` to the newest head that was signed; ``None`` until one holds it (at most a sweep later)."""


class CleanFile(msgspec.Struct, frozen=True, kw_only=True):
    """An uploaded file as it may be stored. ``pages``: the words on each page, at most so many; ``unread``: it shows something that
    no words were read from, as a photograph and a scanned page do."""

    media_type: str
    data: bytes
    pages: tuple[str, ...] = ()
    unread: bool = False


class PageLook(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a stored file as PNG. ``cells``: with the cells and the outlines of the boxes over it; ``given``: with the boxes burned
    in, empty if there are none; ``pages``: how many it has."""

    cells: bytes
    given: bytes
    pages: int


class Uploads(Protocol):
    def cleaned(self, data: bytes) -> CleanFile:
        """What a person sent, as it may be stored. Raises ``TillidError`` with the reason when it is refused."""

    def look_through(self, data: bytes) -> None:
        """Only for viruses: what is no attachment. Raises as ``cleaned``."""

    def look_at(self, data: bytes, page: int, boxes: Iterable[Box]) -> PageLook:
        """A page (from 1) of a stored file. Raises ``NotFound`` when there is no such page, ``TillidError`` when it cannot be drawn."""

    def burned(self, data: bytes, boxes: Iterable[Box]) -> bytes:
        """The whole file with nothing left of what is under ``boxes``; the same bytes for the same. Raises as ``look_at``."""
