"""A frozen version on a page with its PDF beside it, and its pages as pictures: for each reader of the walk (issue 5, part 11)."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image

from tests.support.installation import WorldInstallation, as_parent, as_staff
from tests.support.purposes import state_purpose
from tests.support.world import SET
from tests.walks.test_asked_again import assignment_ends, taken_back
from tillid.adapters.pdf import page_text
from tillid.web.answers import NOT_FOUND_BODY

PURPOSE = "Tilsyn eller revision: sag 26-4711"
# Who → the page to read, the PDF and a picture, below the document's id.
WAYS = {
    "sofie": ("/dokument/{}/laes", "/dokument/{}/dokument.pdf", "/dokument/{}/side/{}.png"),
    "holder": ("/foraelder/dokument/{}/laes", "/foraelder/dokument/{}/laes.pdf", "/foraelder/dokument/{}/side/{}.png"),
    "hanne": ("/modtaget/{}", "/modtaget/{}/dokument.pdf", "/modtaget/{}/side/{}.png"),
}


@pytest.fixture
def signed(world_at):
    return WorldInstallation(world_at("signed"))


def opened(installation, who):
    """The browser of ``who`` and the three addresses."""
    document = installation.world.made["document"]
    app = as_parent(installation, installation.world.holders(SET.child_id)[0].person_id) if who == "holder" else None
    page, pdf, picture = WAYS[who]
    return (
        app or as_staff(installation, who),
        page.format(document),
        pdf.format(document),
        lambda n: picture.format(document, n),
    )


def flat(text):
    return " ".join(re.sub(r";(?=\s|$)", " ", text).split())


@pytest.mark.req("P3", "T9")
@pytest.mark.parametrize("who", WAYS)
def test_the_page_says_what_the_pdf_says(signed, who):
    app, page, pdf, _ = opened(signed, who)
    html = app.get(page).html
    article = html.select_one("article.beside-text")
    municipality, last = flat(article.select_one("p.meta").get_text()).split(" · ", 1)
    number = last.split(" · ")[1]
    every = f"{re.escape(f'{municipality} {number}')}|{re.escape(last)} Side \\d af \\d"  # above and below each page
    paper = flat(re.sub(every, " ", flat(page_text(app.get(pdf).body).replace("\f", " "))))
    pieces = [flat(one.get_text()) for one in article.select("dt, dd, h2, h3, p.reading, li, th, td")]
    assert len(pieces) > 20 and [one for one in pieces if one and one not in paper] == []
    words = set(flat(article.get_text(" ")).split()) | set(html.h1.get_text().split())
    assert [one for one in paper.split() if one not in words] == []


@pytest.mark.req("P3", "R-71")
@pytest.mark.parametrize("who", WAYS)
def test_a_page_as_a_picture_is_asked_and_logged_as_the_pdf_is(signed, who):
    app, page, pdf, picture = opened(signed, who)
    shown = app.get(page).html.find(id="beside").find_all("img")
    assert [one["src"].split("?")[0] for one in shown] == [picture(n) for n in range(1, len(shown) + 1)] != []
    assert all(one["loading"] == "lazy" and f"af {len(shown)} af TD-" in one["alt"] for one in shown)
    before = attempts(signed)
    app.get(pdf)
    as_pdf = attempts(signed)[len(before) :]
    answer = app.get(shown[0]["src"])
    assert answer.content_type == "image/png" and answer.headers["Cache-Control"] == "no-store, private"
    assert Image.open(io.BytesIO(answer.body)).width >= 800
    assert attempts(signed)[len(before) :] == as_pdf * 2 != []
    for number in (len(shown) + 1, 999):
        assert app.get(picture(number), status=404).body == NOT_FOUND_BODY
    with signed.world.full_log():
        assert app.get(shown[0]["src"], status=503).content_type == "text/html", "no row, no picture"


def attempts(installation):
    rows = [one for one in installation.world.parts.audit.tail(1000) if one.phase == "attempt"]
    return [(one.person_id, one.action, one.object_id) for one in rows]


@pytest.mark.req("R-17", "R-22")
def test_a_picture_that_is_remembered_closes_with_the_withdrawal(signed):
    app, _, _, picture = opened(signed, "hanne")
    assert app.get(picture(1)).status_int == 200
    taken_back(signed.world)
    assert app.get(picture(1), status=404).body == NOT_FOUND_BODY


@pytest.mark.req("P8", "R-70")
@pytest.mark.parametrize("who", ["yusuf", "ove", "hanne"])
def test_others_get_the_one_answer(world_at, who):
    shared = WorldInstallation(world_at("shared"))
    for name in ("sofie", "holder"):
        _, page, _, picture = opened(shared, name)
        for path in (page, picture(1), page + "?udgave=9"):
            assert as_staff(shared, who).get(path, status=404).body == NOT_FOUND_BODY


def test_only_its_own_pdf_may_stand_beside_it(signed):
    app, page, pdf, _ = opened(signed, "holder")
    policy = app.get(page).headers["Content-Security-Policy"]
    assert f"frame-src http://127.0.0.1:8080{pdf};" in policy
    copy = app.get(pdf).headers
    assert "frame-ancestors 'self'" in copy["Content-Security-Policy"] and copy["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-src 'none'" in app.get("/").headers["Content-Security-Policy"]


def test_an_earlier_version_is_read_as_it_was(signed):
    app, page, _, _ = opened(signed, "sofie")
    first, newest = app.get(f"{page}?udgave=1"), app.get(page)
    assert "udgave 1" in first and "udgave=1" in first.html.select_one("#beside")["data-pdf"]
    assert "udgave 2" in newest and first.html.article.get_text() != newest.html.article.get_text()


@pytest.mark.req("R-71", "R-111")
def test_the_archivist_reads_the_text_with_the_copy_beside_it_for_a_stated_purpose(signed):
    app, document = as_staff(signed, "ove"), signed.world.made["document"]
    form = app.get(f"/arkiv/{document}").forms
    case = next(one for one in form.values() if "purpose" in one.fields)
    state_purpose(case, PURPOSE)
    page = case.submit()
    assert f"frame-src http://127.0.0.1:8080/arkiv/{document}/dokument.pdf;" in page.headers["Content-Security-Policy"]
    assert "Arkivets eksemplar" in page.html.select_one("article.beside-text").get_text()
    copy, pictures = (page.forms[name] for name in ("archived-copy", "archived-pages"))
    assert copy.submit().headers["Content-Disposition"].startswith("attachment")
    fields = dict(copy.submit_fields())
    beside = app.post(copy.action, {**fields, "vis": "1"})
    assert beside.headers["Content-Disposition"].startswith("inline")
    assert beside.headers["X-Frame-Options"] == "SAMEORIGIN"
    before = len(rows_with(signed, PURPOSE))
    shown = pictures.submit().html.select(".page-pictures img")
    assert shown and all(one["src"].startswith("data:image/png;base64,") for one in shown)
    assert len(rows_with(signed, PURPOSE)) == before + 1
    assert app.post(pictures.action, {**fields, "purpose": ""}, status=409)
    assignment_ends("ove")(signed.world)
    assert app.post(pictures.action, fields, status=404).body == NOT_FOUND_BODY


def rows_with(installation, purpose):
    rows = installation.world.parts.audit.tail(500)
    return [one for one in rows if one.purpose == purpose and one.phase == "attempt"]
