"""Every field of our newest forms beside what the sources ask for (``asked_for.csv``, in our own words for types and people):
where they differ, the definition's ``notes`` name the field or say the rule, so nothing differs unexplained."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.readers import AUTHOR, TEAM

with Path(__file__).with_name("asked_for.csv").open(encoding="utf-8") as _file:
    ASKED = list(csv.DictReader(_file))
FORMS = sorted({row["form"] for row in ASKED})
# What only the program knows of: no source speaks of the author apart from the team.
OWN_PART = re.compile(r"every f_ field but (\w+) and (\w+)")


def rows_of(form: FormDefinition) -> dict[str, dict[str, str]]:
    return {row["field"]: row for row in ASKED if row["form"] == form.name}


def differences(form: FormDefinition) -> set[tuple[str, str]]:
    """(field, what is different); ``archive``: only that the archive keeps it too; ``asked``: asked for less often."""
    asked = rows_of(form)
    found = {(name, "left out") for name in asked if name not in form.fields_by_id}
    found |= {(field.id, "our own") for field in form.fields if field.id not in asked}
    for field in form.fields:
        found |= {(field.id, what) for what in _different(field, asked[field.id])} if field.id in asked else set()
    return found


def _different(field: Field, row: dict[str, str]) -> set[str]:
    found = set()
    readers = set(row["visible_to"].split())
    readers |= {AUTHOR} if TEAM in readers else set()
    if set(field.visible_to) != readers:
        found.add("archive" if set(field.visible_to) == readers | {"archive"} else "readers")
    if set(field.filled_by) != set(row["filled_by"].split()):
        found.add("fillers")
    required = field.required if isinstance(field.required, str) else "when"
    if required != row["required"]:
        found.add("asked" if required == "no" else "asked when")
    if field.type != row["type"]:
        found.add("type")
    limit = field.settings.get("max") if row["limit"] else None
    if str(limit or "") != row["limit"]:
        found.add("limit")
    return found


def explained(form: FormDefinition, field: str, what: str) -> bool:
    lines = form.notes.splitlines()
    if what == "archive" and any(line.startswith("archive:") for line in lines):
        return True
    if what == "asked" and any(line.startswith("required:") for line in lines):
        return True
    if (own := OWN_PART.search(form.notes)) and field.startswith("f_") and field not in own.groups():
        return True
    return re.search(rf"\b{field}\b", form.notes) is not None


@pytest.mark.parametrize("name", FORMS)
def test_what_we_ask_otherwise_than_the_sources_is_explained(definitions, name):
    form = definitions.get(*(int(part) if part.isdigit() else part for part in name.split("/v")))
    assert [one for one in sorted(differences(form)) if not explained(form, *one)] == []
    assert len(rows_of(form)) > 5 and form.version == definitions.latest(form.id).version
