"""The samples beside the templates as jobs for the renderer."""

from typing import Any

from tests.support.definitions import our_definitions
from tillid.documents.model import Document
from tillid.documents.rendering import RenderJob
from tillid.documents.samples import State, job_of, sample, sample_document

DEFINITIONS = our_definitions()
FORMS = tuple((form.id, form.version) for form in DEFINITIONS.all())


def document(form_id: str, version: int, number: str = "TD-7F3K2Q") -> Document:
    """A document of that form version."""
    return sample_document(DEFINITIONS.get(form_id, version), number, "bh_sk")


def sample_job(form_id: str, version: int, *, reader: str = "", state: State = "typical", **changes: Any) -> RenderJob:
    """The sample's job for its reader or for ``reader``; ``changes`` replace answers (``None`` takes one away)."""
    given = sample(form_id, version, state)
    answers = {key: value for key, value in {**given.answers, **changes}.items() if value is not None}
    return job_of(DEFINITIONS.get(form_id, version), given, reader=reader or None, answers=answers)
