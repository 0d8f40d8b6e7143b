"""What rules alone have destroyed, for who looks after the archive: how much and when, of nobody (R-90)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec


class RuleRun(msgspec.Struct, frozen=True, kw_only=True):
    """``what``: drafts that nobody shared, rows of the access log, or closed cases of insight; ``count``: of them; ``before``: rows
    older than that day, the day itself for the others; ``rules``: digest of the retention rules it was done by."""

    what: Literal["draft", "access_log", "insight"]
    at: datetime
    count: int
    before: date
    rules: str
