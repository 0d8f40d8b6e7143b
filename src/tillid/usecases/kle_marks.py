"""The municipality's KLE marks: sent in, looked at beside what is in use, taken in use by a second archivist (R-81, R-82)."""

from __future__ import annotations

import msgspec

from tillid.archive.kle import Changes, KleTable, Suggestion, Wrong, changes, digest_of, read_marks, suggestion
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.usecases.keepers import keeper_units
from tillid.usecases.ports import House
from tillid.usecases.writing import audit_row

ACTION = "kle_marks"


class KleWrong(TillidError):
    """``wrong``: what, line by line. Nothing of the file was kept."""

    code = "kle.wrong"
    text = "Filen kan ikke bruges. Ret de linjer, der står på siden, og send den ind igen. Intet er ændret."

    def __init__(self, wrong: tuple[Wrong, ...]) -> None:
        super().__init__(f"{len(wrong)} faults")
        self.wrong = wrong


class KleSamePerson(TillidError):
    code = "kle.same-person"
    text = "Den, der har sendt listen ind, kan ikke selv tage den i brug. Det skal en anden arkivar gøre."


class KlePage(msgspec.Struct, frozen=True, kw_only=True):
    """``now``: the table in use; ``proposed``: one that waits, with what it would change."""

    now: KleTable | None
    proposed: KleTable | None
    changes: Changes | None


def kle_page(house: House, who: Identity) -> KlePage:
    """Raises ``NotFound`` for who is no archivist."""
    _require(house, who)
    now, proposed = house.keeping.kle(), house.keeping.kle_proposed()
    found = changes(now.marks if now else (), proposed.marks) if proposed else None
    return KlePage(now=now, proposed=proposed, changes=found)


def propose_kle(house: House, who: Identity, data: bytes) -> KleTable:
    """Send in a file; it takes the place of one that waited. Raises ``KleWrong``, ``NotFound``."""
    _require(house, who)
    marks, wrong = read_marks(data)
    if wrong:
        raise KleWrong(wrong)
    table = KleTable(digest=digest_of(data), by=who.person_id, at=house.moment, marks=marks)
    house.audit.write(audit_row(house, who, ACTION, table.digest, "", "propose"))
    house.keeping.propose_kle(table)
    return table


def use_kle(house: House, who: Identity, digest: str) -> None:
    """Take the table that waits in use. ``digest``: of the one that was looked at. Raises ``KleSamePerson``; ``NotFound`` also when
    another waits meanwhile."""
    table = _waiting(house, who, digest)
    if table.by == who.person_id:
        raise KleSamePerson("second person")
    house.audit.write(audit_row(house, who, ACTION, digest, "", "use"))
    house.keeping.put_kle(msgspec.structs.replace(table, used_by=who.person_id, used_at=house.moment))
    house.keeping.propose_kle(None)


def discard_kle(house: House, who: Identity, digest: str) -> None:
    """Put it away; any archivist may."""
    _waiting(house, who, digest)
    house.audit.write(audit_row(house, who, ACTION, digest, "", "discard"))
    house.keeping.propose_kle(None)


def kle_says(house: House, subject: str, facet: str) -> Suggestion | None:
    """What the table in use says of a subject with a facet; ``None`` without a table, or if it says nothing of them."""
    table = house.keeping.kle()
    found = suggestion(table.marks, subject, facet) if table is not None else None
    return found if found is not None and found.lines else None


def _require(house: House, who: Identity) -> None:
    if not keeper_units(house, who):
        raise NotFound("not an archivist")


def _waiting(house: House, who: Identity, digest: str) -> KleTable:
    _require(house, who)
    table = house.keeping.kle_proposed()
    if table is None or table.digest != digest:
        raise NotFound("no such table waits")
    return table
