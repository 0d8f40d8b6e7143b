"""The samples beside the templates as jobs for the renderer."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from tests.support.definitions import our_definitions
from tillid.documents.model import DefinitionRef, Document
from tillid.documents.rendering import RenderJob, build_job
from tillid.kernel.clock import parse_instant
from tillid.kernel.paths import DOCUMENT_TEMPLATES

DEFINITIONS = our_definitions()
FORMS = (("overgangsbeskrivelse", 3), ("trivselsskema", 2), ("samtykkeerklaering", 2))


def sample(form_id: str, version: int) -> dict[str, Any]:
    """The sample as it lies in ``document_templates/``."""
    return msgspec.json.decode((DOCUMENT_TEMPLATES / form_id / f"v{version}.sample.json").read_bytes())


def document(form_id: str, version: int, number: str = "TD-7F3K2Q") -> Document:
    """A document of that form version."""
    definition = DEFINITIONS.get(form_id, version)
    return Document(
        id="5b0d6f0e-3f0b-4c64-9f0a-0d6d5a1f7c21",
        number=number,
        child_id="c-alma",
        unit_id="u-skov",
        definition=DefinitionRef(form_id=form_id, version=version, digest=definition.digest),
        variant="bh_sk",
        state="shared",
        created_at=datetime(2026, 4, 1, tzinfo=UTC),
        author="p-mette",
    )


def sample_job(form_id: str, version: int, *, reader: str = "", **changes: Any) -> RenderJob:
    """The sample's job for its reader or for ``reader``; ``changes`` replace answers (``None`` takes one away)."""
    given = sample(form_id, version)
    answers = {key: value for key, value in {**given["answers"], **changes}.items() if value is not None}
    return build_job(
        DEFINITIONS.get(form_id, version),
        answers,
        reader=reader or given["reader"],
        document=document(form_id, version, given["number"]),
        municipality=given["municipality"],
        moment=parse_instant(given["moment"]),
        subtitle=given["subtitle"],
        header=tuple((label, text) for label, text in given["header"]),
        footer_lines=tuple(given["footer_lines"]),
    )
