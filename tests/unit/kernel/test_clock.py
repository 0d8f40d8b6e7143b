"""Moments have one spelling."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tillid.kernel.clock import instant, parse_instant

OTHER = """2026-2-5T1:2:3Z
2026-02-05 01:02:03Z
2026-02-05T01:02:03
2026-02-05T01:02:03+00:00
2026-02-05T01:02:03.0Z
2026-02-05T24:00:00Z
2026-02-05T01:02:60Z
2026-02-30T01:02:03Z
0000-02-05T01:02:03Z"""


def test_there_and_back() -> None:
    moment = datetime(2026, 2, 5, 1, 2, 3, tzinfo=UTC)
    assert parse_instant(instant(moment)) == moment and parse_instant(instant(moment)).tzinfo is UTC


@pytest.mark.parametrize("text", [*OTHER.splitlines(), "", "2026-02-05T01:02:03Z\n", "\uff12026-02-05T01:02:03Z"])
def test_any_other_spelling(text: str) -> None:
    with pytest.raises(ValueError):
        parse_instant(text)
