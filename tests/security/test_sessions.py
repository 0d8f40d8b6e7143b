"""Sessions, their cookies, and requests that other sites would make in a person's name (design 18, finding 3)."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

import pytest
import webtest

from tests.security.people import browser, token
from tests.support.installation import ORIGIN, WorldInstallation, app_over, as_staff
from tillid.demo.loading import accounts
from tillid.web.answers import NOT_FOUND_BODY, not_found_headers
from tillid.web.app import make_app
from tillid.web.installation import WebSettings

SAFE = "https://tillid.solbjerg.example"


@pytest.fixture(scope="module")
def shared(stages):
    """For tests that leave nothing behind but sessions."""
    world = stages.at("people")
    yield WorldInstallation(world)
    world.close()


@pytest.fixture
def installation(stages):
    world = stages.at("people")
    yield WorldInstallation(world)
    world.close()


def logged_in(app) -> bool:
    """Whether the front page is the person's own."""
    return app.get("/").html.find("a", href="/login/medarbejder") is None


def uniform(answer) -> bool:
    return (answer.status, answer.body) == ("404 Not Found", NOT_FOUND_BODY) and sorted(
        answer.headerlist
    ) == not_found_headers(False)


def sign_in(app, username="sofie", password=None, status=303):
    form = app.get("/login/medarbejder").forms["log-in"]
    form["username"], form["password"] = username, dict(accounts()).get(username, "") if password is None else password
    return form.submit(status=status)


def cookies(answer) -> dict[str, set[str]]:
    """Name of each cookie that is set → its attributes, small letters."""
    found = {}
    for line in answer.headers.getall("Set-Cookie"):
        first, *rest = line.split("; ")
        found[first.split("=")[0]] = {one.lower() for one in rest}
    return found


