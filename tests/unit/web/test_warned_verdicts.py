"""A verdict with a warning is shown with it on the pages that show verdicts."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from tests.consent_examples import request
from tillid.consents.letters import OTHER, PLACES, MixedAlphabets, require_one_alphabet
from tillid.kernel.paths import SIGNING
from tillid.signatures.verdict import Verdict
from tillid.web.errors import message_of
from tillid.web.i18n import translate
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


@pytest.mark.req("R-10", "R-104")
@pytest.mark.parametrize(("language", "said"), [("da", "Det gælder formålet."), ("en", "This is about the purpose.")])
def test_who_answers_is_told_on_the_page_in_the_own_language(language: str, said: str) -> None:
    made = environment(language).get_template("alphabet_parts.html").module.looks_like_others
    asked = request()
    assert not str(made(asked)).strip()
    deceiving = msgspec.structs.replace(asked.purpose, text="b\u03c5rnehaven")
    page = str(made(msgspec.structs.replace(asked, purpose=deceiving)))
    assert page.count("alert-warning") == 1 and said in page


@pytest.mark.req("R-10")
@pytest.mark.parametrize(("language", "said"), [("da", "Et ord i formålet er"), ("en", "A word in the purpose is")])
def test_who_asks_is_told_in_which_part_in_the_own_language(language: str, said: str) -> None:
    deceiving = msgspec.structs.replace(request().purpose, text="b\u03c5rnehaven")
    with pytest.raises(MixedAlphabets) as refused:
        require_one_alphabet(msgspec.structs.replace(request(), purpose=deceiving))
    asking = SimpleNamespace(cookies={"sprog": language})
    assert message_of(asking, refused.value).startswith(said)


def test_each_part_has_its_words_and_each_page_of_an_answer_asks() -> None:
    every = (*PLACES.values(), OTHER)
    assert len(set(every)) == len(every) and all(translate(one, "en") != one for one in every)
    folder = Path(SOURCE).parent / "templates"
    for name in ("consent", "meeting", "receipt", "receipt_meeting"):
        assert "{{ looks_like_others(ask) }}" in (folder / f"{name}.html").read_text(encoding="utf-8"), name
