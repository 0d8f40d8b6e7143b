"""Records of consent events: complete, true to event and request, without CPR numbers, shown again as sealed."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from tests.consent_examples import (
    CHILD,
    HOLDER,
    ITEMS,
    LOGIN,
    MOMENT,
    SERIES,
    SYSTEM,
    TEXT,
    WITHDRAWAL_TEXT,
    all_yes,
    answer_event,
    request,
    uid,
    withdrawal_event,
)
from tillid.consents.events import Event
from tillid.consents.model import ConsentRequest, PaperEvidence
from tillid.consents.record import build_record, read_record
from tillid.kernel.canonical import sha256
from tillid.kernel.cpr import holds_cpr
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.rendering import render

ASKED = request()
GIVEN = answer_event(ASKED, answers=all_yes(), oral=True)
CPR = "610190-1234"  # a replacement number: day + 60, belongs to nobody


def record(event: Event, asked: ConsentRequest = ASKED) -> bytes:
    return build_record(event, asked, role="parent", system=SYSTEM)


def refusal(event: Event, asked: ConsentRequest = ASKED) -> str:
    with pytest.raises(TillidError) as refused:
        record(event, asked)
    return refused.value.code


PAPER = PaperEvidence(
    scan_sha256=sha256(b"scan"), signed_on=MOMENT.date(), entered_by=uid(0xB1), confirmed_by=uid(0xB2)
)


@pytest.mark.req("R-10", "R-102", "R-103", "R-104", "R-106")
def test_an_answer_on_paper_names_the_sheet_and_two_employees_and_no_login() -> None:
    sealed = record(answer_event(ASKED, answers=all_yes(), login=None, paper=PAPER))
    facts = read_record(sealed)
    assert (facts.method, facts.login, facts.recorded_by, facts.paper) == ("paper", None, None, PAPER)
    shown = render(sealed).decode()
    assert "På papir" in shown and PAPER.scan_sha256 in shown and "logget ind" not in shown
    assert "ikke" in shown and "forælderens egen underskrift; den står på papiret" in shown
    assert read_record(record(GIVEN)).paper is None and "papir" not in render(record(GIVEN)).decode()


@pytest.mark.req("R-106")
def test_one_employee_never_stands_for_both_and_a_login_never_beside_a_paper() -> None:
    alone = msgspec.structs.replace(PAPER, confirmed_by=PAPER.entered_by)
    for evidence in ({"login": None, "paper": alone}, {"login": LOGIN, "paper": PAPER}, {"login": None}):
        assert refusal(answer_event(ASKED, answers=all_yes(), **evidence)) == "records.contradiction"


@pytest.mark.req("R-10")
def test_a_given_record_names_everything() -> None:
    facts = read_record(record(GIVEN))
    assert (facts.kind, facts.record_id, facts.sequence, facts.previous) == ("consent_given", GIVEN.id, 1, None)
    assert (facts.event_digest, facts.series_id, facts.created_at) == (GIVEN.digest, GIVEN.series_id, MOMENT)
    assert (facts.holder_id, facts.holder_name, facts.role) == (HOLDER, "Søren O'Hara & Co", "parent")
    assert (facts.child_id, facts.child_name) == (CHILD, "Mette & Søn <3 kg")
    assert (facts.controller, facts.from_unit, facts.to_unit) == (ASKED.controller, ASKED.from_unit, ASKED.to_unit)
    assert (facts.purpose, facts.basis, facts.valid_to) == (ASKED.purpose, ASKED.basis, ASKED.valid_to)
    assert (facts.text, facts.login, facts.method, facts.oral) == (TEXT, LOGIN, "portal", True)
    assert facts.answers == all_yes()


@pytest.mark.req("R-11")
def test_items_point_at_version_section_and_digest() -> None:
    facts = read_record(record(GIVEN))
    assert facts.document == ASKED.document
    assert facts.items == tuple(msgspec.structs.replace(item, field_ids=()) for item in ITEMS)


@pytest.mark.req("R-12")
def test_every_item_is_answered_and_a_refusal_is_a_full_answer() -> None:
    no = answer_event(ASKED, answers={item.id: False for item in ITEMS})
    facts = read_record(record(no))
    assert facts.kind == "consent_refused" and set(facts.answers.values()) == {False}
    assert refusal(answer_event(ASKED, answers={ITEMS[0].id: True})) == "records.contradiction"
    assert refusal(answer_event(ASKED, answers=all_yes() | {"section:other": True})) == "records.contradiction"


@pytest.mark.req("R-14")
def test_a_yes_to_a_section_leaves_its_sensitive_field_at_no() -> None:
    facts = read_record(record(answer_event(ASKED, answers={ITEMS[0].id: True, ITEMS[1].id: False})))
    assert facts.kind == "consent_given"
    assert facts.answers == {ITEMS[0].id: True, ITEMS[1].id: False}
    assert [item.sensitive for item in facts.items] == [False, True]


def test_a_whole_withdrawal_names_what_it_withdraws() -> None:
    event = withdrawal_event(ASKED, GIVEN)
    facts = read_record(record(event))
    assert (facts.kind, facts.sequence, facts.previous) == ("consent_withdrawn", 2, GIVEN.digest)
    assert facts.withdraws == (GIVEN.id, GIVEN.digest)
    assert facts.items == () and facts.text == WITHDRAWAL_TEXT and facts.login == LOGIN


def test_a_part_withdrawn_by_phone_names_the_items_and_the_employee_but_no_remark() -> None:
    event = withdrawal_event(
        ASKED, GIVEN, items=(ITEMS[1].id,), method="phone", login=None, recorded_by=uid(7), remark="ringede grædende"
    )
    made = record(event)
    facts = read_record(made)
    assert [item.id for item in facts.items] == [ITEMS[1].id]
    assert (facts.method, facts.recorded_by, facts.login) == ("phone", uid(7), None)
    assert "grædende" not in made.decode()


CONTRADICTIONS: dict[str, Any] = {
    "another request": (GIVEN, request(id=uid(0xE9))),
    "another child": (GIVEN, request(child_id=uid(0xC9))),
    "a text that was not asked": (
        answer_event(ASKED, answers=all_yes(), text=msgspec.structs.replace(TEXT, body="Noget andet")),
        ASKED,
    ),
    "oral permission not asked for": (GIVEN, request(oral_asked=False)),
    "given without a yes": (
        msgspec.structs.replace(answer_event(ASKED, answers={i.id: False for i in ITEMS}), kind="consent_given"),
        ASKED,
    ),
    "refused with a yes": (msgspec.structs.replace(GIVEN, kind="consent_refused"), ASKED),
    "another kind of event": (msgspec.structs.replace(GIVEN, kind="set_signed"), ASKED),
    "an item not asked about": (withdrawal_event(ASKED, GIVEN, items=("section:other",)), ASKED),
    "a phone call with a login": (withdrawal_event(ASKED, GIVEN, method="phone", recorded_by=uid(7)), ASKED),
    "the portal without a login": (withdrawal_event(ASKED, GIVEN, login=None), ASKED),
}


@pytest.mark.req("R-10")
@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_contradictions_are_refused(name: str) -> None:
    event, asked = CONTRADICTIONS[name]
    assert refusal(event, asked) == "records.contradiction"


@pytest.mark.parametrize(
    "text",
    [
        "a\u200bb",
        "a\u202eb",
        "a\x07b",
        "a\x00b",
        "a\ud800b",
        "a\ufeffb",
        "a\u2028b",
        "a\x85b",
        "a\u061cb",
        "a\u3164b",
        "a\U000e0041b",
        "☀\ufe0f",
    ],
)
def test_invisible_characters_are_refused(text: str) -> None:
    assert refusal(answer_event(ASKED, answers=all_yes(), holder_name=text)) == "records.characters"


@pytest.mark.parametrize("text", ["", "x" * 501, "a\nb"])
def test_a_name_is_one_line(text: str) -> None:
    asked = request(child_name=text)
    assert refusal(answer_event(asked, answers=all_yes()), asked) == "records.schema"


def test_an_error_tells_no_content() -> None:
    asked = request(child_name="Hemmelig\nNavn")
    with pytest.raises(TillidError) as refused:
        record(answer_event(asked, answers=all_yes()), asked)
    assert "Hemmelig" not in f"{refused.value} {refused.value.message} {refused.value.detail}"


@pytest.mark.parametrize("name", ["Å & <b>\"'</b> ]]>", "Łukasz Ōta 陈", "<![CDATA[x]]>", "&amp;", "Mette & Søn <3 kg"])
def test_names_survive(name: str) -> None:
    asked = request(child_name=name)
    made = record(answer_event(asked, answers=all_yes(), holder_name=name), asked)
    facts = read_record(made)
    assert (facts.child_name, facts.holder_name) == (name, name)


@pytest.mark.req("R-102")
@pytest.mark.parametrize("number", [CPR, CPR.replace("-", ""), CPR.replace("-", " ")])
def test_no_cpr_number_gets_into_a_record(number: str) -> None:
    assert refusal(answer_event(ASKED, answers=all_yes(), holder_name=f"Mette {number}")) == "records.cpr"
    named = request(child_name=f"{number} Mette")
    assert refusal(answer_event(named, answers=all_yes()), named) == "records.cpr"
    for field in ("subject", "issuer"):
        login = msgspec.structs.replace(LOGIN, **{field: number})
        assert refusal(answer_event(ASKED, answers=all_yes(), login=login)) == "records.cpr", field


@pytest.mark.req("R-102")
def test_a_record_identifies_people_by_uuid_only() -> None:
    made = record(GIVEN).decode()
    free = re.sub(r"[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", made)
    assert not holds_cpr(free)
    assert HOLDER in made and CHILD in made


@pytest.mark.req("R-103")
def test_a_record_says_that_it_bears_a_seal() -> None:
    assert 'meaning="platform-seal"' in record(GIVEN).decode()
    page = " ".join(render(record(GIVEN)).decode().split())
    assert "Det er ikke personens egen underskrift" in page


@pytest.mark.req("R-104")
def test_the_rendering_is_fixed_by_its_digest() -> None:
    made = record(GIVEN)
    stylesheet = sha256((SIGNING / "schemas" / "record-1.xslt").read_bytes())
    assert read_record(made).stylesheet_digest == stylesheet
    page = render(made).decode()
    for shown in ("Mette &amp; Søn &lt;3 kg", "Sprog &amp; leg", "Det er frivilligt.", "2026-02-01"):
        assert shown in page
    with pytest.raises(TillidError) as refused:
        render(made.replace(stylesheet.encode(), b"0" * 64))
    assert refused.value.code == "records.stylesheet"


@pytest.mark.parametrize("event", [GIVEN, withdrawal_event(ASKED, GIVEN)], ids=lambda event: event.kind)
def test_the_same_event_gives_the_same_bytes(event: Event) -> None:
    assert record(event) == record(event)
    assert read_record(record(event)).event_digest == Event.from_json(event.json()).digest


@pytest.mark.req("R-41", "R-104", "R-106")
def test_a_young_persons_record_names_it_as_the_giver_and_as_nobodys_parent() -> None:
    asked = msgspec.structs.replace(ASKED, required_holders=(CHILD,), series={CHILD: SERIES})
    own = {"holder_id": CHILD, "holder_name": ASKED.child_name}
    given = answer_event(asked, answers=all_yes(), **own)
    events = (
        given,
        answer_event(asked, answers=all_yes(), login=None, paper=PAPER, **own),
        withdrawal_event(asked, given, **own),
    )
    for event in events:
        made = build_record(event, asked, role="self", system=SYSTEM)
        facts, shown = read_record(made), render(made).decode()
        assert (facts.holder_id, facts.role) == (CHILD, "self") == (facts.child_id, facts.role)
        assert "Den unge selv" in shown and "Forældremyndighedsindehaver" not in shown and "forælderens" not in shown
    for role, about, event in (("parent", asked, given), ("self", ASKED, GIVEN), ("parent", asked, GIVEN)):
        with pytest.raises(TillidError, match="giver"):
            build_record(event, about, role=role, system=SYSTEM)
