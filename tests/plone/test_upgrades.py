from __future__ import annotations

import pytest
from BTrees.OOBTree import OOBTree, OOTreeSet

from tests.unit.cms.samples import NOW, document, draft, event, tombstone, version
from tillid.cms import starting
from tillid.cms.content import HOUSE_ID
from tillid.cms.store.file_users import OF_DOCUMENTS, OF_EVENTS
from tillid.cms.store.records import Record, encode
from tillid.usecases.destroy_evidence import scans_among
from tillid.usecases.ports import Notice


def test_a_site_of_version_1000_finds_documents_by_number_and_hides_what_it_hid(connections):
    """A site as version 1000 left it: documents, no lookup by number, and one set of what search must not show."""
    old = document(number="TD-GAMMEL")

    def back_to_1000(store):
        store.stores.documents.add(old, draft(old))
        del store.site[HOUSE_ID].store["documents_by_number"]
        del store.site[HOUSE_ID].store["excluded"]
        store.site[HOUSE_ID].store["exclusions"] = OOTreeSet([f"{old.id}:e1", f"{old.id}:e2"])
        store.site.portal_setup.setLastVersionForProfile("tillid.cms:default", "1000")

    with connections.open_store("test", write=True) as store:
        back_to_1000(store)
    with connections.open_store("read", write=False) as store:
        assert store.stores.documents.by_number("TD-GAMMEL") is None
        assert store.site.portal_setup.listUpgrades("tillid.cms:default")
    assert starting.create_site() is False
    with connections.open_store("read", write=False) as store:
        assert store.stores.documents.by_number("TD-GAMMEL") == old
        assert store.stores.exclusions.all() == {old.id}
        assert "exclusions" not in store.site[HOUSE_ID].store
        store.stores.exclusions.remove(old.id, "e1")
        assert store.stores.exclusions.all() == {old.id}, "each cause was taken over"
        assert store.site.portal_setup.getLastVersionForProfile("tillid.cms:default") == ("1005",)
    before = starting.database().lastTransaction()
    starting.create_site()
    assert starting.database().lastTransaction() == before


@pytest.mark.req("R-90")
def test_a_site_of_version_1002_lists_the_holds_that_were_placed_before_there_was_a_list(connections):
    """Of three holds one was lifted, and one stands on a document that nobody wrote of since."""
    held = document(number="TD-HOLDT")
    other = document(number="TD-ANDEN", child_id=held.child_id)
    third = document(number="TD-OPGIVET", child_id=held.child_id)
    reason = {"kind": "legal", "reason": "Retssag 26-1234 er ikke afgjort."}
    placed = event([], held, held.id, kind="hold_placed", payload=reason)
    twice = event([placed], held, held.id, kind="hold_placed", payload=reason)
    lifted = event([placed, twice], held, held.id, kind="hold_lifted", payload={"hold": twice.id, "reason": "Afgjort."})
    alone = event([], other, other.id, kind="hold_placed", payload=reason)
    asked = event([alone], other, other.id, kind="destruction_ordered", payload={"reason": "x", "appraisal": "y"})
    given_up = event([], third, third.id, kind="destruction_ordered", payload={"reason": "x", "appraisal": "y"})
    cancelled = event([given_up], third, third.id, kind="destruction_cancelled", payload={"order": given_up.id})

    def back_to_1002(store):
        for each in (placed, twice, lifted, alone):
            store.stores.ledger.append(each)
        for order in (asked, given_up, cancelled):
            store.stores.ledger.append(order)
        house = store.site[HOUSE_ID].store
        del house["open_holds"], house["open_orders"]
        house["due_months"] = OOBTree({"2031-12": Record(b"[]")})
        store.site.portal_setup.setLastVersionForProfile("tillid.cms:default", "1002")

    with connections.open_store("test", write=True) as store:
        back_to_1002(store)
    with connections.open_store("read", write=False) as store:
        assert store.stores.ledger.open_holds() == [], "found on their documents alone"
    assert starting.create_site() is False
    with connections.open_store("read", write=False) as store:
        assert {one.id for one in store.stores.ledger.open_holds()} == {placed.id, alone.id}
        assert store.stores.ledger.open_orders() == [other.id]
        assert "due_months" not in store.site[HOUSE_ID].store and store.stores.keeping.due_totals() is None
        assert store.site.portal_setup.getLastVersionForProfile("tillid.cms:default") == ("1005",)
    with connections.open_store("test", write=True) as store:
        later = store.stores.ledger.series(held.id)
        lift = event(later, held, held.id, kind="hold_lifted", payload={"hold": placed.id, "reason": "Afgjort."})
        store.stores.ledger.append(lift)
    with connections.open_store("read", write=False) as store:
        assert [one.id for one in store.stores.ledger.open_holds()] == [alone.id]


