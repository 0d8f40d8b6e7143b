"""An assessment and a meeting's sheet with the parents: shared, read, added to, acknowledged, locked, kept (T6, T14, D1-D6)."""

from __future__ import annotations

import io
import re

import msgspec
import pypdf
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import fill_all
from tillid.demo.data import demo_data
from tillid.demo.loading import ANSWERS
from tillid.demo.present import assessed, called
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.usecases.acknowledge_text import acknowledge_text
from tillid.usecases.attest_form import WordsWait
from tillid.usecases.confirm_words import confirm_words
from tillid.usecases.facts import Conflict
from tillid.usecases.fill import open_draft
from tillid.usecases.follow_up import copy_job
from tillid.usecases.given import given_to_parents
from tillid.usecases.open_attachment import version_attachment
from tillid.usecases.open_copy import open_copy
from tillid.usecases.read_text import read_version
from tillid.usecases.request_consent import request_consent
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.settle_clash import settle_clash
from tillid.usecases.share_document import NotReady, share_document
from tillid.usecases.start_document import start_document, start_without_child
from tillid.usecases.submit_form import submit_form
from tillid.web.answers import NOT_FOUND_BODY

THEO, SHEET = ANSWERS["theo_vurdering"], ANSWERS["theo_dialogmoede"]
REMARK = THEO.parents["f_foraeldre_bem"]
# What the team wrote for itself: none of it may reach a parent.
OF_THE_TEAM = (
    "I skiftene går han i stå",
    "delt gruppen",
    "sover dårligere",
    "træthed",
    "Næste skridt",
    "Samlet position",
)


@pytest.fixture
def world(world_at):
    return world_at("people")


@pytest.fixture
def assessment(world):
    """Attested by Birgit and shared with Theo's mothers."""
    return assessed(world.player, THEO)


@pytest.fixture
def sheet(world):
    """Shared as the invitation to the meeting."""
    return called(world.player, SHEET)


def mother(world, name="maria"):
    return world.parent(world.ids.parents[name])


def now(world, document_id):
    with world.house() as house:
        return house.documents.get(document_id)


def read_by_parent(world, document_id, who=None):
    with world.house() as house:
        return str(read_version(house, who or mother(world), document_id, "read_parent_copy", "da").sections)


def lock(world, document_id, who="birgit", **more):
    """``who``: a login name or an id."""
    leader = world.staff(who) if who in demo_data().staff else world.player.staff(who)
    with world.house() as house:
        return submit_form(house, leader, document_id, **more)


# --- the assessment ---------------------------------------------------------------------------------------------------------


@pytest.mark.req("T6", "T9", "T14", "P3", "P6")
def test_the_mothers_read_their_part_add_to_it_and_keep_it(world, assessment):
    people = WorldInstallation(world)
    app = as_parent(people, world.ids.parents["maria"])
    front = app.get("/")
    assert "Læs om Theo Lindgaard Bech" in front
    page = front.click("Læs om Theo Lindgaard Bech")
    text = page.click("Læs teksten her på siden")
    assert THEO.professional["f_gaar_godt"][:30] in text
    assert not [words for words in OF_THE_TEAM if words in text.text]
    fill = page.click("Skriv jeres egen del").follow()
    assert {one["name"] for one in fill.html.select("#fill textarea")} == {"f.f_foraeldre_bem"}
    assert not [words for words in (*OF_THE_TEAM, "Undgå fagord") if words in fill.text], "nor how to write to parents"
    form = fill.forms["fill"]
    form["f.f_foraeldre_bem"] = REMARK
    page = form.submit("go", value="next").follow()
    assert page.request.path == f"/foraelder/dokument/{assessment}"
    form = next(one for one in page.forms.values() if one.action.endswith("/laest"))
    done = form.submit().follow()
    assert "hverken et samtykke eller en enighed" in done and "Du har kvitteret" in done

    staff = as_staff(people, "sofie").get(f"/dokument/{assessment}")
    assert "Maria Lindgaard: har kvitteret" in re.sub(r"\s+", " ", staff.text)
    assert "Louise Bech: har ikke kvitteret endnu" in re.sub(r"\s+", " ", staff.text)
    other = as_parent(people, world.ids.parents["louise"]).get(f"/foraelder/dokument/{assessment}")
    assert "Maria" not in other and "Du har kvitteret" not in other, "nobody is told of the other (design 24)"

    review = as_staff(people, "birgit").get(f"/dokument/{assessment}/gennemse")
    assert REMARK[:40] in review
    form = next(one for one in review.forms.values() if one.action.endswith("/indsend"))
    assert "Skemaet er låst med forældrenes ord" in form.submit().follow()
    after = app.get(f"/foraelder/dokument/{assessment}")
    assert "låst med det, begge sider har skrevet" in after and "Skriv jeres egen del" not in after
    assert REMARK[:40] in after.click("Læs teksten her på siden")
    for path in (f"/dokument/{assessment}/udfyld", f"/dokument/{assessment}/udfyld/foraeldrenes_del"):
        assert app.get(path, status=404).body == NOT_FOUND_BODY
    assert "Læs om Theo" not in app.get("/").text.split("Delt med dig")[0], "what is locked presses nobody"


