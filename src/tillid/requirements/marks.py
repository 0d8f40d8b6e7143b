"""Finds ``@pytest.mark.req("O6", …)`` in test files by reading their syntax: nothing is imported, so it is quick and
works without the packages that the tests need."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import msgspec


class Mark(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One number on one test. ``test`` is pytest's id without parameters (``tests/unit/test_x.py::test_y``)."""

    number: str
    test: str
    line: int


def find_marks(folder: Path, base: Path | None = None) -> list[Mark]:
    """All marks in the ``test_*.py`` under ``folder``; ids are relative to ``base`` (default: the folder's parent).

    A mark on a class or a module (``pytestmark``) counts for each test in it; one on a parameter
    (``pytest.param(…, marks=…)``) for its test. Raises `SyntaxError`, which names the file, for one that is no Python or
    cannot be read.
    """
    base = base or folder.parent
    found: list[Mark] = []
    for path in sorted(path for path in folder.rglob("test_*.py") if path.is_file()):
        tree = _parsed(path)
        found.extend(_in_body(tree.body, path.relative_to(base).as_posix(), _pytestmark(tree.body)))
    return sorted(set(found))


def _parsed(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_bytes(), str(path))
    except (OSError, ValueError, SyntaxError) as error:  # not every one of them knows the file
        raise SyntaxError(str(error), (str(path), getattr(error, "lineno", None), None, None)) from error


def _in_body(body: list[ast.stmt], owner: str, inherited: list[tuple[str, int]]) -> Iterator[Mark]:
    for node in body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            own = _numbers(node.decorator_list) + _pytestmark(node.body)
            yield from _in_body(node.body, f"{owner}::{node.name}", inherited + own)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            for number, line in inherited + _numbers(node.decorator_list):
                yield Mark(number=number, test=f"{owner}::{node.name}", line=line)


def _pytestmark(body: list[ast.stmt]) -> list[tuple[str, int]]:
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in targets):
            return _numbers([node.value])
    return []


def _numbers(expressions: list[ast.expr]) -> list[tuple[str, int]]:
    """Numbers of each ``….mark.req(…)`` call in the expressions, nested ones included; an argument that is no plain
    string shows up as ``?`` and so is reported as unknown."""
    found = []
    for expression in expressions:
        for node in ast.walk(expression):
            if isinstance(node, ast.Call) and _is_req(node.func):
                for argument in node.args:
                    plain = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                    found.append((argument.value if plain else "?", argument.lineno))
    return found


def _is_req(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "req"
        and (
            (isinstance(node.value, ast.Attribute) and node.value.attr == "mark")
            or (isinstance(node.value, ast.Name) and node.value.id == "mark")
        )
    )
