"""What a field type is: one object that knows everything about values of its kind."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any, ClassVar

import msgspec

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.differences import Difference, whole_difference, word_difference
from tillid.forms.fieldtypes.searching import Search
from tillid.forms.problems import ValueProblem
from tillid.kernel.cpr import without_cpr
from tillid.kernel.errors import TillidError
from tillid.kernel.text import forbidden_characters, normal_newlines

Sample = tuple[dict[str, Any], Any]  # (settings, value)
WRONG_TYPE = ValueProblem(code="forms.wrong-type", text="Svaret har ikke den rigtige form. Udfyld feltet igen.")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One input of a value made of several (``parts.py``): its key, its Danish label, and the type it is made of."""

    key: str
    text: str
    type: str
    settings: dict[str, Any] = {}
    required: bool = False


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """Where a value to be moved comes from: the old field and its definition, and old code → new code if declared."""

    field: Field
    definition: FormDefinition
    codes: dict[str, str] = {}


class Cannot:
    """What ``takes_from`` answers when a value does not fit; one instance, ``CANNOT``."""

    def __repr__(self) -> str:
        return "CANNOT"


CANNOT = Cannot()


# (register, ``id`` or ``name``, its text) → ``{"id", "name"}`` of what the writer may choose there, or ``None``.
Find = Callable[[str, str, str], dict[str, Any] | None]


