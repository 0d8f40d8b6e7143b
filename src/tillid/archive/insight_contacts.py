"""Whether a text tells how or where somebody can be reached: an e-mail address, a telephone number, a street with its number. Pure.

Whose it is no pattern can say, so each is pointed at, also the institution's own: a reviewer sees that in a second (R-72).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tillid.forms.addresses import address_places, known_address_places
from tillid.forms.wording_lists import load_wording
from tillid.forms.wording_match import tokens

# »anna@sted.dk«, and written so that no machine finds it: »anna (at) sted.dk«.
# Begun at the first letter alone: a long text without blanks would be gone through once for each of its letters.
_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]+\s?(?:@|[(\[](?:at|snabel-?a)[)\]])\s?[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}", re.IGNORECASE
)
# Eight digits, however they are grouped, or a number that begins with its country.
_BETWEEN = r"[ \u00a0.\-/]{0,2}"
_NUMBER = re.compile(
    rf"(?<!\d)(?:\(?(?:\+|00)\d{{1,3}}\)?{_BETWEEN}\d(?:{_BETWEEN}\d){{5,13}}|\d(?:{_BETWEEN}\d){{7}})(?!\d)"
)
# Eight digits too: »26.11.2026«, »2026-11-26«, »08.00-16.30«.
_NO_NUMBER = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])([.\-/])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"|(?:[01]?\d|2[0-4])\.[0-5]\d ?[-/] ?(?:[01]?\d|2[0-4])\.[0-5]\d"
)


def holds_contact(text: str, homes: Sequence[str] = ()) -> bool:
    """Whether ``text`` holds one. ``homes``: addresses that the register has of those around the child, found however they are
    spelled; any other street with a number is found as far as it looks like one."""
    return bool(_MAIL.search(text)) or _holds_number(text) or _holds_address(text, homes)


def _holds_number(text: str) -> bool:
    return any(not _NO_NUMBER.fullmatch(found[0]) for found in _NUMBER.finditer(text))


def _holds_address(text: str, homes: Sequence[str]) -> bool:
    return bool(known_address_places(text, homes)) or any(address_places(text, tokens(text), load_wording()))
