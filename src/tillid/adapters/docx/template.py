"""``compile_template``: docxtpl's patching and Jinja's compiling done once per template version (docxtpl issue 110).

Every value is text: autoescaped, in an immutable sandbox. Rendering gives the same bytes for the same context.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from typing import Any

import msgspec
from docxtpl import DocxTemplate
from jinja2.exceptions import TemplateError as JinjaError
from lxml import etree

from tillid.adapters.docx import package
from tillid.adapters.docx.look import Look, with_look
from tillid.adapters.docx.marks import MAX_PARAGRAPHS, refuse_marks
from tillid.adapters.docx.sandbox import PASS, TemplateError, compile_part, environment
from tillid.adapters.docx.styles import drop_unused_styles
from tillid.kernel.canonical import json_digest, sha256

__all__ = ["CompiledTemplate", "TemplateError", "compile_template"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
CORE = "docProps/core.xml"
NARROW, WIDE = 12, 34  # characters a table column counts for at least and at most
MAX_OUTPUT, MAX_CELLS, MAX_VALUES = 5 << 20, 20_000, 700_000  # characters, cells, characters: 100 full pages, twice
MAX_COLUMNS = 63  # as in Word; LibreOffice falls over thousands
MAX_PIECES, MAX_SECONDS = 200_000, 0.8  # of one part: what it is put together from, and processor time for that


class CompiledTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A template ready to render. ``digest``: over the SHA-256 of the docx it came from and the look that was put in, for
    both are on the page. Safe to share between threads."""

    digest: str
    parts: dict[str, bytes]
    templates: dict[str, Any]

    def render(self, context: dict[str, Any]) -> bytes:
        """The docx of ``context`` (plain dicts, lists and strings); the same context gives the same bytes.

        Raises ``TemplateError`` on a missing value, on one of another kind, and when the document would grow beyond the
        caps.
        """
        if _weight(context, MAX_VALUES) < 0:
            raise TemplateError("the values are too large")
        parts = dict(self.parts)
        for name, template in self.templates.items():
            parts[name] = _render_part(name, template, context)
        return package.write(parts)


def compile_template(docx: bytes, look: Look | None = None) -> CompiledTemplate:
    """Patch, check and compile the template in ``docx`` with the municipality's ``look``; raises ``TemplateError`` on what
    templates may not do."""
    look = look or Look()
    parts = with_look(package.slim(package.read(docx)), look)
    roots = {name: package.parse(parts[name], name) for name in sorted(parts) if name.endswith(".xml")}
    if roots["word/document.xml"].find(f"{W}body") is None:
        raise TemplateError("word/document.xml has no body")
    runs, properties = environment(runs=True), environment(runs=False)
    patch = DocxTemplate(None).patch_xml
    templates, texts = {}, []
    for name in sorted(parts):
        if TEXT_PART.fullmatch(name):
            root = roots[name]
            refuse_marks(root, name)
            _refuse_moving_fields(root, name)
            texts.append(root)
            templates[name] = compile_part(runs, patch(etree.tostring(root, encoding="unicode")), name)
        elif name == CORE:
            templates[name] = compile_part(properties, etree.tostring(roots[name], encoding="unicode"), name)
    if "word/styles.xml" in parts:
        parts["word/styles.xml"] = drop_unused_styles(roots["word/styles.xml"], texts)
    for name in templates:
        del parts[name]
    digest = json_digest({"template": sha256(docx), "look": look})
    return CompiledTemplate(digest=digest, parts=parts, templates=templates)


def _refuse_moving_fields(root: etree._Element, part: str) -> None:
    """DATE and TIME fields, file names and included files would make the page depend on when and where it is rendered;
    objects and controls bring a program of their own along."""
    if next(root.iter(f"{W}object", f"{W}control"), None) is not None:
        raise TemplateError(f"{part}: an embedded object is not allowed")
    codes = [e.text or "" for e in root.iter(f"{W}instrText")] + [
        e.get(f"{W}instr", "") for e in root.iter(f"{W}fldSimple")
    ]
    for code in codes:
        if (code.split() or [""])[0].upper() not in {"PAGE", "NUMPAGES", "SECTIONPAGES", "STYLEREF", "HYPERLINK", ""}:
            raise TemplateError(f"{part}: field {code.split()[0]} is not allowed")


def _render_part(name: str, template: Any, context: dict[str, Any]) -> bytes:
    try:
        text = _joined(template.generate(context), name)
    except (
        JinjaError,
        TypeError,
        ValueError,
    ) as problem:  # undefined values and sandbox refusals; no contents in the detail
        raise TemplateError(f"{name}: {type(problem).__name__}") from problem
    if text.count("<w:p>") + text.count("<w:p ") > MAX_PARAGRAPHS or text.count("<w:tc>") > MAX_CELLS:
        raise TemplateError(f"{name}: the document is too large")
    root = package.parse(text.encode(), name)
    for table in root.iter(f"{W}tbl"):
        _fit_grid(table)
    return package.serialise(root)


def _joined(chunks: Iterable[str], name: str) -> str:
    """The text of all ``chunks``; stops in the middle when it grows beyond the caps, or takes beyond its time."""
    taken, size, until = [], 0, time.thread_time() + MAX_SECONDS
    for chunk in chunks:
        size += len(chunk)
        taken.append(chunk)
        late = not len(taken) % 4 and time.thread_time() > until
        if late or size > MAX_OUTPUT or len(taken) > MAX_PIECES:
            raise TemplateError(f"{name}: the document is too large")
    return "".join(taken).replace(PASS, "")


def _fit_grid(table: etree._Element) -> None:
    """Give a table whose columns came from ``{%tc for %}`` as many grid columns as its rows have cells.

    The width is shared by what the columns hold: the longest text of each, within bounds, so that "Ja" leaves room.
    """
    grid = table.find(f"{W}tblGrid")
    rows = [row.findall(f"{W}tc") for row in table.findall(f"{W}tr")]
    counts = {len(cells) for cells in rows}
    if max(counts, default=0) > MAX_COLUMNS:
        raise TemplateError(f"a table of more than {MAX_COLUMNS} columns")
    if grid is None or len(counts) != 1 or counts == {0} or table.find(f".//{W}gridSpan") is not None:
        return
    total = sum(int(column.get(f"{W}w", 0)) for column in grid) or 9000
    shares = [
        min(max(NARROW, *(len("".join(cell.itertext())) for cell in column)), WIDE)
        for column in zip(*rows, strict=True)
    ]
    widths = [str(total * share // sum(shares)) for share in shares]
    grid[:] = [etree.Element(f"{W}gridCol", {f"{W}w": width}) for width in widths]
    for cells in rows:
        for cell, width in zip(cells, widths, strict=True):
            if (wanted := cell.find(f"{W}tcPr/{W}tcW")) is not None:
                wanted.set(f"{W}w", width)


def _weight(value: Any, left: int) -> int:
    """What is left of ``left`` characters after ``value``; below 0: too much. Raises ``TemplateError`` for what is no plain
    data: an object of ours would bring its methods and all that hangs on it along."""
    kind = type(value)
    if kind is str:
        return left - len(value)
    if kind is dict:
        parts: Iterable[Any] = value.values()
    elif kind is list or kind is tuple:
        parts = value
    elif value is None or kind in (bool, int):
        return left - 1
    else:
        raise TemplateError(f"a value of type {kind.__name__} is no plain data")
    for part in parts:
        left = _weight(part, left - 1)
        if left < 0:
            break
    return left
