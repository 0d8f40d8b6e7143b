"""The ring of the seal's keys: which there are, which one seals now, and which count no more (docs/adr/0042).

A folder per key under ``keys/seal`` and ``ring.json`` beside them. The running server and the command line meet here: a change
is one file that is replaced as a whole, and the server looks at it before each seal.
"""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import structs

from tillid.kernel.errors import TillidError
from tillid.kernel.files import put

State = Literal["requested", "ready", "current", "retired", "revoked"]
Reason = Literal["keyCompromise", "superseded", "cessationOfOperation", "unspecified"]  # words of RFC 5280 5.3.1
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class TokenPlace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a key in hardware is: the maker's PKCS#11 library, the token's label, the key's label, the file with the PIN."""

    module: str
    token: str
    label: str
    pin_file: str


class RingKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One key. ``token``: in hardware, else in its folder's ``key.pem``; ``file_allowed``: somebody chose a file outside the
    demo; ``current_from``, ``current_until``: when it sealed; ``revoked_at``: since when its seals count no more."""

    name: str
    made_at: datetime
    token: TokenPlace | None = None
    file_allowed: bool = False
    current_from: datetime | None = None
    current_until: datetime | None = None
    revoked_at: datetime | None = None
    reason: Reason = "unspecified"


class KeyRing:
    """The ring in ``folder``. Nothing here reads a private key; nothing is ever overwritten or removed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "ring.json"

    def home(self, name: str) -> Path:
        """The folder of one key."""
        return self.folder / name

    def chain(self, name: str) -> Path:
        """Its certificate and its issuer's, once they are there."""
        return self.home(name) / "chain.pem"

    def all(self) -> tuple[RingKey, ...]:
        """Oldest first; none where there is no ring yet. Raises ``TillidError`` (``keys.ring``)."""
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=tuple[RingKey, ...])
        except FileNotFoundError:
            return ()
        except (OSError, msgspec.DecodeError) as error:
            raise TillidError(
                type(error).__name__,
                code="keys.ring",
                text="Listen over seglets nøgler ({path}) kan ikke læses. Hent den fra sikkerhedskopien.",
                path=self._file.name,
            ) from None

    def key(self, name: str) -> RingKey:
        """Raises ``TillidError`` (``keys.unknown``)."""
        found = next((key for key in self.all() if key.name == name), None)
        if found is None:
            raise TillidError(
                code="keys.unknown", text="Der er ingen nøgle med navnet {name}. Se dem med »tillid keys status«.", name=name
            )  # fmt: skip
        return found

    def current(self) -> RingKey | None:
        """The one that seals now."""
        return next((key for key in self.all() if self.state(key) == "current"), None)

    def state(self, key: RingKey) -> State:
        """``requested``: waits for its certificate; ``ready``: can be taken into use; ``retired``: sealed once."""
        if key.revoked_at is not None:
            return "revoked"
        if key.current_from is None:
            return "ready" if self.chain(key.name).exists() else "requested"
        return "retired" if key.current_until is not None else "current"

    def mark(self) -> object:
        """Changes whenever the ring does."""
        try:
            status = self._file.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size

    def require_free(self, name: str) -> None:
        """Raises ``TillidError``: ``keys.name`` for what is no name, ``keys.exists`` for one that was used."""
        if not _NAME.fullmatch(name):
            raise TillidError(
                code="keys.name", text="{name} kan ikke være en nøgles navn. Brug små bogstaver a-z, tal og bindestreger.", name=name
            )  # fmt: skip
        if self.home(name).exists() or any(key.name == name for key in self.all()):
            raise TillidError(
                code="keys.exists", text="Navnet {name} er brugt. En nøgle overskrives aldrig; vælg et andet navn.", name=name
            )  # fmt: skip

    def add(self, key: RingKey) -> None:
        """Hang ``key`` on the ring; its folder is there."""
        with self._changing():
            if any(one.name == key.name for one in self.all()):
                self.require_free(key.name)
            self._write((*self.all(), key))

    def make_current(self, name: str, moment: datetime) -> None:
        """From the next seal on ``name`` seals. Raises ``TillidError`` (``keys.not-ready``)."""
        with self._changing():
            chosen = self.key(name)
            if self.state(chosen) != "ready":
                raise TillidError(
                    self.state(chosen), code="keys.not-ready",
                    text="Nøglen {name} kan ikke tages i brug: Den mangler sit certifikat, har været i brug eller er spærret.",
                    name=name,
                )  # fmt: skip

            def after(key: RingKey) -> RingKey:
                if key.name == name:
                    return structs.replace(key, current_from=moment)
                return structs.replace(key, current_until=moment) if self.state(key) == "current" else key

            self._write(tuple(after(key) for key in self.all()))

    def revoke(self, name: str, since: datetime, reason: Reason) -> None:
        """Since ``since`` its seals count no more, and it seals none. A revocation is never taken back; an earlier moment
        than the one told before may be told later."""
        with self._changing():
            known = self.key(name)
            if known.revoked_at is not None and known.revoked_at <= since:
                return
            changed = structs.replace(known, revoked_at=since, reason=reason)
            self._write(tuple(changed if key.name == name else key for key in self.all()))

    def _write(self, keys: tuple[RingKey, ...]) -> None:
        put(self._file, msgspec.json.format(msgspec.json.encode(keys), indent=1) + b"\n")

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One at a time, across processes."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
