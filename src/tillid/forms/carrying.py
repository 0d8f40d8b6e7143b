"""One value from a field of one version into a field of the next: converted, fitted to its limits, never cut.

What does not fit comes out as ``Loose``: its whole text and why. Nothing here raises, whatever the value is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import TYPES
from tillid.forms.fieldtypes.base import CANNOT, Source, flat_text
from tillid.forms.fieldtypes.parts import part_field
from tillid.forms.fieldtypes.table import DEFAULT_MAX_ROWS, column_fields
from tillid.kernel.errors import TillidError

# A stored answer is of its type's shape; a hostile one may be of any, and then its type's own code may stumble.
STUMBLES = (KeyError, TypeError, ValueError, AttributeError, IndexError, TillidError)
TEXTS = ("text", "long_text")
LONG = {"max": 20_000}
CODED = ("choice", "multi_choice", "choice_text", "yes_no")
# Two types keep a mapping without saying its parts (``FieldType.parts``): what each part is when it stands alone.
_OWN_PARTS = {
    "choice_text": {"code": "choice", "text": "long_text"},
    "scale_text": {"score": "text", "text": "long_text"},
}
NO_TYPE = "Det nye felt kan ikke rumme et svar af denne slags."
NO_CODE = "Svarmuligheden findes ikke mere."
NO_COLUMN = "Kolonnen findes ikke mere."
TOO_MANY = "Der er ikke plads til flere rækker i den nye version."
NOT_VALID = "Svaret har ikke den form, som feltet skal have."


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """A field in its version; ``variant`` narrows the codes that may be chosen."""

    field: Field
    definition: FormDefinition
    variant: str | None = None


class Loose(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be carried: the whole of it, a stable reason and a Danish sentence."""

    text: str
    reason: str
    why: str


class Mapped(msgspec.Struct, frozen=True, kw_only=True):
    """Codes and columns that changed name, and why some have no heir."""

    codes: Mapping[str, str | bool | None] = {}
    columns: Mapping[str, str | None] = {}
    why: str = ""


def parts_of(field: Field) -> dict[str, Field]:
    """The named parts of a value of ``field``, each as a field of the type it is when it stands alone."""
    parts = TYPES[field.type].parts(field)
    if parts:
        return {part.key: part_field(field, part) for part in parts}
    return {
        key: Field(id=key, label=field.label, type=kind, settings=field.settings if kind == "choice" else LONG)
        for key, kind in _OWN_PARTS.get(field.type, {}).items()
    }


def can_take(old: Field, new: Field) -> bool:
    """Whether a value of ``old`` can become one of ``new`` by its type, before its limits are asked."""
    was, now = old.type, new.type
    if was == now or now in TEXTS or was in TYPES[now].taken:
        return True
    return was in CODED and now in CODED


def words_of(value: Any, field: Field, definition: FormDefinition) -> str:
    """``value`` as people read it; JSON if it is of no shape its type knows."""
    try:
        # JSON is the honest spelling of a value that its own type would refuse.
        if not TYPES[field.type].validate(value, field, definition):
            return flat_text(TYPES[field.type].format(value, field, definition))
    except STUMBLES:
        pass
    return value if isinstance(value, str) else raw_words(value)


