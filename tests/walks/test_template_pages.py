"""The templates' pages without a browser: a changed template is sent in, looked at, tried, taken into use by a second person."""

from __future__ import annotations

import page as validation
import pytest
from webtest import Upload

from tests.support.installation import WorldInstallation, as_staff
from tests.support.own_templates import changed, in_word, ours
from tests.support.world import document_now
from tillid.adapters.pdf import page_text
from tillid.kernel.canonical import sha256
from tillid.usecases.change_template import NoDocument, NoFile, SameAsInUse, TooLarge
from tillid.usecases.refused_files import VirusFound
from tillid.web.answers import NOT_FOUND_BODY

FORM, VERSION = "overgangsbeskrivelse", 3
PAGE = f"/drift/skabeloner/{FORM}/v{VERSION}"
HEADING = "Solbjergs overgang: {{ title }}"


def send(app, docx: bytes, name: str = "vores.docx", page: str = PAGE):
    form = next(one for one in app.get(page).forms.values() if "file" in one.fields)
    form["file"] = Upload(name, docx)
    return form.submit("do", value="upload", expect_errors=True)


def press(app, address: str, action: str, **values: str):
    form = next(one for one in app.get(address).forms.values() if "seen" in one.fields)
    for name, value in values.items():
        form[name] = value
    return form.submit("do", value=action, expect_errors=True)


def forced(app, address: str, action: str, seen: str):
    """A decision for which the page shows no button."""
    token = next(one["csrf_token"].value for one in app.get(address).forms.values() if "csrf_token" in one.fields)
    return app.post(address, {"csrf_token": token, "do": action, "seen": seen}, expect_errors=True)


def path_of(answer) -> str:
    return answer.location.removeprefix("http://127.0.0.1:8080")


@pytest.fixture
def installation(world_at):
    return WorldInstallation(world_at("draft"))


@pytest.fixture
def camilla(installation):
    return as_staff(installation, "camilla")


@pytest.mark.req("R-104")
def test_the_municipalitys_own_template_goes_the_whole_way_and_back(installation, camilla):
    world, henriette = installation.world, as_staff(installation, "henriette")
    docx = camilla.get(f"{PAGE}.docx")
    assert docx.body == ours(FORM, VERSION) and "attachment" in docx.headers["Content-Disposition"]
    own = in_word(docx.body, HEADING, "7A1F3D")
    proposal = path_of(send(camilla, own))
    page = camilla.get(proposal)
    assert "Eksemplerne er ved at blive lavet" in page and "Send til godkendelse" not in page
    assert world.drain() == []
    page = camilla.get(proposal)
    assert page.text.count("Kun det, læseren må se") == 4 and "Eksemplerne er ved" not in page
    assert camilla.get(f"{proposal}/fremdrift").headers["HX-Refresh"] == "true"
    pictures = [one["src"] for one in page.html.select(".page-pair img")]
    assert len(pictures) >= 8 and all(camilla.get(one).content_type == "image/png" for one in pictures[:2])
    assert camilla.get(pictures[0]).body != camilla.get(pictures[1]).body, "before and now differ"
    new = page.html.select_one("section[aria-labelledby=eksempel-typical] a[href*='/fil/']")["href"]
    pdf = camilla.get(new).body
    assert "Solbjergs overgang: Overgangsbeskrivelse" in page_text(pdf)
    for profile in ("3a", "ua1"):
        assert [one.rule_id for one in validation.validate_pdf_bytes(pdf, profile=profile).failures] == []

    press(camilla, proposal, "submit")
    own_answer = forced(camilla, proposal, "publish", "in_review.1")
    assert own_answer.status_int == 409 and "template.own-work" in own_answer
    assert "venter på godkendelse" in henriette.get("/drift/skabeloner")
    unsaid = press(henriette, proposal, "reject", comment="  ")
    assert unsaid.status_int == 422 and unsaid.html.select_one("#comment")["aria-describedby"].endswith("comment-fejl")
    assert "Skriv, hvad der skal ændres" in unsaid.html.select_one("#comment-fejl").text
    answer = press(henriette, proposal, "publish")
    assert path_of(answer) == PAGE
    page = henriette.get(PAGE)
    assert "Sendt ind af Camilla" in page and "godkendt af Henriette" in page and "vores.docx" in page
    assert camilla.get(f"{PAGE}.docx").body == own

    _shared_copy_is_made_with(installation, own)
    log = (world.folder / "audit" / "audit.jsonl").read_text("utf-8")
    assert all(f'"{one}_template"' in log for one in ("upload", "submit", "publish"))

    again = next(f for f in camilla.get(PAGE).forms.values() if "number" in f.fields and f["number"].value == "0")
    back = camilla.get(path_of(again.submit()))
    assert "Programmets egen skabelon" in back and "Eksemplerne er ved at blive lavet" in back
    assert camilla.get(f"{PAGE}.docx").body == own, "not before a second person says so"
    assert "template.changed-meanwhile" in forced(henriette, proposal, "publish", "in_review.1"), "decided once"


