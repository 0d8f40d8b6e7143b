"""A child is found through the register and by no text; what a register tells anew is searched anew (ADR 0055)."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

import msgspec
import pytest
from ZODB.POSException import ConflictError

from tests.support.world import SET
from tillid.archive.filters import AnswerFilter
from tillid.archive.masking import STAND_IN
from tillid.archive.query import QueryRefused, SearchQuery
from tillid.kernel.errors import NotFound
from tillid.usecases.archive_purpose import PurposeMissing
from tillid.usecases.change_register import child_told, parent_told
from tillid.usecases.filter_fields import checked_fields, filter_fields
from tillid.usecases.find_child import find_children
from tillid.usecases.follow_up import index
from tillid.usecases.search_archive import excerpts_of, search_archive

PURPOSE = "Aktindsigt: sag 26-1234"


@pytest.fixture
def world(world_at):
    return world_at("signed")


def found(world, words="", **changes):
    """The documents found, and all that the list shows of their texts."""
    with world.house() as house:
        query = SearchQuery(allowed_units=(), words=words, **changes)
        result = search_archive(house, world.staff("ove"), query, PURPOSE)
        return [hit.document_id for hit in result.hits], " ".join(excerpts_of(house, result.hits, query))


def children(world, typed, who="ove"):
    with world.house() as house:
        return [child.id for child in find_children(house, world.staff(who), typed, PURPOSE)]


def names_of(world):
    with world.house() as house:
        custody = house.people.custody(SET.child_id)
        return [house.people.child(SET.child_id).name, *(holder.name for holder in custody.holders)]


@pytest.mark.req("R-111", "R-71")
def test_no_name_of_the_case_is_found_in_a_text_and_the_register_finds_the_child(world):
    document = world.made["document"]
    for name in names_of(world):
        given = name.split()[0]
        for words in (given, given.lower(), f"{given}s", f'"{given}"', f"{given[:3]}*", name):
            assert found(world, words)[0] == [], words
    ids, shown = found(world, "vinterhotel")
    assert ids == [document] and STAND_IN in found(world, "varm vågen pige")[1] and "Alma" not in shown
    with world.house() as house:
        cpr = house.people.unmask_cpr(SET.child_id)
    for typed in ("Alma", "alma petersen", "Petersen Al", cpr, f"{cpr[:6]}-{cpr[6:]}"):
        assert children(world, typed) == [SET.child_id], typed
    assert found(world, "vinterhotel", child=(SET.child_id,))[0] == [document]
    assert found(world, child=("another",))[0] == []
    rows = [row for row in world.parts.audit.of_child(SET.child_id) if row.action == "find_child"]
    assert len(rows) == 5 and {(row.role, row.purpose) for row in rows} == {("archivist", PURPOSE)}
    told = " ".join(map(str, rows))
    assert cpr not in told and f"{cpr[:6]}-{cpr[6:]}" not in told and "Alma" not in told


@pytest.mark.req("R-70", "R-111")
def test_only_children_of_the_archive_are_told_of_and_only_to_archivists(world):
    with world.house() as house:
        other = next(
            c for u in house.people.organigram().units for c in house.people.children_of_unit(u) if c.id != SET.child_id
        )
    for typed in (other.name, "Ingen Sådan", "", "*", "0101010000"):
        assert children(world, typed) == [], typed
    with pytest.raises(NotFound):
        children(world, "Alma", who="sofie")
    with pytest.raises(PurposeMissing), world.house() as house:
        find_children(house, world.staff("ove"), "Alma", "kort")


@pytest.mark.req("R-111")
def test_a_new_name_is_taken_out_at_once_and_the_earlier_one_still_finds(world):
    with world.house() as house:
        child = house.people.child(SET.child_id)
        cpr, custody = house.people.unmask_cpr(child.id), house.people.custody(child.id)
        child_told(house, msgspec.structs.replace(child, name="Vinterhotel Holm"), cpr, custody)
    assert found(world)[0] == [], "not shown before the new name is taken out"
    assert world.drain() == []
    assert found(world)[0] == [world.made["document"]]
    assert found(world, "vinterhotel")[0] == found(world, "Alma")[0] == []
    assert children(world, "Vinterhotel") == children(world, "Alma Skov") == [SET.child_id]
    with world.house() as house:
        holder = house.people.custody(SET.child_id).holders[0].person_id
        parent = house.people.parent(holder)
        parent_told(house, msgspec.structs.replace(parent, name="Dyrehospital Holm"), house.people.unmask_cpr(holder))
    assert world.drain() == []
    assert found(world, "dyrehospital")[0] == [] and found(world, "perler")[0] == [world.made["document"]]


def test_an_index_step_that_read_the_old_name_does_not_get_through(world):
    """It would write the old text last; so it is done again, and reads the new one."""
    document = world.made["document"]
    with world.house() as house:
        house.exclusions.add(document, "cause")
        entry = house.outbox.add("index", {"document": document, "event": "cause"}, house.moment)

    @contextmanager
    def meets():
        with world.house() as house:
            yield house
            with world.house() as other:
                parent = other.people.parent(other.people.custody(SET.child_id).holders[0].person_id)
                cpr = other.people.unmask_cpr(parent.id)
                parent_told(other, msgspec.structs.replace(parent, name="Vinterhotel Holm"), cpr)

    with pytest.raises(ConflictError):
        index(meets, entry)
    assert world.drain() == [] and found(world, "vinterhotel")[0] == []
    assert found(world)[0] == [document]


def test_answers_are_filtered_by_fields_that_there_are(world):
    form = "overgangsbeskrivelse"
    with world.house() as house:
        fields = {field.field: field for field in filter_fields(house, form)}
        assert filter_fields(house, "ukendt") == ()
        for refused in (
            AnswerFilter(form=form, field="barn"),
            AnswerFilter(form=form, field="p_helbred", values=("x",)),
            AnswerFilter(form="ukendt", field="startdato"),
            AnswerFilter(form=form, field="startdato", values=("x",)),
            AnswerFilter(form=form, field="startdato", least=3.0),
        ):
            with pytest.raises(QueryRefused) as told:
                checked_fields(house, SearchQuery(allowed_units=(), answers=(refused,)))
            assert told.value.code in ("search.unknown-field", "search.filter")
        version = house.documents.version(world.made["document"], house.documents.get(world.made["document"]).versions)
    with pytest.raises(QueryRefused):
        found(world, answers=(AnswerFilter(form=form, field="barn"),))
    assert fields["startdato"].kind == "day"
    day = date.fromisoformat(version.answers["startdato"])
    for least, most, wanted in (
        (day, day, 1),
        (None, day.replace(year=day.year - 1), 0),
        (day.replace(year=day.year + 1), None, 0),
    ):
        one = AnswerFilter(form=form, field="startdato", least=least, most=most)
        assert len(found(world, answers=(one,))[0]) == wanted
    codes = {
        name: field.choices
        for name, field in fields.items()
        if field.kind == "keyword" and isinstance(version.answers.get(name), str)
    }
    assert codes
    for name, choices in codes.items():
        for code, _label in choices:
            hits, _ = found(world, answers=(AnswerFilter(form=form, field=name, values=(code,)),))
            assert bool(hits) == (code == version.answers[name])
