"""More time for a case of insight is asked for in time; a closed case goes when its period is over, a stone stays (R-72, R-90)."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.support.destruction import found_in, keeper
from tests.support.installation import WorldInstallation, as_staff
from tests.walks.test_insight import begun, csrf, now, press, reviewed
from tillid.archive.insight import FORGOTTEN, case_of
from tillid.consents.events import broken_links
from tillid.forms.settings import Changed
from tillid.usecases.forget_insight import SETTING, forget_insight
from tillid.usecases.insight_proof import is_proof

REASON = "Sagen fylder mange dokumenter fra flere steder."
TOLD = "Digital Post den 26. november"
WHY = "Hensynet til barnet selv vejer tungere i denne kvaltoftesag."


@pytest.fixture
def case(world_at):
    return begun(world_at("people"))


def prolong(app, address, until, status=303, reason=REASON):
    return press(app, address, "forlaeng", status, frist=until, aarsag=reason, besked=TOLD)


@pytest.mark.req("R-72")
def test_more_time_stands_in_list_and_case_and_must_be_told_within_the_first_month(case):
    world, app, address = case
    first = now(world, address).due
    assert first == date(2026, 12, 25)
    for wrong in ("2026-12-25", "2027-02-26", "i morgen"):
        assert "Vælg en dag efter 25. december 2026 og senest 25. februar 2027" in prolong(app, address, wrong, 422)
    assert prolong(app, address, "2027-02-25", 422, reason="nej").html.select_one("#aarsag").text.strip() == "nej"
    prolong(app, address, "2027-02-25")
    found = now(world, address)
    assert (found.due, found.first_due, found.prolonged.reason, found.prolonged.told) == (
        date(2027, 2, 25),
        first,
        REASON,
        TOLD,
    )
    assert "Frist 25. februar 2027. Forlænget fra 25. december 2026." in app.get("/indsigt")
    assert "Fristen er overskredet" not in app.get("/indsigt") and REASON in app.get(address)
    world.clock.move(days=31)
    late = as_staff(WorldInstallation(world), "rasmus")
    assert "Fristen er overskredet" not in late.get("/indsigt"), "the new day counts"
    assert late.get(address).html.select_one('button[value="forlaeng"]') is None
    form = next(one for one in late.get(address).forms.values() if "nonce" in one.fields)
    typed = {"csrf_token": csrf(late, address), "nonce": form["nonce"].value, "trin": "forlaeng", "frist": "2027-02-01",
             "aarsag": REASON, "besked": TOLD}  # fmt: skip
    assert "skulle have haft besked senest 25. december 2026" in late.post(address, typed, status=422)
    assert (
        now(world, address).due == date(2027, 2, 25) and [s.kind for s in found.steps].count("insight_prolonged") == 1
    )


def allow(world):
    with world.house() as house:
        house.choices.put(SETTING, True, Changed(by="camilla", at=house.moment))


@pytest.mark.req("R-72", "R-81", "R-90")
def test_a_closed_case_goes_with_every_word_when_a_rule_may_and_nothing_holds_it(case):
    world, app, address = case
    allow(world)
    world.clock.move(days=6 * 366)
    assert forget_insight(world.house) == 0, "a case that nobody has answered never goes"
    app = as_staff(WorldInstallation(world), "rasmus")
    press(app, address, "afvis", bestemmelse="Forvaltningslovens § 15 b", hvorfor=WHY)
    press(app, address, "hold", grund="Der er klaget til Datatilsynet.")
    number, case_id = now(world, address).request.number, now(world, address).id
    world.clock.move(days=5 * 366)
    assert forget_insight(world.house) == 0, "held"
    app = as_staff(WorldInstallation(world), "rasmus")
    press(app, address, "slip")
    with world.house() as house:
        house.choices.put(SETTING, False, Changed(by="camilla", at=house.moment))
    assert forget_insight(world.house) == 0, "no rule may, as long as nobody has said so"
    allow(world)
    assert world.drain() == [] and found_in(world.folder, {WHY})
    assert forget_insight(world.house) == 1 and forget_insight(world.house) == 0
    assert world.drain() == [] and keeper(world).wipe(world.house) == 1 and keeper(world).wipe(world.house) == 0
    assert found_in(world.folder, {WHY, "Der er klaget til Datatilsynet."}) == set()
    with world.house() as house:
        events = house.ledger.of_document(case_id)
        assert case_of(events) is None and [one.kind for one in events if one.kind != "forgotten"] == [FORGOTTEN]
        assert broken_links(house.ledger.of_child(events[0].child_id)) == []
        assert (house.keeping.runs()[0].what, house.keeping.runs()[0].count) == ("insight", 1)
    stones = app.get("/indsigt")
    assert number in stones and "Sager, hvis periode er gået" in stones and app.get(address, status=404)


@pytest.mark.req("R-123")
def test_a_document_of_the_package_that_did_not_work_is_told_and_still_waited_for(world_at, monkeypatch):
    world, app, address = begun(world_at("signed"))
    with monkeypatch.context() as patch:
        patch.setattr(world, "drain", list)
        reviewed(world, app, address)
    wanted = re.search(r"0 af \d+ er færdige", app.get(f"{address}/fremdrift").text)[0]
    with world.house() as house:
        making = [one for one in house.outbox.pending() if one.step == "render_insight"]
        documents = [one for one in making if not is_proof(one.ids)]
        assert len(documents) < len(making), "what proves a record is waited for too"
        for one in making:
            house.outbox.failed(one.key, "documents.render-failed", house.moment)
    page = app.get(f"{address}/fremdrift")
    assert wanted in page, "as many as before"
    assert (
        f"{len(documents)} dokumenter lykkedes ikke i første omgang" in page
        and "hx-get" in page
        and "Lav pakken igen" not in page
    )
    world.clock.move(minutes=1)
    assert world.drain() == []
    page = app.get(f"{address}/fremdrift")
    assert "Pakken er klar" in page and "første omgang" not in page
