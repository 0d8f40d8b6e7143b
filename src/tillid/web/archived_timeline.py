"""One list of all that happened to an archived document: its events, who read it, its evidence renewed, packed, read again."""

from __future__ import annotations

from collections.abc import Iterator

from tillid.kernel.clock import parse_instant
from tillid.usecases.open_archived import ArchivedCase
from tillid.usecases.ports import House
from tillid.web.archive_words import ACTION, Line, timeline
from tillid.web.i18n import _
from tillid.web.words import ROLES

# Its row comes before the package: whether it was made, the list beside the packages says.
PACKED = _("En arkivpakke blev sat i gang")
RENEWED = _("Beviset for en forseglet post blev fornyet")
READ_AGAIN = _("Alt gemt blev læst igen og sammenlignet med kontroltallene")
DAMAGED = _("Noget er ikke, som det blev gemt")


def whole_timeline(house: House, case: ArchivedCase) -> list[Line]:
    """By time, the oldest first; of one moment the events first."""
    lines = [*timeline(house, case), *_renewed(case), *_packed(case), *_read(case), *_checked(case)]
    return sorted(lines, key=lambda line: line.at)


def _read(case: ArchivedCase) -> Iterator[Line]:
    for one in case.history.reads:
        text, role = ACTION.get(one.action, one.action), ROLES.get(one.role, one.role)
        yield Line(at=one.at, text=text, values={}, who="", role=role, times=one.times)


def _packed(case: ArchivedCase) -> Iterator[Line]:
    for at in case.history.packed:
        yield Line(at=at, text=PACKED, values={}, who="", role=ROLES["operator"])


def _renewed(case: ArchivedCase) -> Iterator[Line]:
    """Every renewal that any record's evidence shows. Records of a batch are renewed together: one line for all."""
    proofs = [one.evidence.details for one in case.records if one.evidence is not None]
    moments = {moment for one in proofs for moment in one.get("renewals", "").split()}
    for moment in sorted(moments):
        yield Line(at=parse_instant(moment), text=RENEWED, values={}, who="")


def _checked(case: ArchivedCase) -> Iterator[Line]:
    found = case.history.checked
    for damage in found.damages:
        yield Line(at=damage.at, text=DAMAGED, values={}, who="")
    if found.at is not None:
        yield Line(at=found.at, text=READ_AGAIN, values={}, who="")
