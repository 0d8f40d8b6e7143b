"""Whether a text that was read off a page is a filled form of ours: told by what the form itself asks (T9).

Titles and last lines are lost when a page is saved anew, cut, or printed two to a sheet; the questions are not, or nobody would
know what the answers are about. So a version is known again by its sections' titles and fields' labels, as many as ``ENOUGH``
in the order in which the form has them. What another form says too (a label, a question, a choice, a hint) tells nothing, and
who quotes a line or two has no more than that. All of it comes from the definitions: a new version needs no code.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from tillid.forms.definition import FormDefinition

ENOUGH = 3
SHORTEST = 10  # letters; "Barn", "Dato" and "Position" stand on many pages
_FOLDED = str.maketrans({"æ": "ae", "ø": "o"})
_NO_LETTERS = re.compile(r"[\W_]+")

Asked = tuple[str, ...]  # what one version asks in one language, in its order, as letters alone


def asked_by(form_id: str, definitions: Iterable[FormDefinition]) -> tuple[Asked, ...]:
    """What each version of ``form_id`` asks that no other form among ``definitions`` says, for ``looks_like``."""
    own, others = [], []
    for one in definitions:
        (own if one.id == form_id else others).extend(_languages(one))
    said = "\n".join(letters(words) for form in others for words in _words(form))
    found = (_own(form, said, title_at) for form in own for title_at in (0, 1))
    return tuple(dict.fromkeys(one for one in found if len(one) >= ENOUGH))


def looks_like(pages: Sequence[str], asked: Iterable[Asked]) -> bool:
    """Whether two pages that follow each other hold enough of one version; ``pages``: the text of each."""
    read = [letters(page) for page in pages]
    both = [one + other for one, other in zip(read, [*read[1:], ""], strict=False)]
    return any(_in_order(text, one) >= ENOUGH for one in asked for text in both)


def letters(text: str) -> str:
    """``text`` without what a new layout changes: spaces, breaks, hyphens, capitals, ligatures, and the accents that a scanner's reader
    does not see."""
    small = unicodedata.normalize("NFKD", text).casefold().translate(_FOLDED)
    return _NO_LETTERS.sub("", small)  # an accent by itself is no letter


def _in_order(text: str, asked: Asked) -> int:
    """How many of ``asked`` stand in ``text`` in their order: the longest rising row of their numbers."""
    places = sorted((place, -number) for number, one in enumerate(asked) for place in _places(text, one))
    rising: list[int] = []
    for _place, number in places:
        at = bisect_left(rising, -number)
        rising[at : at + 1] = [-number]
    return len(rising)


def _places(text: str, one: str) -> Iterator[int]:
    at = text.find(one)
    while at >= 0:
        yield at
        at = text.find(one, at + len(one))


def _own(form: FormDefinition, said: str, title_at: int) -> Asked:
    """``title_at``: 1 = the title behind the first label, as the words of a page that lies on its side are read."""
    asked = []
    for section in form.sections:
        labels = [letters(field.label) for field in section.fields]
        asked += [*labels[:title_at], letters(section.title), *labels[title_at:]]
    asked = [one for one in dict.fromkeys(asked) if len(one) >= SHORTEST and one not in said]
    return tuple(one for one in asked if not any(one in other for other in asked if other != one))


def _languages(form: FormDefinition) -> list[FormDefinition]:
    return [form, *(form.in_language(language) for language in form.translations)]


def _words(form: FormDefinition) -> Iterator[str]:
    """All that ``form`` may print or show."""
    yield from (form.title, form.purpose, *(text.body for text in form.texts))
    for term in form.definitions:
        yield from (term.term, term.meaning)
    for section in form.sections:
        yield from (section.title, *section.guidance)
        for field in section.fields:
            yield from (field.label, field.help, *field.support)
    for choice in (choice for one in form.code_lists for choice in one.choices):
        yield from (choice.label, choice.help)
