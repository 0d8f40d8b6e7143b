"""Whether the search in the archive has everything, and if not, what becomes of it. No number and no name: what waits may be a
document that nobody may be shown any more."""

from __future__ import annotations

import msgspec

from tillid.process.access import Identity
from tillid.usecases.destroy import FORGET
from tillid.usecases.ports import House
from tillid.usecases.search_archive import units_of_archivist

_STEPS = frozenset({"index", FORGET})


class IndexState(msgspec.Struct, frozen=True, kw_only=True):
    """``waiting``: changes of the last moments are under way; ``retried``: some met an error and are tried again by
    themselves; ``given_up``: some wait for the administrator; ``rebuilding``: the index does not hold everything yet."""

    waiting: bool = False
    retried: bool = False
    given_up: bool = False
    rebuilding: bool = False

    @property
    def whole(self) -> bool:
        return not (self.waiting or self.retried or self.given_up or self.rebuilding)


def index_state(house: House, who: Identity) -> IndexState:
    """Of the archivist's own places (R-05)."""
    units = units_of_archivist(house, who)
    # What makes an entry old hides its document with the same commit: where nothing is hidden, nothing is late.
    hidden = {one for one in house.exclusions.all() if _unit_of(house, one) in units}
    entries = house.outbox.pending() if hidden else ()
    late = [one for one in entries if one.step in _STEPS and one.ids["document"] in hidden]
    return IndexState(
        waiting=any(not one.dead and not one.attempts for one in late),
        retried=any(not one.dead and one.attempts for one in late),
        given_up=any(one.dead for one in late) or bool(hidden - {one.ids["document"] for one in late}),
        rebuilding=house.search.needs_rebuild,
    )


def _unit_of(house: House, document_id: str) -> str:
    left = house.documents.get(document_id) or house.documents.tombstone(document_id)
    return left.unit_id if left is not None else ""
