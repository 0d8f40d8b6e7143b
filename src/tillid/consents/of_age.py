"""From which day a child consents for itself, and whether a question is put to it (R-41; sundhedsloven § 17, Datatilsynet's practice).

From its fifteenth birthday the young person answers alone, in its own words and with its own login; its parents' yeses end that day.
They go on holding custody and reading for themselves (R-35): what ends is that they answer in its place.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from tillid.kernel.clock import local_day

YEARS = 15
PARENTS_ENDED, NOT_YET = (
    "child-fifteen",
    "child-not-of-age",
)  # why a question is no longer, or not, that person's to answer
BY_AGE = frozenset({PARENTS_ENDED, NOT_YET})


class Question(Protocol):
    """What somebody was asked about a child: a share, or a meeting. ``series``: who was asked → that person's own series of events."""

    @property
    def id(self) -> str: ...
    @property
    def child_id(self) -> str: ...
    @property
    def series(self) -> dict[str, str]: ...


def of_age_on(born: date) -> date:
    """The day on which a child decides about its own consents: its fifteenth birthday. Born on 29 February: the 28th, the careful
    one of two readings."""
    leap = (born.month, born.day) == (2, 29)
    return born.replace(year=born.year + YEARS, day=28 if leap else born.day)


def decides_itself(born: date, moment: datetime) -> bool:
    """Whether a child born on ``born`` is asked itself at ``moment``, by the Danish calendar."""
    return local_day(moment) >= of_age_on(born)


def asks_child(question: Question) -> bool:
    """Whether ``question`` is put to the child itself: then nobody else is asked."""
    return question.child_id in question.series
