"""Danish documents of any number for the search: seeded, number ``n`` of a seed is always the same.

The first ones are ordinary cases into each of which one judged passage (``judged*.yaml``) is planted; the rest are ordinary
cases alone, of the demo's sentences. More documents never change what was judged.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from benchmarks.search.judged import Passage, passages
from tillid.archive.query import SearchEntry
from tillid.demo.archive_cases import pool
from tillid.demo.data import demo_data

SEED = 2026
UNITS = tuple(f"enhed-{number:02}" for number in range(40))
_FORMS = (("overgangsbeskrivelse", "Overgangsbeskrivelse"),) * 7 + (
    ("trivselsvurdering", "Trivselsvurdering"),
    ("fdr", "Fælles dokumentation"),
    ("samtykkeerklaering", "Samtykkeerklæring"),
)
_STATES = ("released",) * 7 + ("withdrawn",) * 2 + ("closed",)
_FIRST = datetime(2019, 8, 1, 8, tzinfo=UTC)
_WORDS = {"han": ("han", "Han", "ham", "hans"), "hun": ("hun", "Hun", "hende", "hendes")}


def entries(count: int, *, seed: int = SEED) -> Iterator[SearchEntry]:
    """``count`` documents, those with the judged passages first (all of them when ``count`` is large enough)."""
    planted = passages()
    for number in range(count):
        yield entry(number, planted[number] if number < len(planted) else None, seed=seed)


def entry(number: int, passage: Passage | None, *, seed: int = SEED) -> SearchEntry:
    """Document ``number``; with a passage it has that passage's name as id."""
    chance = random.Random(f"{seed}:{number}")
    form_id, title = chance.choice(_FORMS)
    at = _FIRST + timedelta(minutes=chance.randrange(7 * 365 * 24 * 60))
    return SearchEntry(
        document_id=passage.name if passage else f"{number:032x}",
        version=1,
        number=f"TD-{chance.getrandbits(30):06X}",
        form_id=form_id,
        title=title,
        state=chance.choice(_STATES),
        year=at.year,
        frozen_at=at,
        unit_id=chance.choice(UNITS),
        controller_id="k",
        text=text(chance, passage.text if passage else ""),
        sequence=1,
    )


def text(chance: random.Random, planted: str = "") -> str:
    """About 200 words: a sentence or two of most fields, the planted passage as a paragraph among them."""
    name = chance.choice(pool().first_names)
    thing, other = chance.sample(pool().interests, 2)
    words = {"navn": name.name, "ting": thing, "ting2": other}
    words |= zip(("han", "Han", "ham", "hans"), _WORDS[name.pronoun], strict=True)
    paragraphs = [" ".join(chance.sample(field.sentences, field.take)) for field in _fields() if chance.random() < 0.9]
    paragraphs.append(f"{name.name} {chance.choice(pool().surnames)} kommer fra {chance.choice(_places())}.")
    if planted:
        paragraphs.insert(chance.randrange(len(paragraphs)), planted)
    return "\n\n".join(paragraphs).format(**words)


@cache
def _fields():
    return [field for section in pool().sections.values() for field in section.values()]


@cache
def _places() -> tuple[str, ...]:
    return tuple(unit.name for unit in demo_data().units.values())
