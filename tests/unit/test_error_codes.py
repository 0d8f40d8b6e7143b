"""Every error code means one thing: one code, one text, and no class without a text of its own. Read from the source."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from functools import cache

import pytest

from tillid.kernel.paths import PROJECT

SOURCE = PROJECT / "src" / "tillid"
BASE = "TillidError"
# Mistakes of a program, that no person can bring about: the base text (try again, or ask the administrator) is right.
OURS = {
    "demo.not-taken",
    "documents.exists",
    "documents.fixed",
    "documents.version-frozen",
    "documents.version-order",
    "ledger.unknown-event",
    "store.started",
}


# Of each file the parts that can name a code: walking every part of every tree for every test takes seconds.
Parts = dict[str, list[ast.ClassDef | ast.Call]]


@cache
def source() -> Parts:
    return {str(path.relative_to(SOURCE)): parts(path.read_text("utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


def parts(text: str) -> list[ast.ClassDef | ast.Call]:
    """Classes and calls, the outer before the inner. A file that never says "code" or "Error" holds nothing to ask for."""
    found: list[ast.ClassDef | ast.Call] = []
    waiting: list[ast.AST] = [ast.parse(text)] if "code" in text or "Error" in text else []
    while waiting:  # as `ast.walk`, which takes three times as long
        node = waiting.pop()
        if isinstance(node, ast.ClassDef | ast.Call):
            found.append(node)
        for name in node._fields:
            value = getattr(node, name)
            if isinstance(value, list):
                waiting += [one for one in value if isinstance(one, ast.AST)]
            elif isinstance(value, ast.AST):
                waiting.append(value)
    return found


def constant(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def own(node: ast.ClassDef) -> dict[str, ast.expr]:
    """The class attributes ``code`` and ``text`` that the class sets itself."""
    set_here: dict[str, ast.expr] = {}
    for line in node.body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            set_here[line.targets[0].id] = line.value
        elif isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name) and line.value is not None:
            set_here[line.target.id] = line.value
    return {name: value for name, value in set_here.items() if name in ("code", "text")}


def classes(of: Parts) -> dict[str, ast.ClassDef]:
    return {node.name: node for found in of.values() for node in found if isinstance(node, ast.ClassDef)}


def errors(of: Parts) -> dict[str, ast.ClassDef]:
    """``TillidError`` and all below it, by name."""
    known, found = classes(of), {BASE}
    while more := {n for n, node in known.items() if n not in found and bases(node) & found}:
        found |= more
    return {name: known[name] for name in found if name in known}


def bases(node: ast.ClassDef) -> set[str]:
    return {ast.unparse(base).rsplit(".", 1)[-1] for base in node.bases}


def texts_by_code(of: Parts) -> dict[str, dict[str, list[str]]]:
    """Code → text as written → where; an error that takes its class's text is not a text of its own."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for name, nodes in of.items():
        for node in nodes:
            said = own(node) if isinstance(node, ast.ClassDef) else {}
            if isinstance(node, ast.Call):
                said = {one.arg: one.value for one in node.keywords if one.arg in ("code", "text")}
            if "text" in said and (code := constant(said.get("code"))):
                found[code][ast.unparse(said["text"])].append(f"{name}:{node.lineno}")
    return found


def without_text(of: Parts) -> set[str]:
    """Classes of errors that would show the base's text: none of their own, inherited or given by ``__init__``."""
    known = errors(of)

    def tells(name: str) -> bool:
        if name == BASE or name not in known:
            return False
        given = any(
            isinstance(call, ast.keyword) and call.arg == "text"
            for part in known[name].body
            if isinstance(part, ast.FunctionDef) and part.name == "__init__"
            for call in ast.walk(part)
        )
        return given or "text" in own(known[name]) or any(tells(base) for base in bases(known[name]))

    return {name for name in known if name != BASE and not tells(name)}


def raised_without_text(of: Parts) -> set[str]:
    """Codes given to a bare ``TillidError`` without a text."""
    found = set()
    for nodes in of.values():
        for node in nodes:
            if isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] == BASE:
                said = {one.arg: one.value for one in node.keywords}
                if "text" not in said and (code := constant(said.get("code"))):
                    found.add(code)
    return found


def test_one_code_has_one_text():
    several = {code: dict(texts) for code, texts in texts_by_code(source()).items() if len(texts) > 1}
    assert several == {}


def test_codes_are_stable_words():
    codes = set(texts_by_code(source()))
    assert len(codes) > 60
    assert [code for code in codes if not re.fullmatch(r"[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+", code)] == []


def test_no_class_is_left_with_the_base_text():
    assert len(errors(source())) > 20
    assert without_text(source()) == set()


def test_only_mistakes_of_ours_have_the_base_text():
    assert raised_without_text(source()) == OURS


SAMPLE = """
class TillidError(Exception):
    code, text = "", ""
class Bare(TillidError):
    code = "a.bare"
class Told(TillidError):
    code = "a.told"
    text = "Prøv igen."
class Heir(Told): ...
class Given(TillidError):
    def __init__(self, why):
        super().__init__(why, text="Nej.")
def f():
    raise TillidError("x", code="a.told", text="Noget andet.")
def g():
    raise TillidError("x", code="a.silent")
"""


@pytest.mark.parametrize(
    ("look", "found"),
    [
        (without_text, {"Bare"}),
        (raised_without_text, {"a.silent"}),
        (lambda of: {code for code, texts in texts_by_code(of).items() if len(texts) > 1}, {"a.told"}),
    ],
)
def test_these_tests_can_fail(look, found):
    assert look({"sample.py": parts(SAMPLE)}) == found
