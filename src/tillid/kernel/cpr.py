"""CPR numbers: shape, masking. Modulus 11 is never a reason to refuse (R-110)."""

from __future__ import annotations

import re

from tillid.kernel.text import forbidden_characters, normal_newlines

_SHAPE = re.compile(r"(\d{2})(\d{2})(\d{2})-?(\d{4})\Z")
# Ids and digests come first and are stepped over: one in some thousands holds ten digits that look like a CPR number.
_OURS = r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{64}\b"
_IN_TEXT = re.compile(_OURS + r"|(?<!\d)(\d{6})[- ]?(\d{4})(?!\d)")
# Without these there is none, and most texts are gone through many times as fast: in an id they are rare, six digits are not.
_TEN_DIGITS = re.compile(r"\d{6}[- ]?\d{4}")


def normal_cpr(text: str) -> str | None:
    """Ten digits, or ``None`` if ``text`` has not the shape of a CPR number.

    Replacement numbers carry day + 60 and are accepted; modulus 11 is not looked at (R-110: numbers without it are
    issued since October 2007).
    """
    found = _SHAPE.match(text.strip())
    if not found:
        return None
    day, month = int(found[1]), int(found[2])
    day = day - 60 if day > 60 else day
    return "".join(found.groups()) if 1 <= day <= 31 and 1 <= month <= 12 else None


def masked_cpr(cpr: str) -> str:
    """``010119-xxxx``: how a CPR number is shown until somebody unmasks it and is logged (R-111)."""
    return f"{cpr[:6]}-xxxx"


def holds_cpr(text: str) -> bool:
    """Whether ``text`` holds something with the shape of a CPR number (not within a UUID or a digest); used to keep them
    out of logs, names, records."""
    return any(normal_cpr(a + b) for a, b in _IN_TEXT.findall(text))


def cpr_places(text: str) -> list[tuple[int, int]]:
    """Where in ``text`` what ``holds_cpr`` finds begins and ends."""
    return [found.span() for found in _IN_TEXT.finditer(text) if found[1] and normal_cpr(found[1] + found[2])]


def without_cpr(text: str, stand_in: str = "[cpr]") -> str:
    """``text`` with everything ``holds_cpr`` finds replaced by ``stand_in`` (R-111: never in an index, never in a log)."""
    if not _TEN_DIGITS.search(text):
        return text
    return _IN_TEXT.sub(lambda found: stand_in if found[1] and normal_cpr(found[1] + found[2]) else found[0], text)


def may_be_written(text: str) -> bool:
    """Whether free words may be kept and shown as they stand: no CPR number, and no character that hides or turns what is read."""
    return not forbidden_characters(text) and not holds_cpr(text)


def as_written(text: str, least: int, most: int) -> str | None:
    """Free words as they are kept, the first ``most`` characters; ``None`` if they are fewer than ``least`` or may not be written."""
    words = normal_newlines(text).strip()[:most]
    return words if len(words) >= least and may_be_written(words) else None