def raw_words(value: Any) -> str:
    """Any JSON value as text."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def carry(value: Any, old: Side, new: Side, mapped: Mapped | None = None) -> tuple[Any, list[Loose]]:
    """``value`` of ``old`` as an answer of ``new`` (``None`` = nothing came over) and what was left."""
    mapped = mapped or Mapped()
    try:
        if TYPES[old.field.type].is_empty(value):
            return None, []
        raw, loose = _converted(value, old, new, mapped)
        if raw is None:
            return None, loose
        fitted, more = fit(raw, new, whole=words_of(value, old.field, old.definition))
        return fitted, [*loose, *more]
    except STUMBLES:
        return None, [Loose(text=words_of(value, old.field, old.definition), reason="not-valid", why=NOT_VALID)]


def fit(raw: Any, new: Side, *, whole: str) -> tuple[Any, list[Loose]]:
    """``raw`` normalised and checked; ``whole`` is what is left over if it may not be stored."""
    kind = TYPES[new.field.type]
    value = kind.normalise(raw, new.field)
    if kind.is_empty(value):
        return None, []
    value, loose = _only_offered(value, new)
    if value is None:
        return None, loose
    if problems := kind.validate(value, new.field, new.definition):
        why = problems[0].text.format(**{"label": new.field.label, **problems[0].params})
        return None, [Loose(text=whole, reason=problems[0].code.removeprefix("forms."), why=why)]
    return value, loose


def _only_offered(value: Any, new: Side) -> tuple[Any, list[Loose]]:
    """Without the codes that the list, or this variant of it, does not offer."""
    if new.field.type not in ("choice", "multi_choice", "choice_text"):
        return value, []
    code_list = new.definition.code_list(new.field.settings["code_list"])
    offered = [choice.code for choice in code_list.for_variant(new.variant)]
    codes = value if isinstance(value, list) else [value.get("code") if isinstance(value, dict) else value]
    gone = [code for code in codes if code not in offered]
    if not gone:
        return (sorted(value, key=code_list.codes.index), []) if isinstance(value, list) else (value, [])
    words = [_label(code, code_list) for code in gone]
    if isinstance(value, dict) and value.get("text"):
        words.append(raw_words(value["text"]))
    loose = [Loose(text=text, reason="no-code", why=NO_CODE) for text in words]
    rest = [code for code in codes if code in offered]
    return (sorted(rest, key=code_list.codes.index) if isinstance(value, list) and rest else None), loose


def _label(code: Any, code_list: Any) -> str:
    found = code_list.choice(code) if isinstance(code, str) else None
    return found.label if found else raw_words(code)


def _converted(value: Any, old: Side, new: Side, mapped: Mapped) -> tuple[Any, list[Loose]]:
    """``value`` in the shape of the new type, not yet checked."""
    was, now = old.field.type, new.field.type
    if was in CODED and now in CODED:
        return _coded(value, old, new, mapped)
    if was == now == "table":
        return _rows(value, old, new, mapped)
    if was == now:
        return value, []
    words = words_of(value, old.field, old.definition)
    if now in TEXTS:
        return words, []
    source = Source(field=old.field, definition=old.definition, codes=_named_codes(mapped))
    taken = TYPES[now].takes_from(was, value, new.field, new.definition, source)
    if taken is not CANNOT:
        return taken, []
    return None, [Loose(text=words, reason="no-type", why=NO_TYPE)]


def _coded(value: Any, old: Side, new: Side, mapped: Mapped) -> tuple[Any, list[Loose]]:
    """Codes through the map into any of the types that hold codes; own words go along where there is room."""
    was, now = old.field.type, new.field.type
    own = value.get("text") if was == "choice_text" else None
    codes = value if isinstance(value, list) else [value["code"] if was == "choice_text" else value]
    heirs, loose = [], []
    for code in codes:
        heir = mapped.codes.get(_key(code), code)
        if heir is None or (now == "yes_no") != isinstance(heir, bool):
            text = words_of([code] if was == "multi_choice" else code if was != "choice_text" else {"code": code},
                            old.field, old.definition)  # fmt: skip
            loose.append(Loose(text=text, reason="no-code", why=(mapped.why if heir is None else "") or NO_CODE))
        else:
            heirs.append(heir)
    if now != "multi_choice" and len(heirs) > 1:
        words = words_of(value, old.field, old.definition)
        return None, [*loose, Loose(text=words, reason="no-type", why="Det nye felt har kun plads til ét svar.")]
    if own and (now != "choice_text" or not heirs):
        loose.append(Loose(text=raw_words(own), reason="no-type", why=NO_TYPE))
    if not heirs:
        return None, loose
    if now == "choice_text":
        return {"code": heirs[0], **({"text": own} if own else {})}, loose
    return (heirs if now == "multi_choice" else heirs[0]), loose


def _named_codes(mapped: Mapped) -> dict[str, str]:
    return {key: code for key, code in mapped.codes.items() if isinstance(code, str)}


def _key(code: Any) -> str:
    return str(code).lower() if isinstance(code, bool) else code


def _rows(value: Any, old: Side, new: Side, mapped: Mapped) -> tuple[Any, list[Loose]]:
    """Row by row and cell by cell, by column id or through the map."""
    columns = {c.id: c for c in column_fields(old.field)}
    places = {c.id: c for c in column_fields(new.field)}
    rows, loose = [], []
    for number, row in enumerate(value, start=1):
        made: dict[str, Any] = {}
        for key, cell in row.items():
            column = columns.get(key, Field(id=key, label=key, type="text", settings={"max": 1}))
            heir = places.get(mapped.columns.get(key, key) or "")
            if heir is None:
                text = words_of(cell, column, old.definition)
                found = [Loose(text=text, reason="no-column", why=mapped.why or NO_COLUMN)]
            else:
                old_cell, new_cell = Side(field=column, definition=old.definition), _cell(heir, new)
                made[heir.id], found = carry(cell, old_cell, new_cell)
            loose += [_placed(one, number, column.label) for one in found]
        rows.append({key: cell for key, cell in made.items() if cell is not None})
    rows = [row for row in rows if row]
    most = new.field.settings.get("max_rows", DEFAULT_MAX_ROWS)
    for number, row in enumerate(rows[most:], start=most + 1):
        words = words_of([row], new.field, new.definition)
        loose.append(Loose(text=f"Række {number}: {words}", reason="too-many-rows", why=TOO_MANY))
    return rows[:most], loose


def _cell(column: Field, new: Side) -> Side:
    return Side(field=column, definition=new.definition, variant=new.variant)


def _placed(loose: Loose, row: int, label: str) -> Loose:
    return msgspec.structs.replace(loose, text=f"Række {row}, {label}: {loose.text}")
