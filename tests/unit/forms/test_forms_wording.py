"""The wording check: what is marked, what is let be, where, and the one thing that stops."""

from __future__ import annotations

import re

import msgspec
import pytest

from tests.support.definitions import our_definitions
from tests.unit.forms.examples import small
from tillid.forms.addresses import known_address_places
from tillid.forms.definition import Field
from tillid.forms.problems import DefinitionError
from tillid.forms.wording import field_hints, protected_problems
from tillid.forms.wording_lists import load_wording, wording_from

READ = Field(
    id="ord", label="Ord", type="long_text", settings={"max": 4000}, filled_by=("professional",),
    visible_to=("team", "parent", "receiver"),
)  # fmt: skip


def codes(text: str, settings: dict | None = None, **changed) -> list[tuple[str, str]]:
    """What is found, as (rule, marked word)."""
    field = msgspec.structs.replace(READ, **changed)
    hints = field_hints(small(), field, text, settings or {}, load_wording())
    for hint in hints:
        assert text[hint.start : hint.end] == hint.word
        assert hint.message and "{" not in hint.message
    return [(hint.code.removeprefix("forms.hint-"), hint.word) for hint in hints]


@pytest.mark.req("T9b")
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Alma er i gul.", "gul"),
        ("Barnet er rykket fra gul til grøn siden sidst", "gul"),
        ("Vi har vurderet ham rød denne gang", "rød"),
        ("Hun ligger i gul og skal følges", "gul"),
        ("Den gule position blev drøftet", "gule"),
        ("Hun er i grøn trivsel", "grøn"),
        ("Barnet er gult.", "gult"),
        ("Vi taler om de røde børn", "røde"),
        ("Det er en Rød-markering", "Rød"),
        ("Vi bruger trafiklys i teamet", "trafiklys"),
    ],
)
def test_colours_of_a_position_are_marked(text, word):
    assert ("colour", word) in codes(text)


@pytest.mark.req("T9b")
@pytest.mark.parametrize(
    "text",
    [
        "Hun elsker den røde jakke og de gule støvler.",
        "Barnet cykler på den grønne cykel i skoven.",
        "Han går på Rød stue og leger med dem fra Gul stue.",
        "Til frokost spiser hun gerne grøntsager og rødgrød.",
        "Den gule bus kommer klokken otte.",
        "Vi tegner med rød, gul og grøn farve.",
        "Han bliver rød i hovedet, når han griner.",
        "Vi planter grønne ærter i haven.",
    ],
)
def test_other_colours_are_let_be(text):
    assert codes(text) == []


@pytest.mark.req("T9b")
def test_a_municipality_that_shows_colours_is_not_told_about_them():
    shown = {"vis_position_til_foraeldre": "farve"}
    assert codes("Hun er i gul.", shown) == []
    assert codes("Hun er i gul.", {"vis_position_til_foraeldre": "ord"}) == [("colour", "gul")]
    assert codes("Hun scorer 7 point i klassen.", shown), "the other rules stand"


@pytest.mark.req("T32")
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Hun fik 7 point i testen", "point"),
        ("Hans samlede score er fin", "score"),
        ("Hun scorer lavt på sprog", "scorer"),
        ("3 ud af 5 kryds er sat", "3"),
        ("Han er den svageste i klassen", "svageste"),
        ("Hun ligger over gennemsnittet", "gennemsnittet"),
        ("Sammenlagt ti kryds", "Sammenlagt"),
    ],
)
def test_scores_and_totals_are_marked(text, word):
    assert ("score", word) in codes(text)


@pytest.mark.req("T32")
@pytest.mark.parametrize(
    "text", ["Han scorer mål i fodbold.", "Hun tæller til 7.", "Vi ses kl. 14 den 5. maj.", "I alt er vi glade."]
)
def test_numbers_and_goals_are_let_be(text):
    assert codes(text) == []


@pytest.mark.req("O3", "R-123")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Barnet er dovent og svært at få i gang", ("label", "dovent")),
        ("Vi tror, at han har ADHD", ("diagnosis", "ADHD")),
        ("Hendes eksekutive funktioner", ("jargon", "eksekutive")),
        ("Han virker aggressiv", ("label", "aggressiv")),
    ],
)
def test_labels_diagnoses_and_jargon_are_marked(text, found):
    assert found in codes(text)


