"""A document is a random UUID with one working draft and versions 1..n, each an immutable snapshot (design 11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

State = Literal["draft", "shared", "signed", "submitted", "closed"]
Reader = Literal["author", "team", "parent", "receiver", "authority", "notifier", "archive", "insight", "kept"]


class DefinitionRef(msgspec.Struct, frozen=True, kw_only=True):
    """Which form version, pinned by the digest of its definition (design 20). ``overlay``: what was added to it where the
    document was begun (``forms/additions.py``), which is in the digest too; ``phase``: the one later phase of it that the document is
    (``forms/phases.py``), so is that."""

    form_id: str
    version: int
    digest: str
    overlay: str = ""
    phase: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """The version of another's document that a later phase of it was begun on (design 11). ``unit_id``: the place that wrote it."""

    document_id: str
    version: int
    unit_id: str
    definition: DefinitionRef


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a document apart from its texts.

    ``number``: short, for people on paper, tells nothing (``TD-7F3K2Q``). ``unit_id``: the sending unit. ``author``:
    who began it; the only reader of an individual trivselsskema until its round opens (design 25). ``round_id``: the
    round of a trivselsskema, else ``None``. ``receiver_unit_id`` is known once the transition's receiver is chosen.
    ``attested_version``: the newest that a leader has locked; ``shared_version``: the newest given to the parents.
    ``source``: of a receiver's own document, what it follows on.
    """

    id: str
    number: str
    child_id: str
    unit_id: str
    definition: DefinitionRef
    variant: str
    state: State
    created_at: datetime
    author: str
    receiver_unit_id: str | None = None
    basis: str | None = None
    round_id: str | None = None
    versions: int = 0
    agreed_version: int | None = None
    named_readers: tuple[str, ...] = ()
    attested_version: int | None = None
    shared_version: int | None = None
    source: Source | None = None


class DraftField(msgspec.Struct, frozen=True, kw_only=True):
    """One field's newest text. ``revision`` counts the field's own changes; ``by`` is a person id. ``with_holder``: of a
    kept text, in whose talk it was written. ``page`` and ``turn``: from which open page it came, and as which of its
    requests; empty without JavaScript."""

    value: Any
    revision: int
    by: str
    side: Literal["professional", "parent"]
    at: datetime
    with_holder: str | None = None
    page: str = ""
    turn: int = 0


class WrittenFor(msgspec.Struct, frozen=True, kw_only=True):
    """Words a professional wrote for a parent in a talk ("skrevet sammen med"), until the parent confirms them."""

    by: str
    with_holder: str
    revision: int
    confirmed_at: datetime | None = None


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """What stood in a field before its last change. ``by``: whose change it was, who alone may take it back, and only
    while the field still has ``revision``. ``written_for``: whose confirmation those words waited for."""

    value: Any
    by: str
    revision: int
    written_for: tuple[WrittenFor, ...] = ()


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """Why a soft warning was let be. ``digest``: SHA-256 of the answers it was about; others make it stand again."""

    reason: str
    by: str
    at: datetime
    digest: str


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The working text, field by field. ``kept``: texts that lost a race, kept until their writer has chosen;
    ``written_for``: one for each holder whose words a field holds (``documents/talks.py``); ``undo``: per field;
    ``overridden``: per soft rule of the definition; ``form``: the digest of the definition that the draft was moved to,
    empty as long as it never was."""

    document_id: str
    fields: dict[str, DraftField] = {}
    kept: dict[str, tuple[DraftField, ...]] = {}
    written_for: dict[str, tuple[WrittenFor, ...]] = {}
    agreed_by: dict[str, str] = {}
    undo: dict[str, Undo] = {}
    overridden: dict[str, Override] = {}
    form: str = ""

    @property
    def answers(self) -> dict[str, Any]:
        """Field id → value, as the forms engine takes them."""
        return {field_id: field.value for field_id, field in self.fields.items()}


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A rendered PDF for one reader: what is in it, only that reader may see (design 16)."""

    reader: Reader
    sha256: str
    size: int
    pages: int
    template_digest: str
    made_at: datetime


class ArchiveRevision(msgspec.Struct, frozen=True, kw_only=True):
    """What was added to the archive's copy after it was rendered. ``key``: the event whose record it is, or ``attachments``;
    ``sha256`` and ``size``: of the whole file with it; ``tail``: SHA-256 of the bytes it added."""

    key: str
    sha256: str
    size: int
    tail: str
    made_at: datetime


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """An immutable snapshot. ``copies`` are added once each when rendered, never replaced; so are ``archive_revisions``.

    ``receiver_copies``: key is the digest of the released item set, so that a narrower release is a new file.
    """

    document_id: str
    number: int
    agreed: bool
    definition: DefinitionRef
    answers: dict[str, Any]
    answers_digest: str
    frozen_at: datetime
    frozen_by: str
    corrected: bool = False
    copies: dict[str, Copy] = {}
    receiver_copies: dict[str, Copy] = {}
    archive_revisions: tuple[ArchiveRevision, ...] = ()
