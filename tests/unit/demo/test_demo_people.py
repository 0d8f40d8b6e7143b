"""The demo municipality hangs together, and nobody in it can exist."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime

import msgspec
import pytest

from tillid.consents.custody import Custody
from tillid.consents.of_age import decides_itself
from tillid.demo.archive_cases import archive_cases
from tillid.demo.data import FOLDER, DemoData, DemoError, demo_data, read_demo
from tillid.demo.loading import accounts, child_of, custody_of, demo_people, demo_settings, load_people
from tillid.kernel.cpr import normal_cpr
from tillid.kernel.ids import is_id
from tillid.process.organisation import Child, Organigram, Parent, Round, Staff, Unit
from tillid.usecases.ports import Settings

MOMENT = datetime(2026, 11, 25, 19, 0, tzinfo=UTC)


class PutDown:
    """The writing half of the People port: keeps what it is given, so that the test sees exactly what was put."""

    def __init__(self) -> None:
        self.units: dict[str, Unit] = {}
        self.staff: dict[str, Staff] = {}
        self.children: dict[str, tuple[Child, str, Custody]] = {}
        self.parents: dict[str, tuple[Parent, str]] = {}
        self.rounds: dict[str, Round] = {}
        self.addresses: dict[str, str] = {}

    def put_unit(self, unit: Unit) -> None:
        assert unit.parent_id is None or unit.parent_id in self.units, "a unit is put after the one above it"
        self.units[unit.id] = unit

    def put_staff(self, staff: Staff) -> None:
        self.staff[staff.id] = staff

    def put_child(self, child: Child, cpr: str, custody: Custody) -> None:
        self.children[child.id] = (child, cpr, custody)

    def put_parent(self, parent: Parent, cpr: str) -> None:
        self.parents[parent.id] = (parent, cpr)

    def put_address(self, person_id: str, address: str) -> None:
        self.addresses[person_id] = address

    def put_round(self, round: Round) -> None:
        self.rounds[round.id] = round


@pytest.fixture(scope="module")
def put() -> PutDown:
    people = PutDown()
    load_people(people, MOMENT)  # type: ignore[arg-type]
    return people


def impossible(cpr: str) -> bool:
    """A replacement number: the shape of a CPR number with a day that no calendar has."""
    return normal_cpr(cpr) is not None and 61 <= int(cpr[:2]) <= 91


def test_everything_is_put_once_and_found_by_handle(put: PutDown) -> None:
    people = demo_people()
    assert set(people.units.values()) == set(put.units)
    assert set(people.staff.values()) == set(put.staff)
    assert set(people.children.values()) == set(put.children)
    assert set(people.parents.values()) == set(put.parents)
    assert set(people.rounds.values()) == set(put.rounds)
    assert len(put.children) == 14


def test_ids_are_random_uuids_and_never_shared(put: PutDown) -> None:
    ids = [*put.units, *put.staff, *put.children, *put.parents, *put.rounds]
    assert len(ids) == len(set(ids))
    assert all(is_id(one) and one[14] == "4" for one in ids)


@pytest.mark.req("R-110")
def test_every_cpr_number_can_belong_to_nobody(put: PutDown) -> None:
    numbers = [cpr for _, cpr, _ in put.children.values()] + [cpr for _, cpr in put.parents.values()]
    assert [cpr for cpr in numbers if not impossible(cpr)] == []
    assert len(numbers) == len(set(numbers))
    assert not impossible("140321-4012") and impossible("740321-4012")


def test_a_childs_number_carries_its_day_of_birth(put: PutDown) -> None:
    for child, cpr, _ in put.children.values():
        assert cpr[:6] == f"{child.birth_date.day + 60}{child.birth_date:%m%y}", child.name


def test_the_days_in_parents_numbers_exist(put: PutDown) -> None:
    for _, cpr in put.parents.values():
        born = datetime.strptime(f"{int(cpr[:2]) - 60:02}{cpr[2:4]}19{cpr[4:6]}", "%d%m%Y")
        assert f"{born.day + 60}{born:%m%y}" == cpr[:6]


def test_cvr_and_phone_numbers_can_belong_to_nobody(put: PutDown) -> None:
    weights = (2, 7, 6, 5, 4, 3, 2, 1)
    controllers = {unit.controller.cvr for unit in put.units.values()}
    for cvr in controllers | {demo_settings().cvr}:
        assert re.fullmatch(r"\d{8}", cvr)
        assert sum(weight * int(digit) for weight, digit in zip(weights, cvr, strict=True)) % 11 != 0
    phones = {unit.phone for unit in put.units.values()} | {parent.phone for parent, _ in put.parents.values()}
    phones |= {demo_settings().help_phone, demo_settings().support_phone}
    assert all(re.fullmatch(r"1\d( \d\d){3}", phone) for phone in phones)


@pytest.mark.req("R-30")
def test_every_child_has_a_holder_today_and_every_holder_is_known(put: PutDown) -> None:
    for child, _, custody in put.children.values():
        assert custody.child_id == child.id
        assert custody.current(MOMENT), child.name
        for holder in custody.holders:
            assert put.parents[holder.person_id][0].name == holder.name


def test_no_parent_is_without_a_child_but_the_foster_mother(put: PutDown) -> None:
    holders = {holder.person_id for _, _, custody in put.children.values() for holder in custody.holders}
    assert set(put.parents) - holders == {demo_people().parents["grethe"]} and holders < set(put.parents)


def test_the_kinds_of_custody_are_all_there() -> None:
    data = demo_data()

    def holders(handle: str, moment: datetime = MOMENT) -> list[str]:
        names = {record.id: parent for parent, record in data.parents.items()}
        return [names[h.person_id] for h in custody_of(data, handle, moment).current(moment)]

    before = datetime(2026, 6, 1, tzinfo=UTC)
    assert holders("alma") == ["katrine", "jeppe"]
    assert holders("villads") == ["dorthe"]
    assert [h.resident for h in custody_of(data, "noor", MOMENT).holders] == [True, False]
    assert custody_of(data, "olivia", MOMENT).shared_residence
    assert not data.parents["fatma"].mitid and "fatma" in holders("emil")
    assert child_of(data, "selma").mitid and decides_itself(child_of(data, "selma").birth_date, MOMENT)
    assert child_of(data, "liva").protected_address and data.parents["signe"].protected_address
    assert holders("rosa") == ["inger"] and custody_of(data, "rosa", MOMENT).holders[0].relation == "other"
    assert (holders("ellie", before), holders("ellie")) == (["pia"], ["pia", "nicolai"])
    assert (holders("freja", before), holders("freja")) == (["gitte", "torben"], ["gitte"])


@pytest.mark.req("R-37")
def test_the_protected_familys_address_is_known_and_nobody_elses(put: PutDown) -> None:
    protected = {one.id for one, *_ in (*put.parents.values(), *put.children.values()) if one.protected_address}
    assert set(put.addresses) == protected and len(protected) == 2 and all(put.addresses.values())


@pytest.mark.req("R-05")
def test_the_private_institution_is_its_own_controller(put: PutDown) -> None:
    ids = demo_people().units
    own = put.units[ids["skovtrolden"]].controller
    municipal = {unit.controller.id for unit in put.units.values() if unit.id != ids["skovtrolden"]}
    assert own.cvr and own.cvr != demo_settings().cvr
    assert municipal == {demo_settings().municipality_id}


def test_staff_cover_the_roles_and_stand_in_known_units(put: PutDown) -> None:
    assigned = [one for member in put.staff.values() for one in member.assignments]
    assert {one.role for one in assigned} == {
        "professional", "leader", "area_leader", "intake", "archivist", "notification_archivist", "administrator", "dpo",
    }  # fmt: skip
    assert {one.unit_id for one in assigned} <= set(put.units)


def test_the_area_leader_is_above_the_units_of_the_area(put: PutDown) -> None:
    ids = demo_people().units
    below = Organigram(units=put.units).below(ids["omraade_nord"])
    assert below == {ids[name] for name in ("omraade_nord", "sundhedsplejen", "baekken", "stjernehuset", "lindeskolen")}


@pytest.mark.req("T4b")
def test_every_child_of_a_unit_with_a_round_is_in_it_with_two_who_work_there(put: PutDown) -> None:
    for round_ in put.rounds.values():
        children = {child.id for child, _, _ in put.children.values() if child.unit_id == round_.unit_id}
        assert set(round_.assigned) == children
        assert round_.deadline > MOMENT.date() and not round_.opened
        for members in round_.assigned.values():
            assert len(set(members)) == 2
            for member in members:
                assert round_.unit_id in {one.unit_id for one in put.staff[member].assignments}


def test_accounts_are_the_staff_with_the_declared_password(put: PutDown) -> None:
    assert [name for name, _ in accounts()] == [member.username for member in put.staff.values()]
    assert {password for _, password in accounts()} == {"Solbjerg-demo-2026"}


@pytest.mark.req("R-01")
def test_each_transition_has_one_basis() -> None:
    settings = demo_settings()
    assert isinstance(settings, Settings) and settings.demo
    assert settings.basis_of_transition == {
        "sp_dp": "samtykke_sundhed",
        "dp_bh": "samtykke_gdpr",
        "bh_bh": "samtykke_gdpr",
        "bh_sk": "samtykke_gdpr",
        "sk_sk": "samtykke_gdpr",
        "ind_mel": "retningslinje",
    }


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("children.yaml", "unit: skovtrolden", "unit: skovtroldem", "children.yaml, ellie: »skovtroldem«"),
        ("children.yaml", "custody: [{parent: dorthe}]", "custody: []", "children.yaml, villads: nobody holds"),
        ("children.yaml", "{parent: dorthe}", "{parent: nobody}", "children.yaml, villads: »nobody«"),
        ("parents.yaml", "name: Dorthe Krag, ", "", "parents.yaml, dorthe: "),
        ("parents.yaml", "name: Dorthe Krag, ", "name: Dorthe Krag, mit_id: true, ", "parents.yaml, dorthe: "),
        ("staff.yaml", "{role: dpo,", "{role: boss,", "staff.yaml, rasmus: "),
        ("units.yaml", "skovtrolden:\n", "baekken:\n", "»baekken«"),
    ],
)
def test_a_mistake_in_the_data_is_named_with_file_and_handle(tmp_path, file, old, new, said) -> None:
    for source in FOLDER.glob("*.yaml"):
        shutil.copy(source, tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8")
    people = PutDown()
    with pytest.raises(DemoError) as caught:
        load_people(people, MOMENT, read_demo(tmp_path))  # type: ignore[arg-type]
    assert said in str(caught.value)
    assert not people.units, "nothing is put when the data does not hang together"


def test_loading_twice_puts_the_same() -> None:
    first, second = PutDown(), PutDown()
    load_people(first, MOMENT)  # type: ignore[arg-type]
    load_people(second, MOMENT)  # type: ignore[arg-type]
    assert vars(first) == vars(second)
    assert isinstance(demo_data(), DemoData) and msgspec.json.encode(first.rounds) == msgspec.json.encode(second.rounds)


def test_archive_people_can_be_nobody_and_are_all_different() -> None:
    cases = list(archive_cases(6000))
    numbers = [case.child_cpr for case in cases] + [cpr for case in cases for _, cpr in case.parents]
    assert all(impossible(cpr) for cpr in numbers)
    assert len(numbers) == len(set(numbers))
    ids = [case.child.id for case in cases] + [parent.id for case in cases for parent, _ in case.parents]
    assert len(ids) == len(set(ids))
