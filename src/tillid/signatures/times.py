"""How far moments that belong together may lie apart: the table ``signing/policies/times-1.yaml``.

The offline kit, which imports nothing and has no table beside it, says both once more (``SKEW``, ``LATE``); a test holds it to them.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import msgspec
import yaml

from tillid.kernel.paths import SIGNING

TABLE = SIGNING / "policies" / "times-1.yaml"


class _Times(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    clock_skew_minutes: int
    timestamp_delay_days: int


def clock_skew() -> timedelta:
    """How far two machines' clocks may be apart: less is no reason for doubt. Raises as ``timestamp_delay``."""
    return _spans()[0]


def timestamp_delay() -> timedelta:
    """How much younger than the moment that a seal claims its timestamp may be. Raises ``msgspec.ValidationError`` or
    ``yaml.YAMLError``: it is the project's own file."""
    return _spans()[1]


@cache
def _spans() -> tuple[timedelta, timedelta]:
    found = msgspec.convert(yaml.safe_load(TABLE.read_text("utf-8")), _Times)
    return timedelta(minutes=found.clock_skew_minutes), timedelta(days=found.timestamp_delay_days)
