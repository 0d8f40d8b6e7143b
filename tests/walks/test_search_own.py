"""Staff search the documents of their own units, and nothing leaks (R-04, R-70, ADR 0072): persons, documents and words in tables."""

from __future__ import annotations

import pytest

from tests.support.destruction import child_left, gone, mark, ordered
from tests.support.shared_forms import held
from tests.support.world import SET, fill_all, request_now
from tests.walks.test_asked_again import assignment_ends, taken_back
from tests.walks.test_moved_child import moves
from tests.walks.test_round_pages import MIKKEL, SOFIE, begin, submit
from tillid.archive.query import MARK_START, QueryRefused
from tillid.demo.data import demo_data
from tillid.kernel.cpr import holds_cpr
from tillid.kernel.errors import NotFound, Unavailable
from tillid.kernel.ids import new_id
from tillid.usecases.fasten_remark import fasten_note, restrict
from tillid.usecases.fill import text_digest
from tillid.usecases.notify import send_notification, start_notification
from tillid.usecases.open_copy import name_reader
from tillid.usecases.search_own import found_now, search_own
from tillid.usecases.start_document import start_without_child

# Two who work where Alma and Villads are, who leads the place, and who leads the area: its units and the school.
TEAM = {"sofie", "mikkel", "birgit", "jonas"}
SCHOOL = {"hanne"}
# Words that stand in one field of one document.
GREB, HERS, THEIRS, SICK, NURSE = "dyrehospital", "penalhus", "bamse", "børneeksem", "Nygaard"
MARK, OTHERS, TOLD, MINUTES, GROUP = "gravemaskine", "værktøj", "sodkrage", "trængslen", "frostmappe"
HIDDEN = "glaskvist"  # in a field that its own condition hides
WORDS = (GREB, HERS, THEIRS, SICK, NURSE, MARK, OTHERS, TOLD, MINUTES, GROUP, HIDDEN)
# Persons who work or lead nowhere, whatever else they may: they cannot search at all.
ELSEWHERE = {"mettemarie", "ove", "solvej", "camilla", "henriette", "rasmus"}


def finders(world, word):
    """Who finds something by ``word``; what is counted, listed and quoted is the same for each."""
    found = set()
    for username in sorted(demo_data().staff.keys() - ELSEWHERE):
        with world.house() as house:
            page = found_now(house, world.staff(username), word)
        assert page.total == len(page.hits), "what is not shown is not counted"
        assert all(f"{MARK_START}{word[:4].lower()}" in one.excerpt.lower() for one in page.hits), (
            "only what is found by"
        )
        found |= {username} if page.total else set()
    return found


def table_of(world):
    return {word: who for word in WORDS if (who := finders(world, word))}


def hits_of(world, username, words):
    with world.house() as house:
        return found_now(house, world.staff(username), words)


def the_text(*more):
    """Who finds each part of Alma's text. Sensitive fields and names of people are nobody's to search for."""
    return dict.fromkeys((GREB, HERS, THEIRS), TEAM.union(*more))


def test_the_words_stand_where_the_tables_say():
    said = {name: str(value) for name, value in SET.answers.items()}
    assert {word: [name for name, text in said.items() if word in text] for word in WORDS[:5]} == {
        GREB: ["u_relationer"], HERS: ["b_glaeder"], THEIRS: ["p_hverdag"], SICK: ["p_helbred"], NURSE: ["u_fagpersoner"]
    }  # fmt: skip
    assert MARK in str(SOFIE.professional) and OTHERS in str(MIKKEL.professional)


@pytest.mark.req("R-04", "R-70", "R-22")
@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        ("people", {}),
        ("draft", {GREB: TEAM}),
        ("agreed", the_text()),
        ("asked", the_text()),
        ("signed", the_text(SCHOOL)),
    ],
)
def test_a_text_is_found_by_who_reads_it_now(world_at, stage, expected):
    assert table_of(world_at(stage)) == expected


@pytest.mark.req("R-22", "R-70")
def test_a_reader_whom_the_receiver_names_finds_what_was_released(world_at):
    world = world_at("signed")
    with world.house() as house:
        name_reader(house, world.staff("hanne"), world.made["document"], world.ids.staff["peter"])
    assert table_of(world) == the_text(SCHOOL, {"peter"})
    assert hits_of(world, "peter", GREB).hits[0].page == "released"
    assert hits_of(world, "sofie", GREB).hits[0].page == "document"