def test_a_site_of_version_1003_keeps_what_its_people_were_told(connections):
    """Two people with notices in a tree each, as version 1003 left them; one of them is told more afterwards."""
    told = [
        Notice(id=f"n{number}", to_person=who, at=NOW, text_id="notice.shared")
        for number, who in enumerate(("leder", "leder", "mor"))
    ]

    def back_to_1003(store):
        house = store.site[HOUSE_ID].store
        del house["notice_boards"]
        house["notices"] = OOBTree()
        for one in told:
            house["notices"].setdefault(one.to_person, OOBTree())[one.id] = encode(one)
        store.site.portal_setup.setLastVersionForProfile("tillid.cms:default", "1003")

    with connections.open_store("test", write=True) as store:
        back_to_1003(store)
    with connections.open_store("read", write=False) as store:
        assert store.stores.notices.of_person("leder") == []
    assert starting.create_site() is False
    with connections.open_store("test", write=True) as store:
        assert {one.id for one in store.stores.notices.of_person("leder")} == {"n0", "n1"}
        assert store.stores.notices.of_person("mor") == [told[2]] and store.stores.notices.of_person("far") == []
        assert "notices" not in store.site[HOUSE_ID].store
        store.stores.notices.add(told[0])
        store.stores.notices.add(Notice(id="n3", to_person="leder", at=NOW, text_id="notice.shared"))
    with connections.open_store("read", write=False) as store:
        assert {one.id for one in store.stores.notices.of_person("leder")} == {"n0", "n1", "n3"}


@pytest.mark.req("R-90")
def test_a_site_of_version_1004_knows_who_names_a_file_before_anything_is_destroyed(connections):
    """As that version left it, or as a backup of it is put back: a draft, a version, a scan, and a tree with a name that is no longer."""
    drawn, shared, answered = document(), document(), document()
    files = {name: letter * 64 for name, letter in (("drawn", "a"), ("shared", "b"), ("scan", "c"), ("gone", "d"))}

    def back_to_1004(store):
        docs, ledger = store.stores.documents, store.stores.ledger
        docs.add(drawn, draft(drawn, files["drawn"]))
        docs.add(shared, draft(shared))
        docs.add_version(version(shared, answers={"filer": [{"sha256": files["shared"]}]}))
        paper = {"paper": {"scan_sha256": files["scan"]}}
        ledger.append(event([], answered, answered.id, kind="paper_entered", payload=paper))
        house = store.site[HOUSE_ID].store
        del house[OF_DOCUMENTS], house[OF_EVENTS]
        store.site.portal_setup.setLastVersionForProfile("tillid.cms:default", "1004")

    def known(store) -> tuple[set[str], frozenset[str]]:
        docs = store.stores.documents
        return {name for name, one in files.items() if docs.mentions(one)}, scans_among(store.stores, files.values())

    with connections.open_store("test", write=True) as store:
        back_to_1004(store)
    with connections.open_store("read", write=False) as store:
        assert known(store) == (set(), frozenset()), "as long as nobody has read all through"
        assert starting.create_site() is False
    with connections.open_store("test", write=True) as store:
        assert known(store) == ({"drawn", "shared"}, {files["scan"]})
        store.stores.documents.destroy(tombstone(drawn), again=True)
        assert known(store)[0] == {"shared"}
    before = starting.database().lastTransaction()
    starting.create_site()
    assert starting.database().lastTransaction() == before
