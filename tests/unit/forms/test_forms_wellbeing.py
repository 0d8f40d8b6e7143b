"""The forms of the method, as definitions: trivselsskema, trivselsoverblik, trivselsvurdering and the FDR sheet."""

from __future__ import annotations

import re

import pytest

from tillid.forms.answers import check_answers
from tillid.forms.showing import projection, shown_fields
from tillid.forms.upcasts import move

WELLBEING = [("trivselsskema", 1), ("trivselsskema", 2), ("trivselsoverblik", 1)]
ASSESSMENTS = [("trivselsvurdering", 1), ("trivselsvurdering", 2)]
SHEETS = [("fdr", 1), ("fdr", 2)]
ALL = [*WELLBEING, *ASSESSMENTS, *SHEETS]
AGES = ("sundhedspleje", "dagpleje_vuggestue", "boernehave", "skole_sfo")
MEETINGS = ("dialogmoede", "netvaerksmoede", "smaaborn", "tvaerfagligt", "faglig_sparring")
PARENTS = {"f_gaar_godt": "Alma tegner og fortæller.", "f_undrer": "Alma er træt."}


def missing(definition, answers, facts=None, sides=("professional", "team", "leader")):
    found = check_answers(definition, answers, facts or {}, filled_by=set(sides), complete=True)
    return {problem.field_id for problem in found}


@pytest.mark.req("R-03")
@pytest.mark.parametrize("name", [*WELLBEING, *ASSESSMENTS], ids=str)
def test_no_form_of_the_method_asks_for_consent(definitions, name):
    """R-03: no consent field anywhere in trivselsskema, overblik and trivselsvurdering, and no basis to share them on."""
    definition = definitions.get(*name)
    assert definition.allowed_bases == ()
    asked = [f.id for f in definition.fields if re.search("samtyk|hjemmel", f"{f.id} {f.label}", re.I)]
    assert asked == []
    assert not any(f.type in ("xml_signature", "attest") for f in definition.fields)


@pytest.mark.req("T9")
@pytest.mark.parametrize("name", WELLBEING, ids=str)
def test_a_mark_is_never_the_parents(definitions, name):
    for field in definitions.get(*name).fields:
        assert set(field.visible_to) == {"author", "team"}, field.id


@pytest.mark.req("T9")
@pytest.mark.parametrize("version", [1, 2])
def test_only_the_parents_part_of_an_assessment_is_the_parents(definitions, version):
    definition = definitions.get("trivselsvurdering", version)
    parents = {f.id for f in definition.fields if "parent" in f.visible_to}
    assert parents - {"barn", "enhed"} == {f.id for f in definition.section("foraeldrenes_del").fields}
    answers = {
        "samlet_position": "roed",
        "samlet_position_kontekst": "gul",
        "uenighed": "Nej",
        "variant": "sundhedspleje",
    }
    seen = projection(definition, {**answers, **PARENTS}, "parent")
    assert not set(seen) & set(answers)
    receivers = {reader for f in definition.fields for reader in f.visible_to}
    assert receivers == {"author", "team", "parent", "archive"}


@pytest.mark.req("T9")
@pytest.mark.parametrize("name", [*WELLBEING, *ASSESSMENTS], ids=str)
def test_no_position_reaches_an_archivist(definitions, name):
    """Design 22: positions as text, facet or sort never do."""
    definition = definitions.get(*name)
    archived = [f for f in definition.fields if "archive" in f.visible_to]
    assert not any("position" in f.id for f in archived)
    lists = {c.get("settings", {}).get("code_list") for f in archived for c in f.settings.get("columns", [])}
    assert not any("positionssaet" in str(one) for one in lists | {f.settings.get("code_list") for f in archived})


@pytest.mark.req("R-74", "T32")
@pytest.mark.parametrize("name", ALL, ids=str)
def test_no_position_is_worked_out_and_nothing_is_a_score(definitions, name):
    definition = definitions.get(*name)
    for field in definition.fields:
        lists = [
            field.settings.get("code_list"),
            *(c.get("settings", {}).get("code_list") for c in field.settings.get("columns", [])),
        ]
        if any(str(one).startswith("positionssaet") for one in lists) and field.phase != "derived":
            assert field.type == "choice" and "system" not in field.filled_by, "a person chooses it"
        if field.type in ("scale", "scale_text", "number"):
            assert definition.id == "fdr" and field.section in ("evaluering",), "about the meeting, never about a child"
    words = " ".join(f"{f.id} {f.label}" for f in definition.fields)
    assert not re.search(r"antal (grøn|gul|rød)|fordeling|\bsum|point|score|gennemsnit|rang", words, re.I)


