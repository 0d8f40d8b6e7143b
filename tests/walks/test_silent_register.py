"""The register of custody does not answer at the moment of asking: nobody is asked, and who asks is told why (R-33)."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.world import SET, author, document_now
from tests.walks.test_consent import all_yes, answer
from tests.walks.test_meeting_consent import ask, meeting_called
from tillid.cms.store.people import ZodbPeople
from tillid.kernel.errors import NotFound, Unavailable
from tillid.usecases.request_consent import request_consent
from tillid.usecases.whose_consent import RegisterSilent


@contextmanager
def silent_register():
    def silent(_people, _child_id):
        raise Unavailable("register down")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ZodbPeople, "custody", silent)
        yield


def asked(world, kind):
    """How many such questions there are, and who was told of one."""
    with world.house() as house:
        count = sum(event.kind == kind for event in house.ledger.of_document(world.made["document"]))
        people = [parent.id for parent in house.people.parents()]
        told = [one for one in people if any(note.text_id.endswith("_asked") for note in house.notices.of_person(one))]
    return count, sorted(told)


@pytest.mark.req("R-33", "R-31")
def test_nobody_is_asked_for_consent_while_nobody_knows_who_holds_custody(world_at):
    world = world_at("agreed")
    home = WorldInstallation(world)
    app, at = as_staff(home, "sofie"), f"/dokument/{world.made['document']}"
    form = next(one for one in app.get(at).forms.values() if one.action.endswith("/sporg"))
    with silent_register():
        page = form.submit(status=503)
        assert "Registret over forældremyndighed svarer ikke" in page and "Ingen er spurgt" in page
        with world.house() as house, pytest.raises(RegisterSilent):
            request_consent(house, author(world), world.made["document"])
    assert asked(world, "request_created") == (0, []) and document_now(world).state == "shared"
    form.submit(status=303)
    holders = sorted(one.person_id for one in world.holders(SET.child_id))
    assert asked(world, "request_created") == (1, holders)


@pytest.mark.req("R-33", "R-11")
def test_who_would_answer_meanwhile_is_told_to_try_again_and_nothing_is_registered(world_at):
    world = world_at("asked")
    home, holder = WorldInstallation(world), world.holders(SET.child_id)[0]
    app, at = as_parent(home, holder.person_id), f"/samtykke/{world.made['request']}"
    form = next(one for one in app.get(at).forms.values() if "nonce" in one.fields)
    for name in {name for name in form.fields if name and name.startswith("svar.")}:
        form[name] = "ja"
    preview = form.submit("trin", value="se")
    send = next(one for one in preview.forms.values() if "nonce" in one.fields)
    assert "Registret over" not in app.get("/")
    with silent_register():
        front = app.get("/")
        assert "ser du måske ikke alt det" in front and "Der er ikke noget lige nu" not in front
        page = app.get(at)
        assert "Prøv igen om lidt" in page and "ikke svare på dette mere" not in page
        refused = send.submit("trin", value="send", status=503)
        assert "consent.no-register" in refused and "Dit svar er ikke registreret" in refused
        with pytest.raises(NotFound):  # who was never asked learns nothing
            answer(world, world.parent(world.ids.parents["shirin"]), all_yes(world), oral=True)
    assert asked(world, "consent_given")[0] == 0
    send.submit("trin", value="send", status=303)
    assert asked(world, "consent_given")[0] == 1


@pytest.mark.req("R-33", "D12")
def test_nobody_is_asked_about_a_meeting_either(world_at):
    world = world_at("people")
    leader, world.made["document"] = meeting_called(world)
    with silent_register(), pytest.raises(RegisterSilent):
        ask(world, leader, world.made["document"])
    assert asked(world, "meeting_asked") == (0, [])
    question = ask(world, leader, world.made["document"])
    assert asked(world, "meeting_asked") == (1, sorted(question.series))
