"""A file in a field for words, on every page that takes a form: nothing is done, it is said, and nobody has to look into the log."""

from __future__ import annotations

import logging

import pytest
from webtest import Upload

from tests.security.people import WORDS, address, browser, missing_ids, real_ids, rows, token
from tests.support.installation import WorldInstallation
from tillid.web import routes
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.bodies import FILES, FileInText, takes_file

POSTS = [route for route, method in rows() if method == "POST"]
# Whatever takes a file is written down here, too: what else is added must be decided, not happen.
TAKE = {
    "fill": "f.",
    "field": "f.",
    "settle": "f.",
    "design_try": "f.",
    "designs": "file",
    "design": "file",
    "template": "file",
    "kle": "fil",
    "paper_sheet": "scan",
}
FIELDS = ("do", "csrf_token")  # which of them makes no difference


@pytest.fixture(scope="module")
def signed(stages):
    world = stages.at("signed")
    yield WorldInstallation(world)
    world.close()


def test_only_these_take_a_file_and_only_in_that_field():
    assert FILES == TAKE and TAKE.keys() <= {one.name for one in POSTS}
    assert takes_file("fill", "f.billede") and not takes_file("fill", "do")
    assert takes_file("kle", "fil") and not takes_file("kle", "file") and not takes_file("kle", "fil2")
    assert not takes_file("share", "file") and not takes_file("share", "f.x")


@pytest.mark.req("R-70")
@pytest.mark.parametrize("who", WORDS)
def test_every_page_that_takes_a_form_says_that_a_file_is_no_word(signed, who, caplog):
    """Every POST of the table, with what exists and with what does not."""
    app, wrong = browser(signed, who), []
    posted = {"csrf_token": token(app)}
    for ids in (real_ids(signed), missing_ids()):
        for route in POSTS:
            # Who logs in is nobody yet, and hears what everybody hears who is not let in.
            allowed = set(routes.permissions()[route.name, "POST"].split()) & WORDS[who]
            for field in FIELDS:
                answer = app.post(address(route, ids), posted | {field: Upload("a.txt", b"leg")}, expect_errors=True)
                typed = answer.status_int == 409 and FileInText.code in answer.text and FileInText.text in answer.text
                hidden = (answer.status_int, answer.body) == (404, NOT_FOUND_BODY)
                if not (typed if allowed else hidden):
                    wrong.append((route.name, field, answer.status))
    assert {(name, status) for name, _, status in wrong} == set()
    assert [row.getMessage() for row in caplog.records if row.levelno >= logging.ERROR] == []
    if who != "anonymous":
        assert "/login/medarbejder" not in app.get("/").text, (
            "refused before it did anything: the session is there still"
        )
