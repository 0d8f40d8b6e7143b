"""Which characters a text from a person may hold."""

from __future__ import annotations

import re

# Controls except tab and newline, soft hyphen, zero-width and bidirectional controls, non-characters, lone surrogates:
# none of them can be seen, so a signed text must not hold them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_FORBIDDEN_LATIN = bytes(code for code in range(256) if _FORBIDDEN.match(chr(code)))


def forbidden_characters(text: str) -> list[str]:
    """Code points of ``text`` that may not be stored, as ``U+200B`` strings in order of appearance, without repeats."""
    # Nearly every text is free of them, so that is asked first, in the way that is fastest for the text.
    try:
        latin = text.encode("latin-1")
    except UnicodeEncodeError:
        if text.replace("\n", "").isprintable():  # none of them can be printed
            return []
    else:
        if len(latin.translate(None, _FORBIDDEN_LATIN)) == len(latin):
            return []
    return list(dict.fromkeys(f"U+{ord(c):04X}" for c in _FORBIDDEN.findall(text)))


def normal_newlines(text: str) -> str:
    """``text`` with every line end as ``\\n`` (browsers post ``\\r\\n``)."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
