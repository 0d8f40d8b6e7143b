"""What is made anew for the package of a case of insight, whoever decided about it: the officer or the intake (R-72, ADR 0058, 0068)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from tillid.archive.insight import InsightCase, Item
from tillid.documents.redaction import redacted
from tillid.kernel.canonical import json_digest
from tillid.usecases.copy_job import job_for
from tillid.usecases.insight_file import file_of
from tillid.usecases.insight_text import Whole, left_out_of
from tillid.usecases.ports import House

STEP = "render_insight"  # for the intake too: a step of its own would tell, in a list of steps, that there is something
PDF = "application/pdf"
# Of which document, and what makes the bytes, once the database is closed.
Work = tuple[str, Callable[[], tuple[bytes, str]]]


def order_of(case_id: str, decided: InsightCase, item: Item, person: str) -> dict[str, str]:
    """The ids of the outbox entry: another one once it is ``decided`` otherwise. ``person``: whose it is when it is made."""
    out = left_out_of(decided, item)
    made_of = json_digest([item.id, sorted(out.fields), out.passages, out.boxes])[:32]
    return {"case": case_id, "item": item.id, "made_of": made_of, "person": person}


def work_on(house: House, decided: InsightCase, item: Item, found: Whole, **printed: Any) -> Work:
    """A file with its boxes, or a text without what is left out. ``printed``: what a page of it says otherwise than the team's copy."""
    document, out = found.document, left_out_of(decided, item)
    renderer, uploads = house.renderer, house.uploads
    if item.kind == "file":
        stored = file_of(house, item, document)
        return document.id, lambda: (uploads.burned(stored.data, out.boxes), stored.media_type)
    job = msgspec.structs.replace(job_for(house, document, found.seen, "team", found.version), **printed)
    job = redacted(job, found.definition, found.seen, out.fields, document, out.passages)
    return document.id, lambda: (renderer.render(job).pdf, PDF)
