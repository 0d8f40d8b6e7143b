"""Rows with typed columns, stored as a list of mappings from column id to value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from tillid.forms import fieldtypes  # the registry imports this module: what is in it is there when it is asked for
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes.base import WRONG_TYPE, FieldType, Find
from tillid.forms.fieldtypes.differences import CELLS, Difference, row_difference
from tillid.forms.fieldtypes.json_values import Schema, closed
from tillid.forms.problems import ValueProblem

_COLUMN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "label", "type"],
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"},
        "label": {"type": "string", "minLength": 1},
        "type": {"type": "string"},
        "settings": {"type": "object"},
        "hidden": {"type": "boolean"},
    },
}
DEFAULT_MAX_ROWS = 50
MOST_ROWS = 500  # no definition can allow more, so a longer table is refused without looking at its cells


def column_fields(field: Field) -> tuple[Field, ...]:
    """The columns of a table as fields of their own type."""
    return field.columns


def _type(column: Field) -> FieldType:
    return fieldtypes.field_type(column.type)


class Table(FieldType):
    """Posted row by row under one name: as many texts per row as there are columns; wholly blank rows are dropped."""

    name = "table"
    search = ("text", "keyword", "number", "day")
    widget = "table"
    condition_type = "list"
    settings_schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["columns"],
        "properties": {
            "columns": {"type": "array", "items": _COLUMN, "minItems": 1, "maxItems": 12},
            "max_rows": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
        },
    }
    _COLUMNS: ClassVar = [
        {"id": "what", "label": "Hvad", "type": "text", "settings": {"max": 20}},
        {"id": "goes_on", "label": "Fortsætter", "type": "yes_no"},
    ]
    good = (
        ({"columns": _COLUMNS}, [{"what": "Sprogleg & sang", "goes_on": True}]),
        ({"columns": _COLUMNS}, [{"what": "Rolig stund"}, {}, {"goes_on": False}]),
    )
    bad = (
        ({"columns": _COLUMNS}, [{"what": "en meget lang tekst om hvad"}]),
        ({"columns": _COLUMNS}, [{"ukendt": "x"}]),
        ({"columns": _COLUMNS}, [{"what": "klokke\x07"}]),
        ({"columns": _COLUMNS, "max_rows": 1}, [{"what": "a"}, {"what": "b"}]),
        ({"columns": _COLUMNS}, {"what": "a"}),
        ({"columns": _COLUMNS}, ["a"]),
    )

    def parse(self, values: list[str], field: Field) -> Any:
        columns = column_fields(field)
        if len(values) % len(columns):
            return values if any(values) else None  # a torn post; ``validate`` refuses a list of texts
        if len(values) > 2 * MOST_ROWS * len(columns):
            return [{}] * (len(values) // len(columns))  # refused for their number; blank rows may well be many
        rows = [values[start : start + len(columns)] for start in range(0, len(values), len(columns))]
        return [{c.id: _type(c).parse([cell], c) for c, cell in zip(columns, row, strict=True) if cell} for row in rows]

    def normalise(self, value: Any, field: Field) -> Any:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            return value
        if len(value) > 2 * MOST_ROWS:
            return value
        columns = field.columns_by_id
        rows = [_normal_row(row, columns) for row in value]
        return [row for row in rows if row]

    def value_schema(self, field: Field, definition: FormDefinition) -> Schema:
        row = {column.id: _type(column).value_schema(column, definition) for column in column_fields(field)}
        most = field.settings.get("max_rows", DEFAULT_MAX_ROWS)
        return {"type": "array", "maxItems": most, "items": closed(row, [])}

    def validate(self, value: Any, field: Field, definition: FormDefinition) -> list[ValueProblem]:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            return [WRONG_TYPE]
        most = field.settings.get("max_rows", DEFAULT_MAX_ROWS)
        if len(value) > most:
            return [ValueProblem(code="forms.too-many-rows", text="Skriv højst {most} rækker.", params={"most": most})]
        columns = field.columns_by_id
        return [
            problem
            for number, row in enumerate(value, start=1)
            for problem in _row_problems(row, number, columns, definition)
        ]

    def format(self, value: Any, field: Field, definition: FormDefinition, language: str = "da") -> list[list[str]]:
        """One list of texts per row, in the order of the columns that are not hidden."""
        columns = _shown_columns(field)
        return [
            [_type(c).format(row[c.id], c, definition, language) if c.id in row else "" for c in columns]
            for row in value
        ]

    def inner(self, field: Field) -> tuple[Field, ...]:
        return column_fields(field)

    def free_text(self, value: Any, field: Field) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []

        def look(cell: Any, column: Field, number: int) -> Any:
            where = f"{number + 1}, {column.label}"
            found.extend((where, text) for _, text in _type(column).free_text(cell, column))
            return cell

        _each_cell(value, field, look)
        return found

    def reworded(self, value: Any, field: Field, change: Callable[[str], str]) -> Any:
        return _each_cell(value, field, lambda cell, column, number: _type(column).reworded(cell, column, change))

    def diff(self, old: Any, new: Any, field: Field, definition: FormDefinition, language: str = "da") -> Difference:
        """Row by row, the cells of a row with `` | `` between them, each behind the name of its column where there are several,
        and within a changed row word by word."""
        columns = _shown_columns(field)
        written = [self.format(value or [], field, definition, language) for value in (old, new)]
        before, after = ([_row(columns, cells) for cells in rows] for rows in written)

        def told(one: int, other: int) -> tuple[str, str]:
            cells = [
                _type(column).told(old[one].get(column.id), new[other].get(column.id), column, definition, language)
                for column in columns
            ]
            return _row(columns, [cell for cell, _ in cells]), _row(columns, [cell for _, cell in cells])

        plain = ([" ".join(cells) for cells in written[0]], [" ".join(cells) for cells in written[1]])
        return row_difference(before, after, told, plain)

    def typed(self, value: Any, field: Field) -> Any:
        return _each_cell(value, field, lambda cell, column, number: _type(column).typed(cell, column))

    def in_copy(self, value: Any, field: Field) -> Any:
        return _each_cell(value, field, lambda cell, column, number: _type(column).in_copy(cell, column))

    def completed(self, value: Any, field: Field, find: Find) -> Any:
        return _each_cell(value, field, lambda cell, column, number: _type(column).completed(cell, column, find))

    def restored(self, value: Any, stored: Any, field: Field) -> Any:
        """A row may have been moved since it was shown: what stood at its place counts first, then any other row."""
        rows = [row for row in stored if isinstance(row, dict)] if isinstance(stored, list) else []

        def put_back(cell: Any, column: Field, number: int) -> Any:
            own = rows[number : number + 1] + rows
            tries = (_type(column).restored(cell, row.get(column.id), column) for row in own)
            return next((found for found in tries if found != cell), cell)

        return _each_cell(value, field, put_back)


def _shown_columns(field: Field) -> list[Field]:
    hidden = {column["id"] for column in field.settings["columns"] if column.get("hidden")}
    return [column for column in column_fields(field) if column.id not in hidden]


def _row(columns: list[Field], cells: list[str]) -> str:
    """A row in words; what is empty is left out."""
    if len(columns) == 1:
        return cells[0]
    return CELLS.join(f"{column.label}: {cell}" for column, cell in zip(columns, cells, strict=True) if cell)


def _each_cell(value: Any, field: Field, change: Callable[[Any, Field, int], Any]) -> Any:
    """``value`` with every cell of a known column changed; anything that is no table unchanged."""
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value) or len(value) > MOST_ROWS:
        return value
    columns = field.columns_by_id
    return [
        {k: change(cell, columns[k], number) if k in columns else cell for k, cell in row.items()}
        for number, row in enumerate(value)
    ]


def _normal_row(row: dict, columns: Mapping[str, Field]) -> dict:
    normal = {}
    for key, cell in row.items():
        column = columns.get(key)
        if column is None:
            normal[key] = cell
            continue
        kind = _type(column)
        kept = kind.normalise(cell, column)
        if not kind.is_empty(kept):
            normal[key] = kept
    return normal


def _row_problems(
    row: dict, number: int, columns: Mapping[str, Field], definition: FormDefinition
) -> list[ValueProblem]:
    problems = []
    for key, cell in row.items():
        column = columns.get(key)
        if column is None:
            return [WRONG_TYPE]
        for problem in _type(column).validate(cell, column, definition):
            problems.append(
                ValueProblem(
                    code=problem.code,
                    text="Række {row}, {column}: " + problem.text,
                    params={**problem.params, "row": number, "column": column.label},
                )
            )
    return problems


TYPES = (Table(),)