class FieldType:
    """Base of every registry entry. A module in this package lists its entries in ``TYPES``; nothing else is needed.

    ``name``: the word used in definitions; ``widget``: which template macro draws it; ``settings_schema``: JSON Schema
    of ``settings``; ``condition_type``: what a condition may compare it as (``code``, ``codes``, ``boolean``, ``date``,
    ``number``, ``list``, ``text`` or ``""`` = only ``answered``); ``list_setting``: which setting names a code list;
    ``reference``: which register completes a bare id (``unit``, ``user`` …); ``suggests``: which register offers names
    while one types;
    ``in_table``: may be a table column;
    ``search``: what the archive's search does with a value (``searching.py``); nothing unless a type says so. A value made of
    others names what may be done with those;
    ``from_system``: values come from the system alone, never from a posted form; ``good`` and ``bad``: samples as
    (settings, value) that the contract suite runs (for ``bad``, ``validate`` must object); ``taken``: the names of the
    types whose values this one can take without loss, its own always among them (``takes_from``); ``another``: what is said,
    where two versions are compared, of a value that reads like the one before it and is not (``identity``); ``in_sentence``:
    changed words are marked within the value, which has sentences in it.
    """

    name: ClassVar[str]
    widget: ClassVar[str] = "text"
    settings_schema: ClassVar[dict[str, Any]] = {"type": "object", "additionalProperties": False}
    condition_type: ClassVar[str] = ""
    list_setting: ClassVar[str] = ""
    reference: ClassVar[str] = ""
    suggests: ClassVar[str] = ""
    in_table: ClassVar[bool] = False
    search: ClassVar[tuple[Search, ...]] = ()
    from_system: ClassVar[bool] = False
    good: ClassVar[tuple[Sample, ...]] = ()
    bad: ClassVar[tuple[Sample, ...]] = ()
    taken: ClassVar[tuple[str, ...]] = ()
    another: ClassVar[dict[str, str]] = {"da": "en anden med samme navn", "en": "another of the same name"}
    in_sentence: ClassVar[bool] = False

    def parts(self, field: Field) -> tuple[Part, ...]:
        """The inputs a value is made of; none for a type with one input of its own."""
        return ()

    def inner(self, field: Field) -> tuple[Field, ...]:
        """The smaller fields a value is made of (columns, parts), each of a type of its own; none for a value that is one thing."""
        return ()

    def typed(self, value: Any, field: Field) -> Any:
        """``value`` as it stands in the inputs of a form; what is shown there can be posted again without change."""
        return value

    def restored(self, value: Any, stored: Any, field: Field) -> Any:
        """What was posted, with whatever the form showed only masked put back from what is stored (R-111)."""
        return value

    def in_copy(self, value: Any, field: Field) -> Any:
        """``value`` as the data inside a document hold it: nothing that its pages only show masked (R-111)."""
        return value

    def completed(self, value: Any, field: Field, find: Find) -> Any:
        """What was posted with every bare id completed from its register; left bare, and so refused, if it is not there."""
        if self.reference and isinstance(value, dict) and set(value) == {"id"}:
            return find(self.reference, "id", value["id"]) or value
        return value

    def parse(self, values: list[str], field: Field) -> Any:
        """The raw value out of the texts an HTML form posted under the field's name; ``None`` = no answer.

        Never raises: what cannot be understood comes out as something ``validate`` refuses.
        """
        return values[0] if values else None

    def normalise(self, value: Any, field: Field) -> Any:
        """The one stored spelling of ``value``; unchanged if it is of no known shape. Idempotent, never raises."""
        return value

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        """What is wrong with a normalised, not empty ``value``; an empty list if it can be stored."""
        return []

    def is_empty(self, value: Any) -> bool:
        """Whether a normalised ``value`` is no answer."""
        return not value and (value is None or value == "" or value == [] or value == {})

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> str | list:
        """``value`` for people, in the read view and in the document."""
        return str(value)

    def value_schema(self, field: Field, definition: FormDefinition) -> dict[str, Any]:
        """JSON Schema 2020-12 of a stored, not empty value: the same yes and no as ``validate``, as far as it can say it.
        The codes of a list stand once in ``$defs`` (``json_schema.py``)."""
        raise NotImplementedError

    def search_text(self, value: Any, field: Field, definition: FormDefinition) -> str:
        """The words a full-text search should find, never a CPR number (R-111); empty for what is no text, and for what is made
        of others (``inner``)."""
        if "text" not in self.search or self.inner(field):
            return ""
        return without_cpr(flat_text(self.format(value, field, definition)))

    def search_values(self, value: Any, field: Field) -> tuple[str, ...]:
        """What a filter compares, spelled as ``searching.py`` says; none for what no filter asks for."""
        return ()

    def search_choices(self, field: Field, definition: FormDefinition) -> tuple[tuple[str, str], ...]:
        """The values of a ``keyword`` with what people call them, as far as the form says which there are."""
        return ()

    def free_text(self, value: Any, field: Field) -> list[tuple[str, str]]:
        """What somebody has written in own words: (where in the value, for people; empty for the whole) and the text."""
        return []

    def reworded(self, value: Any, field: Field, change: Callable[[str], str]) -> Any:
        """``value`` with each text that ``free_text`` finds given to ``change``, in that order; the rest as it was."""
        return value

    def diff(self, old: Any, new: Any, field: Field, definition: FormDefinition, language: str = "da") -> Difference:
        """What changed from ``old`` to ``new`` (stored values of this type, ``None`` = no answer), for people to read."""
        compared = word_difference if self.in_sentence else whole_difference
        return compared(*self.told(old, new, field, definition, language))

    def identity(self, value: Any) -> str:
        """What tells ``value`` from another that reads the same; never shown. Empty: nothing, or it is not known."""
        return ""

    def told(
        self, old: Any, new: Any, field: Field, definition: FormDefinition, language: str = "da"
    ) -> tuple[str, str]:
        """Both values in words; of two that read the same and are not, the new one says so."""
        before, after = (self._shown(value, field, definition, language) for value in (old, new))
        if before and before == after:
            after += self._another(self.identity(old), self.identity(new), language)
        return before, after

    def _another(self, old: str, new: str, language: str) -> str:
        """What is put behind the new one of two that read alike, by what tells them from each other; empty: they are
        the same, or nobody knows."""
        if old == new or not (old and new):
            return ""
        return f" ({self.another.get(language, self.another['da'])})"

    def takes_from(self, other: str, value: Any, field: Field, definition: FormDefinition, source: Source) -> Any:
        """``value`` of type ``other``, stored in ``source``, as a value of this type in ``field``; else ``CANNOT``.

        Never loses anything and never raises: what does not pass ``validate`` in the new field is ``CANNOT``.
        """
        if other != self.name and other not in self.taken:
            return CANNOT
        try:
            moved = self.normalise(self._from(other, value, field, source), field)
        except (TillidError, LookupError, TypeError, ValueError, AttributeError):
            return CANNOT  # a stored value that is not of the shape its old type says
        if moved is CANNOT or self.is_empty(moved) or self.validate(moved, field, definition):
            return CANNOT
        return moved

    def _from(self, other: str, value: Any, field: Field, source: Source) -> Any:
        """The raw value for ``takes_from``; a type that ``taken`` more than itself overrides this."""
        return value

    def _shown(self, value: Any, field: Field, definition: FormDefinition, language: str) -> str:
        empty = value is None or self.is_empty(value)
        return "" if empty else flat_text(self.format(value, field, definition, language))


