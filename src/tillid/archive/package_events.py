"""The events of a package, held against themselves: one line each in its stored form, linked by digests in series (design 4).

Read with less than ``consents.events`` asks: a package that a later Tillid has made may have kinds that this one does not know.
"""

from __future__ import annotations

from typing import Any

import msgspec

from tillid.consents.attestation import KIND as ATTESTED
from tillid.consents.events import broken_links
from tillid.consents.meeting import KINDS as MEETING
from tillid.consents.reception import KIND as RECEIVED
from tillid.consents.record_facts import KINDS as ANSWERS
from tillid.kernel.canonical import canonical_json, sha256
from tillid.kernel.ids import is_id

SEALED = frozenset({*ANSWERS.values(), ATTESTED, RECEIVED, *MEETING})
MAX_EVENTS = 100_000


class PastEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What links an event to the others. ``digest``: of the line; of a forgotten one, the digest that it had."""

    id: str
    series_id: str
    sequence: int
    previous: str | None
    kind: str
    document_id: str
    payload: dict[str, Any]
    digest: str = ""

    @property
    def sealed(self) -> bool:
        """Whether such an event has a record."""
        return self.kind in SEALED


def read_events(data: bytes, document_id: str) -> tuple[PastEvent, ...] | None:
    """The events in ``events.jsonl``, if they are whole series of that document and no id comes twice; else ``None``. Never raises
    for anything in ``data``."""
    lines = data.split(b"\n")
    if lines.pop() or not 0 < len(lines) <= MAX_EVENTS:
        return None
    try:
        events = tuple(_event(line) for line in lines)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError, TypeError):
        return None
    whole = len({one.id for one in events if is_id(one.id)}) == len(events) and not broken_links(list(events))  # type: ignore[arg-type]
    return events if whole and all(one.document_id == document_id for one in events) else None


def _event(line: bytes) -> PastEvent:
    """Raises what its callers catch for a line that is no event, or is spelled otherwise than we do (RFC 8785)."""
    if canonical_json(msgspec.json.decode(line)) != line:
        raise ValueError("not the stored form")
    event = msgspec.json.decode(line, type=PastEvent)
    digest = event.payload.get("digest") if event.kind == "forgotten" else sha256(line)
    if type(digest) is not str:
        raise ValueError("no digest")
    return msgspec.structs.replace(event, digest=digest)
