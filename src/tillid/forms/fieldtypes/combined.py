"""The combinations our forms use. Each is a list of parts; what is common to them is in ``parts.py``."""

from __future__ import annotations

from typing import Any

from tillid.forms.definition import Field
from tillid.forms.fieldtypes.base import Part
from tillid.forms.fieldtypes.files import MOST_BYTES
from tillid.forms.fieldtypes.parts import Parts, parts_settings
from tillid.forms.fieldtypes.searching import Search
from tillid.forms.problems import ValueProblem

# The own words of the others are names, places and addresses.
WITH_WORDS: tuple[Search, ...] = ("text", "keyword", "number", "day")
_LIST = {"type": "string"}
_ONE = {"minProperties": 1, "maxProperties": 1}
_MAX = {"type": "integer", "minimum": 1, "maximum": 2000}
_UNIT = {"id": "5c0f7a5e-1f53-4c0b-9f0e-0d6a0b9d7c11", "name": "Børnehaven Åkanden"}


class DateChoice(Parts):
    """A day and a code: when the parents were told, and how."""

    name = "date_choice"
    settings_schema = parts_settings(code_list=_LIST)
    list_setting = "code_list"
    taken = ("date", "choice")
    good = (
        ({"code_list": "demo"}, {"date": "5.3.2026", "choice": "a"}),
        ({"code_list": "demo"}, {"date": "2026-03-05"}),
    )
    bad = (
        ({"code_list": "demo"}, {"date": "2026-02-31", "choice": "a"}),
        ({"code_list": "demo"}, {"date": "2026-03-05", "choice": "z"}),
        ({"code_list": "demo"}, {"choice": "a"}),
        ({"code_list": "demo", "whole": True}, {"date": "2026-03-05"}),
        ({"code_list": "demo"}, "2026-03-05"),
        ({"code_list": "demo"}, {"date": "2026-03-05", "andet": "x"}),
    )

    def parts(self, field: Field) -> tuple[Part, ...]:
        return (
            Part(key="date", text="Dato", type="date", required=True),
            Part(key="choice", text="Hvordan", type="choice", settings={"code_list": field.settings["code_list"]}),
        )


class DateText(Parts):
    """A day and some words."""

    name = "date_text"
    search = WITH_WORDS
    between = ": "
    settings_schema = parts_settings(max=_MAX)
    taken = ("date",)
    good = (({"max": 20}, {"date": "2026-11-25", "text": "Fristen holder"}),)
    bad = (({"max": 5}, {"date": "2026-11-25", "text": "for lang tekst"}), ({"max": 5}, {"text": "uden"}))

    def parts(self, field: Field) -> tuple[Part, ...]:
        return (
            Part(key="date", text="Dato", type="date", required=True),
            Part(key="text", text="Tekst", type="long_text", settings={"max": field.settings["max"]}),
        )


class MomentText(Parts):
    """A moment that people write and some words."""

    name = "moment_text"
    search = WITH_WORDS
    between = ": "
    settings_schema = parts_settings(max=_MAX)
    taken = ("moment", "instant")
    good = (({"max": 20}, {"moment": "2026-11-25T19:47:00Z", "text": "Ringet op"}),)
    bad = (({"max": 20}, {"moment": "i går", "text": "Ringet op"}), ({"max": 20}, {"text": "Ringet op"}))

    def parts(self, field: Field) -> tuple[Part, ...]:
        return (
            Part(key="moment", text="Dato og klokkeslæt", type="moment", required=True),
            Part(key="text", text="Tekst", type="long_text", settings={"max": field.settings["max"]}),
        )


class MomentPlace(Parts):
    """When, how many minutes, where: a meeting."""

    name = "moment_minutes_text"
    settings_schema = parts_settings(max=_MAX)
    taken = ("moment", "instant")
    good = (({"max": 20}, {"moment": "2026-11-25T19:47:00Z", "minutes": 45, "text": "Mødelokale 2"}),)
    bad = (
        ({"max": 20}, {"moment": "2026-11-25T19:47:00Z", "minutes": 0}),
        ({"max": 20}, {"moment": "2026-11-25T19:47:00Z", "minutes": "en time"}),
        ({"max": 20}, {"minutes": 45}),
    )

    def parts(self, field: Field) -> tuple[Part, ...]:
        minutes = {"min": 5, "max": 600, "unit": "minutter"}
        return (
            Part(key="moment", text="Dato og klokkeslæt", type="moment", required=True),
            Part(key="minutes", text="Varighed i minutter", type="number", settings=minutes),
            Part(key="text", text="Sted", type="text", settings={"max": field.settings["max"]}),
        )


class YesNoText(Parts):
    """Yes or no, and a name or some words to it."""

    name = "yes_no_text"
    between = ": "
    settings_schema = parts_settings(max=_MAX)
    taken = ("yes_no",)
    good = (({"max": 20}, {"answer": True, "text": "Mette Holm"}), ({"max": 20}, {"answer": False}))
    bad = (
        ({"max": 20}, {"answer": "ja"}),
        ({"max": 20}, {"text": "Mette"}),
        ({"max": 2}, {"answer": True, "text": "Ali"}),
    )

    def parts(self, field: Field) -> tuple[Part, ...]:
        return (
            Part(key="answer", text="Ja eller nej", type="yes_no", required=True),
            Part(key="text", text="Uddyb", type="text", settings={"max": field.settings["max"]}),
        )


