"""An assessment with the parents: attested, shared, read, added to together, acknowledged, locked, kept (T6, T14)."""

from __future__ import annotations

import io
import re

import msgspec
import pypdf
import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.kit import kit, trust_folder
from tests.support.shared_forms import THEO, lock, mother, now, write_together
from tests.support.world import fill_all
from tillid.consents.attestation import read_attestation
from tillid.demo.present import assessed
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.signatures.verify import verify
from tillid.usecases.acknowledge_text import acknowledge_text
from tillid.usecases.attest_form import WordsWait
from tillid.usecases.confirm_words import confirm_words
from tillid.usecases.copy_job import head_of
from tillid.usecases.facts import Conflict
from tillid.usecases.fetch_receipt import zip_of
from tillid.usecases.given import given_to_parents
from tillid.usecases.open_attachment import version_attachment
from tillid.usecases.open_copy import open_copy
from tillid.usecases.read_text import read_version
from tillid.usecases.request_consent import request_consent
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.share_document import share_document
from tillid.usecases.start_document import start_document
from tillid.web.answers import NOT_FOUND_BODY

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


@pytest.mark.req("T6", "R-23", "R-85", "R-103")
def test_the_leaders_attestation_is_sealed_for_itself_and_said_on_page_and_paper(world, assessment, tmp_path):
    assert world.drain() == []
    world.parts.event_log.sign_head()
    with world.house() as house:
        (event,) = (one for one in house.ledger.of_document(assessment) if one.kind == "document_attested")
        version = house.documents.version(assessment, 1)
        kinds, proof = house.ledger.attachments(event.id), house.event_log.proof(event.digest)
        head = dict(head_of(house, house.documents.get(assessment), version))
    found = verify(kinds["record.xml"], world.parts.trust, at=world.clock.now())
    said = read_attestation(found.signed)
    assert found.passed and found.details["event_sha256"] == event.digest
    assert (said.attester_name, said.capacity, said.child_name) == ("Birgit Lauridsen", "leader", "Theo Lindgaard Bech")
    assert said.document.answers_digest == version.answers_digest
    trust = trust_folder(tmp_path / "trust", world.parts.event_log.verifier.text())
    told = kit().verify(zip_of(kinds, proof, {}), trust, world.clock.now())
    assert (told["kind"], told["record"]) == ("DocumentAttested", event.id)
    assert event.id in {one.key for one in version.archive_revisions}, "the archive's copy carries it"
    assert head["Bekræftet af"].startswith("Birgit Lauridsen, leder, ")
    page = as_staff(WorldInstallation(world), "sofie").get(f"/dokument/{assessment}")
    assert "Bekræftet af Birgit Lauridsen som leder" in page and "Det er ikke en underskrift." in page


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
    assert kinds == [
        "document_created",
        "document_attested",
        "document_submitted",
        "version_shared",
        "text_acknowledged",
    ]


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
    assert all("Bekræftet af Birgit Lauridsen, leder" in text for text in texts.values()), "on paper too"
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
