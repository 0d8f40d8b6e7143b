"""The document that everything here makes: the overgangsbeskrivelse of the sample, two pages, as the parents get it."""

from __future__ import annotations

import msgspec

from tillid.documents.rendering import RenderJob
from tillid.documents.samples import job_of, sample
from tillid.forms.loading import load_definitions
from tillid.kernel.canonical import canonical_json
from tillid.kernel.paths import DOCUMENT_TEMPLATES

FORM, VERSION, PAGES = "overgangsbeskrivelse", 3, 2
TEMPLATE = DOCUMENT_TEMPLATES / FORM / f"v{VERSION}.docx"


def sample_job() -> RenderJob:
    """The job of the sample beside the template."""
    return job_of(load_definitions().get(FORM, VERSION), sample(FORM, VERSION), reader="parent")


def numbered(job: RenderJob, number: int, hand: str = "") -> RenderJob:
    """The same job as a document of its own: other number on its pages, other id, other embedded data."""
    name = f"TD-{hand}{number:06d}"
    return msgspec.structs.replace(
        job, document_number=name, document_id=name, data=canonical_json({"document": name, "was": job.data.decode()})
    )
