"""Which words have letters of several alphabets (Unicode TS #39, mixed-script detection)."""

from __future__ import annotations

import unicodedata

import pytest

from tillid.kernel.alphabets import mixed_words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("S\u043eren sagde ja", ["S\u043eren"]),  # Cyrillic
        ("S\u03bfren", ["S\u03bfren"]),  # Greek
        ("Spr\u0585g", ["Spr\u0585g"]),  # Armenian
        ("\u13aavis", ["\u13aavis"]),  # Cherokee
        ("\u2c98ette", ["\u2c98ette"]),  # Coptic
        ("\ua4d3ette", ["\ua4d3ette"]),  # Lisu
        ("\U0001d5aeversigt", ["\U0001d5aeversigt"]),  # for formulas
        ("\u03a9\u043c", ["\u03a9\u043c"]),  # Greek and Cyrillic, no Latin at all
        ("\u2126hm", ["\u2126hm"]),  # the sign of ohm is a Greek letter
        ("k\u2126 \u2126\u03bc", ["k\u2126"]),  # and goes with Greek ones
        ("S\u043e\u0301ren", ["S\u043e\u0301ren"]),  # a mark does not part a word
        ("S\u043e1ren", ["S\u043e1ren"]),  # nor does a number
        ("x\u043e, x\u043e og \u043ex", ["x\u043e", "\u043ex"]),  # once each, in order
        ("\u0430\u674e", ["\u0430\u674e"]),  # Cyrillic and Han
        ("Sören Ångström Žižek Nguyễn ﬁn Ǆ", []),
        ("李 مريم שרה Ελένη Иванов किरण มานี კატო", []),
        (
            "Иванов-Jensen d\u2019Артаньян x/\u03b2 \u03b2-caroten",
            [],
        ),  # a hyphen, an apostrophe and a stroke part words
        ("T\u30b7\u30e3\u30c4 \u6f22\u5b57\u304b\u306a K\u738b", []),  # nobody takes these for Latin letters
        ("5 \u00b5g, H\u2082O, x\u00b2, \u2116 5, \u00bd, 3\u2032, \u20ac", []),  # signs of all alphabets
        ("\u02bbOlelo \u02beain", []),  # letters that modify belong to all
        ("A\u0301sta", []),
        ("Ja til alt – \u00bbdel\u00ab 😀 \u2764", []),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert mixed_words(text) == found


# The letters of Unicode's table of confusables that are drawn as our own in common fonts.
LIKE_OURS = {
    "CYRILLIC": "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u051b\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425",
    "GREEK": "\u03bf\u03bd\u03c1\u03c5\u03b9\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
    "ARMENIAN": "\u0570\u0578\u057d\u0581\u0585\u0555\u054f\u053c",
}


@pytest.mark.parametrize("script", LIKE_OURS)
def test_each_letter_that_looks_like_ours_is_seen_in_each_place_of_a_word(script: str) -> None:
    for letter in LIKE_OURS[script]:
        assert unicodedata.name(letter).startswith(script)
        for place in range(6):
            word = "barnet"[:place] + letter + "barnet"[place + 1 :]
            assert mixed_words(f"Må {word}, som vi kender, lege?") == [word]


def test_no_latin_letter_is_taken_for_another_alphabets() -> None:
    latin = [chr(code) for code in range(0x1F000) if unicodedata.name(chr(code), "").startswith("LATIN ")]
    assert len(latin) > 1000
    assert not [letter for letter in latin if mixed_words(f"b{letter}rn")]
