from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from ZODB.POSException import ConflictError

from tests.unit.cms.samples import KEY, NOW, child, custody, document
from tillid.cms.store.plain import PlainStore
from tillid.consents.model import Organisation
from tillid.kernel.errors import NotFound, TillidError, Unavailable
from tillid.kernel.ids import new_id
from tillid.process.organisation import Assignment, Parent, Round, Staff, Unit

# Replacement number (day + 60): can belong to nobody.
CPR = "610521-0001"


def test_units_staff_and_rounds_come_back(stores):
    unit = Unit(
        id=new_id(), name="Solsikken", kind="boernehave", parent_id=None, controller=Organisation(id="c", name="K")
    )
    staff = Staff(
        id=new_id(),
        name="Bo",
        username="bo",
        profession="paedagog",
        assignments=(Assignment(role="leader", unit_id=unit.id),),
    )
    stores.people.put_unit(unit)
    stores.people.put_staff(staff)
    assert stores.people.organigram().units == {unit.id: unit}
    assert stores.people.unit(unit.id) == unit
    assert stores.people.staff(staff.id) == staff
    assert stores.people.all_staff() == [staff]
    late = Round(id=new_id(), unit_id=unit.id, title="Forår", deadline=date(2027, 3, 1), assigned={"b": ("s",)})
    soon = Round(id=new_id(), unit_id=unit.id, title="Efterår", deadline=date(2026, 10, 1))
    stores.people.put_round(late)
    stores.people.put_round(soon)
    assert stores.people.rounds_of_unit(unit.id) == [soon, late]
    assert stores.people.round(late.id) == late


def test_a_login_name_belongs_to_one(stores):
    bo = Staff(id=new_id(), name="Bo", username="bo", profession="paedagog", assignments=())
    stores.people.put_staff(bo)
    with pytest.raises(TillidError, match=r"people\.username-taken"):
        stores.people.put_staff(msgspec.structs.replace(bo, id=new_id()))
    renamed = msgspec.structs.replace(bo, username="bo.hansen")
    stores.people.put_staff(renamed)
    assert stores.people.staff_by_username("bo") is None
    assert stores.people.staff_by_username("bo.hansen") == renamed
    assert stores.people.staff_by_username("") is None


def test_children_follow_their_unit_and_their_holders(stores):
    anna, karl = new_id(), new_id()
    ida = child()
    stores.people.put_child(ida, CPR, custody(ida.id, anna, karl))
    assert stores.people.children_of_unit(ida.unit_id) == [ida]
    moved = msgspec.structs.replace(ida, unit_id=new_id())
    stores.people.put_child(moved, CPR, custody(ida.id, anna))
    assert stores.people.children_of_unit(ida.unit_id) == []
    assert stores.people.children_of_unit(moved.unit_id) == [moved]
    assert stores.people.children_of_holder(anna, NOW) == [moved]
    assert stores.people.children_of_holder(karl, NOW) == []


def test_a_holder_whose_custody_has_ended_has_no_child(stores):
    anna = new_id()
    ida = child()
    ended = custody(ida.id, anna)
    holder = msgspec.structs.replace(ended.holders[0], until=datetime(2026, 1, 1, tzinfo=UTC))
    stores.people.put_child(ida, CPR, msgspec.structs.replace(ended, holders=(holder,)))
    assert stores.people.children_of_holder(anna, NOW) == []
    assert stores.people.children_of_holder(anna, datetime(2025, 6, 1, tzinfo=UTC)) == [ida]


@pytest.mark.req("R-110", "R-111")
def test_a_cpr_number_is_stored_encrypted_masked_and_found(store, tmp_path):
    parent = Parent(id=new_id(), name="Anna", mitid=True)
    ida = child()
    with store.transaction() as stores:
        stores.people.put_parent(parent, CPR)
        stores.people.put_child(ida, "0105211234", custody(ida.id, parent.id))
        assert stores.people.masked_cpr(parent.id) == "610521-xxxx"
        assert stores.people.unmask_cpr(parent.id) == "6105210001"
        assert stores.people.person_by_cpr("6105210001") == parent.id
        assert stores.people.person_by_cpr("010521-1234") == ida.id
        assert stores.people.person_by_cpr("6105210002") is None
        assert stores.people.person_by_cpr("not a number") is None
        with pytest.raises(NotFound):
            stores.people.unmask_cpr(new_id())
    raw = (tmp_path / "store" / "Data.fs").read_bytes()
    assert parent.id.encode() in raw
    for number in (b"6105210001", b"610521-0001", b"0105211234"):
        assert number not in raw


