"""The one place that joins ports to adapters: an ``Installation`` is everything a running Tillid holds.

``cli``, ``web`` and ``tasks`` get an installation and open houses on it; no other module names an adapter.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from tillid.adapters.audit_file import FileAudit
from tillid.adapters.keyfile import KeyFileSigner, create_demo_key
from tillid.adapters.renderer import DocumentRenderer
from tillid.adapters.tantivy.index import TantivyIndex
from tillid.cms.store import Stores
from tillid.forms.loading import Definitions, load_definitions
from tillid.forms.lock import check_lock
from tillid.kernel.clock import Clock, SystemClock
from tillid.kernel.ids import new_id
from tillid.kernel.paths import SIGNING
from tillid.signatures.trust import Trust, load_trust
from tillid.signatures.verdict import Verdict
from tillid.signatures.verify import verify
from tillid.usecases.ports import Audit, House, OutboxEntry, Renderer, Seal, SearchIndex, Settings

Wake = Callable[[list[str]], None]


@dataclass(kw_only=True)
class Parts:
    """The adapters of one process. ``secret``: 32 bytes for nonces; ``municipality_key``: 32 bytes for CPR numbers."""

    settings: Settings
    definitions: Definitions
    audit: Audit
    seal: Seal
    search: SearchIndex
    renderer: Renderer
    trust: Trust
    secret: bytes
    municipality_key: bytes
    clock: Clock = field(default_factory=SystemClock)

    def house(self, stores: Stores, moment: datetime, request_id: str = "", added: list[str] | None = None) -> House:
        """The ports over one connection's ``stores`` at one moment; keys of new outbox entries go to ``added``."""
        return House(
            clock=self.clock,
            moment=moment,
            settings=self.settings,
            definitions=self.definitions,
            documents=stores.documents,
            ledger=stores.ledger,
            people=stores.people,
            blobs=stores.blobs,
            outbox=stores.outbox if added is None else _Noticing(stores.outbox, added),
            notices=stores.notices,
            audit=self.audit,
            seal=self.seal,
            exclusions=stores.exclusions,
            search=self.search,
            renderer=self.renderer,
            request_id=request_id,
        )

    def verify_record(self, record: bytes, at: datetime) -> Verdict:
        """The verdict over a signed record with this installation's trust."""
        return verify(record, self.trust, at=at)

    def close(self) -> None:
        """Close what holds processes and files."""
        for part in (self.renderer, self.search, self.audit):
            part.close()  # type: ignore[attr-defined]


class _Noticing:
    """An outbox that remembers what was added, so that the worker can be woken after the commit."""

    def __init__(self, outbox, added: list[str]) -> None:  # type: ignore[no-untyped-def]
        self._outbox, self._added = outbox, added

    def add(self, step: str, ids: dict[str, str], now: datetime) -> OutboxEntry:
        entry = self._outbox.add(step, ids, now)
        self._added.append(entry.key)
        return entry

    def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
        return getattr(self._outbox, name)


def make_parts(var: Path, settings: Settings, *, clock: Clock | None = None) -> Parts:
    """The adapters over the folder ``var``. Raises ``TillidError``: a definition changed after publishing stops here
    (design 20); a key file outside demo mode too."""
    definitions = load_definitions()
    check_lock(definitions)
    var.mkdir(parents=True, exist_ok=True)
    clock = clock or SystemClock()
    if settings.demo:
        key, chain = create_demo_key(var / "keys")
    else:
        key, chain = var / "keys" / "seal.key.pem", var / "keys" / "seal.chain.pem"
    return Parts(
        settings=settings,
        definitions=definitions,
        audit=FileAudit(var / "audit" / "audit.jsonl", clock),
        seal=KeyFileSigner(key, chain, demo=settings.demo),
        search=TantivyIndex(var / "index"),
        renderer=DocumentRenderer(),
        trust=load_trust(SIGNING / "trust" / ("test" if settings.demo else "production")),
        secret=_secret(var / "keys" / "nonce.key"),
        municipality_key=_secret(var / "keys" / "municipality.key"),
        clock=clock,
    )


def _secret(path: Path) -> bytes:
    """32 random bytes kept in ``path`` with mode 0600; made at the first start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


@contextmanager
def house_in(parts: Parts, opened, wake: Wake | None = None) -> Iterator[House]:  # type: ignore[no-untyped-def]
    """A house over ``opened`` (a context manager that gives ``Stores`` and commits on a clean end); wakes the worker
    after the commit."""
    added: list[str] = []
    with opened as stores:
        yield parts.house(stores, parts.clock.now(), new_id(), added)
    if wake is not None and added:
        wake(added)


def settings_from(path: Path) -> Settings:
    """The municipality's settings kept in ``path`` (JSON)."""
    return msgspec.json.decode(path.read_bytes(), type=Settings)
