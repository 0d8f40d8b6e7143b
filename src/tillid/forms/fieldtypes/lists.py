"""Lists of things with a title: documents, people, items of a consent."""

from __future__ import annotations

from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import WRONG_TYPE, FieldType, Source, normal_object, object_problems
from tillid.forms.fieldtypes.derived import language_name
from tillid.forms.fieldtypes.differences import (
    Difference,
    Named,
    checksum_words,
    document_words,
    item_difference,
    told_apart,
)
from tillid.forms.fieldtypes.json_values import Schema, closed, named, text
from tillid.forms.problems import ValueProblem

MOST = 100


class ObjectList(FieldType):
    """A list of mappings; ``title`` is the key that is shown, ``keys`` may also stand in each."""

    title = "title"
    key = "id"
    keys: tuple[str, ...] = ()
    condition_type = "list"
    apart = ""  # the key that tells two of one title from each other

    def parse(self, values: list[str], field: Field) -> Any:
        return [{self.key: value} for value in values if value] or None

    def restored(self, value: Any, stored: Any, field: Field) -> Any:
        """What is named again stays what it was, with all its keys."""
        if not isinstance(value, list) or not isinstance(stored, list):
            return value
        known = {item[self.key]: item for item in stored if _named(item, self.key)}
        bare = [_named(item, self.key) and len(item) == 1 for item in value]
        return [known.get(item[self.key], item) if alone else item for item, alone in zip(value, bare, strict=True)]

    def normalise(self, value: Any, field: Field) -> Any:
        if not isinstance(value, list):
            return value
        return [item for item in map(normal_object, value) if item != {}]

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return {"type": "array", "maxItems": MOST, "items": self._item_schema()}

    def _item_schema(self) -> Schema:
        return named(tuple(dict.fromkeys((self.key, self.title))), self.keys)

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, list):
            return [WRONG_TYPE]
        if len(value) > MOST:
            return [ValueProblem(code="forms.too-many-rows", text="Skriv højst {most} rækker.", params={"most": MOST})]
        return [problem for item in value for problem in self.item_problems(item)]

    def item_problems(self, item: Any) -> list[ValueProblem]:
        return object_problems(item, (self.key, self.title), self.keys)

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> list[str]:
        return [item[self.title] for item in value]

    def diff(self, old: Any, new: Any, field: Field, definition: FormDefinition, language: str = "da") -> Difference:
        before, after = (self.format(value or [], field, definition, language) for value in (old, new))

        def told(one: int, other: int) -> tuple[str, str]:
            marks = (old[one].get(self.apart, ""), new[other].get(self.apart, ""))
            return before[one], after[other] + self._another(*marks, language)

        return item_difference(before, after, told)


def _named(item: Any, key: str) -> bool:
    return isinstance(item, dict) and isinstance(item.get(key), str)


class DocumentList(ObjectList):
    """``[{"document_id": … | "sha256": …, "title": …}]``: a document of ours or an uploaded file."""

    name = "document_list"
    widget = "documents"
    reference = "document"
    key = "document_id"
    keys = ("document_id", "sha256", "media_type", "version")
    taken = ("file", "document_ref")
    good = (({}, [{"document_id": "d1", "title": "Sprogvurdering"}, {"sha256": "ab" * 32, "title": "Portfolio"}]),)
    bad = (({}, [{"title": "uden id"}]), ({}, ["d1"]), ({}, {"document_id": "d1", "title": "x"}))

    def item_problems(self, item: Any) -> list[ValueProblem]:
        key = "sha256" if isinstance(item, dict) and "sha256" in item else "document_id"
        return object_problems(item, (key, "title"), self.keys)

    def _item_schema(self) -> Schema:
        # A file of its own is named by its digest, a document of ours by its id.
        keys = (self.key, self.title, *self.keys)
        plain = {key: text(300) for key in dict.fromkeys(keys)}
        return {
            **closed({**plain, "title": text(300, 1)}, ["title"]),
            "if": {"required": ["sha256"]},
            "then": {"properties": {"sha256": {"minLength": 1}}},
            "else": {"required": [self.key], "properties": {self.key: {"minLength": 1}}},
        }

    def diff(self, old: Any, new: Any, field: Field, definition: FormDefinition, language: str = "da") -> Difference:
        return item_difference(*told_apart(*(_marked(value or [], language) for value in (old, new))))

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> list[str]:
        """By title; two of one title by what tells them apart too."""
        return told_apart(_marked(value, language), [])[0]

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        if other == "file":
            return [{"sha256": value["sha256"], "title": value["name"], "media_type": value["media_type"]}]
        return [value] if other == "document_ref" else value


def _marked(value: list[dict[str, Any]], language: str) -> list[Named]:
    """Each with the words that tell it from others of its title."""

    def mark(item: dict[str, Any]) -> str:
        if digest := item.get("sha256"):
            return checksum_words(digest, language)
        return document_words(item.get("document_id", ""), item.get("version", ""), language)

    return [(item["title"], mark(item)) for item in value]


class ItemList(ObjectList):
    """``[{"item_id": …, "title": …}]``: items of the consent that a withdrawal names."""

    name = "item_list"
    search = ("text",)
    widget = "readonly"  # chosen on the withdrawal's own page
    reference = "item"
    key = "item_id"
    good = (({}, [{"item_id": "i1", "title": "Forældrenes del"}]),)
    bad = (({}, [{"item_id": "i1"}]), ({}, ["i1"]))


class PersonList(ObjectList):
    """``[{"name": …, "person_id"?: …}]``. Typed as names, one per line or input; a register adds the id."""

    name = "person_list"
    widget = "persons"
    title = key = "name"
    keys = ("person_id", "role")
    apart = "person_id"
    taken = ("person", "person_ref", "user_ref")
    good = (({}, [{"name": "Mette Holm", "person_id": "p1"}, {"name": "Ali"}]),)
    bad = (({}, [{"person_id": "p1"}]), ({}, ["Mette"]), ({}, [{"name": "M", "address": "Vej 1"}]))

    def parse(self, values: list[str], field: Field) -> Any:
        names = [line.strip() for value in values for line in value.splitlines()]
        return [{"name": name} for name in names if name] or None

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        if other in ("person_ref", "user_ref"):
            return [{"name": value["name"], "person_id": value["id"]}]
        return [value] if other == "person" else value


class TextVersions(ObjectList):
    """``[{"id", "version", "language"}]``: exactly which texts somebody was shown."""

    name = "text_version_ref"
    widget = "readonly"
    from_system = True
    title = "id"
    settings_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["texts"],
        "properties": {"texts": {"type": "array", "items": {"type": "string"}, "minItems": 1}},
    }
    good = (({"texts": ["t"]}, [{"id": "t", "version": "1", "language": "da"}]),)
    bad = (({"texts": ["t"]}, [{"id": "t"}]), ({"texts": ["t"]}, ["t"]))

    def parse(self, values: list[str], field: Field) -> Any:
        return None

    def item_problems(self, item: Any) -> list[ValueProblem]:
        return object_problems(item, ("id", "version", "language"))

    def _item_schema(self) -> Schema:
        return named(("id", "version", "language"))

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> list[str]:
        return [
            f"{item['id']}, version {item['version']} ({language_name(item['language'], language)})" for item in value
        ]


TYPES = (DocumentList(), ItemList(), PersonList(), TextVersions())
