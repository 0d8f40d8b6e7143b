"""Renewed evidence against a plain model: any history of batches, renewals and years is proven exactly when the dates say so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.vectors.evidence_base import GENERATIONS
from tests.support.evidence import ALGORITHMS, Years, day, everybody
from tillid.kernel.errors import TillidError
from tillid.signatures.algorithms import NEVER
from tillid.signatures.evidence import read, written
from tillid.signatures.evidence_tree import SIZES, digest, levels, reduced, top
from tillid.signatures.evidence_verify import verify_evidence
from tillid.usecases.keep_evidence import RENEW_BEFORE, close_batch, evidence_of, renew

YEAR = timedelta(days=365)


class Stamp(NamedTuple):
    """A token of the model: when, until when its certificate and its methods count, and the digest of its chain."""

    moment: datetime
    certificate: datetime
    method: datetime
    algorithm: str

    @property
    def end(self) -> datetime:
        return min(self.certificate, self.method)


def stamp(generation: int, now: datetime, algorithm: str) -> Stamp:
    _, (_, last), signs = GENERATIONS[generation]
    ends = [ALGORITHMS.digests[name] or NEVER for name in (algorithm, signs)]
    return Stamp(now, datetime(last, 1, 1, tzinfo=now.tzinfo), min(ends), algorithm)


class Model:
    """Objects and the tokens over them; ``batches``: which objects share their tokens from now on."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.batches: list[list[bytes]] = []
        self.stamps: dict[bytes, list[Stamp]] = {}

    def close(self, generation: int, now: datetime) -> None:
        if self.waiting:
            self.batches.append(self.waiting)
            for one in self.waiting:
                self.stamps[one] = [stamp(generation, now, "sha256")]
            self.waiting = []

    def renew(self, generation: int, now: datetime) -> None:
        """As ``keep_evidence.renew``: what gains less than a month is refused, and nothing after it is done."""
        for algorithm in ("sha256", "sha512"):
            last = {id(batch): self.stamps[batch[0]][-1] for batch in self.batches}
            due = [
                b for b in self.batches if last[id(b)].algorithm == algorithm and last[id(b)].end <= now + RENEW_BEFORE
            ]
            if not due:
                continue
            rehash = (ALGORITHMS.digests[algorithm] or NEVER) <= now + RENEW_BEFORE
            made = stamp(generation, now, "sha512" if rehash else algorithm)
            if made.end < min(last[id(batch)].end for batch in due) + timedelta(days=30):
                return
            for one in (one for batch in due for one in batch):
                self.stamps[one].append(made)
            if rehash:
                together = [one for batch in due for one in batch]
                self.batches = [*(batch for batch in self.batches if batch not in due), together]

    def proven(self, one: bytes, at: datetime) -> bool:
        stamps = self.stamps[one]
        untils = [*(later.moment for later in stamps[1:]), at]
        return all(
            mine.moment <= until <= mine.certificate and until < mine.method
            for mine, until in zip(stamps, untils, strict=True)
        )


STEPS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 3), st.sampled_from(("close", "renew", "renew")), st.integers(0, 2)),
    min_size=2,
    max_size=7,
)


@pytest.mark.req("R-85")
@settings(max_examples=15, deadline=None)
@given(steps=STEPS, after=st.integers(0, 25))
def test_what_the_dates_say(steps, after) -> None:
    years, model, count = Years(day(2026)), Model(), 0
    for gone, new, what, choice in steps:
        years.at(years.clock.moment + gone * YEAR)
        now = years.clock.moment
        able = [g for g, (_, (first, last), _) in GENERATIONS.items() if g != 9 and day(first) <= now < day(last, 1, 1)]
        if not able:
            break
        generation = able[choice % len(able)]
        for _ in range(new):
            data, count = b"%d" % count, count + 1
            years.store.enter(digest("sha256", data), "sha256")
            model.waiting.append(data)
        if what == "close":
            close_batch(years.keeping(generation))
            model.close(generation, now)
        else:
            try:
                renew(
                    years.keeping(generation),
                    lambda old, new: {digest(old, b"%d" % n): digest(new, b"%d" % n) for n in range(99)},
                )
            except TillidError as refused:
                assert refused.code == "evidence.no-gain"
            model.renew(generation, now)
    at = years.clock.moment + after * YEAR
    for one, stamps in model.stamps.items():
        record = evidence_of(years.store, one)
        found = verify_evidence(record, one, everybody(), ALGORITHMS, at=at)
        assert int(found.details["timestamps"]) == len(stamps)
        assert found.passed == model.proven(one, at), (found.step, stamps)
        assert found.passed or found.status == "indeterminate"
        assert written(read(record)) == record


@given(
    leaves=st.lists(st.binary(min_size=1, max_size=5), min_size=1, max_size=40, unique=True),
    algorithm=st.sampled_from(list(SIZES)),
)
def test_each_leaf_leads_to_the_top_and_no_other_value_does(leaves, algorithm) -> None:
    hashed = [digest(algorithm, one) for one in leaves]
    tree = levels(hashed, algorithm)
    for place, leaf in enumerate(hashed):
        path = reduced(tree, place)
        assert path[0] == [leaf] and top(path, algorithm) == tree[-1][0] == _plain(hashed, algorithm)
        other = digest(algorithm, leaf)
        assert top([[other], *path[1:]], algorithm) != tree[-1][0]


def _plain(values: list[bytes], algorithm: str) -> bytes:
    """The tree as the standard words it, without levels kept."""
    while len(values) > 1:
        pairs = [values[at : at + 2] for at in range(0, len(values), 2)]
        values = [pair[0] if len(pair) == 1 else digest(algorithm, b"".join(sorted(pair))) for pair in pairs]
    return values[0]
