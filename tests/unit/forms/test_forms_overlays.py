"""What a municipality or a unit may add to a form, and what no addition may do."""

from __future__ import annotations

from functools import cache

import msgspec
import pytest

from tests.support.definitions import our_definitions
from tillid.forms.checks_overlays import weakened
from tillid.forms.code_lists import load_code_lists, with_lists
from tillid.forms.design_edits import add_field
from tillid.forms.overlays import overlaid, overlay_from, permitted
from tillid.forms.problems import DefinitionError
from tillid.forms.yamldata import read_yaml
from tillid.kernel.canonical import json_digest
from tillid.kernel.paths import FORM_DEFINITIONS

LISTS, _ = load_code_lists(FORM_DEFINITIONS)


@cache  # nobody changes it: `overlaid` makes a new one
def base(name: str) -> dict:
    path = FORM_DEFINITIONS / f"{name}.yaml"
    return with_lists(read_yaml(path.read_bytes(), path.name), LISTS).data


@cache
def digest(name: str) -> str:
    return json_digest(base(name))


def overlay(name: str, body: str) -> str:
    return f'id: egne\nversion: 1\ntitle: "Egne"\nbase: {name}\nbase_digest: {digest(name)}\n' + body


def merged(name: str, body: str):
    return overlaid(base(name), read_yaml(overlay(name, body).encode(), "egne.yaml"))


def refused(name: str, body: str) -> list:
    with pytest.raises(DefinitionError) as caught:
        merged(name, body)
    return caught.value.problems


FIELD = "{id: egen_vaner, label: Vaner, type: text, settings: {max: 80}, filled_by: [professional]}"
OVERGANG = f"""\
sections:
  - after: samtalen
    section:
      id: egen_hverdag
      title: "Hverdagen hos os"
      fields:
        - {{id: egen_dag, label: "En god dag", type: long_text, settings: {{max: 200}}, filled_by: [parent, professional], visible_to: [author, team, parent]}}
fields:
  - {{section: fagpersonens_del, after: u_krop, field: {FIELD}}}
"""


@pytest.mark.req("O22")
def test_own_fields_and_sections_are_added_where_they_are_put(definitions):
    form = definitions.get("overgangsbeskrivelse", 3)
    whole = merged("overgangsbeskrivelse/v3", OVERGANG)
    ids = [field.id for field in whole.fields]
    assert ids[ids.index("u_krop") + 1] == "egen_vaner"
    sections = [section.id for section in whole.sections]
    assert sections[sections.index("samtalen") + 1] == "egen_hverdag"
    assert [one for one in ids if not one.startswith("egen_")] == [field.id for field in form.fields]
    assert (whole.id, whole.version) == (form.id, form.version) and whole.digest != form.digest
    assert (
        whole.overlays[0].startswith("egne/v1 ") and whole.digest == merged("overgangsbeskrivelse/v3", OVERGANG).digest
    )


@pytest.mark.req("O22")
def test_nobody_but_the_own_team_sees_an_own_field_that_does_not_say_so():
    field = merged("overgangsbeskrivelse/v3", OVERGANG).field("egen_vaner")
    assert field.visible_to == ("author", "team") and field.required == "no"


@pytest.mark.req("O22")
@pytest.mark.parametrize("name", ["trivselsskema/v2", "trivselsoverblik/v1"])
def test_a_form_that_parents_never_see_stays_so(name, definitions):
    form = definitions.get(name.split("/")[0], int(name[-1]))
    body = f"fields:\n  - {{section: {form.sections[0].id}, field: {FIELD.replace('}', '}, visible_to: [team, parent]', 1)}}}\n"
    problems = refused(name, body)
    assert [(p.code, p.field) for p in problems] == [("forms.overlay-reader", "egen_vaner")]


