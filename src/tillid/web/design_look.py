"""How a field or a whole form looks to its readers: the real fill and reading templates over answers that nobody stores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from tillid.documents.model import Draft, DraftField
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.readers import FILLERS, READERS, may_fill, may_see
from tillid.forms.showing import shown_fields
from tillid.web.fields import FieldView, Option, field_view

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
OFFERED: tuple[Option, ...] = (("eksempel-1", "Eksempel 1"), ("eksempel-2", "Eksempel 2"))
_WORDS = "Eksempel på et svar."


@dataclass(frozen=True, kw_only=True)
class Trial:
    """As much of a draft as the field templates ask for."""

    draft: Draft
    facts: dict[str, Any]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One reader's sight of a field. ``how``: fills, reads or never; ``view``: for the macros, ``None`` for never."""

    reader: str
    how: str
    view: Any


def trial(answers: Mapping[str, Any], variant: str) -> Trial:
    """A draft with ``answers`` that lies nowhere."""
    fields = {k: DraftField(value=v, revision=1, by="x", side="professional", at=_NOW) for k, v in answers.items()}
    return Trial(draft=Draft(document_id="x", fields=fields), facts={"variant": variant} if variant else {})


def view_of(definition: FormDefinition, at: Trial, one: Field, *, editable: bool, error: str = "", posted: Any = None,
            language: str = "da") -> FieldView:  # fmt: skip
    """The field as the fill templates draw it."""
    return field_view(definition, at, one, person_id="x", editable=editable, offers=lambda register: OFFERED,  # type: ignore[arg-type]
                      error=error, posted=posted, language=language)  # fmt: skip


def looks_of(definition: FormDefinition | None, name: str, language: str) -> list[Look]:
    """What each reader meets of one field; nothing while the definition cannot be made."""
    if definition is None:
        return []
    try:
        one = definition.in_language(language).field(name)
        fills = {FILLERS.get(code, "") for code in one.filled_by}
        answers = {name: example(one, definition)}
        found = []
        for reader in READERS:
            if reader in fills:
                view = view_of(definition, trial({}, ""), one, editable=not field_type(one.type).from_system)
                found.append(Look(reader=reader, how="fills", view=view))
            elif may_see(one.visible_to, reader):
                at = trial({k: v for k, v in answers.items() if v is not None}, "")
                found.append(Look(reader=reader, how="reads", view=view_of(definition, at, one, editable=False)))
            else:
                found.append(Look(reader=reader, how="never", view=None))
        return found
    except (LookupError, TypeError, ValueError, AttributeError):
        return []  # half-made settings: the check tells of them


def met_by(
    definition: FormDefinition, answers: Mapping[str, Any], reader: str, variant: str
) -> list[tuple[Field, bool]]:
    """The fields that ``reader`` meets, with whether that reader fills them."""
    facts = {"variant": variant} if variant else {}
    return [
        (one, may_fill(one.filled_by, reader) and not field_type(one.type).from_system)
        for one in shown_fields(definition, answers, facts, reader)
    ]


def example(one: Field, definition: FormDefinition, variant: str = "") -> Any:
    """A value that the field takes, about nobody; ``None`` if none is known."""
    kind = field_type(one.type)
    tries: list[Any] = [_WORDS, _WORDS[: int(one.settings.get("max", 1) or 1)] if one.type != "number" else 0]
    if "code_list" in one.settings:
        codes = [choice.code for choice in definition.code_list(one.settings["code_list"]).for_variant(variant or None)]
        tries = [codes[0], codes[:1], {"code": codes[0]}] if codes else []
    tries += [one.settings.get("from"), one.settings.get("min")]
    for value in [*tries, *(value for _settings, value in kind.good)]:
        try:
            made = kind.normalise(value, one)
            if value is not None and not kind.is_empty(made) and not kind.validate(made, one, definition):
                return made
        except Exception:  # a sample of other settings than these: any type may stumble over it in its own way
            continue
    return None
