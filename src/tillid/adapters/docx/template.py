"""``compile_template``: docxtpl's patching and Jinja's compiling done once per template version (docxtpl issue 110).

Every value is text: autoescaped, in an immutable sandbox. Rendering gives the same bytes for the same context.
"""

from __future__ import annotations

import re
import struct
import time
from collections.abc import Iterable
from itertools import islice
from typing import Any

import msgspec
from docxtpl import DocxTemplate
from jinja2.exceptions import TemplateError as JinjaError
from lxml import etree

from tillid.adapters.docx import package
from tillid.adapters.docx.grids import fit_grid, fit_text
from tillid.adapters.docx.look import Look, with_look
from tillid.adapters.docx.marks import MAX_PARAGRAPHS, refuse_marks
from tillid.adapters.docx.proof import needs_no_parser
from tillid.adapters.docx.sandbox import PASS, TemplateError, compile_part, environment
from tillid.adapters.docx.shape import fetched_pictures
from tillid.adapters.docx.stored import StoredZip
from tillid.adapters.docx.styles import drop_unused_styles
from tillid.kernel.canonical import json_digest, sha256

__all__ = ["CompiledTemplate", "TemplateError", "compile_template"]

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
CORE = "docProps/core.xml"
MAX_OUTPUT, MAX_CELLS, MAX_VALUES = 5 << 20, 20_000, 700_000  # characters, cells, characters: 100 full pages, twice
MAX_PIECES, MAX_SECONDS = 200_000, 0.8  # of one part: what it is put together from, and processor time for that
AT_ONCE = 16  # pieces taken between two looks at the limits: one may be as long as the values
SHORT = len("<w:p>") * MAX_PARAGRAPHS  # no text of this length holds more of them, nor ``MAX_CELLS`` cells
DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part that takes values. ``well_formed``: shown for all values (``proof``), so that what is made is not parsed."""

    name: str
    template: Any
    well_formed: bool


class CompiledTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A template ready to render. ``digest``: over the SHA-256 of the docx it came from and the look that was put in, for
    both are on the page. Safe to share between threads."""

    digest: str
    parts: dict[str, bytes]
    laid_out: StoredZip
    templates: tuple[Part, ...]

    def render(self, context: dict[str, Any]) -> bytes:
        """The docx of ``context`` (plain dicts, lists and strings); the same context gives the same bytes.

        Raises ``TemplateError`` on a missing value, on one of another kind, and when the document would grow beyond the
        caps.
        """
        if _weight(context) > MAX_VALUES:
            raise TemplateError("the values are too large")
        made = {part.name: _render_part(part, context) for part in self.templates}
        try:
            return self.laid_out.added(made).file()
        except struct.error as problem:
            raise TemplateError("the document is too large") from problem


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
    sources, texts = {}, []
    for name in sorted(parts):
        if TEXT_PART.fullmatch(name):
            root = roots[name]
            refuse_marks(root, name)
            _refuse_moving_fields(root, name)
            texts.append(root)
            sources[name] = runs, patch(etree.tostring(root, encoding="unicode"))
        elif name == CORE:
            sources[name] = properties, etree.tostring(roots[name], encoding="unicode")
    if "word/styles.xml" in parts:
        parts["word/styles.xml"] = drop_unused_styles(roots["word/styles.xml"], texts)
    templates = []
    for name, (env, source) in sources.items():
        template, tree = compile_part(env, source, name)
        templates.append(Part(name=name, template=template, well_formed=needs_no_parser(tree)))
        del parts[name]
    digest = json_digest({"template": sha256(docx), "look": look})
    laid_out = StoredZip().added(package.in_order(parts))
    return CompiledTemplate(digest=digest, parts=parts, laid_out=laid_out, templates=tuple(templates))


def _refuse_moving_fields(root: etree._Element, part: str) -> None:
    """DATE and TIME fields, file names, included files and pictures named by an address, would make the page
    depend on when and where it is rendered; objects and controls bring a program of their own along."""
    if next(root.iter(f"{W}object", f"{W}control"), None) is not None:
        raise TemplateError(f"{part}: an embedded object is not allowed")
    codes = [e.text or "" for e in root.iter(f"{W}instrText")] + [
        e.get(f"{W}instr", "") for e in root.iter(f"{W}fldSimple")
    ]
    for _picture, address in fetched_pictures(root):
        raise TemplateError(f"{part}: a picture from {address[:60]} is not allowed")
    for code in codes:
        if (code.split() or [""])[0].upper() not in {"PAGE", "NUMPAGES", "SECTIONPAGES", "STYLEREF", "HYPERLINK", ""}:
            raise TemplateError(f"{part}: field {code.split()[0]} is not allowed")


def _render_part(part: Part, context: dict[str, Any]) -> bytes:
    name = part.name
    try:
        # What ``Template.generate`` does, without passing each piece on once more.
        text = _joined(part.template.root_render_func(part.template.new_context(context)), name)
    except (
        JinjaError,
        TypeError,
        ValueError,
    ) as problem:  # undefined values and sandbox refusals; no contents in the detail
        raise TemplateError(f"{name}: {type(problem).__name__}") from problem
    if len(text) > SHORT:
        paragraphs, cells = text.count("<w:p>") + text.count("<w:p "), text.count("<w:tc>")
        if paragraphs > MAX_PARAGRAPHS or cells > MAX_CELLS:
            raise TemplateError(f"{name}: the document is too large")
    if part.well_formed:
        return (DECLARATION + fit_text(text)).encode()
    root = package.parse(text.encode(), name)
    for table in root.iter(f"{W}tbl"):
        fit_grid(table)
    return package.serialise(root)


def _joined(chunks: Iterable[str], name: str) -> str:
    """The text of all ``chunks``; stops in the middle when it grows beyond the caps, or takes beyond its time."""
    taken: list[str] = []
    size, started = 0, time.thread_time()
    sooner = (
        time.perf_counter() + MAX_SECONDS
    )  # asked first: the thread's own time is dearer to ask, and never ahead of it
    pieces = iter(chunks)
    while some := tuple(islice(pieces, AT_ONCE)):
        taken += some
        size += sum(map(len, some))
        late = time.perf_counter() > sooner and time.thread_time() > started + MAX_SECONDS
        if late or size > MAX_OUTPUT or len(taken) > MAX_PIECES:
            raise TemplateError(f"{name}: the document is too large")
    return "".join(taken).replace(PASS, "")


def _weight(values: Any) -> int:
    """How much ``values`` hold, in characters and pieces; beyond ``MAX_VALUES`` some of it may be uncounted. Raises
    ``TemplateError`` for what is no plain data: an object of ours would bring its methods and all that hangs on it along."""
    weight, waiting = 0, [(values,)]
    while waiting and weight <= MAX_VALUES:
        held = waiting.pop()
        weight += len(held)
        for value in held:
            kind = type(value)
            if kind is str:
                weight += len(value)
            elif kind is dict:
                waiting.append(value.values())
            elif kind is list or kind is tuple:
                if value:
                    waiting.append(value)
            elif value is not None and kind is not bool and kind is not int:
                raise TemplateError(f"a value of type {kind.__name__} is no plain data")
    return weight
