"""Nothing of stock Plone and Zope answers at the front door, whoever asks, and none of its code runs (design 9)."""

from __future__ import annotations

import base64
import re
from collections import Counter

import pytest

from tests.security.door import parse, send
from tests.security.stock import stock_requests
from tillid.cms.content import HOUSE_ID
from tillid.cms.starting import SITE_ID
from tillid.demo.data import demo_data
from tillid.demo.loading import demo_people

WHO = ("anonymous", "parent", "staff", "root")
# What may run for a refused address: the server, the router, and the transaction that is begun and aborted empty.
OURS = re.compile(
    r"(waitress|pyramid|pyramid_tm|pyramid_retry|webob|transaction|tillid|msgspec|zope/(interface|deprecation))(/|$)"
)


@pytest.fixture(scope="module")
def names(door):
    return {"site": SITE_ID, "house": HOUSE_ID, "document": door.made["document"]}


@pytest.fixture(scope="module")
def people(door):
    """Who → the headers that say so. The parent and the leader may read the released document; root may do everything."""
    ids = demo_people()
    word = base64.b64encode(":".join(door.root).encode()).decode()
    ticket = base64.b64encode(":".join(part.encode().hex() for part in door.root).encode()).decode()
    return {
        "anonymous": {},
        "parent": {"Cookie": door.as_parent(ids.parents[demo_data().children["alma"].custody[0].parent])},
        "staff": {"Cookie": door.as_staff("hanne")},
        "root": {"Authorization": f"Basic {word}", "Cookie": f'__ac="{ticket}"; __ac_name=admin'},
    }


def test_the_list_is_long_and_names_nothing_twice():
    asked = stock_requests()
    assert len({(one.verb, one.target, tuple(one.headers.items()), one.body) for one in asked}) == len(asked) >= 400
    assert len({(one.verb, one.target) for one in asked if one.kind not in ("headers", "foreign hosts")}) >= 300


def test_the_addresses_and_the_tracers_are_real(door):
    """Zope's own publisher, in the same process with the same root user, answers and is seen."""
    asked = ["/manage_main", "/manage_workspace"]
    asked += [f"/{SITE_ID}/{path}" for path in ("login_form", "manage_main", "portal_catalog/manage_main")]
    door.ask("reset")
    statuses = door.ask("stock", *asked)
    assert [path for path, status in statuses.items() if status in (200, 302)] == asked
    calls = door.ask("state")["calls"]
    assert {name.split(":")[0] for name in calls} >= {
        "ZPublisher.BaseRequest",
        "ZPublisher.WSGIPublisher",
        "Products.PluggableAuthService.PluggableAuthService",
        "Products.Five.browser.metaconfigure",
    }


def test_the_sessions_are_real(door, people):
    """A refusal proves nothing of somebody who is not logged in."""
    own = {"parent": f"/foraelder/dokument/{door.made['document']}", "staff": f"/modtaget/{door.made['document']}"}
    for who, path in own.items():
        assert door.get(path, **people[who]).status == "200 OK", who
        assert door.same(door.get(path)), who


@pytest.mark.req("R-18", "R-70", "P8")
@pytest.mark.parametrize("who", WHO)
def test_every_stock_address_and_verb_gets_the_one_answer_and_runs_nothing_of_zope(door, names, people, who):
    before = door.ask("reset")
    always = {"Host": door.host, "Origin": door.origin} | people[who]
    wrong, silent = [], Counter()
    for one in stock_requests():
        raw = send(door.port, one.data(always, names))
        if not raw:
            silent[one.kind] += 1
        if not raw or not door.same(parse(raw), head=one.verb == "HEAD"):
            wrong.append((one, raw[:160]))
    after = door.ask("state")
    assert not wrong and not silent, [(one.verb, one.target, one.headers, raw) for one, raw in wrong[:10]]
    assert after["calls"] == []
    assert [package for package in after["packages"] if not OURS.match(package)] == []
    assert (after["content"], after["sessions"]) == (before["content"], before["sessions"])


@pytest.mark.parametrize("who", WHO)
def test_zopes_tricks_in_the_query_of_our_own_pages_do_nothing(door, people, who):
    """The page is ours whatever the query or a proxy's header says, and nothing of Zope is published."""
    door.ask("reset")
    plain = _page(door, "/hjaelp", people[who])
    for query in (":method=manage_main", "manage_main:method=1", "__ac_name=admin&__ac_password=x", "-C", "x:int=a",
                  "came_from=http://evil.example", "set_language=en", "ajax_load=1", "form:records=1"):  # fmt: skip
        assert _page(door, f"/hjaelp?{query}", people[who]) == plain, query
    for name, value in {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Original-URL": "/manage_main",
                        "X-HTTP-Method-Override": "DELETE", "X-Forwarded-Prefix": "/x"}.items():  # fmt: skip
        assert _page(door, "/hjaelp", people[who] | {name: value}) == plain, name
    assert door.ask("state")["calls"] == []


def _page(door, target, headers):
    answer = door.get(target, **headers)
    assert answer.status == "200 OK", (target, answer.raw[:200])
    return answer.body


def test_a_path_that_names_the_document_in_plone_is_refused_before_the_database(door, names, people):
    """The answer of an existing and of an invented path take the same way: no view, no session, no ZODB."""
    for path in ("/{site}/{house}/{document}", "/{site}/{house}/00000000-0000-4000-8000-000000000000"):
        door.ask("reset")
        assert door.same(door.get(path.format(**names), **people["staff"]))
        packages = door.ask("state")["packages"]
        assert packages and not [one for one in packages if one.startswith(("ZODB", "persistent", "BTrees"))]


def test_the_static_address_serves_the_list_and_nothing_beside_it(door):
    base = f"/static/{door.release}"
    assert door.get(f"{base}/tillid/tillid.css").status == "200 OK"
    for path in ("/tillid", "/tillid/", "/tillid/../../app.py", "/tillid/tillid.css/", "/permissions.csv", "/../app.py",
                 "/tillid/tillid.css%00", "/dkfds/", "/.", "/tillid/LICENSE", "/versions.yaml"):  # fmt: skip
        assert door.same(door.get(base + path)), path


@pytest.mark.req("R-111")
def test_a_write_of_ours_is_in_the_undo_log_by_route_and_id_only(door, people):
    """The counterpart of the unchanged database above; names and words of people never come into the undo log."""
    before, child = door.ask("state"), demo_data().children["theo"].id
    sofie = door.as_staff("sofie")
    page = door.get(f"/barn/{child}", Cookie=sofie)
    door.post(f"/barn/{child}/begynd", sofie, page, {"form": "overgangsbeskrivelse"})
    assert door.ask("state")["content"] != before["content"]
    entries = door.ask("undo")
    assert entries[0] == [f"/barn/{child}/begynd\nstart", "/ " + demo_data().staff["sofie"].id]
    said = " ".join(f"{description} {user}" for description, user in entries)
    assert not [one.name for one in (*demo_data().staff.values(), *demo_data().children.values()) if one.name in said]
