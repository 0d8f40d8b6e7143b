"""The pictures of docs/guides/skabeloner.md, taken anew of a running demo in which nobody has sent in a template yet.

    .venv/bin/tillid start --var FOLDER --port 8471
    .venv/bin/python scripts/guide_pictures.py http://localhost:8471

Look at them before you commit them: they show what a municipality's own people see when they do what the guide says.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import CHROMIUM, FLAGS  # noqa: E402
from tests.browser.people import PASSWORDS, press  # noqa: E402
from tests.browser.test_0_own_template import COLOUR, HEADING, send_in  # noqa: E402
from tests.support.document_samples import sample_job  # noqa: E402
from tests.support.own_templates import changed, in_word, ours  # noqa: E402
from tillid.adapters.pdf.pictures import pictures  # noqa: E402
from tillid.adapters.renderer import DocumentRenderer  # noqa: E402

IMAGES, FORM, VERSION = ROOT / "docs" / "images", "overgangsbeskrivelse", 3
WIDE, EDGE, PAGE_WIDE = 860, 8, 457


def main(url: str) -> None:
    with sync_playwright() as player:
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, "--lang=da"])
        page = chromium.new_page(base_url=url, locale="da-DK", viewport={"width": WIDE, "height": 900})
        page.goto("/login/medarbejder")
        page.get_by_label("Brugernavn").fill("camilla")
        page.get_by_label("Adgangskode").fill(PASSWORDS["camilla"])
        press(page, page.get_by_role("button", name="Log ind"))
        address = f"/drift/skabeloner/{FORM}/v{VERSION}"
        page.goto(address)
        take(page, "side", "#nu", "button[value=upload]")
        send_in(page, changed(ours(FORM, VERSION), ("{{ title }}", "{{ titel }}")), "vores-skabelon.docx")
        take(page, "fejl", "h1", ".design-checks")
        page.goto(address)
        send_in(page, in_word(ours(FORM, VERSION), HEADING, COLOUR), "vores-skabelon.docx")
        page.get_by_role("button", name="Send til godkendelse").wait_for(timeout=120_000)
        for one in page.locator(".page-pair").first.locator("img").all():
            one.scroll_into_view_if_needed()
            one.evaluate("one => one.decode()")
        take(page, "foer-og-nu", "#proeve-titel", ".page-pair")
        chromium.close()
    two_pages().save(IMAGES / "skabelon-overgangsbeskrivelse.png", optimize=True)


def take(page: Page, name: str, first: str, last: str) -> None:
    """What stands from the first to the last of the two, with a little air around it."""
    top = page.locator(first).first.bounding_box()
    end = page.locator(last).first.bounding_box()
    assert top is not None and end is not None, name
    scrolled = page.evaluate("window.scrollY")
    high = end["y"] + end["height"] - top["y"]
    clip = {"x": 0, "y": top["y"] + scrolled - EDGE, "width": WIDE, "height": high + 2 * EDGE}
    data = page.screenshot(full_page=True, clip=clip, caret="initial")
    with Image.open(io.BytesIO(data)) as picture:
        picture.convert("P", palette=Image.Palette.ADAPTIVE).save(IMAGES / f"skabelon-{name}.png", optimize=True)


def two_pages() -> Image.Image:
    """The first two pages of the usual sample, beside each other."""
    renderer = DocumentRenderer()
    try:
        drawn = pictures(renderer.render(sample_job(FORM, VERSION)).pdf, width=PAGE_WIDE)[:2]
    finally:
        renderer.close()
    pages = [Image.open(io.BytesIO(one)).convert("RGB") for one in drawn]
    both = Image.new("RGB", (2 * PAGE_WIDE + EDGE, pages[0].height), "gray")
    for place, one in enumerate(pages):
        both.paste(one, (place * (PAGE_WIDE + EDGE), 0))
    return both.convert("P", palette=Image.Palette.ADAPTIVE)


if __name__ == "__main__":
    main(sys.argv[1])
