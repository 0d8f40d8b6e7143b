"""The shell: login, logout, uniform answers, headers, static files."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from tillid.adapters.test_login import TestLogin
from tillid.kernel.errors import TillidError
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.assets import release, url_of
from tillid.web.errors import message_of

PARENT = "33333333-3333-4333-8333-333333333333"
WITHOUT = "44444444-4444-4444-8444-444444444444"


def log_in(app, username="mette", password="rigtigt ord", **kw):
    form = app.get("/login/medarbejder").forms["log-in"]
    form["username"], form["password"] = username, password
    return form.submit(**kw)


def test_health_opens_nothing(app, installation):
    app.set_cookie("tillid", "x" * 43)
    installation.open = lambda manager, **about: 1 / 0
    answer = app.get("/ok")
    assert answer.body == b"ok" and "Set-Cookie" not in answer.headers


def test_staff_logs_in_and_out_and_the_cookie_is_dead_afterwards(app, installation):
    assert log_in(app).status_int == 303
    token = app.cookies["tillid"]
    home = app.get("/hjaelp")
    assert "Mette Holm" in home
    assert home.forms[0].submit().status_int == 303
    app.set_cookie("tillid", token)
    assert "Mette Holm" not in app.get("/hjaelp")
    assert installation.opened == 0


def test_a_login_ends_the_session_the_browser_had(app, installation):
    log_in(app)
    first = app.cookies["tillid"]
    log_in(app)
    assert first not in installation.sessions.rows and len(installation.sessions.rows) == 1


def test_strangers_get_one_answer_for_wrong_name_wrong_word_and_locked(app):
    unknown = log_in(app, "nobody", "x", status=403).text
    wrong = log_in(app, "mette", "x", status=403).text
    for _ in range(5):
        log_in(app, "mette", "x", status=403)
    locked = log_in(app, "mette", "rigtigt ord", status=403).text

    def plain(page):
        return re.sub(r'value="[^"]*"', "", page)

    assert plain(unknown) == plain(wrong) == plain(locked)


def test_the_test_login_says_what_it_is_and_gives_evidence(app, installation):
    page = app.get("/login/foraelder")
    assert "Dette er ikke MitID" in page and "Har ikke MitID" in page
    page.forms["log-in"].submit("person", value=PARENT)
    row = next(iter(installation.sessions.rows.values()))
    assert (row.kind, row.login["issuer"], row.login["loa"]) == (
        "parent",
        "urn:tillid:test-mitid",
        "urn:tillid:test:nsis:Substantial",
    )
    assert PARENT not in row.login["subject"]


@pytest.mark.req("R-105")
def test_a_login_below_substantial_is_refused_and_told_the_way_on(app, installation):
    installation.test_login = TestLogin(demo=True, key=b"k" * 32, level="Low")
    page = app.get("/login/foraelder").forms["log-in"].submit("person", value=PARENT, status=403)
    assert "Dit login er ikke sikkert nok" in page and "ringe til institutionen" in page
    assert not installation.sessions.rows


@pytest.mark.req("R-105")
def test_a_session_whose_login_is_not_enough_opens_nothing(app, installation):
    """As one that was begun before the level was asked for."""
    app.get("/login/foraelder").forms["log-in"].submit("person", value=PARENT)
    (token,) = installation.sessions.rows
    row = installation.sessions.rows[token]
    assert "site-person" in app.get("/hjaelp")
    low = {**row.login, "loa": "urn:tillid:test:nsis:Low"}
    installation.sessions.rows[token] = SimpleNamespace(**{**vars(row), "login": low})
    assert "site-person" not in app.get("/hjaelp")


def test_a_parent_without_mitid_cannot_log_in(app, installation):
    token = app.get("/login/foraelder").forms[0]["csrf_token"].value
    app.post("/login/foraelder", {"csrf_token": token, "person": WITHOUT}, status=404)
    assert not installation.sessions.rows


def test_the_test_login_refuses_to_start_outside_demo_mode():
    with pytest.raises(TillidError) as refused:
        TestLogin(demo=False, key=b"k" * 32)
    assert refused.value.code == "login.test-outside-demo"


def test_a_post_from_elsewhere_is_the_same_404_as_a_missing_page(app):
    log_in(app)
    token = app.get("/hjaelp").forms[0]["csrf_token"].value
    missing = app.get("/findes-ikke", status=404)
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:9090"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ):
        refused = app.post("/logud", {"csrf_token": token}, headers=headers, status=404)
        assert (refused.body, refused.headers) == (missing.body, missing.headers)
    assert app.post("/logud", {"csrf_token": "x" * 64}, status=404).body == missing.body
    assert "Mette Holm" in app.get("/hjaelp")


def test_a_post_that_says_nothing_of_its_origin_is_refused(app):
    log_in(app)
    token = app.get("/hjaelp").forms[0]["csrf_token"].value
    refused = app.post("/logud", {"csrf_token": token}, extra_environ={"HTTP_ORIGIN": ""}, status=404)
    assert refused.body == NOT_FOUND_BODY
    assert "Mette Holm" in app.get("/hjaelp"), "still logged in"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "COPY", "MKCOL"])
def test_other_verbs_do_not_exist(app, method):
    answer = app.request("/", method=method, status=404)
    assert answer.body == NOT_FOUND_BODY


@pytest.mark.parametrize(
    "path",
    [
        "/ok%0A",
        "//ok",
        "/ok/",
        "/../ok",
        "/@@search",
        "/Plone",
        "/++api++/x",
        "/static/%2e%2e/app.py",
        "/ok%00",
        "/ok%ff",
        "/%C3%A6",
    ],
)
def test_odd_addresses_do_not_exist(app, path):
    assert app.get(path, status=404).body == NOT_FOUND_BODY


def test_other_hosts_do_not_exist(app):
    assert app.get("/", extra_environ={"HTTP_HOST": "evil.example"}, status=404).body == NOT_FOUND_BODY


def test_a_failing_view_is_the_same_404(app, installation):
    log_in(app)
    installation.open = lambda manager, **about: 1 / 0
    answer = app.get("/", status=404)
    assert answer.body == NOT_FOUND_BODY


def test_every_answer_carries_the_safe_headers(app):
    for path, status in (("/", 200), ("/ok", 200), ("/findes-ikke", 404), (url_of("tillid/tillid.js"), 200)):
        headers = app.get(path, status=status).headers
        policy = headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["X-Frame-Options"] == "DENY"
        assert "Server" not in headers
    assert app.get("/").headers["Cache-Control"] == "no-store"


def test_no_page_has_inline_script_or_style(app):
    for path in ("/", "/login/medarbejder", "/login/foraelder", "/hjaelp", "/was"):
        page = app.get(path).text
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", page), path


def test_static_files_are_an_exact_list(app):
    answer = app.get(url_of("dkfds/css/dkfds.min.css"))
    assert "immutable" in answer.headers["Cache-Control"] and answer.content_type == "text/css"
    for path in (
        f"/static/{release()}/ASSETS.json",
        f"/static/{release()}/tillid/none.css",
        "/static/0123456789abcdef/tillid/tillid.css",
    ):
        app.get(path, status=404)


def test_secure_cookies_are_bound_to_the_host(installation):
    import webtest

    from tillid.web.app import make_app
    from tillid.web.installation import WebSettings

    wsgi = make_app(installation, WebSettings(origins=("https://tillid.example",), secure=True))
    app = webtest.TestApp(
        wsgi,
        extra_environ={
            "HTTP_HOST": "tillid.example",
            "HTTP_ORIGIN": "https://tillid.example",
            "wsgi.url_scheme": "https",
        },
    )
    form = app.get("/login/medarbejder").forms["log-in"]
    form["username"], form["password"] = "mette", "rigtigt ord"
    answer = form.submit()
    cookie = next(value for name, value in answer.headers.items() if name == "Set-Cookie" and "tillid=" in value)
    assert cookie.startswith("__Host-tillid=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"secure", "httponly", "path=/", "samesite=lax"}
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_the_language_follows_the_choice_and_never_leaves_the_site(app):
    assert "Log ind" in app.get("/")
    assert app.get("/sprog/en?til=/hjaelp").location.endswith("/hjaelp")
    assert "Log in" in app.get("/") and 'lang="en"' in app.get("/")
    for elsewhere in ("//evil.example", "https://evil.example/", "/\\evil.example"):
        assert app.get("/sprog/da", {"til": elsewhere}).location in ("http://127.0.0.1:8080/", "/")
    app.get("/sprog/xx", status=404)


def test_where_something_is_wrong_is_said_in_the_readers_language_too():
    request = SimpleNamespace(cookies={"sprog": "en"})
    error = TillidError("", code="x", text="Række {row}, {column}: Skriv højst {most} tegn. Teksten er på {length} tegn.",
                        row=2, column="Hvad", most=5, length=9)  # fmt: skip
    said = message_of(request, error)
    assert said.startswith("Row 2, Hvad: ") and "Skriv" not in said and "5" in said
