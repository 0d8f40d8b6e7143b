"""Which characters a text may hold: the quick answers for what is nearly every text are those of the list."""

from __future__ import annotations

import unicodedata

import pytest

from tillid.kernel.text import forbidden_characters

UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("beside", ["Ærø", "Ærø – باب"], ids=["latin", "other letters"])
def test_a_character_is_refused_or_not_whatever_it_stands_beside(beside: str) -> None:
    for code in range(0x3000):
        char = chr(code)
        expected = forbidden_characters(f"{char}\n\t\ufffe")[:-1]  # the last one makes it look at every character
        assert forbidden_characters(f"{beside}\n{char}{char} {beside}") == expected, hex(code)
        if expected:
            assert unicodedata.category(char) in UNSEEN or code == 0x2065, hex(code)


@pytest.mark.parametrize("hidden", ["\x00", "\r", "\x7f", "\x85", "\xad", "\u200b", "\u202e", "\ufeff", "\ud800"])
def test_what_nobody_can_see_is_named(hidden: str) -> None:
    assert forbidden_characters(f"Hun{hidden}\nto{hidden}") == [f"U+{ord(hidden):04X}"]
