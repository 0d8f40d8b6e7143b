"""The demo municipality in the real register, on a ZODB in memory."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import transaction
from ZODB.DB import DB
from ZODB.MappingStorage import MappingStorage

from tillid.cms.store.people import ZodbPeople
from tillid.demo.archive_cases import archive_cases
from tillid.demo.data import demo_data
from tillid.demo.loading import DemoPeople, load_people
from tillid.kernel.cpr import normal_cpr

MOMENT = datetime(2026, 11, 25, 19, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded():
    database = DB(MappingStorage())
    with database.transaction() as connection:
        people = ZodbPeople(connection.root(), b"k" * 32)
        ids = load_people(people, MOMENT)
    connection = database.open()
    yield ZodbPeople(connection.root(), b"k" * 32), ids
    transaction.abort()
    connection.close()
    database.close()


def test_staff_children_and_parents_are_found(loaded: tuple[ZodbPeople, DemoPeople]) -> None:
    people, ids = loaded
    sofie = people.staff_by_username("sofie")
    assert sofie is not None and sofie.id == ids.staff["sofie"]
    names = [child.name for child in people.children_of_unit(ids.units["stjernehuset"])]
    assert sorted(names) == [
        "Alma Skov Petersen",
        "Noor Rahimi Lundgren",
        "Olivia Nowak",
        "Theo Lindgaard Bech",
        "Villads Krag",
    ]
    assert [child.id for child in people.children_of_holder(ids.parents["inger"], MOMENT)] == [ids.children["rosa"]]
    assert people.children_of_holder(ids.parents["torben"], MOMENT) == []
    assert len(people.rounds_of_unit(ids.units["baekken"])) == 1


@pytest.mark.req("R-111")
def test_numbers_are_shown_masked_and_come_back_whole(loaded: tuple[ZodbPeople, DemoPeople]) -> None:
    people, ids = loaded
    alma = ids.children["alma"]
    assert people.masked_cpr(alma) == "740321-xxxx"
    assert people.unmask_cpr(alma) == normal_cpr(demo_data().children["alma"].cpr)


def test_archive_people_go_beside_the_demo(loaded: tuple[ZodbPeople, DemoPeople]) -> None:
    people, ids = loaded
    for case in archive_cases(20):
        for parent, cpr in case.parents:
            people.put_parent(parent, cpr)
        people.put_child(case.child, case.child_cpr, case.custody)
        assert people.unit(case.unit_id) and people.unit(case.receiver_unit_id) and people.staff(case.author_id)
    assert len(people.children_of_unit(ids.units["stjernehuset"])) == 5
    south = [ids.units["kastanjen"], ids.units["aakanden"]]
    assert sum(len(people.children_of_unit(unit)) for unit in south) == 20
