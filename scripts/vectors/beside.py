"""Where a vector lies and what is written beside it, for every kind of vector: the verdict that it must get, and at what moment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from tillid.kernel.clock import instant
from tillid.signatures.verdict import Verdict

FOLDERS = {"passed": "valid", "failed": "invalid", "unreadable": "invalid", "indeterminate": "indeterminate"}


def stem_of(name: str, verdict: Verdict) -> str:
    """Folder and name, without an ending."""
    return f"{FOLDERS[verdict.status]}/{name}"


def expected(
    verdict: Verdict,
    at: datetime,
    against: str,
    *,
    first: Mapping[str, object] | None = None,
    found: Mapping[str, object] | None = None,
    last: Mapping[str, object] | None = None,
) -> str:
    """The text of the file beside a vector. ``first``: what it is judged with; ``found``, ``last``: what else the verdict must say."""
    told = {
        "at": instant(at),
        **(first or {}),
        "status": verdict.status,
        "indication": verdict.indication,
        "sub_indication": verdict.sub_indication,
        "step": verdict.step,
        **(found or {}),
        "against": against,
        **(last or {}),
    }
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"
