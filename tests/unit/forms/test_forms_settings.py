"""Municipal settings as data: defaults, allowed values, sources, what conditions may ask, and names of the positions."""

from __future__ import annotations

import pytest

from tests.unit.forms.examples import SMALL, faults, small
from tillid.forms.facts import known_facts
from tillid.forms.positions import position_colours, with_position_words
from tillid.forms.problems import DefinitionError
from tillid.forms.readers import READERS
from tillid.forms.settings import SettingError, checked, load_settings, merged, setting_facts, settings_from
from tillid.forms.showing import Showing
from tillid.forms.yamldata import read_yaml

KNOWN = load_settings()


def test_every_setting_has_a_default_a_source_and_a_requirement():
    assert len(KNOWN) >= 10
    for one in KNOWN.values():
        assert one.source and one.title and one.requirements
        assert checked(one, one.default) == merged({})[one.id]


@pytest.mark.req("T2", "T15")
def test_rounds_are_set_for_each_age_and_profession():
    assert checked(KNOWN["runder"], {"boernehave": 3}) == {
        "sundhedspleje": 2, "dagpleje_vuggestue": 2, "boernehave": 3, "skole_sfo": 2
    }  # fmt: skip
    for wrong in (0, 7, "2", True, {"boernehave": 9}, {"gymnasium": 1}):
        with pytest.raises(SettingError):
            checked(KNOWN["runder"], wrong)


@pytest.mark.req("T10")
def test_what_parents_are_told_of_the_position_is_the_municipalitys_choice_and_nothing_by_default():
    assert merged({})["vis_position_til_foraeldre"] == "nej"
    assert merged({"vis_position_til_foraeldre": "ord"})["vis_position_til_foraeldre"] == "ord"
    with pytest.raises(SettingError) as refused:
        checked(KNOWN["vis_position_til_foraeldre"], "skema")  # the individual form is no choice
    assert KNOWN["vis_position_til_foraeldre"].title in refused.value.message


@pytest.mark.req("T31")
def test_a_unit_may_use_another_method():
    assert KNOWN["metode"].units and checked(KNOWN["metode"], "anden") == "anden"
    assert [one.id for one in KNOWN.values() if one.units] == ["metode"]


def test_what_is_no_longer_allowed_falls_back_to_the_default():
    found = merged({"runder": {"boernehave": 99}, "positionssaet": "dyr", "ukendt": 1})
    assert found == merged({})


@pytest.mark.req("T7")
def test_names_of_positions_are_the_municipalitys_and_codes_stay(definitions):
    form = definitions.get("trivselsskema", 2)
    values = merged({"position_navne": {"gul": "Vi holder øje"}})
    named = with_position_words(form, values)
    before, after = (one.code_list(form.field("position").settings["code_list"]) for one in (form, named))
    assert after.codes == before.codes and named.digest == form.digest
    assert after.choice("gul").label == "Vi holder øje" and after.choice("roed") == before.choice("roed")
    assert with_position_words(form, merged({})) is form
    worded = with_position_words(form, merged({"positionssaet": "ord"}))
    shown = [choice.label for choice in worded.code_list(form.field("position").settings["code_list"]).choices]
    assert shown == [choice.label for choice in form.code_list("positionssaet_ord").choices]


@pytest.mark.req("T7")
def test_colours_are_colours():
    assert position_colours(merged({"position_farver": {"gul": "#ffee00"}}))["gul"] == "#ffee00"
    for wrong in ("yellow", "#fff", "#GGGGGG", "#ffee00;background:url(x)"):
        with pytest.raises(SettingError):
            checked(KNOWN["position_farver"], {"gul": wrong})
    for wrong in ("x" * 41, "Gul\u202e", "a\nb", 5):
        with pytest.raises(SettingError):
            checked(KNOWN["position_navne"], {"gul": wrong})


def test_conditions_ask_for_settings_by_name_and_type():
    day = 'required: "no", filled_by: [parent], visible_to: [team, parent]}'
    condition = "{eq: [{fact: setting_overgang_for_alle}, alle]}"
    form = small(day, day.replace("}", f", shown_if: {condition}}}"))
    for value, shown in (("alle", True), ("kun_gul_roed", False)):
        facts = setting_facts(merged({"overgang_for_alle": value}))
        assert Showing(form, {}, facts).shown(form.field("day")) is shown
    for wrong, code in (
        ("{eq: [{fact: setting_overgang_for_alle}, nogle]}", "forms.unknown-code"),
        ("{eq: [{fact: setting_overgang}, alle]}", "forms.unknown-fact"),
        ("{gt: [{fact: setting_positionssaet}, 2]}", "forms.condition-type"),
        ("{eq: [{fact: setting_runder}, 2]}", "forms.unknown-fact"),  # one for each age: no single value
    ):
        assert [p.code for p in faults(day, day.replace("}", f", shown_if: {wrong}}}"))] == [code], SMALL
    assert all(known_facts()[name].visible_to == READERS for name in setting_facts(merged({})))


@pytest.mark.parametrize(
    "text",
    [
        "settings: 5",
        "x: []",
        "settings: [{id: a, title: A, type: choice, default: b, source: s, allowed: [{code: c, label: C}]}]",
        "settings: [{id: a, title: A, type: choice, default: b, source: s}]",
        "settings: [{id: a, title: A, type: number, default: 5, source: s, min: 1, max: 3}]",
        "settings: [{id: a, title: A, type: yes_no, default: true, source: ''}]",
        "settings: [{id: A, title: A, type: yes_no, default: true, source: s}]",
        "settings: [{id: a, title: A, type: yes_no, default: true, source: s, pattern: x}]",
    ],
)
def test_a_settings_file_that_cannot_be_used_is_refused(text):
    with pytest.raises(DefinitionError):
        settings_from(read_yaml(text.encode(), "settings.yaml"))


@pytest.mark.req("R-82")
def test_what_a_form_is_filed_under_is_written_as_kle_writes_it():
    setting = KNOWN["kle_pr_skema"]
    assert checked(setting, {"fdr": "27.00.00 G01"})["fdr"] == "27.00.00 G01" and set(
        checked(setting, "").values()
    ) == {""}
    for wrong in ("27.00.00", "27.0.0 G01", "27.00.00 g01", "27.00.00 G01 ", 5):
        with pytest.raises(SettingError):
            checked(setting, {"fdr": wrong})
