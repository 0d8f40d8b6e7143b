"""The page of one archived document: one list of what happened, its versions, how it is kept, what its records prove (ADR 0052)."""

from __future__ import annotations

import msgspec
import pytest

from tests.support.fixity import read_again
from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.purposes import posted_purpose, state_purpose
from tests.support.world import SET
from tests.walks.test_archive_pages import PURPOSE, all_rows
from tillid.adapters.audit_file import FileAudit
from tillid.archive.fixity import Damage
from tillid.kernel.ids import new_id
from tillid.usecases.keep_document import place_hold
from tillid.usecases.ports import AuditRow
from tillid.web.answers import NOT_FOUND_BODY


@pytest.fixture
def signed(world_at):
    return WorldInstallation(world_at("signed"))


def case_of(signed):
    """The case, opened by its permanent address with a purpose."""
    app = as_staff(signed, "ove")
    address = f"/arkiv/{signed.world.made['document']}"
    asked = app.get(address)
    form = next(form for form in asked.forms.values() if form.action == address)
    state_purpose(form, PURPOSE)
    case = form.submit()
    assert f"{address}</a>" in case, "the permanent address stands on the page"
    return app, case


@pytest.mark.req("R-71", "R-70")
def test_one_list_tells_all_that_happened_in_order_and_names_no_reader(signed):
    world = signed.world
    parent = world.holders(SET.child_id)[0].person_id
    page = f"/dokument/{world.made['document']}"
    for _ in range(2):
        as_parent(signed, parent).get(f"/foraelder{page}/laes")
    as_staff(signed, "sofie").get(f"{page}/laes")
    log = FileAudit(world.folder / "audit" / "operators.jsonl", world.clock)
    log.write(operators_row(world, "make_package"), operators_row(world, "verify_store"))
    log.close()
    _, case = case_of(signed)
    lines = [one.get_text(" ", strip=True) for one in case.html.select("ol.timeline li")]
    told = [line.partition(" kl. ")[2][6:] for line in lines]
    assert "Læste forældrenes udgave : Forælder (2 gange)" in told or any(
        "Læste forældrenes udgave" in line and "Forælder" in line and "2 gange" in line for line in told
    )
    assert sum("En arkivpakke blev sat i gang" in line for line in told) == 1
    assert any("Læste afsenderens udgave" in line and "Fagperson" in line for line in told)
    reading = [line for line in told if "Læste" in line]
    names = [one.name.split()[0] for one in (world.staff("sofie"), world.holders(SET.child_id)[0])]
    assert not [line for line in reading if any(name in line for name in names)]
    shared, agreed, given = (
        next(n for n, line in enumerate(told) if text in line)
        for text in ("blev delt med forældrene", "blev låst som den tekst", "Gav samtykke")
    )
    assert shared < agreed < given


@pytest.mark.req("R-71", "T9")
def test_earlier_versions_are_read_and_compared_with_a_purpose_and_a_row_each(signed):
    world = signed.world
    app, case = case_of(signed)
    read, pdf, changes = (
        next(f for f in case.forms.values() if f.action.endswith(end))
        for end in ("/udgave/1", "/udgave/2/dokument.pdf", "/aendringer")
    )
    first = read.submit()
    assert "tidligere udgave" in first and PURPOSE in first
    assert pdf.submit().content_type == "application/pdf"
    assert "Hvad er ændret" in changes.submit()
    told = [(row.action, row.purpose) for row in all_rows(world)[-3:]]
    assert told == [("read_archived_version", PURPOSE), ("read_archived", PURPOSE), ("compare_archived", PURPOSE)]
    token = changes["csrf_token"].value
    asked = {"csrf_token": token, **posted_purpose(PURPOSE)}
    address = f"/arkiv/{world.made['document']}"
    for end, more in (("/udgave/3", {}), ("/udgave/3/dokument.pdf", {}), ("/aendringer", {"fra": "1", "til": "3"})):
        assert app.post(address + end, {**asked, **more}, status=404).body == NOT_FOUND_BODY
    assert "document.not-rendered" in app.post(f"{address}/udgave/1/dokument.pdf", asked, status=409)
    for end in ("/udgave/1", "/aendringer", "/udgave/2/dokument.pdf"):
        assert app.post(address + end, {"csrf_token": token}, status=409)


@pytest.mark.req("R-18")
def test_a_newer_version_than_the_archives_is_in_no_list(signed):
    world = signed.world
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        version = house.documents.version(document.id, document.versions)
        house.documents.add_version(msgspec.structs.replace(version, number=version.number + 1))
        house.documents.replace(msgspec.structs.replace(document, versions=document.versions + 1))
    app, case = case_of(signed)
    assert "Udgave 2" in case and "Udgave 3" not in case
    asked = {"csrf_token": case.forms["archived-copy"]["csrf_token"].value, **posted_purpose(PURPOSE)}
    assert app.post(f"/arkiv/{world.made['document']}/udgave/3", asked, status=404).body == NOT_FOUND_BODY


def operators_row(world, action):
    return AuditRow(id=new_id(), phase="attempt", at=world.clock.now(), request_id=new_id(), person_id="operator:7", role="operator",
                    action=action, object_id=world.made["document"], child_id=SET.child_id, purpose="")  # fmt: skip


@pytest.mark.req("R-82", "R-90")
def test_how_it_is_kept_and_when_it_was_read_again_stands_on_the_page(signed):
    world = signed.world
    with world.house() as house:
        place_hold(
            house, world.staff("ove"), world.made["document"], "insight", "Far har bedt om indsigt.", event_id=new_id()
        )
    _, case = case_of(signed)
    assert "Uafklaret" in case and "Nogen har bedt om indsigt" in case and "Ikke læst igen endnu" in case
    assert "Far har bedt om indsigt." not in case, "the reason stands on the page of its keeping"
    assert "ikke noget langtidsbevis endnu" in case
    world.clock.move(days=1)
    read_again(world)
    with world.house() as house:
        bad = house.documents.version(world.made["document"], 2).copies["archive"].sha256
        state = house.blobs.fixity()
        broken = Damage(what=f"blob:{bad}", how="blobs.damaged", at=house.moment)
        house.blobs.keep_fixity(msgspec.structs.replace(state, damages=(broken,)))
    _, case = case_of(signed)
    assert "Beskadiget" in case and "ikke, som det blev gemt" in case
