"""A parent's pages in the browser: own list, reading, agreeing, declining; nothing of the other parent anywhere."""

from __future__ import annotations

import re

import msgspec
import pytest

from tests.support.installation import WorldInstallation, app_over, as_parent, as_staff
from tests.support.world import SET, author, document_now, fill_all, leader, say_yes
from tillid.kernel.ids import new_id
from tillid.usecases.agree import confirm_agreement
from tillid.usecases.fill import text_digest
from tillid.usecases.save_fields import Change, save_fields
from tillid.web.answers import NOT_FOUND_BODY


@pytest.fixture
def at(world_at):
    def made(stage):
        return WorldInstallation(world_at(stage))

    return made


def holders(installation):
    return [one.person_id for one in installation.world.holders(SET.child_id)]


def parent(installation, number=0):
    return as_parent(installation, holders(installation)[number])


def path(installation, end=""):
    return f"/foraelder/dokument/{installation.world.made['document']}{end}"


def ready(installation):
    """Both sides have written what they must."""
    world = installation.world
    fill_all(world, leader(world), world.made["document"], {"u_skolestart": False})
    fill_all(world, world.holders(SET.child_id)[0], world.made["document"], {**SET.parents, **SET.child})


def draft(installation):
    with installation.world.house() as house:
        return house.documents.draft(installation.world.made["document"])


def kinds(installation):
    with installation.world.house() as house:
        return [event.kind for event in house.ledger.of_document(installation.world.made["document"])]


def stable(text):
    """The page without its one-time values."""
    return re.sub(r"(\d+\.)?[0-9a-f]{64}(\.[0-9a-f]{64})?", "…", text)


@pytest.mark.req("P3", "P5")
def test_the_front_page_says_what_to_take_a_stand_on_first(at):
    page = parent(at("shared")).get("/")
    headings = re.findall(r"<h2[^>]*>([^<]+)", page.text)
    assert headings[0] == "Det skal du tage stilling til" and "Mine samtykker" in headings
    assert "Læs og skriv om Alma" in page and "har delt en tekst" in page
    asked = parent(at("asked")).get("/")
    assert "spørger om dit samtykke. Det er frivilligt" in asked
    assert asked.click("Må .* få oplysninger om").status_int == 200


