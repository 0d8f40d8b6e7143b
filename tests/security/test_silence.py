"""Nothing of anybody's name, number or words stands in an address, a log line, an audit row or the undo log (R-111)."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import msgspec
import pytest
from lxml import etree

from tests.security.clicking import TYPED
from tests.security.walk_consent import PURPOSE
from tests.support.world import SET
from tillid.demo.data import demo_data
from tillid.demo.loading import accounts
from tillid.kernel.cpr import holds_cpr
from tillid.kernel.ids import is_id, new_id
from tillid.usecases.ports import AuditRow
from tillid.web.archive_words import ACTION

ROLES = {
    "professional",
    "leader",
    "area_leader",
    "intake",
    "archivist",
    "administrator",
    "dpo",
    "parent",
    "staff",
    "system",
    "",
}


def names() -> set[str]:
    """Whole names of everybody, and each first name of children and parents."""
    data = demo_data()
    families = [one.name for one in (*data.children.values(), *data.parents.values())]
    return {*families, *(one.name for one in data.staff.values()), *(name.split()[0] for name in families)}


def numbers() -> set[str]:
    """CPR and telephone numbers, with and without what stands between."""
    data = demo_data()
    found = {one.cpr for one in (*data.children.values(), *data.parents.values())} | {
        one.phone for one in data.parents.values() if one.phone
    }
    return found | {re.sub(r"[ -]", "", one) for one in found}


def texts() -> set[str]:
    """The beginnings of what was written in the document."""
    return {value[:30] for value in SET.answers.values() if isinstance(value, str) and len(value) > 12}


def held(text: str) -> list[str]:
    """What of all that ``text`` holds; names as whole words."""
    found = [one for one in numbers() | texts() | {TYPED} if one in text]
    return found + [name for name in names() if name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)]


def addresses(walk) -> set[str]:
    """Every address that was asked for, answered with, or offered on a page."""
    found = {one.url for one in walk.pages} | {one.answer.location for one in walk.pages if one.answer.location}
    for one in walk.pages:
        if one.html and one.answer.body:
            for tag in one.page.iter(etree.Element):
                found |= {
                    tag.get(name)
                    for name in ("href", "src", "action", "formaction", "hx-get", "hx-post", "data-save")
                    if tag.get(name)
                }
    # A picture that stands in the page is no address: three letters of it spell a name now and then.
    return {unquote(one) for one in found if not one.startswith(("tel:", "mailto:", "data:image/"))}


def test_the_search_for_words_can_find_them():
    """The net has no hole: what is looked for is found where it is."""
    child = demo_data().children["alma"]
    assert len(names()) > 40 and len(numbers()) > 60 and len(texts()) > 15
    assert (
        held(f"GET /barn/{child.name} 200")
        and held("om Katrine.")
        and held(child.cpr)
        and held(child.cpr.replace("-", ""))
    )
    assert held(SET.professional["u_sprog"]) and held(TYPED) and not held("GET /barn/290e5010 200 Almanak")


def test_the_pages_did_show_what_must_not_be_elsewhere(walk):
    """The names and words were really on their way through the process."""
    shown = "".join(one.answer.text for one in walk.pages if one.html)
    assert len([one for one in names() if one in shown]) > 15 and TYPED in shown and PURPOSE in shown


@pytest.mark.req("R-111")
def test_no_address_tells_of_anybody(walk):
    found = addresses(walk)
    assert len(found) > 50
    assert [(one, held(one)) for one in found if held(one) or holds_cpr(one)] == []
    asked = {part.split("=")[0] for one in walk.pages for part in urlsplit(one.url).query.split("&") if part}
    # A form's own code, a reader, a language, nothing; an addition to a form, by the name of its file; a phase of it.
    codes = {"variant", "medarbejder", "laeser", "ord", "svar", "laest", "tilfoejelse", "fase", "gjort"}
    assert asked - codes <= {
        "sammen",
        "version",
        "hent",
        "til",
        "fra",
        "registreret",
        "nr",
        "udgave",
        "side",
        "sted",
        # which list of what falls due, which month of it, and another period of a rule
        "vis",
        "maaned",
        "regel",
        "antal",
        "enhed",
    }, "a new parameter: may it hold words?"


@pytest.mark.req("R-111")
def test_no_log_line_tells_of_anybody(walk):
    text = walk.log_text()
    assert walk.records and held(text) == []
    # Threads and transactions are numbered by ten digits and more; they are no words of anybody.
    assert not holds_cpr("\n".join(line for line in text.splitlines() if not re.match(r"[A-Z]+ (txn|ZODB)", line)))
    assert PURPOSE not in text
    for username, password in accounts():
        assert password not in text, username


@pytest.mark.req("R-111")
def test_nothing_secret_is_logged(walk):
    """No session, no token, no one-time value: who reads the log opens nothing with it."""
    text = walk.log_text()
    spoken = set()
    for one in walk.pages:
        spoken |= {line.split(";")[0].split("=", 1)[1] for line in one.answer.headers.getall("Set-Cookie")}
        if one.html and one.answer.body:
            spoken |= {*one.page.xpath("//input[@name='csrf_token' or @name='nonce']/@value")}
    secret = {one for one in spoken if len(one) > 20}
    assert len(secret) > 30 and not [one for one in secret if one in text]
    assert not [one for one in secret for page in walk.pages if one in page.url]


@pytest.mark.req("R-71", "R-111")
def test_audit_rows_hold_ids_and_codes_only(walk):
    assert len(walk.audit) > 50
    for row in walk.audit:
        assert held(str(msgspec.to_builtins(row))) == [], row.action
        for name in ("id", "request_id", "person_id"):
            assert is_id(getattr(row, name)) or getattr(row, name) in ("", "system"), (name, row.action)
        for name in ("object_id", "child_id"):
            known = is_id(getattr(row, name)) or re.fullmatch(
                r"[a-z_]+/v[0-9]+|[0-9a-f]{64}", getattr(row, name)
            )  # or a form's version, or the digest of a table of marks
            assert getattr(row, name) == "" or known, (name, row.action)
        assert row.role in ROLES, row.role
        # A code, which text was read, or a code of the reasons for a whole CPR number or for many documents at once.
        named = re.fullmatch(r"[a-z_]{0,40}|[a-z_]{1,40}/v[0-9]+/[a-z]{2}|(cpr|gather):[a-z_]{1,40}", row.purpose)
        assert row.purpose == PURPOSE or named, row.purpose
        assert re.fullmatch(r"[a-z_]{1,40}", row.action) and re.fullmatch(r"[a-z_.-]{0,60}", row.outcome)


@pytest.mark.req("R-71")
def test_every_reading_on_the_walk_left_its_row(walk):
    """The rows are there at all: reads, searches, consents and the withdrawal, each with who."""
    seen = {row.action for row in walk.audit}
    assert {"search", "read_released", "read_parent_copy", "read_archived"} <= seen
    assert seen <= set(ACTION), "every action has a word for the data protection officer"
    people = {one.id for one in (*demo_data().staff.values(), *demo_data().parents.values())}
    assert {row.person_id for row in walk.audit} <= people | {"system"}


@pytest.mark.req("R-71", "R-110", "R-111")
def test_an_id_that_looks_like_a_cpr_number_stays_whole_in_the_audit_log(stages):
    """One random UUID in some thousands holds ten digits with the shape of one; a masked id would name nobody."""
    world = stages.at("people")
    person, thing = "d3be94dd-739e-400e-b6e5-8f7403214012", "ab010119-1234-4000-8000-8f7403214012"
    row = AuditRow(id=new_id(), phase="attempt", at=world.clock.now(), request_id=person, person_id=person, role="staff",
                   action="see_document", object_id=thing, child_id=thing, purpose="ringede om 740321-4012 og 7403214012")  # fmt: skip
    world.parts.audit.write(row)
    kept = world.parts.audit.tail(1)[0]
    assert (kept.request_id, kept.person_id, kept.object_id, kept.child_id) == (person, person, thing, thing)
    assert kept.purpose == "ringede om [cpr] og [cpr]" and world.parts.audit.verify() == []
    world.close()
