"""What is asked must be what it looks like: no word with letters of several alphabets (docs/adr/0086)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from tillid.kernel.alphabets import mixed_words
from tillid.kernel.errors import TillidError, Words

# A field of a question → what a person calls it; the outermost counts.
PLACES = {
    "child_name": Words("barnets navn"),
    "document": Words("dokumentets titel"),
    "title": Words("titlen"),
    "controller": Words("navnet på den dataansvarlige"),
    "from_unit": Words("navnet på det sted, der spørger"),
    "to_unit": Words("navnet på det modtagende sted"),
    "purpose": Words("formålet"),
    "participants": Words("en deltagers navn, rolle eller sted"),
    "basis": Words("hjemlen"),
    "items": Words("en del, der spørges om"),
    "texts": Words("teksten, der bliver vist"),
}
OTHER = Words("spørgsmålet")


class MixedAlphabets(TillidError):
    """``where``: which part of the question; never the word, which may be a name."""

    code = "consent.alphabets"
    text = (
        "Et ord i {where} er skrevet med bogstaver fra flere alfabeter, for eksempel et russisk a midt i et dansk ord. Det ligner "
        "et andet ord, end det er. Skriv ordet igen, der hvor det står, og prøv igen. Ingen er spurgt endnu."
    )


def require_one_alphabet(question: msgspec.Struct) -> None:
    """Raise ``MixedAlphabets`` where a word of ``question`` deceives: before anybody is asked, since an answer, and a withdrawal above
    all, is never refused for it."""
    if places := mixed_parts(question):
        raise MixedAlphabets(f"{len(places)} parts of the question", where=places[0])


def mixed_parts(question: msgspec.Struct) -> tuple[Words, ...]:
    """The parts of ``question`` in which a word deceives, as a person calls them: values of ``PLACES``, or ``OTHER``."""
    mixed = (path for path, text in _texts(msgspec.to_builtins(question)) if mixed_words(text))
    return tuple(dict.fromkeys(next((PLACES[one] for one in path if one in PLACES), OTHER) for path in mixed))


def _texts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inside in value.items():
            yield from _texts(inside, (*path, key))
    elif isinstance(value, list | tuple):
        for inside in value:
            yield from _texts(inside, path)
