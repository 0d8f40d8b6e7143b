"""Answers: what is stored, refused, missing, shown and projected."""

from __future__ import annotations

import pytest

from tests.unit.forms.examples import small
from tillid.forms.answers import (
    answer_hints,
    check_answers,
    clean_field,
    field_progress,
    projection,
    section_texts,
    shown_fields,
)
from tillid.forms.phases import later_phases, of_phase
from tillid.forms.problems import AnswerError

YELLOW = {"latest_position": "gul"}
GREEN = {"latest_position": "groen"}


def refused(definition, field_id, raw, **more) -> AnswerError:
    with pytest.raises(AnswerError) as error:
        clean_field(definition, field_id, raw, **more)
    assert error.value.problem.code == error.value.code
    assert error.value.message == error.value.problem.message
    return error.value


def codes(problems) -> list[tuple[str, str]]:
    return [(p.field_id, p.code) for p in problems]


# --- one field ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["Mette & Søn <3 kg", "</w:t></w:r></w:p>", "{{ 7*7 }} {% if %}", "]]>", "<script>alert(1)</script>", "æøå 👶"],
)
def test_any_visible_text_is_kept_as_it_is(transition, text):
    assert clean_field(transition, "p_styrker", text) == text


@pytest.mark.parametrize(
    ("field_id", "raw", "code"),
    [
        ("findes_ikke", "x", "forms.unknown-field"),
        ("__class__", "x", "forms.unknown-field"),
        ("p_styrker", "x" * 501, "forms.too-long"),
        ("p_styrker", "x" * 1_000_000, "forms.too-long"),
        ("p_styrker", "klokke\x07", "forms.forbidden-characters"),
        ("p_styrker", "skjult\u200bmellemrum", "forms.forbidden-characters"),
        ("p_styrker", "baglæns\u202etekst", "forms.forbidden-characters"),
        ("p_styrker", {"text": "x"}, "forms.wrong-type"),
        ("overgangstype", "fra_maanen", "forms.wrong-code"),
        ("startdato", "2026-02-31", "forms.wrong-date"),
        ("startdato", "0001-01-01", "forms.date-out-of-range"),
        ("u_position", "ja", "forms.wrong-type"),
        ("u_indsatser", [{"indsats": "Leg"}] * 21, "forms.too-many-rows"),
        ("u_indsatser", [{"indsats": "x" * 121}], "forms.too-long"),
        (
            "b_tegning",
            {"sha256": "a" * 64, "name": "x.html", "media_type": "text/html", "size": 1},
            "forms.wrong-file-type",
        ),
        ("samtykke_status", "Gyldigt", "forms.derived-field"),
        ("frigivet", "2026-11-25T19:47:46Z", "forms.derived-field"),
    ],
)
def test_what_is_refused(transition, field_id, raw, code):
    error = refused(transition, field_id, raw)
    assert error.code == code
    assert error.message and "{" not in error.message


def test_the_limit_counts_characters_after_normalisation(transition):
    # "å" as two code points, and Windows line ends: both count as one after normalisation.
    assert len(clean_field(transition, "b_glaeder", "a\u030a" * 250)) == 250
    assert len(clean_field(transition, "b_glaeder", "a\r\n" * 124 + "ab")) == 250
    error = refused(transition, "b_glaeder", "x" * 251)
    assert error.problem.params == {"label": "Det glæder jeg mig til", "most": 250, "length": 251}


def test_a_refusal_does_not_repeat_what_was_written(transition):
    secret = "Barnet hedder Frida\x07"
    error = refused(transition, "p_styrker", secret)
    assert "Frida" not in error.message + str(error) + error.detail + repr(error.problem)


def test_nothing_is_no_answer(transition):
    for raw in (None, "", "  \r\n "):
        assert clean_field(transition, "p_styrker", raw) is None
    assert clean_field(transition, "u_position", False) is False


def test_codes_come_back_in_the_order_of_the_list(definitions):
    form = definitions.latest("trivselsskema")
    assert clean_field(form, "forslag", ["underretning", "fortsaet"]) == ["fortsaet", "underretning"]


def test_names_come_from_the_register_not_from_the_browser(transition):
    register = {("unit", "u1"): {"id": "u1", "name": "Åkanden"}}

    def resolve(kind, key):
        return register.get((kind, key))

    assert clean_field(transition, "til_enhed", {"id": "u1"}, resolve=resolve) == {"id": "u1", "name": "Åkanden"}
    assert refused(transition, "til_enhed", {"id": "u2"}, resolve=resolve).code == "forms.unknown-reference"
    assert refused(transition, "til_enhed", {"id": "u1"}).code == "forms.incomplete"


