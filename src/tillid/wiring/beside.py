"""What the operator's commands have of an installation beside a running Tillid: its keys, its list of trust, its logs, its evidence.

What takes long to import is imported where it is asked for: a command waits for what it needs alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tillid.adapters.audit_reading import OPERATORS, ReadLog
from tillid.adapters.keys.places import ring_of, trust_of
from tillid.adapters.log_file import LogFile, is_in_use
from tillid.adapters.log_stamps import judged
from tillid.adapters.secretfile import secret_from
from tillid.cms.lock import lock_var
from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import TillidError
from tillid.signatures.checkpoint import LogKey
from tillid.signatures.trust import Trust
from tillid.usecases.ports import Audit, TimeStamper
from tillid.usecases.ports_fixity import FixityParts

if TYPE_CHECKING:
    from tillid.adapters.evidence_desk import EvidenceDesk
    from tillid.adapters.imported_packages import ImportedPackages
    from tillid.adapters.trust_watch import TrustWatch

# ``judged``: what a timestamp says of a log's head; ``lock_var``: take the folder for this process.
__all__ = ["OPERATORS", "SERVER", "LogFile", "judged", "lock_var", "ring_of", "trust_of"]
SERVER = "audit.jsonl"


def is_running(var: Path) -> bool:
    """Whether a Tillid runs on ``var``."""
    return is_in_use(var / "log")


def opened_log(var: Path) -> LogFile:
    """The log of the installation in ``var``, for reading. Raises ``TillidError`` (``log.none``) where there is none."""
    folder = var / "log"
    if not (folder / "leaves").exists():
        raise TillidError(
            "no log",
            code="log.none",
            text="Der er ingen log i {folder}. Angiv mappen med data med --var, eller start Tillid først.",
            folder=var,
        )
    name = (folder / "origin").read_text("utf-8").split("\n")[0]
    return LogFile(folder, LogKey(name, secret_from(var / "keys" / "log.key", may_make=False)), read_only=True)


def log_name(var: Path) -> str:
    """The name of its log, as the last start has left it; empty before the first."""
    return _origin(var)[0]


def log_key(var: Path) -> str:
    """The text of the key that the log's heads hold by: whose installation this is. Empty before the first start."""
    return _origin(var)[1]


def _origin(var: Path) -> tuple[str, str]:
    try:
        name, key, _ = (var / "log" / "origin").read_text("utf-8").split("\n")
    except (OSError, ValueError):
        return "", ""
    return name, key


def operators_audit(var: Path) -> Audit:
    """Where a command says what it looks at: a file of its own, chained as the server's is, for that one has one writer. Close it."""
    from tillid.adapters.audit_file import FileAudit

    return FileAudit(var / "audit" / OPERATORS, SystemClock())


def access_log(var: Path, name: str) -> ReadLog:
    """The access log with that name (``SERVER``, ``OPERATORS``), read beside who writes it; it need not be there."""
    return ReadLog(var / "audit" / name)


def broken_links(var: Path, name: str) -> list[str] | None:
    """What is wrong with that log's chain; ``None`` where there is no such log."""
    from tillid.adapters.audit_file import verify_file

    path = var / "audit" / name
    return verify_file(path) if path.exists() else None


def evidence_desk(var: Path, trust: Callable[[], Trust]) -> EvidenceDesk:
    """The renewed evidence; ``trust``: whom the installation trusts now."""
    from tillid.adapters.evidence_desk import EvidenceDesk

    return EvidenceDesk(var / "evidence", trust, SystemClock())


def evidence_copies(var: Path) -> tuple[str, ...]:
    """The folders of further copies of the evidence that are set."""
    from tillid.adapters.evidence_copies import set_in

    return set_in(var / "evidence")


def evidence_copies_before(var: Path) -> tuple[str, ...]:
    """Those that were, when the backup was made of which ``var`` was restored."""
    from tillid.adapters.evidence_copies import remembered_in

    return remembered_in(var / "evidence")


def time_stamper_of(var: Path, addresses: Sequence[str], *, demo: bool) -> TimeStamper | None:
    """Whoever stamps for the installation. Raises ``TillidError`` (``tsa.address``)."""
    from tillid.adapters.tsa import time_stamper

    return time_stamper(addresses, var / "keys", trust_of(var, demo=demo).now, SystemClock(), demo=demo)


def watch_of(var: Path, *, demo: bool) -> TrustWatch:
    """What looks at the certificates, lists and methods that proofs of today rest on."""
    from tillid.adapters.trust_watch import TrustWatch

    return TrustWatch(var, trust_of(var, demo=demo).now, SystemClock(), demo=demo)


def imported_of(var: Path) -> ImportedPackages:
    """The packages that were taken in from others."""
    from tillid.adapters.imported_packages import ImportedPackages

    return ImportedPackages(var / "imported")


def fixity_parts(var: Path, trust: Callable[[], Trust]) -> FixityParts:
    """What is read again beside the database."""
    from tillid.adapters.fixity_parts import Parts

    return Parts(var, trust)