def _shared_copy_is_made_with(installation, own: bytes) -> None:
    """A document shared afterwards carries the change and names the template."""
    from tests.support.world import stage_shared

    world = installation.world
    stage_shared(world)
    with world.house() as house:
        document = document_now(world)
        copy = house.documents.version(document.id, document.versions).copies["parent"]
        assert "Solbjergs overgang: Overgangsbeskrivelse" in page_text(house.blobs.get(copy.sha256))
        assert copy.template_digest == house.renderer.template_digest(FORM, VERSION, own)
        assert copy.template_digest != house.renderer.template_digest(FORM, VERSION)
        assert [one.digest for one in house.templates.published(FORM)] == [copy.template_digest]


def test_a_template_with_errors_is_told_on_the_page_kept_nowhere_and_never_published(installation, camilla):
    bad = changed(ours(FORM, VERSION), ("{{ title }}", "{{ fields.p_gladd.text }}"))
    proposal = path_of(send(camilla, bad))
    page = camilla.get(proposal)
    for said in ("Fejl", "afsnit", "{{ fields.p_gladd.text }}", "p_gladd", "Mente du p_glad?", "Filen er ikke gemt"):
        assert said in page.html.select_one("main").text, said
    with installation.world.house() as house:
        assert house.blobs.get(sha256(bad)) is None and not house.outbox.pending()
    assert camilla.get(f"{proposal}/fil/{sha256(bad)}", expect_errors=True).body == NOT_FOUND_BODY
    for who in ("camilla", "henriette"):
        app = as_staff(installation, who)
        for action in ("submit", "publish"):
            for seen in ("faulty.0", "draft.0", "in_review.0"):
                assert forced(app, proposal, action, seen).status_int == 409, (who, action)
    assert camilla.get(f"{PAGE}.docx").body == ours(FORM, VERSION)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", NoFile),
        (b"%PDF-1.7 no Word document", NoDocument),
        (b"PK\x03\x04" + b"x" * 100, NoDocument),
        (b"PK\x03\x04" + b"x" * 10_000_000, TooLarge),
    ],
)
def test_what_is_no_template_is_refused_at_the_file(camilla, installation, data, error):
    answer = send(camilla, data)
    assert answer.status_int == 422 and answer.html.select_one(".error-summary a")["href"] == "#file"
    assert error.text.split("{")[0] in answer.html.select_one("#file-fejl").text
    with installation.world.house() as house:
        assert house.templates.of(FORM, VERSION) == []


def test_what_the_virus_scanner_stops_is_told_at_the_file_and_kept_nowhere(camilla, installation, monkeypatch):
    def stops(_uploads, data: bytes) -> None:
        raise VirusFound("found", text="Der er en virus i filen.")

    with installation.world.house() as house:
        monkeypatch.setattr(type(house.uploads), "look_through", stops)
    own = in_word(ours(FORM, VERSION), HEADING, "7A1F3D")
    answer = send(camilla, own)
    assert answer.status_int == 422 and "Der er en virus i filen." in answer.html.select_one("#file-fejl").text
    with installation.world.house() as house:
        assert house.templates.of(FORM, VERSION) == [] and house.blobs.get(sha256(own)) is None


def test_what_is_in_use_already_is_not_sent_in_again(camilla):
    assert SameAsInUse.text in send(camilla, ours(FORM, VERSION)).html.select_one("#file-fejl").text


def test_nobody_but_an_administrator_meets_the_templates(installation, camilla):
    proposal = path_of(send(camilla, changed(ours(FORM, VERSION), ("{{ title }}", "{{ titel }}"))))
    sofie = as_staff(installation, "sofie")
    for address in ("/drift/skabeloner", PAGE, f"{PAGE}.docx", proposal, f"{proposal}/fremdrift"):
        assert sofie.get(address, expect_errors=True).body == NOT_FOUND_BODY, address


def test_a_form_version_without_a_page_is_not_there(camilla):
    for address in (
        f"/drift/skabeloner/{FORM}/v99",
        "/drift/skabeloner/nothing/v1",
        f"/drift/skabeloner/{FORM}/v99.docx",
    ):
        assert camilla.get(address, expect_errors=True).status_int == 404, address
