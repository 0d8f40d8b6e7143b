"""What must be looked at before an answer is given to who asks for insight (R-72)."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from tests.unit.forms.examples import small
from tillid.archive.insight_flags import Around, Other, flags_of
from tillid.documents.model import Draft, DraftField, WrittenFor

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
LONG = "settings: {max: 20}, required: {eq: [{field: kind}, b]}"
FORM = small(LONG, 'settings: {max: 900}, required: "no"')
OTHER = Other(id="ole", name="Ole Skov", phone="+45 20 30 40 50")
AROUND = Around(
    asks="ane", others=(OTHER,), known=frozenset({"Alma Skov", "Ane Skov"}), addresses=("Bakkevej 7, 8000 Aarhus C",)
)


def draft(field, value, by, side="parent"):
    return Draft(document_id="d", fields={field: DraftField(value=value, revision=1, by=by, side=side, at=AT)})


def held(answers, written=None, around=AROUND):
    return [(one.field, one.held) for one in flags_of(FORM, answers, written or Draft(document_id="d"), around)]


@pytest.mark.req("R-72")
@pytest.mark.parametrize(
    "written,expected",
    [
        (draft("day", "2026-01-02", "ane"), []),
        (draft("day", "2026-01-02", "ole"), [("day", "other_parent")]),
        (draft("day", "2026-05-05", "ane"), [("day", "other_parent")]),  # other words than those that stand there now
        (Draft(document_id="d"), [("day", "other_parent")]),  # nobody knows
        (draft("day", "2026-01-02", "sofie", "professional"), [("day", "other_parent")]),
    ],
    ids=["own", "the other's", "changed since", "unknown", "written by staff in no talk"],
)
def test_words_from_home_are_the_others_unless_they_are_known_as_the_own(written, expected):
    assert held({"day": "2026-01-02"}, written) == expected
    alone = Around(asks="ane", others=(), known=frozenset())
    assert held({"day": "2026-01-02"}, written, alone) == [], "there is no other parent"


@pytest.mark.req("R-72")
def test_words_of_a_talk_are_whose_talk_it_was():
    written = draft("words", "Hun er glad.", "sofie", "professional")
    for whose, expected in (("ane", []), ("ole", [("words", "other_parent")])):
        talk = WrittenFor(by="sofie", with_holder=whose, revision=1)
        one = Draft(document_id="d", fields=written.fields, written_for={"words": (talk,)})
        assert held({"words": "Hun er glad."}, one) == expected, whose


@pytest.mark.req("R-72", "R-37", "R-111")
@pytest.mark.parametrize(
    "text,expected",
    [
        ("Hun er glad.", []),
        ("Far, ole  SKOV, henter.", ["other_parent"]),
        ("Ring 2030 4050 i dag.", ["other_parent", "contact"]),
        ("Bor på Bakkevej 7, 8000.", ["protected_address", "contact"]),
        ("Nr. 010119-1234.", ["cpr"]),
        ("Skoven er god.", []),
    ],
)
def test_a_name_a_number_or_an_address_in_a_text_is_pointed_at(text, expected):
    assert held({"words": text}) == [("words", one) for one in expected]


@pytest.mark.req("R-72")
def test_an_internal_answer_is_a_question_and_no_more():
    assert held({"secret": True, "kind": "a"}) == [("secret", "internal")]


@pytest.mark.req("R-72")
def test_a_person_who_is_not_of_the_family_is_a_third_one():
    form = small(
        'type: date, required: "no", filled_by: [parent]', 'type: person, required: "no", filled_by: [professional]'
    )
    for name, expected in (("Ane Skov", []), ("Bo Bak", ["third_person"])):
        found = flags_of(form, {"day": {"name": name}}, Draft(document_id="d"), AROUND)
        assert [one.held for one in found] == expected


@pytest.mark.req("R-72")
def test_people_in_the_rows_of_a_table_are_third_ones_too():
    columns = "{max_rows: 9, columns: [{id: who, label: Navn, type: text, settings: {max: 90}}, {id: what, label: Fag, type: text, settings: {max: 90}}]}"
    form = small(
        'type: date, required: "no", filled_by: [parent]',
        f'type: table, settings: {columns}, required: "no", filled_by: [professional]',
    )
    for row, expected in (
        ({"who": "Ane Skov", "what": "Mor"}, []),
        ({"who": "Helle", "what": "Ane"}, ["third_person"]),
        ({"what": "x"}, []),
    ):
        found = flags_of(form, {"day": [row]}, Draft(document_id="d"), AROUND)
        assert [one.held for one in found] == expected


@pytest.mark.req("R-72", "R-37")
@pytest.mark.parametrize(
    "text",
    [
        "Skriv til o.skov+far@post.sted.dk i dag.",
        "Skriv til ole (at) sted.dk.",
        "Ring 51 62 73 84.",
        "Ring på 5162 7384, ikke om natten.",
        "Tlf.51627384",
        "51-62-73-84",
        "Mobil +46 70 123 45 67.",
        "Ring 0045 51627384",
        "Ring (+45) 51 62 73 84",
        "Han bor nu Lindevej 4, 2. tv.",
        "Han bor på Kirkegade nr. 12B.",
        "Han bor Øster Alle 3.",
        "Flyttet til Strøget 9.",
        "Posten skal til Strøget, 8000.",
    ],
)
def test_any_contact_data_is_pointed_at_whosever_it_is(text):
    home = msgspec.structs.replace(AROUND, homes=("Strøget 9, 8000 Aarhus C",))
    assert held({"words": text}, around=home) == [("words", "contact")]


@pytest.mark.req("R-72")
@pytest.mark.parametrize(
    "text",
    [
        "Vi taltes ved 26-11-2026 og igen 03.12.2026.",
        "Mødet var 2026-11-26.",
        "Åbent 08.00-16.30 og 07.30 - 15.45.",
        "Han vejer 14,5 kg, er 98 cm og født uge 40.",
        "I stue 4 er der 22 børn og 3 voksne.",
        "Kl. 9 gik vi på legepladsen 3 gange.",
        "Strøget er hans yndlingsgade.",
        "Mailen er sendt @ i dag.",
    ],
)
def test_days_times_and_counts_are_no_contact_data(text):
    home = msgspec.structs.replace(AROUND, homes=("Strøget 9, 8000 Aarhus C",))
    assert held({"words": text}, around=home) == []
