"""The draft as it was before it was moved to another version of its form: kept for good, never changed."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tillid.documents.model import DefinitionRef, Draft


class EarlierDraft(msgspec.Struct, frozen=True, kw_only=True):
    """``number``: from 1 per document; ``definition`` and ``variant``: what the draft was filled in; ``to``: what it was
    moved to; ``versions``: how many versions were frozen then (the draft can be brought back while it is still so many).
    ``left_over``: how many texts found no place in the new version."""

    document_id: str
    number: int
    draft: Draft
    definition: DefinitionRef
    variant: str
    to: DefinitionRef
    moved_at: datetime
    moved_by: str
    versions: int
    left_over: int = 0
