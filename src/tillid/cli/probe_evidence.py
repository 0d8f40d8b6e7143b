"""What ``tillid doctor`` says of renewed evidence: whether it holds, and that all copies are whole, those on other disks too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tillid.cli.common import is_demo
from tillid.cli.evidence import ALARMS
from tillid.cli.probes import Finding
from tillid.kernel.clock import instant
from tillid.kernel.errors import TillidError
from tillid.wiring.beside import evidence_desk, trust_of


def evidence(var: Path) -> Iterator[Finding]:
    """Nothing where there is no evidence yet."""
    if not (var / "evidence").is_dir():
        return
    desk, advice, version = evidence_desk(var, trust_of(var, demo=is_demo(var)).now), "", ""
    try:
        state = desk.examined()
        version = f"til {instant(state.holds_until)}" if state.holds_until else "ingen endnu"
        advice = " ".join(filter(None, (ALARMS.get(state.alarm, ""), *state.away)))
    except TillidError as error:
        advice = error.message
    yield Finding(
        name="Beviser",
        purpose="holder længere end certifikater",
        found=True,
        version=version,
        usable=True,
        advice=advice,
    )
