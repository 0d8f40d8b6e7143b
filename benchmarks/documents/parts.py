"""The parts of one document: filling the template against docxtpl, LibreOffice's share and its floor, the very first."""

from __future__ import annotations

import io
import os
import statistics
import zipfile
from typing import Any

from docxtpl import DocxTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from benchmarks.documents.hands import Turn, family
from benchmarks.documents.jobs import TEMPLATE, sample_job
from benchmarks.documents.peers import WORKERS
from benchmarks.table import Row, compare, sample
from benchmarks.timing import Work, cpu_seconds, in_turn, seconds
from tillid.adapters.docx import compile_template
from tillid.adapters.docx.look import read_look
from tillid.adapters.office import OfficeBox
from tillid.adapters.renderer import DocumentRenderer, context
from tillid.kernel.paths import DOCUMENT_TEMPLATES

ROUNDS, QUICK_ROUNDS = 40, 2
FLOOR = 40
KNOWN_FLOOR = 37.0  # ms; issue 5 asks what would remain at it
GOAL, IN_A_ROW = 30, 20
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def run(quick: bool, turns: list[Turn]) -> list[Row]:
    """``turns``: Tillid's own, of which LibreOffice's share is told."""
    renderer, job = DocumentRenderer(), sample_job()
    try:
        first = sample([1000 * seconds(lambda: renderer.render(job))], "ms")
        isolation = renderer.isolation
    finally:
        renderer.close()
    return [
        *_filling(QUICK_ROUNDS if quick else ROUNDS),
        _share(turns, floor(2 if quick else FLOOR)),
        Row(name="first document", ours=first, note=f"starts LibreOffice and compiles the template; box: {isolation}"),
    ]


def _filling(rounds: int) -> list[Row]:
    """One document after another, as a round's are filled; and each alone, after the memory was walked through for garbage: what a
    processor remembers is then gone, which a short work feels more than a long one."""
    raw, values = TEMPLATE.read_bytes(), context(sample_job())
    template = compile_template(raw, read_look(DOCUMENT_TEMPLATES))
    works: dict[str, Work] = {"ours": lambda: template.render(values), "peer": lambda: _docxtpl(raw, values)}
    note = "processor time from values to docx; the peer patches and compiles anew each time"
    return [
        _filled({who: _repeated(work, IN_A_ROW) for who, work in works.items()}, max(2, rounds // 4), IN_A_ROW,
                f"template filled, {IN_A_ROW} in a row", goal=GOAL, note=note),
        _filled(works, rounds, 1, "template filled, alone", note=note),
    ]  # fmt: skip


def _filled(works: dict[str, Work], rounds: int, documents: int, name: str, **more: Any) -> Row:
    found = in_turn(works, rounds, cpu_seconds)
    ours, peer = (sample((1000 * time / documents for time in found[who]), "ms") for who in ("ours", "peer"))
    return compare(name, ours, "docxtpl", peer, better="less", **more)


def _repeated(work: Work, times: int) -> Work:
    def repeated() -> None:
        for _ in range(times):
            work()

    return repeated


def _docxtpl(template: bytes, values: dict) -> bytes:
    document, out = DocxTemplate(io.BytesIO(template)), io.BytesIO()
    document.render(values, ImmutableSandboxedEnvironment(autoescape=True))
    document.save(out)
    return out.getvalue()


def _share(turns: list[Turn], least: float) -> Row:
    whole = statistics.median(turn.per_document(turn.cpu) for turn in turns)
    office = statistics.median(turn.per_document(turn.boxes) for turn in turns)
    left = whole - office + least
    note = (
        f"{office:.0f} of {whole:.0f} ms of processor time; an empty page costs LibreOffice {least:.0f} ms: were all like that, "
        f"{left:.0f} ms would remain, {1000 * WORKERS / left:.0f} documents a second with two cores of their own; at the {KNOWN_FLOOR:.0f} ms that "
        f"were measured as its floor before there was a Tillid, {whole - office + KNOWN_FLOOR:.0f} ms and {1000 * WORKERS / (whole - office + KNOWN_FLOOR):.0f} a second"
    )
    shares = (100 * turn.boxes / turn.cpu for turn in turns)
    return Row(name="LibreOffice's share of a document", ours=sample(shares, "%"), note=note)


def floor(count: int) -> float:
    """Milliseconds of processor that LibreOffice takes for a page without anything on it."""
    docx = _emptied(TEMPLATE.read_bytes())
    with OfficeBox() as office:
        for _ in range(3):
            office.convert(docx)
        before = _office_cpu()
        for _ in range(count):
            office.convert(docx)
        return 1000 * (_office_cpu() - before) / count


def _office_cpu() -> float:
    return sum(one.cpu for one in family([os.getpid()]) if one.name.startswith("soffice"))


def _emptied(docx: bytes) -> bytes:
    """The template with nothing but an empty paragraph and the size of its page."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(
                entry.filename, _body(old.read(entry)) if entry.filename == "word/document.xml" else old.read(entry)
            )
    return out.getvalue()


def _body(xml: bytes) -> bytes:
    root = etree.fromstring(xml)
    body = root.find(f"{W}body")
    section = body.find(f"{W}sectPr")
    for reference in section.findall(f"{W}headerReference") + section.findall(f"{W}footerReference"):
        section.remove(reference)
    body[:] = [etree.SubElement(body, f"{W}p"), section]
    return etree.tostring(root)
