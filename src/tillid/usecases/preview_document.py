"""A preview of the draft as the parents will get it, before it is shared (station 3)."""

from __future__ import annotations

from tillid.documents.rendering import RenderJob
from tillid.process.access import Identity
from tillid.usecases.facts import require
from tillid.usecases.follow_up import job_for
from tillid.usecases.ports import House
from tillid.usecases.share_document import with_receiver
from tillid.usecases.writing import note


def preview_job(house: House, who: Identity, document_id: str) -> RenderJob:
    """The job for the parents' copy of the present draft; nothing is stored in the content database (design 18)."""
    document, _ = require(house, who, "share", document_id)
    note(house, who, "preview", document)
    answers = {field: value for field, value in house.documents.draft(document_id).answers.items() if value is not None}
    return job_for(house, with_receiver(document, answers), answers, "parent", None)
