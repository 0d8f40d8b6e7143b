"""Solbjerg Kommune into a people register, with its accounts and settings."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import msgspec

from tillid.consents.custody import Custody, Holder
from tillid.consents.model import Organisation
from tillid.demo.data import ChildRecord, DemoData, DemoError, UnitRecord, demo_data, refer
from tillid.demo.texts import ANSWERS as ANSWERS
from tillid.kernel.clock import COPENHAGEN, SystemClock, local_day
from tillid.process.organisation import Assignment, Child, Parent, Round, Staff, Unit
from tillid.usecases.ports import People, Settings

# The form variant that goes with a kind of unit.
_VARIANTS = {kind: kind for kind in ("sundhedspleje", "dagpleje_vuggestue", "boernehave", "skole_sfo")}


class DemoPeople(msgspec.Struct, frozen=True, kw_only=True):
    """Handle → id of everybody and everything that was loaded. A member of staff's handle is the login name."""

    units: dict[str, str]
    staff: dict[str, str]
    parents: dict[str, str]
    children: dict[str, str]
    rounds: dict[str, str]


def load_people(people: People, moment: datetime | None = None, data: DemoData | None = None) -> DemoPeople:
    """Put the demo municipality into ``people`` and return the ids by handle.

    ``moment`` (now if left out) is when the registers were asked and what round deadlines are counted from. Loading
    again replaces records by the same ids. Works in the caller's transaction; raises ``DemoError`` before anything is
    put if the data does not hang together.
    """
    data = data or demo_data()
    moment = moment or SystemClock().now()
    units, staff, parents = _units(data), _staff(data), _parents(data)
    children = [
        (child_of(data, handle), child.cpr, custody_of(data, handle, moment)) for handle, child in data.children.items()
    ]
    rounds = _rounds(data, moment)
    for unit in units:
        people.put_unit(unit)
    for member in staff:
        people.put_staff(member)
    for parent, cpr in parents:
        people.put_parent(parent, cpr)
    for child, cpr, custody in children:
        people.put_child(child, cpr, custody)
    # The register of this house keeps the address of nobody but those whose address is protected.
    for person in (*data.parents.values(), *data.children.values()):
        if person.protected_address:
            people.put_address(person.id, person.address)
    for round_ in rounds:
        people.put_round(round_)
    return demo_people(data)


def demo_people(data: DemoData | None = None) -> DemoPeople:
    """The ids by handle without loading anything."""
    data = data or demo_data()
    names = ("units", "staff", "parents", "children", "rounds")
    return DemoPeople(**{name: {handle: one.id for handle, one in getattr(data, name).items()} for name in names})


def demo_settings() -> Settings:
    """What Solbjerg Kommune has decided; ``ind_mel`` rests on guidelines, the other transitions on consent (R-01)."""
    return demo_data().municipality.settings


def accounts() -> list[tuple[str, str]]:
    """Login name and declared password of every member of staff. For demo mode only."""
    data = demo_data()
    return [(username, data.municipality.demo_password) for username in data.staff]


_SHOWN = {
    "sofie": "pædagog, Stjernehuset",
    "birgit": "leder, Stjernehuset",
    "jonas": "områdeleder, Nord",
    "hanne": "modtagende leder, Lindeskolen",
    "peter": "børnehaveklasseleder, Lindeskolen",
    "ove": "arkivar",
    "solvej": "den anden arkivar, som bekræfter en destruktion",
    "rasmus": "databeskyttelsesrådgiver",
    "mettemarie": "underretningsfunktionen",
    "camilla": "administrator",
}


def login_table() -> list[tuple[str, str, str]]:
    """Who, login name, how: one of each role, for the table that ``tillid start`` prints."""
    data = demo_data()
    password = data.municipality.demo_password
    rows = [(f"{data.staff[name].name}, {what}", name, f"adgangskode {password}") for name, what in _SHOWN.items()]
    choose = "vælg en person på loginsiden"
    return [*rows, ("forældre, fx Almas", "Test-MitID", choose), ("Selma Rosenkilde, 15 år", "Test-MitID", choose)]


def child_of(data: DemoData, handle: str) -> Child:
    """The child as the register holds it. Raises ``DemoError``."""
    record = refer("children.yaml", handle, handle, data.children)
    unit = refer("children.yaml", handle, record.unit, data.units)
    if unit.kind not in _VARIANTS:
        raise DemoError("children.yaml", handle, f"{record.unit} is no place for children")
    return Child(
        id=record.id,
        name=record.name,
        birth_date=record.birth_date,
        unit_id=unit.id,
        group=record.group,
        variant=_VARIANTS[unit.kind],
        protected_address=record.protected_address,
        mitid=record.mitid,
    )


def custody_of(data: DemoData, handle: str, moment: datetime) -> Custody:
    """The child's custody as asked of the register at ``moment``. Raises ``DemoError``."""
    record = refer("children.yaml", handle, handle, data.children)
    if not record.custody:
        raise DemoError("children.yaml", handle, "nobody holds custody")
    return Custody(
        child_id=record.id,
        holders=tuple(_holder(data, handle, record, number) for number in range(len(record.custody))),
        shared_residence=record.shared_residence,
        checked_at=moment,
    )


def _holder(data: DemoData, handle: str, child: ChildRecord, number: int) -> Holder:
    record = child.custody[number]
    parent = refer("children.yaml", handle, record.parent, data.parents)
    born = datetime.combine(child.birth_date, time(0), COPENHAGEN).astimezone(UTC)
    return Holder(
        person_id=parent.id,
        name=parent.name,
        relation=record.relation,
        resident=record.resident,
        since=record.since or born,
        until=record.until,
    )


def _units(data: DemoData) -> list[Unit]:
    settings = data.municipality.settings
    municipality = Organisation(
        id=settings.municipality_id, name=settings.municipality, cvr=settings.cvr, phone=settings.help_phone
    )
    return [_unit(data, handle, record, municipality) for handle, record in data.units.items()]


def _unit(data: DemoData, handle: str, record: UnitRecord, municipality: Organisation) -> Unit:
    return Unit(
        id=record.id,
        name=record.name,
        kind=record.kind,
        parent_id=refer("units.yaml", handle, record.parent, data.units).id if record.parent else None,
        controller=record.controller or municipality,
        phone=record.phone,
    )


def _staff(data: DemoData) -> list[Staff]:
    return [
        Staff(
            id=record.id,
            name=record.name,
            username=handle,
            profession=record.profession,
            assignments=tuple(
                Assignment(role=one.role, unit_id=refer("staff.yaml", handle, one.unit, data.units).id)
                for one in record.assignments
            ),
        )
        for handle, record in data.staff.items()
    ]


def _parents(data: DemoData) -> list[tuple[Parent, str]]:
    return [
        (
            Parent(
                id=record.id,
                name=record.name,
                mitid=record.mitid,
                phone=record.phone,
                protected_address=record.protected_address,
            ),
            record.cpr,
        )
        for record in data.parents.values()
    ]


def _rounds(data: DemoData, moment: datetime) -> list[Round]:
    return [
        Round(
            id=record.id,
            unit_id=refer("rounds.yaml", handle, record.unit, data.units).id,
            title=f"{record.title} {local_day(moment).year}",
            deadline=local_day(moment) + timedelta(days=record.deadline_in_days),
            assigned={
                refer("rounds.yaml", handle, child, data.children).id: tuple(
                    refer("rounds.yaml", handle, member, data.staff).id for member in members
                )
                for child, members in record.assigned.items()
            },
        )
        for handle, record in data.rounds.items()
    ]
