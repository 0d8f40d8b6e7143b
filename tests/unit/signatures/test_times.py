"""How far two clocks may be apart is said once, and the offline kit, which imports nothing, says the same."""

from __future__ import annotations

from datetime import timedelta

from tests.support.kit import kit
from tillid.kernel.paths import PROJECT
from tillid.signatures.times import CLOCK_SKEW, timestamp_delay


def test_two_clocks_are_as_far_apart_in_every_judgement() -> None:
    spelled = ("CLOCK_SKEW =", "timedelta(minutes=5)")
    files = sorted((PROJECT / "src" / "tillid").glob("signatures/*.py")) + sorted(
        (PROJECT / "src" / "tillid" / "adapters").glob("**/*.py")
    )
    saying = [file.name for file in files if any(one in file.read_text("utf-8") for one in spelled)]
    assert saying == ["times.py"]
    assert timedelta(minutes=5) == CLOCK_SKEW


def test_the_kit_counts_with_the_same_times() -> None:
    assert (CLOCK_SKEW, timestamp_delay()) == (kit().SKEW, kit().LATE)