@pytest.mark.req("O22", "R-50", "R-53")
@pytest.mark.parametrize(
    "field",
    [
        FIELD.replace("type: text", 'required: "yes", type: text'),
        FIELD.replace("type: text", "required: {answered: barn}, type: text"),
        "{id: egen_ok, label: Godkendt af leder, type: attest, filled_by: [system]}",
        "{id: egen_ok, label: Kvittering, type: receipt, filled_by: [system]}",
        "{id: egen_ok, label: Underskrift, type: xml_signature, filled_by: [system]}",
    ],
)
def test_nothing_added_can_stop_a_notification(field, definitions):
    section = definitions.get("underretning", 2).sections[0].id
    problems = refused("underretning/v2", f"fields:\n  - {{section: {section}, field: {field}}}\n")
    assert "forms.overlay-stops-notification" in [p.code for p in problems]
    allowed = FIELD.replace("[professional]", "[notifier]").replace("type: text", "visible_to: [notifier], type: text")
    assert merged("underretning/v2", f"fields:\n  - {{section: {section}, field: {allowed}}}\n").field("egen_vaner")


@pytest.mark.req("O22", "R-03")
@pytest.mark.parametrize("name", ["trivselsskema/v2", "trivselsoverblik/v1", "trivselsvurdering/v2"])
@pytest.mark.parametrize("label", ["Samtykke til at dele", "Giver I lov til, at vi taler med PPR?"])
def test_no_consent_question_is_added_to_an_assessment(name, label, definitions):
    section = definitions.get(name.split("/")[0], int(name[-1])).sections[0].id
    body = f"fields:\n  - {{section: {section}, field: {FIELD.replace('Vaner', f'{chr(34)}{label}{chr(34)}')}}}\n"
    assert "forms.consent-question" in [p.code for p in refused(name, body)]


@pytest.mark.req("O22", "R-03")
@pytest.mark.parametrize(
    "field",
    [
        "{id: egen_ok, label: Godkendt, type: attest, filled_by: [system]}",
        "{id: egen_ok, label: Kvittering, type: receipt, filled_by: [system]}",
        FIELD.replace("type: text", 'help: "Skriv, om I giver samtykke.", type: text'),
        FIELD.replace("type: text", 'support: ["Har I givet tilladelse?"], type: text'),
    ],
)
def test_no_approval_or_question_of_consent_hides_in_an_assessment(field):
    problems = refused("trivselsskema/v2", f"fields:\n  - {{section: position, field: {field}}}\n")
    assert "forms.consent-question" in [p.code for p in problems]


@pytest.mark.req("O22", "R-03")
def test_no_section_about_consent_in_an_assessment():
    body = f"sections: [{{section: {{id: egen_s, title: Samtykke, fields: [{FIELD}]}}}}]\n"
    assert [p.code for p in refused("trivselsskema/v2", body)] == ["forms.consent-question"]


@pytest.mark.req("O22")
@pytest.mark.parametrize("more", ["", ", sensitive: true"])
def test_a_part_of_a_form_that_parents_never_see_stays_so(more, definitions):
    form = definitions.get("trivselsvurdering", 2)
    hidden, shown = (
        next(s.id for s in form.sections if any("parent" in f.visible_to for f in s.fields) is wanted)
        for wanted in (False, True)
    )
    field = FIELD.replace("}, filled", f"}}, visible_to: [author, team, parent]{more}, filled")
    for section, codes in ((hidden, ["forms.overlay-reader"]), (shown, [])):
        body = f"fields:\n  - {{section: {section}, field: {field}}}\n"
        found = [p.code for p in refused("trivselsvurdering/v2", body)] if codes else []
        assert found == codes
    assert merged("trivselsvurdering/v2", body).field("egen_vaner").visible_to == ("author", "team", "parent")


@pytest.mark.req("O22", "R-74")
def test_no_addition_computes_a_position():
    field = "{id: egen_sum, label: Samlet, type: choice, settings: {code_list: positionssaet_farver}, filled_by: [system], computed: {if: [{answered: barn}, roed, groen]}}"
    problems = refused("trivselsskema/v2", f"fields:\n  - {{section: position, field: {field}}}\n")
    assert "forms.computed-position" in [p.code for p in problems]


