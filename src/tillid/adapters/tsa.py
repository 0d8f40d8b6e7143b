"""Which authorities of timestamps an installation asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from tillid.adapters.tsa_client import Authorities, Authority, HttpAuthority
from tillid.adapters.tsa_own import own_authority
from tillid.kernel.clock import Clock
from tillid.signatures.trust import Trust


def time_stamper(
    addresses: Sequence[str], keys: Path, trust: Callable[[], Trust], clock: Clock, *, demo: bool
) -> Authorities | None:
    """Those at ``addresses``, the first preferred, whose tokens are kept by what ``trust`` says then; in the demo our own test authority
    where none is named. ``None``: there are no timestamps. Raises ``TillidError`` (``tsa.address``)."""
    named: list[Authority] = [HttpAuthority(address) for address in addresses]
    if demo and not named:
        named = [own_authority(keys, clock, demo=demo)]
    return Authorities(named, trust, clock) if named else None
