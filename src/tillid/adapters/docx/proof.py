"""What a template makes is well-formed, whatever the values: shown once, when it is compiled.

Everything that stands between two tags of the template's language is put into an element, every value that is printed becomes
one, and the whole is parsed strictly. Where that works, each loop and each condition holds whole elements, and values
stand in text alone: taken any number of times, or not at all, the result nests as the skeleton does (XML 1.0, 3.1), and it is no
deeper. Values are escaped and of XML's own characters (``sandbox.run_text``). A template of which this cannot be shown is
parsed each time it is filled.
"""

from __future__ import annotations

from jinja2 import nodes

from tillid.adapters.docx import grids, package
from tillid.adapters.docx.sandbox import PASS, TemplateError

BLOCK, VALUE = "tillid-block", "tillid-value"
OPEN, CLOSE, PRINTED = f"<{BLOCK}>", f"</{BLOCK}>", f"<{VALUE}/>"


def needs_no_parser(tree: nodes.Template) -> bool:
    """Whether all that can be made of ``tree`` is well-formed, and its tables can be fitted as text (``grids.fit_text``)."""
    taken: list[str] = []
    if any(BLOCK in one.data or VALUE in one.data for one in tree.find_all(nodes.TemplateData)) or not _skeleton(
        tree.body, taken
    ):
        return False
    source = "".join(taken).replace(PASS, "")
    if "<!" in source or "<?" in source:  # a comment could swallow an element of ours
        return False
    try:
        root = package.parse(source.encode(), "skeleton")
    except TemplateError:
        return False
    found = [element.tag for element in root.iter(BLOCK, VALUE)]
    whole = found.count(BLOCK) == taken.count(OPEN) and found.count(VALUE) == taken.count(PRINTED)
    return whole and grids.plain(root, source, BLOCK)


def _skeleton(body: list[nodes.Node], taken: list[str]) -> bool:
    for node in body:
        if isinstance(node, nodes.Output):
            taken += [one.data if isinstance(one, nodes.TemplateData) else PRINTED for one in node.nodes]
        elif isinstance(node, nodes.For):
            if not all(_block(part, taken) for part in (node.body, node.else_)):
                return False
        elif isinstance(node, nodes.If):
            if not all(_block(part, taken) for part in (node.body, *([one] for one in node.elif_), node.else_)):
                return False
        else:
            return False
    return True


def _block(body: list[nodes.Node], taken: list[str]) -> bool:
    taken.append(OPEN)
    fine = _skeleton(body, taken)
    taken.append(CLOSE)
    return fine
