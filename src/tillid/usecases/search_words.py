"""What an archivist probably meant or is about to write, from the house's own words (ADR 0050). No document and no index is near
them, so they say nothing about what is in the archive."""

from __future__ import annotations

from functools import lru_cache

from tillid.archive.analysis import SETTING, Vocabulary, completions, did_you_mean, own_texts, vocabulary_of
from tillid.forms.loading import Definitions
from tillid.usecases.ports import House


def meant(house: House, words: str) -> str:
    """``words`` with slips put right; empty if nothing is to be."""
    return did_you_mean(_vocabulary(house.definitions), words)


def offered(house: House) -> tuple[str, ...]:
    """What the box completes to: the forms' titles and the municipality's words that are searched as one."""
    return _offered(house.definitions, house.settings.choices.get(SETTING))


@lru_cache(maxsize=2)
def _offered(definitions: Definitions, synonyms: str | None) -> tuple[str, ...]:
    return completions(definitions.all(), synonyms)


@lru_cache(maxsize=2)  # the definitions in use are one object until something is published
def _vocabulary(definitions: Definitions) -> Vocabulary:
    return vocabulary_of(own_texts(definitions.all()))
