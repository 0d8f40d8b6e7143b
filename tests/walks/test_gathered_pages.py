"""All of a round's documents in one file: what is in it, what it tells nobody, and that it is the same twice (ADR 0034)."""

from __future__ import annotations

import io
import zipfile

import msgspec
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.walks.test_open_round import after_deadline, open_as
from tests.walks.test_round_pages import MIKKEL, SOFIE, submit
from tillid.demo.loading import ANSWERS
from tillid.demo.present import assessed
from tillid.kernel.clock import COPENHAGEN
from tillid.kernel.errors import NotFound, Unavailable
from tillid.tasks.queues import MANY, queue_of
from tillid.usecases import gather_copies
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.views import gathered

ADDRESS = f"/runde/{SOFIE.round_id}/dokumenter"
ZIP = f"{ADDRESS}.zip"


@pytest.fixture
def people(world_at):
    return WorldInstallation(world_at("people"))


@pytest.fixture
def both(people):
    submit(people.world, "sofie", SOFIE.professional)
    submit(people.world, "mikkel", MIKKEL.professional)
    return people


def order(app, purpose="team_meeting"):
    form = next(one for one in app.get(ADDRESS).forms.values() if one.action == ADDRESS)
    form["purpose"] = purpose
    return form.submit().follow()


def entries(world):
    with world.house() as house:
        return [one for one in house.outbox.pending() if one.step == gather_copies.STEP]


def opened(answer):
    return zipfile.ZipFile(io.BytesIO(answer.body))


def listed(answer):
    return opened(answer).read("indhold.html").decode()


def attempts(world, *actions):
    return [row for row in world.parts.audit.tail(500) if row.action in actions and row.phase == "attempt"]


@pytest.mark.req("R-71", "R-111", "T4b")
def test_ordered_made_by_the_outbox_and_fetched_with_a_list(both):
    world, app = both.world, as_staff(both, "sofie")
    assert "0 af 2 er færdige" in order(app)
    assert [queue_of(one.key) for one in entries(world)] == [MANY, MANY]
    assert world.drain() == [] and entries(world) == []
    assert "Hent filen" in app.get(ADDRESS) and "hx-get" not in app.get(f"{ADDRESS}/fremdrift")
    answer = app.get(ZIP)
    assert answer.content_type == "application/zip" and answer.headers["Cache-Control"] == "no-store, private"
    names = opened(answer).namelist()
    assert len(names) == 3 and names[-1] == "indhold.html" and opened(answer).testzip() is None
    assert all(opened(answer).read(one).startswith(b"%PDF-") for one in names[:-1])
    with world.house() as house:
        child = house.people.child(SOFIE.child_id).name
        people = [house.people.staff(world.ids.staff[one]).name for one in ("sofie", "mikkel")]
    assert not any(word.lower() in " ".join(names).lower() for one in (child, *people) for word in one.split())
    assert child in listed(answer) and all(one in listed(answer) for one in people)
    own = attempts(world, "export_copies", "read_individual")
    assert [row.action for row in own[-3:]] == ["export_copies", "read_individual", "read_individual"]
    assert {row.purpose for row in own[-3:]} == {"gather:team_meeting"}
    assert [row.child_id for row in own[-3:]] == ["", SOFIE.child_id, SOFIE.child_id]
    assert len({row.request_id for row in own[-3:]}) == 1
    done = [r for r in world.parts.audit.tail(20) if r.phase == "outcome" and r.action == "read_individual"]
    assert [row.outcome for row in done] == ["ok", "ok"], "the last one too, once the list was asked for"
    log = as_staff(both, "rasmus").get(f"/log/{SOFIE.child_id}")
    assert log.text.count("Teamets møde om runden") == 2, "the data protection officer reads why"


def test_fetched_twice_it_is_the_same_file_and_nothing_is_stored_for_it(both):
    app = as_staff(both, "sofie")
    order(app)
    ordered = both.world.clock.now().astimezone(COPENHAGEN)
    both.world.drain()
    before = both.world.store.db.lastTransaction()
    first = app.get(ZIP)
    both.world.clock.move(minutes=25)
    assert app.get(ZIP).body == first.body
    assert {one.date_time for one in opened(first).infolist()} == {ordered.timetuple()[:6]}, "no clock of any machine"
    assert both.world.store.db.lastTransaction() == before, "a GET writes nothing to the content"