@pytest.mark.req("T5", "T32")
def test_the_overview_has_a_row_per_child_that_is_gathered_and_never_stored(definitions):
    definition = definitions.get("trivselsoverblik", 1)
    rows = definition.field("raekker")
    assert (rows.phase, rows.filled_by, rows.type) == ("derived", ("system",), "table")
    columns = {column["id"]: column["type"] for column in rows.settings["columns"]}
    assert {"barn", "markeringer", "samlet_position", "opfoelgning"} <= set(columns)
    assert "number" not in columns.values(), "no counts"
    assert not {"fordeling", "antal"} & {f.id for f in definition.fields}
    assert check_answers(definition, {"raekker": [{"barn": "Alma"}]}, {}, complete=False), "nobody can put rows into it"


@pytest.mark.req("T15")
@pytest.mark.parametrize("name", [("trivselsskema", 1), ("trivselsskema", 2), *ASSESSMENTS], ids=str)
def test_a_health_visitor_marks_the_child_and_its_surroundings_and_others_the_child(definitions, name):
    definition = definitions.get(*name)
    assert tuple(variant.id for variant in definition.variants) == AGES
    context = "position_kontekst" if definition.id == "trivselsskema" else "samlet_position_kontekst"
    for age in AGES:
        shown = {f.id for f in shown_fields(definition, {"variant": age}, {}, "team")}
        assert (context in shown) == (age == "sundhedspleje"), age
        assert (context in missing(definition, {"variant": age})) == (age == "sundhedspleje"), age


@pytest.mark.req("T15")
def test_each_age_has_its_own_signs_and_questions(definitions):
    for name, field_id, each in (("trivselsskema", "tegn_social", 9), ("trivselsvurdering", "spoergsmaal", 12)):
        definition = definitions.get(name, 2)
        listed = definition.code_list(definition.field(field_id).settings["code_list"])
        for age in AGES:
            offered = {c.code for c in listed.for_variant(age)}
            assert len(offered) >= each
            others = {c.code for other in AGES if other != age for c in listed.choices if c.variants == (other,)}
            assert not offered & others


@pytest.mark.req("T8")
def test_there_is_room_for_words_beside_the_mark(definitions):
    for version, field_id in ((1, "kommentar"), (2, "begrundelse")):
        definition = definitions.get("trivselsskema", version)
        words, mark = definition.field(field_id), definition.field("position")
        assert words.type == "long_text" and words.section == mark.section
    second = definitions.get("trivselsskema", 2)
    assert "begrundelse" in missing(second, {"position": "gul"}) and "begrundelse" not in missing(
        second, {"position": "groen"}
    )


@pytest.mark.req("T15b", "T22")
@pytest.mark.parametrize("name", ALL, ids=str)
def test_words_are_explained_and_help_stands_beside_the_questions(definitions, name):
    definition = definitions.get(*name)
    assert definition.definitions, "terms are explained in the form"
    assert all(term.term and len(term.meaning) > 15 for term in definition.definitions)
    guided = [s for s in definition.sections if s.guidance]
    supported = [f for f in definition.fields if f.support]
    assert guided or supported


@pytest.mark.req("T22", "D5")
def test_support_questions_stand_beside_the_fields(definitions):
    assessment = definitions.get("trivselsvurdering", 2)
    for side in ("trekant_barnet", "trekant_faellesskabet", "trekant_familien"):
        assert len(assessment.field(side).support) >= 2
    sheet = definitions.get("fdr", 2)
    for field in ("d_refleksion", "d_sparring", "d_analyse", "d_muligheder", "d_beslutning"):
        assert any(question.endswith("?") for question in sheet.field(field).support), field


