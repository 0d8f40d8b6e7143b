"""What the administrator sees of the running system: forms, outbox, parts. Ids and codes only, no child's data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from tillid.archive.fixity import Fixity
from tillid.consents.restored import Restored
from tillid.forms.definition import FormDefinition
from tillid.forms.lock import read_lock
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.signatures.running_out import RunsOut
from tillid.usecases.ports import House, OutboxEntry
from tillid.usecases.ports_backups import BackupState
from tillid.usecases.ports_evidence import EvidenceState
from tillid.usecases.ports_journal import JournalState
from tillid.usecases.ports_witness import WitnessState


class FormLine(msgspec.Struct, frozen=True, kw_only=True):
    """A form version. ``lock``: what LOCK says of it (design 20): ``published``, ``candidate``, ``changed`` (a candidate
    whose file is not what LOCK holds), ``designed`` (published in the designer, ADR 0024) or ``missing``."""

    definition: FormDefinition
    lock: str


class Alike(msgspec.Struct, frozen=True, kw_only=True):
    """Entries of one step that wait, or were given up, for the same reason, in their order: when LibreOffice is away they are hundreds."""

    entries: tuple[OutboxEntry, ...]

    @property
    def first(self) -> OutboxEntry:
        return self.entries[0]

    @property
    def count(self) -> int:
        return len(self.entries)

    @property
    def attempts(self) -> int:
        return max(one.attempts for one in self.entries)

    @property
    def due_at(self) -> datetime:
        return min(one.due_at for one in self.entries)


class RunningState(msgspec.Struct, frozen=True, kw_only=True):
    """``seal_problem``: the code of what is wrong with the key, empty when it can be used; ``evidence``: ``None`` where
    there is none or it cannot be read, which ``evidence_problem`` (a code) tells; ``running_out``: certificates, lists and
    methods that end, ``running_out_problem`` (a code) where nobody can tell; ``fixity``: the reading of all stored bytes; ``backups``: ``None`` where nobody tells
    of them; ``holding``: backups that were put back and hold (ADR 0082); ``journal``: what lies between
    here and the municipality's journal system, ``None`` where none is joined or it is away (``journal_problem``); ``witness``: the folder for
    heads of the log, ``None`` where none is chosen; ``numbers``: of the documents that what was given up is about, by their ids."""

    forms: tuple[FormLine, ...]
    pending: tuple[Alike, ...]
    dead: tuple[Alike, ...]
    seal_problem: str
    index_needs_rebuild: bool
    isolation: str
    evidence: EvidenceState | None = None
    evidence_problem: str = ""
    running_out: tuple[RunsOut, ...] = ()
    running_out_problem: str = ""
    fixity: Fixity | None = None
    journal: JournalState | None = None
    journal_problem: str = ""
    backups: BackupState | None = None
    holding: tuple[Restored, ...] = ()
    witness: WitnessState | None = None
    numbers: dict[str, str] = {}


def require_administrator(who: Identity) -> None:
    """Raises ``NotFound`` for everybody else."""
    if all(one.role != "administrator" for one in who.assignments):
        raise NotFound("not an administrator")


def running_state(house: House, who: Identity) -> RunningState:
    """The state now; ``NotFound`` for who is no administrator."""
    require_administrator(who)
    entries, (evidence, evidence_problem) = house.outbox.pending(), _evidence(house)
    ending, ending_problem = _running_out(house)
    journal, journal_problem = _journal(house)
    return RunningState(
        forms=_forms(house),
        pending=_alike(entry for entry in entries if not entry.dead),
        dead=_alike(entry for entry in entries if entry.dead),
        seal_problem=_seal_problem(house),
        index_needs_rebuild=house.search.needs_rebuild,
        isolation=house.renderer.isolation,
        evidence=evidence,
        evidence_problem=evidence_problem,
        running_out=ending,
        running_out_problem=ending_problem,
        fixity=house.blobs.fixity(),
        journal=journal,
        journal_problem=journal_problem,
        witness=house.witness.state() if house.witness else None,
        backups=house.backups.state(house.moment) if house.backups else None,
        holding=tuple(one for one in house.restored if one.looked_at is None),
        numbers=_numbers(house, [entry.ids["document"] for entry in entries if entry.dead and "document" in entry.ids]),
    )


def reason(entry: OutboxEntry) -> tuple[str, str, str]:
    """The step, and why it failed; empty texts for what was not tried yet."""
    return entry.step, entry.last_error, entry.why


def _alike(entries: Iterable[OutboxEntry]) -> tuple[Alike, ...]:
    found: dict[tuple[str, str, str], list[OutboxEntry]] = {}
    for entry in entries:
        found.setdefault(reason(entry), []).append(entry)
    return tuple(Alike(entries=tuple(some)) for some in found.values())


def _numbers(house: House, document_ids: Iterable[str]) -> dict[str, str]:
    """By these people name a document to the administrator; a number says nothing of whose it is (R-111)."""
    found = {one: house.documents.get(one) for one in document_ids}
    return {one: document.number for one, document in found.items() if document is not None}


def fixity_report(house: House, who: Identity) -> Fixity | None:
    """The reading of all stored bytes, as far as it has come; ``None`` before the first. ``NotFound`` for who is no administrator."""
    require_administrator(who)
    return house.blobs.fixity()


def audit_problems(house: House, who: Identity) -> list[str]:
    """Reads the whole audit log and follows its chain; empty when whole."""
    require_administrator(who)
    return house.audit.verify()


def _forms(house: House) -> tuple[FormLine, ...]:
    locked = read_lock()
    made = {(one.form, one.version) for one in house.designs.published()}

    def state(definition: FormDefinition) -> str:
        entry = locked.get(definition.name)
        if entry is None:
            return "designed" if (definition.id, definition.version) in made else "missing"
        return entry.status if entry.digest == definition.digest else "changed"

    return tuple(FormLine(definition=one, lock=state(one)) for one in house.definitions.all())


def _evidence(house: House) -> tuple[EvidenceState | None, str]:
    try:
        return (house.evidence.state(house.moment) if house.evidence else None), ""
    except TillidError as error:
        return None, error.code


def _running_out(house: House) -> tuple[tuple[RunsOut, ...], str]:
    try:
        return (house.evidence.running_out() if house.evidence else ()), ""
    except TillidError as error:
        return (), error.code


def _journal(house: House) -> tuple[JournalState | None, str]:
    try:
        return (house.journal.state() if house.journal else None), ""
    except TillidError as error:
        return None, error.code


def _seal_problem(house: House) -> str:
    try:
        house.seal.check()
    except TillidError as error:
        return error.code
    return ""
