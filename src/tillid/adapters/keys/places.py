"""Where an installation has its keys and its own list of trust, and what seals its records; asked by ``wiring`` and ``cli``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tillid.adapters.keys.life import hang_demo_key
from tillid.adapters.keys.own_trust import OwnTrust
from tillid.adapters.keys.ring import KeyRing
from tillid.adapters.keys.signer import RingSigner
from tillid.adapters.personal_provider import PersonalProvider, provider_of
from tillid.adapters.revocation_answers import fetch_answers
from tillid.adapters.revocation_lists import fetch_lists
from tillid.kernel.clock import Clock
from tillid.kernel.paths import SIGNING
from tillid.signatures.chains import Chain
from tillid.signatures.trust import Trust


def ring_of(var: Path) -> KeyRing:
    """The seal's keys of the installation in ``var``."""
    return KeyRing(var / "keys" / "seal")


def trust_of(var: Path, *, demo: bool) -> OwnTrust:
    """Whom it trusts: the project's list, and its own seals and revocations."""
    return OwnTrust(SIGNING / "trust" / ("test" if demo else "production"), var / "trust")


def seal_of(var: Path, clock: Clock, *, demo: bool) -> RingSigner:
    """What seals its records. In the demo the declared test seal is on the ring from the start."""
    ring = ring_of(var)
    if demo:
        hang_demo_key(ring, clock.now())
    return RingSigner(ring, clock, demo=demo)


def bind_seals(var: Path, controllers: Mapping[str, str], *, demo: bool) -> None:
    """The seal in use is that of ``controllers``, the data controllers' numbers and names (docs/adr/0083)."""
    current = ring_of(var).current()
    trust_of(var, demo=demo).bind(controllers, current.name if current else None)


def personal_of(var: Path, trust: OwnTrust, clock: Clock) -> PersonalProvider:
    """Where people can sign themselves, if ``keys/sign-provider.json`` names a provider. Raises ``TillidError``
    (``personal.settings``)."""

    def news(way: Chain) -> None:
        """Into the installation's own trust list, as ``tillid lists`` does (ADR 0081)."""
        fetch_lists(Trust(), var / "trust" / "crl", now=clock.now(), more=way)
        fetch_answers(Trust(), var / "trust" / "ocsp", now=clock.now(), more=way)

    return PersonalProvider(provider_of(var / "keys"), trust.now, clock, news=news)
