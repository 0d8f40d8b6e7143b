"""What an officer can leave out of an answer, as boxes to tick: its sentences and paragraphs, and places found by words (R-72).

A place is posted by numbers, so that no word of the answer stands in what is posted, logged or kept but the officer's own search for
them, which is answered and forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request

from tillid.documents.passages import Passage, Span, Texts, pieces, places_of
from tillid.kernel.errors import TillidError

WORDS = "ord-"  # name of the input for words, before the field's id
MOST = 2000  # ticked at once
_PLACE = re.compile(r"([a-z][a-z0-9_]{0,79})\.([0-9]{1,4})\.([0-9]{1,6})-([0-9]{1,6})\Z")


class WordsNotThere(TillidError):
    code = "insight.words-not-there"
    text = "De ord står ikke i svaret. Skriv dem, som de står dér."


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """``value``: what is posted; ``words``: what goes if it is ticked."""

    value: str
    words: str
    ticked: bool

    @property
    def id(self) -> str:
        return "del-" + self.value.replace(".", "-")


class Paragraph(msgspec.Struct, frozen=True, kw_only=True):
    """``whole``: the box for all of it, where there is more than one sentence; never ticked beforehand, its sentences are."""

    sentences: tuple[Box, ...]
    whole: Box | None = None


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """One text of an answer. ``where``: which, if there are several; ``own``: places that are no whole sentences."""

    where: str
    paragraphs: tuple[Paragraph, ...]
    own: tuple[Box, ...]

    @property
    def ticked(self) -> bool:
        """Whether anything of it is left out."""
        return bool(self.own) or any(one.ticked for part in self.paragraphs for one in part.sentences)


def ticked(request: Request) -> list[Passage]:
    """The places that were posted. Raises ``HTTPNotFound`` for what no page offers."""
    posted = request.POST.getall("del")
    found = [_PLACE.match(one) for one in posted[:MOST]]
    if len(posted) > MOST or not all(found):
        raise HTTPNotFound()
    return [Passage(field=m[1], text=int(m[2]), start=int(m[3]), end=int(m[4])) for m in found if m]


def searched(request: Request, texts: Texts) -> tuple[list[Passage], list[str]]:
    """Where the words stand that were typed, and the inputs whose words stand nowhere in their answer."""
    found, missing = [], []
    for field in texts:
        words = request.POST.get(WORDS + field, "")[:1000]
        if words.strip():
            places = places_of(texts, field, words)
            found += places
            missing += [] if places else [WORDS + field]
    return found, missing


def choices_of(texts: Texts, passages: Iterable[Passage]) -> Mapping[str, tuple[Choices, ...]]:
    """For each answer that can be left out in part what can be ticked in it."""
    spans: dict[tuple[str, int], list[Span]] = {}
    for one in passages:
        spans.setdefault((one.field, one.text), []).append((one.start, one.end))
    return {
        field: tuple(
            _choices(field, number, where, text, spans.get((field, number), []))
            for number, (where, text) in enumerate(of_field)
        )
        for field, of_field in texts.items()
    }


def _choices(field: str, number: int, where: str, text: str, gone: list[Span]) -> Choices:
    def box(span: Span) -> Box:
        inside = any(start <= span[0] and span[1] <= end for start, end in gone)
        return Box(value=f"{field}.{number}.{span[0]}-{span[1]}", words=text[span[0] : span[1]], ticked=inside)

    every = pieces(text)
    paragraphs = []
    for sentences in every:
        whole = msgspec.structs.replace(box((sentences[0][0], sentences[-1][1])), ticked=False)
        paragraphs.append(Paragraph(sentences=tuple(map(box, sentences)), whole=whole if len(sentences) > 1 else None))
    starts, ends = ({span[at] for sentences in every for span in sentences} for at in (0, 1))
    own = [box(span) for span in gone if not (span[0] in starts and span[1] in ends)]
    return Choices(where=where, paragraphs=tuple(paragraphs), own=tuple(own))
