"""What an archivist may find and open (design 22). Asked of the document and the ledger's verdict, never of the index.

Versions of closed, released, withdrawn or transferred cases of the own controller (R-05); never drafts, individual
trivselsskemaer (design 25) or underretninger. Positions are kept out of what is indexed: ``entry.py``.
"""

from __future__ import annotations

from typing import Literal

from tillid.consents.effective import Verdict
from tillid.documents.model import Document

ArchiveState = Literal["released", "withdrawn", "closed"]
ARCHIVE_STATES: tuple[ArchiveState, ...] = ("released", "withdrawn", "closed")

# Forms that no archivist finds without a separate role and purpose; they have neither in this version.
_NEVER = ("trivselsskema", "trivselsoverblik", "underretning", "mellemkommunal_underretning")  # beginnings of form ids


def archive_state(document: Document, verdict: Verdict | None) -> ArchiveState | None:
    """The archive's word for the case, or ``None`` if it is not the archive's yet (or never will be).

    ``verdict``: of the consent request that decides, ``None`` when nothing was asked. Once released a case stays the
    archive's, whatever became of the consent: effectiveness closes the receiver's side only (design 14).
    """
    if document.versions == 0 or document.round_id is not None or document.definition.form_id.startswith(_NEVER):
        return None
    if verdict is not None and verdict.signed:
        if verdict.standing == "withdrawn":
            return "withdrawn"
        return "closed" if document.state == "closed" else "released"
    return "closed" if document.state == "closed" else None


def may_be_found(document: Document, verdict: Verdict | None) -> bool:
    """Whether the case is the archive's; the controller's boundary is asked apart (``allowed_units``)."""
    return archive_state(document, verdict) is not None


def version_to_index(document: Document, verdict: Verdict | None, asked_version: int | None) -> int | None:
    """Which version the archive finds: the one consented to (``asked_version``, of the deciding request);
    for a case closed without consent the agreed one, else the newest shared one; ``None``: none.

    A newer version that nobody has consented to yet is not the archive's.
    """
    if archive_state(document, verdict) is None:
        return None
    if verdict is not None and verdict.signed:
        return asked_version
    return document.agreed_version or document.versions


def version_to_keep(document: Document) -> int | None:
    """Which version is kept of a document that an archivist has marked so and that is none of those above: the agreed one, else the
    newest; ``None`` for a draft. For the receiving archive alone: it makes nothing findable here (ADR 0066)."""
    return document.agreed_version or document.versions or None
