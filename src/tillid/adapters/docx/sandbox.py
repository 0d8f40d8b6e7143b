"""The Jinja environment of document templates: an immutable sandbox with an allow-list of statements and filters.

The sandbox stops attribute tricks; the allow-list stops what a sandbox cannot (``"a" * 10**9``, calls, macros, includes).
"""

from __future__ import annotations

import re

from jinja2 import StrictUndefined, Template, nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from tillid.kernel.errors import TillidError

FILTERS = frozenset({"upper", "lower", "title", "capitalize", "trim", "length", "first", "last", "join", "default"})
TESTS = frozenset({"defined", "none", "equalto", "eq", "ne", "odd", "even"})
NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.For,
    nodes.If,
    nodes.CondExpr,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
    nodes.Test,
)
MAX_LOOPS = 4
MAX_FILTERS, MAX_NODES, MAX_SEPARATOR = 60, 20_000, 20  # of one part; characters between the pieces of a join
PASS = "\0"  # what each pass of a loop that may write nothing writes, so that it cannot run unseen; no XML can hold it
LINE_BREAK = Markup('</w:t><w:br/><w:t xml:space="preserve">')
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # overrides would show other words than the data hold
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EASY = re.compile("[\x20-\u1fff\u2010-\u2027]*")  # nothing of the above and no line breaks: what nearly every answer is


class TemplateError(TillidError):
    """A template that may not be used, or values it cannot take."""

    code = "documents.template-refused"
    text = "Dokumentskabelonen kan ikke bruges. Kontakt jeres administrator."


def printable(text: str) -> str:
    """``text`` without characters XML cannot hold and without those that turn the direction of what follows; those of
    private use, which mean nothing outside one font (and cost PDF/A level A), as the replacement character, Word's pasted
    bullets as bullets."""
    plain = TURNING.sub("", FORBIDDEN.sub("", text)).replace("\uf0b7", "\N{BULLET}")
    return PRIVATE.sub("\N{REPLACEMENT CHARACTER}", plain)


def run_text(value: object) -> object:
    """Every printed value as text of a Word run: line breaks as ``w:br``, control characters gone, and escaped, but for a text that
    needs nothing else: Jinja escapes what it gets from here, and twice is once too often."""
    text = value if type(value) is str else _plain_text(value)
    if text.isprintable() or EASY.fullmatch(text):  # the first is quicker, and lets nothing of the above pass
        # What a template says itself comes here escaped, when it is compiled, and is not escaped once more.
        return text if text is value else escape(text)
    lines = printable(str(escape(text)).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")).split("\n")
    return LINE_BREAK.join(Markup(line) for line in lines)


def property_text(value: object) -> object:
    """As ``run_text`` for the document's properties, which have no runs: line breaks become spaces."""
    text = value if type(value) is str else _plain_text(value)
    if text is value and text.isprintable():
        return " ".join(text.split())
    return Markup(printable(" ".join(str(escape(text)).split())))


def _plain_text(value: object) -> str:
    """As text that is yet to be escaped. What a filter escaped is read back first: another may have cut it or written it large."""
    return value.unescape() if isinstance(value, Markup) else str(value)


class PlainDataSandbox(ImmutableSandboxedEnvironment):
    """An attribute of a dict is what it holds under that name and nothing else; of anything else, what the sandbox lets through."""

    def getattr(self, obj: object, attribute: str) -> object:
        if type(obj) is not dict:
            return super().getattr(obj, attribute)
        return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)


def environment(*, runs: bool) -> ImmutableSandboxedEnvironment:
    """An environment for Word text (``runs``) or for properties; only the listed filters, tests and no globals exist."""
    env = PlainDataSandbox(autoescape=True, undefined=StrictUndefined, finalize=run_text if runs else property_text)
    env.globals.clear()
    env.filters = {name: env.filters[name] for name in FILTERS}
    env.tests = {name: env.tests[name] for name in TESTS}
    return env


def compile_part(env: ImmutableSandboxedEnvironment, source: str, part: str) -> tuple[Template, nodes.Template]:
    """The compiled Jinja template of one part's patched XML, and what was compiled; raises ``TemplateError`` on anything outside the
    allow-list."""
    try:
        return _compiled(env, source, part)
    except (RecursionError, SyntaxError) as problem:  # Python's own limits of nesting
        raise TemplateError(f"{part}: too deep") from problem


def _compiled(env: ImmutableSandboxedEnvironment, source: str, part: str) -> tuple[Template, nodes.Template]:
    try:
        tree = env.parse(source)
    except TemplateSyntaxError as problem:
        raise TemplateError(f"{part}: {problem.message}") from problem
    _refuse_deep_loops(tree, part)
    every = list(tree.find_all(nodes.Node))
    if len(every) > MAX_NODES or sum(isinstance(node, nodes.Filter) for node in every) > MAX_FILTERS:
        raise TemplateError(f"{part}: too many tags")
    for node in every:
        _refuse_node(node, part)
    for loop in tree.find_all(nodes.For):
        if not any(_writes(node) for node in loop.body):
            loop.body.insert(0, nodes.Output([nodes.TemplateData(PASS)]))
    return env.from_string(tree), tree


def _writes(node: nodes.Node) -> bool:
    """Whether ``node`` writes something of the template's own, whatever the values."""
    return isinstance(node, nodes.Output) and any(
        isinstance(one, nodes.TemplateData) and one.data for one in node.nodes
    )


def _refuse_node(node: nodes.Node, part: str) -> None:
    if (
        isinstance(node, nodes.Filter)
        and node.name not in FILTERS
        or isinstance(node, nodes.Test)
        and node.name not in TESTS
    ):
        raise TemplateError(f"{part}: {type(node).__name__.lower()} {node.name} is not allowed")
    if not isinstance(node, NODES):
        raise TemplateError(f"{part}: {type(node).__name__} is not allowed")
    if (
        isinstance(node, nodes.Getattr)
        and node.attr.startswith("_")
        or isinstance(node, nodes.Getitem)
        and (not isinstance(node.arg, nodes.Const) or str(node.arg.value).startswith("_"))
    ):
        raise TemplateError(f"{part}: this access is not allowed")
    if isinstance(node, nodes.For) and node.recursive:
        raise TemplateError(f"{part}: recursive loops are not allowed")
    if isinstance(node, nodes.Filter) and node.name == "join" and not plain_join(node):
        raise TemplateError(f"{part}: join takes one short text, and nothing that was joined")


def plain_join(node: nodes.Filter) -> bool:
    """``text|join(text)`` multiplies as ``*`` would: only a short text of the template's own stands between the pieces."""
    given = [one.value if isinstance(one, nodes.Const) else None for one in node.args]
    short = all(isinstance(one, str) and len(one) <= MAX_SEPARATOR for one in given)
    named = bool(node.kwargs) or node.dyn_args is not None or node.dyn_kwargs is not None
    again = node.node is not None and any(one.name == "join" for one in _filters(node.node))
    return short and len(given) <= 1 and not named and not again


def _filters(node: nodes.Node) -> list[nodes.Filter]:
    return [*([node] if isinstance(node, nodes.Filter) else []), *node.find_all(nodes.Filter)]


def _refuse_deep_loops(node: nodes.Node, part: str, depth: int = 0) -> None:
    """Loops in loops multiply; sections, fields, rows and cells need four."""
    depth += isinstance(node, nodes.For)
    if depth > MAX_LOOPS:
        raise TemplateError(f"{part}: more than {MAX_LOOPS} loops within each other")
    for child in node.iter_child_nodes():
        _refuse_deep_loops(child, part, depth)