# Requests that another site can make a browser send.
FOREIGN = {
    "another site": {"Origin": "https://evil.example"},
    "a site whose name begins alike": {"Origin": ORIGIN + ".evil.example"},
    "another port of the same host": {"Origin": "http://127.0.0.1:9090"},
    "the same host without a port": {"Origin": "http://127.0.0.1"},
    "the same host over TLS": {"Origin": ORIGIN.replace("http:", "https:")},
    "a sandboxed page": {"Origin": "null"},
    "an empty origin": {"Origin": ""},
    "two origins": {"Origin": f"{ORIGIN} https://evil.example"},
    "fetch metadata: cross-site": {"Sec-Fetch-Site": "cross-site"},
    "fetch metadata: same-site": {"Sec-Fetch-Site": "same-site"},
    "fetch metadata: typed": {"Sec-Fetch-Site": "none"},
    "fetch metadata: a word nobody knows": {"Sec-Fetch-Site": "x"},
    "own origin, yet cross-site": {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    "a referrer instead of an origin": {"Origin": "https://evil.example", "Referer": ORIGIN + "/"},
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_post_from_elsewhere_changes_nothing_even_with_the_right_token(shared, name):
    app = browser(shared, "sofie")
    csrf, before = token(app), shared.second._db.lastTransaction()
    assert uniform(app.post("/logud", {"csrf_token": csrf}, headers=FOREIGN[name], status=404))
    assert shared.second._db.lastTransaction() == before and logged_in(app)


def test_a_post_that_says_nothing_of_where_it_comes_from_is_refused(shared):
    app = browser(shared, "sofie")
    csrf = token(app)
    del app.extra_environ["HTTP_ORIGIN"]
    assert uniform(app.post("/logud", {"csrf_token": csrf}, status=404)) and logged_in(app)
    assert app.post("/logud", {"csrf_token": csrf}, headers={"Sec-Fetch-Site": "same-origin"}).status_int == 303


@pytest.mark.parametrize("wrong", [None, "", "x" * 64, "0" * 64, "\u00e6" * 64])
def test_a_post_without_the_right_token_is_refused(shared, wrong):
    app = browser(shared, "sofie")
    posted = {} if wrong is None else {"csrf_token": wrong}
    assert uniform(app.post("/logud", posted, status=404)) and logged_in(app)


def test_a_token_of_another_session_or_in_the_address_is_refused(shared):
    app, other = browser(shared, "sofie"), browser(shared, "birgit")
    assert uniform(app.post("/logud", {"csrf_token": token(other)}, status=404))
    assert uniform(app.post(f"/logud?csrf_token={token(app)}", {}, status=404)) and logged_in(app)


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/xml", "text/html", "", "x"])
def test_a_body_that_is_no_form_is_refused(shared, kind):
    """What a page elsewhere may post without asking the browser's leave, text/plain first (finding 3)."""
    app = browser(shared, "sofie")
    body = f"csrf_token={token(app)}"
    assert uniform(app.post("/logud", body, content_type=kind, status=404, xhr=False)) and logged_in(app)


def test_login_itself_cannot_be_posted_from_elsewhere(shared):
    """Else somebody could log a person in as another, to see what is typed there."""
    app = app_over(shared)
    form = app.get("/login/medarbejder").forms["log-in"]
    form["username"], form["password"] = "sofie", dict(accounts())["sofie"]
    assert uniform(form.submit(headers={"Origin": "https://evil.example"}, status=404))
    assert "tillid" not in app.cookies


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_are_out_of_reach_of_scripts_and_other_hosts(shared, secure):
    origin = SAFE if secure else ORIGIN
    wsgi = make_app(shared, WebSettings(origins=(origin,), secure=secure))
    app = webtest.TestApp(wsgi, extra_environ={"HTTP_HOST": origin.split("//")[1], "HTTP_ORIGIN": origin, "wsgi.url_scheme": origin.split(":")[0]})  # fmt: skip
    page = app.get("/login/medarbejder")
    form = page.forms["log-in"]
    form["username"], form["password"] = "sofie", dict(accounts())["sofie"]
    made = cookies(page) | cookies(form.submit())
    prefix = "__Host-" if secure else ""
    assert set(made) == {f"{prefix}tillid", f"{prefix}tillid-form"}
    for name, said in made.items():
        assert {"httponly", "path=/"} <= said and ("secure" in said) == secure, name
        assert not [one for one in said if one.startswith("domain=")], name
    assert "samesite=lax" in made[f"{prefix}tillid"] and "samesite=strict" in made[f"{prefix}tillid-form"]
    assert not [one for one in made[f"{prefix}tillid"] if one.startswith(("max-age", "expires"))]


def test_logging_out_ends_the_session_in_the_store(shared):
    app = browser(shared, "sofie")
    copy = app.cookies["tillid"]
    assert app.post("/logud", {"csrf_token": token(app)}).status_int == 303
    thief = app_over(shared)
    thief.set_cookie("tillid", copy)
    assert not logged_in(thief) and shared.sessions.get(copy, shared.clock.now()) is None
    assert not logged_in(app)


def test_a_cookie_planted_before_the_login_is_not_the_one_after(shared):
    """Session fixation: neither an invented value nor somebody's live session is taken over."""
    planted, live = secrets.token_urlsafe(32), browser(shared, "birgit").cookies["tillid"]
    for before in (planted, live):
        app = app_over(shared)
        app.set_cookie("tillid", before)
        sign_in(app)
        assert app.cookies["tillid"] != before and logged_in(app)
        thief = app_over(shared)
        thief.set_cookie("tillid", before)
        assert not logged_in(thief)


@pytest.mark.parametrize(
    "forged",
    ["", "x", "x" * 43, "x" * 129, "../../x" * 8, "' or 1=1 --" * 4, "%00" * 20, "ÆØÅ" * 12, "0" * 64, "a" * 5000],
)
def test_a_forged_cookie_is_no_session(shared, forged):
    app = app_over(shared)
    answer = app.get("/", headers={"Cookie": f"tillid={forged}"})
    assert answer.html.find("a", href="/login/medarbejder")
    assert app.get("/drift", headers={"Cookie": f"tillid={forged}"}, status=404).body == NOT_FOUND_BODY


def test_the_store_holds_no_cookie_that_opens_a_session(shared):
    """A copy of the file opens nothing: it holds digests."""
    cookie = browser(shared, "sofie").cookies["tillid"]
    assert cookie.encode() not in shared.second._path.read_bytes()
    row = shared.sessions.get(cookie, shared.clock.now())
    app = app_over(shared)
    app.set_cookie("tillid", row.id)
    assert not logged_in(app)


def test_a_session_ends_by_itself_when_idle_and_after_a_working_day(installation):
    idle, busy = browser(installation, "sofie"), browser(installation, "birgit")
    for _ in range(22):
        installation.clock.moment += timedelta(minutes=21)
        assert logged_in(busy)
        if _ == 0:
            assert logged_in(idle)
        if _ == 2:
            assert not logged_in(idle), "an hour without a sign of life"
    installation.clock.moment += timedelta(minutes=21)
    assert not logged_in(busy), "eight hours after the login, however busy"


def test_a_role_that_was_taken_away_is_gone_with_the_next_click(installation):
    import msgspec

    app = browser(installation, "camilla")
    assert app.get("/drift").status_int == 200
    with installation.world.house() as house:
        house.people.put_staff(msgspec.structs.replace(house.people.staff_by_username("camilla"), assignments=()))
    assert uniform(app.get("/drift", status=404))


def test_every_refused_login_has_the_same_answer(installation):
    """Unknown name, wrong word, waiting after too many, the root of Zope, a parent's name: one page, no session."""

    def refused(username, password):
        app = app_over(installation)
        answer = sign_in(app, username, password, status=403)
        assert "tillid" not in app.cookies
        text = re.sub(r'value="[^"]*"', "", answer.text)
        return answer.status, [(n, v) for n, v in answer.headerlist if n != "Content-Length"], text

    first = refused("findes-ikke", "x")
    assert refused("sofie", "forkert") == first == refused("admin", "rodens lange kodeord") == refused("", "")
    for _ in range(6):
        assert refused("sofie", "forkert") == first
    right = dict(accounts())["sofie"]
    assert refused("sofie", right) == first, "the right word, while the name waits"
    assert refused("SOFIE ", right) == first
    installation.clock.moment += timedelta(hours=2)
    sign_in(app_over(installation))


def test_a_name_that_waits_stops_no_other_name(installation):
    for _ in range(7):
        sign_in(app_over(installation), "sofie", "forkert", status=403)
    assert logged_in(as_staff(installation, "birgit"))
