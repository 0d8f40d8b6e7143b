"""What is read again beside the database, and who judges what is signed: ``ports_fixity.FixityParts`` over ``var``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from tillid.adapters.audit_lines import Line, damage_at_end, problems, read_lines
from tillid.adapters.audit_reading import OPERATORS
from tillid.adapters.destroyed_file import DestroyedFile
from tillid.adapters.evidence_copies import EvidenceCopies
from tillid.adapters.evidence_files import EvidenceFiles
from tillid.adapters.xmlsec_engine import libxmlsec_personal, verify_twice
from tillid.archive.tombstone import Tombstone
from tillid.signatures.personal import Expected, verify_personal
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict
from tillid.usecases.ports_fixity import Pace


class Parts:
    """``trust``: whom the installation trusts now. Reads beside who writes."""

    def __init__(self, var: Path, trust: Callable[[], Trust]) -> None:
        audit = var / "audit"
        self._logs = {"audit": audit / "audit.jsonl", "operators": audit / OPERATORS}
        self._evidence, self._destroyed, self._trust = var / "evidence", DestroyedFile(var / "destroyed"), trust

    def names(self) -> Sequence[str]:
        """See ``FixityParts``. The list of what was destroyed is looked for where nothing was, too: it may have gone."""
        logs = [name for name, path in self._logs.items() if path.exists()]
        return [*logs, "destroyed", *(["evidence"] if self._evidence.is_dir() else [])]

    def look_at(self, name: str, pace: Pace) -> tuple[str, int]:
        """See ``FixityParts``."""
        if name == "evidence":
            own = EvidenceFiles(self._evidence)
            wrong = own.problems() or EvidenceCopies(self._evidence, own).problems()
            return ("fixity.evidence" if wrong else ""), 0
        path = self._logs[name]
        size = _finished(path)
        wrong = any(problems(_paced(read_lines(path, 0, size), pace)))
        return ("fixity.audit" if wrong else ""), size

    def destroyed(self) -> Sequence[Tombstone]:
        """See ``FixityParts``."""
        return self._destroyed.all()

    def record(self, record: bytes, token: bytes | None, at: datetime) -> Verdict:
        """By the two quick engines (ADR 0063)."""
        return verify_timed(record, self._trust(), at=at, token=token, verifier=verify_twice)

    def personal(self, data: bytes, expected: Expected, token: bytes | None, at: datetime) -> Verdict:
        """See ``FixityParts``. By two engines, too."""
        return verify_personal(data, expected, self._trust(), at=at, token=token, second=libxmlsec_personal)


def _finished(path: Path) -> int:
    """Where the last finished line ends: another may be on its way."""
    handle = os.open(path, os.O_RDONLY)
    try:
        return damage_at_end(handle)
    finally:
        os.close(handle)


def _paced(lines: Iterator[Line], pace: Pace) -> Iterator[Line]:
    for line in lines:
        yield line
        pace()
