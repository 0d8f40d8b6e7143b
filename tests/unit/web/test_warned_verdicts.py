"""A verdict with a warning is shown with it on the pages that show verdicts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tillid.kernel.paths import SIGNING
from tillid.signatures.verdict import Verdict
from tillid.web.render import __file__ as SOURCE
from tillid.web.render import environment

VALID = SIGNING / "vectors" / "valid"
WORDS = {one: one for one in ("passed", "failed", "indeterminate")}


def shown(name: str) -> str:
    record = (VALID / f"{name}.xml").read_bytes()
    found = Verdict(
        status="passed", step="ok", sub_indication="", sentence="Seglet er ægte.", details={}, signed=record
    )
    page = environment("da").get_template("archived_parts.html").make_module({"path": lambda *a, **k: "/"})
    return str(page.verdict(found, WORDS))


@pytest.mark.req("R-104")
def test_the_archivist_is_told_of_words_that_look_like_others() -> None:
    page = shown("looks-cyrillic-name")
    assert "alert-warning" in page and "navnet på den, der svarede" in page and "TOTAL-PASSED (ok)" in page
    assert "alert-warning" not in shown("given")


def test_no_page_shows_what_a_verdict_says_without_its_warnings() -> None:
    pages = {}
    for path in (Path(SOURCE).parent / "templates").glob("*.html"):
        page = path.read_text(encoding="utf-8")
        if said := re.findall(r"{{ (\w+)\.sentence \| translated }}", page):
            pages[path.name] = [f"{{% for line in {one}.warnings %}}{{{{ alert(" in page for one in said]
    assert pages == {"archived_parts.html": [True], "imported_package.html": [True]}
