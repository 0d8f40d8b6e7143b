from __future__ import annotations

import msgspec
import pytest
from ZODB.POSException import ConflictError

from tests.unit.cms.samples import NOW, copy, document, draft, tombstone, version
from tillid.kernel.errors import NotFound, TillidError


def test_a_document_and_its_draft_come_back_as_they_were(stores):
    one = document()
    stores.documents.add(one, draft(one))
    assert stores.documents.get(one.id) == one
    assert stores.documents.draft(one.id) == draft(one)
    assert list(stores.documents.ids()) == [one.id]
    assert stores.documents.get("unknown") is None
    with pytest.raises(NotFound):
        stores.documents.draft("unknown")


def test_an_id_is_used_once_and_a_document_stays_with_its_child(stores):
    one = document()
    stores.documents.add(one, draft(one))
    with pytest.raises(TillidError, match=r"documents\.exists"):
        stores.documents.add(one, draft(one))
    with pytest.raises(TillidError, match=r"documents\.fixed"):
        stores.documents.replace(msgspec.structs.replace(one, child_id="another"))


def test_lists_follow_what_the_document_says_now(stores):
    one = document(round_id="r1")
    later = document(child_id=one.child_id, created_at=NOW.replace(hour=13))
    for each in (later, one):
        stores.documents.add(each, draft(each))
    assert stores.documents.of_child(one.child_id) == [one, later]
    assert stores.documents.of_unit(one.unit_id) == [one]
    assert stores.documents.of_round("r1") == [one]
    assert stores.documents.to_unit("u2") == []
    sent = msgspec.structs.replace(one, receiver_unit_id="u2", state="shared")
    stores.documents.replace(sent)
    assert stores.documents.to_unit("u2") == [sent]
    elsewhere = msgspec.structs.replace(sent, receiver_unit_id="u3")
    stores.documents.replace(elsewhere)
    assert stores.documents.to_unit("u2") == []
    assert stores.documents.to_unit("u3") == [elsewhere]


@pytest.mark.req("R-21")
def test_a_version_is_written_once_and_only_copies_are_added(stores):
    one = document()
    stores.documents.add(one, draft(one))
    stores.documents.add_version(version(one))
    with pytest.raises(TillidError, match=r"documents\.version-order"):
        stores.documents.add_version(version(one))
    with pytest.raises(TillidError, match=r"documents\.version-order"):
        stores.documents.add_version(version(one, 3))
    stores.documents.add_version(version(one, 2))
    rendered = version(one, copies={"parent": copy()}, corrected=True)
    stores.documents.replace_version(rendered)
    assert stores.documents.version(one.id, 1) == rendered
    assert stores.documents.version(one.id, 2) == version(one, 2)
    assert stores.documents.version(one.id, 3) is None


@pytest.mark.req("R-21")
@pytest.mark.parametrize(
    "change",
    [{"answers": {"styrker": "noget andet"}}, {"agreed": True}, {"copies": {}}, {"copies": {"parent": copy("c" * 64)}}],
    ids=["answers", "agreed", "copy removed", "copy replaced"],
)
def test_what_a_version_froze_cannot_be_changed(stores, change):
    one = document()
    stores.documents.add(one, draft(one))
    stores.documents.add_version(version(one, copies={"parent": copy()}))
    fields = {"copies": {"parent": copy()}} | change
    with pytest.raises(TillidError, match=r"documents\.version-frozen"):
        stores.documents.replace_version(version(one, **fields))


def test_of_two_who_save_one_draft_the_second_reads_again(store):
    one = document()
    with store.transaction() as stores:
        stores.documents.add(one, draft(one))
    with store.open() as (first, first_manager), store.open() as (second, second_manager):
        first.documents.save_draft(draft(one, "fra den ene fane"))
        second.documents.save_draft(draft(one, "fra den anden fane"))
        first_manager.commit()
        with pytest.raises(ConflictError):
            second_manager.commit()
        second_manager.abort()
        assert second.documents.draft(one.id) == draft(one, "fra den ene fane")


@pytest.mark.req("R-90")
def test_a_file_that_was_taken_out_of_a_draft_is_still_known_to_be_its_own(stores):
    """Until the document is destroyed with it; a text that looks like a file is none."""
    one, other = document(), document()
    first, second = ({"sha256": letter * 64, "name": "tegning.png"} for letter in "ab")
    for each in (one, other):
        stores.documents.add(each, draft(each))
    for value in (first, [second], 'Hun skrev {"sha256":"' + "c" * 64 + '"}', None):
        stores.documents.save_draft(draft(one, value))
    assert set(stores.documents.left_files(one.id)) == {"a" * 64, "b" * 64}
    assert stores.documents.left_files(other.id) == () and stores.documents.mentions("a" * 64)
    stores.documents.destroy(tombstone(one), again=True)
    assert stores.documents.left_files(one.id) == () and not stores.documents.mentions("a" * 64)


def test_a_document_is_found_by_its_number_which_is_used_once(stores):
    one = document(number="TD-7F3K2Q")
    stores.documents.add(one, draft(one))
    assert stores.documents.by_number("TD-7F3K2Q") == one
    assert stores.documents.by_number("TD-000000") is None
    with pytest.raises(TillidError, match=r"documents\.exists"):
        other = document(number="TD-7F3K2Q")
        stores.documents.add(other, draft(other))
    with pytest.raises(TillidError, match=r"documents\.fixed"):
        stores.documents.replace(msgspec.structs.replace(one, number="TD-AAAAAA"))


def test_a_version_is_read_as_it_is_stored_now(stores):
    """What it was is remembered, and found by what is stored alone."""
    one = document()
    stores.documents.add(one, draft(one))
    stores.documents.add_version(version(one))
    first = stores.documents.version(one.id, 1)
    assert stores.documents.version(one.id, 1) is first
    stores.documents.replace_version(version(one, copies={"parent": copy()}))
    assert stores.documents.version(one.id, 1).copies == {"parent": copy()}
    assert not first.copies
    other = document()
    stores.documents.add(other, draft(other))
    stores.documents.add_version(version(other))
    assert stores.documents.version(other.id, 1).document_id == other.id
