"""Finding the words and phrases of the word lists in a text: whole words, any case, within a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from tillid.forms.wording_lists import END, NUMBER, Find, Wording, WordingRule

_WORD = re.compile(r"\w+")
_STOP = re.compile(r"[.!?\n]")
# A full stop behind these ends no sentence.
_SHORTENED = frozenset("nr kl fx eks bl ca dvs tlf pga mht mfl osv st tv th".split())


class Token(msgspec.Struct, frozen=True):
    """A word: in small letters, where it is, the number of its sentence, and whether a sign follows."""

    text: str
    start: int
    end: int
    sentence: int
    closed: bool


def tokens(text: str) -> list[Token]:
    """The words of ``text``."""
    found, sentence, last = [], 0, 0
    for word in _WORD.finditer(text):
        if not (found and found[-1].text in _SHORTENED and text[last : word.start()].strip() == "."):
            sentence += bool(_STOP.search(text, last, word.start()))
        last = word.end()
        following = text[last : last + 1]
        closed = not following or (not following.isspace() and following not in "-/'’")
        found.append(Token(word[0].casefold(), word.start(), last, sentence, closed))
    return found


def rule_places(rule: WordingRule, found: list[Token], wording: Wording) -> list[tuple[int, int]]:
    """Where ``rule`` finds something, each place once, in the order of the text."""
    present = {token.text for token in found}
    finds = (find for find in rule.find if _possible(find, present, wording))
    places = {place for find in finds for place in _places(find, found, wording)}
    return sorted(places)


def _possible(find: Find, present: set[str], wording: Wording) -> bool:
    """Whether every set that is looked for has a word in the text: most texts have none."""
    named = [name for name in (find.word, find.near, *find.phrase) if name and name not in (END, NUMBER)]
    return not any(wording.sets[name].isdisjoint(present) for name in named)


def _places(find: Find, found: list[Token], wording: Wording) -> Iterator[tuple[int, int]]:
    if find.phrase:
        for at in range(len(found)):
            if (hit := _phrase(find, found, at, wording)) is not None:
                yield (hit.start, hit.end)
        return
    words = wording.sets[find.word]
    near = wording.sets[find.near] if find.near else frozenset()
    for at, token in enumerate(found):
        if token.text in words and (not near or _near(found, at, near, find.within)):
            yield (token.start, token.end)


def _near(found: list[Token], at: int, near: frozenset[str], within: int) -> bool:
    around = found[max(0, at - within) : at] + found[at + 1 : at + 1 + within]
    return any(token.text in near and token.sentence == found[at].sentence for token in around)


def _phrase(find: Find, found: list[Token], at: int, wording: Wording) -> Token | None:
    """The marked word if the phrase stands at ``at``."""
    place = at
    for part in find.phrase:
        if part == END:
            last = found[place - 1]
            after = found[place] if place < len(found) else None
            if not (last.closed or after is None or after.text in wording.joining or after.sentence != last.sentence):
                return None
            continue
        if place >= len(found) or found[place].sentence != found[at].sentence:
            return None
        token = found[place]
        if not (token.text.isdigit() if part == NUMBER else token.text in wording.sets[part]):
            return None
        place += 1
    return found[at + find.mark]