@pytest.mark.req("T9", "R-34", "P8")
def test_nobody_else_reads_it_and_nobody_before_it_is_shared(world):
    people = WorldInstallation(world)
    with world.house() as house:
        begun = start_document(house, world.staff("sofie"), THEO.child_id, "trivselsvurdering").id
    fill_all(world, world.staff("sofie"), begun, {**THEO.team, **THEO.professional})
    app = as_parent(people, world.ids.parents["maria"])
    pages = ("", "/laes", "/laes.pdf", "/mine-ord", "/enig", "/nej-tak")
    for stage in ("draft", "attested"):
        for end in pages:
            assert app.get(f"/foraelder/dokument/{begun}{end}", status=404).body == NOT_FOUND_BODY, (stage, end)
        with world.house() as house, pytest.raises(NotFound):
            acknowledge_text(house, mother(world), begun, 1)
        if stage == "draft":
            lock(world, begun)
    with world.house() as house:
        share_document(house, world.staff("sofie"), begun)
    stranger = as_parent(people, world.ids.parents["dorthe"])
    for end in pages:
        assert stranger.get(f"/foraelder/dokument/{begun}{end}", status=404).body == NOT_FOUND_BODY
    for end in ("/enig", "/nej-tak"):  # there is nothing to agree on and nothing to decline
        assert app.get(f"/foraelder/dokument/{begun}{end}", status=404).body == NOT_FOUND_BODY
    for who in ("trine", "hanne", "ove"):
        assert as_staff(people, who).get(f"/dokument/{begun}", status=404).body == NOT_FOUND_BODY


@pytest.mark.req("T6", "R-74")
def test_what_the_leader_has_attested_is_what_is_shared_and_the_team_changes_nothing_more(world, assessment):
    document = now(world, assessment)
    assert (document.state, document.versions, document.attested_version, document.shared_version) == (
        "shared",
        1,
        1,
        1,
    )
    for who, answers in (("sofie", {"f_undrer": "Andet"}), ("birgit", {"samlet_position": "groen"})):
        with pytest.raises(NotFound):
            fill_all(world, world.staff(who), assessment, answers)
    with pytest.raises(NotFound):
        fill_all(world, mother(world), assessment, {"f_undrer": "Andet"})
    with world.house() as house, pytest.raises(NotFound):
        share_document(house, world.staff("sofie"), assessment)


@pytest.mark.req("R-23", "R-03")
def test_an_acknowledgement_is_about_one_version_once_and_nobody_elses(world, assessment):
    with world.house() as house:
        acknowledge_text(house, mother(world), assessment, 1)
    with world.house() as house:
        acknowledge_text(house, mother(world), assessment, 1)
        with pytest.raises(Conflict):
            acknowledge_text(house, mother(world), assessment, 2)
        for who in (world.staff("birgit"), mother(world, "dorthe")):
            with pytest.raises(NotFound):
                acknowledge_text(house, who, assessment, 1)
    with world.house() as house:
        kinds = [event.kind for event in house.ledger.of_document(assessment)]
        with pytest.raises(NotFound):
            request_consent(house, world.staff("sofie"), assessment)
    assert kinds == ["document_created", "document_submitted", "version_shared", "text_acknowledged"]


