"""What an archivist probably meant, from the forms' own words (ADR 0050)."""

from __future__ import annotations

from functools import lru_cache

from tillid.archive.analysis import Vocabulary, did_you_mean, own_texts, vocabulary_of
from tillid.forms.loading import Definitions
from tillid.usecases.ports import House


def meant(house: House, words: str) -> str:
    """``words`` with slips put right; empty if nothing is to be. It is asked of the forms in use alone: no document and no index
    is near it, so it says nothing about what is in the archive."""
    return did_you_mean(_vocabulary(house.definitions), words)


@lru_cache(maxsize=2)  # the definitions in use are one object until something is published
def _vocabulary(definitions: Definitions) -> Vocabulary:
    return vocabulary_of(own_texts(definitions.all()))
