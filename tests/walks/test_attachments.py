"""An uploaded file is opened by who may read the answer it stands in, and by nobody else (design 16)."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.support.installation import WorldInstallation, app_over, as_parent, as_staff
from tests.support.uploads import FIELD, NAME, picture, world_with_file
from tests.support.world import SET, author, document_now, fill_all, request_now, say_yes
from tillid.kernel.ids import new_id
from tillid.usecases.destroy import attached
from tillid.usecases.save_fields import Change, save_fields
from tillid.web.answers import NOT_FOUND_BODY

PDF = "application/pdf"


@pytest.fixture
def shared(world_at):
    return WorldInstallation(world_with_file(world_at, "shared"))


@pytest.fixture
def asked(world_at):
    return WorldInstallation(world_with_file(world_at, "asked"))


def holder(installation, number=0):
    return as_parent(installation, installation.world.holders(SET.child_id)[number].person_id)


def link(page):
    """The address of the file that a page offers."""
    return page.html.find("a", string=lambda text: text and NAME in text) or next(
        a for a in page.html.find_all("a") if NAME in a.get_text()
    )


def opened(app, page):
    return app.get(link(page)["href"])


def is_the_file(answer, installation):
    number = document_now(installation.world).number
    assert answer.body == picture() and answer.content_type == "image/png"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{number}-{FIELD}.png"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (
        answer.headers["Cache-Control"] == "no-store, private"
        and "sandbox" in answer.headers["Content-Security-Policy"]
    )


@pytest.mark.req("P3", "O2", "R-71", "R-111")
def test_both_sides_open_it_while_they_write(shared):
    document = shared.world.made["document"]
    parent, team = holder(shared, 1), as_staff(shared, "sofie")
    for app, path in (
        (parent, f"/foraelder/dokument/{document}/enig"),
        (parent, f"/dokument/{document}/udfyld/barnets_egen_del"),
        (team, f"/dokument/{document}/gennemse"),
    ):
        is_the_file(opened(app, app.get(path)), shared)
    rows = [row for row in shared.world.parts.audit.of_child(SET.child_id) if row.action == "read_attachment"]
    assert [row.phase for row in rows].count("attempt") == 3 and all(NAME not in str(row) for row in rows)


@pytest.mark.req("O21", "R-11")
def test_two_files_of_one_name_are_told_apart_wherever_they_are_listed(shared):
    """Each scanner calls its files alike; who removes or opens one has to know which."""
    world, document, listed = shared.world, shared.world.made["document"], []
    for color in ("red", "blue"):
        data = io.BytesIO()
        Image.new("RGB", (9, 9), color).save(data, "PNG")
        with world.house() as house:
            sha256 = house.blobs.put(data.getvalue(), "image/png")
        listed.append({"sha256": sha256, "title": "scan.png", "media_type": "image/png"})
    alone = {"sha256": "ab" * 32, "title": "Sprogvurdering.pdf", "media_type": "application/pdf"}
    fill_all(world, author(world), document, {"u_bilag": [*listed, alone]})
    names = [f"scan.png (kontrolsum {one['sha256'][:12]})" for one in listed] + ["Sprogvurdering.pdf"]
    team = as_staff(shared, "sofie")
    form = team.get(f"/dokument/{document}/udfyld/fagpersonens_del").html
    said = [label.get_text() for label in form.select('label[for*="u_bilag-remove"]')]
    assert said == [f"Fjern {name}" for name in names]
    for page in (
        team.get(f"/dokument/{document}/gennemse"),
        holder(shared).get(f"/foraelder/dokument/{document}/enig"),
    ):
        told = [one.get_text() for one in page.html.select("a, li") if "scan.png" in one.get_text()]
        assert {name: any(name in text for text in told) for name in names[:2]} == dict.fromkeys(names[:2], True)
        assert [a.get_text() for a in page.html.select("a") if "Hent bilaget" in a.get_text()][-3:] == [
            f"Hent bilaget {name}" for name in names
        ]


@pytest.mark.req("R-18", "R-70", "P8")
def test_everybody_else_gets_the_uniform_answer(shared):
    document = shared.world.made["document"]
    paths = [f"/dokument/{document}/bilag/{FIELD}/1", f"/dokument/{document}/udgave/1/bilag/{FIELD}/1",
             f"/modtaget/{document}/bilag/{FIELD}/1"]  # fmt: skip
    stranger = shared.world.ids.parents["dorthe"]
    for app in (app_over(shared), as_parent(shared, stranger), as_staff(shared, "hanne"), as_staff(shared, "ove")):
        for path in paths:
            missing = app.get(path.replace(document, new_id()), status=404)
            refused = app.get(path, status=404)
            assert refused.body == NOT_FOUND_BODY and refused.headers == missing.headers
    team = as_staff(shared, "sofie")
    for end in (
        f"bilag/{FIELD}/2",
        "bilag/u_greb/1",
        "bilag/findes_ikke/1",
        f"udgave/1/bilag/{FIELD}/1",
        f"udgave/9/bilag/{FIELD}/1",
    ):
        assert team.get(f"/dokument/{document}/{end}", status=404).body == NOT_FOUND_BODY, end


@pytest.mark.req("R-13", "R-14", "R-22", "R-32")
def test_who_is_asked_can_open_it_first_and_the_receiver_only_what_all_said_yes_to(asked):
    world, document = asked.world, asked.world.made["document"]
    parent = holder(asked)
    is_the_file(opened(parent, parent.get(f"/samtykke/{world.made['request']}")), asked)
    is_the_file(opened(parent, parent.get(f"/foraelder/dokument/{document}/laes")), asked)
    team = as_staff(asked, "sofie")
    is_the_file(opened(team, team.get(f"/dokument/{document}")), asked)
    receiver, path = as_staff(asked, "hanne"), f"/modtaget/{document}/bilag/{FIELD}/1"
    assert receiver.get(path, status=404).body == NOT_FOUND_BODY, "nobody has said yes yet"
    one, *others = world.holders(SET.child_id)
    item = next(each.id for each in request_now(world).items if FIELD in each.field_ids)
    say_yes(world, one, no=frozenset({item}))
    for other in others:
        say_yes(world, other)
    page = receiver.get(f"/modtaget/{document}")
    assert NAME not in page and receiver.get(path, status=404).body == NOT_FOUND_BODY, "one has said no to the picture"


@pytest.mark.req("R-14", "R-22", "R-71")
def test_the_receiver_opens_what_is_released(asked):
    for one in asked.world.holders(SET.child_id):
        say_yes(asked.world, one)
    receiver = as_staff(asked, "hanne")
    answer = opened(receiver, receiver.get(f"/modtaget/{asked.world.made['document']}"))
    is_the_file(answer, asked)
    assert (answer.body, answer.content_type) == (picture(), "image/png")
    rows = [row for row in asked.world.parts.audit.of_child(SET.child_id) if row.action == "read_attachment"]
    assert {(row.phase, row.person_id, row.object_id) for row in rows if row.phase == "attempt"} == {
        ("attempt", asked.world.ids.staff["hanne"], asked.world.made["document"])
    }
    assert all(NAME not in str(row) for row in rows), "the log has ids alone"


@pytest.mark.req("R-90", "R-37")
def test_a_file_that_was_sent_and_not_taken_goes_with_the_document_too(shared):
    """Its bytes are stored with the others of the page, whatever becomes of the answer."""
    world = shared.world
    document, (parent, other) = world.made["document"], world.holders(SET.child_id)
    with world.house() as house:
        value = {
            "sha256": house.blobs.put(b"GIF89a", "image/gif"),
            "name": "a.gif",
            "media_type": "image/gif",
            "size": 6,
        }
        assert save_fields(house, parent, document, {FIELD: Change(value=value, base=1)}).problems
        kept = value | {"sha256": house.blobs.put(b"%PDF-1.7", PDF), "name": "a.pdf", "media_type": PDF, "size": 8}
        assert save_fields(house, other, document, {FIELD: Change(value=kept, base=0)}).clashes
    with world.house() as house:
        stands = house.documents.draft(document).answers[FIELD]["sha256"]
        assert list(house.documents.left_files(document)) == [value["sha256"]], (
            "what waits for a choice stands in the draft"
        )
        assert attached(house, house.documents.get(document)) == {stands, value["sha256"], kept["sha256"]}
