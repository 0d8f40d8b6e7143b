"""What the front door needs of a login with MitID through a broker (``ports.py`` shows all ports; ``docs/login.md`` says what each
attribute is called by whom, and what an adapter checks before it hands anything over)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import msgspec


class Proven(msgspec.Struct, frozen=True, kw_only=True):
    """What a verified answer of the broker says of who logged in.

    ``issuer`` and ``subject``: the broker, and the person's pseudonym there (the MitID UUID, never a CPR number: R-102);
    ``provider``: which identity provider behind it; ``loa``: the level, word for word (R-105); ``session``: the broker's, for logging
    out there too; ``transaction``: the login's own number at the provider; ``token_sha256``: of the signed token as it came;
    ``cpr``: ten digits that the person's identity was matched with, empty without. It finds the person and is kept nowhere.
    """

    issuer: str
    subject: str
    provider: str
    loa: str
    auth_time: datetime
    session: str = ""
    transaction: str = ""
    token_sha256: str = ""
    cpr: str = ""


class LoginBroker(Protocol):
    """A relying party of one broker."""

    def begin(self, state: str, nonce: str, return_to: str) -> str:
        """The address to send the person to; asks for the level Substantial and for the match with a CPR number."""

    def finish(self, answer: Mapping[str, str], state: str, nonce: str, return_to: str) -> Proven:
        """What the broker says, verified. Raises ``Unavailable`` while it does not answer, and ``TillidError``
        (``login.wrong-answer``) for an answer that proves nothing or is to another question."""