@pytest.mark.req("T6")
def test_the_team_writes_together_and_decides_on_a_next_step(definitions):
    definition = definitions.get("trivselsvurdering", 2)
    concern = {"variant": "boernehave", "samlet_position": "roed"}
    assert {"handling", "samlet_position", "droeftet_dato", "droeftet_af"} <= missing(definition, {})
    assert {
        "trekant_barnet",
        "trekant_faellesskabet",
        "f_undrer",
        "f_vi_goer",
        "f_opfoelgning",
        "underret_stilling",
    } <= missing(definition, concern)
    calm = missing(definition, {"variant": "boernehave", "samlet_position": "groen"})
    assert not {"trekant_barnet", "f_undrer", "f_vi_goer", "underret_stilling", "f_opfoelgning"} & calm


@pytest.mark.req("T9b")
def test_the_writer_is_told_to_leave_colours_out_of_the_parents_part(definitions):
    part = definitions.get("trivselsvurdering", 2).section("foraeldrenes_del")
    assert any("farver" in line for line in part.guidance)
    words = [f.label for f in part.fields] + [f.help for f in part.fields if "parent" in f.filled_by]
    assert not any(re.search(r"\b(grøn|gul|rød)", text, re.I) for text in words)


@pytest.mark.req("T30")
@pytest.mark.parametrize("form_id", ["trivselsskema", "trivselsvurdering", "fdr"])
def test_earlier_versions_are_kept_and_the_newest_says_how_to_get_there(definitions, form_id):
    versions = [d for d in definitions.all() if d.id == form_id]
    assert [d.version for d in versions] == [1, 2]
    assert versions[1].upcast["from"] == 1 and not versions[0].upcast
    assert len(versions[0].fields) < len(versions[1].fields)
    assert definitions.latest(form_id) is versions[1]


@pytest.mark.parametrize("name", ALL, ids=str)
def test_the_form_speaks_english_too(definitions, name):
    danish = definitions.get(*name)
    english = danish.in_language("en")
    assert english.digest == danish.digest and english.title != danish.title
    for field in danish.fields:
        other = english.field(field.id)
        assert other.label != field.label or field.label in ("Variant", "Dialog", "Status"), field.id
        assert bool(other.help) == bool(field.help) and len(other.support) == len(field.support)
    for section in danish.sections:
        assert len(english.section(section.id).guidance) == len(section.guidance)
    for listed in danish.code_lists:
        translated = english.code_list(listed.id)
        assert all(a.label != b.label for a, b in zip(listed.choices, translated.choices, strict=True)), listed.id


OLD = {
    "trivselsskema": {"variant": "sundhedspleje", "position": "gul", "position_kontekst": "groen", "kommentar": "Mia er træt."},
    "trivselsvurdering": {
        "droeftet_dato": "2026-11-25", "droeftet_af": [{"name": "Sofie Brandt"}], "samlet_position": "gul", "refleksion": "Vi ser ens.",
        "plan": "Mia sover inde.", "f_vurdering": "Mia er glad for de andre.", "f_opfoelgning": "2026-12-10",
    },
    "fdr": {
        "moedetype": "dialogmoede", "barn": {"id": "c1", "name": "Mia"}, "titel": "Søvn", "tid": "2026-12-10T13:00:00Z",
        "forberedelse": "Mia sover uroligt.", "dialog": "Vi talte om rytmen.", "referat": "Mia sover inde.",
    },
}  # fmt: skip


@pytest.mark.req("T30")
@pytest.mark.parametrize("form_id", list(OLD))
def test_a_draft_of_the_first_version_moves_and_keeps_every_word(definitions, form_id):
    old, new = definitions.get(form_id, 1), definitions.get(form_id, 2)
    moved = move(OLD[form_id], old, new)
    assert moved.left_over == ()
    before, after = (re.findall(r"\w{3,}", str(answers)) for answers in (OLD[form_id].values(), moved.answers.values()))
    assert set(before) <= set(after)
    assert not check_answers(new, moved.answers, {}, complete=False)
    for fate in moved.fates:
        assert fate.wider == (), "nobody new reads what was written"


@pytest.mark.req("T30")
def test_a_text_too_long_for_its_new_place_is_left_over_whole(definitions):
    long = "Mia sover uroligt. " * 40
    old, new = definitions.get("trivselsskema", 1), definitions.get("trivselsskema", 2)
    moved = move({"position": "gul", "kommentar": long.strip()[:700]}, old, new)
    assert [one.text for one in moved.left_over] == [long.strip()[:700]] and "begrundelse" not in moved.answers