@pytest.mark.req("T4b", "T9", "R-70")
def test_what_is_not_open_to_the_reader_is_not_even_counted(people):
    world = people.world
    mikkel, leader = as_staff(people, "mikkel"), as_staff(people, "birgit")
    nothing, led = mikkel.get(ADDRESS).html.select_one("main").text, leader.get(ADDRESS).html.select_one("main").text
    submit(world, "sofie", SOFIE.professional)
    assert mikkel.get(ADDRESS).html.select_one("main").text == nothing
    assert "ingen låste dokumenter" in nothing
    submit(world, "mikkel", MIKKEL.professional)
    assert "Der er 2 dokumenter" in mikkel.get(ADDRESS)
    assert leader.get(ADDRESS).html.select_one("main").text == led, "a leader reads no mark, nor how many there are"


@pytest.mark.req("R-70", "R-18")
def test_the_leader_gets_what_the_team_has_locked_and_strangers_nothing(both):
    world = both.world
    document = attested(world)
    app = as_staff(both, "birgit")
    order(app, "follow_up")
    world.drain()
    answer = app.get(ZIP)
    assert len(opened(answer).namelist()) == 2 and opened(answer).namelist()[0].startswith("01/")
    assert [row.object_id for row in attempts(world, "read_team_copy")] == [document]
    assert not attempts(world, "read_individual")
    for username in ("hanne", "ove", "rasmus", "camilla", "mettemarie"):
        stranger = as_staff(both, username)
        for end in (ADDRESS, ZIP, f"{ADDRESS}/fremdrift"):
            assert stranger.get(end, status=404).body == NOT_FOUND_BODY
    parent = as_parent(both, world.ids.parents["dorthe"])
    assert parent.get(ZIP, status=404).body == NOT_FOUND_BODY


def attested(world):
    """An assessment of the child, begun from the round's open marks and locked by the leader."""
    answers = msgspec.structs.replace(ANSWERS["theo_vurdering"], child_id=SOFIE.child_id)
    return assessed(world.player, answers)


@pytest.mark.req("R-70", "R-18", "R-71")
def test_a_right_taken_away_between_order_and_fetching_leaves_the_document_out(both):
    world, app = both.world, as_staff(both, "birgit")
    document = attested(world)
    order(app)
    world.drain()
    whole = app.get(ZIP)
    with world.house() as house:
        found = house.documents.get(document)
        child = house.people.child(found.child_id).name
        house.documents.replace(msgspec.structs.replace(found, unit_id=world.ids.units["skovtrolden"]))
    answer, rows = app.get(ZIP), len(attempts(world, "read_team_copy"))
    assert opened(answer).namelist() == ["indhold.html"] and len(opened(whole).namelist()) == 2
    assert found.number in listed(answer) and "Må ikke længere læses" in listed(answer)
    assert child in listed(whole) and child not in listed(answer), "whose it is is said to nobody any more"
    assert rows == 1, "what does not leave is not logged as read"