@pytest.mark.req("P8", "R-34", "R-18")
def test_only_holders_of_this_child_find_anything(at):
    installation = at("signed")
    made = installation.world.made
    stranger = installation.world.ids.parents["dorthe"]
    addresses = [path(installation, end) for end in ("", "/laes", "/laes.pdf", "/mine-ord", "/enig", "/nej-tak")]
    addresses += [f"/samtykke/{made['request']}", f"/samtykke/{made['request']}/traek-tilbage"]
    app = as_parent(installation, stranger)
    assert "Alma" not in app.get("/")
    for address in addresses:
        missing = re.sub(r"[0-9a-f-]{36}", new_id(), address)
        refused = app.get(address, status=404)
        assert refused.body == NOT_FOUND_BODY and refused.headers == app.get(missing, status=404).headers, address
        assert as_staff(installation, "sofie").get(address, status=404).body == NOT_FOUND_BODY
        assert app_over(installation).get(address, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("P3", "R-35", "R-71")
def test_a_holder_reads_alone_on_the_page_and_as_a_file_with_a_name_that_tells_nothing(at):
    installation = at("shared")
    app = parent(installation)
    text = app.get(path(installation, "/laes"))
    assert "Barnets styrker" in text and SET.professional["u_greb"][:40] in text
    pdf = app.get(path(installation, "/laes.pdf"))
    assert pdf.body.startswith(b"%PDF-") and pdf.headers["Cache-Control"] == "no-store, private"
    assert pdf.headers["X-Content-Type-Options"] == "nosniff"
    number = document_now(installation.world).number
    assert pdf.headers["Content-Disposition"] == f'inline; filename="{number}-v1.pdf"'
    assert app.get(path(installation, "/laes.pdf?hent")).headers["Content-Disposition"].startswith("attachment")
    for wrong in ("0", "9", "-1", "x", "99999"):
        assert app.get(path(installation, f"/laes.pdf?udgave={wrong}"), expect_errors=True).status_int in (404, 409)
    with installation.world.house() as house:
        rows = [
            row
            for row in house.audit.of_child(SET.child_id)
            if row.action == "read_parent_copy" and row.phase == "attempt"
        ]
    assert len(rows) >= 3 and {row.person_id for row in rows} == {holders(installation)[0]}


@pytest.mark.req("R-18", "P8")
def test_who_loses_custody_while_the_page_is_made_gets_nothing(at):
    """The second question, on a fresh view right before the bytes leave."""
    installation = at("shared")
    world, holder = installation.world, holders(installation)[0]
    app = parent(installation)
    assert app.get(path(installation, "/laes.pdf")).status_int == 200

    def custody_ends():
        with world.house() as house:
            custody = house.people.custody(SET.child_id)
            left = tuple(
                msgspec.structs.replace(one, until=world.clock.now()) if one.person_id == holder else one
                for one in custody.holders
            )
            house.people.put_custody(msgspec.structs.replace(custody, holders=left))

    installation.before_refresh = custody_ends
    assert app.get(path(installation, "/laes.pdf"), status=404).body == NOT_FOUND_BODY


@pytest.mark.req("O9", "R-23")
def test_agreeing_binds_the_words_on_the_page_and_is_never_called_a_consent(at):
    installation = at("shared")
    app = parent(installation)
    unfinished = app.get(path(installation, "/enig"))
    assert "Jeres egen del er ikke færdig" in unfinished and "Jeg er enig i teksten" not in unfinished
    ready(installation)
    page = app.get(path(installation, "/enig"))
    assert SET.professional["u_greb"][:40] in page and SET.parents["p_styrker"][:30] in page
    assert "Det er ikke et samtykke" in page
    fill_all(
        installation.world,
        installation.world.holders(SET.child_id)[1],
        installation.world.made["document"],
        {"p_glad": "At synge."},
    )
    form = next(f for f in page.forms.values() if f.action.endswith("/enig") and "digest" in f.fields)
    changed = form.submit("trin", value="enig", status=409)
    assert "ændret" in changed and "At synge." in changed and not draft(installation).agreed_by
    form = next(f for f in changed.forms.values() if "digest" in f.fields)
    done = form.submit("trin", value="enig").follow()
    assert "Det er ikke et samtykke" in done
    assert "Vi venter på de andre, der skal være enige" in done
    assert "agreement_confirmed" in kinds(installation) and "consent_given" not in kinds(installation)
    assert "Du har ikke svaret på noget samtykke" in app.get("/")


@pytest.mark.req("O9")
def test_the_last_one_locks_the_text(at):
    installation = at("shared")
    ready(installation)
    world = installation.world
    for who in (author(world), world.holders(SET.child_id)[1]):
        with world.house() as house:
            confirm_agreement(
                house, who, world.made["document"], text_digest(house.documents.draft(world.made["document"]))
            )
    page = parent(installation).get(path(installation, "/enig"))
    form = next(f for f in page.forms.values() if "digest" in f.fields)
    assert "Alle er nu enige om teksten" in form.submit("trin", value="enig").follow()
    assert document_now(world).agreed_version == 2


@pytest.mark.req("R-37")
def test_one_parent_never_sees_the_others_answer_presence_or_number(at):
    installation = at("shared")
    ready(installation)
    world = installation.world
    other = world.holders(SET.child_id)[1]
    before = parent(installation).get(path(installation)).text
    with world.house() as house:
        confirm_agreement(
            house, other, world.made["document"], text_digest(house.documents.draft(world.made["document"]))
        )
    after = parent(installation).get(path(installation)).text
    assert stable(before) == stable(after)
    with world.house() as house:
        phone = house.people.parent(other.person_id).phone
    for page in (after, parent(installation).get(path(installation, "/enig")).text, parent(installation).get("/").text):
        assert phone not in page


@pytest.mark.req("R-22")
@pytest.mark.parametrize("answer", ["nothing", "no", "yes to less", "taken back"])
def test_whatever_the_other_parent_answers_the_pages_of_this_one_are_the_same(at, answer):
    """Asked and not complete, the pages say the same whether the other is silent, refused, or took a yes back."""
    from tests.support.world import request_now
    from tillid.usecases.withdraw_consent import withdraw_consent

    def pages(installation):
        app = parent(installation)
        request = f"/samtykke/{installation.world.made['request']}"
        shown = [app.get(one).text for one in ("/", path(installation), request)]
        return [stable(one) for one in shown]

    installation = at("asked")
    quiet = pages(installation)
    world = installation.world
    other, items = world.holders(SET.child_id)[1], [one.id for one in request_now(world).items]
    if answer == "no":
        say_yes(world, other, no=frozenset(items))
    elif answer == "yes to less":
        say_yes(world, other, no=frozenset(items[1:]))
    elif answer == "taken back":
        say_yes(world, other)
        with world.house() as house:
            withdraw_consent(house, other, world.made["request"], language="da", event_id=new_id())
    assert pages(installation) == quiet
    say_yes(world, world.holders(SET.child_id)[0])
    mine = pages(installation)
    assert ("kan ikke læses lige nu" in mine[0]) == (answer != "yes to less")


@pytest.mark.req("P6")
def test_words_written_in_a_talk_are_confirmed_by_the_parent_they_are_put_in_the_mouth_of(at):
    installation = at("shared")
    world, holder = installation.world, holders(installation)[0]
    who = author(world)
    with world.house() as house:
        save_fields(
            house,
            who,
            world.made["document"],
            {"p_styrker": Change(value="Hun er god til at lytte.", base=0)},
            together_with=holder,
        )
    app = parent(installation)
    assert "Er det dine ord" in app.get("/")
    assert "Er det dine ord" not in parent(installation, 1).get("/")
    page = app.get(path(installation, "/mine-ord"))
    assert "Hun er god til at lytte." in page and who.name in page
    with world.house() as house:
        save_fields(
            house,
            who,
            world.made["document"],
            {"p_styrker": Change(value="Noget andet.", base=1)},
            together_with=holder,
        )
    form = next(f for f in page.forms.values() if f.action.endswith("/mine-ord"))
    again = form.submit(status=409)
    assert "Noget andet." in again and draft(installation).written_for["p_styrker"][0].confirmed_at is None
    form = next(f for f in again.forms.values() if f.action.endswith("/mine-ord"))
    assert "dine egne ord" in form.submit().follow()
    assert draft(installation).written_for["p_styrker"][0].confirmed_at is not None


def test_a_remark_of_disagreement_stands_with_the_text_and_too_much_is_told_without_loss(at):
    installation = at("shared")
    app = parent(installation)
    form = next(f for f in app.get(path(installation, "/enig")).forms.values() if "bemaerkning" in f.fields)
    form["bemaerkning"] = "x" * 501
    refused = form.submit("trin", value="bemaerkning", status=422)
    assert "x" * 501 in refused and 'href="#bemaerkning"' in refused
    form["bemaerkning"] = "Vi ser det anderledes med søvnen."
    assert "Din bemærkning er gemt" in form.submit("trin", value="bemaerkning").follow()
    assert draft(installation).answers["uenig_bem"] == "Vi ser det anderledes med søvnen."


@pytest.mark.req("O14")
def test_no_transition_description_is_asked_twice_and_then_respected(at):
    installation = at("asked")
    app = parent(installation)
    page = app.get(path(installation)).click("Vi ønsker ikke en overgangsbeskrivelse")
    assert "helt i orden" in page and document_now(installation.world).state == "shared"
    form = next(f for f in page.forms.values() if f.action.endswith("/nej-tak"))
    done = form.submit().follow()
    assert "intet bliver givet videre" in done and document_now(installation.world).state == "closed"
    assert {"transition_declined", "document_closed", "request_voided"} <= set(kinds(installation))
    app.get(path(installation, "/nej-tak"), status=404)


def test_the_shared_addresses_of_staff_pages_lead_parents_to_their_own(at):
    installation = at("shared")
    page = parent(installation).get(f"/dokument/{installation.world.made['document']}")
    assert "har delt denne tekst med jer" in page and "har ikke sagt sig enig" not in page
