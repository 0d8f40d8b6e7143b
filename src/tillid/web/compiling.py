"""How templates are compiled: what is the same on every page is worked out once, and values are escaped without a detour.

Both change only how fast a page is written, never a byte of it (``tests/unit/web/test_compiling.py``). It hangs on Jinja's
``Environment.code_generator_class``, which is there for this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import markupsafe
from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

# The escaping itself, of text alone and in C; ``escape`` goes round by way of a Markup for every single value. It is not
# promised to be there, and without it ``escape`` does the same.
_escape_text: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)


def written(value: Any) -> str:
    """``value`` as it stands in a page: what ``escape`` gives, but not marked as such."""
    kind = type(value)
    if kind is str:
        return _escape_text(value)
    if kind is Markup:
        return value
    return str(value) if kind is int else escape(value)


class PageEnvironment(Environment):
    """``fixed``: functions by name whose calls with literals alone (``_("Fra")``) give the same as long as the process
    lives; they are made when the template is compiled."""

    written = staticmethod(written)

    def __init__(self, **options: Any) -> None:
        self.fixed: Mapping[str, Callable[..., Any]] = {}
        super().__init__(**options)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        # A plain mapping: nobody changes the globals once templates are loaded, and Jinja compares the names of both at
        # every import.
        return {**self.globals, **(d or {})}


class _Generator(CodeGenerator):
    environment: PageEnvironment

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        own = {name.name for name in node.find_all(nodes.Name) if name.ctx != "load"}
        fixed = {name: make for name, make in self.environment.fixed.items() if name not in own}
        super().visit_Template(_Fixed(fixed).visit(node), frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.written(")


class _Fixed(NodeTransformer):
    """Calls of ``fixed`` functions become their results."""

    def __init__(self, fixed: Mapping[str, Callable[..., Any]]) -> None:
        self._fixed = fixed

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        node = self.generic_visit(node)  # type: ignore[assignment]
        make = self._fixed.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        plain = all(isinstance(one, nodes.Const) for one in node.args)
        if make is None or not plain or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return node
        value = make(*(one.value for one in node.args))
        return nodes.Const(value, lineno=node.lineno, environment=node.environment)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        return node  # Jinja joins literals as plain text, and would so escape what is marked as HTML


PageEnvironment.code_generator_class = _Generator
