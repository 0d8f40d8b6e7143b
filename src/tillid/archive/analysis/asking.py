"""From what a person typed to the things asked for. Nothing typed is ever syntax beyond ``"a phrase"`` and ``ord*``."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from tillid.archive.analysis.clauses import Clause, key_of
from tillid.archive.analysis.synonyms import Synonyms, delivered, synonyms_in
from tillid.archive.analysis.words import Word, analyse

LONGEST_QUESTION = 500
MOST_CLAUSES = 32
SHORTEST_BEGINNING = 2

_PIECE = re.compile(r'"([^"]*)"|([^\s"]+)')


class Piece(NamedTuple):
    """What was typed between two spaces, or in quotes."""

    written: str
    words: tuple[Word, ...]
    phrase: bool
    beginning: bool


@lru_cache(maxsize=256)  # asked again for every hit's excerpt
def clauses_of(words: str, synonyms: str | None = None) -> tuple[Clause, ...]:
    """What ``words`` asks for: a clause a word, each with its synonyms (those of the list ``synonyms``, else the delivered ones); a name
    of several words that has synonyms is one clause. What stands in quotes is asked for as it stands.

    Stop words beside other words are dropped; alone they are asked for as they stand.
    """
    known = delivered() if synonyms is None else synonyms_in(synonyms)
    pieces, clauses, common, at = pieces_of(words), [], [], 0
    while at < len(pieces):
        named = _name_at(pieces, at, known)
        if named:
            clause, at = named
            clauses.append(clause)
            continue
        clause = _clause(pieces[at], known)
        (clauses if clause.stem or len(clause.exact) > 1 or pieces[at].phrase or clause.beginning else common).append(
            clause
        )
        at += 1
    return tuple(dict.fromkeys(clauses or common))[:MOST_CLAUSES]


def pieces_of(words: str) -> list[Piece]:
    """What ``words`` consists of; pieces without any word are left out."""
    found = []
    for phrase, plain in _PIECE.findall(unicodedata.normalize("NFC", words[:LONGEST_QUESTION])):
        parts = tuple(analyse(phrase or plain))
        if parts:
            beginning = plain.endswith("*") and len(parts[-1].exact) >= SHORTEST_BEGINNING
            found.append(Piece(phrase or plain, parts, bool(phrase), beginning))
    return found


def _name_at(pieces: list[Piece], at: int, known: Synonyms) -> tuple[Clause, int] | None:
    """The longest name of several words that begins at piece ``at``, and the piece after it."""
    for end in range(min(len(pieces), at + known.longest), at, -1):
        run = pieces[at:end]
        words = [word for piece in run for word in piece.words]
        if len(words) < 2 or any(piece.phrase or piece.beginning for piece in run):
            continue
        if others := known.others.get(key_of(words)):
            return Clause(exact=tuple(word.exact for word in words), also=others), end
    return None


def _clause(piece: Piece, known: Synonyms) -> Clause:
    exact = tuple(word.exact for word in piece.words)[:MOST_CLAUSES]
    if piece.beginning or piece.phrase or len(exact) > 1 or not piece.words[0].stems:
        # A quoted phrase, one word of several parts (TD-7F3K2Q, 0-6, syd-vest), a beginning, or a stop word.
        return Clause(exact=exact, beginning=piece.beginning)
    return Clause(stem=piece.words[0].stems[0], also=known.others.get(key_of(piece.words), ()))