class UnitAndText(Parts):
    """A unit of ours and what else is to be said of it (address, telephone)."""

    name = "unit_and_text"
    settings_schema = parts_settings(max=_MAX)
    taken = ("unit_ref", "text")
    good = (({"max": 40}, {"unit": _UNIT, "text": "Åvej 1, tlf. 87654321"}),)
    bad = (({"max": 40}, {"unit": {"id": "x"}}), ({"max": 2}, {"unit": _UNIT, "text": "for lang"}), ({"max": 40}, "x"))

    def parts(self, field: Field) -> tuple[Part, ...]:
        return (
            Part(key="unit", text="Enhed", type="unit_ref"),
            Part(key="text", text="Tekst", type="text", settings={"max": field.settings["max"]}),
        )


class UnitOrText(UnitAndText):
    """A unit of ours or, when it is not in the register, its name in words."""

    name = "unit_or_text"
    between_parts = _ONE
    good = (({"max": 40}, {"unit": _UNIT}), ({"max": 40}, {"text": "Et sted i en anden kommune"}))
    bad = (({"max": 40}, {"unit": _UNIT, "text": "Begge dele"}), ({"max": 2}, {"text": "for lang"}))

    def together(self, value: dict[str, Any], field: Field) -> list[ValueProblem]:
        return _only_one(value)


class DocumentOrText(Parts):
    """A document of ours or, when there is none, what it rests on in words."""

    name = "document_or_text"
    between_parts = _ONE
    settings_schema = parts_settings(max=_MAX)
    taken = ("document_ref", "text")
    good = (
        ({"max": 40}, {"document": {"document_id": "d1", "title": "Samtykke"}}),
        ({"max": 40}, {"text": "Barnets lov § 118"}),
    )
    bad = (
        ({"max": 40}, {"document": {"document_id": "d1", "title": "Samtykke"}, "text": "Begge dele"}),
        ({"max": 40}, {"document": "d1"}),
    )

    def parts(self, field: Field) -> tuple[Part, ...]:
        return (
            Part(key="document", text="Dokument", type="document_ref"),
            Part(key="text", text="Tekst", type="text", settings={"max": field.settings["max"]}),
        )

    def posted(self, field: Field) -> tuple[Part, ...]:
        return self.parts(field)[1:]  # a document is put there by the system, never by a posted form

    def together(self, value: dict[str, Any], field: Field) -> list[ValueProblem]:
        return _only_one(value)


class Period(Parts):
    """From a day to a day, both of them within."""

    name = "period"
    between = " – "
    between_parts = {"$comment": "»from« may not be after »to«; JSON Schema cannot compare two values."}
    settings_schema = parts_settings()
    good = (({}, {"from": "2026-08-01", "to": "2026-10-31"}), ({}, {"from": "2026-08-01", "to": "2026-08-01"}))
    bad = (({}, {"from": "2026-08-01"}), ({}, {"from": "2026-08-02", "to": "2026-08-01"}), ({}, {"to": "31.2.2026"}))

    def parts(self, field: Field) -> tuple[Part, ...]:
        return (
            Part(key="from", text="Fra og med", type="date", required=True),
            Part(key="to", text="Til og med", type="date", required=True),
        )

    def together(self, value: dict[str, Any], field: Field) -> list[ValueProblem]:
        if value["from"] <= value["to"]:
            return []
        return [ValueProblem(code="forms.period-backwards", text="»Til og med« skal ligge efter »Fra og med«.")]


class PercentPeriod(Period):
    """How large a part of a period, and the file that shows it (absence in a quarter)."""

    name = "percent_period"
    between = ", "
    settings_schema = parts_settings(
        media_types={"type": "array", "items": {"type": "string"}, "minItems": 1},
        max_bytes={"type": "integer", "minimum": 1, "maximum": MOST_BYTES},
    )
    _SETTINGS = {"media_types": ["application/pdf"], "max_bytes": 1000}
    _FILE = {"sha256": "ab" * 32, "name": "fravaer.pdf", "media_type": "application/pdf", "size": 900}
    _DAYS = {"from": "2026-07-01", "to": "2026-09-30"}
    good = ((_SETTINGS, {"percent": 15.5, **_DAYS, "file": _FILE}), (_SETTINGS, {"percent": 0, **_DAYS}))
    bad = (
        (_SETTINGS, {"percent": 101, **_DAYS}),
        (_SETTINGS, {"percent": 15, "from": "2026-10-01", "to": "2026-09-30"}),
        (_SETTINGS, {**_DAYS}),
        (_SETTINGS, {"percent": 15, **_DAYS, "file": {**_FILE, "media_type": "text/html"}}),
    )

    def parts(self, field: Field) -> tuple[Part, ...]:
        file = {key: field.settings[key] for key in ("media_types", "max_bytes")}
        return (
            Part(key="percent", text="Procent", type="percent", required=True),
            *super().parts(field),
            Part(key="file", text="Fil", type="file", settings=file),
        )


def _only_one(value: dict[str, Any]) -> list[ValueProblem]:
    if len(value) == 1:
        return []
    return [ValueProblem(code="forms.only-one", text="Udfyld kun det ene: vælg på listen, eller skriv selv.")]


TYPES = (
    DateChoice(),
    DateText(),
    MomentText(),
    MomentPlace(),
    YesNoText(),
    UnitAndText(),
    UnitOrText(),
    DocumentOrText(),
    Period(),
    PercentPeriod(),
)
