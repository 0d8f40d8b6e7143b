"""Warm render of the overgangsbeskrivelse against docxtpl and a cold ``soffice --convert-to pdf``, in one run."""

from __future__ import annotations

import io
import subprocess
import tempfile
from pathlib import Path

from docxtpl import DocxTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment

from benchmarks.table import Row, Sample, compare, sample
from benchmarks.timing import in_turn, seconds
from tillid.adapters.docx import compile_template
from tillid.adapters.office import OfficeBox
from tillid.adapters.renderer import DocumentRenderer, context
from tillid.documents.rendering import RenderJob
from tillid.documents.samples import job_of
from tillid.documents.samples import sample as sample_of
from tillid.forms.loading import load_definitions
from tillid.kernel.paths import DOCUMENT_TEMPLATES

FORM, VERSION = "overgangsbeskrivelse", 3
ROUNDS, QUICK_ROUNDS = 15, 2
TEMPLATE = DOCUMENT_TEMPLATES / FORM / f"v{VERSION}.docx"


PEER = "docxtpl + cold soffice --convert-to pdf"


def run(quick: bool = False) -> list[Row]:
    """Milliseconds per document: finished and checked, LibreOffice's part alone, and the very first."""
    job, office = sample_job(), OfficeBox()
    renderer, template = DocumentRenderer(office=office), compile_template(TEMPLATE.read_bytes())
    try:
        first = ms([seconds(lambda: renderer.render(job))])
        with tempfile.TemporaryDirectory() as profile:
            works = {
                "finished": lambda: renderer.render(job),
                "plain": lambda: office.convert(template.render(context(job))),
                "cold": lambda: cold_render(job, profile),
            }
            found = in_turn(works, QUICK_ROUNDS if quick else ROUNDS, seconds)
        isolation = renderer.isolation
    finally:
        renderer.close()
    cold = ms(found["cold"])
    return [
        row(
            "render, warm, finished and checked",
            ms(found["finished"]),
            cold,
            f"PDF/A-3a, PDF/UA-1, embedded data; box: {isolation}",
        ),
        row(
            "render, warm, LibreOffice's PDF alone", ms(found["plain"]), cold, "the peer's work: template to plain PDF"
        ),
        row("render, first document", first, cold, "starts LibreOffice and compiles the template"),
    ]


def ms(times: list[float]) -> Sample:
    return sample((time * 1000 for time in times), "ms")


def row(name: str, ours: Sample, cold: Sample, note: str) -> Row:
    return compare(name, ours, PEER, cold, better="less", note=note)


def cold_render(job: RenderJob, profile: str) -> bytes:
    """What is usually done: docxtpl patches the template, a new soffice converts. The first call makes the profile."""
    template = DocxTemplate(io.BytesIO(TEMPLATE.read_bytes()))
    template.render(context(job), ImmutableSandboxedEnvironment(autoescape=True))
    with tempfile.TemporaryDirectory() as folder:
        template.save(Path(folder, "in.docx"))
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf"]
        subprocess.run(
            [*command, "--outdir", folder, f"{folder}/in.docx"],
            check=True,
            capture_output=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )
        return Path(folder, "in.pdf").read_bytes()


def sample_job() -> RenderJob:
    """The job of the sample beside the template, as the parents get it."""
    return job_of(load_definitions().get(FORM, VERSION), sample_of(FORM, VERSION), reader="parent")
