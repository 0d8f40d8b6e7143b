"""Bad definitions are refused with file, line, field, code and a suggestion; our own ones are in order."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from tests.unit.forms.examples import SMALL, faults, line_of, small
from tillid.forms.definition import FormDefinition
from tillid.forms.facts import FACTS, LEGAL_BASES
from tillid.forms.loading import load_definition, load_definitions
from tillid.forms.problems import DefinitionError
from tillid.forms.readers import FILLERS, READERS
from tillid.forms.schema import SCHEMA_FILE
from tillid.forms.yamldata import MAX_BYTES, read_yaml
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import TillidError

BAD = [
    # (what is replaced, by what, code, field, a word of the text or suggestion)
    ("type: long_text", "type: long_txt", "forms.unknown-type", "words", "long_text"),
    ("id: day,", "id: words,", "forms.duplicate-id", "words", "to gange"),
    ("{field: kind}", "{field: kin}", "forms.unknown-field", "words", "kind"),
    (
        "{eq: [{field: kind}, b]}",
        "{eq: [{fact: last_position}, gul]}",
        "forms.unknown-fact",
        "words",
        "latest_position",
    ),
    ("{eq: [{field: kind}, b]}", "{eq: [{field: kind}, c]}", "forms.unknown-code", "words", "»c«"),
    ("{eq: [{field: kind}, b]}", "{eq: [{field: kind}, true]}", "forms.condition-type", "words", "ja/nej"),
    ("{eq: [{field: kind}, b]}", "{lt: [{field: kind}, b]}", "forms.condition-type", "words", "lt"),
    ("{eq: [{field: kind}, b]}", "{equals: [{field: kind}, b]}", "forms.condition", "words", "operator"),
    ("{eq: [{field: kind}, b]}", "{eq: [{field: kind}]}", "forms.condition", "words", "to led"),
    ("{eq: [{field: kind}, b]}", "{all: []}", "forms.condition", "words", "liste"),
    ("{eq: [{field: kind}, b]}", "{gt: [{count: day}, 1]}", "forms.condition-type", "words", "liste"),
    ("{eq: [{field: kind}, b]}", "{in: [{field: kind}, b]}", "forms.condition", "words", "in: [led"),
    ("{eq: [{field: kind}, b]}", "{eq: [{felt: kind}, b]}", "forms.condition", "words", "»field«"),
    ("{eq: [{field: kind}, b]}", "{eq: [{if: [{answered: kind}]}, b]}", "forms.condition", "words", "led, led"),
    ("{eq: [{field: kind}, b]}", "{eq: [{if: [{answered: kind}, a, 1]}, b]}", "forms.condition-type", "words", "slags"),
    ("{eq: [{field: kind}, b]}", "{eq: [{add_days: [{field: kind}]}, b]}", "forms.condition", "words", "add_days: ["),
    ("{eq: [{field: kind}, b]}", "{lt: [{add_days: [{field: kind}, 1]}, 2]}", "forms.condition-type", "words", "dato"),
    (
        'label: "Dag", ',
        'label: "Dag", shown_if: {answered: secret}, ',
        "forms.leaking-condition",
        "day",
        "»secret« for parent",
    ),
    (
        "{eq: [{field: kind}, b]}",
        f"{'{not: ' * 21}{{answered: kind}}{'}' * 21}",
        "forms.condition-too-deep",
        "words",
        "20",
    ),
    (
        'label: "Dag", ',
        'label: "Dag", shown_if: {not: {answered: kind}, answered: kind}, ',
        "forms.condition",
        "day",
        "én",
    ),
    (
        'label: "Dag", ',
        'label: "Dag", shown_if: {all: [{eq: [{field: kind}, a]}, {eq: [{field: kind}, b]}]}, ',
        "forms.never-true",
        "day",
        "Betingelsen",
    ),
    (
        'label: "Ord", ',
        'label: "Ord", shown_if: {eq: [{field: kind}, a]}, ',
        "forms.required-but-hidden",
        "words",
        "krævet",
    ),
    ("{eq: [{field: kind}, b]}", "{answered: words}", "forms.cyclic-condition", "words", "words → words"),
    ("{eq: [{field: kind}, b]}", '"maybe"', "forms.required", "words", "yes"),
    ("code_list: kinds}", "code_list: kindz}", "forms.unknown-code-list", "kind", "kinds"),
    ("settings: {max: 20}, required: {", "settings: {max: 0}, required: {", "forms.schema", "words", "grænse: 1"),
    ("settings: {max: 20}, required: {", "required: {", "forms.schema", "words", "max"),
    ("- {id: hello}", "- {id: helo}", "forms.unknown-text", "", "hello"),
    ("Hello {navn}", "Hello {name}", "forms.text-placeholders", "", "pladsholdere"),
    ("[samtykke_gdpr]", "[samtykke]", "forms.unknown-basis", "", "samtykke_gdpr"),
    ("variants: [bh]", "variants: [bx]", "forms.unknown-variant", "", "bh"),
    ("phase: reception", "phase: modtagelse", "forms.unknown-phase", "", "reception"),
    ("id: secret", "id: digest", "forms.reserved-id", "digest", "systemets"),
    ("phase: derived, required", "required", "", "", ""),  # a system type filled by the system alone is fine
    ("filled_by: [system]", "filled_by: [wizard]", "forms.schema", "moment", "system"),
    ("type: instant, phase: derived", "type: receipt", "", "", ""),
    ("visible_to: [team]}\n  - id", "visible_to: [tema]}\n  - id", "forms.schema", "secret", "team"),
    ("status: candidate", "status: final", "forms.schema", "", "candidate"),
    ("version: 1\nstatus", "version: one\nstatus", "forms.schema", "", "helt tal"),
    ('title: "Demo"\n', "", "forms.schema", "", "title"),
]


@pytest.mark.parametrize(("old", "new", "code", "field", "word"), BAD)
def test_bad_definition_is_refused_with_line_field_and_suggestion(old, new, code, field, word):
    problems = faults(old, new)
    assert [p.code for p in problems] == ([code] if code else []), problems
    for problem in problems:
        assert problem.file == "demo/v1.yaml"
        assert problem.field == field
        assert problem.line > 0 and problem.suggestion
        assert word in problem.text + problem.suggestion
        wanted = new.strip("\n") or "id: demo"
        changed = SMALL.replace(old, new)
        if "\n" not in wanted and changed.count(wanted) == 1:
            assert problem.line == line_of(wanted, changed)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: second", "id: first", "Afsnittet »first«"),
        ("{id: reception, title", "{id: content, title", "Fasen »content«"),
        ('- {id: draft, title: "Kladde"}', '- {id: draft, title: "Kladde"}\n  - {id: draft, title: "X"}', "Tilstanden »draft«"),
        ("{id: sk, title", "{id: bh, title", "Varianten »bh«"),
        ('{code: a, label: "A"}', '{code: b, label: "A"}', "Koden »b«"),
        ("language: en", "language: da", "Teksten »hello da«"),
        ("texts:\n  - {id: hello", SMALL[SMALL.index("  - id: kinds") :].split("texts:")[0] + "texts:\n  - {id: hello", "Kodelisten »kinds«"),
    ],
)  # fmt: skip
def test_an_id_that_is_there_twice_is_refused_whatever_it_names(old, new, said):
    problems = faults(old, new)
    assert [p.text for p in problems if p.code == "forms.duplicate-id"] == [f"{said} findes to gange."]
    assert all(p.line and p.suggestion for p in problems)


def test_every_fault_of_a_file_is_reported_at_once():
    problems = faults("type: date", "type: dato, shown_if: {answered: wrds}")
    assert {p.code for p in problems} == {"forms.unknown-type", "forms.unknown-field"}


def test_a_misspelt_key_and_a_text_without_source_are_named():
    misspelt = faults("settings: {max: 20}, required: {", "settings: {maks: 20}, required: {")
    assert "Nøglen »maks« findes ikke her. Mente du »max«?" in " ".join(str(p) for p in misspelt)
    assert {p.code for p in faults("language: da", "language: no")} == {"forms.no-danish-text", "forms.unknown-text"}


def test_conditions_that_go_in_a_ring_are_refused():
    ring = SMALL.replace('type: date, required: "no"', 'type: date, required: "no", shown_if: {answered: words}')
    ring = ring.replace("{eq: [{field: kind}, b]}", "{answered: day}")
    with pytest.raises(DefinitionError) as refused:
        _load_text(ring)
    assert [p.code for p in refused.value.problems] == ["forms.cyclic-condition"]
    assert "→" in refused.value.problems[0].text


def test_a_condition_nested_too_deeply_is_refused():
    for depth, code in ((25, "forms.condition-too-deep"), (500, "forms.yaml-too-deep")):
        deep = "{not: " * depth + "{answered: kind}" + "}" * depth
        problems = faults("{eq: [{field: kind}, b]}", deep)
        assert {p.code for p in problems} == {code}


def test_a_required_field_that_can_be_hidden_is_refused():
    shown = "shown_if: {eq: [{field: kind}, b]}"
    [problem] = faults('type: date, required: "no"', f'type: date, required: "yes", {shown}')
    assert (problem.code, problem.field) == ("forms.required-but-hidden", "day")
    assert faults('type: date, required: "no"', f"type: date, required: {shown.split(': ', 1)[1]}, {shown}") == []


@pytest.mark.req("T9")
def test_a_condition_may_not_tell_its_reader_what_the_reader_may_not_see():
    position = "{in: [{fact: latest_position}, [gul, roed]]}"
    # Shown to parents by the position: refused. Required of the staff by the position: fine, others never see it.
    [shown] = faults('type: date, required: "no"', f'type: date, required: "no", shown_if: {position}')
    assert (shown.code, shown.field) == ("forms.leaking-condition", "day")
    assert "parent" in shown.text
    assert faults("{eq: [{field: kind}, b]}", position) == []
    # Required of the parents by the position: refused, for they would meet the mark beside the field.
    [asked] = faults('type: date, required: "no"', f"type: date, required: {position}")
    assert asked.code == "forms.leaking-condition"
    # The same through a field that the reader may not see.
    [through] = faults(
        'type: date, required: "no"', 'type: date, required: "no", shown_if: {eq: [{field: secret}, true]}'
    )
    assert through.code == "forms.leaking-condition"


@pytest.mark.req("R-14")
def test_a_sensitive_field_needs_a_basis_before_a_receiver_may_see_it():
    sensitive = 'type: date, sensitive: true, required: "no", filled_by: [parent], visible_to: [team, parent, receiver]'
    plain = 'type: date, required: "no", filled_by: [parent], visible_to: [team, parent]'
    assert faults(plain, sensitive) == []
    changed = SMALL.replace(plain, sensitive).replace("[samtykke_gdpr]", "[]")
    with pytest.raises(DefinitionError) as refused:
        _load_text(changed)
    assert [p.code for p in refused.value.problems] == ["forms.sensitive-without-basis"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("id: a\nid: b\n", "forms.yaml-duplicate-key"),
        ("a: &x [1]\nb: *x\n", "forms.yaml-alias"),
        ("a: &a [*a]\n", "forms.yaml-alias"),
        ("a: !!python/object/apply:os.system [id]\n", "forms.yaml-tag"),
        ("a: !own x\n", "forms.yaml-tag"),
        ("a: !!str 1\n", "forms.yaml-tag"),
        ("a: !!binary aGVq\n", "forms.yaml-tag"),
        ("a: [1\n", "forms.yaml-syntax"),
        ("? [x]\n: y\n", "forms.yaml-key"),
        ("<<: {a: b}\n", "forms.yaml-key"),
        ("a: " + "[" * 100 + "]" * 100, "forms.yaml-too-deep"),
        ("a: " + "[" * 20000, "forms.yaml-too-deep forms.yaml-syntax"),
        ("x" * (MAX_BYTES + 1), "forms.yaml-too-large"),
        ("a: \x00\n", "forms.yaml-syntax"),
    ],
)
def test_yaml_that_surprises_is_refused(text, code):
    problems = read_yaml(text.encode(), "x.yaml").problems
    assert problems and problems[0].code in code.split()


def test_bytes_that_are_not_utf8_are_refused():
    assert [p.code for p in read_yaml(b"a: \xff\n", "x.yaml").problems] == ["forms.yaml-encoding"]


def test_yaml_words_stay_words():
    data = read_yaml(
        b"a: no\nb: ja\nc: on\nd: 2026-11-25\ne: 017\nf: true\ng: 12\nh: '12'\ni: 1.5\nj: null\n", "x"
    ).data
    words = {"a": "no", "b": "ja", "c": "on", "d": "2026-11-25", "e": "017", "h": "12", "i": "1.5"}
    assert data == words | {"f": True, "g": 12, "j": None}


def test_an_empty_file_is_refused_not_crashed_on(tmp_path):
    for content in ("", "[]", "just text", "null"):
        path = tmp_path / "v1.yaml"
        path.write_text(content)
        with pytest.raises(DefinitionError):
            load_definition(path)


def test_all_files_are_reported_together_and_names_must_fit(tmp_path):
    for form, text in (("demo", SMALL.replace("version: 1\nstatus", "version: 2\nstatus")), ("other", "id: 7\n")):
        (tmp_path / form).mkdir()
        (tmp_path / form / "v1.yaml").write_text(text)
    with pytest.raises(DefinitionError) as refused:
        load_definitions(tmp_path)
    found = {(p.file, p.code) for p in refused.value.problems}
    assert {("demo/v1.yaml", "forms.wrong-file-name"), ("other/v1.yaml", "forms.schema")} <= found
    assert "demo/v1.yaml" in refused.value.message
    with pytest.raises(DefinitionError, match="none-found"):
        load_definitions(tmp_path / "nothing")


def test_the_digest_is_over_the_data_not_the_spelling():
    spelled_otherwise = SMALL.replace('title: "Demo"', "title:    Demo   # note")
    assert _load_text(spelled_otherwise).digest == small().digest
    assert small('title: "Demo"', 'title: "Demo!"').digest != small().digest
    assert small().digest == json_digest(yaml.load(SMALL.replace(": 1", ": !!int 1"), yaml.SafeLoader))


def test_what_is_asked_for_and_not_there_is_a_known_error(definitions):
    form = small()
    for ask in (
        lambda: form.field("x"),
        lambda: form.section("x"),
        lambda: form.text("x"),
        lambda: form.code_list("x"),
        lambda: definitions.get("overgangsbeskrivelse", 99),
        lambda: definitions.latest("x"),
    ):
        with pytest.raises(TillidError) as unknown:
            ask()
        assert unknown.value.code.startswith("forms.unknown-") and unknown.value.message


def test_texts_fall_back_to_danish():
    assert (small().text("hello", "en").language, small().text("hello", "ar").language) == ("en", "da")


def test_the_schema_is_itself_valid():
    jsonschema.Draft202012Validator.check_schema(json.loads(SCHEMA_FILE.read_text("utf-8")))


# --- the project's own forms ---------------------------------------------------------------------------------------


def test_our_forms_are_loaded_and_are_candidates(definitions):
    versions = {
        "fdr": (1, 2),
        "overgangsbeskrivelse": (1, 2, 3),
        "samtykke_tilbagekaldelse": (1,),
        "samtykkeerklaering": (1, 2),
        "trivselsoverblik": (1,),
        "trivselsskema": (1, 2),
        "trivselsvurdering": (1, 2),
        "underretning": (1, 2),
    }
    assert [(d.id, d.version) for d in definitions.all()] == [
        (form, n) for form, all_ in versions.items() for n in all_
    ]
    assert {d.status for d in definitions.all()} == {"candidate"}


@pytest.mark.req("R-01")
def test_each_form_names_the_bases_it_allows(definitions):
    assert definitions.latest("overgangsbeskrivelse").allowed_bases == LEGAL_BASES
    assert definitions.latest("samtykkeerklaering").allowed_bases == ("samtykke_gdpr", "samtykke_sundhed")
    assert definitions.latest("trivselsskema").allowed_bases == ()


@pytest.mark.req("O2")
def test_the_transition_form_has_the_parents_part_and_the_professionals(transition):
    def fillers(section: str) -> set[str]:
        return {who for f in transition.section(section).fields for who in f.filled_by}

    assert fillers("foraeldrenes_del") == {"parent"}
    assert fillers("barnets_egen_del") == {"child"}
    assert fillers("fagpersonens_del") == {"professional", "leader"}
    assert {f.phase for f in transition.section("overlevering").fields} == {"reception", "derived"}
    assert {f.phase for f in transition.section("evaluering").fields} == {"evaluation"}


@pytest.mark.req("O8")
def test_consent_texts_are_versioned_and_in_two_languages(definitions):
    consent = definitions.latest("samtykkeerklaering")
    for text_id in consent.field("information").settings["texts"]:
        danish, english = consent.text(text_id), consent.text(text_id, "en")
        assert (danish.language, english.language, danish.version) == ("da", "en", english.version)


@pytest.mark.req("T9")
def test_nobody_but_the_team_sees_a_trivselsskema(definitions):
    for field in definitions.latest("trivselsskema").fields:
        assert set(field.visible_to) <= {"author", "team"}, field.id


@pytest.mark.req("R-14")
def test_health_and_other_professionals_are_sensitive(transition):
    assert {f.id for f in transition.fields if f.sensitive} == {"p_helbred", "u_fagpersoner"}


def test_a_receiver_never_sees_what_was_answered_to_a_consent(definitions):
    consent, withdrawal = (definitions.latest(f) for f in ("samtykkeerklaering", "samtykke_tilbagekaldelse"))
    seen = {f.id for form in (consent, withdrawal) for f in form.fields if "receiver" in f.visible_to}
    assert seen == {"til", "formaal", "gaelder_til"}


def test_position_lists_share_their_codes(definitions):
    form = definitions.latest("trivselsskema")
    assert form.code_list("positionssaet_farver").codes == form.code_list("positionssaet_ord").codes


def test_codes_of_readers_and_fillers_agree_with_the_schema():
    field = json.loads(SCHEMA_FILE.read_text("utf-8"))["$defs"]["field"]["properties"]
    assert tuple(field["visible_to"]["items"]["enum"]) == READERS
    assert set(field["filled_by"]["items"]["enum"]) == set(FILLERS)
    assert all(set(fact.visible_to) <= set(READERS) for fact in FACTS.values())


def _load_text(text: str) -> FormDefinition:
    from tillid.forms.loading import definition_from

    return definition_from(read_yaml(text.encode(), str(Path("demo/v1.yaml"))))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('label: "Internt", type: yes_no, required: "no"', 'label: "Internt", type: yes_no, required: {eq: [{fact: latest_position}, roed]}'),
        ('label: "Internt", type: yes_no,', 'label: "Internt", type: yes_no, shown_if: {eq: [{fact: latest_position}, roed]},'),
        ("code_lists:\n", "rules:\n  - {id: r, level: soft, when: {eq: [{fact: latest_position}, roed]}, fields: [secret], text: T}\ncode_lists:\n"),
    ],
)  # fmt: skip
def test_a_definition_says_which_outside_facts_it_asks_for(old, new):
    assert small().facts_asked == frozenset()
    assert small(old, new).facts_asked == {"latest_position"}
