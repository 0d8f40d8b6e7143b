"""Values the system works out or records itself: moments, receipts, signatures, codes of languages, computed texts."""

from __future__ import annotations

import re
from typing import Any

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import (
    WRONG_TYPE,
    Source,
    SystemType,
    normal_object,
    normal_text,
    object_problems,
    text_problems,
)
from tillid.forms.fieldtypes.json_values import INSTANT, WHO, Schema, matching, named, text
from tillid.forms.fieldtypes.searching import day_of_moment
from tillid.forms.problems import ValueProblem
from tillid.kernel.clock import COPENHAGEN, parse_instant

_MOMENT = "2026-11-25T19:47:46Z"
_LANGUAGES = {"da": {"da": "dansk", "en": "engelsk"}, "en": {"da": "Danish", "en": "English"}}


def language_name(code: str, language: str = "da") -> str:
    """What people call it, of those in which Tillid shows its texts; else the code."""
    return _LANGUAGES.get(language, _LANGUAGES["da"]).get(code, code)


def _moment_problems(value: Any) -> list[ValueProblem]:
    try:
        parse_instant(value)
    except (ValueError, TypeError):
        return [WRONG_TYPE]
    return []


def _local(moment: str) -> str:
    return parse_instant(moment).astimezone(COPENHAGEN).strftime("%d.%m.%Y kl. %H.%M")


class Instant(SystemType):
    """A moment as ``2026-11-25T19:47:46Z``, shown in Copenhagen time (design 26)."""

    name = "instant"
    search = ("day",)
    taken = ("moment",)
    good = (({}, _MOMENT),)
    bad = (({}, "2026-11-25"), ({}, 5), ({}, "2026-11-25T19:47:46+01:00"))

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return INSTANT

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        return _moment_problems(value)

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return _local(value)

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        return (day_of_moment(value),)


class InstantPerson(SystemType):
    """Who did it and when: ``{"at": moment, "name": …, "person_id"?: …}``."""

    name = "instant_person"
    good = (({}, {"at": _MOMENT, "name": "Mette Holm"}),)
    bad = (({}, {"at": "i går", "name": "Mette"}), ({}, {"name": "Mette"}), ({}, _MOMENT))

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_object(value)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return WHO

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        return object_problems(value, ("at", "name"), ("person_id",)) or _moment_problems(value["at"])

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return f"{_local(value['at'])}, {value['name']}"


class Attest(InstantPerson):
    """One person's own attestation, given by a click of its own: who says so, and when."""

    name = "attest"


class Receipt(InstantPerson):
    """A person's own confirmation, given by a click of its own; a list, for several may give one."""

    name = "receipt"
    taken = ("attest", "instant_person")
    good = (({}, [{"at": _MOMENT, "name": "Mette Holm"}]),)
    bad = (({}, [{"at": "i går", "name": "Mette"}]), ({}, {"at": _MOMENT, "name": "Mette"}), ({}, True))

    def normalise(self, value: Any, field: Field) -> Any:
        return [normal_object(one) for one in value] if isinstance(value, list) else value

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return {"type": "array", "items": WHO}

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, list):
            return [WRONG_TYPE]
        return [problem for one in value for problem in super(Receipt, self).validate(one, field, definition)]

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> list[str]:
        return [f"{_local(one['at'])}, {one['name']}" for one in value]

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        return value if other == self.name else [value]


class Computed(SystemType):
    """A text the system works out when it is shown."""

    name = "computed"
    good = (({}, "Mangler"),)
    bad = (({}, 3), ({}, "x" * 501))

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_text(value)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return text(500)

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        return text_problems(value, 500)


class LanguageCode(Computed):
    """A language by its BCP 47 code (RFC 5646): ``da``, ``en``, ``ar``."""

    name = "language_code"
    good = (({}, "da"), ({}, "pt-BR"))
    bad = (({}, "dansk sprog"), ({}, 1))

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return language_name(value, language)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return matching("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", 500)

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        shape = isinstance(value, str) and re.match(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", value)
        return [] if shape else [WRONG_TYPE]


class XmlSignature(SystemType):
    """Where the signed record lies: ``{"record_id", "sha256"}``; the record itself is never an answer."""

    name = "xml_signature"
    good = (({}, {"record_id": "r1", "sha256": "ab" * 32}),)
    bad = (({}, "<ds:Signature/>"), ({}, {"record_id": "r1"}))

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_object(value)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return named(("record_id", "sha256"))

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        return object_problems(value, ("record_id", "sha256"))

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return value["record_id"]


class DocumentRef(SystemType):
    """One document of ours: ``{"document_id", "title"}`` with its ``version`` and ``sha256`` if known."""

    name = "document_ref"
    another = {"da": "et andet med samme titel", "en": "another of the same title"}
    good = (({}, {"document_id": "d1", "title": "Samtykke"}),)
    bad = (({}, {"document_id": "d1"}), ({}, "d1"))

    def normalise(self, value: Any, field: Field) -> Any:
        return normal_object(value)

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        return named(("document_id", "title"), ("version", "sha256"))

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        return object_problems(value, ("document_id", "title"), ("version", "sha256"))

    def identity(self, value: Any) -> str:
        return f"{value.get('document_id', '')} {value.get('version', '')}".strip()

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str:
        return value["title"]


TYPES = (
    Instant(),
    InstantPerson(),
    Attest(),
    Receipt(),
    Computed(),
    LanguageCode(),
    XmlSignature(),
    DocumentRef(),
)
