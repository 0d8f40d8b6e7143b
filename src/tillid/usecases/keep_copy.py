"""Rendering a copy and keeping it: read, close, render, open again, write once (design 19)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tillid.documents.model import Copy, Document, Version
from tillid.documents.rendering import RenderJob
from tillid.kernel.errors import NotFound
from tillid.usecases.ports import House, OpenHouse, Renderer

PDF = "application/pdf"


def frozen(house: House, document_id: str, number: int) -> tuple[Document, Version]:
    """The document and its version ``number``; raises ``NotFound``."""
    document, version = house.documents.get(document_id), house.documents.version(document_id, number)
    if document is None or version is None:
        raise NotFound("document or version gone")
    return document, version


def with_copy(version: Version, copy: Copy) -> Version:
    """``version`` with its reader's copy; one that is there already stays."""
    return msgspec.structs.replace(version, copies={copy.reader: copy, **version.copies})


def render_and_keep(open_house: OpenHouse, renderer: Renderer, document_id: str, number: int, job: RenderJob,
                    added: Callable[[Version, Copy], Version]) -> None:  # fmt: skip
    """Render ``job`` with no database open, then store the bytes and the version that ``added`` makes of them. May run
    twice: what is there already stays."""
    rendered = renderer.render(job)
    with open_house() as house:
        _, version = frozen(house, document_id, number)
        sha256 = house.blobs.put(rendered.pdf, PDF)
        copy = Copy(
            reader=job.reader,
            sha256=sha256,
            size=len(rendered.pdf),
            pages=rendered.pages,
            template_digest=rendered.template_digest,
            made_at=house.moment,
        )
        changed = added(version, copy)
        if changed != version:
            house.documents.replace_version(changed)
