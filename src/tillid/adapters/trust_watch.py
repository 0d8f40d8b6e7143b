"""A running Tillid looks by itself at what its proofs rest on: once a day it fetches the revocation lists of its authorities, and
whoever asks is told which certificates, lists and methods are about to end (docs/adr/0048).

In a thread of its own, as all that asks somebody in the world: neither a click nor the outbox waits for an authority's server.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from tillid.adapters.keys.life import certificate_of
from tillid.adapters.keys.ring import KeyRing
from tillid.adapters.log_stamps import LogStamps
from tillid.adapters.revocation_answers import fetch_answers
from tillid.adapters.revocation_lists import Fetched, fetch_lists
from tillid.kernel.clock import Clock
from tillid.kernel.errors import TillidError
from tillid.signatures.algorithms import read_algorithms
from tillid.signatures.running_out import RunsOut, running_out
from tillid.signatures.timestamp_token import Token, TokenRefused, read_token
from tillid.signatures.trust import Trust

PERIOD = timedelta(days=1)
AGAIN = timedelta(hours=1)  # after what failed
_log = logging.getLogger(__name__)


class TrustWatch:
    """Over the installation in ``var``; ``trust``: whom it trusts now. In the ``demo`` nothing is fetched: the lists of the
    declared authority are part of the project."""

    def __init__(self, var: Path, trust: Callable[[], Trust], clock: Clock, *, demo: bool) -> None:
        self._var, self._trust, self._clock, self._demo = var, trust, clock, demo
        self._stamps, self._ring = LogStamps(var / "log" / "stamped"), KeyRing(var / "keys" / "seal")
        self._algorithms = read_algorithms()
        self._thread: threading.Thread | None = None
        self._next: datetime | None = None

    def look(self) -> None:
        """Called now and then; does not wait."""
        now = self._clock.now()
        busy = self._thread is not None and self._thread.is_alive()
        if self._demo or busy or (self._next is not None and now < self._next):
            return
        self._next = now + AGAIN
        self._thread = threading.Thread(target=self._try, name="tillid-lists", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Let what is under way end."""
        if self._thread is not None:
            self._thread.join(seconds)

    def fetch(self) -> list[Fetched]:
        """Ask every address that a certificate in use names; see ``fetch_lists`` and ``fetch_answers``. Raises ``TillidError`` (``trust.…``) or
        ``OSError``."""
        stamp = self._newest_stamp()
        more = stamp.certificates if stamp else ()
        trust, own, now = self._trust(), self._var / "trust", self._clock.now()
        lists = fetch_lists(trust, own / "crl", now=now, more=more)
        return [*lists, *fetch_answers(trust, own / "ocsp", now=now, more=more)]

    def running_out(self) -> tuple[RunsOut, ...]:
        """What has to be looked at now. Raises ``TillidError`` (``trust.…``, ``keys.…``)."""
        trust = self._trust()
        return running_out(self._ways(trust), trust.told, self._algorithms, self._clock.now())

    def _ways(self, trust: Trust) -> Iterator[tuple[x509.Certificate, ...]]:
        """The chains that the next record will rest on: of the key that seals now, and of whoever stamped last."""
        current = self._ring.current()
        if current is not None:
            leaf = certificate_of(self._ring, current.name)
            yield trust.seal_way(leaf, self._clock.now()) or (leaf,)
        if (stamp := self._newest_stamp()) is not None:
            yield trust.stamp_way(stamp.leaf, stamp.certificates, stamp.moment) or (stamp.leaf,)

    def _newest_stamp(self) -> Token | None:
        try:
            return read_token(self._stamps.newest_token())
        except TokenRefused:
            return None

    def _try(self) -> None:
        try:
            told = self.fetch()
            for news in told:
                if news.state not in ("kept", "known"):
                    _log.warning("revocation list %s: %s", news.address, news.state)
            for one in self.running_out():
                _log.warning("%s of %s: %s", one.what, one.name, one.state)
        except (TillidError, OSError) as error:
            _log.error("revocation lists: %s", getattr(error, "code", type(error).__name__))
            return
        if all(one.state in ("kept", "known") for one in told):
            self._next = self._clock.now() + PERIOD
