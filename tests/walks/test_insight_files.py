"""An attached file is given with boxes burned into it; what they cover is gone and the stored file is as it was (R-72)."""

from __future__ import annotations

import io
from base64 import b64decode

import pytest
from PIL import Image

from tests.contract.test_pdf_pictures import NOTHING, RED, document
from tests.support.uploads import FIELD, NAME, picture, world_with_file
from tests.walks.test_asked_again import with_entry
from tests.walks.test_insight import PROVISION, WHY, begun, csrf, members, now
from tests.walks.test_insight_passages import form_of, the_rest_held, write
from tillid.usecases.insight_text import given_of, left_out_of, whole_of
from tillid.web.answers import NOT_FOUND_BODY


@pytest.fixture
def file(world_at):
    world, app, address = begun(world_with_file(world_at, "agreed"))
    place = next(at for at, item in enumerate(now(world, address).items, 1) if item.kind == "file")
    return world, app, address, f"{address}/post/{place}"


def shown(answer, where):
    source = answer.html.select_one(f"{where} .cells img")["src"]
    return Image.open(io.BytesIO(b64decode(source.split(",", 1)[1]))).convert("RGB")


@pytest.mark.req("R-72")
def test_the_picture_goes_out_with_the_box_burned_in_and_its_bytes_nowhere(file):
    world, app, address, page = file
    item = next(one for one in now(world, address).items if one.kind == "file")
    form = form_of(app, page, "redact")
    form["felter"] = "A1-J30"
    seen = form.submit("trin", value="se", status=200)
    given = shown(seen, "section[aria-labelledby=bliver]")
    assert given.getpixel((100, 300)) == (0, 0, 0) and given.getpixel((800, 300))[0] > 150
    form = next(one for one in seen.forms.values() if "valg" in one.fields)
    assert form.html.select_one("label[for=felt-1]").text == "Side 1: A1-J30" and form["felt"].checked
    form.submit("trin", value="gem", status=303)
    assert [vars_of(one) for one in now(world, address).decisions[item.id].boxes] == [(1, 0, 0, 500, 1000)]
    the_rest_held(world, app, address)
    package = app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)})
    inside = members(package.body)
    (name,) = [one for one in inside if one.startswith("bilag/")]
    made = Image.open(io.BytesIO(inside[name]))
    assert made.format == "PNG" and made.size == (40, 30)
    assert {made.getpixel((x, y)) for x in range(20) for y in range(30)} == {(0, 0, 0)}
    assert {made.getpixel((x, y)) for x in range(21, 40) for y in range(30)} == {(200, 120, 40)}
    assert picture() not in package.body and NAME not in name
    assert "sorte felter" in inside["indhold.html"].decode() and PROVISION in inside["indhold.html"].decode()
    again = app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)})
    assert again.body == package.body
    with world.house() as house:
        assert house.blobs.get(item.digest) == picture(), "the stored file is as it was"


def vars_of(box):
    return box.page, box.left, box.top, box.right, box.bottom


@pytest.mark.req("R-72")
def test_cells_that_are_not_there_and_a_file_with_none_are_refused(file):
    world, app, address, page = file
    form = form_of(app, page, "redact")
    assert "Vælg, hvad der skal udelades" in form.submit("trin", value="gem", status=422)
    form["felter"] = "Z99"
    wrong = form.submit("trin", value="gem", status=422)
    assert (
        wrong.html.select_one("#felter")["aria-invalid"] == "true"
        and wrong.html.select_one("#felter")["value"] == "Z99"
    )
    form["felter"], form["valg"] = "A1", "give"
    assert "Vælg ét af dem" in form.submit("trin", value="gem", status=422)
    posted = [(name, value) for name, value in form.submit_fields() if name not in ("felter", "valg", "side")]
    for more in ([("felt", "2.0.0.9.9")], [("felt", "x")], [("side", "2")], [("vis_side", "7")]):
        step = [] if more[0][0] == "vis_side" else [("trin", "gem")]
        answer = app.post(page, [*posted, ("valg", "redact"), *more, *step], status=404)
        assert answer.body == NOT_FOUND_BODY, more
    app.post(page, [*posted, ("valg", "redact"), ("felt", "1.9.9.1.1"), ("trin", "gem")], status=422)
    assert not now(world, address).decisions and WHY