@pytest.mark.req("O22")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (f"remove: [u_greb]\nfields: [{{section: samtalen, field: {FIELD}}}]\n", "forms.overlay"),
        (f"fields: [{{section: samtalen, field: {FIELD.replace('egen_vaner', 'u_greb')}}}]\n", "forms.overlay-id"),
        (f"fields: [{{section: mangler, field: {FIELD}}}]\n", "forms.overlay"),
        (f"fields: [{{section: samtalen, after: mangler, field: {FIELD}}}]\n", "forms.overlay"),
        ("fields: []\n", "forms.overlay"),
        (
            f"fields: [{{section: samtalen, field: {FIELD.replace('type: text', 'type: tekst')}}}]\n",
            "forms.unknown-type",
        ),
        (
            f"fields: [{{section: samtalen, field: {FIELD.replace('type: text', 'x: 1, type: text')}}}]\n",
            "forms.schema",
        ),
        ("fields: [{section: samtalen, field: [1]}]\n", "forms.overlay"),
        ("sections: [{section: {id: egen_a, title: A, fields: 5}}]\n", "forms.schema"),
        (
            f"fields: [{{section: samtalen, field: {FIELD}}}]\ncode_lists: [{{id: hjemmel, version: 1, title: T, choices: [{{code: a, label: A}}]}}]\n",
            "forms.overlay-id",
        ),
        (
            "fields: [{section: samtalen, field: {id: egen_v, label: V, type: text, settings: {max: 9}, filled_by: [parent],"
            " visible_to: [team, parent], shown_if: {eq: [{fact: latest_position}, roed]}}}]\n",
            "forms.leaking-condition",
        ),
    ],
)
def test_the_minimum_stays_and_an_addition_is_checked_like_a_form(body, code):
    problems = refused("overgangsbeskrivelse/v3", body)
    assert code in [p.code for p in problems]
    assert all(p.suggestion for p in problems)
    assert problems[0].file == "egne.yaml" and problems[0].line > 0


@pytest.mark.req("O22")
def test_an_addition_belongs_to_the_one_version_it_was_made_for():
    text = overlay("overgangsbeskrivelse/v3", OVERGANG)
    with pytest.raises(DefinitionError) as caught:
        overlaid(base("overgangsbeskrivelse/v2"), read_yaml(text.encode(), "egne.yaml"))
    assert "anden udgave" in caught.value.problems[0].text


@pytest.mark.req("O22")
def test_the_municipality_says_who_may_add():
    text = overlay("overgangsbeskrivelse/v3", OVERGANG)
    own, units = (overlay_from(read_yaml((text + more).encode(), "e")) for more in ("", "unit: solbjerg\n"))
    assert [permitted(one, "kommune") for one in (own, units)] == [True, False]
    assert [permitted(one, "kommune_og_enhed") for one in (own, units)] == [True, True]
    assert not permitted(own, "ingen")


@pytest.mark.req("O22")
@pytest.mark.parametrize("change", ["taken out", "required no more", "seen by others", "moved", "a state taken out"])
def test_a_form_that_lacks_or_weakens_the_minimum_is_found(change):
    """Whatever made it: the result is compared with the municipal minimum, field by field and state by state."""
    form = our_definitions().get("overgangsbeskrivelse", 3)
    assert weakened(form, form) == []
    at, section = next(
        (at, one) for at, one in enumerate(form.sections) if len(one.fields) > 1 and one.fields[0].required != "no"
    )
    fields, place = list(section.fields), 0
    if change == "taken out":
        del fields[place]
    elif change == "required no more":
        fields[place] = msgspec.structs.replace(fields[place], required="no")
    elif change == "seen by others":
        fields[place] = msgspec.structs.replace(fields[place], visible_to=("author",))
    elif change == "moved":
        fields[place], fields[place + 1] = fields[place + 1], fields[place]
    sections = list(form.sections)
    sections[at] = msgspec.structs.replace(section, fields=tuple(fields))
    changed = msgspec.structs.replace(form, sections=tuple(sections))
    if change == "a state taken out":
        changed = msgspec.structs.replace(form, states=form.states[1:])
    assert weakened(form, changed)


@pytest.mark.req("O22", "T9")
def test_an_own_field_begins_inside_even_where_parents_read_the_fields_beside_it():
    """The designer's first proposal: somebody has to say so before anybody outside the own side sees it."""
    data, field_id = add_field(base("overgangsbeskrivelse/v3"), "samtalen", "text", "Vaner", prefix="egen_")
    beside, added = data["sections"], None
    for section in beside:
        if section["id"] == "samtalen":
            added = next(one for one in section["fields"] if one["id"] == field_id)
            assert any("parent" in one["visible_to"] for one in section["fields"])
    assert added is not None and set(added["visible_to"]) <= {"author", "team"}
