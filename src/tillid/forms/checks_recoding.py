"""Whether every code, column and part of an old field has a place in the new version (used by ``checks_upcasts``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tillid.forms.carrying import CODED, can_take, parts_of
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.table import column_fields
from tillid.forms.schema import nearest
from tillid.forms.upcast_steps import WAYS, Part, Recode, Rename, Split

Fault = tuple[str, str, str]  # code, text, suggestion
_YES_NO = {"true": True, "false": False}


def recoding_faults(
    old: Field, before: FormDefinition, new: Field, after: FormDefinition, step: Rename | Recode | None
) -> Iterator[Fault]:
    """What is missing in ``codes`` or ``columns`` (of ``step``, if there is one) between two fields whose types fit."""
    if step is not None and not step.why and None in {*step.codes.values(), *step.columns.values()}:
        yield "forms.upcast-why", "Noget bliver ikke ført med, uden at det siges hvorfor.", 'Skriv why: "…" på dansk.'
    if by_codes(old, new):
        yield from _codes(codes_of(old, before), codes_of(new, after), step.codes if step else {}, old.id)
    elif old.type == new.type == "table":
        yield from _columns(old, before, new, after, step.columns if step else {})


def by_codes(old: Field, new: Field) -> bool:
    """Whether an answer goes over code by code, so that each code needs a place."""
    return old.type in CODED and new.type in CODED or (old.type, new.type) == ("choice", "yes_no_unknown")


def codes_of(field: Field, definition: FormDefinition) -> tuple[str | bool, ...]:
    """The codes a field of a coded type can hold."""
    if field.type == "yes_no":
        return (True, False)
    if field.type == "yes_no_unknown":
        return ("yes", "no", "unknown")
    return definition.code_list(field.settings["code_list"]).codes


def _codes(
    olds: Iterable[str | bool], news: tuple[str | bool, ...], mapped: Mapping[str, str | bool | None], name: str
) -> Iterator[Fault]:
    keys = {str(code).lower() if isinstance(code, bool) else code: code for code in olds}
    for key, code in keys.items():
        heir = mapped.get(key, code)
        if heir is not None and not _among(heir, news):
            text = f"Koden »{key}« i »{name}« har ingen plads i den nye version."
            yield "forms.upcast-code", text, f"Skriv den under codes. {nearest(str(heir), map(str, news))}".strip()
    for key in mapped:
        if key not in keys:
            yield "forms.upcast-code", f"Den gamle version har ikke koden »{key}« i »{name}«.", nearest(key, keys)


def _among(code: str | bool, codes: tuple[str | bool, ...]) -> bool:
    return any(code == one and isinstance(code, bool) == isinstance(one, bool) for one in codes)


def _columns(
    old: Field, before: FormDefinition, new: Field, after: FormDefinition, mapped: Mapping[str, str | None]
) -> Iterator[Fault]:
    olds, news = ({c.id: c for c in column_fields(table)} for table in (old, new))
    for name, column in olds.items():
        heir = mapped.get(name, name)
        if heir is None:
            continue
        if heir not in news:
            text = f"Kolonnen »{name}« i »{old.id}« har ingen plads i den nye version."
            yield "forms.upcast-column", text, f"Skriv den under columns. {nearest(heir, news)}".strip()
        elif not can_take(column, news[heir]):
            text = f"Kolonnen »{name}« ({column.type}) kan ikke blive til »{heir}« ({news[heir].type})."
            yield "forms.upcast-type", text, "Vælg en anden kolonne, eller skriv null og why."
        elif column.type in CODED and news[heir].type in CODED:
            yield from _codes(codes_of(column, before), codes_of(news[heir], after), {}, f"{old.id}.{name}")
    for name in mapped:
        if name not in olds:
            yield "forms.upcast-column", f"Den gamle tabel »{old.id}« har ikke kolonnen »{name}«.", nearest(name, olds)
    heirs = [mapped.get(name, name) for name in olds]
    for name in {h for h in heirs if h is not None and heirs.count(h) > 1}:
        yield "forms.upcast-two-values", f"To kolonner går til »{name}«.", "Lad hver kolonne få sin egen."


def splitting_faults(
    step: Split, old: Field, before: FormDefinition, news: Mapping[str, Field], after: FormDefinition
) -> Iterator[Fault]:
    """Ways that do not fit the old type, targets that cannot hold the part, and parts nobody takes."""
    wrong = False
    for part in step.into:
        way = next((name for name in WAYS if getattr(part, name) is not None), "")
        alone = _alone(part, way, old, before)
        if isinstance(alone, str):
            wrong = True
            yield "forms.upcast-split", f"»{old.id}« ({old.type}) kan ikke deles med {way or 'intet'}.", alone
        elif not can_take(alone, news[part.field]):
            text = f"Delen af »{old.id}« kan ikke stå i »{part.field}« ({news[part.field].type})."
            yield "forms.upcast-type", text, "Vælg et andet felt."
        elif part.codes is not None and news[part.field].type in CODED:
            codes = part.codes
            yield from _codes(tuple(codes), codes_of(news[part.field], after), codes, old.id)
    if not wrong and not step.why and (rest := _untaken(step, old, before)):
        text = f"Noget af »{old.id}« har ingen plads: {', '.join(rest)}."
        yield "forms.upcast-not-total", text, "Giv det en plads, eller skriv why."


def _alone(part: Part, way: str, old: Field, before: FormDefinition) -> Field | str:
    """The part as a field of its own, or what to write instead."""
    if way == "part":
        parts = parts_of(old)
        return parts.get(part.part or "") or (nearest(part.part, parts) if parts else "Svaret har ingen dele.")
    if way in ("has", "codes"):
        if old.type not in ("choice", "multi_choice", "choice_text"):
            return "Kun valg har koder."
        known = codes_of(old, before)
        asked = [part.has] if way == "has" else list(part.codes or {})
        unknown = next((code for code in asked if code not in known), None)
        if unknown is not None:
            return nearest(unknown, map(str, known))
        kind = "yes_no" if way == "has" else "multi_choice"
        return Field(id=old.id, label=old.label, type=kind, settings=old.settings)
    if way == "column":
        columns = [c.id for c in column_fields(old)] if old.type == "table" else []
        if part.column not in columns:
            return nearest(part.column, columns) if columns else "Kun en tabel har kolonner."
    elif old.type not in ("text", "long_text"):
        return "Kun tekst har linjer."
    return Field(id=old.id, label=old.label, type="long_text", settings={"max": 20_000})


def _untaken(step: Split, old: Field, before: FormDefinition) -> list[str]:
    if old.type == "table":
        return [c.id for c in column_fields(old) if c.id not in {part.column for part in step.into}]
    by_code = any(part.has is not None or part.codes is not None for part in step.into)
    rest: list[str] = []
    if by_code:
        taken = {part.has for part in step.into} | {code for part in step.into for code in part.codes or ()}
        rest += [str(code) for code in codes_of(old, before) if code not in taken]
    parts = parts_of(old)
    if parts:
        gone = {part.part for part in step.into} | ({"code"} if by_code else set())
        return rest + [key for key in parts if key not in gone]
    if old.type in ("text", "long_text"):
        lines = {part.lines for part in step.into}
        return [] if "all" in lines else [name for name in ("first", "rest") if name not in lines]
    return rest
