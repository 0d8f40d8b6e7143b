"""Asks authorities for timestamps (RFC 3161 3.4: over HTTP): in order, each within seconds, what they answer checked at once.

An authority that fails is left alone for a while, twice as long each time, so that a slow one does not hold up every record.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol
from urllib.parse import urlsplit

from tillid.adapters.bounded_http import address as address_of
from tillid.adapters.bounded_http import ask
from tillid.kernel.clock import Clock
from tillid.kernel.errors import TillidError, Unavailable
from tillid.signatures.timestamp import ALGORITHM, answered, query
from tillid.signatures.timestamp_token import MAX_BYTES, Token, TokenRefused
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import REASONS

SECONDS = 10.0  # for the whole answer of one authority
REST, LONGEST_REST = 30.0, 1800.0
_OID = re.compile(r"([01]\.[1-3]?[0-9]|2\.[0-9]+)(\.[0-9]+)+")  # ITU-T X.660: what can be asked for at all
_log = logging.getLogger(__name__)


class Authority(Protocol):
    """``policy``: the OID that its tokens must be issued under; empty: any."""

    @property
    def url(self) -> str: ...
    @property
    def policy(self) -> str: ...
    def ask(self, query: bytes) -> bytes:
        """The response. Raises ``OSError`` where none came."""


class HttpAuthority:
    """``address``: ``URL`` or ``URL,OID``. Raises ``TillidError`` (``tsa.address``) for what is none."""

    def __init__(self, address: str, *, seconds: float = SECONDS) -> None:
        self.url, _, self.policy = address.partition(",")
        parts = address_of(self.url)
        if parts is None or (self.policy and not _OID.fullmatch(self.policy)):
            raise TillidError(
                "no address of a timestamp authority",
                code="tsa.address",
                text="{address} er ikke en adresse på en tidsstempel-udsteder. Skriv http(s)://… og eventuelt et komma og "
                "nummeret (OID) på den politik, I har aftalt.",
                address=address,
            )
        self._parts, self._seconds = parts, seconds

    def ask(self, query: bytes) -> bytes:
        """See ``Authority``. One byte more than is allowed is read at most; a redirect is no answer."""
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        return ask(self._parts, headers, body=query, most=MAX_BYTES, seconds=self._seconds)


class Authorities:
    """Implements ``ports.TimeStamper`` over ``authorities`` in order of preference; ``trust`` says whose tokens are kept: asked
    at each answer, so that an authority that was added or revoked meanwhile is seen without a new start."""

    def __init__(
        self,
        authorities: Sequence[Authority],
        trust: Trust | Callable[[], Trust],
        clock: Clock,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._authorities, self._clock, self._seconds = tuple(authorities), clock, seconds
        self._trust = trust if callable(trust) else lambda: trust
        self._rests: dict[str, tuple[float, float]] = {}  # until when, how long the next time

    def stamp(self, imprint: str, algorithm: str = ALGORITHM) -> bytes:
        """See ``ports.TimeStamper``."""
        wrong = ""
        for authority in self._authorities:
            if self._seconds() < self._rests.get(authority.url, (0.0, 0.0))[0]:
                continue
            try:
                token = self._answer(authority, imprint, algorithm)
            except OSError as error:
                self._failed(authority, type(error).__name__)
            except TokenRefused as refused:
                wrong = refused.step
                self._failed(authority, wrong)
            else:
                self._rests.pop(authority.url, None)
                return token.der
        if wrong:
            raise WrongAnswer(wrong)
        raise Unavailable("no timestamp authority answers", code="tsa.unavailable",
                          text="Der kan ikke sættes tidsstempel lige nu. Samtykker og tilbagekaldelser virker alligevel.")  # fmt: skip

    def each(self) -> dict[str, Callable[[], bytes | None]]:
        """For each authority, by host, port and path, what asks it alone for a timestamp that is used for nothing: its token, or ``None``
        where none came that would be kept. Those of no address (the demo's own) are left out."""
        named = ((urlsplit(one.url), one) for one in self._authorities)
        return {
            f"{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}": partial(self._tried, one)
            for parts, one in named
            if parts.hostname
        }

    def _tried(self, authority: Authority) -> bytes | None:
        try:
            return self._answer(authority, secrets.token_hex(32), ALGORITHM).der
        except (OSError, TokenRefused) as error:
            why = error.step if isinstance(error, TokenRefused) else type(error).__name__
            _log.warning("timestamp authority %s: %s", urlsplit(authority.url).hostname, why)
            return None

    def _answer(self, authority: Authority, imprint: str, algorithm: str) -> Token:
        """Raises ``OSError`` where no answer came, ``TokenRefused`` for one that is not worth keeping."""
        nonce = secrets.randbits(63)
        trust = self._trust()
        response = authority.ask(query(imprint, nonce, authority.policy, algorithm))
        policies = (authority.policy,) if authority.policy else ()
        now = self._clock.now()
        return answered(response, imprint, nonce, trust, at=now, policies=policies, algorithm=algorithm)

    def _failed(self, authority: Authority, why: str) -> None:
        _, rest = self._rests.get(authority.url, (0.0, REST))
        self._rests[authority.url] = (self._seconds() + rest, min(2 * rest, LONGEST_REST))
        _log.warning("timestamp authority %s: %s", urlsplit(authority.url).hostname or authority.url, why)


class WrongAnswer(TillidError):
    """Authorities answer, but with nothing that proves a moment: somebody has to look. ``why``: for the administrator."""

    code = "tsa.wrong-answer"
    text = "Tidsstemplet blev ikke gemt, fordi svaret ikke holder. Kontakt jeres administrator."

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.why = REASONS[step][2]
