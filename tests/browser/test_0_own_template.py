"""Issue 5 part 8 in the browser: a template of the municipality's own is sent in, mended, tried, taken into use by a second
person. The whole walk after this is printed with it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.people import WAITING_MS, press
from tests.support.own_templates import changed, in_word, ours

HEADING = "Solbjerg Kommunes overgang: {{ title }}"
PRINTED = "Solbjerg Kommunes overgang: Overgangsbeskrivelse"
COLOUR = "7A1F3D"


def open_template(people, who: str) -> Page:
    page = people.staff(who)
    press(page, page.get_by_role("link", name="Drift"))
    press(page, page.get_by_role("link", name="Skabeloner til dokumenterne"))
    return page


def send_in(page: Page, docx: bytes, name: str) -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    page.get_by_label("Den rettede skabelon").set_input_files({"name": name, "mimeType": kind, "buffer": docx})
    press(page, page.get_by_role("button", name="Send skabelonen ind"))


def test_a_template_with_a_fault_is_told_where(people, walk) -> None:
    page = open_template(people, "camilla")
    people.look("camilla", "skabeloner")
    press(page, page.locator("section[aria-labelledby=overgangsbeskrivelse]").get_by_role("link", name="Version 3"))
    people.look("camilla", "skabelon")
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent den skabelon, der bruges nu (Word)").click()
    docx = download.value.path().read_bytes()
    assert docx == ours("overgangsbeskrivelse", 3)
    walk.kept["template"] = page.url
    send_in(page, changed(docx, ("{{ title }}", "{{ titel }}")), "vores-skabelon.docx")
    expect(page.locator(".design-checks")).to_contain_text("Mente du title?")
    expect(page.locator(".design-checks")).to_contain_text("Brødteksten, afsnit")
    expect(page.get_by_role("button", name="Send til godkendelse")).to_have_count(0)
    people.look("camilla", "skabelon-fejl")


def test_the_mended_one_is_tried_and_seen_beside_the_old(people, walk) -> None:
    page = people.staff("camilla")
    page.goto(walk.kept["template"])
    own = in_word(ours("overgangsbeskrivelse", 3), HEADING, COLOUR)
    send_in(page, own, "vores-skabelon.docx")
    expect(page.locator("#proeve")).to_contain_text("Eksemplerne er ved at blive lavet")
    people.look("camilla", "skabelon-proeves")
    send = page.get_by_role("button", name="Send til godkendelse")
    send.wait_for(timeout=2 * WAITING_MS)  # the page comes anew by itself
    walk.kept["proposal"] = page.url
    pictures = page.locator(".page-pair").first.locator("img")
    expect(pictures).to_have_count(2)
    for number in (0, 1):
        pictures.nth(number).scroll_into_view_if_needed()
        expect(pictures.nth(number)).to_have_js_property("complete", True)
        assert pictures.nth(number).evaluate("one => one.naturalWidth") > 500
    assert drawn_in(page, COLOUR) and not page.locator("text=Indeholder noget").count()
    people.look("camilla", "skabelon-proevet")
    press(page, send)
    expect(page.get_by_role("button", name="Tag skabelonen i brug")).to_have_count(0)


def drawn_in(page: Page, colour: str) -> bool:
    """Whether the new first page, and not the old one, has pixels of that colour."""
    look = """(one, wanted) => {
        const canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [one.naturalWidth, one.naturalHeight];
        const drawing = canvas.getContext("2d");
        drawing.drawImage(one, 0, 0);
        const seen = drawing.getImageData(0, 0, canvas.width, canvas.height).data;
        for (let at = 0; at < seen.length; at += 4)
            if (wanted.every((value, part) => Math.abs(seen[at + part] - value) < 12)) return true;
        return false;
    }"""
    wanted = list(bytes.fromhex(colour))
    old, new = (page.locator(".page-pair img").nth(number).evaluate(look, wanted) for number in (0, 1))
    return new and not old


def test_a_second_person_takes_it_into_use(people, walk) -> None:
    page = open_template(people, "henriette")
    expect(page.locator("main")).to_contain_text("En ny venter på godkendelse")
    page.goto(walk.kept["proposal"])
    people.look("henriette", "skabelon-godkendelse")
    press(page, page.get_by_role("button", name="Tag skabelonen i brug"))
    expect(page.locator("main")).to_contain_text("Sendt ind af Camilla Thorup, godkendt af Henriette Bonde")
    people.look("henriette", "skabelon-i-brug")
    walk.done.append("template")