# --- written together in a talk ---------------------------------------------------------------------------------------------


def write_together(world, document_id, who, holder, words, field="f_foraeldre_bem"):
    with world.house() as house:
        base = house.documents.draft(document_id).fields
        change = Change(value=words, base=base[field].revision if field in base else 0)
        saved = save_fields(house, world.staff(who), document_id, {field: change}, together_with=holder)
    assert saved.revisions and not saved.problems


@pytest.mark.req("O2", "P6", "T6")
def test_words_written_together_are_confirmed_by_that_mother_before_the_lock(world, assessment):
    write_together(world, assessment, "mikkel", world.ids.parents["maria"], "Vi øver støvlerne.")
    with pytest.raises(WordsWait):
        lock(world, assessment)
    with pytest.raises(WordsWait):  # she can log in, so nobody says it for her
        lock(world, assessment, heard=[world.ids.parents["maria"]])
    people = WorldInstallation(world)
    page = as_staff(people, "birgit").get(f"/dokument/{assessment}/gennemse")
    assert "Maria Lindgaard skal selv bekræfte" in page
    form = next(one for one in page.forms.values() if one.action.endswith("/indsend"))
    refused = form.submit(expect_errors=True)
    assert refused.status_int in (409, 422) and "ikke har bekræftet" in refused
    with world.house() as house:
        assert confirm_words(house, mother(world, "louise"), assessment) == 0
        assert confirm_words(house, mother(world), assessment) == 1
    assert lock(world, assessment).answers["f_foraeldre_bem"] == "Vi øver støvlerne."


@pytest.mark.req("R-106", "O2")
def test_who_cannot_log_in_confirms_in_the_talk_and_only_for_her_own_words(world, assessment):
    louise = world.ids.parents["louise"]
    with world.house() as house:
        parent = msgspec.structs.replace(house.people.parent(louise), mitid=False)
        house.people.put_parent(parent, house.people.unmask_cpr(louise))
    write_together(world, assessment, "sofie", louise, "Det passer.")
    with pytest.raises(WordsWait):
        lock(world, assessment, heard=[world.ids.parents["maria"], new_id()])
    page = as_staff(WorldInstallation(world), "birgit").get(f"/dokument/{assessment}/gennemse")
    form = next(one for one in page.forms.values() if one.action.endswith("/indsend"))
    form["hoert"] = True
    assert form.submit().status_int == 303
    assert now(world, assessment).state == "submitted"


@pytest.mark.req("O2")
def test_two_texts_in_one_field_are_chosen_between_before_the_lock(world, assessment):
    for who, words in ((mother(world), "Den ene."), (mother(world, "louise"), "Den anden.")):
        with world.house() as house:
            save_fields(house, who, assessment, {"f_foraeldre_bem": Change(value=words, base=0)})
    with pytest.raises(Conflict):
        lock(world, assessment)


# --- the sheet of a meeting -------------------------------------------------------------------------------------------------


@pytest.mark.req("D1", "D2", "D3", "D4", "D5", "D6", "P6")
def test_the_sheet_is_the_invitation_and_parents_see_no_minutes_while_they_are_written(world, sheet):
    assert SHEET.leader["titel"] in read_by_parent(world, sheet)
    fill_all(world, mother(world), sheet, SHEET.parents)
    fill_all(world, world.staff("mikkel"), sheet, SHEET.team)
    with world.house() as house:  # two write at once; what waits for a choice is the team's own too
        late = save_fields(house, world.staff("sofie"), sheet, {"r_resume": Change(value="Et udkast til.", base=0)})
    assert late.clashes
    summary = SHEET.team["r_resume"][:30]
    with world.house() as house:
        view = open_draft(house, mother(world), sheet)
    values = str({field: one.value for field, one in view.draft.fields.items()})
    assert "Et udkast til." not in str(view.draft)
    assert summary not in values and SHEET.leader["titel"] in values
    assert SHEET.parents["foraeldre_forb"][:30] in values, "the own words are always the newest"
    assert summary not in read_by_parent(world, sheet)
    with world.house() as house:
        settle_clash(house, world.staff("sofie"), sheet, "r_resume", keep="theirs")
        share_document(house, world.staff("sofie"), sheet)
    assert summary in read_by_parent(world, sheet)
    fill_all(world, mother(world, "louise"), sheet, {"r_foraeldre_bem": "Tak for mødet."})
    with pytest.raises(NotFound):
        lock(world, sheet, who="sofie")
    version = lock(world, sheet)
    assert version.answers["r_foraeldre_bem"] == "Tak for mødet." and now(world, sheet).state == "submitted"
    assert "Tak for mødet." in read_by_parent(world, sheet)


