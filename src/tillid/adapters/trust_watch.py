"""A running Tillid looks by itself at what its proofs rest on: once a day it fetches the revocation lists of its authorities, and
whoever asks is told which certificates, lists and methods are about to end (docs/adr/0048, 0085): those in use, and those that are
to be used next: a key that waits for its turn, the spare authorities of timestamps, whoever certifies people's own signatures.

In a thread of its own, as all that asks somebody in the world: neither a click nor the outbox waits for an authority's server.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from tillid.adapters.authority_stamps import AuthorityStamps, stamps_of
from tillid.adapters.keys.life import certificate_of
from tillid.adapters.keys.ring import KeyRing
from tillid.adapters.log_stamps import LogStamps
from tillid.adapters.personal_provider import provider_of
from tillid.adapters.revocation_answers import fetch_answers
from tillid.adapters.revocation_lists import Fetched, fetch_lists
from tillid.adapters.tsa_client import Authorities
from tillid.kernel.clock import Clock
from tillid.kernel.errors import TillidError
from tillid.signatures.algorithms import read_algorithms
from tillid.signatures.running_out import RunsOut, own_methods, running_out
from tillid.signatures.timestamp_token import Token
from tillid.signatures.trust import Trust

PERIOD = timedelta(days=1)
AGAIN = timedelta(hours=1)  # after what failed
_log = logging.getLogger(__name__)


class TrustWatch:
    """Over the installation in ``var``; ``trust``: whom it trusts now; ``stamper``: the authorities that a running Tillid asks. In the
    ``demo`` nothing is fetched and nobody asked: the lists of the declared authority are part of the project."""

    def __init__(
        self, var: Path, trust: Callable[[], Trust], clock: Clock, *, demo: bool, stamper: Authorities | None = None
    ) -> None:
        self._var, self._trust, self._clock, self._demo, self._stamper = var, trust, clock, demo, stamper
        self._stamps, self._ring = LogStamps(var / "log" / "stamped"), KeyRing(var / "keys" / "seal")
        self._asked = AuthorityStamps(var / "trust" / "stamps")
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
        more = [one for stamp in self._newest_stamps() for one in stamp.certificates]
        more += self._sealing()  # what waits for its turn is pinned by nobody yet
        trust, own, now = self._trust(), self._var / "trust", self._clock.now()
        lists = fetch_lists(trust, own / "crl", now=now, more=more)
        return [*lists, *fetch_answers(trust, own / "ocsp", now=now, more=more)]

    def running_out(self) -> tuple[RunsOut, ...]:
        """What has to be looked at now. Raises ``TillidError`` (``trust.…``, ``keys.…``, ``personal.settings``)."""
        trust, now, stamps = self._trust(), self._clock.now(), self._newest_stamps()
        away = [RunsOut(what="stamper", state="missing", name=one) for one in self._asked.away(now)]
        persons = _in_use(trust.persons, now) if provider_of(self._var / "keys") is not None else []
        ways = self._ways(trust, stamps)
        more = (*own_methods(self._algorithms, now), *away)
        return running_out(ways, trust.told, self._algorithms, now, authorities=persons, stamps=stamps, more=more)

    def _ways(self, trust: Trust, stamps: Sequence[Token]) -> Iterator[tuple[x509.Certificate, ...]]:
        """The chains that the next records will rest on: of the key that seals now and of any that is ready to, and of each
        authority that stamps or would."""
        for leaf in self._sealing():
            yield trust.seal_way(leaf, self._clock.now()) or (leaf,)
        for stamp in stamps:
            yield trust.stamp_way(stamp.leaf, stamp.certificates, stamp.moment).chain or (stamp.leaf,)

    def _sealing(self) -> list[x509.Certificate]:
        keys = (key for key in self._ring.all() if self._ring.state(key) in ("current", "ready"))
        return [certificate_of(self._ring, key.name) for key in keys]

    def _newest_stamps(self) -> list[Token]:
        """What the log was stamped with last, and what each authority stamped last."""
        return stamps_of([self._stamps.newest_token(), *(one.token for one in self._asked.all())])

    def _try(self) -> None:
        try:
            answered = self._asked.ask(self._stamper.each() if self._stamper else {}, self._clock.now())
            told = self.fetch()
            for news in told:
                if news.state not in ("kept", "known"):
                    _log.warning("revocation list %s: %s", news.address, news.state)
            for one in self.running_out():
                _log.warning("%s of %s: %s", one.what, one.name, one.state)
        except (TillidError, OSError) as error:
            _log.error("revocation lists: %s", getattr(error, "code", type(error).__name__))
            return
        if answered and all(one.state in ("kept", "known") for one in told):
            self._next = self._clock.now() + PERIOD


def _in_use(pinned: Sequence[x509.Certificate], now: datetime) -> list[x509.Certificate]:
    """Of authorities that stay pinned for good, since they prove what is old, those that new signatures can rest on: of each name the
    one that ends last; those that have ended only where no other is left."""
    newest = {one.subject: one for one in sorted(pinned, key=lambda one: one.not_valid_after_utc)}
    return [one for one in newest.values() if one.not_valid_after_utc > now] or list(newest.values())
