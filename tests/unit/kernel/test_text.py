"""Which characters a text may hold: what Unicode says of them, the same here, in the schema of records and in that of answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest
from lxml import etree

from tillid.forms.fieldtypes.base import text_problems
from tillid.forms.fieldtypes.json_values import text as text_schema
from tillid.kernel.paths import SIGNING
from tillid.kernel.text import forbidden_characters, unseen_characters

# DerivedCoreProperties.txt and PropList.txt of Unicode 16.0.
DEFAULT_IGNORABLE = (
    "00AD 034F 061C 115F-1160 17B4-17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164 FE00-FE0F FEFF FFA0 FFF0-FFF8 "
    "1BCA0-1BCA3 1D173-1D17A E0000-E0FFF"
)
PREPENDED_CONCATENATION_MARK = "0600-0605 06DD 070F 0890-0891 08E2 110BD 110CD"
BIDI_CONTROL = "061C 200E-200F 202A-202E 2066-2069"
LOOKS = {0xFE0E, 0xFE0F}  # behind an emoji


def codes(ranges: str) -> set[int]:
    ends = ((one.partition("-")[0], one.rpartition("-")[2]) for one in ranges.split())
    return {code for first, last in ends for code in range(int(first, 16), int(last, 16) + 1)}


def unseen() -> set[int]:
    """What cannot be seen, and what is no character."""
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    by_kind = {code for code in range(0x110000) if unicodedata.category(chr(code)) in kinds}
    seen = codes(PREPENDED_CONCATENATION_MARK) | {0x09, 0x0A}
    # Formats of hieroglyphs that are newer than the tables of this Python.
    return (by_kind - seen) | codes(DEFAULT_IGNORABLE) | codes(BIDI_CONTROL) | codes("FFFE-FFFF 13430-1343F")


UNSEEN = unseen()


def pieces(most: int = 20_000) -> Iterator[str]:
    """All characters that can be seen, in texts that are not too long."""
    seen = [chr(code) for code in range(0x110000) if code not in UNSEEN]
    return ("".join(seen[start : start + most]) for start in range(0, len(seen), most))


def test_what_cannot_be_seen_is_refused_and_nothing_else() -> None:
    everything = "".join(map(chr, range(0x110000)))
    assert {int(one[2:], 16) for one in unseen_characters(everything)} == UNSEEN
    assert {int(one[2:], 16) for one in forbidden_characters(everything)} == UNSEEN - LOOKS


def test_the_schema_of_records_says_the_same() -> None:
    """Of a schema with its type of text alone, as the rest would take long."""
    types = etree.parse(str(SIGNING / "schemas" / "consent-1.xsd")).getroot()
    kept = [one for one in types if one.get("name") in ("SafeText", "SafeLine")]
    for one in [*types]:
        if one not in kept:
            types.remove(one)
    types.append(etree.fromstring(f'<xs:element xmlns:xs="{types.nsmap["xs"]}" name="T" type="SafeText"/>'))
    schema, node = etree.XMLSchema(types), etree.Element("{urn:tillid:xml:consent:1}T")

    def holds(text: str) -> bool:
        node.text = text
        return bool(schema.validate(node))

    # XML itself has neither of these.
    never = {code for code in UNSEEN if code < 0x20 and code != 0x0D} | codes("D800-DFFF FFFE-FFFF")
    assert [hex(code) for code in UNSEEN - never if holds(f"a{chr(code)}b")] == []
    assert all(map(holds, pieces()))


def test_the_schema_of_answers_says_the_same() -> None:
    seen = re.compile(text_schema(1)["pattern"])
    said = {code for code in range(0x110000) if not seen.search(chr(code))}
    assert said | codes("D800-DFFF") == UNSEEN - LOOKS  # lone surrogates stand in no JSON


@pytest.mark.parametrize("beside", ["Ærø", "Ærø – باب"], ids=["latin", "other letters"])
def test_a_character_is_refused_or_not_whatever_it_stands_beside(beside: str) -> None:
    for code in (*range(0x3200), *range(0xFE00, 0x10000), 0x1F600, 0x1D173, 0xE0041, 0xE0100):
        named = [f"U+{code:04X}"]
        text = f"{beside}\n{chr(code)}{chr(code)} {beside}"
        assert forbidden_characters(text) == (named if code in UNSEEN - LOOKS else []), hex(code)
        assert unseen_characters(text) == (named if code in UNSEEN else []), hex(code)


@pytest.mark.parametrize(
    "hidden", ["\x00", "\r", "\x7f", "\x85", "\xad", "\u200b", "\u202e", "\ufeff", "\ud800", "\u3164", "\U000e0041"]
)
def test_what_nobody_can_see_is_named(hidden: str) -> None:
    assert forbidden_characters(f"Hun{hidden}\nto{hidden}") == [f"U+{ord(hidden):04X}"]


def test_what_a_telephone_writes_is_an_answer_but_no_part_of_a_record() -> None:
    for text in ("Hun er glad ☀️", "1️⃣ søvn", "❤︎", "😀 🇩🇰 👍🏽"):
        assert forbidden_characters(text) == [] and text_problems(text, 50) == []
    assert [one.params for one in text_problems("Hun er\u3164 glad", 50)] == [{"characters": "U+3164"}]
    assert unseen_characters("Hun er glad ☀️") == ["U+FE0F"] and unseen_characters("😀 🇩🇰 👍🏽") == []