@pytest.mark.req("D2", "D3", "D4")
def test_an_invitation_needs_its_preparation_and_not_the_minutes(world):
    leader = world.staff("birgit")
    with world.house() as house:
        document = start_document(house, leader, SHEET.child_id, "fdr", variant="dialogmoede").id
    fill_all(world, leader, document, SHEET.leader)
    with world.house() as house, pytest.raises(NotReady) as found:
        share_document(house, leader, document)
    assert {p.field_id for p in found.value.problems} == {
        "problemstilling", "gaar_godt", "oenske_moede", "domaener", "barn_forb",
    }  # fmt: skip
    fill_all(world, leader, document, SHEET.professional)
    page = as_staff(WorldInstallation(world), "birgit").get(f"/dokument/{document}/gennemse")
    assert "Det mangler, før I kan gå videre" not in page, "what is written at the meeting stops no invitation"
    assert page.html.select_one("section[aria-labelledby=later-heading] a[href$='#f-r_resume']")
    with world.house() as house:
        share_document(house, leader, document)
    with pytest.raises(NotReady) as found:
        lock(world, document)
    assert "r_resume" in {p.field_id for p in found.value.problems}
    app = as_staff(WorldInstallation(world), "birgit")
    form = next(f for f in app.get(f"/dokument/{document}/gennemse").forms.values() if f.action.endswith("/indsend"))
    told = form.submit(status=422).html.select_one(".error-summary[data-focus]")
    assert "Det er ikke gjort endnu" in told.text and told.select_one("a[href$='#f-r_resume']")


@pytest.mark.req("D1", "R-71")
def test_why_the_parents_are_not_at_the_meeting_is_the_teams_own(world, sheet):
    fill_all(world, world.staff("birgit"), sheet, {"foraeldre_deltager": "nej", "foraeldre_nej": "En hemmelig grund."})
    fill_all(
        world, world.staff("sofie"), sheet, {**SHEET.team, "r_info_foraeldre": "Sofie ringer.", "e_bedre": "Kortere."}
    )
    with world.house() as house:
        share_document(house, world.staff("birgit"), sheet)
    lock(world, sheet)
    with world.house() as house:
        jobs = [
            copy_job(house, house.documents.get(sheet), house.documents.version(sheet, n), "parent") for n in (1, 2, 3)
        ]
    everything = str(jobs)
    assert "Sofie ringer." in everything and "hemmelig grund" not in everything and "Kortere." not in everything
    assert "hemmelig grund" not in read_by_parent(world, sheet)


@pytest.mark.req("D13", "R-01")
def test_a_sheet_without_a_child_is_locked_and_shared_with_nobody(world):
    leader, unit = world.staff("birgit"), world.ids.units["stjernehuset"]
    with world.house() as house:
        forum = start_without_child(house, leader, unit, "fdr", "faglig_sparring").id
    answers = {k: v for k, v in {**SHEET.leader, **SHEET.professional, **SHEET.team}.items()
               if k not in ("grundlag", "foraeldre_deltager", "barn_forb", "r_tovholder")}  # fmt: skip
    fill_all(world, leader, forum, answers)
    with world.house() as house, pytest.raises(NotFound):
        share_document(house, leader, forum)
    page = as_staff(WorldInstallation(world), "birgit").get(f"/dokument/{forum}/gennemse")
    assert "Del med forældrene" not in page and "Godkend referatet og lås" in page
    version = lock(world, forum).number
    assert world.drain() == []
    with world.house() as house:
        assert set(house.documents.version(forum, version).copies) == {"team", "archive"}
    assert "Forældrene</h2>" not in as_staff(WorldInstallation(world), "sofie").get(f"/dokument/{forum}").text


