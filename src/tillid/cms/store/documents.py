"""Documents, drafts and versions in the ZODB (design 11, 21)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, MutableMapping, Sequence
from typing import Any, Protocol

import msgspec
from BTrees.IOBTree import IOBTree
from BTrees.OOBTree import OOBTree
from persistent import Persistent

from tillid.archive.drafts import written_by_others
from tillid.archive.tombstone import Tombstone
from tillid.cms.store.destroyed import Tombstones, refuse_unless_free
from tillid.cms.store.file_users import OF_DOCUMENTS, FileUsers, digests_in, digests_in_draft
from tillid.cms.store.ledger import ZodbLedger
from tillid.cms.store.records import Index, Record, branch, decode, encode, keys_after
from tillid.documents.earlier import EarlierDraft
from tillid.documents.model import Document, Draft, Version
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.once import Once

# Found by the very bytes that are stored, so that a new copy of one, or damage, is another; its answers are changed by nobody.
_VERSIONS: Once[Version] = Once(256)
_LEFT = "left_files"  # made with the first
_FILE = re.compile(rb'"sha256":"([0-9a-f]{64})"')  # as a draft is written; within a text the quotes would be escaped


def _files_in(data: bytes) -> set[str]:
    return {digest.decode() for digest in _FILE.findall(data)}


class Shelf(Protocol):
    """Where the holder objects of documents stand.

    A holder is a persistent object with the attributes ``facts`` (JSON bytes of the ``Document``), ``draft``
    (``Record``) and ``versions`` (number → ``Record``).
    """

    def get(self, document_id: str) -> Any | None: ...
    def add(self, document_id: str, facts: bytes, draft: Record, versions: IOBTree) -> Any: ...
    def mirror(self, holder: Any, state: str) -> None:
        """Show the state where people of the house expect it; never read for access (design 13)."""

    def remove(self, document_id: str) -> None:
        """Take it down; asked by ``ZodbDocuments.destroy`` alone."""

    def ids(self, after: str = "") -> Iterable[str]: ...


class Holder(Persistent):
    """A document on the plain shelf."""

    def __init__(self, facts: bytes, draft: Record, versions: IOBTree) -> None:
        self.facts = facts
        self.draft = draft
        self.versions = versions


class PlainShelf:
    """Holders in a BTree, without Plone."""

    def __init__(self, tree: OOBTree) -> None:
        self._tree = tree

    def get(self, document_id: str) -> Holder | None:
        return self._tree.get(document_id)

    def add(self, document_id: str, facts: bytes, draft: Record, versions: IOBTree) -> Holder:
        holder = self._tree[document_id] = Holder(facts, draft, versions)
        return holder

    def mirror(self, holder: Any, state: str) -> None:
        """Nothing to mirror to."""

    def remove(self, document_id: str) -> None:
        del self._tree[document_id]

    def ids(self, after: str = "") -> Iterable[str]:
        return keys_after(self._tree, after)


class ZodbDocuments:
    """The port ``Documents``. Every list is ordered by creation, then id."""

    def __init__(self, root: MutableMapping[str, Any], shelf: Shelf) -> None:
        self._shelf, self._root = shelf, root
        self._by_child = Index(branch(root, "documents_by_child"))
        self._by_unit = Index(branch(root, "documents_by_unit"))
        self._by_receiver = Index(branch(root, "documents_by_receiver"))
        self._by_round = Index(branch(root, "documents_by_round"))
        self._numbers = branch(root, "documents_by_number")
        self._earlier = branch(root, "earlier_drafts")
        self._by_file = FileUsers(root, OF_DOCUMENTS)
        self._tombstones = Tombstones(root)
        self._events_of = ZodbLedger(root).of_document
        self.tombstone, self.tombstones_of_unit = self._tombstones.get, self._tombstones.of_unit
        self.keep_tombstone, self.destroyed = self._tombstones.put, self._tombstones.ids
        self.unpacked, self.packed = self._tombstones.unpacked, self._tombstones.packed

    def add(self, document: Document, draft: Draft) -> None:
        """Store a new document; raises ``TillidError`` (``documents.exists``) if the id or the number is taken."""
        if self._shelf.get(document.id) is not None or document.number in self._numbers:
            raise TillidError("the document's id or number is taken", code="documents.exists")
        self._numbers[document.number] = document.id
        holder = self._shelf.add(document.id, encode(document), Record(encode(draft)), IOBTree())
        self._reindex(None, document)
        self._by_file.add(digests_in_draft(draft, holder.draft.data), document.id)
        self._shelf.mirror(holder, document.state)

    def get(self, document_id: str) -> Document | None:
        holder = self._shelf.get(document_id)
        return None if holder is None else decode(holder.facts, Document)

    def replace(self, document: Document) -> None:
        holder = self._holder(document.id)
        before = decode(holder.facts, Document)
        if (before.child_id, before.number) != (document.child_id, document.number):
            raise TillidError("a document keeps its child and its number", code="documents.fixed")
        holder.facts = encode(document)
        self._reindex(before, document)
        if before.state != document.state:
            self._shelf.mirror(holder, document.state)

    def draft(self, document_id: str) -> Draft:
        """Raises ``NotFound`` for an unknown document."""
        return decode(self._holder(document_id).draft.data, Draft)

    def save_draft(self, draft: Draft) -> None:
        # The record of the draft alone is written: two who save at once conflict here, and the second reads again.
        record, data = self._holder(draft.document_id).draft, encode(draft)
        before, record.data = _files_in(record.data), data
        if before:
            self.leave_files(draft.document_id, before)
        self._by_file.add(digests_in_draft(draft, data), draft.document_id)

    def add_version(self, version: Version) -> None:
        """Store the next version; raises ``TillidError`` (``documents.version-order``) unless it follows the last."""
        versions = self._holder(version.document_id).versions
        last = versions.maxKey() if versions else 0
        if version.number != last + 1:
            raise TillidError(f"version {version.number} after {last}", code="documents.version-order")
        versions[version.number] = Record(encode(version))
        self._by_file.add(digests_in(version.answers), version.document_id)

    def version(self, document_id: str, number: int) -> Version | None:
        holder = self._shelf.get(document_id)
        record = None if holder is None else holder.versions.get(number)
        if record is None:
            return None
        data: bytes = record.data
        return _VERSIONS.get(data, lambda: decode(data, Version))

    def replace_version(self, version: Version) -> None:
        """Raises ``TillidError`` (``documents.version-frozen``) if more than new copies, new revisions of the archive's or
        ``corrected`` is changed."""
        record = self._holder(version.document_id).versions.get(version.number)
        if record is None:
            raise NotFound("no such version")
        before = decode(record.data, Version)
        changed = msgspec.structs.replace(
            before,
            corrected=version.corrected,
            copies={**version.copies, **before.copies},
            receiver_copies={**version.receiver_copies, **before.receiver_copies},
            archive_revisions=before.archive_revisions + version.archive_revisions[len(before.archive_revisions) :],
        )
        if changed != version:
            raise TillidError("a frozen part of a version would change", code="documents.version-frozen")
        record.data = encode(version)

    def keep_draft(self, earlier: EarlierDraft) -> None:
        """Store it for good; raises ``TillidError`` (``documents.version-order``) unless it follows the last."""
        kept = self._earlier.get(earlier.document_id)
        if kept is None:
            kept = self._earlier[earlier.document_id] = IOBTree()
        if earlier.number != len(kept) + 1:
            raise TillidError(f"earlier draft {earlier.number} after {len(kept)}", code="documents.version-order")
        kept[earlier.number] = record = Record(encode(earlier))
        self._by_file.add(digests_in_draft(earlier.draft, record.data), earlier.document_id)

    def leave_files(self, document_id: str, digests: Iterable[str]) -> None:
        known = self.left_files(document_id)
        if new := {*digests} - {*known} - _files_in(self._holder(document_id).draft.data):
            branch(self._root, _LEFT)[document_id] = tuple(sorted({*known, *new}))
            self._by_file.add(new, document_id)

    def left_files(self, document_id: str) -> Collection[str]:
        """Digests of files that once stood in the draft or were sent for it, and stand in it no more."""
        return self._root.get(_LEFT, {}).get(document_id, ())

    def earlier_drafts(self, document_id: str) -> Sequence[EarlierDraft]:
        return tuple(decode(record.data, EarlierDraft) for record in self._earlier.get(document_id, {}).values())

    def of_child(self, child_id: str) -> Sequence[Document]:
        return self._all(self._by_child.ids(child_id))

    def of_unit(self, unit_id: str) -> Sequence[Document]:
        return self._all(self._by_unit.ids(unit_id))

    def ids_of_unit(self, unit_id: str) -> Iterable[str]:
        return self._by_unit.ids(unit_id)

    def to_unit(self, unit_id: str) -> Sequence[Document]:
        return self._all(self._by_receiver.ids(unit_id))

    def of_round(self, round_id: str) -> Sequence[Document]:
        return self._all(self._by_round.ids(round_id))

    def ids(self, after: str = "") -> Iterable[str]:
        return self._shelf.ids(after)

    def mentions(self, text: str) -> bool:
        """Whether any document names ``text`` (a file's digest) in what it holds; those are read that are known to (ADR 0100)."""
        sought = text.encode()
        for document_id in self._by_file.of(text):
            if text in self.left_files(document_id) or any(sought in one.data for one in self._records(document_id)):
                return True
        return False

    def list_files(self) -> None:
        """Enter the files of every document anew (an upgrade step)."""
        self._by_file.begin_anew()
        for document_id in self._shelf.ids():
            self._by_file.add(self._files_of(document_id), document_id)
            for record in (*self._records(document_id), self._holder(document_id)):
                record._p_deactivate()  # all of them are more than memory holds

    def _files_of(self, document_id: str) -> set[str]:
        """All that whoever wrote it has entered for it."""
        holder, found = self._holder(document_id), {*self.left_files(document_id)}
        found |= digests_in_draft(decode(holder.draft.data, Draft), holder.draft.data)
        for record in holder.versions.values():
            found |= digests_in(decode(record.data, Version).answers)
        for record in self._earlier.get(document_id, {}).values():
            found |= digests_in_draft(decode(record.data, EarlierDraft).draft, record.data)
        return found

    def _records(self, document_id: str) -> tuple[Any, ...]:
        """Its draft, its versions, its earlier drafts."""
        holder = self._shelf.get(document_id)
        earlier = self._earlier.get(document_id, {}).values()
        return () if holder is None else (holder.draft, *holder.versions.values(), *earlier)

    def destroy(self, stone: Tombstone, *, again: bool = False) -> None:
        """Raises ``NotFree`` (``destroyed.py``), but for what came back ``again`` with a backup."""
        holder = self._holder(stone.id)
        if not again:
            document = decode(holder.facts, Document)
            never_shown = not holder.versions and document.state == "draft"
            never_shown = never_shown and not written_by_others(document, decode(holder.draft.data, Draft))
            refuse_unless_free(self._events_of(stone.id), draft=never_shown)
        for index, field in self._indexes():
            index.move(getattr(decode(holder.facts, Document), field), None, stone.id)
        self._by_file.drop(self._files_of(stone.id), stone.id)
        # Whoever holds the draft to write in it conflicts here, and finds no document when run again.
        holder.draft.data = b"{}"
        self._earlier.pop(stone.id, None)
        self._root.get(_LEFT, {}).pop(stone.id, None)
        self._shelf.remove(stone.id)
        self._tombstones.put(stone)

    def by_number(self, number: str) -> Document | None:
        return self.get(self._numbers.get(number, ""))

    def rebuild_numbers(self) -> None:
        """Enter every document into the lookup of ``by_number`` (an upgrade step)."""
        for document_id in self._shelf.ids():
            document = decode(self._holder(document_id).facts, Document)
            self._numbers[document.number] = document.id

    def _holder(self, document_id: str) -> Any:
        holder = self._shelf.get(document_id)
        if holder is None:
            raise NotFound("no such document")
        return holder

    def _all(self, ids: Iterable[str]) -> list[Document]:
        found = [decode(self._holder(one).facts, Document) for one in ids]
        return sorted(found, key=lambda document: (document.created_at, document.id))

    def _reindex(self, before: Document | None, after: Document) -> None:
        for index, field in self._indexes():
            index.move(getattr(before, field, None), getattr(after, field), after.id)

    def _indexes(self) -> tuple[tuple[Index, str], ...]:
        return (
            (self._by_child, "child_id"),
            (self._by_unit, "unit_id"),
            (self._by_receiver, "receiver_unit_id"),
            (self._by_round, "round_id"),
        )
