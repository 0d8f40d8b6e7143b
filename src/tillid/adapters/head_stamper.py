"""At least every hour the head of the log is signed and stamped by an authority: what the log held then, nobody can make later.

The head covers every event before it, so this proves a moment for an event whose record has no timestamp of its own, too. It
needs no database: neither a full disk there nor a conflict delays it, and it delays nobody.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta

from tillid.adapters.log_file import LogFile
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import Clock
from tillid.kernel.errors import TillidError, Unavailable
from tillid.usecases.ports import TimeStamper

PERIOD = timedelta(minutes=50)  # with the sweep that asks, and an authority that answers late, still within the hour
_log = logging.getLogger(__name__)


class HeadStamper:
    """Stamps the heads of ``log`` with ``stamper``; none: never."""

    def __init__(self, log: LogFile, stamper: TimeStamper | None, clock: Clock, period: timedelta = PERIOD) -> None:
        self._heads, self._stamper, self._clock, self._period = log, stamper, clock, period
        self._thread: threading.Thread | None = None

    def look(self) -> None:
        """Called now and then; does not wait. When a period has gone, a thread of its own has the head stamped, and tries again
        at the next look until it has it; the authorities' own rests keep it from asking too often."""
        if (self._thread is None or not self._thread.is_alive()) and self.due(self._clock.now()):
            self._thread = threading.Thread(target=self._try, name="tillid-head-stamp", daemon=True)
            self._thread.start()

    def due(self, now: datetime) -> bool:
        """Whether a period has gone since the newest."""
        if self._stamper is None:
            return False
        newest = self._heads.stamps.newest()
        return newest is None or now - newest >= self._period

    def stamp_now(self) -> None:
        """Sign, have stamped, keep. Raises ``TillidError`` (``tsa.…``, ``log.…``) or ``OSError``."""
        if self._stamper is None:
            raise Unavailable("no timestamp authority is set up", code="tsa.unavailable")
        note = self._heads.sign_head()
        token = self._stamper.stamp(sha256(note))
        self._heads.stamps.keep(note, token, self._clock.now())

    def wait(self, seconds: float) -> None:
        """Let what is under way end, before the log is closed."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _try(self) -> None:
        try:
            self.stamp_now()
        except (TillidError, OSError) as error:
            _log.error("the head of the log has no timestamp: %s", getattr(error, "code", type(error).__name__))
