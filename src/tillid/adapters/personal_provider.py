"""Asks a provider of personal signatures over HTTP: an order with the record, the person sent there, the result fetched by us.

What the person's browser brings back is never read: the result comes from the provider to us, and is judged before it is kept.
The protocol is the smallest that brokers have in common; a broker's own dialect is another adapter of the same port.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import stat
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from tillid.adapters.bounded_http import address, ask
from tillid.kernel.clock import Clock
from tillid.kernel.errors import TillidError, Unavailable
from tillid.signatures.chains import Chain
from tillid.signatures.personal import Expected, verify_personal
from tillid.signatures.personal_policy import personal_policy
from tillid.signatures.personal_profile import certificates_in
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict
from tillid.signatures.xml import MAX_BYTES, XmlRefused, canonical, parse
from tillid.usecases.ports_personal import Fetched

SECONDS = 10.0
MOST = 2 * MAX_BYTES
LACKS = "personal.revocation-"  # how the steps begin that news can cure
T = TypeVar("T")
_log = logging.getLogger(__name__)


class ProviderSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``keys/sign-provider.json``, mode 0600: who is asked, and our password there."""

    name: str
    address: str
    secret: str

    def __repr__(self) -> str:
        return f"ProviderSettings({self.name!r})"


class WrongSignature(TillidError):
    """The provider returned what is not this person's signature over this record. ``why``: for the administrator."""

    code = "personal.wrong-answer"
    text = "Underskriften blev ikke gemt, fordi det, udbyderen sendte, ikke holder. Kontakt jeres administrator."

    def __init__(self, found: Verdict) -> None:
        super().__init__(found.step)
        self.why = found.sentence


class _Order(msgspec.Struct, frozen=True, kw_only=True):
    go_to: str


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    state: Literal["waiting", "signed", "refused", "expired"]
    signature: str = ""


class PersonalProvider:
    """Implements ``ports.PersonalSigning``. ``settings``: ``None`` where no provider is set up, then signatures kept before
    are judged and none is asked for. ``news``: asks the authorities of a chain what they have revoked, so that ``trust`` knows then."""

    def __init__(
        self,
        settings: ProviderSettings | None,
        trust: Callable[[], Trust],
        clock: Clock,
        *,
        seconds: float = SECONDS,
        news: Callable[[Chain], object] | None = None,
    ) -> None:
        self._settings, self._trust, self._clock, self._seconds = settings, trust, clock, seconds
        self._news = news

    @property
    def there(self) -> bool:
        return self._settings is not None

    @property
    def name(self) -> str:
        return self._settings.name if self._settings else ""

    def begin(self, order: str, expected: Expected, return_to: str) -> str:
        record = base64.b64encode(expected.record).decode()
        asked = {"order": order, "record": record, "subject": expected.subject, "return_to": return_to}
        go_to = self._ask("/orders", _Order, json.dumps(asked).encode()).go_to
        # The person is sent to the provider that was set up and nowhere else, whatever the answer says.
        there, own = address(go_to), address(self._settings.address if self._settings else "")
        if there is None or own is None or (there.scheme, there.netloc) != (own.scheme, own.netloc):
            raise _unavailable("an address elsewhere")
        return go_to

    def fetch(self, order: str, expected: Expected) -> Fetched:
        result = self._ask(f"/orders/{order}", _Result)
        if result.state != "signed":
            return Fetched(waiting=result.state == "waiting")
        signature = _one_spelling(result.signature)
        found = self.verdict(signature, expected, self._clock.now(), None)
        if found.step.startswith(LACKS) and self._news is not None:
            self._hear(signature)
            found = self.verdict(signature, expected, self._clock.now(), None)
        if not found.passed:
            raise WrongSignature(found)
        return Fetched(signature=signature)

    def verdict(self, signature: bytes, expected: Expected, at: datetime, token: bytes | None) -> Verdict:
        return verify_personal(signature, expected, self._trust(), at=at, token=token)

    def _hear(self, signature: bytes) -> None:
        """Asks for news of the chains that were judged: nobody chooses an address but an authority on the trust list and those it certified."""
        leaf, *above = certificates_in(parse(signature))
        ways = self._trust().person_ways(leaf, tuple(above), self._clock.now())
        asked = dict.fromkeys(one for way in ways for one in personal_policy().asked_about(way))
        try:
            if asked and self._news is not None:
                self._news(tuple(asked))
        except OSError as error:  # no room for what was heard; then nothing is known
            _log.warning("news of a person's certificate: %s", type(error).__name__)

    def _ask(self, path: str, kind: type[T], body: bytes | None = None) -> T:
        if self._settings is None:
            raise _unavailable("none is set up")
        parts = address(self._settings.address.rstrip("/") + path)
        if parts is None:
            raise _unavailable("its address is none")
        headers = {"Authorization": f"Bearer {self._settings.secret}", "Content-Type": "application/json"}
        try:
            answer = ask(parts, headers, body=body, most=MOST, seconds=self._seconds)
            if len(answer) > MOST:
                raise ValueError("more than a signature can be")
            return msgspec.json.decode(answer, type=kind)
        except (OSError, ValueError) as error:  # msgspec's own errors are ValueErrors
            _log.warning("provider of signatures: %s", type(error).__name__)
            raise _unavailable(type(error).__name__) from None


def _one_spelling(text: str) -> bytes:
    """The signature in exclusive canonical form, which changes nothing that was signed; as it is if it is no XML."""
    try:
        data = base64.b64decode(text)
        return canonical(parse(data))
    except (ValueError, XmlRefused):
        return text.encode()


def _unavailable(detail: str) -> Unavailable:
    return Unavailable(
        detail,
        code="personal.unavailable",
        text="Udbyderen af underskrifter svarer ikke lige nu. Dit svar gælder alligevel. Prøv igen om lidt.",
    )


def provider_of(keys: Path) -> ProviderSettings | None:
    """What ``sign-provider.json`` in ``keys`` says; ``None`` where there is no such file. Raises ``TillidError``
    (``personal.settings``) when it cannot be read or others can."""
    path = keys / "sign-provider.json"
    try:
        with path.open("rb") as file:
            status, data = os.fstat(file.fileno()), file.read(10_000)
        found = msgspec.json.decode(data, type=ProviderSettings)
        if stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid != os.geteuid() or address(found.address) is None:
            raise ValueError("others can read it, or the address is none")
        return found
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise TillidError(
            type(error).__name__,
            code="personal.settings",
            text="Filen {name} kan ikke bruges: Den skal have name, address og secret og rettighederne 0600.",
            name=path.name,
        ) from None
