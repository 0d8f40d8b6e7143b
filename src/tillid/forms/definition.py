"""The shape of a form definition: frozen data, one instance per published or candidate version (design 2, 11, 20)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from tillid.forms.conditions import references
from tillid.kernel.errors import TillidError


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One code of a list. ``variants`` empty = offered in every variant; ``group`` gathers choices under a heading;
    ``statistics_code``: what the code is called in a report to Danmarks Statistik (R-63)."""

    code: str
    label: str
    help: str = ""
    group: str = ""
    variants: tuple[str, ...] = ()
    statistics_code: str = ""


# ``dict=True``: what is worked out of a frozen definition once is kept beside it (``cached_property``); it is no part of
# its data, is not compared and goes into no file.
class CodeList(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A versioned list of codes; a stored answer keeps the code, never the label."""

    id: str
    version: int
    title: str
    choices: tuple[Choice, ...]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(choice.code for choice in self.choices)

    def choice(self, code: str) -> Choice | None:
        """The choice with ``code``, or ``None``."""
        return next((choice for choice in self.choices if choice.code == code), None)

    def for_variant(self, variant: str | None) -> tuple[Choice, ...]:
        """The choices offered in ``variant``; all of them when no variant is known."""
        return tuple(c for c in self.choices if not c.variants or variant is None or variant in c.variants)


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """A text that people agree to or are informed by; id, version and language say exactly what somebody saw."""

    id: str
    version: int
    language: str
    body: str


class SectionText(msgspec.Struct, frozen=True, kw_only=True):
    """A text shown in a section, always or on a condition over facts and fields."""

    id: str
    shown_if: dict[str, Any] | None = None


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """A word used in the form and what it means there (T15b)."""

    term: str
    meaning: str


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """An id with the words shown for it (variants, states, phases)."""

    id: str
    title: str
    help: str = ""


class Field(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One question. ``required`` is ``"yes"``, ``"no"`` or a condition; ``phase`` and ``section`` come from loading;
    ``support``: questions to think of beside the field (T22); ``computed``: the expression a derived value is worked out
    by."""

    id: str
    label: str
    type: str
    help: str = ""
    settings: dict[str, Any] = {}
    required: str | dict[str, Any] = "no"
    shown_if: dict[str, Any] | None = None
    filled_by: tuple[str, ...] = ()
    visible_to: tuple[str, ...] = ()
    sensitive: bool = False
    phase: str = "content"
    section: str = ""
    support: tuple[str, ...] = ()
    computed: Any = None

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """The columns of a table as fields of their own type; none for any other type."""
        return tuple(
            Field(id=c["id"], label=c["label"], type=c["type"], settings=c.get("settings", {}))
            for c in self.settings.get("columns", ())
        )

    @cached_property
    def columns_by_id(self) -> Mapping[str, Field]:
        """The same, by id; not to be changed."""
        return MappingProxyType({column.id: column for column in self.columns})


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """When ``when`` is true, something is wrong at ``fields``. ``level``: a ``soft`` one can be let be with a reason."""

    id: str
    level: Literal["hard", "soft"]
    when: dict[str, Any]
    fields: tuple[str, ...]
    text: str


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A group of fields filled together; the unit of progress and of a consent's items (design 12)."""

    id: str
    title: str
    phase: str = "content"
    guidance: tuple[str, ...] = ()
    texts: tuple[SectionText, ...] = ()
    fields: tuple[Field, ...]


class FormDefinition(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One version of one form.

    ``digest`` is the SHA-256 of the RFC 8785 JSON of the loaded file (design 20). ``allowed_bases`` are the legal bases
    a share of this form may rest on (R-01); empty means that it is never shared out of its unit. ``overlays``: what a
    municipality or unit has added (``overlays.py``), as ``<id>/v<N> <digest>``.
    """

    id: str
    version: int
    status: str
    title: str
    purpose: str
    digest: str
    page: str = ""
    basis: str = ""
    signature: str = ""
    history: str = ""
    allowed_bases: tuple[str, ...] = ()
    variants: tuple[Code, ...] = ()
    phases: tuple[Code, ...]
    states: tuple[Code, ...]
    definitions: tuple[Term, ...] = ()
    code_lists: tuple[CodeList, ...] = ()
    texts: tuple[Text, ...] = ()
    sections: tuple[Section, ...]
    upcast: dict[str, Any] = {}
    notes: str = ""
    rules: tuple[Rule, ...] = ()
    translations: dict[str, Any] = {}
    overlays: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """``overgangsbeskrivelse/v3``: how a version is named in files, messages and records."""
        return f"{self.id}/v{self.version}"

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every field in the order of the form."""
        return tuple(field for section in self.sections for field in section.fields)

    @cached_property
    def ids(self) -> frozenset[str]:
        """Of every section, field and code list: what no addition may take, also where it begins as an addition's do
        (``egen_praksis``)."""
        return frozenset(one.id for one in (*self.sections, *self.fields, *self.code_lists))

    @cached_property
    def facts_asked(self) -> frozenset[str]:
        """The outside facts that any condition of the form asks about."""
        asked = [part for field in self.fields for part in (field.shown_if, field.required, field.computed)]
        asked += [rule.when for rule in self.rules]
        asked += [use.shown_if for section in self.sections for use in section.texts]
        return frozenset(name for kind, name in references(asked) if kind == "fact")

    @cached_property
    def fields_by_id(self) -> Mapping[str, Field]:
        """The same, by id; not to be changed."""
        return MappingProxyType({field.id: field for field in self.fields})

    def field(self, field_id: str) -> Field:
        """The field; raises ``TillidError`` (``forms.unknown-field``)."""
        try:
            return self.fields_by_id[field_id]
        except (KeyError, TypeError):
            raise _unknown("field", self.name) from None

    def section(self, section_id: str) -> Section:
        """The section; raises ``TillidError`` (``forms.unknown-section``)."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise _unknown("section", self.name)

    def code_list(self, list_id: str) -> CodeList:
        """The code list; raises ``TillidError`` (``forms.unknown-code-list``)."""
        for code_list in self.code_lists:
            if code_list.id == list_id:
                return code_list
        raise _unknown("code-list", self.name)

    def in_language(self, language: str) -> FormDefinition:
        """The definition with its words in ``language``; Danish where there is no translation. Same ids, same digest."""
        from tillid.forms.translations import in_language  # it imports this module

        return in_language(self, language)

    def text(self, text_id: str, language: str = "da") -> Text:
        """The text in ``language``, else in Danish, the source; raises ``TillidError`` (``forms.unknown-text``)."""
        for wanted in (language, "da"):
            for text in self.texts:
                if text.id == text_id and text.language == wanted:
                    return text
        raise _unknown("text", self.name)


def _unknown(kind: str, form: str) -> TillidError:
    # The id asked for may come from an address or a posted form, so it is not repeated.
    return TillidError(
        f"no such {kind} in {form}",
        code=f"forms.unknown-{kind}",
        text="Skemaet har ikke det, der blev spurgt om. Åbn skemaet igen.",
    )