@pytest.mark.req("R-72")
def test_the_files_of_a_draft_that_nobody_has_shared_are_found_too(world_at):
    world = world_at("draft")
    with world.house() as house:
        sha256 = house.blobs.put(picture(), "image/png")
    write(world, u_bilag=[{"sha256": sha256, "title": NAME, "media_type": "image/png"}])
    world, app, address = begun(world)
    place, item = next((at, one) for at, one in enumerate(now(world, address).items, 1) if one.kind == "file")
    assert (item.version, item.digest) == (0, sha256) and now(world, address).choice_of(item) == "hold"
    opened = app.get(f"{address}/post/{place}/fil")
    assert opened.body == picture() and "kladde" in opened.headers["Content-Disposition"]
    assert NAME not in opened.headers["Content-Disposition"]


@pytest.mark.req("R-72")
def test_the_name_of_a_file_that_is_held_back_stands_in_no_answer_that_has_it_too(world_at):
    world, _, address = begun(world_with_file(world_at, "shared"))
    (file,) = [one for one in now(world, address).items if one.kind == "file"]
    write(world, u_bilag=[{"sha256": file.digest, "title": NAME, "media_type": "image/png"}])
    world, _, address = begun(world)
    case = now(world, address)
    assert [one.field for one in case.items if one.kind == "file"] == [FIELD, "u_bilag"]
    (draft,) = [one for one in case.items if one.kind == "draft"]
    with world.house() as house:
        assert NAME in str(house.documents.draft(draft.document_id).answers)
        assert NAME not in str(given_of(whole_of(house, draft), left_out_of(case, draft)))


@pytest.mark.req("R-72")
def test_another_page_of_a_pdf_is_turned_to_and_what_was_typed_stays(world_at):
    world, pdf = world_at("draft"), document(NOTHING, RED)
    with world.house() as house:
        sha256 = house.blobs.put(pdf, "application/pdf")
    write(world, u_bilag=[{"sha256": sha256, "title": "Side", "media_type": "application/pdf"}])
    world, app, address = begun(world)
    place, item = next((at, one) for at, one in enumerate(now(world, address).items, 1) if one.kind == "file")
    form = form_of(app, f"{address}/post/{place}")
    form["felter"] = "B2"
    turned = form.submit("vis_side", value="2", status=200)
    assert "Side 2 af 2" in turned and "Felter på side 2" in turned
    form = next(one for one in turned.forms.values() if "valg" in one.fields)
    form["felter"] = "A1-T2"
    form.submit("trin", value="gem", status=303)
    assert [one.page for one in now(world, address).decisions[item.id].boxes] == [1, 2]
    shown_again = app.get(f"{address}/post/{place}")
    assert [one.text for one in shown_again.html.select("label[for^=felt-]")] == ["Side 1: B2", "Side 2: A1-T2"]


@pytest.mark.req("R-72")
def test_the_scan_of_an_answer_on_paper_is_listed_held_back_and_given_with_boxes(world_at):
    """Whose answer it is decides: it is the other parent's hand."""
    world, app, address = begun(with_entry(world_at("asked")))
    place, item = next(
        (at, one) for at, one in enumerate(now(world, address).items, 1) if one.kind == "file" and not one.field
    )
    assert {one.held for one in item.flags} == {"file", "other_parent"}
    page = app.get(f"{address}/post/{place}")
    assert "Et svar på papir" in page and app.get(f"{address}/post/{place}/fil").body == picture()
    form = form_of(app, f"{address}/post/{place}")
    form["felter"] = "A1-C3"
    form.submit("trin", value="gem", status=303)
    the_rest_held(world, app, address)
    given = members(app.post(f"{address}/pakke", {"csrf_token": csrf(app, address)}).body)
    (path,) = [name for name in given if name.startswith("bilag/")]
    assert "papirsvar" in path and given[path] != picture()
