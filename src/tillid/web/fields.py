"""From a definition's fields and a draft to what the form macros draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import structs

from tillid.documents.model import DraftField
from tillid.documents.rendering import AttachedFile, attached_files
from tillid.documents.talks import waiting
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.parts import part_field
from tillid.forms.fieldtypes.table import MOST_ROWS, column_fields
from tillid.forms.showing import Showing, shown_fields
from tillid.forms.wording import Hint, field_hints, settings_of
from tillid.forms.wording_lists import load_wording
from tillid.usecases.fill import DraftView, reader_of
from tillid.usecases.override_warning import Warned

Option = tuple[str, str]  # value, label
Offers = Callable[[str], tuple[Option, ...]]  # register → what the writer may choose there


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table field, or a part of a value made of several."""

    id: str
    label: str
    widget: str
    maximum: int = 0
    options: tuple[Option, ...] = ()
    low: int | None = None
    high: int | None = None
    required: bool = False
    hidden: bool = False
    media_types: tuple[str, ...] = ()
    max_bytes: int = 0


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One field on a page. ``value``: stored shape; ``text``: for reading; ``yours``: the reader's own text that lost a
    race with ``value``, until the reader has chosen; ``undoable``: the own last change
    can be taken back; ``warnings``: soft rules at the field; ``support``: questions to think of; ``asks_sheet``: what a file is that cannot be read (``usecases/attach_file.py``); ``error``: why the last posted value was not saved; ``file_at(id, place)``: where one of ``files`` is opened."""

    id: str
    label: str
    help: str
    widget: str
    value: Any
    text: Any
    editable: bool
    required: bool
    sensitive: bool
    revision: int
    maximum: int = 0
    choices: tuple[Any, ...] = ()
    options: tuple[Option, ...] = ()
    scale: tuple[int, ...] = ()
    low: int | None = None
    high: int | None = None
    columns: tuple[Column, ...] = ()
    media_types: tuple[str, ...] = ()
    max_bytes: int = 0
    written_by_other: bool = False
    unconfirmed: bool = False
    yours: Any = None
    error: str = ""
    files: tuple[AttachedFile, ...] = ()
    file_at: Any = None
    support: tuple[str, ...] = ()
    undoable: bool = False
    asks_sheet: bool = False
    warnings: tuple[Warned, ...] = ()
    wording: tuple[Hint, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"f.{self.id}"

    @property
    def input_id(self) -> str:
        return f"f-{self.id}"


def form_reader(view: DraftView) -> str:
    """As which reader of the definition the writer meets the form."""
    return reader_of(view.document, view.side)


def met(definition: FormDefinition, view: DraftView) -> list[Field]:
    """The fields the writer meets, in order: the own ones by their conditions, others' when they have an answer, and
    the parents' empty ones that a professional may write in a talk."""
    shown = {
        f.id for f in shown_fields(definition, view.draft.answers, view.facts, form_reader(view))
    } | view.for_parents
    return [f for f in definition.fields if f.id in shown and f.id in view.visible]


def field_view(
    definition: FormDefinition,
    view: DraftView,
    one: Field,
    *,
    person_id: str,
    editable: bool,
    offers: Offers = lambda register: (),
    error: str = "",
    posted: Any = None,
    file_at: Any = None,
    warnings: tuple[Warned, ...] = (),
    language: str = "da",
    asks_sheet: bool = False,
) -> FieldView:
    """The field as this writer meets it; ``posted`` is shown instead of the draft's value when it was refused."""
    kind = field_type(one.type)
    stored = view.draft.fields.get(one.id)
    value = stored.value if stored else None
    showing = Showing(definition, view.draft.answers, view.facts)
    own = [kept for kept in view.draft.kept.get(one.id, ()) if kept.by == person_id]
    return FieldView(
        id=one.id,
        label=one.label,
        help=one.help,
        widget=kind.widget,
        value=kind.typed(posted if error and posted is not None and not _endless(posted) else value, one),
        text=kind.format(value, one, definition, language) if value is not None and not kind.is_empty(value) else "",
        editable=editable,
        required=showing.required(one),
        sensitive=one.sensitive,
        revision=stored.revision if stored else 0,
        unconfirmed=one.id in waiting(view.draft),
        yours=_kept_text(own, one, definition, language),
        error=error,
        files=attached_files(value, language),
        file_at=file_at,
        asks_sheet=asks_sheet,
        support=tuple(getattr(one, "support", ())),
        warnings=warnings,
        undoable=editable and _undoable(view, one.id, stored),
        wording=_wording(definition, one, value, view.facts) if editable and value is not None else (),
        **_limits(one),
        **_offered(definition, one, showing.variant, offers if editable else lambda register: ()),
    )


