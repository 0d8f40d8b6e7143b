"""Whether anything else names a file is asked of those that do, however many documents and events there are (ADR 0100)."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ZODB.POSException import ConflictError

from tests.unit.cms.samples import DEFINITION, NOW, document, draft, event, tombstone, version
from tillid.archive.keeping import KINDS
from tillid.cms.store.plain import PlainStore
from tillid.documents.earlier import EarlierDraft
from tillid.documents.model import DraftField, Undo
from tillid.kernel.canonical import sha256
from tillid.usecases.destroy_evidence import scans_among

pytestmark = pytest.mark.req("R-90")
FILE, OTHER = "a" * 64, "b" * 64


def named(digest: str) -> dict[str, str]:
    return {"sha256": digest, "name": "tegning.png"}


def with_values(one, **values):
    made = {
        key: DraftField(value=value, revision=1, by=one.author, side="parent", at=NOW) for key, value in values.items()
    }
    return msgspec.structs.replace(draft(one), fields=made)


def scanned(series, one, digest: str):
    return event(series, one, one.id, kind="paper_entered", payload={"paper": {"scan_sha256": digest}})


def filled(store, count: int, digest: str = FILE) -> None:
    """So many documents, each with a file and a scan of its own, and two that share one of each."""
    with store.transaction() as stores:
        for number in range(count):
            one = document()
            file = digest if number < 2 else sha256(b"%d" % number)
            stores.documents.add(one, draft(one))
            stores.documents.save_draft(with_values(one, tegning=named(file)))
            stores.documents.add_version(version(one, answers={"tegninger": [named(file)]}))
            stores.ledger.append(scanned([], one, file))


def loads(store, ask) -> int:
    """How many objects are read for ``ask``, by somebody who has read nothing yet."""
    with store.open() as (stores, _):
        connection = stores.documents._root._p_jar
        connection.cacheMinimize()
        connection.getTransferCounts(clear=True)
        ask(stores)
        return connection.getTransferCounts()[0]


@pytest.mark.parametrize(
    ("what", "ask"),
    [
        ("named by two", lambda s: (s.documents.mentions(FILE), scans_among(s, [FILE]))),
        ("named by nobody", lambda s: (s.documents.mentions(OTHER), scans_among(s, [OTHER]))),
    ],
)
def test_what_is_read_does_not_grow_with_the_store(tmp_path, what, ask):
    read = []
    for count in (20, 400):
        store = PlainStore(tmp_path / str(count), b"m" * 32)
        filled(store, count)
        read.append(loads(store, ask))
        store.close()
    assert read[1] <= read[0] + 6 and read[1] < 40, "the tree of lookups grows by a level at most"


def earlier(one, number: int, value) -> EarlierDraft:
    return EarlierDraft(
        document_id=one.id, number=number, draft=with_values(one, gammelt=value), definition=DEFINITION,
        variant="boernehave", to=DEFINITION, moved_at=NOW, moved_by=one.author, versions=0,
    )  # fmt: skip


def kept(one, value):
    """A text that lost a race."""
    return msgspec.structs.replace(draft(one), kept={"styrker": (with_values(one, x=value).fields["x"],)})


def undo(one, value):
    return msgspec.structs.replace(draft(one), undo={"styrker": Undo(value=value, by=one.author, revision=1)})


PLACES = {
    "born with it": lambda docs, one, value: None,
    "draft": lambda docs, one, value: docs.save_draft(with_values(one, tegning=value)),
    "kept": lambda docs, one, value: docs.save_draft(kept(one, value)),
    "undo": lambda docs, one, value: docs.save_draft(undo(one, value)),
    "taken out": lambda docs, one, value: (
        docs.save_draft(with_values(one, tegning=value)),
        docs.save_draft(draft(one)),
    ),
    "sent": lambda docs, one, value: docs.leave_files(one.id, [FILE]),
    "version": lambda docs, one, value: docs.add_version(version(one, answers={"rækker": [{"fil": value}]})),
    "earlier draft": lambda docs, one, value: docs.keep_draft(earlier(one, 1, value)),
}


def put(stores, place: str, one=None):
    one = one or document()
    stores.documents.add(one, with_values(one, tegning=named(FILE)) if place == "born with it" else draft(one))
    PLACES[place](stores.documents, one, named(FILE))
    return one


@pytest.mark.parametrize("place", PLACES)
def test_wherever_a_document_names_a_file_it_is_known_until_the_document_goes(store, place):
    with store.transaction() as stores:
        first, second = put(stores, place), put(stores, place)
    for one, left in ((first, True), (second, False)):
        with store.transaction() as stores:
            assert stores.documents.mentions(FILE) and not stores.documents.mentions(OTHER)
            stores.documents.destroy(tombstone(one), again=True)
            assert stores.documents.mentions(FILE) is left
    with store.open() as (stores, _):
        assert list(stores.documents._by_file.of(FILE)) == [], "nothing is left of it where to look"


def test_a_forms_digest_is_no_file_and_every_document_that_was_moved_does_not_stand_under_it(stores):
    one = document()
    stores.documents.add(one, msgspec.structs.replace(with_values(one, tegning=named(FILE)), form="f" * 64))
    stores.documents.keep_draft(earlier(one, 1, named(FILE)))
    assert list(stores.documents._by_file.of("f" * 64)) == [] and list(stores.documents._by_file.of("0" * 64)) == []


def test_a_scan_is_known_until_the_events_of_all_who_named_it_are_forgotten(store):
    first, second = document(), document()
    with store.transaction() as stores:
        for one in (first, second):
            created = event([], one, one.id)
            stores.ledger.append(created)
            stores.ledger.append(scanned([created], one, FILE))
    for one, left in ((first, True), (second, False)):
        with store.transaction() as stores:
            assert scans_among(stores, [OTHER, FILE]) == {FILE} and not stores.documents.mentions(FILE)
            stores.ledger.forget(one.id, KINDS)
            assert (scans_among(stores, [FILE]) == {FILE}) is left
    with store.open() as (stores, _):
        assert list(stores.ledger._by_file.of(FILE)) == []


def test_who_names_it_while_the_last_who_did_goes_is_not_lost(store):
    with store.transaction() as stores:
        one = put(stores, "draft")
    with store.open() as (stores, manager):
        stores.documents.destroy(tombstone(one), again=True)
        assert not stores.documents.mentions(FILE)
        with store.transaction() as other:
            late = put(other, "draft")
        with pytest.raises(ConflictError):
            manager.commit()
    with store.open() as (stores, _):
        assert set(stores.documents._by_file.of(FILE)) == {one.id, late.id}


def test_a_name_too_many_costs_a_read_and_says_nothing(stores):
    one = put(stores, "draft")
    stores.documents._by_file.add([OTHER], one.id)
    stores.documents._by_file.add([OTHER], "gone")
    stores.ledger.append(event([], one, one.id))
    stores.ledger._by_file.add([OTHER], stores.ledger.of_document(one.id)[0].id)
    stores.ledger._by_file.add([OTHER], "gone")
    assert not stores.documents.mentions(OTHER) and scans_among(stores, [OTHER]) == frozenset()


def read_through(stores, digest: str) -> bool:
    """As it was asked before there was anywhere to look."""
    return any(
        digest in stores.documents.left_files(one)
        or any(digest.encode() in record.data for record in stores.documents._records(one))
        for one in stores.documents.ids()
    )


STEPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from([*PLACES, "destroy"])), max_size=12)


@given(STEPS, st.booleans())
def test_whatever_is_written_in_whatever_order_the_answer_is_that_of_reading_all(tmp_path_factory, steps, anew):
    store = PlainStore(tmp_path_factory.mktemp("store"), b"m" * 32)
    try:
        with store.open() as (stores, _):
            there: dict[int, object] = {}
            for number, place in steps:
                if place == "destroy":
                    if one := there.pop(number, None):
                        stores.documents.destroy(tombstone(one), again=True)
                elif number not in there:
                    there[number] = put(stores, place)
                elif place not in ("born with it", "version", "earlier draft"):
                    PLACES[place](stores.documents, there[number], named(FILE))
                if anew:
                    before = set(stores.documents._by_file.of(FILE))
                    stores.documents.list_files()
                    assert set(stores.documents._by_file.of(FILE)) == before
                assert stores.documents.mentions(FILE) == read_through(stores, FILE)
    finally:
        store.close()
