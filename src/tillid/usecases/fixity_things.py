"""What there is to be read again, in one order, and what is wrong with one of it.

``beside:…`` (files beside the database), ``blob:…``, ``document:…``, ``form:…`` (published here), ``imported:…``, ``ledger:…`` (a
child's), ``template:…`` (taken into use here).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from tillid.archive.tombstone import Tombstone
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError
from tillid.usecases.destroy import attached
from tillid.usecases.fixity_ledger import Found, look_at_child
from tillid.usecases.ports_fixity import FixityParts, Pace, Stored

IMPORTED, LEDGER = "imported:", "ledger:"
DESTROYED, LOG = "destroyed", "log"


def things(stored: Stored, parts: FixityParts, after: str) -> Iterator[str]:
    """All that follow ``after``, in order."""
    for kind, names in _KINDS:
        if after < f"{kind};":  # which follows "kind:…"
            prefix = f"{kind}:"
            last = after.removeprefix(prefix) if after.startswith(prefix) else ""
            yield from (prefix + name for name in names(stored, parts, last))


def counted(stored: Stored, parts: FixityParts) -> tuple[int, int]:
    """How many things there are, and how many of them came from others."""
    count = imported = 0
    for thing in things(stored, parts, ""):
        count, imported = count + 1, imported + thing.startswith(IMPORTED)
    return count, imported


def look_at(stored: Stored, thing: str, parts: FixityParts, moment: datetime, leaves: int, pace: Pace) -> Found:
    """What is wrong with it. Nothing that is damaged stops the reading: that it cannot be read is a finding."""
    kind, _, name = thing.partition(":")
    try:
        if kind == "ledger":
            return look_at_child(stored, name, parts, moment, leaves, pace)
        how, size = _look(stored, kind, name, parts, pace)
    except TillidError as error:
        how, size = error.code, 0
    except Exception:  # the storage's own words for a torn record are many
        how, size = "fixity.unreadable", 0
    return Found(damages={named(thing): how} if how else {}, size=size)


def named(thing: str) -> str:
    """As the administrator reads it: a child's id is nobody's to know there (R-71)."""
    return LEDGER + json_digest(thing)[:16] if thing.startswith(LEDGER) else thing


def _look(stored: Stored, kind: str, name: str, parts: FixityParts, pace: Pace) -> tuple[str, int]:
    if kind == "blob":
        data = stored.blobs.get(name)
        return "", len(data) if data is not None else 0  # destroyed meanwhile
    if kind == "document":
        return _document(stored, name), 0
    if kind == "imported" and stored.imported is not None:
        return "", stored.imported.read_again(name)
    if kind == "form":
        return next((_form(one) for known, one in _published(stored) if known == name), ""), 0
    if kind == "template":
        wanted = {one.sha256 for one in stored.templates.publications() if _template(one) == name} - {""}
        return "" if all(map(stored.blobs.holds, wanted)) else "fixity.template", 0
    if name == LOG:
        return ("fixity.log" if any(stored.event_log.problems(pace=pace)) else ""), 0
    if name == DESTROYED:
        return _destroyed(stored, parts.destroyed()), 0
    return parts.look_at(name, pace)


def _document(stored: Stored, document_id: str) -> str:
    document = stored.documents.get(document_id)
    if document is None:
        return ""
    told = _told(event.payload for event in stored.ledger.of_document(document_id))
    for number in range(1, document.versions + 1):
        version = stored.documents.version(document_id, number)
        if version is None or {json_digest(version.answers), *told.get(number, ())} != {version.answers_digest}:
            return "fixity.answers"
        copies = [*version.copies.values(), *version.receiver_copies.values()]
        names = [*(one.sha256 for one in copies), *(one.tail for one in version.archive_revisions)]
        if not all(map(stored.blobs.holds, names)):
            return "fixity.copy-missing"
    return "" if all(map(stored.blobs.holds, attached(stored, document))) else "fixity.attachment-missing"


def _told(payloads: Iterable[dict[str, Any]]) -> dict[int, set[str]]:
    """Number of a version → the digests of its answers that the document's events name: what was asked and attested about."""
    found: dict[int, set[str]] = {}
    for payload in payloads:
        about = payload.get("document")
        if isinstance(about, dict) and isinstance(digest := about.get("answers_digest"), str):
            found.setdefault(int(about.get("version", 0)), set()).add(digest)
    return found


def _form(one: Any) -> str:
    return "" if json_digest(one.data) == one.digest else "fixity.form"


def _destroyed(stored: Stored, listed: Iterable[Tombstone]) -> str:
    """The list beside the database against the tombstones in it: of each document the newest line, and a line for each whose texts have
    left the files."""
    newest = {stone.id: stone for stone in listed}
    waiting = frozenset(stored.documents.unpacked())
    for id_ in {*newest, *stored.documents.destroyed()} - waiting:
        line, stone = newest.get(id_), stored.documents.tombstone(id_)
        if line is None or stone is None or _said(line) != _said(stone):
            return "fixity.destroyed"
    return ""


def _said(stone: Tombstone) -> Tombstone:
    """Without what becomes of its evidence later."""
    return msgspec.structs.replace(stone, evidence_due=None, evidence_gone=None)


def _published(stored: Stored) -> list[tuple[str, Any]]:
    forms = [(f"{one.form}/v{one.version}", one) for one in stored.designs.published()]
    return [*forms, *((f"overlays/{one.name}", one) for one in stored.designs.published_additions())]


def _template(one: Any) -> str:
    return f"{one.form}/v{one.version}/{one.number}"


def _after(names: Iterable[str], last: str) -> list[str]:
    return [name for name in sorted(set(names)) if name > last]


_KINDS: tuple[tuple[str, Callable[[Stored, FixityParts, str], Iterable[str]]], ...] = (
    ("beside", lambda stored, parts, last: _after([*parts.names(), LOG], last)),
    ("blob", lambda stored, parts, last: stored.blobs.digests(last)),
    ("document", lambda stored, parts, last: stored.documents.ids(last)),
    ("form", lambda stored, parts, last: _after((name for name, _ in _published(stored)), last)),
    ("imported", lambda stored, parts, last: stored.imported.ids(last) if stored.imported is not None else ()),
    ("ledger", lambda stored, parts, last: stored.ledger.children(last)),
    ("template", lambda stored, parts, last: _after(map(_template, stored.templates.publications()), last)),
)
