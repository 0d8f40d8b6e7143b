"""The sample answers beside the templates: ``<templates>/<form>/samples/v<N>.<state>.json`` with the text its pages must say.

A sample is what ``tillid templates check`` and the tests render; the people in it are invented.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from tillid.documents.model import DefinitionRef, Document, Reader
from tillid.documents.rendering import RenderJob, build_job
from tillid.forms.definition import FormDefinition
from tillid.kernel.clock import parse_instant
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import DOCUMENT_TEMPLATES

State = Literal["short", "typical", "full", "empty"]
STATES: tuple[State, ...] = get_args(State)
READERS: tuple[Reader, ...] = ("team", "parent", "receiver", "authority", "notifier", "archive")
SAMPLE_ID = "5b0d6f0e-3f0b-4c64-9f0a-0d6d5a1f7c21"


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One filled-in form. ``reader``: whose copy the expected text is of; ``header``, ``subtitle`` and ``footer_lines`` as
    ``build_job`` takes them; ``variant``: which variant of the form it is."""

    municipality: str
    moment: str
    number: str
    reader: Reader
    answers: dict[str, Any]
    variant: str = ""
    subtitle: str = ""
    header: list[tuple[str, str]] = []
    footer_lines: list[str] = []


def sample_path(form_id: str, version: int, state: str, templates: Path = DOCUMENT_TEMPLATES) -> Path:
    """Where the sample lies; its expected text lies beside it as ``.txt``."""
    return templates / form_id / "samples" / f"v{version}.{state}.json"


def sample(form_id: str, version: int, state: State = "typical", templates: Path = DOCUMENT_TEMPLATES) -> Sample:
    """The sample of that form version in that state. Raises ``TillidError`` (``documents.no-sample``)."""
    try:
        return msgspec.json.decode(sample_path(form_id, version, state, templates).read_bytes(), type=Sample)
    except (OSError, msgspec.MsgspecError) as problem:
        raise _no_sample(form_id, version, state, type(problem).__name__) from problem


def sample_version(form_id: str, version: int, templates: Path = DOCUMENT_TEMPLATES) -> int:
    """The newest version, not newer than ``version``, that has samples: a version made in the browser has none of its own.
    Raises ``TillidError`` (``documents.no-sample``)."""
    for number in range(version, 0, -1):
        if sample_path(form_id, number, "typical", templates).is_file():
            return number
    raise _no_sample(form_id, version, "typical", "none")


def expected_text(form_id: str, version: int, state: State, templates: Path = DOCUMENT_TEMPLATES) -> str:
    """What the pages of the sample's copy must say. Raises ``TillidError``."""
    try:
        return sample_path(form_id, version, state, templates).with_suffix(".txt").read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise _no_sample(form_id, version, state, type(problem).__name__) from problem


def _no_sample(form_id: str, version: int, state: str, why: str) -> TillidError:
    return TillidError(
        f"no usable sample: {why}",
        code="documents.no-sample",
        text="Der er ikke noget brugbart eksempel {name}.",
        name=f"{form_id}/v{version} {state}",
    )


def sample_document(definition: FormDefinition, number: str, variant: str = "") -> Document:
    """A document of that form version as a sample is printed from."""
    return Document(
        id=SAMPLE_ID,
        number=number,
        child_id="c-alma",
        unit_id="u-skov",
        definition=DefinitionRef(form_id=definition.id, version=definition.version, digest=definition.digest),
        variant=variant,
        state="shared",
        created_at=parse_instant("2026-04-01T00:00:00Z"),
        author="p-mette",
    )


def job_of(
    definition: FormDefinition, given: Sample, *, reader: Reader | None = None, answers: dict[str, Any] | None = None
) -> RenderJob:
    """The job of the sample's copy for its own reader, or for ``reader``; ``answers`` instead of the sample's own."""
    return build_job(
        definition,
        given.answers if answers is None else answers,
        reader=reader or given.reader,
        document=sample_document(definition, given.number, given.variant),
        municipality=given.municipality,
        moment=parse_instant(given.moment),
        subtitle=given.subtitle,
        header=tuple((label, text) for label, text in given.header),
        footer_lines=tuple(given.footer_lines),
    )


def readers_of(definition: FormDefinition) -> tuple[Reader, ...]:
    """Who may see anything of the form's content, and so can have a copy."""
    return tuple(r for r in READERS if any(f.phase == "content" and r in f.visible_to for f in definition.fields))
