"""No version can silently lose what the program asks of it by name, and no name in the program stands outside the table."""

from __future__ import annotations

import copy
import re
from functools import cache

import pytest

from tillid.forms.checks import check_definition
from tillid.forms.checks_scope import Scope
from tillid.forms.code_lists import load_code_lists, with_lists
from tillid.forms.relied import CODE, FIELDS, LISTS, TEXTS, Relied, relied_problems
from tillid.forms.yamldata import read_yaml
from tillid.forms.yamllimits import LinedData
from tillid.kernel.paths import FORM_DEFINITIONS, PROJECT

NAMED = [one for one in FIELDS if one.form]
# Names in the program that are spelt like a field but are asked of a posted page, a cookie or a condition, or of what it fills itself.
OTHERS = {
    "bemaerkning", "faggruppe", "grund", "grundlag", "metode", "omfang", "raekker", "sprog", "svar", "til", "underskrift", "variant",
}  # fmt: skip
_ASKED = re.compile(r'(?:get|pop|field)\("(\w+)"|\["(\w+)"\]|[!=]= "(\w+)"|: str = "(\w+)"')
_CONSTANT = re.compile(r"^_?[A-Z][A-Z_]+\b[^=]*= (.*)", re.MULTILINE)


@cache
def newest(form: str) -> LinedData:
    version = max(int(path.stem[1:]) for path in (FORM_DEFINITIONS / form).glob("v*.yaml"))
    path = FORM_DEFINITIONS / form / f"v{version}.yaml"
    return with_lists(read_yaml(path.read_bytes(), path.name), load_code_lists(FORM_DEFINITIONS)[0])


def changed(form: str, change) -> list[str]:
    source = newest(form)
    data = copy.deepcopy(source.data)
    change(data)
    found = relied_problems(Scope(LinedData(file=source.file, data=data, lines=source.lines, problems=[])))
    return [one.text for one in found if one.code == CODE]


def placed(data, name):
    return next((s, f) for s in data["sections"] for f in s["fields"] if f["id"] == name)


def removed(name):
    def change(data):
        section, field = placed(data, name)
        section["fields"].remove(field)

    return change


@pytest.mark.req("T30")
@pytest.mark.parametrize("one", NAMED, ids=lambda one: f"{one.form}.{one.field}")
def test_what_the_program_asks_by_name_cannot_be_dropped_retyped_or_lose_its_codes(one: Relied):
    assert changed(one.form, lambda data: None) == []
    (gone,) = changed(one.form, removed(one.field))
    assert f"»{one.field}«" in gone and one.use in gone
    assert changed(one.form, lambda data: placed(data, one.field)[1].update(type="scale"))
    assert changed(one.form, lambda data: placed(data, one.field)[1].update(phase="derived"))
    for code in one.codes:

        def less(data, code=code):
            name = placed(data, one.field)[1]["settings"]["code_list"]
            (codes,) = [found for found in data["code_lists"] if found["id"] == name]
            codes["choices"] = [choice for choice in codes["choices"] if choice["code"] != code]

        assert [text for text in changed(one.form, less) if code in text and f"»{one.field}«" in text]


@pytest.mark.req("D7", "T30")
@pytest.mark.parametrize("change", [
    lambda columns: columns.pop(next(i for i, one in enumerate(columns) if one["id"] == "status")),
    lambda columns: next(one for one in columns if one["id"] == "status").update(settings={"code_list": "domaene"}),
], ids=["gone", "another list"])  # fmt: skip
def test_the_list_of_how_an_agreement_stands_stays_a_column(change):
    """Else a meeting would be closed without anybody saying how what it agreed on ended."""
    (text,) = changed("fdr", lambda data: change(placed(data, "r_aftaler")[1]["settings"]["columns"]))
    assert "»aftale_status«" in text and "»r_aftaler«" in text


@pytest.mark.parametrize(("key", "named"), [("code_lists", LISTS), ("texts", TEXTS)])
def test_lists_and_texts_asked_for_by_name_stay(key, named):
    for form, names in named.items():
        for name in names:
            assert changed(form, lambda data: None) == []
            (gone,) = changed(
                form, lambda data, name=name: data.update({key: [x for x in data[key] if x["id"] != name]})
            )
            assert f"»{name}«" in gone


def test_a_field_that_the_system_would_fill_must_be_able_to_take_it():
    assert changed("fdr", lambda data: placed(data, "barn")[1].update(type="text"))
    added = {"id": "dato", "label": "Dato", "type": "text", "filled_by": ["team"], "visible_to": ["team"]}
    assert changed("fdr", lambda data: data["sections"][0]["fields"].append(added))
    assert not changed("fdr", lambda data: data["sections"][0]["fields"].append({**added, "type": "date"}))


def test_the_static_check_of_a_file_and_of_a_design_asks_it():
    source = newest("overgangsbeskrivelse")
    data = copy.deepcopy(source.data)
    removed("startdato")(data)
    found = check_definition(LinedData(file=source.file, data=data, lines=source.lines, problems=[]))
    assert CODE in {one.code for one in found}


def test_no_name_in_the_program_stands_outside_the_table(definitions):
    fields = {field.id for form in definitions.all() for field in form.fields}
    known = {one.field for one in FIELDS} | OTHERS
    outside = {}
    for folder in ("archive", "process", "usecases", "web", "tasks", "consents", "documents"):
        for path in (PROJECT / "src" / "tillid" / folder).rglob("*.py"):
            text = path.read_text("utf-8")
            asked = {name for found in _ASKED.findall(text) for name in found if name}
            asked |= {name for line in _CONSTANT.findall(text) for name in re.findall(r'"(\w+)"', line)}
            if left := (asked & fields) - known:
                outside[path.name] = left
    assert outside == {}, "name what is asked for in src/tillid/forms/relied.py"
