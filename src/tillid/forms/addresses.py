"""Addresses in free text: something that looks like one, and one that is known, however it is spelled (R-37)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from tillid.forms.wording_lists import Wording
from tillid.forms.wording_match import Token, tokens

_HOUSE = re.compile(r"[1-9][0-9]{0,2}[a-zæøå]?\Z")
_BETWEEN = frozenset({"nr", "nummer", "no", "num"})
# Endings people shorten, and one letter for two.
_SHORT = {"gd": "gade", "vj": "vej", "v": "vej", "al": "alle", "pl": "plads", "st": "stræde", "blvd": "boulevard"}


def address_places(text: str, found: Sequence[Token], wording: Wording) -> Iterator[tuple[int, int]]:
    """Where a street's name with a house number seems to stand: a capital, an ending, a number that counts nothing."""
    if not any(token.text[0].isdigit() for token in found):
        return
    for at, token in enumerate(found):
        if not _is_street(text, found, at, wording):
            continue
        house = at + 1 + (at + 1 < len(found) and found[at + 1].text in _BETWEEN)
        if house >= len(found) or not _HOUSE.match(found[house].text) or found[house].sentence != token.sentence:
            continue
        counted = house + 1 < len(found) and found[house + 1].text in wording.counted and not found[house].closed
        if not counted:
            first = at - 1 if token.text in wording.street_endings else at
            yield (found[first].start, found[house].end)


def known_address_places(text: str, addresses: Sequence[str]) -> list[tuple[int, int]]:
    """Where one of ``addresses`` (``street number, postcode town``) stands in ``text``.

    Small and capital letters, accents, ``aa`` and ``å``, signs, blanks, »nr.« and shortened endings make no difference,
    nor do floor and door. Without its number a street alone is no address, but with the postcode it is.
    """
    found = tokens(text)
    words = [_spelled(token.text) for token in found]
    places = []
    for address in addresses:
        street, number, postcode = _parted(address)
        for at in range(len(words)):
            end = _street_at(words, at, street)
            if end is None:
                continue
            following = [word for word in words[end : end + 8] if word not in _BETWEEN]
            here = bool(number) and "".join(following[:2]).startswith(number) and not _longer(following, number)
            if here or (postcode and postcode in following):
                places.append((found[at].start, found[min(end, len(found) - 1)].end))
    return places


def _is_street(text: str, found: Sequence[Token], at: int, wording: Wording) -> bool:
    token = found[at]
    if token.text in wording.not_streets:
        return False
    if token.text in wording.street_endings:  # »Nørre Allé«
        return at > 0 and text[found[at - 1].start].isupper() and found[at - 1].sentence == token.sentence
    return text[token.start].isupper() and token.text.endswith(wording.street_endings)


def _parted(address: str) -> tuple[str, str, str]:
    """Street and number without blanks, and the postcode."""
    words = [_spelled(token.text) for token in tokens(address)]
    at = next((n for n, word in enumerate(words) if n and _HOUSE.match(word)), len(words))
    letter = at + 1 < len(words) and re.fullmatch("[a-z]", words[at + 1])
    number = "".join(words[at : at + 2] if letter else words[at : at + 1])
    postcode = next((word for word in words[at:] if re.fullmatch("[0-9]{4}", word)), "")
    return "".join(words[:at]), number, postcode


def _street_at(words: list[str], at: int, street: str) -> int | None:
    """Behind which word the street's name ends if it begins at ``at``, however it is parted."""
    spelled = ""
    for end in range(at, min(at + 6, len(words))):
        spelled += words[end]
        if street in (spelled, _whole(spelled)):
            return end + 1
        if not street.startswith(spelled):
            return None
    return None


def _longer(following: list[str], number: str) -> bool:
    """12 is not 121, and what follows a number without a letter may be any word: »12 bor«."""
    digits = [re.match("[0-9]*", word)[0] for word in ("".join(following[:1]), number)]  # type: ignore[index]
    return digits[0] != digits[1]


def _whole(word: str) -> str:
    """A street with a shortened ending written out."""
    for short, ending in _SHORT.items():
        if len(word) > len(short) + 2 and word.endswith(short):
            return word.removesuffix(short) + ending
    return word


def _spelled(word: str) -> str:
    """One spelling: ``å`` for ``aa``, no accents, so that ``Allé`` and ``Alle`` are one."""
    kept = word.casefold().replace("aa", "å")
    parts = (c if c in "æøå" else unicodedata.normalize("NFD", c)[0] for c in kept)
    return "".join(parts)
