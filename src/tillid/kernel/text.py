"""Which characters a text from a person may hold."""

from __future__ import annotations

import re

# A telephone writes one of these behind many an emoji: which of its two looks is meant. A parent's answer is not refused for a heart.
_LOOKS = "\ufe0e\ufe0f"
# By Unicode 16.0 all else that cannot be seen: controls (Cc) but tab and newline, formats (Cf) but Prepended_Concatenation_Mark, line and
# paragraph separators, Default_Ignorable_Code_Point (zero-width and bidirectional marks, fillers, variation selectors, tags); lone
# surrogates and two non-characters. With the looks the same ranges as in ``signing/schemas/consent-1.xsd``: nobody can have agreed to them.
_HIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_FORBIDDEN = re.compile(f"[{_HIDDEN}]")
_NOWHERE = re.compile(f"[{_HIDDEN}{_LOOKS}]")
_FORBIDDEN_LATIN = bytes(code for code in range(256) if _FORBIDDEN.match(chr(code)))


def forbidden_characters(text: str) -> list[str]:
    """Code points of ``text`` that may not be stored, as ``U+200B`` strings in order of appearance, without repeats."""
    return _found(_FORBIDDEN, text)


def unseen_characters(text: str) -> list[str]:
    """The same of what is signed, or comes to stand in what is signed: there nothing may be that cannot be seen."""
    return _found(_NOWHERE, text)


def _found(which: re.Pattern[str], text: str) -> list[str]:
    # Nearly every text is free of them, and most are Latin-1, of which that is asked fastest in this way.
    try:
        latin = text.encode("latin-1")
    except UnicodeEncodeError:
        pass
    else:
        if len(latin.translate(None, _FORBIDDEN_LATIN)) == len(latin):
            return []
    return list(dict.fromkeys(f"U+{ord(c):04X}" for c in which.findall(text)))


def normal_newlines(text: str) -> str:
    """``text`` with every line end as ``\\n`` (browsers post ``\\r\\n``)."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
