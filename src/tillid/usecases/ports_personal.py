"""What the use cases need of a provider of personal signatures (``ports.py`` shows all ports)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

from tillid.signatures.personal import Expected
from tillid.signatures.verdict import Verdict


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """``signature``: what the person signed, judged and good; without one ``waiting``: it may still come."""

    signature: bytes | None = None
    waiting: bool = False


class PersonalSigning(Protocol):
    """``there``: a provider is set up; ``name``: as people know it."""

    @property
    def there(self) -> bool: ...
    @property
    def name(self) -> str: ...
    def begin(self, order: str, expected: Expected, return_to: str) -> str:
        """Tell the provider what is to be signed; the address to send the person to. The same ``order`` again is the same
        order. Raises ``Unavailable`` (``personal.unavailable``)."""

    def fetch(self, order: str, expected: Expected) -> Fetched:
        """What came of it. Raises ``Unavailable``, and ``TillidError`` (``personal.wrong-answer``) for a signature that does
        not hold: it is never kept."""

    def verdict(self, signature: bytes, expected: Expected, at: datetime, token: bytes | None) -> Verdict:
        """What a kept signature proves now."""
