"""The one-time value on the consent and withdrawal pages (design 18).

It binds session, request, the digest of what was shown and an expiry by HMAC, stores nothing on a GET, and gives the
event's id: the same click twice is the same event, so the ledger keeps one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

from tillid.kernel.errors import TillidError
from tillid.kernel.ids import derived_id

_SHAPE = re.compile(r"(\d{10,12})\.([0-9a-f]{64})\.([0-9a-f]{64})\Z")


class NonceService:
    """``secret``: at least 32 bytes, the same in every process of the installation."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 32:
            raise ValueError("the nonce secret needs 32 bytes")
        self._secret = secret

    def issue(self, session_id: str, request_id: str, digest: str, expires: datetime) -> str:
        """A value for the hidden field of one form. ``digest``: SHA-256 of everything the person is shown."""
        until = str(int(expires.timestamp()))
        whose = self._mac("whose", session_id, request_id, until)
        return f"{until}.{whose.hex()}.{self._mac('what', whose.hex(), digest).hex()}"

    def accept(self, nonce: str, *, session_id: str, request_id: str, digest: str, moment: datetime) -> str:
        """The event id of this click.

        Raises ``TillidError``: ``consent.nonce-foreign`` (not issued here to this session for this request),
        ``consent.nonce-expired``, ``consent.page-changed`` (what was shown is no longer what would be answered).
        """
        shape = _SHAPE.match(nonce)
        if not shape:
            raise _foreign()
        until, whose, what = shape.groups()
        if not hmac.compare_digest(whose, self._mac("whose", session_id, request_id, until).hex()):
            raise _foreign()
        expected = self._mac("what", whose, digest)
        if not hmac.compare_digest(what, expected.hex()):
            raise TillidError(
                "the document changed after the page was shown",
                code="consent.page-changed",
                text="Teksten er ændret, siden du åbnede siden. Dit svar er ikke registreret. Læs den nye tekst, og svar igen.",
            )
        if moment.timestamp() >= int(until):
            raise TillidError(
                "the page was open too long",
                code="consent.nonce-expired",
                text="Siden har stået åben for længe. Dit svar er ikke registreret. Åbn siden igen, og svar på ny.",
            )
        return derived_id(expected)

    def _mac(self, *parts: str) -> bytes:
        """HMAC-SHA256 over the parts, each with its length, so that no two lists give the same bytes."""
        message = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (part.encode() for part in parts))
        return hmac.digest(self._secret, message, hashlib.sha256)


def _foreign() -> TillidError:
    return TillidError(
        "nonce of another session or request",
        code="consent.nonce-foreign",
        text="Svaret kunne ikke knyttes til din side. Dit svar er ikke registreret. Åbn siden igen, og svar på ny.",
    )
