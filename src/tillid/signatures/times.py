"""How far moments that belong together may lie apart: two machines' clocks, and the table ``signing/policies/times-1.yaml``."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import msgspec
import yaml

from tillid.kernel.paths import SIGNING

# Two machines' clocks: a seal, a list or a token from "the next minute" is no reason for doubt. The one place that says so; the offline
# kit, which imports nothing, says it once more (``SKEW``).
CLOCK_SKEW = timedelta(minutes=5)
TABLE = SIGNING / "policies" / "times-1.yaml"


class _Times(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    timestamp_delay_days: int


@cache
def timestamp_delay() -> timedelta:
    """How much younger than the moment that a seal claims its timestamp may be. Raises ``msgspec.ValidationError`` or
    ``yaml.YAMLError``: it is the project's own file."""
    return timedelta(days=msgspec.convert(yaml.safe_load(TABLE.read_text("utf-8")), _Times).timestamp_delay_days)
