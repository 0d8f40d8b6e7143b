"""What was found when stored bytes were read again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

DAYS = 30  # all is read within so many


class Damage(msgspec.Struct, frozen=True, kw_only=True):
    """``what``: ``blob:<digest>``, ``document:<id>``, ``event:<id>``, ``record:<event id>`` and so on (``fixity_things.py``); ``how``: a
    code."""

    what: str
    how: str
    at: datetime


OF_EVENTS = ("event", "record", "timestamp", "personal", "frozen")  # what is named by an event's id


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """What was read in one go: how many things, how many bytes of files, how many were found damaged; ``whole``: with it all was read."""

    at: datetime
    things: int
    size: int
    damaged: int
    whole: bool


class Fixity(msgspec.Struct, frozen=True, kw_only=True):
    """How far the present round has come. ``after``: the last thing read; ``done``: things read in it, of ``things``, of
    which ``imported`` are packages that came from others;
    ``size``: bytes of them; ``log_size``: leaves of the log when the reading of events began, ``log_met``: how many of their events were
    met; ``whole_at``: when all was last read through; ``whole_from``: when that round had begun, and only what was stored by then is sure to be
    read in it; ``shares``: what was read when, newest first."""

    began_at: datetime
    ran_at: datetime
    after: str = ""
    done: int = 0
    things: int = 0
    imported: int = 0
    size: int = 0
    log_size: int = 0
    log_met: int = 0
    whole_at: datetime | None = None
    whole_from: datetime | None = None
    damages: tuple[Damage, ...] = ()
    shares: tuple[Share, ...] = ()

    @property
    def left(self) -> int:
        """Things of the present round that are not read yet."""
        return max(self.things - self.done, 0)

    @property
    def due_at(self) -> datetime:
        """By when the present round is to be through."""
        return self.began_at + timedelta(days=DAYS)


def of_events(state: Fixity, events: Iterable[str]) -> tuple[Damage, ...]:
    """What was found of those events (ids) and of what proves them."""
    names = {f"{kind}:{event}" for event in events for kind in OF_EVENTS}
    return tuple(one for one in state.damages if one.what in names)