@pytest.mark.req("R-111")
def test_a_cpr_number_in_a_text_is_pointed_out_but_kept(transition):
    text = "Ring til mor, 010119-1234"
    assert clean_field(transition, "p_familie", text) == text
    [hint] = answer_hints(transition, {"p_familie": text, "p_glad": "Tlf. 87654321", "startdato": "2026-08-01"})
    assert (hint.field_id, hint.code) == ("p_familie", "forms.hint-cpr")
    assert "010119" not in hint.message


# --- the whole form -------------------------------------------------------------------------------------------------


def test_a_draft_is_told_what_is_wrong_but_not_what_is_missing(transition):
    answers = {"p_styrker": "x" * 501, "ukendt": 1, "samtykke_status": "Gyldigt"}
    problems = check_answers(transition, answers, {}, complete=False)
    assert codes(problems) == [
        ("ukendt", "forms.unknown-field"),
        ("p_styrker", "forms.too-long"),
        ("samtykke_status", "forms.derived-field"),
    ]


@pytest.mark.req("O2")
def test_each_side_is_asked_for_its_own_part(transition):
    parents = check_answers(transition, {}, YELLOW, filled_by={"parent", "child"}, complete=True)
    staff = check_answers(transition, {}, YELLOW, filled_by={"professional"}, complete=True)
    assert codes(parents) == [("p_styrker", "forms.missing")]
    assert {p.field_id for p in staff} >= {"til_enhed", "u_ressourcer", "u_greb", "u_behov", "u_position"}
    assert not any(p.field_id.startswith("p_") for p in staff)


@pytest.mark.req("T9")
def test_the_position_asks_the_staff_and_tells_the_parents_nothing(transition):
    def missing(facts, who):
        return {p.field_id for p in check_answers(transition, {}, facts, filled_by=who, complete=True)}

    assert missing(YELLOW, {"professional"}) - missing(GREEN, {"professional"}) == {"u_behov"}
    assert missing({}, {"professional"}) == missing(GREEN, {"professional"})  # not known: nobody is stopped
    for reader in ("parent", "receiver", "archive"):
        for answers in ({}, {"u_ressourcer": "Leg"}):
            seen = [f.id for f in shown_fields(transition, answers, YELLOW, reader)]
            assert seen == [f.id for f in shown_fields(transition, answers, GREEN, reader)]
            assert "u_behov" not in seen
        assert field_progress(transition, {}, YELLOW, reader) == field_progress(transition, {}, GREEN, reader)
    # By its own content it shows, whatever the position.
    assert "u_behov" in [f.id for f in shown_fields(transition, {"u_behov": "Ro"}, GREEN, "parent")]


def test_conditions_decide_what_is_required_and_shown(transition):
    def state(answers):
        shown = [f.id for f in shown_fields(transition, answers, {}, "team")]
        missing = {p.field_id for p in check_answers(transition, answers, {}, complete=True)}
        return "u_skolestart" in shown, "u_skolestart" in missing, "u_laering" in shown, "u_laering" in missing

    assert state({"overgangstype": "bh_sk"}) == (True, True, True, True)
    assert state({"overgangstype": "bh_bh"}) == (False, False, True, False)


def test_an_answer_that_its_condition_hides_is_not_projected(transition):
    answers = {"overgangstype": "bh_sk", "u_skolestart": True}
    assert projection(transition, answers, "team") == answers
    assert projection(transition, {**answers, "overgangstype": "bh_bh"}, "team") == {"overgangstype": "bh_bh"}


def test_a_hidden_answer_does_not_count_in_other_conditions():
    chain = small('type: date, required: "no"', 'type: date, required: "no", shown_if: {eq: [{field: words}, "vis"]}')
    assert projection(chain, {"kind": "a", "words": "vis", "day": "2026-01-01"}, "team")["day"] == "2026-01-01"
    assert "day" not in projection(chain, {"words": "skjul", "day": "2026-01-01"}, "team")


def test_codes_of_another_variant_are_refused(definitions):
    form = definitions.latest("trivselsskema")
    signs = ["boernehave_groen_1"]
    assert check_answers(form, {"variant": "boernehave", "tegn_social": signs}, {}, complete=False) == []
    wrong = check_answers(form, {"variant": "skole_sfo", "tegn_social": signs}, {}, complete=False)
    assert codes(wrong) == [("tegn_social", "forms.wrong-code")]
    hostile = check_answers(form, {"variant": [["boernehave"]], "tegn_social": signs}, {}, complete=True)
    assert ("variant", "forms.wrong-type") in codes(hostile)


