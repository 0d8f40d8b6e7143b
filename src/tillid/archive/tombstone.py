"""What stays of a destroyed document: that it was there, what it was, on which basis it went, and who said so (R-90).

No text, no name and no child: the ledger's events of the child, whose digests are the log's leaves, stay on their own rule.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class Tombstone(msgspec.Struct, frozen=True, kw_only=True):
    """``digests``: of each version's answers, ``copies``: SHA-256 of each PDF and attachment that went; ``rules``: digest of the
    retention rules; ``event``: the ledger's; ``after_restore``: it had come back with an older backup and went again; ``evidence_due``:
    the day the period of its consents is over (``None``: there were none), ``evidence_gone``: when they went."""

    id: str
    number: str
    form_id: str
    form_version: int
    unit_id: str
    created_at: datetime
    destroyed_at: datetime
    digests: tuple[str, ...]
    copies: tuple[str, ...]
    mark: str
    subject: str
    facet: str
    basis: str
    rule: str
    rules: str
    archived: str
    ordered_by: str
    confirmed_by: str
    event: str
    after_restore: datetime | None = None
    evidence_due: date | None = None
    evidence_gone: datetime | None = None
