"""What a command has done: by the running server, which alone may write the database then, or by an installation of its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tillid.adapters.index_keeper import IndexAnswer, IndexOrder, Verb, done, index_orders
from tillid.adapters.orders import Answer, Order
from tillid.adapters.rebuilding import AlreadyRebuilding, Progress, ProgressNote
from tillid.adapters.transfer_desk import TransferAnswer, TransferDesk, recorded
from tillid.signatures.evidence_book import Act
from tillid.usecases.record_transfer import Outcome, Packed, Receipt
from tillid.wiring.repeating import again_on_conflict

if TYPE_CHECKING:
    from tillid.adapters.evidence_desk import EvidenceDesk
    from tillid.wiring.running import Installation

__all__ = ["AlreadyRebuilding", "IndexAnswer", "Progress"]


def index_ordered(var: Path, verb: Verb, seconds: float) -> IndexAnswer | None:
    """What the running server answers; ``None`` when it has not in time."""
    orders = index_orders(var / "run")
    return orders.wait(orders.place(IndexOrder(verb=verb)), seconds)


def index_done(installation: Installation, verb: Verb) -> IndexAnswer:
    """The same, done here. Raises ``TillidError``."""
    return done(installation.parts.search, installation.open_house, verb, installation.var / "run")


def index_building(var: Path) -> Progress | None:
    """How far the running Tillid is with a build; ``None``: there is none, and none is ordered."""
    waiting = index_orders(var / "run").waiting()
    ordered = waiting is not None and waiting.verb == "rebuild"
    return ProgressNote(var / "run").told() or (Progress() if ordered else None)


def transfers_ordered(var: Path, said: Receipt, packed: Iterable[Packed], seconds: float) -> TransferAnswer | None:
    """What the running server answers of the archive's receipt. Raises ``TillidError`` while another one waits."""
    desk = TransferDesk(var / "run")
    return desk.wait(desk.place(said, packed), seconds)


def transfers_done(installation: Installation, said: Receipt, packed: Iterable[Packed]) -> dict[str, Outcome]:
    """The same, done here. Raises ``TillidError``."""
    return recorded(installation.open_house, again_on_conflict, said, packed)


def evidence_ordered(desk: EvidenceDesk, seconds: float) -> Answer | None:
    """What the running server answers that was asked to keep the evidence now."""
    return desk.order.wait(desk.order.place(Order()), seconds)


def evidence_done(installation: Installation) -> list[Act]:
    """The same, done here; records that were never noted are found too."""
    desk = installation.parts.evidence
    assert desk is not None, "an installation has evidence"
    desk.note_all(installation.open_house)
    return desk.run(installation.open_house, installation.parts.time_stamper, again_on_conflict)
