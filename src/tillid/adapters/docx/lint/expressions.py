"""What a tag's expression gives, by the shape of the values (``adapters/docx/context.py``): the names that are not there, and
what templates may not do."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from tillid.adapters.docx.context import FIELD, SHAPE
from tillid.adapters.docx.sandbox import FILTERS, MAX_SEPARATOR, NODES, TESTS, environment, plain_join
from tillid.documents.templates import Saying, said

LOOP = dict.fromkeys(("index", "index0", "length"), int) | dict.fromkeys(("first", "last"), bool)
ANY: Any = object()  # not known: nothing more is said of it
WORDS = {
    "Call": said("et kald, fx navn()").text,
    "Add": said("regning").text, "Sub": said("regning").text, "Mul": said("regning").text, "Div": said("regning").text, "Mod": said("regning").text, "Pow": said("regning").text,
    "Concat": said("sammensætning med ~").text, "List": said("en liste").text, "Dict": said("en ordbog").text, "Tuple": said("en række værdier").text,
    "Slice": said("et udsnit").text, "NSRef": said("et navnerum").text,
}  # fmt: skip

UNREADABLE = said("Mærket kan ikke læses. Se efter parenteser, anførselstegn og punktummer.")


class Wrong(Exception):
    """One problem in an expression: a code, what is said and the name it is about."""

    def __init__(self, code: str, saying: Saying, field: str = "") -> None:
        super().__init__(code)
        self.code, self.saying, self.field = code, saying, field


class Names:
    """The names of one form version. ``fields``: its content fields; ``elsewhere``: fields of the form's other versions
    with the version they are in."""

    def __init__(self, fields: Mapping[str, str], elsewhere: Mapping[str, str], form: str) -> None:
        self.fields, self.elsewhere, self.form = fields, elsewhere, form
        self.shape = {**SHAPE, "fields": dict.fromkeys(fields, FIELD)}
        self._environment = environment(runs=True)

    def kind(self, expression: str, scope: Mapping[str, Any]) -> Any:
        """What ``expression`` gives: ``str``, ``bool``, a list ``[…]``, a mapping, or ``ANY``. Raises ``Wrong``."""
        try:
            tree = self._environment.parse("{{ (" + expression + ") }}")
            output = tree.body[0] if len(tree.body) == 1 else None
            if isinstance(output, nodes.Output) and len(output.nodes) == 1:
                return self._kind(output.nodes[0], scope)
        except (TemplateSyntaxError, RecursionError) as problem:
            raise Wrong("syntax", UNREADABLE) from problem
        raise Wrong("syntax", UNREADABLE)

    def _kind(self, node: nodes.Node, scope: Mapping[str, Any]) -> Any:
        self._allowed(node)
        if isinstance(node, nodes.Name):
            return self._name(node.name, scope)
        if isinstance(node, nodes.Getattr):
            return self._part(self._kind(node.node, scope), node.attr, node)
        if isinstance(node, nodes.Getitem):
            return self._item(self._kind(node.node, scope), node.arg, node)
        kinds = [self._kind(child, scope) for child in node.iter_child_nodes()]
        if isinstance(node, nodes.Const):
            return type(node.value)
        if isinstance(node, nodes.CondExpr):
            return kinds[1]
        if isinstance(node, nodes.Filter):
            return self._filtered(node.name, kinds[0] if kinds else ANY)
        return bool if isinstance(node, nodes.Compare | nodes.Test | nodes.Not | nodes.And | nodes.Or) else ANY

    def _allowed(self, node: nodes.Node) -> None:
        word = type(node).__name__
        if not isinstance(node, NODES):
            raise Wrong(
                "forbidden",
                said(
                    "Der må ikke stå {what} i et mærke. Skriv kun navnet på det, der skal trykkes.",
                    what=WORDS.get(word, word),
                ),
            )
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise Wrong(
                "forbidden",
                said(
                    "Filteret {name} må ikke bruges. Disse må: {allowed}.",
                    name=node.name,
                    allowed=", ".join(sorted(FILTERS)),
                ),
            )
        if isinstance(node, nodes.Filter) and node.name == "join" and not plain_join(node):
            why = said(
                "Filteret join tager én tekst på højst {most} tegn, og det kan ikke bruges to gange på det samme.",
                most=MAX_SEPARATOR,
            )
            raise Wrong("forbidden", why)
        if isinstance(node, nodes.Test) and node.name not in TESTS:
            raise Wrong(
                "forbidden",
                said(
                    "Prøven {name} må ikke bruges. Disse må: {allowed}.",
                    name=node.name,
                    allowed=", ".join(sorted(TESTS)),
                ),
            )
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            raise Wrong(
                "forbidden", said("Navne, der begynder med understreg, må ikke bruges. Fjern mærket."), node.attr
            )
        if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
            raise Wrong("forbidden", said("Der må kun stå et fast tal eller navn i de kantede parenteser."))
        if isinstance(node, nodes.Getitem) and str(node.arg.value).startswith("_"):
            raise Wrong(
                "forbidden", said("Navne, der begynder med understreg, må ikke bruges."), str(node.arg.value)[:60]
            )

    def _name(self, name: str, scope: Mapping[str, Any]) -> Any:
        known = {**self.shape, **scope}
        if name in known:
            return known[name]
        if name in self.fields:
            raise Wrong("unknown-name", said("Feltet {name} skrives fields.{name}.text.", name=name), name)
        if name in self.elsewhere:
            raise self._of_another_version(name)
        raise Wrong(
            "unknown-name",
            near(
                said("Navnet {name} findes ikke. Mente du {near}?"),
                said("Navnet {name} findes ikke. Se efter i vejledningen, hvilke navne der er."),
                name,
                known,
            ),
            name,
        )

    def _part(self, kind: Any, name: str, node: nodes.Getattr) -> Any:
        if kind is ANY:
            return ANY
        if not isinstance(kind, dict):
            raise Wrong(
                "unknown-name",
                said("{name} findes ikke dér: det foran punktummet har ingen dele.", name=name[:60]),
                name,
            )
        if name in kind:
            return kind[name]
        if isinstance(node.node, nodes.Name) and node.node.name == "fields":
            if name in self.elsewhere:
                raise self._of_another_version(name)
            raise Wrong(
                "unknown-field",
                near(
                    said("Skemaet {form} har intet felt {name}. Mente du {near}?", form=self.form),
                    said(
                        "Skemaet {form} har intet felt {name}. Se efter i vejledningen, hvilke navne der er.",
                        form=self.form,
                    ),
                    name,
                    kind,
                ),
                name,
            )
        raise Wrong(
            "unknown-name",
            near(
                said("{name} findes ikke dér. Mente du {near}?"),
                said("{name} findes ikke dér. Se efter i vejledningen, hvilke navne der er."),
                name,
                kind,
            ),
            name,
        )

    def _item(self, kind: Any, arg: nodes.Expr, node: nodes.Getitem) -> Any:
        value = arg.value if isinstance(arg, nodes.Const) else None
        if isinstance(kind, dict) and isinstance(value, str):
            return self._part(kind, value, nodes.Getattr(node.node, value, "load"))
        return kind[0] if isinstance(kind, list) else ANY

    def _of_another_version(self, name: str) -> Wrong:
        why = said(
            "Feltet {name} findes ikke i {form}, men i {other}.", name=name, form=self.form, other=self.elsewhere[name]
        )
        return Wrong("other-version", why, name)

    @staticmethod
    def _filtered(name: str, kind: Any) -> Any:
        if name in ("first", "last"):
            return kind[0] if isinstance(kind, list) else kind
        return {"length": int, "default": kind}.get(name, str)


def near(one: Saying, none: Saying, name: str, known: Mapping[str, Any]) -> Saying:
    """``one`` with the ``{near}`` name that was meant, or ``none`` if there is none like it."""
    found = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    meant = one if found else none
    return said(meant.text, **meant.values, name=name[:60], near=found[0] if found else "")


def loop_of(item: Any) -> dict[str, Any]:
    """What ``loop`` is within a loop over a list of ``item``."""
    return {**LOOP, "previtem": item, "nextitem": item}