def _limits(one: Field) -> dict[str, Any]:
    """What the field's settings say of how much and which."""
    settings = one.settings
    return {
        "maximum": 0 if field_type(one.type).parts(one) else _most(one),
        "low": settings.get("min"),
        "high": settings.get("max"),
        "scale": tuple(range(settings["from"], settings["to"] + 1)) if {"from", "to"} <= set(settings) else (),
        "media_types": tuple(settings.get("media_types", ())),
        "max_bytes": int(settings.get("max_bytes", 0)),
    }


def _offered(definition: FormDefinition, one: Field, variant: str | None, offers: Offers) -> dict[str, Any]:
    """What the writer chooses among."""
    kind = field_type(one.type)
    return {
        "choices": _choices(definition, one, variant),
        "options": offers(kind.reference or kind.suggests) if kind.widget in ("select", "person") else (),
        "columns": _columns(definition, one, offers),
    }


def _wording(definition: FormDefinition, one: Field, value: Any, facts: Mapping[str, Any]) -> tuple[Hint, ...]:
    return tuple(field_hints(definition, one, value, settings_of(facts), load_wording()))


def _undoable(view: DraftView, field_id: str, stored: DraftField | None) -> bool:
    """Whether the writer's own last change can be taken back (the draft as seen holds no other's)."""
    undo = view.draft.undo.get(field_id)
    return undo is not None and stored is not None and undo.revision == stored.revision


def _endless(posted: Any) -> bool:
    """Rows that no page could show again; nobody has typed them."""
    return isinstance(posted, list) and len(posted) > MOST_ROWS


def _kept_text(own: list[DraftField], one: Field, definition: FormDefinition, language: str) -> Any:
    if not own:
        return None
    value = own[-1].value
    return field_type(one.type).format(value, one, definition, language) if value is not None else ""


def _choices(definition: FormDefinition, one: Field, variant: str | None) -> tuple[Any, ...]:
    code_list = one.settings.get("code_list")
    offered = definition.code_list(code_list).for_variant(variant) if code_list else ()
    return tuple(structs.replace(choice, group=_heading(definition, choice.group)) for choice in offered)


def _heading(definition: FormDefinition, group: str) -> str:
    """A group is named by a code of another list (a sign's position); people read that code's label."""
    named = (choice for one in definition.code_lists if (choice := one.choice(group)))
    return next((choice.label for choice in named), group)


def _columns(definition: FormDefinition, one: Field, offers: Offers) -> tuple[Column, ...]:
    """The columns of a table, or the parts of a value made of several."""
    if one.type == "table":
        hidden = {c["id"] for c in one.settings["columns"] if c.get("hidden")}
        return tuple(_column(definition, column, offers, hidden=column.id in hidden) for column in column_fields(one))
    parts = field_type(one.type).parts(one)
    whole = bool(one.settings.get("whole"))
    return tuple(_column(definition, part_field(one, p), offers, required=p.required or whole) for p in parts)


def _column(definition: FormDefinition, column: Field, offers: Offers, **more: bool) -> Column:
    kind = field_type(column.type)
    offered = offers(kind.reference or kind.suggests) if kind.widget in ("select", "person") else ()
    return Column(
        id=column.id,
        label=column.label,
        widget=kind.widget,
        maximum=_most(column),
        options=tuple((c.code, c.label) for c in _choices(definition, column, None)) or offered,
        low=column.settings.get("min"),
        high=column.settings.get("max"),
        media_types=tuple(column.settings.get("media_types", ())),
        max_bytes=int(column.settings.get("max_bytes", 0)),
        **more,
    )


def _most(one: Field) -> int:
    """How many characters may be written; 0 for what is no text."""
    return 0 if one.type == "number" else int(one.settings.get("max", 0))