@pytest.mark.req("R-14", "R-17", "R-18")
def test_what_was_taken_back_is_found_no_more_from_the_click_on(world_at):
    world = world_at("signed")
    assert hits_of(world, "hanne", GREB).total == 1
    item = next(one for one in request_now(world).items if "u_relationer" in one.field_ids)
    taken_back(world, item.id)
    assert table_of(world) == the_text(SCHOOL) | {GREB: TEAM}, "that part alone"
    quoted = hits_of(world, "hanne", "Alma").hits
    assert len(quoted) == 1 and GREB not in quoted[0].excerpt
    taken_back(world)
    assert table_of(world) == the_text()
    nothing = hits_of(world, "hanne", "Alma")
    assert (nothing.total, nothing.hits, nothing.pages) == (0, (), 1), "not even that there is one"


@pytest.mark.req("R-70", "R1")
def test_a_child_that_moves_takes_its_texts_out_of_the_old_places_search(world_at):
    world = world_at("asked")
    moves(world, SET.child_id)
    assert table_of(world) == {word: {"jonas"} for word in (GREB, HERS, THEIRS)}, "who leads both places"


@pytest.mark.req("R-70")
def test_who_leaves_the_place_finds_nothing_more(world_at):
    world = world_at("agreed")
    assignment_ends("sofie")(world)
    with world.house() as house, pytest.raises(NotFound):
        found_now(house, world.staff("sofie"), GREB)


@pytest.mark.req("T4b", "T9")
def test_a_mark_is_its_authors_alone_until_all_have_submitted(world_at):
    world = world_at("people")
    begin(world, "sofie", SOFIE.professional)
    assert table_of(world) == {MARK: {"sofie"}}
    submit(world, "sofie", SOFIE.professional)
    begin(world, "mikkel", MIKKEL.professional)
    assert table_of(world) == {MARK: {"sofie"}, OTHERS: {"mikkel"}}
    submit(world, "mikkel", MIKKEL.professional)
    assert table_of(world) == {word: {"sofie", "mikkel"} for word in (MARK, OTHERS)}, "leaders never"
    moves(world, SOFIE.child_id)
    assert table_of(world) == {}


@pytest.mark.req("R-50", "R-54")
def test_an_underretning_is_in_nobodys_search_not_its_notifiers_either(world_at):
    world = world_at("people")
    who = world.staff("sofie")
    with world.house() as house:
        document = start_notification(house, who, "bekymring", SET.child_id)
    fill_all(world, who, document.id, {"c_kort": f"Alma taler om en {TOLD}."})
    assert table_of(world) == {}
    with world.house() as house:
        send_notification(house, who, document.id, text_digest(house.documents.draft(document.id)))
    assert table_of(world) == {}


@pytest.mark.req("R-70", "D7", "D13")
def test_what_a_leader_has_locked_and_what_is_about_no_child_is_the_teams(world_at):
    world = world_at("people")
    held(world)
    who = world.staff("birgit")
    with world.house() as house:
        group = start_without_child(house, who, SET.unit_id, "fdr", "faglig_sparring")
    fill_all(
        world, who, group.id, {"d_muligheder": f"Vi lagde det i en {GROUP}.", "d_refleksion": f"Og i en {HIDDEN}."}
    )
    assert table_of(world) == {MINUTES: TEAM, GROUP: TEAM}
    hit = hits_of(world, "sofie", GROUP).hits[0]
    assert (hit.child_name, hit.draft) == ("", True) and not hits_of(world, "sofie", MINUTES).hits[0].draft


@pytest.mark.req("R-90")
def test_what_was_destroyed_is_found_by_nobody(world_at):
    world = child_left(world_at("signed"))
    mark(world)
    ordered(world)
    assert finders(world, GREB) == TEAM, "until it is"
    world.clock.move(days=15)
    assert world.drain() == [] and gone(world)
    assert table_of(world) == {}


@pytest.mark.req("R-70", "R-18")
def test_who_works_nowhere_and_parents_cannot_search_and_leave_no_row(world_at):
    world = world_at("signed")
    before = world.parts.audit.head()
    for who in (*map(world.staff, sorted(ELSEWHERE)), *world.holders(SET.child_id)):
        with world.house() as house, pytest.raises(NotFound):
            search_own(house, who, GREB)
    assert world.parts.audit.head() == before


