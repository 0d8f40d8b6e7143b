"""From a definition's fields and a draft to what the form macros draw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from msgspec import structs

from tillid.documents.model import DraftField
from tillid.documents.rendering import AttachedFile, attached_files
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.table import column_fields
from tillid.forms.showing import Showing, shown_fields
from tillid.usecases.fill import DraftView

Option = tuple[str, str]  # value, label


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table field."""

    id: str
    label: str
    widget: str
    maximum: int = 0
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """One field on a page. ``value``: stored shape; ``text``: for reading; ``yours``: the reader's own text that lost a
    race with ``value``, until the reader has chosen; ``error``: why the last posted value was not saved; ``file_at(id, place)``: where one of ``files`` is opened."""

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
    columns: tuple[Column, ...] = ()
    media_types: tuple[str, ...] = ()
    max_bytes: int = 0
    written_by_other: bool = False
    unconfirmed: bool = False
    yours: Any = None
    error: str = ""
    files: tuple[AttachedFile, ...] = ()
    file_at: Any = None
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"f.{self.id}"

    @property
    def input_id(self) -> str:
        return f"f-{self.id}"


def form_reader(view: DraftView) -> str:
    """As which reader of the definition the writer meets the form."""
    return "parent" if view.side == "parent" else ("author" if view.document.round_id else "team")


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
    options: tuple[Option, ...] = (),
    error: str = "",
    posted: Any = None,
    file_at: Any = None,
    language: str = "da",
) -> FieldView:
    """The field as this writer meets it; ``posted`` is shown instead of the draft's value when it was refused."""
    kind = field_type(one.type)
    stored = view.draft.fields.get(one.id)
    value = stored.value if stored else None
    showing = Showing(definition, view.draft.answers, view.facts)
    own = [kept for kept in view.draft.kept.get(one.id, ()) if kept.by == person_id]
    written = view.draft.written_for.get(one.id)
    return FieldView(
        id=one.id,
        label=one.label,
        help=one.help,
        widget=kind.widget,
        value=posted if error and posted is not None else value,
        text=kind.format(value, one, definition, language) if value is not None and not kind.is_empty(value) else "",
        editable=editable,
        required=showing.required(one),
        sensitive=one.sensitive,
        revision=stored.revision if stored else 0,
        maximum=int(one.settings.get("max", 0)),
        choices=_choices(definition, one, showing.variant),
        options=options,
        scale=tuple(range(one.settings["from"], one.settings["to"] + 1)) if one.type == "scale_text" else (),
        columns=_columns(definition, one),
        media_types=tuple(one.settings.get("media_types", ())),
        max_bytes=int(one.settings.get("max_bytes", 0)),
        unconfirmed=written is not None and written.confirmed_at is None,
        yours=_kept_text(own, one, definition, language),
        error=error,
        files=attached_files(value),
        file_at=file_at,
    )


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


def _columns(definition: FormDefinition, one: Field) -> tuple[Column, ...]:
    if one.type != "table":
        return ()
    made = []
    for column in column_fields(one):
        options = tuple((c.code, c.label) for c in _choices(definition, column, None))
        made.append(
            Column(
                id=column.id,
                label=column.label,
                widget=field_type(column.type).widget,
                maximum=int(column.settings.get("max", 0)),
                options=options,
            )
        )
    return tuple(made)
