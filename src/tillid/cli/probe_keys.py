"""What ``tillid doctor`` says of the seal's keys: whether anything can be sealed now, and for how long still; and of all that a
proof of today rests on: certificates, revocation lists, methods."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tillid.cli.alarms import sentences
from tillid.cli.keys import alarms_of, cannot_seal
from tillid.cli.probes import Finding
from tillid.kernel.errors import TillidError
from tillid.wiring.beside import ring_of, watch_of


def seal_key(var: Path, now: datetime) -> Iterator[Finding]:
    """The key in use; nothing where there is no ring yet, before the first start."""
    name, purpose = "Seglets nøgle", "forsegler samtykker"
    ring = ring_of(var)
    try:
        if not ring.all():
            return
        current = ring.current()
        told, stopped = " ".join(alarms_of(ring, now)), cannot_seal(ring, now)
        version = current.name if current else ""
    except TillidError as error:
        told, stopped, version = error.message, True, ""
    yield Finding(name=name, purpose=purpose, found=True, version=version, usable=not stopped, advice=told)


def certificates(var: Path, *, demo: bool) -> Iterator[Finding]:
    """What is about to end; nothing where there is no ring yet. A warning: seals and withdrawals go on."""
    try:
        if not ring_of(var).all():
            return
        told = " ".join(sentences(watch_of(var, demo=demo).running_out()))
    except TillidError as error:
        told = error.message
    yield Finding(
        name="Certifikater",
        purpose="bærer seglets bevis, med spærrelister og metoder",
        found=True,
        usable=True,
        advice=told,
    )
