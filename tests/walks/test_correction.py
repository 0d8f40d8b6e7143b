"""What was given on turns out to be wrong: a leader marks the version, and nobody reads by it from that click on (design 13)."""

from __future__ import annotations

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, request_now
from tillid.kernel.errors import NotFound, TillidError
from tillid.usecases.correct_version import correct_version
from tillid.usecases.facts import Conflict
from tillid.usecases.open_archived import open_archived
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.archive_words import timeline

REASON = "Allergien er en anden end den, der står."


def mark(world, who="birgit", number=None, reason=REASON):
    with world.house() as house:
        wanted = number or request_now(world).document.version
        return correct_version(house, world.staff(who), world.made["document"], wanted, reason)


@pytest.mark.req("R-11", "R-17", "R-18", "R-22", "R-71")
def test_the_leaders_page_ends_the_release_at_once_and_tells_the_parents(world_at):
    world = world_at("signed")
    installation, holder = WorldInstallation(world), world.holders(SET.child_id)[0]
    document, received = f"/dokument/{world.made['document']}", f"/modtaget/{world.made['document']}"
    birgit, hanne = as_staff(installation, "birgit"), as_staff(installation, "hanne")
    assert hanne.get(received).status_int == 200
    as_staff(installation, "sofie").get(f"{document}/rettelse", status=404)
    page = birgit.get(document).click("Der er en fejl i det, der er givet videre")
    assert "kan ikke åbne den fra det øjeblik" in page
    form = next(one for one in page.forms.values() if "hvorfor" in one.fields)
    form["hvorfor"] = "Fejl 010188-4123"
    again = form.submit(status=422)
    assert "ingen CPR-numre" in again
    form = next(one for one in again.forms.values() if "hvorfor" in one.fields)
    form["hvorfor"] = REASON
    assert "er mærket som rettet" in form.submit().follow()
    assert hanne.get(received, status=404).body == NOT_FOUND_BODY and "Ikke tilgængelig" in hanne.get("/")
    assert "ikke registreret noget nyt" in form.submit().follow(), "the same click is one"
    assert world.drain() == []
    parent = as_parent(installation, holder.person_id)
    assert "Der er en fejl i en tekst" in parent.get("/")
    own = parent.get(f"/samtykke/{world.made['request']}")
    assert "kvittering" in own and REASON not in own
    with world.house() as house:
        events = [one for one in house.ledger.of_document(world.made["document"]) if one.kind == "version_corrected"]
    assert [one.payload["reason"] for one in events] == [REASON]
    with world.house() as house:
        case = open_archived(
            house, world.staff("ove"), world.made["document"], "Tilsyn eller revision: sagen", world.parts.verify_record
        )
        assert REASON in {line.remark for line in timeline(house, case)}, "what is wrong can be read in the archive"


def test_only_the_version_that_was_given_on_and_only_by_its_leaders(world_at):
    world = world_at("signed")
    for who in ("sofie", "hanne", "ove"):
        with pytest.raises(NotFound):
            mark(world, who)
    with pytest.raises(Conflict):
        mark(world, number=request_now(world).document.version + 1)
    for words in ("", "fejl", "Alt er forkert\u202e her"):
        with pytest.raises(TillidError, match=r"correction\.reason"):
            mark(world, reason=words)
    assert (mark(world), mark(world)) == (True, False)


def test_a_question_that_is_open_still_is_voided_by_a_new_text_and_marked_by_nobody(world_at):
    world = world_at("asked")
    with pytest.raises(NotFound):
        mark(world)
