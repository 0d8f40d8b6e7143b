"""What a PDF says of its own revisions (``xmpMM:History``), read back and held against what they are.

Our metadata are written whole from a few facts, so they are read by writing them again: a packet that differs in one byte
from what those facts give is not ours, and no XML of somebody else's is ever parsed here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import unescape

from tillid.adapters.pdf.finish import PRODUCER
from tillid.adapters.pdf.refusals import BadPdf
from tillid.adapters.pdf.xmp import Event, packet
from tillid.kernel.clock import parse_instant

LINE = re.compile(
    r'<rdf:li rdf:parseType="Resource"><stEvt:action>([^<]*)</stEvt:action><stEvt:when>([^<]*)</stEvt:when>'
    r"<stEvt:parameters>([^<]*)</stEvt:parameters></rdf:li>"
)
PARAMETERS = re.compile(r"files=([^;]*);before=(\d+);sha256=([0-9a-f]{64})")


def read_told(meta: bytes, *, title: str, language: str, created: datetime, modified: datetime) -> tuple[Event, ...]:
    """The events in ``meta``. Raises ``BadPdf`` (``history``) unless it is byte for byte what we write of these facts."""
    found = tuple(
        Event(parse_instant(when), unescape(action), unescape(said))
        for action, when, said in LINE.findall(meta.decode("utf-8", "replace"))
    )
    again = packet(title=title, language=language, producer=PRODUCER, created=created, modified=modified, history=found)
    if again != meta:
        raise BadPdf("history", "metadata that are not ours")
    return found


def require_added(
    events: Sequence[Event], earlier: Sequence[Event], *, length: int, sha256: str, names: Sequence[str]
) -> None:
    """Raises ``BadPdf`` (``history``) unless ``events`` are ``earlier`` and one more, which tells ``names`` and the length
    and digest of what was there before."""
    if not events or list(events[:-1]) != list(earlier):
        raise BadPdf("history", "another history")
    told = PARAMETERS.fullmatch(events[-1].parameters)
    if told is None or (int(told[2]), told[3]) != (length, sha256) or sorted(told[1].split(",")) != sorted(names):
        raise BadPdf("history", "the digest of what was there before, or the names")
