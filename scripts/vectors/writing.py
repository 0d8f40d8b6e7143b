"""Words made to deceive the eye, and moments, days and numbers in another spelling than the one: what nobody may seal."""

from __future__ import annotations

from scripts.vectors.base import Vector, resigned
from scripts.vectors.content import put

DECEIVING = {
    "text-right-to-left-override": ("\u202eSøren", "letters in the opposite order"),
    "text-isolate": ("\u2067Søren\u2069", "a piece in the opposite direction"),
    "text-zero-width": ("Sø\u200bren", "a letter of no width"),
    "text-joiner": ("Sø\u200dren", "a joiner that cannot be seen"),
    "text-word-joiner": ("Sø\u2060ren", "a word joiner that cannot be seen"),
    "text-soft-hyphen": ("Sø\u00adren", "a hyphen that is mostly not shown"),
    "text-byte-order-mark": ("Sø\ufeffren", "a byte order mark in a name"),
    "text-line-separator": ("Søren\u2028Ja til alt", "a line break that is no line break"),
    "text-control": ("Sø\u0085ren", "a control character of Latin-1"),
    "text-annotation": ("Sø\ufff9ren", "an annotation that is not shown"),
    "text-arabic-letter-mark": ("Sø\u061cren", "a mark that turns the direction"),
    "text-vowel-separator": ("Sø\u180eren", "a separator of no width"),
    "text-grapheme-joiner": ("Sø\u034fren", "a joiner of letters that is not shown"),
    "text-filler": ("Sø\u3164ren", "a filler: a letter by its properties, and nothing to see"),
    "text-filler-half": ("Sø\uffa0ren", "the same, of half the width"),
    "text-initial-filler": ("Sø\u115fren", "the same, before a syllable"),
    "text-inherent-vowel": ("Sø\u17b4ren", "a vowel that is not shown"),
    "text-variation": ("Sø\ufe0fren", "a choice between two looks of a letter that has one"),
    "text-variation-beyond": ("Sø\U000e0100ren", "one of those that can carry any hidden message"),
    "text-tags": ("Søren\U000e0041\U000e0042", "letters that only programs read"),
    "text-musical": ("Sø\U0001d173ren", "a control character of musical notation"),
    "text-shorthand": ("Sø\U0001bca0ren", "a control character of shorthand"),
    "text-hieroglyphs": ("Sø\U00013430ren", "a control character of hieroglyphs"),
    "text-reserved": ("Sø\ufff0ren", "a place that is kept for what is not shown"),
    "text-empty": ("", "a name of nothing"),
    "text-line-break": ("Søren\nJa til alt", "two lines where one belongs"),
}
SPELLINGS = {
    "spelled-midnight-of-the-day-before": (
        "{*}CreatedAt",
        "2025-11-02T24:00:00Z",
        None,
        "midnight as the end of a day",
    ),
    "spelled-moment-with-blanks": ("{*}CreatedAt", " 2025-11-03T18:30:12Z ", None, "a moment with blanks around it"),
    "spelled-year-1": ("{*}CreatedAt", "0001-01-01T00:00:00Z", None, "a moment before there were consents"),
    "spelled-leap-second": ("{*}CreatedAt", "2025-11-03T18:30:60Z", None, "a second that a minute has not"),
    "spelled-no-leap-year": ("{*}ValidTo", "2027-02-29", None, "a day that the year has not"),
    "spelled-day-with-blanks": ("{*}ValidTo", "2026-02-01 ", None, "a day with a blank behind it"),
    "spelled-login-at-midnight": ("{*}Login", "2025-11-02T24:00:00Z", "authTime", "midnight, of a login"),
    "spelled-number-with-sign": ("{*}Sequence", "+1", None, "a number with its sign"),
    "spelled-number-with-noughts": ("{*}Document", "003", "version", "a number with noughts before it"),
    "spelled-number-without-end": ("{*}Document", "9" * 5000, "version", "a number of five thousand digits"),
    "spelled-language-with-blanks": ("{*}ShownText", " da", "language", "a language with a blank before it"),
}


def vectors() -> dict[str, Vector]:
    """Name → vector: all truly sealed, so the schema alone can say no."""
    texts = {name: ("{*}Holder/{*}Name", text, None, why) for name, (text, why) in DECEIVING.items()}
    return {
        name: Vector("form.schema", resigned(put(path, text, attribute)), f"truly sealed: {why}")
        for name, (path, text, attribute, why) in (texts | SPELLINGS).items()
    }