def test_the_health_visitor_marks_the_surroundings_too(definitions):
    form = definitions.latest("trivselsskema")
    fields = {
        v: [f.id for f in shown_fields(form, {"variant": v}, {}, "author")] for v in ("sundhedspleje", "boernehave")
    }
    assert "position_kontekst" in fields["sundhedspleje"] and "position_kontekst" not in fields["boernehave"]
    red = check_answers(form, {"variant": "boernehave", "position": "roed"}, {}, complete=True)
    assert ("begrundelse", "forms.missing") in codes(red)


def test_later_phases_are_documents_of_their_own(transition):
    answers = {"p_styrker": "Leg", "mundtligt": "Søvn", "eval_dato": "2027-03-01"}
    assert projection(transition, answers, "receiver") == {"p_styrker": "Leg"}
    reception, evaluation = (of_phase(transition, one.id) for one in later_phases(transition))
    assert projection(reception, answers, "team") == {"mundtligt": "Søvn"} == projection(reception, answers, "parent")
    assert projection(evaluation, answers, "team") == {"eval_dato": "2027-03-01"}
    assert projection(evaluation, answers, "parent") == projection(evaluation, answers, "receiver") == {}
    assert check_answers(transition, {"overlevering_dato": "x"}, {}, complete=False) == []
    assert codes(check_answers(reception, {"overlevering_dato": "x"}, {}, complete=False)) == [("overlevering_dato", "forms.wrong-date")]  # fmt: skip
    by_acceptance = [
        {field.id for field in shown_fields(evaluation, {}, {"parents_accept_evaluation": said}, "team")}
        for said in (True, False)
    ]
    assert by_acceptance[0] - by_acceptance[1] == {"eval_barn"}


@pytest.mark.req("T9")
def test_nothing_of_a_trivselsskema_is_projected_to_anybody_outside(definitions):
    form = definitions.latest("trivselsskema")
    answers = {
        "position": "roed",
        "begrundelse": "Set mandag",
        "styrker": "Leg",
        "variant": "boernehave",
        "akut": False,
    }
    for reader in ("parent", "receiver", "authority", "notifier", "archive"):
        assert projection(form, answers, reader) == {}
        assert shown_fields(form, answers, {}, reader) == []
    assert projection(form, answers, "author") == {key: answers[key] for key in projection(form, answers, "team")}
    assert projection(form, answers, "team")["position"] == "roed"


def test_readers_differ_in_the_transition_form(transition):
    answers = {"p_helbred": "Allergi", "u_position": True, "samtale_dato": "2026-05-01", "u_bilag": []}
    assert projection(transition, answers, "receiver") == {"p_helbred": "Allergi"}
    assert set(projection(transition, answers, "parent")) == {"p_helbred", "u_position", "samtale_dato"}


def test_progress_counts_only_what_the_reader_fills(transition):
    answers = {"p_styrker": "Leg", "u_greb": "Ro"}
    parents = {p.section: p for p in field_progress(transition, answers, {}, "parent")}
    assert (parents["foraeldrenes_del"].answered, parents["foraeldrenes_del"].missing) == (1, ())
    assert "fagpersonens_del" not in parents and "overlevering" not in parents
    staff = {p.section: p for p in field_progress(transition, answers, {}, "team")}
    assert staff["fagpersonens_del"].missing == ("u_ressourcer", "u_relationer", "u_sprog", "u_position")


@pytest.mark.req("R-12")
def test_nothing_of_a_consent_is_answered_beforehand(definitions):
    form = definitions.latest("samtykkeerklaering")
    missing = {p.field_id for p in check_answers(form, {}, {}, filled_by={"parent"}, complete=True)}
    assert {"mundtligt", "svar", "oplysninger"} <= missing
    for field in form.fields:
        assert not {"default", "value", "checked"} & set(field.settings)


def test_texts_follow_custody_and_law(definitions):
    form = definitions.latest("samtykkeerklaering")
    section = form.section("indhold")

    def shown(answers, facts):
        return [t.id for t in section_texts(form, section, answers, facts)]

    alone = {"joint_custody": False, "has_sensitive_items": False}
    assert shown({"hjemmel": "samtykke_gdpr"}, alone) == ["samtykke_indledning"]
    assert shown({"hjemmel": "samtykke_sundhed"}, {"joint_custody": True, "has_sensitive_items": True}) == [
        "samtykke_indledning",
        "samtykke_faelles",
        "samtykke_sundhed",
        "samtykke_foelsom",
    ]
