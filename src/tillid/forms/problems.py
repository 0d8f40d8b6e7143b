"""What can be wrong with a definition or with an answer, as data with a stable code and a Danish text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from tillid.kernel.errors import TillidError


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One fault in a definition file.

    ``file`` and ``line`` (from 1; 0 = the file as a whole) say where, ``field`` is the field's id or empty, ``code`` is
    stable (``forms.duplicate-id``), ``text`` and ``suggestion`` are Danish.
    """

    file: str
    line: int
    field: str
    code: str
    text: str
    suggestion: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        field = f" [{self.field}]" if self.field else ""
        advice = f" {self.suggestion}" if self.suggestion else ""
        return f"{where}{field} {self.code}: {self.text}{advice}"


class DefinitionError(TillidError):
    """One or more definitions cannot be used; ``problems`` lists every fault that was found, not only the first."""

    code = "forms.definition"
    text = (
        "Formulardefinitionerne kan ikke bruges. {first} (Fejl i alt: {count}. »tillid definitions check« viser alle.)"
    )

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(map(str, self.problems)), first=str(self.problems[0]), count=len(self.problems))


class ValueProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What a field type has against a value. ``params`` never hold the value itself, only limits, counts and codes."""

    code: str
    text: str
    params: dict[str, Any] = {}


class AnswerProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with the answer to one field; ``text`` is Danish with ``{placeholders}`` filled from ``params``."""

    field_id: str
    code: str
    text: str
    params: dict[str, Any] = {}

    @property
    def message(self) -> str:
        """The Danish text with its placeholders filled."""
        return self.text.format(**self.params)


class AnswerError(TillidError):
    """An answer that cannot be stored; ``problem`` says which field and why."""

    code = "forms.answer"

    def __init__(self, problem: AnswerProblem) -> None:
        self.problem = problem
        # "field_id" travels as a parameter, so that the page can put the message beside the field.
        super().__init__(
            f"field {problem.field_id}",
            code=problem.code,
            text=problem.text,
            **{"field_id": problem.field_id, **problem.params},
        )