@pytest.mark.req("R-111")
def test_another_municipality_key_opens_nothing(store, tmp_path):
    parent = Parent(id=new_id(), name="Anna", mitid=True)
    with store.transaction() as stores:
        stores.people.put_parent(parent, CPR)
    store.close()
    other = PlainStore(tmp_path / "store", KEY[::-1])
    try:
        with other.open() as (stores, _):
            assert stores.people.person_by_cpr(CPR) is None
            with pytest.raises(Unavailable, match=r"people\.key"):
                stores.people.masked_cpr(parent.id)
    finally:
        other.close()


def test_a_number_belongs_to_one_and_can_be_changed(stores):
    anna, karl = (Parent(id=new_id(), name=name, mitid=True) for name in ("Anna", "Karl"))
    stores.people.put_parent(anna, CPR)
    with pytest.raises(TillidError, match=r"people\.cpr-taken"):
        stores.people.put_parent(karl, CPR)
    with pytest.raises(TillidError, match=r"people\.cpr"):
        stores.people.put_parent(karl, "123")
    stores.people.put_parent(anna, "610521-0002")
    stores.people.put_parent(karl, CPR)
    assert stores.people.person_by_cpr(CPR) == karl.id
    assert stores.people.parents() == [anna, karl]


@pytest.mark.req("R-33")
def test_unknown_custody_and_a_silent_register_are_unavailable(tmp_path):
    answers = {"silent": False}

    def register(child_id):
        if answers["silent"]:
            raise Unavailable("the register is silent", code="custody.unavailable")
        return custody(child_id, "from the register")

    store = PlainStore(tmp_path, KEY, custody_source=register)
    ida = child()
    with store.open() as (stores, _):
        stores.people.put_child(ida, CPR, custody(ida.id, "kept"))
        assert stores.people.custody(ida.id).holders[0].person_id == "from the register"
        answers["silent"] = True
        with pytest.raises(Unavailable):
            stores.people.custody(ida.id)
        # A parent still finds the child, to withdraw.
        assert stores.people.children_of_holder("kept", NOW) == [ida]
    store.close()


@pytest.mark.req("R-33")
def test_without_a_known_custody_there_is_no_answer(stores):
    with pytest.raises(Unavailable, match=r"custody\.unavailable"):
        stores.people.custody(new_id())


@pytest.mark.req("R-33")
def test_who_decided_on_an_old_custody_does_not_commit(store):
    ida = child()
    with store.transaction() as stores:
        stores.people.put_child(ida, CPR, custody(ida.id, "anna", "karl"))
    with store.open() as (first, first_manager), store.open() as (second, second_manager):
        assert len(first.people.custody(ida.id).holders) == 2
        first.outbox.add("release", {"document_id": document().id}, NOW)
        second.people.put_custody(custody(ida.id, "anna"))
        second_manager.commit()
        with pytest.raises(ConflictError):
            first_manager.commit()


@pytest.mark.req("R-37")
def test_only_protected_addresses_come_out_and_none_lies_there_in_clear(stores):
    anna, karl = (
        Parent(id=new_id(), name=name, mitid=True, protected_address=name == "Anna") for name in ("Anna", "Karl")
    )
    ida = child()
    stores.people.put_parent(anna, "610521-0002")
    stores.people.put_parent(karl, "610521-0003")
    stores.people.put_child(ida, CPR, custody(ida.id, anna.id, karl.id))
    assert stores.people.protected_addresses(ida.id) == []
    stores.people.put_address(anna.id, "Vestergade 12B, 5000 Odense C")
    stores.people.put_address(karl.id, "Østergade 1, 5000 Odense C")
    assert stores.people.protected_addresses(ida.id) == ["Vestergade 12B, 5000 Odense C"]
    known = stores.people.known_addresses(ida.id)
    assert sorted(known) == ["Vestergade 12B, 5000 Odense C", "Østergade 1, 5000 Odense C"], "for insight alone"
    assert b"Vestergade" not in stores.people._addresses[anna.id]
    stores.people.put_custody(custody(ida.id, karl.id))
    assert stores.people.protected_addresses(ida.id) == [], "who is no longer in the register's custody at all"
    stores.people.put_custody(custody(ida.id, anna.id, karl.id))
    stores.people.put_address(anna.id, "")
    assert stores.people.protected_addresses(ida.id) == []
    assert stores.people.protected_addresses(new_id()) == []