@pytest.mark.parametrize(
    "text",
    ["Maden er for svag i smagen.", "Vi leger en vild leg, og alle er med.", "Hun er stærk til at sætte ord på."],
)
def test_plain_words_are_let_be(text):
    assert codes(text) == []


@pytest.mark.req("R-111")
def test_a_cpr_number_is_marked_in_every_text_with_its_place():
    assert codes("Hans nummer er 010119-4242.") == [("cpr", "010119-4242")]
    assert codes("010119 4242", visible_to=("team",)) == [("cpr", "010119 4242")]


@pytest.mark.req("R-37")
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("De bor på Skovvej 12, 2. tv.", "Skovvej 12"),
        ("Mormor bor i Nørre Allé 5b", "Nørre Allé 5b"),
        ("Adressen er Ågade nr. 7.", "Ågade nr. 7"),
    ],
)
def test_an_address_is_marked(text, word):
    assert codes(text) == [("address", word)]


@pytest.mark.req("R-37")
@pytest.mark.parametrize(
    "text",
    [
        "Børnehaven 3 gange om ugen.",
        "Legepladsen 2 timer om dagen",
        "På vej hjem 4 børn",
        "Skoven 5 minutter herfra.",
        "Vi var i Tivoli 2 gange.",
        "Pladsen 1 er hendes.",
    ],
)
def test_what_is_no_address_is_let_be(text):
    assert codes(text) == []


def test_who_reads_and_who_writes_decides():
    text = "Hun er i gul, har ADHD og bor på Skovvej 12."
    assert {code for code, _ in codes(text)} == {"colour", "diagnosis", "address"}
    assert codes(text, visible_to=("team",)) == [], "an internal note"
    assert {code for code, _ in codes(text, visible_to=("receiver",))} == {"address"}
    assert {code for code, _ in codes(text, filled_by=("parent",))} == {"address"}, "parents write as they like"


@pytest.mark.req("R-111")
def test_a_number_in_a_name_is_pointed_out_and_one_in_its_own_field_is_not():
    people = Field(id="p", label="P", type="person_list", visible_to=("parent",), filled_by=("team",))
    [hint] = field_hints(small(), people, [{"name": "Ali 010119-4242"}], {}, load_wording())
    assert hint.code == "forms.hint-cpr" and "010119" not in hint.message
    own = Field(id="c", label="C", type="cpr", visible_to=("authority",), filled_by=("notifier",))
    assert field_hints(small(), own, "0101194242", {}, load_wording()) == []


def test_rows_and_parts_are_looked_through_and_named():
    columns = [{"id": "hvad", "label": "Hvad", "type": "text", "settings": {"max": 99}}]
    table = Field(
        id="t", label="T", type="table", settings={"columns": columns}, visible_to=("parent",), filled_by=("team",)
    )
    [hint] = field_hints(small(), table, [{"hvad": "Leg"}, {"hvad": "Hun er i gul."}], {}, load_wording())
    assert (hint.where, hint.word, hint.before, hint.after) == ("2, Hvad", "gul", "Hun er i ", ".")
    parts = Field(
        id="p", label="P", type="yes_no_text", settings={"max": 99}, visible_to=("parent",), filled_by=("team",)
    )
    [hint] = field_hints(small(), parts, {"answer": True, "text": "I rød trivsel"}, {}, load_wording())
    assert (hint.where, hint.word) == ("Uddyb", "rød")


def test_a_text_full_of_them_is_not_buried_in_hints():
    assert len(codes("Hun er i gul. " * 200)) == 20


ADDRESS = "Vestergade 12B, 2. tv., 5000 Odense C"


@pytest.mark.req("R-37")
@pytest.mark.parametrize(
    "text",
    [
        "Hun bor Vestergade 12B",
        "hun bor i vestergade 12 b",
        "Vestergade nr. 12B, Odense",
        "VESTERGADE 12b",
        "Vester gade, 12 B",
        "Vestergd. 12B",
        "på Vestergade i 5000 Odense",
    ],
)
def test_a_protected_address_is_found_however_it_is_spelled(text):
    assert known_address_places(text, [ADDRESS])


