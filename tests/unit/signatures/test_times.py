"""How far two clocks may be apart is said once, as data, and the offline kit, which imports nothing, says the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.kit import kit
from tillid.kernel.paths import PROJECT
from tillid.signatures import times
from tillid.signatures.times import clock_skew, timestamp_delay


def test_two_clocks_are_as_far_apart_in_every_judgement() -> None:
    files = sorted((PROJECT / "src" / "tillid").glob("signatures/*.py")) + sorted(
        (PROJECT / "src" / "tillid" / "adapters").glob("**/*.py")
    )
    assert [file.name for file in files if "timedelta(minutes=5)" in file.read_text("utf-8")] == []
    assert clock_skew() == timedelta(minutes=5)


def test_the_kit_counts_with_the_same_times() -> None:
    assert (clock_skew(), timestamp_delay()) == (kit().SKEW, kit().LATE)


def test_the_table_says_how_far(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "times-2.yaml"
    table.write_text("clock_skew_minutes: 2\ntimestamp_delay_days: 7\n")
    monkeypatch.setattr(times, "TABLE", table)
    times._spans.cache_clear()
    try:
        assert (clock_skew(), timestamp_delay()) == (timedelta(minutes=2), timedelta(days=7))
    finally:
        times._spans.cache_clear()
