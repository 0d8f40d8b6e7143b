"""A trust that remembers answers as one that is asked for the first time, whatever it was asked before and at whatever moment."""

from __future__ import annotations

import itertools
from datetime import timedelta

from cryptography import x509
from msgspec import structs

from scripts.vectors.evidence_base import Made
from tillid.kernel.paths import SIGNING
from tillid.signatures.revocation import objection
from tillid.signatures.trust import Trust, load_trust

VECTORS = load_trust(SIGNING / "trust" / "vectors")
SECOND = timedelta(seconds=1)


def around(*certificates: x509.Certificate) -> list:
    """Just before, at and just after each moment at which a certificate begins or ends."""
    bounds = {bound for one in certificates for bound in (one.not_valid_before_utc, one.not_valid_after_utc)}
    return [bound + more for bound in sorted(bounds) for more in (-SECOND, 0 * SECOND, SECOND)]


def test_ways_at_every_moment_that_could_matter() -> None:
    remembering = structs.replace(VECTORS)
    asked = list(itertools.product(VECTORS.seals, around(*VECTORS.authorities, *VECTORS.seals)))
    first = [structs.replace(VECTORS).seal_way(leaf, moment) for leaf, moment in asked]
    for _ in range(2):
        assert [remembering.seal_way(leaf, moment) for leaf, moment in asked] == first
    assert {bool(way) for way in first} == {True, False}


def test_what_strangers_show_is_not_kept() -> None:
    trust = structs.replace(VECTORS, seals=VECTORS.seals[:1])
    leaf = VECTORS.seals[1]
    assert trust.seal_way(leaf, leaf.not_valid_before_utc) == VECTORS.seal_way(leaf, leaf.not_valid_before_utc)
    trust.revocation(leaf, leaf.not_valid_before_utc, proven=leaf.not_valid_before_utc, at=leaf.not_valid_after_utc)
    assert not trust._ways and not trust._named


def test_revocations_at_every_moment_that_could_matter() -> None:
    """The list counts from when it was made; a seal's revocation from when it says."""
    made = Made(1, stamps=False)
    since = made.leaf.not_valid_before_utc + timedelta(days=20)
    told = made.revocation_list(made.leaf, since=since)
    trust = Trust(authorities=(made.root,), seals=(made.leaf,), lists=(told,))
    moments = [*around(made.root, made.leaf), since - SECOND, since, since + SECOND]
    moments += [told.last_update_utc - timedelta(minutes=5) + more for more in (-SECOND, 0 * SECOND)]
    asked = list(itertools.product(moments, moments))
    found = []
    for _ in range(2):
        found = [trust.revocation(made.leaf, since, proven=proven, at=at) for proven, at in asked]
        way = trust.seal_way(made.leaf, since)
        assert found == [objection(way, trust.told, proven=proven, at=at) for proven, at in asked]
    assert any(found) and not all(found) and len(trust._named) == 2, "two keys: with the list, and before it was made"
    assert structs.replace(trust, lists=()).revocation(made.leaf, since, proven=moments[-3], at=moments[-3]) is None
