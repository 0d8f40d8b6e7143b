"""Plone's own screens, as the second listener would serve them: they work, and show nothing of ours."""

from __future__ import annotations

import base64

import pytest
from webtest import TestApp

from tests.unit.cms.samples import document, draft
from tillid.cms.accounts import put_account
from tillid.cms.content import HOUSE_ID
from tillid.cms.starting import SITE_ID, plone_screens_app

PASSWORD = "et langt kodeord til prøven"


@pytest.fixture(scope="module")
def content(connections):
    one = document()

    def fill(store):
        store.stores.documents.add(one, draft(one, "Ida tør mere nu"))
        put_account(store.site, "tekniker", PASSWORD, ("Manager",))
        put_account(store.site, "medlem", PASSWORD)

    with connections.open_store("test", write=True) as store:
        fill(store)
    return one


def browser(name: str = "") -> TestApp:
    app = TestApp(plone_screens_app(), lint=False)
    if name:
        word = base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()
        app.extra_environ["HTTP_AUTHORIZATION"] = f"Basic {word}"
    return app


def test_the_site_answers_in_danish_and_an_administrator_can_log_in(content):
    page = browser().get(f"/{SITE_ID}")
    assert 'lang="da"' in page.text
    assert browser("tekniker").get(f"/{SITE_ID}/@@overview-controlpanel").status_int == 200
    assert browser("medlem").get(f"/{SITE_ID}/@@overview-controlpanel", expect_errors=True).status_int != 200


@pytest.mark.parametrize("name", ["", "medlem", "tekniker"])
@pytest.mark.parametrize(
    "tail", ["", "/view", "/facts", "/draft", "/manage_DAVget", "/manage_FTPget", "/@@historyview", "/@@sharing"]
)
def test_a_document_is_shown_to_nobody(content, name, tail):
    answer = browser(name).get(f"/{SITE_ID}/{HOUSE_ID}/{content.id}{tail}", expect_errors=True)
    assert answer.status_int != 200
    assert "tør mere" not in answer.text


@pytest.mark.parametrize("verb", ["DELETE", "PUT", "PROPPATCH", "MOVE", "LOCK", "PATCH"])
def test_no_verb_changes_a_document(connections, content, verb):
    answer = browser("tekniker").request(
        f"/{SITE_ID}/{HOUSE_ID}/{content.id}", method=verb, body=b"x", headers={"Destination": "/x"}, expect_errors=True
    )
    assert answer.status_int >= 400
    with connections.open_store("read", write=False) as store:
        assert store.stores.documents.draft(content.id) == draft(content, "Ida tør mere nu")
