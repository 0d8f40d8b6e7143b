"""Every page of the walk: its headers, and that nothing in it runs or styles from inside the page (design 18)."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

import pytest
from lxml import etree

from tests.security.people import HOLDERS, STAFF
from tests.support.installation import ORIGIN
from tillid.web.answers import NOT_FOUND_BODY
from tillid.web.reading import FRAMED_POLICY, PDF_POLICY
from tillid.web.routes import ROUTES

WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Pages that are the same for everybody, and open nothing.
COMMON = re.compile(r"/(static/.*|ok)\Z")
# The pages that show a copy in a frame, and the copies.
FRAMES = re.compile(r"/(dokument/[^/]+/laes|foraelder/dokument/[^/]+/laes|modtaget/[^/]+|arkiv/[0-9a-f-]{36})")
COPY = re.compile(r"/(foraelder/dokument/[^/]+/laes|(dokument|modtaget|arkiv)/[^/]+/dokument)\.pdf")


def copy_of(page: str) -> str:
    """The only address that page may show in a frame."""
    if page.startswith("/foraelder"):
        return f"{page}.pdf"
    return page.removesuffix("/laes") + "/dokument.pdf"


def directives(policy: str) -> dict[str, list[str]]:
    return {words[0]: words[1:] for words in (part.split() for part in policy.split(";")) if words}


def pages(walk):
    found = [one for one in walk.pages if one.html and one.answer.body]
    assert len(found) > 200
    return found


def test_the_walk_reached_nearly_every_route_and_everybody(walk):
    """Else the tests below would prove little: what is missing here must be named."""
    reached = set()
    for one in walk.pages:
        if one.answer.status_int < 400 or one.answer.status_int in (409, 422):
            path = urlsplit(one.url).path
            reached |= {(r.name, one.method) for r in ROUTES if re.fullmatch(pattern_of(r), path)}
    wanted = {(r.name, method) for r in ROUTES for method in r.views}
    assert wanted - reached <= {
        ("agree", "POST"), ("parent_words", "GET"), ("parent_words", "POST"), ("parent_decline", "POST"),
        ("settle", "POST"), ("released_progress", "GET"), ("retry_step", "POST"), ("open_round", "POST"), ("settings", "POST"),
        ("paper", "POST"), ("paper_sheet", "GET"), ("paper_sheet", "POST"), ("paper_scan", "GET"), ("decision", "POST"), ("correction", "POST"),
        ("journal_note", "GET"), ("reading_grant", "POST"), ("hand_out", "POST"), ("hand_out_copy", "GET"), ("remarks", "POST"),
        # of a locked meeting: tests/walks/test_agreements.py
        ("agreements", "GET"), ("agreements", "POST"),
        # of a backup that was put back: tests/walks/test_restored.py
        ("held", "GET"), ("held", "POST"), ("restored", "GET"), ("restored", "POST"),
        # of a package that was imported: tests/contract/test_package_proof.py
        ("imported_package", "GET"), ("imported_package", "POST"), ("imported_file", "POST"),
        # a case of insight: tests/walks/test_insight.py
        ("insight_progress", "GET"), ("insight_file", "GET"), ("insight_package", "POST"), ("insight_hand_out", "POST"),
        # of an underretning in such a case: tests/walks/test_insight_intake.py
        ("intake_insight_item", "GET"), ("intake_insight_item", "POST"), ("intake_insight_file", "GET"),
        # of a provider of signatures: tests/walks/test_sign_personally.py
        ("sign_personally", "POST"), ("personal_signature", "GET"),
    }, "a page is no longer reached"  # fmt: skip
    assert {one.who for one in walk.pages} >= {"anonymous", *HOLDERS, *STAFF}


def pattern_of(route):
    return re.sub(r"{\w+:([^{}]*(?:{\d+(?:,\d+)?}[^{}]*)*)}", lambda found: f"(?:{found[1]})", route.pattern)


def is_copy(one) -> bool:
    """A document's PDF itself, which may stand beside its text on a page of ours; nothing else may be framed."""
    return one.answer.content_type == "application/pdf" and bool(COPY.fullmatch(urlsplit(one.url).path))


def test_every_answer_has_the_headers(walk):
    for one in walk.pages:
        headers = one.answer.headers
        wanted = WANTED | ({"X-Frame-Options": "SAMEORIGIN"} if is_copy(one) else {})
        assert {name: headers.get(name) for name in WANTED} == wanted, one.url
        assert len(headers.getall("Content-Security-Policy")) == 1, one.url
        assert "Server" not in headers and "X-Powered-By" not in headers
        assert not [name for name in headers if name.lower().startswith("access-control-")], "no other origin may read"


