"""What an installation trusts beside the project's list: ``trust/seals`` (its own seals, and for which of its data controllers each
seals) and ``trust/revoked.json``."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from tillid.kernel.clock import instant
from tillid.kernel.files import put
from tillid.signatures.trust import REVOKED, Revocation, Trust, load_trust, revocations


class OwnTrust:
    """``base``: the project's list; ``own``: the installation's folder, which need not be there. ``now`` is what both say
    now: a seal that was taken into use or revoked a moment ago counts without a new start, a new revocation list too."""

    def __init__(self, base: Path, own: Path) -> None:
        self._base, self._own = base, own
        self._lock = threading.Lock()
        self._read: tuple[object, Trust] | None = None

    def now(self) -> Trust:
        """Raises as ``load_trust``."""
        mark = [
            *(_mark(self._own / name) for name in ("seals", "ca", "tsa", "persons", "crl", "ocsp", REVOKED)),
            *(_mark(self._base / name) for name in ("crl", "ocsp")),
        ]
        with self._lock:
            if self._read is None or self._read[0] != mark:
                self._read = mark, load_trust(self._base, self._own)
            return self._read[1]

    def pin(self, name: str, leaf: x509.Certificate, controllers: Mapping[str, str]) -> None:
        """Records that ``leaf`` sealed are those of ``controllers`` (number → name), of this installation. Whose it is goes first: a pin
        that says nothing of it is none."""
        folder = self._own / "seals"
        folder.mkdir(parents=True, exist_ok=True)
        _bind(folder / f"{name}.txt", controllers)
        put(folder / f"{name}.pem", leaf.public_bytes(Encoding.PEM), mode=0o644)

    def bind(self, controllers: Mapping[str, str], current: str | None) -> None:
        """The seal ``current`` may seal for ``controllers`` (number → name) too, from now on; and so may those that were pinned before a
        list said whose a seal is (docs/adr/0083). What stands there already stays."""
        for pin in sorted((self._own / "seals").glob("*.pem")):
            said = pin.with_suffix(".txt")
            if pin.stem == current or not said.exists():
                _bind(said, controllers)

    def revoke(self, leaf: x509.Certificate, since: datetime, reason: str) -> None:
        """Since ``since`` its seals count no more. A later moment than the one that is told already changes nothing."""
        digest = leaf.fingerprint(SHA256()).hex()
        known = revocations(self._own / REVOKED)
        earlier = [one for one in known if one.sha256 == digest and one.at <= instant(since)]
        if earlier:
            return
        told = Revocation(sha256=digest, at=instant(since), reason=reason)
        kept = (*(one for one in known if one.sha256 != digest), told)
        self._own.mkdir(parents=True, exist_ok=True)
        put(self._own / REVOKED, msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n", mode=0o644)


def _bind(path: Path, controllers: Mapping[str, str]) -> None:
    """A line for each that has none yet: the number, and the name for people."""
    before = path.read_text("utf-8").rstrip("\n").split("\n") if path.exists() else []
    known = {line.split()[0] for line in before if line.strip()}
    lines = [
        *before,
        *(f"{id_} {' '.join(name.split())}".rstrip() for id_, name in controllers.items() if id_ not in known),
    ]
    if lines != before:
        put(path, "".join(f"{line}\n" for line in lines).encode(), mode=0o644)


def _mark(path: Path) -> object:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_size
