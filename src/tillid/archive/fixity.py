"""What was found when stored bytes were read again."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Damage(msgspec.Struct, frozen=True, kw_only=True):
    """``what``: ``blob:<digest>`` or ``document:<id>``; ``how``: a code."""

    what: str
    how: str
    at: datetime


class Fixity(msgspec.Struct, frozen=True, kw_only=True):
    """How far the present round has come. ``after``: the last thing read; ``done``: things read in it, of ``things``;
    ``size``: bytes of them; ``whole_at``: when all was last read through."""

    began_at: datetime
    ran_at: datetime
    after: str = ""
    done: int = 0
    things: int = 0
    size: int = 0
    whole_at: datetime | None = None
    damages: tuple[Damage, ...] = ()
