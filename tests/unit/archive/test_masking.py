"""Names taken out of searched words, and ordinary words left in (ADR 0055)."""

from __future__ import annotations

from itertools import product

import pytest

from tillid.archive.analysis import index_terms
from tillid.archive.analysis.terms import exact_term
from tillid.archive.masking import STAND_IN, mask_of

MASK = mask_of(
    [
        "Alma Solskin Jensen",
        "Bo Skov",
        "Anne-Marie Åkjær",
        "Jens Ditlev von Holstein",
        "Zoë O'Neill",
        "Max Yıldız",
        "My Ø.",
        "Paweł Wałęsa",
        "Þór Guðrúnarson",
        "Đorđe N’Diaye",
    ]
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Alma leger.", "••• leger."),
        ("ALMAS mor og alma's far", "••• mor og •••'s far"),
        ("Alma Solskin Jensens seng", "••• seng"),
        ("Alma S. Jensen kom.", "••• kom."),
        ("Hun hedder Jensen, Alma.", "Hun hedder •••, •••."),
        ("Annemarie, Anne Marie og anne-marie", "•••, ••• og •••"),
        ("Aakjær, AAKJAER og Åkjærs", "•••, ••• og •••"),
        ("Jens von Holstein bor af og til her", "••• bor af og til her"),
        ("Zoe og O'Neill; ZOËS", "••• og •••; •••"),
        ("Maxes, Max's, Maxs", "•••, •••'s, •••"),
        ("_Alma_ (Alma)", "_•••_ (•••)"),
        # As a Danish keyboard writes them, and without the sign that stands in the register.
        ("Pawel og Walesas mor, PAWEŁ", "••• og ••• mor, •••"),
        ("Yildiz, YILDIZ og yıldız", "•••, ••• og •••"),
        ("Thor og Gudrunarson, Þórs", "••• og •••, •••"),
        ("Dorde, ndiayes og ONEILL", "•••, ••• og •••"),
        ("A\u030akjær", "•••"),
        # Words that are names too: by their capital.
        ("Bo vil bo ved en skov; Skov er hans navn.", "••• vil bo ved en skov; ••• er hans navn."),
        ("BO og Bos cykel", "••• og ••• cykel"),
        ("My siger min og mit", "••• siger min og mit"),
        # What only begins alike, and particles that stand alone.
        ("Almanak, jensenisme, anneledning", None),
        ("Han kom von hjem, af sted. A Æ", None),
        ("", ""),
        ("•••", "•••"),
    ],
)
def test_names_go_and_words_stay(text, left):
    assert MASK.apply(text) == (text if left is None else left)


def test_no_spelling_of_a_name_is_left_to_be_found():
    written = [
        spelled + end
        for part in ("Alma", "Solskin", "Jensen", "Åkjær", "Holstein", "Ditlev")
        for spelled in (part, part.upper(), part.lower(), part.replace("Å", "Aa").replace("æ", "ae"))
        for end in ("", "s")
    ]
    for (one, other), between in product(
        zip(written, reversed(written), strict=True), (" ", "-", ". ", "\n", " og ", "/")
    ):
        found = set(index_terms(MASK.apply(f"I dag {one}{between}{other} igen")).exact.split())
        assert not found & {exact_term(one), exact_term(other)}
        assert {"dag", "igen"} <= found


def test_nothing_is_found_of_what_stands_instead():
    assert index_terms(STAND_IN) == ("", "")
    assert mask_of([]).apply("Alma") == "Alma" and mask_of(["", " - "]).apply("Alma - 1") == "Alma - 1"
