"""The grammar of ``upcast``: how version N of a form says where the answers of version N-1 go (docs/moving_drafts.md)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from tillid.forms.definition import FormDefinition
from tillid.kernel.canonical import canonical_json

Code = str | bool | None
WAYS = ("part", "has", "codes", "column", "lines")


class Rename(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The value of ``field`` goes to ``to``; codes and columns that changed name are mapped."""

    field: str
    to: str
    codes: dict[str, Code] = {}
    columns: dict[str, str | None] = {}
    why: str = ""
    wider: str = ""


class Recode(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The field keeps its id; its codes or columns changed."""

    field: str
    codes: dict[str, Code] = {}
    columns: dict[str, str | None] = {}
    why: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One target of a split; exactly one of ``part`` … ``lines`` is given."""

    field: str
    part: str | None = None
    has: str | None = None
    codes: dict[str, Code] | None = None
    column: str | None = None
    lines: str | None = None


class Split(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Parts of one value go to several fields."""

    field: str
    into: tuple[Part, ...]
    why: str = ""
    wider: str = ""


class Merge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Several values become one text, or rows of a table (``column``)."""

    fields: tuple[str, ...]
    into: str
    titled: bool = True
    column: str = ""
    label_column: str = ""
    wider: str = ""


class Drop(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The field is gone; its text is appended to ``text_to`` or left over."""

    field: str
    why: str
    text_to: str = ""
    wider: str = ""


Step = Rename | Recode | Split | Merge | Drop
_KINDS: dict[str, type[Step]] = {"rename": Rename, "recode": Recode, "split": Split, "merge": Merge, "drop": Drop}


class Upcast(msgspec.Struct, frozen=True, kw_only=True):
    """The whole way from one version to the next. ``taken``: old field id → its step."""

    from_version: int
    note: str = ""
    variants: dict[str, str] = {}
    steps: tuple[Step, ...] = ()
    new: tuple[str, ...] = ()

    @property
    def taken(self) -> dict[str, Step]:
        return {name: step for step in self.steps for name in sources(step)}


def sources(step: Step) -> tuple[str, ...]:
    """The old fields a step takes."""
    return step.fields if isinstance(step, Merge) else (step.field,)


def targets(step: Step) -> tuple[str, ...]:
    """The new fields a step gives to."""
    if isinstance(step, Split):
        return tuple(dict.fromkeys(part.field for part in step.into))
    found = {Rename: "to", Recode: "field", Merge: "into", Drop: "text_to"}[type(step)]
    return tuple(name for name in (getattr(step, found),) if name)


def upcast_of(definition: FormDefinition) -> Upcast | None:
    """What ``definition`` declares; ``None`` if nothing, or if what stands there is no upcast (``upcast_problems`` says
    what is wrong with it; a move then carries what has the same id and leaves the rest over)."""
    if not definition.upcast:
        return None
    return _read(canonical_json(definition.upcast))


@lru_cache(maxsize=256)
def _read(data: bytes) -> Upcast | None:
    raw = msgspec.json.decode(data)
    try:
        steps = tuple(step_of(one) for one in raw.get("steps", []))
        return Upcast(
            from_version=raw["from"],
            note=raw.get("note", ""),
            variants=raw.get("variants", {}),
            steps=steps,
            new=tuple(raw.get("new", [])),
        )
    except (msgspec.ValidationError, KeyError, ValueError, TypeError):
        return None


def step_of(raw: dict[str, Any]) -> Step:
    """One step as data → its struct; raises ``msgspec.ValidationError``, ``KeyError`` or ``ValueError`` for another shape."""
    ((kind, body),) = raw.items()
    return msgspec.convert(body, _KINDS[kind])
