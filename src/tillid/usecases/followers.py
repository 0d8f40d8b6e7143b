"""What was begun on a document: a receiver's own documents that follow on it (ADR 0074)."""

from __future__ import annotations

from typing import Protocol

from tillid.documents.model import Document
from tillid.usecases.ports import Documents


class HasDocuments(Protocol):
    @property
    def documents(self) -> Documents: ...


def followers(house: HasDocuments, document: Document) -> list[Document]:
    """Of whichever place, in the store's order."""
    every = house.documents.of_child(document.child_id) if document.child_id else []
    return [one for one in every if one.source is not None and one.source.document_id == document.id]