@pytest.mark.req("R-71", "R-111")
def test_the_search_and_each_document_that_is_shown_have_a_row_without_the_words(world_at):
    world = world_at("signed")
    with world.house() as house:
        search_own(house, world.staff("hanne"), GREB)
    rows = world.parts.audit.tail(2)
    assert [(one.action, one.object_id, one.child_id) for one in rows] == [
        ("search_own", "", ""), ("search_own_hit", world.made["document"], SET.child_id)
    ]  # fmt: skip
    assert GREB not in str(rows) and {one.person_id for one in rows} == {world.ids.staff["hanne"]}
    with world.house() as house:
        search_own(house, world.staff("hanne"), "intetsteds")
    assert [one.action for one in world.parts.audit.tail(2)] == ["search_own_hit", "search_own"]


@pytest.mark.req("R-71", "R-18")
def test_nothing_is_looked_through_while_the_log_cannot_be_written(world_at, monkeypatch):
    world = world_at("signed")
    monkeypatch.setattr(
        "tillid.usecases.search_own.meets", lambda *_: pytest.fail("looked through before it was logged")
    )
    with world.full_log(), world.house() as house, pytest.raises(Unavailable):
        search_own(house, world.staff("hanne"), GREB)


@pytest.mark.req("R-111")
def test_a_cpr_number_is_not_asked_for_and_not_quoted(world_at):
    world = world_at("draft")
    fill_all(world, world.staff("sofie"), world.made["document"], {"u_greb": "Ring på 010120-1234 om frostmappen."})
    hit = hits_of(world, "sofie", GROUP).hits[0]
    assert not holds_cpr(hit.excerpt) and "om" in hit.excerpt
    for words, code in (("Alma 010120-1234", "search.cpr-typed"), ("  ", "search.nothing-asked"),
                        ("!", "search.nothing-asked"), ("a" * 501, "search.too-long"), ("a " * 33, "search.too-many-words")):  # fmt: skip
        with pytest.raises(QueryRefused) as refused:
            hits_of(world, "sofie", words)
        assert refused.value.code == code


@pytest.mark.req("R-72")
def test_what_every_reader_meets_above_a_text_stands_at_the_hit_too(world_at):
    world = world_at("agreed")
    leader, document = world.staff("birgit"), world.made["document"]
    with world.house() as house:
        fasten_note(house, leader, document, "registered", "Det passer ikke helt.", event_id=new_id())
    assert (hits_of(world, "sofie", GREB).hits[0].remarked, hits_of(world, "sofie", GREB).hits[0].restricted) == (
        True,
        False,
    )
    with world.house() as house:
        restrict(house, leader, document, "objection", "Forældrene har gjort indsigelse.", event_id=new_id())
    assert hits_of(world, "sofie", GREB).hits[0].restricted


def test_a_hit_says_whether_its_text_is_still_being_written(world_at):
    said = {
        stage: hits_of(world_at(stage), "sofie", GREB).hits[0].draft
        for stage in ("draft", "shared", "agreed", "signed")
    }
    assert said == {"draft": True, "shared": True, "agreed": False, "signed": False}


def test_words_are_found_as_in_the_archive_and_every_word_must_be_there(world_at):
    world = world_at("agreed")
    for words in (
        "dyrehospitalet",
        "dyreh*",
        '"har set hvad"',
        "historie inviterede",
        "Alma dyrehospital",
        "overgangsbeskrivelse penalhuse",
    ):
        assert hits_of(world, "sofie", words).total == 1, words
    for words in (f"{GREB} frostmappe", '"penalhus set"', "dyrehospitalz"):
        assert hits_of(world, "sofie", words).total == 0, words


def test_hits_stand_newest_first_twenty_a_page(world_at):
    world = world_at("people")
    who, made = world.staff("birgit"), []
    for number in range(23):
        with world.house() as house:
            made.append(start_without_child(house, who, SET.unit_id, "fdr", "faglig_sparring").id)
        world.clock.move(minutes=1)
        fill_all(world, who, made[-1], {"d_muligheder": f"{GROUP} {number}"})
    pages = []
    for page in (1, 2, 3, 0):
        with world.house() as house:
            pages.append(found_now(house, who, GROUP, page))
    first, second, beyond, before = pages
    assert [one.document_id for one in (*first.hits, *second.hits)] == made[::-1]
    assert (first.total, first.pages, len(first.hits)) == (23, 2, 20) and beyond == second and before == first