class SystemType(FieldType):
    """A value that only the system knows; shown, never asked."""

    widget = "readonly"
    from_system = True

    def parse(self, values: list[str], field: Field) -> Any:
        return None


def flat_text(formatted: str | list) -> str:
    """All the words of a formatted value, one part a line."""
    if isinstance(formatted, str):
        return formatted
    return "\n".join(text for text in map(flat_text, formatted) if text)


def normal_text(value: Any) -> Any:
    """Text in NFC with ``\\n`` line ends and no blanks around it; anything but text is returned as it is."""
    if not isinstance(value, str):
        return value
    # Lone surrogates survive normalisation and are refused as forbidden characters.
    return unicodedata.normalize("NFC", normal_newlines(value)).strip(" \t\n")


def text_problems(value: Any, most: int) -> list[ValueProblem]:
    """Objections to a piece of text: not text, too long (characters after normalisation), characters nobody can see."""
    if not isinstance(value, str):
        return [WRONG_TYPE]
    hidden = forbidden_characters(value)
    if not hidden and len(value) <= most:
        return []
    problems = []
    if len(value) > most:
        problems.append(
            ValueProblem(
                code="forms.too-long",
                text="Skriv højst {most} tegn. Teksten er på {length} tegn.",
                params={"most": most, "length": len(value)},
            )
        )
    if hidden:
        problems.append(
            ValueProblem(
                code="forms.forbidden-characters",
                text="Teksten indeholder tegn, der ikke kan ses ({characters}). Slet dem, eller skriv teksten igen.",
                params={"characters": ", ".join(hidden[:5])},
            )
        )
    return problems


def object_problems(value: Any, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> list[ValueProblem]:
    """Objections to a mapping of short texts that must have ``required`` keys and may have ``optional`` ones."""
    if not isinstance(value, dict) or not all(key in required or key in optional for key in value):
        return [WRONG_TYPE]
    if not all(value.get(key) for key in required):
        return [ValueProblem(code="forms.incomplete", text="Svaret er ikke fuldstændigt. Vælg eller udfyld det igen.")]
    return [problem for part in value.values() for problem in text_problems(part, 300)]


def normal_object(value: Any) -> Any:
    """A mapping with normalised texts and without the keys that are empty."""
    if not isinstance(value, dict):
        return value
    return {key: part for key, raw in value.items() if (part := normal_text(raw)) is not None and part != ""}


def text_part(value: Any) -> list[tuple[str, str]]:
    """The own words of a value that is a mapping with ``text``, as ``free_text`` gives them."""
    text = value.get("text") if isinstance(value, dict) else None
    return [("", text)] if isinstance(text, str) else []


def reworded_part(value: Any, change: Callable[[str], str]) -> Any:
    """``value`` with the text that ``text_part`` finds given to ``change``."""
    return {**value, "text": change(value["text"])} if text_part(value) else value