@pytest.mark.req("R-37")
@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Aagade 7", "Ågade 7, 8000 Aarhus C"),
        ("Norre Alle 5", "Nörre Allé 5, 8000 Aarhus"),
        ("H. C. Andersens Vej 3", "H.C. Andersens Vej 3"),
    ],
)
def test_accents_and_double_a_make_no_difference(text, address):
    assert known_address_places(text, [address])


@pytest.mark.req("R-37")
@pytest.mark.parametrize(
    "text",
    ["Vi gik ad Vestergade i går", "Vestergade 121", "Vestergade 3", "Østergade 12B", "Sydvestergade 12B", "12B er et bogstav", ""],
)  # fmt: skip
def test_another_address_is_none_of_it(text):
    assert known_address_places(text, [ADDRESS]) == []


@pytest.mark.req("R-37")
def test_a_protected_address_is_a_problem_that_does_not_repeat_it():
    form = our_definitions().get("overgangsbeskrivelse", 3)
    answers = {"u_greb": f"Mor bor {ADDRESS}", "p_glad": "Ali leger"}
    [problem] = protected_problems(form, answers, [ADDRESS])
    assert (problem.field_id, problem.code) == ("u_greb", "forms.protected-address")
    assert "Vestergade" not in problem.message and "Vestergade" not in str(problem.params)
    assert protected_problems(form, answers, []) == []


def test_word_lists_that_make_no_sense_are_refused():
    good = {
        "id": "w", "version": 1, "language": "da", "street_endings": [], "joining": [], "not_streets": [], "counted": [],
        "sets": {"a": ["x"]}, "rules": [{"id": "r", "text": "t", "find": [{"word": "a"}]}],
    }  # fmt: skip
    assert wording_from(good, "f")
    for find in (
        {"word": "b"},
        {},
        {"word": "a", "near": "a"},
        {"word": "a", "phrase": ["a"]},
        {"phrase": ["a"], "mark": 1},
        {"ord": "a"},
    ):
        with pytest.raises(DefinitionError):
            wording_from({**good, "rules": [{"id": "r", "text": "t", "find": [find]}]}, "f")


# --- what the forms themselves say to parents (R-123) ---------------------------------------------------------------------

PLAIN = [form.name for form in our_definitions().all() if form is our_definitions().latest(form.id)]
MOST_WORDS = 35  # of a sentence; the consents name place, purpose and paragraph in one


def said_to_parents(form):
    """Place → what a parent reads of the form itself: questions, help, choices, guiding questions, texts."""
    fields = [field for field in form.fields if {"parent", "child"} & set(field.filled_by)]
    for field in fields:
        yield from (
            (f"{field.id}.{part}", text) for part, text in (("label", field.label), ("help", field.help)) if text
        )
        yield from ((f"{field.id}.support", text) for text in field.support)
        chosen = field.settings.get("code_list")
        yield from ((f"{field.id}.{one.code}", one.label) for one in (form.code_list(chosen).choices if chosen else ()))
    yield from ((f"section {one.id}", one.title) for one in form.sections if {f.section for f in fields} & {one.id})
    yield from ((f"text {one.id}", one.body) for one in form.texts if one.language == "da")


@pytest.mark.req("R-123")
@pytest.mark.parametrize("name", PLAIN)
def test_no_jargon_and_no_endless_sentence_in_what_a_form_says_to_parents(name):
    form = next(one for one in our_definitions().all() if one.name == name)
    field = msgspec.structs.replace(READ, filled_by=("professional",), visible_to=("parent",))
    for place, text in said_to_parents(form):
        hints = field_hints(form, field, text, {}, load_wording())
        assert [hint.word for hint in hints if hint.code == "forms.hint-jargon"] == [], place
        for sentence in re.split(r"[.!?:]\s|\n", text):
            assert len(sentence.split()) <= MOST_WORDS, (place, sentence)


@pytest.mark.req("R-123")
def test_every_hint_says_what_to_do_instead():
    rules = load_wording().rules
    assert len(rules) >= 4
    for rule in rules:
        assert re.search(r"\b(Skriv|Beskriv|Slet|Forklar|Brug|Sig|Fortæl|Nævn)\b", rule.text, re.IGNORECASE), rule.id