def test_the_policy_lets_nothing_run_but_our_own_files(walk):
    for one in walk.pages:
        policy = one.answer.headers["Content-Security-Policy"]
        said = directives(policy)
        assert said["default-src"] == ["'none'"], one.url
        assert said["frame-ancestors"] == (["'self'"] if is_copy(one) else ["'none'"]), one.url
        assert "unsafe-eval" not in policy and "*" not in policy, one.url
        assert "http" not in policy.replace(f"frame-src {ORIGIN}/", ""), one.url
        if one.html:
            own = FRAMES.fullmatch(urlsplit(one.url).path)
            shows = own and one.answer.status_int == 200 and one.method == ("POST" if "arkiv" in own[0] else "GET")
            framed = f"{ORIGIN}{copy_of(own[0])}" if shows else "'none'"
            assert said["frame-src"] == [framed], one.url
            assert "unsafe" not in policy and "nonce-" not in policy
            assert said["script-src"] == ["'self'"] == said["style-src"] == said["form-action"]
            assert said["object-src"] == ["'none'"] == said["base-uri"]
        elif "unsafe-inline" in policy:
            # The browser's own viewer styles itself; a PDF has no script of ours to protect, and none may run.
            assert (
                policy == (FRAMED_POLICY if is_copy(one) else PDF_POLICY)
                and one.answer.content_type == "application/pdf"
                and "script-src" not in said
            )


def drawn(one, tag, name) -> bool:
    """A page of the archive's copy, or of a file in a case of insight, as a picture: it stands in the page itself, for its purpose, or
    what covers it, stands in no address."""
    return (
        tag.tag == "img"
        and name == "src"
        and tag.get(name).startswith("data:image/png;base64,")
        and bool(re.fullmatch(r"/arkiv/[^/]+/sider|/indsigt/[^/]+/post/[0-9]+", urlsplit(one.url).path))
    )


def test_no_page_has_script_style_or_handlers_in_it(walk):
    wrong = []
    for one in pages(walk):
        for tag in one.page.iter(etree.Element):
            bad = [name for name in tag.attrib if name.lower().startswith("on") or name.lower() in ("style", "srcdoc")]
            bad += [name for name in ("hx-on", "hx-vals", "hx-headers") if str(tag.get(name, "")).startswith("js:")]
            bad += [
                name
                for name, value in tag.items()
                if re.match(r"\s*(javascript|data|vbscript):", value, re.I) and not drawn(one, tag, name)
            ]
            if (
                bad
                or tag.tag in ("style", "base", "embed", "frame", "applet")
                or (tag.tag == "script" and (not tag.get("src") or tag.text))
            ):
                wrong.append((one.url, etree.tostring(tag)[:120]))
    assert wrong == []


def test_every_file_a_page_loads_is_our_own(walk):
    for one in pages(walk):
        page = one.page
        for tag in page.xpath("//script[@src]|//link[@href]|//img[@src]|//iframe[@src]|//source[@src]|//use[@href]"):
            target = tag.get("src") or tag.get("href")
            if drawn(one, tag, "src"):
                continue
            assert target.startswith("/") and not target.startswith("//"), (one.url, target)
        for form in page.xpath("//form[@action]|//*[@formaction]|//*[@hx-post]|//*[@hx-get]"):
            for name in ("action", "formaction", "hx-post", "hx-get"):
                assert form.get(name, "/").startswith(("/", "?")) and not form.get(name, "/").startswith("//")


@pytest.mark.req("R-111")
def test_nothing_about_a_person_stays_in_a_cache(walk):
    kept = Counter()
    for one in walk.pages:
        said = one.answer.headers.get("Cache-Control", "")
        if "no-store" not in said:
            kept[urlsplit(one.url).path] += 1
    assert not [path for path in kept if not COMMON.match(path)]


def test_every_form_that_posts_carries_a_token(walk):
    forms = 0
    for one in pages(walk):
        for form in one.page.iter("form"):
            if form.get("method", "").lower() == "post":
                assert form.xpath(".//input[@name='csrf_token']"), (one.url, etree.tostring(form)[:100])
                forms += 1
    assert forms > 200


def test_files_are_never_taken_for_pages(walk):
    files = [one for one in walk.pages if one.answer.content_type in ("application/pdf", "application/xml")]
    assert {one.answer.content_type for one in files} == {"application/pdf", "application/xml"}
    for one in files:
        said = one.answer.headers["Content-Disposition"]
        assert re.fullmatch(r'(inline|attachment); filename="[A-Za-z0-9-]+\.(pdf|xml)"', said), said


def test_every_refusal_on_the_way_was_the_one_answer(walk):
    refused = [one for one in walk.pages if one.answer.status_int == 404 and one.method != "HEAD"]
    assert refused and {one.answer.body for one in refused} == {NOT_FOUND_BODY}
    assert len({tuple(one.answer.headerlist) for one in refused}) == 1
    known = {200, 303, 403, 404, 409, 422}
    assert [(o.stage, o.who, o.method, o.url) for o in walk.pages if o.answer.status_int not in known] == []


def test_every_redirect_stays_in_the_house(walk):
    for one in walk.pages:
        if one.answer.location:
            assert urlsplit(one.answer.location).netloc in ("", "127.0.0.1:8080"), one.url
