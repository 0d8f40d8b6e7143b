"""What keeps the proofs of an installation beside its clicks: heads of the log, here and for a witness, and evidence that is
renewed."""

from __future__ import annotations

from tillid.adapters.evidence_desk import EvidenceDesk, Repeat
from tillid.adapters.head_stamper import HeadStamper
from tillid.adapters.log_file import LogFile
from tillid.adapters.witness_folder import WitnessFolder
from tillid.kernel.clock import Clock
from tillid.usecases.ports import OpenHouse, TimeStamper


class Proofs:
    """Looked after with every sweep; what asks an authority has a thread of its own, for which nothing waits."""

    def __init__(
        self, log: LogFile, evidence: EvidenceDesk | None, stamper: TimeStamper | None, clock: Clock,
        witness: WitnessFolder | None = None,
    ) -> None:  # fmt: skip
        self._log, self._evidence, self._stamper, self._witness = log, evidence, stamper, witness
        self._head = HeadStamper(log, stamper, clock)

    def look(self, open_house: OpenHouse, repeat: Repeat) -> None:
        """Have done what is due. ``repeat``: runs work again that met another's commit."""
        self._log.keep_head()
        self._head.look()
        if self._witness is not None:
            self._witness.look()
        if self._evidence is not None:
            self._evidence.look(open_house, self._stamper, repeat)

    def wait(self, seconds: float) -> None:
        """Let what is under way end, before log and database are closed."""
        self._head.wait(seconds)
        if self._witness is not None:
            self._witness.wait(seconds)
        if self._evidence is not None:
            self._evidence.wait(seconds)
