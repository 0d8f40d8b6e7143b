"""The exported JSON Schema: a schema by the standard's own metaschema, and the same yes and no as our own check."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from tests.support.definitions import our_definitions
from tests.unit.forms.examples import small
from tillid.forms.definition import Choice, CodeList, Field, FormDefinition
from tillid.forms.fieldtypes import TYPES, field_type
from tillid.forms.json_schema import answers_schema
from tillid.forms.loading import Definitions
from tillid.kernel.canonical import canonical_json

FORMS = our_definitions().all()
DEMO = CodeList(id="demo", version=1, title="Demo", choices=(Choice(code="a", label="A"), Choice(code="b", label="B")))
# What JSON Schema cannot say; the schema's own comment or annotation tells so.
UNSAID = {"period": "from may not be after to", "percent_period": "the same", "percent": "at most one decimal"}


def demo() -> FormDefinition:
    import msgspec

    return msgspec.structs.replace(small(), code_lists=(DEMO,))


def judge(field: Field, value: Any) -> bool:
    definition = demo()
    schema = {"$defs": answers_schema(definition)["$defs"], **field_type(field.type).value_schema(field, definition)}
    return jsonschema.Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_every_form_exports_a_schema_that_the_metaschema_accepts(form: FormDefinition):
    schema = answers_schema(form)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert canonical_json(schema)
    assert set(schema["properties"]) == {field.id for field in form.fields if field.phase != "derived"}
    assert schema["x-tillid-digest"] == form.digest


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_type_s_samples_are_judged_as_the_type_judges_them(name: str):
    kind = TYPES[name]
    for settings, raw in (*kind.good, *kind.bad):
        field = Field(id="x", label="X", type=name, settings=settings)
        value = kind.normalise(raw, field)
        if value != value or value in (float("inf"), float("-inf")) or kind.is_empty(value):
            continue  # not JSON, or no answer
        ours = not kind.validate(value, field, demo())
        theirs = judge(field, value)
        assert ours == theirs or (theirs and name in UNSAID), (name, value, ours)


@pytest.mark.parametrize(
    ("value", "good"),
    [
        ("2024-02-29", True),
        ("2100-02-29", False),
        ("2000-02-29", True),
        ("1900-02-29", False),
        ("2101-01-01", False),
        ("2026-04-31", False),
        ("2026-11-25\n", False),
    ],
)
def test_days_exist(value: str, good: bool):
    assert judge(Field(id="x", label="X", type="date"), value) is good


def test_codes_carry_their_labels_and_their_list_s_version(definitions: Definitions):
    form = next(f for f in definitions.all() if f.code_lists)
    schema = answers_schema(form)
    code_list = form.code_lists[0]
    made = schema["$defs"][code_list.id]
    assert made["x-tillid-code-list-version"] == code_list.version
    assert made["oneOf"][0]["const"] == code_list.choices[0].code and made["oneOf"][0]["title"]


def test_no_field_the_form_does_not_have():
    schema = answers_schema(small())
    assert not jsonschema.Draft202012Validator(schema).is_valid({"ukendt": 1})
    assert not jsonschema.Draft202012Validator(schema).is_valid({"moment": "2026-11-25T10:00:00Z"})