@pytest.mark.req("R-18", "R-71")
def test_a_right_taken_away_while_the_file_leaves_ends_the_rest(both, monkeypatch):
    """Between the first document's bytes and the second's."""
    world, app = both.world, as_staff(both, "sofie")
    order(app)
    world.drain()
    whole, real, calls = app.get(ZIP), gathered.take_copy, []

    def take(*arguments):
        calls.append(1)
        if len(calls) == 2:
            with world.house() as house:
                staff = house.people.staff_by_username("sofie")
                house.people.put_staff(msgspec.structs.replace(staff, assignments=()))
        with both.world.house() as house:
            return real(house, *arguments[1:])

    monkeypatch.setattr(gathered, "take_copy", take)
    answer = app.get(ZIP)
    assert [*opened(answer).namelist()] == [opened(whole).namelist()[0], "indhold.html"] and len(calls) == 2
    assert app.get(ZIP, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-71")
def test_when_the_log_cannot_be_written_no_whole_file_leaves(both):
    app = as_staff(both, "sofie")
    order(app)
    both.world.drain()
    with both.world.full_log():
        app.get(ZIP, status=503)
    opened(app.get(ZIP))
    real, calls = both.world.parts.audit.write, []

    def second_fails(*rows):
        calls.append(rows)
        if len(calls) == 3:
            raise Unavailable("full", code="audit.unavailable")
        return real(*rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(both.world.parts.audit, "write", second_fails)
        with pytest.raises(Unavailable):
            app.get(ZIP)
    assert len(calls) == 3, "the order's row, the first document's, and the one that could not be written"


@pytest.mark.req("R-122")
def test_a_session_that_ends_ends_the_file(both, monkeypatch):
    app = as_staff(both, "sofie")
    order(app)
    both.world.drain()
    real = gathered.take_copy

    def take(*arguments):
        both.sessions.revoke(app.cookies["tillid"])
        return real(*arguments)

    monkeypatch.setattr(gathered, "take_copy", take)
    with pytest.raises(NotFound):
        app.get(ZIP)


def test_what_fails_is_told_and_the_rest_can_be_fetched(both, monkeypatch):
    world, app = both.world, as_staff(both, "sofie")
    order(app)
    bad = entries(world)[0]
    with world.house() as house:
        house.outbox.failed(bad.key, "render.office-died", house.moment)
    with world.house() as house:
        number = house.documents.get(bad.ids["document"]).number
    world.drain()
    page = app.get(f"{ADDRESS}/fremdrift")
    assert number in page and "prøver igen" in page and "render.office-died" in page and "Hent filen" in page
    answer = app.get(ZIP)
    assert len(opened(answer).namelist()) == 2 and "Kunne ikke laves" in listed(answer) and number in listed(answer)
    for _ in range(7):
        with world.house() as house:
            house.outbox.failed(bad.key, "render.office-died", house.moment)
    assert "kunne ikke laves" in app.get(ADDRESS) and entries(world)[0].dead
    stop(app)
    order(app)
    assert not entries(world)[0].dead and world.drain() == []
    assert len(opened(app.get(ZIP)).namelist()) == 3


def stop(app):
    return next(one for one in app.get(ADDRESS).forms.values() if one.action.endswith("/stop")).submit().follow()


@pytest.mark.req("R-70")
def test_stopped_or_too_old_nothing_more_is_made_and_nothing_can_be_fetched(both):
    world, app = both.world, as_staff(both, "sofie")
    order(app)
    assert "Saml dokumenterne" in stop(app) and entries(world) == []
    assert "gather.none" in app.get(ZIP, status=409)
    order(app)
    world.clock.move(hours=2)
    app = as_staff(both, "sofie")
    assert "Saml dokumenterne" in app.get(ADDRESS)
    assert world.drain() == [] and entries(world) == []
    with world.house() as house:
        marks = house.documents.of_round(SOFIE.round_id)
        assert not any(house.documents.version(one.id, 1).copies for one in marks)
    app.get(ZIP, status=409)


@pytest.mark.req("R-70")
def test_who_has_lost_the_right_gets_nothing_made(both):
    world = both.world
    order(as_staff(both, "sofie"))
    with world.house() as house:
        staff = house.people.staff_by_username("sofie")
        house.people.put_staff(msgspec.structs.replace(staff, assignments=()))
    assert world.drain() == [] and entries(world) == []
    with world.house() as house:
        marks = house.documents.of_round(SOFIE.round_id)
        assert not any(house.documents.version(one.id, 1).copies for one in marks)


@pytest.mark.req("R-71")
def test_a_purpose_from_the_list_is_wanted(both):
    app = as_staff(both, "sofie")
    form = next(one for one in app.get(ADDRESS).forms.values() if one.action == ADDRESS)
    answer = form.submit(status=422)
    assert "Vælg, hvad du skal bruge dokumenterne til" in answer and entries(both.world) == []
    token = form["csrf_token"].value
    assert "Vælg" in app.post(ADDRESS, {"csrf_token": token, "purpose": "Fordi Villads er sød"}, status=422)
    assert not attempts(both.world, "gather_copies")
    order(app, "supervision")
    (row,) = attempts(both.world, "gather_copies")
    assert (row.object_id, row.purpose) == (SOFIE.round_id, "gather:supervision"), "the order is logged too"


def test_drafts_are_told_of_and_not_printed(both):
    world = both.world
    after_deadline(world)
    open_as(world, "birgit")
    app = as_staff(both, "sofie")
    order(app)
    world.drain()
    text = listed(app.get(ZIP))
    assert "Kladde: kommer ikke med som PDF" in text and text.count("Trivselsoverblik") >= 1


def test_the_ways_in(both):
    leader = as_staff(both, "birgit")
    with both.world.house() as house:
        unit = house.people.round(SOFIE.round_id).unit_id
    for page in (f"/enhed/{unit}", f"/runde/{SOFIE.round_id}/aabn", f"/runde/{SOFIE.round_id}/overblik"):
        assert leader.get(page).html.select_one(f"main a[href='{ADDRESS}']") is not None, page


@pytest.mark.req("T4b", "R-70", "R-18")
def test_a_mark_that_was_printed_is_no_nearer_to_anybody(both):
    """Its copy lies with the document from now on; it is opened by who may read the mark, in this file alone."""
    order(as_staff(both, "sofie"))
    both.world.drain()
    with both.world.house() as house:
        marks = house.documents.of_round(SOFIE.round_id)
        assert all("team" in house.documents.version(one.id, 1).copies for one in marks)
    for username in ("birgit", "jonas", "trine", "hanne", "ove", "mikkel", "sofie"):
        app = as_staff(both, username)
        for one in marks:
            for end in ("dokument.pdf", "laes", "side/1.png"):
                assert app.get(f"/dokument/{one.id}/{end}", status=404).body == NOT_FOUND_BODY, (username, end)