@pytest.mark.req("D4", "D12")
def test_the_page_says_what_cannot_be_sent_yet(world, sheet):
    page = as_staff(WorldInstallation(world), "birgit").get(f"/dokument/{sheet}/gennemse")
    assert "At sende det til andre eller spørge om samtykke til det kan systemet ikke endnu" in page
    assert "Vi er enige i teksten" not in page


@pytest.mark.req("R-37")
def test_a_protected_address_stops_sharing_and_the_lock(world):
    """Liva's mother lives where nobody may know; the register knows it."""
    leader = world.player.leader_of(world.ids.units["baekken"])
    child, secret = world.ids.children["liva"], demo_data().children["liva"].address
    with world.house() as house:
        document = start_document(house, leader, child, "fdr", variant="dialogmoede").id
    fill_all(world, leader, document, {**SHEET.leader, **SHEET.professional, "problemstilling": f"Hun bor {secret}."})
    with world.house() as house, pytest.raises(NotReady):
        share_document(house, leader, document)
    fill_all(world, leader, document, {"problemstilling": "Hun er flyttet."})
    with world.house() as house:
        share_document(house, leader, document)
    rune = world.parent(world.ids.parents["rune"])
    assert secret.split(",")[0] not in read_by_parent(world, document, rune)
    fill_all(world, leader, document, SHEET.team)
    fill_all(world, world.parent(world.ids.parents["signe"]), document, {"r_foraeldre_bem": f"Skriv til {secret}."})
    with pytest.raises(NotReady) as found:
        lock(world, document, leader.person_id)
    assert [one.field_id for one in found.value.problems] == ["r_foraeldre_bem"]


# --- copies -----------------------------------------------------------------------------------------------------------------


@pytest.mark.req("R-35", "P3", "T9")
def test_each_reader_gets_the_copy_that_is_theirs(world, assessment):
    fill_all(world, mother(world), assessment, THEO.parents)
    lock(world, assessment)
    assert world.drain() == []
    with world.house() as house:
        version = house.documents.version(assessment, 2)
        assert set(version.copies) == {"team", "parent", "archive"}
        texts = {reader: _text(house.blobs.get(copy.sha256)) for reader, copy in version.copies.items()}
    assert "garderoben lægger han sig ned" in texts["team"]
    for reader in ("parent", "archive"):
        assert "genkende det med garderoben" in texts[reader] and "garderoben lægger han sig ned" not in texts[reader]
    people = WorldInstallation(world)
    pdf = as_parent(people, world.ids.parents["louise"]).get(f"/foraelder/dokument/{assessment}/laes.pdf")
    assert pdf.body.startswith(b"%PDF-") and "-v2.pdf" in pdf.headers["Content-Disposition"]
    assert as_staff(people, "sofie").get(f"/dokument/{assessment}/dokument.pdf").body.startswith(b"%PDF-")


def _text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


@pytest.mark.req("R-70", "O2")
def test_a_version_that_was_never_given_to_the_parents_is_not_theirs_by_its_number(world, assessment):
    """What the team froze before it was shared: not as text, not as PDF, not its files, not one of a number to come."""
    with world.house() as house:
        document = house.documents.get(assessment)
        given = [one.number for one in given_to_parents(house.ledger.of_document(assessment))]
    kept_back = set(range(1, document.versions + 2)) - set(given)
    assert given and kept_back
    browser = as_parent(WorldInstallation(world), mother(world).person_id)
    for number in kept_back:
        with world.house() as house, pytest.raises(NotFound):
            read_version(house, mother(world), assessment, "read_parent_copy", "da", number)
        with world.house() as house, pytest.raises(NotFound):
            open_copy(house, mother(world), assessment, "read_parent_copy", number)
        with world.house() as house, pytest.raises(NotFound):
            version_attachment(house, mother(world), assessment, number, "f_foraeldre_bem", 1)
        assert browser.get(f"/foraelder/dokument/{assessment}/laes?udgave={number}", status=404).body == NOT_FOUND_BODY
