"""Each authority of timestamps is asked once a day, the spare ones too: what it stamped last lies in ``stamps/`` of the
installation's trust, so that whoever looks knows on whose certificates the next timestamp would rest, before it is needed.

    stamps/3f1c….json    one an authority: its name, when it last answered well, and with what
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from tillid.kernel.canonical import sha256
from tillid.kernel.files import put
from tillid.signatures.timestamp_token import Token, TokenRefused, read_token

PERIOD = timedelta(days=1)
AWAY = timedelta(days=2)  # an evening without an answer is nobody's alarm


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """``name``: host, port and path of an authority; ``at``: when it last answered well, with ``token``; ``since``: since when it is asked."""

    name: str
    since: datetime
    at: datetime | None = None
    token: bytes = b""


class AuthorityStamps:
    """Those in ``folder``, which need not be there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[Asked]:
        """Of each authority what is known, by name; of a file that cannot be read, nothing: tomorrow it is written anew."""
        found = (_read(path) for path in sorted(self._folder.glob("*.json")))
        return sorted((one for one in found if one is not None), key=lambda one: one.name)

    def away(self, now: datetime) -> list[str]:
        """The names of those that have long given nothing that holds."""
        return [one.name for one in self.all() if now - (one.at or one.since) >= AWAY]

    def ask(self, authorities: Mapping[str, Callable[[], bytes | None]], now: datetime) -> bool:
        """Ask those that have not answered well within a day, and forget what is not among ``authorities`` (name → asks for a token).
        Whether all have answered. Raises ``OSError`` where nothing can be written."""
        for path in self._folder.glob("*.json"):
            if path.name not in map(_file, authorities):
                path.unlink()
        whole = True
        for name, ask in authorities.items():
            path = self._folder / _file(name)
            known = _read(path) or Asked(name=name, since=now)
            if known.at is not None and now - known.at < PERIOD:
                continue
            token = ask()
            whole &= token is not None
            found = known if token is None else Asked(name=name, since=known.since, at=now, token=token)
            self._folder.mkdir(parents=True, exist_ok=True)
            put(path, msgspec.json.encode(found), mode=0o644)
        return whole


def stamps_of(tokens: Iterable[bytes]) -> list[Token]:
    """Those of them that are any: who has stamped nothing yet has an empty one."""
    found = []
    for one in tokens:
        with suppress(TokenRefused):
            found.append(read_token(one))
    return found


def _file(name: str) -> str:
    return f"{sha256(name.encode())[:16]}.json"


def _read(path: Path) -> Asked | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Asked)
    except (OSError, ValueError):  # msgspec's own errors are ValueErrors
        return None
