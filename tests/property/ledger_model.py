"""The rules of one question in a few sets and dates, and the log as its leaves: what the machine of test_ledger_machine.py is
held against."""

from __future__ import annotations

from datetime import date

from tests.support.leaves import Leaves
from tillid.consents.events import Event
from tillid.signatures import merkle


class Model:
    """What the rules say of one question. ``said``: holder → the items still said yes to; ``closed``: whether one no or one
    withdrawal has closed it for good (R-32); ``void``: the text changed before all had answered, or was corrected (R-11), or all were asked anew about it (R-21)."""

    def __init__(self, version: int, until: date) -> None:
        self.version, self.until = version, until
        self.said: dict[str, frozenset[str]] = {}
        self.closed = self.void = self.signed = False

    def released(self, holders: set[str] | None, today: date) -> frozenset[str]:
        """The items that the receiver may read; empty for nothing. ``holders``: custody now, ``None`` when nobody knows."""
        if (
            self.closed
            or self.void
            or not self.signed
            or not holders
            or not holders <= self.said.keys()
            or today > self.until
        ):
            return frozenset()
        return frozenset.intersection(*self.said.values())

    def may_be_signed(self, holders: set[str] | None, today: date) -> bool:
        before, self.signed = self.signed, True
        complete, self.signed = bool(self.released(holders, today)), before
        return complete


class Log(Leaves):
    """The log of these events."""

    def __init__(self, events: list[Event]) -> None:
        super().__init__([bytes.fromhex(event.digest) for event in events])
        self.size = len(self.leaves)

    def begins_with(self, size: int, root: bytes) -> bool:
        return size <= self.size and merkle.head(self, size) == root


def copied(model: Model) -> Model:
    made = Model(model.version, model.until)
    made.said, made.closed, made.void, made.signed = dict(model.said), model.closed, model.void, model.signed
    return made
