"""The adapters of one installation, made over its folder, and the house of ports over one connection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tillid.adapters.audit_file import FileAudit
from tillid.adapters.backup_state import BackupDesk
from tillid.adapters.evidence_desk import EvidenceDesk, desk_of
from tillid.adapters.imported_packages import ImportedPackages
from tillid.adapters.keys.places import personal_of, seal_of, trust_of
from tillid.adapters.log_file import LogFile
from tillid.adapters.renderer import DocumentRenderer
from tillid.adapters.search import SearchBackend, search_at
from tillid.adapters.secretfile import secret_from
from tillid.adapters.tsa import time_stamper
from tillid.adapters.uploads.intake import UploadIntake
from tillid.adapters.uploads.virus import Clamd
from tillid.adapters.witness_folder import WitnessFolder
from tillid.cms.second import SecondStore
from tillid.cms.store import Stores
from tillid.forms.in_use import DefinitionsInUse
from tillid.forms.loading import Definitions
from tillid.kernel.clock import Clock, SystemClock, local_day
from tillid.signatures.checkpoint import LogKey
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict
from tillid.usecases import ports
from tillid.usecases.municipal import Municipal
from tillid.usecases.noticing import NoticingOutbox
from tillid.usecases.ports import House, Settings
from tillid.wiring.backing_up import backup_desk
from tillid.wiring.journalling import journal_at
from tillid.wiring.witnessing import witness_at


@dataclass(kw_only=True)
class Parts:
    """The adapters of one process. ``secret``: 32 bytes for nonces; ``municipality_key``: 32 bytes for CPR numbers.
    ``trust_now``: where ``trust`` can change."""

    settings: Settings
    definitions: Definitions
    audit: ports.Audit
    seal: ports.Seal
    search: SearchBackend
    renderer: ports.Renderer
    trust: Trust
    secret: bytes
    municipality_key: bytes
    previews: ports.Previews
    presence: ports.Presence
    uploads: ports.Uploads
    event_log: LogFile
    time_stamper: ports.TimeStamper | None = None
    evidence: EvidenceDesk | None = None
    trust_now: Callable[[], Trust] | None = None
    personal: ports.PersonalSigning | None = None
    imported: ports.ImportedPackages | None = None
    journal: ports.JournalSystem | None = None
    witness: WitnessFolder | None = None
    backups: BackupDesk | None = None
    clock: Clock = field(default_factory=SystemClock)

    def __post_init__(self) -> None:
        self._in_use = DefinitionsInUse(self.definitions)
        self._municipal = Municipal(self.settings)

    def definitions_at(self, stores: Stores, moment: datetime) -> Definitions:
        """The project's definitions and those published here, as of the day of ``moment`` (ADR 0024)."""
        designs = stores.designs
        published = lambda: (designs.published(), designs.withdrawn(), designs.published_additions())  # noqa: E731
        found = self._in_use.at(designs.mark, local_day(moment), published)
        return self._municipal.worded(found, stores.choices.raw)

    def house(self, stores: Stores, moment: datetime, request_id: str = "", added: list[str] | None = None) -> House:
        """The ports over one connection's ``stores`` at one moment; keys of new outbox entries go to ``added``."""
        kept = {**vars(stores), "outbox": stores.outbox if added is None else NoticingOutbox(stores.outbox, added)}
        return House(
            **kept,
            clock=self.clock,
            moment=moment,
            settings=self._municipal.settings(stores.choices.raw),
            definitions=self.definitions_at(stores, moment),
            audit=self.audit,
            seal=self.seal,
            search=self.search,
            renderer=self.renderer,
            previews=self.previews,
            presence=self.presence,
            uploads=self.uploads,
            event_log=self.event_log,
            time_stamper=self.time_stamper,
            evidence=self.evidence,
            personal=self.personal,
            imported=self.imported,
            journal=self.journal,
            witness=self.witness,
            backups=self.backups,
            request_id=request_id,
        )

    def verify_record(self, record: bytes, at: datetime) -> Verdict:
        """The verdict over a signed record with this installation's trust."""
        return verify_timed(record, self.trust_now() if self.trust_now else self.trust, at=at)

    def close(self) -> None:
        """Close what holds processes and files."""
        for part in (self.renderer, self.search, self.audit, self.event_log):
            part.close()  # type: ignore[attr-defined]


def make_parts(
    var: Path, settings: Settings, definitions: Definitions, municipality_key: bytes, second: SecondStore,
    *, clock: Clock | None = None, clamd: str = "", tsa: Sequence[str] = (), search: str = "", journal: str = "",
    witness: str = ""
) -> Parts:  # fmt: skip
    """The adapters over ``var``; ``clamd``, ``tsa`` (the first preferred), ``search``: addresses; ``journal``, ``witness``: folders. Raises ``TillidError``."""
    clock = clock or SystemClock()
    own_trust = trust_of(var, demo=settings.demo)
    trust = own_trust.now()
    stamper = time_stamper(tsa, var / "keys", own_trust.now, clock, demo=settings.demo)
    log = LogFile(var / "log", LogKey(f"{settings.instance}/tillid", secret_from(var / "keys" / "log.key")))
    return Parts(
        settings=settings,
        definitions=definitions,
        audit=FileAudit(var / "audit" / "audit.jsonl", clock),
        seal=seal_of(var, clock, demo=settings.demo),
        search=search_at(var, search),
        renderer=DocumentRenderer(),
        trust=trust,
        trust_now=own_trust.now,
        personal=personal_of(var, own_trust, clock),
        imported=ImportedPackages(var / "imported"),
        journal=journal_at(journal, log.verifier.text()),
        witness=witness_at(witness, log, clock),
        backups=backup_desk(var),
        secret=secret_from(var / "keys" / "nonce.key"),
        municipality_key=municipality_key,
        previews=second.previews,
        presence=second.presence,
        uploads=UploadIntake(Clamd(clamd) if clamd else None),
        event_log=log,
        time_stamper=stamper,
        evidence=desk_of(var, own_trust.now, clock, demo=settings.demo, stamper=stamper),
        clock=clock,
    )
