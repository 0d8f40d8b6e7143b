"""The whole CPR number of a child, for who needs it and says why; otherwise it is shown masked (R-111)."""

from __future__ import annotations

import msgspec

from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.usecases.ports import House
from tillid.usecases.start_document import may_start_for
from tillid.usecases.writing import audit_row

ACTION = "unmask_cpr"
# Codes, so that nobody writes about a person into the log.
REASONS = ("letter", "authority", "right_child", "underretning")


class ReasonMissing(TillidError):
    code = "cpr.reason-missing"
    text = "Vælg, hvad du skal bruge CPR-nummeret til. Det bliver skrevet i loggen."


class Unmasked(msgspec.Struct, frozen=True, kw_only=True):
    child: Child
    cpr: str


def unmask_cpr(house: House, who: Identity, child_id: str, reason: str) -> Unmasked:
    """The number in ten digits with its hyphen; the row with ``reason`` (one of ``REASONS``) is written first. Raises
    ``NotFound`` for a child ``who`` does not work with (R-70), and ``ReasonMissing``."""
    child = require_child(house, who, child_id)
    if reason not in REASONS:
        raise ReasonMissing("no known reason")
    house.audit.write(audit_row(house, who, ACTION, child.id, child.id, f"cpr:{reason}"))
    digits = house.people.unmask_cpr(child.id)
    return Unmasked(child=child, cpr=f"{digits[:6]}-{digits[6:]}")


def require_child(house: House, who: Identity, child_id: str) -> Child:
    """The child if ``who`` works with it now; else ``NotFound``."""
    child = house.people.child(child_id)
    if child is None or not may_start_for(house, who, child):
        raise NotFound("not this person's child")
    return child
