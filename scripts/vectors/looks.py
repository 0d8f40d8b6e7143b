"""Words that look like others, truly sealed: letters of several alphabets in one word. The seal holds, so they pass; the verdict warns."""

from __future__ import annotations

from scripts.vectors.base import Vector, resigned
from scripts.vectors.content import put

# name → where, what is written there, what a person is told of it, what it shows
DECEIVING = {
    "looks-cyrillic-name": (
        "{*}Holder/{*}Name",
        "S\u043eren O'Hara",
        "navnet på den, der svarede",
        "a Cyrillic о in a name without the Danish letter",
    ),
    "looks-cyrillic-all-but-one": (
        "{*}Child/{*}Name",
        "\u041cette \u0410\u043d\u043d\u0430",
        "barnets navn",
        "a Cyrillic М in a name; the other word is all Cyrillic, and no mixture",
    ),
    "looks-greek-receiver": (
        "{*}To/{*}Name",
        "B\u03c5rnehaven",
        "navnet på det sted, oplysningerne går til",
        "a Greek υ in the receiver's name",
    ),
    "looks-armenian-item": (
        "{*}Item/{*}Title",
        "Spr\u0585g & leg",
        "en del, der svares på",
        "an Armenian օ in an item",
    ),
    "looks-cherokee-purpose": (
        "{*}Purpose",
        "\u13aavis b\u00f8rnehaven sp\u00f8rger",
        "formålet",
        "a Cherokee letter like a G in the purpose",
    ),
    "looks-parted-by-a-mark": (
        "{*}ShownText",
        "Det er fr\u0456\u0301villigt.",
        "teksten, der blev vist",
        "a Ukrainian і with an accent: a mark does not part a word",
    ),
    "looks-formula": (
        "{*}Document/{*}Title",
        "\U0001d5aeversigt",
        "dokumentets titel",
        "a letter that is made for formulas",
    ),
}
HONEST = {
    "looks-double-name": ("{*}Holder/{*}Name", "Olga \u0418\u0432\u0430\u043d\u043e\u0432-Jensen", "two alphabets in a double name, each part in one"),
    "looks-micro": ("{*}ShownText", "5 \u00b5g – β-caroten, H\u2082O, T\u30b7\u30e3\u30c4", "signs of all alphabets, and letters nobody takes for others"),
}  # fmt: skip


def vectors() -> dict[str, Vector]:
    """Name → vector: all pass, and those that deceive are told of."""
    made = {
        name: Vector("ok", resigned(put(path, text)), f"truly sealed, passed with a warning: {why}", places=(place,))
        for name, (path, text, place, why) in DECEIVING.items()
    }
    several = resigned(
        lambda root: [put(path, text)(root) for path, text, *_ in (DECEIVING["looks-formula"], DECEIVING["looks-greek-receiver"])]
    )  # fmt: skip
    places = (DECEIVING["looks-greek-receiver"][2], DECEIVING["looks-formula"][2])
    made["looks-two-places"] = Vector(
        "ok", several, "truly sealed, passed with a warning of both places", places=places
    )
    return made | {
        name: Vector("ok", resigned(put(path, text)), f"truly sealed, no warning: {why}")
        for name, (path, text, why) in HONEST.items()
    }
