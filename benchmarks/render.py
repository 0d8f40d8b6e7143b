"""Warm render of the overgangsbeskrivelse against docxtpl and a cold ``soffice --convert-to pdf``, in one run."""

from __future__ import annotations

import io
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from docxtpl import DocxTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tillid.adapters.docx import compile_template
from tillid.adapters.office import OfficeBox
from tillid.adapters.renderer import DocumentRenderer, context
from tillid.documents.model import DefinitionRef, Document
from tillid.documents.rendering import RenderJob, build_job
from tillid.forms.loading import load_definitions
from tillid.kernel.clock import parse_instant
from tillid.kernel.paths import DOCUMENT_TEMPLATES

FORM, VERSION, WARM, COLD = "overgangsbeskrivelse", 3, 20, 3
TEMPLATE = DOCUMENT_TEMPLATES / FORM / f"v{VERSION}.docx"


def run() -> list[dict]:
    """Rows with name, value, unit, peer, ratio, note; about ten seconds."""
    job, office = sample_job(), OfficeBox()
    renderer, template = DocumentRenderer(office=office), compile_template(TEMPLATE.read_bytes())
    try:
        started = timed(lambda: renderer.render(job))
        warm = statistics.median(timed(lambda: renderer.render(job)) for _ in range(WARM))
        raw = statistics.median(timed(lambda: office.convert(template.render(context(job)))) for _ in range(WARM))
        isolation = renderer.isolation
    finally:
        renderer.close()
    cold = statistics.median(timed(lambda: cold_render(job)) for _ in range(COLD))
    return [
        row("render, warm, finished and checked", warm, cold, f"PDF/A-3a, PDF/UA-1, embedded data; box: {isolation}"),
        row("render, warm, LibreOffice's PDF alone", raw, cold, "the peer's work: template to plain PDF"),
        row("render, first document", started, cold, "starts LibreOffice and compiles the template"),
    ]


def row(name: str, value: float, peer: float, note: str) -> dict:
    return {
        "name": name,
        "value": round(value * 1000, 1),
        "unit": "ms",
        "peer": f"docxtpl + cold soffice --convert-to pdf: {peer * 1000:.0f} ms",
        "ratio": round(peer / value, 1),
        "note": note,
    }


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def cold_render(job: RenderJob) -> bytes:
    """What is usually done: docxtpl patches the template, a new soffice converts; with a profile already made."""
    template = DocxTemplate(io.BytesIO(TEMPLATE.read_bytes()))
    template.render(context(job), ImmutableSandboxedEnvironment(autoescape=True))
    with tempfile.TemporaryDirectory() as folder:
        template.save(Path(folder, "in.docx"))
        command = ["soffice", f"-env:UserInstallation=file://{profile()}", "--headless", "--convert-to", "pdf"]
        subprocess.run(
            [*command, "--outdir", folder, f"{folder}/in.docx"],
            check=True,
            capture_output=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )
        return Path(folder, "in.pdf").read_bytes()


def profile() -> str:
    """One profile for all cold starts, as a server would have."""
    path = Path(tempfile.gettempdir(), "tillid-bench-profile")
    path.mkdir(exist_ok=True)
    return str(path)


def sample_job() -> RenderJob:
    """The job of the sample beside the template."""
    sample = msgspec.json.decode(TEMPLATE.with_name(f"v{VERSION}.sample.json").read_bytes())
    definition, moment = load_definitions().get(FORM, VERSION), parse_instant(sample["moment"])
    document = Document(
        id="5b0d6f0e-3f0b-4c64-9f0a-0d6d5a1f7c21",
        number=sample["number"],
        child_id="c",
        unit_id="u",
        definition=DefinitionRef(form_id=FORM, version=VERSION, digest=definition.digest),
        variant="bh_sk",
        state="shared",
        created_at=moment,
        author="p",
    )
    return build_job(
        definition,
        sample["answers"],
        reader=sample["reader"],
        document=document,
        municipality=sample["municipality"],
        moment=moment,
        subtitle=sample["subtitle"],
        footer_lines=tuple(sample["footer_lines"]),
    )


if __name__ == "__main__":
    for line in run():
        print(line)
    shutil.rmtree(profile(), ignore_errors=True)
