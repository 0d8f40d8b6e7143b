"""What narrows a search of the own documents: kind of document, child, period; and what can be chosen, counted (ADR 0072).

Counted is only what was found, so that nothing chosen from tells of what may not be read. A child is chosen by its name, as it is searched for:
no id stands in a page. A document whose child is named to nobody there (what a receiver wrote itself, once what it follows on is
closed) belongs to no child here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

import msgspec

MOST_VALUES = 50  # of a list to choose from; words find the others
By = Literal["form", "child"]


class Narrowing(msgspec.Struct, frozen=True, kw_only=True):
    """``forms``: ids, ``children``: names, one of them; ``since``, ``until``: days, both meant. Empty = everything."""

    forms: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


class Kind(NamedTuple):
    """What a found document is narrowed by. ``child``: the name, empty where it is told to nobody; ``day``: when its text was written or locked."""

    form: str
    title: str
    child: str
    day: date


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A value with how many documents it would leave under everything else that is chosen."""

    value: str
    label: str
    count: int


def keeps(narrowing: Narrowing, kind: Kind, *, but: By | None = None) -> bool:
    """Whether it is left; ``but``: as if that were not chosen."""
    return (
        (but == "form" or not narrowing.forms or kind.form in narrowing.forms)
        and (but == "child" or not narrowing.children or bool(kind.child) and kind.child in narrowing.children)
        and (narrowing.since is None or kind.day >= narrowing.since)
        and (narrowing.until is None or kind.day <= narrowing.until)
    )


def forms_of(narrowing: Narrowing, found: Sequence[Kind]) -> tuple[Choice, ...]:
    """Kinds of documents to choose from."""
    left = [one for one in found if keeps(narrowing, one, but="form")]
    named = [(one.form, one.title) for one in found]
    return _counted(((one.form, one.title) for one in left), named, narrowing.forms)


def children_of(narrowing: Narrowing, found: Sequence[Kind]) -> tuple[Choice, ...]:
    """Children to choose from."""
    left = [one for one in found if one.child and keeps(narrowing, one, but="child")]
    named = [(one.child, one.child) for one in found if one.child]
    return _counted(((one.child, one.child) for one in left), named, narrowing.children)


def _counted(
    left: Iterable[tuple[str, str]], named: Iterable[tuple[str, str]], chosen: Iterable[str]
) -> tuple[Choice, ...]:
    """A chosen one that leaves nothing stays, so that it can be taken away; of one that was not found nothing is known."""
    counts, labels = Counter(value for value, _ in left), dict(named)
    values = [*counts, *(one for one in dict.fromkeys(chosen) if one not in counts and one in labels)]
    every = [Choice(value=one, label=labels[one], count=counts[one]) for one in values]
    return tuple(sorted(every, key=lambda one: (-one.count, one.label, one.value))[:MOST_VALUES])
