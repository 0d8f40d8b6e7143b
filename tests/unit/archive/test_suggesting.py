"""»Mente du« and what the box completes to: of the house's own words, and of nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.definitions import our_definitions
from tillid.archive.analysis import completions, did_you_mean, own_texts, vocabulary_of
from tillid.archive.analysis.suggesting import distance

OWN = vocabulary_of(
    ["Overgangsbeskrivelse", "Barnets styrker og relationer", "Legekammerater, helst flere", "SFO og PPR"]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("overgangsbeskrivlse", "overgangsbeskrivelse"),
        ("overgansbeskrivlse", "overgangsbeskrivelse"),
        ("overgnagsbeskrivelse", "overgangsbeskrivelse"),
        ("relatoiner", "relationer"),
        ("talepædagok", "talepædagog"),
        ("talepaedagok", "talepædagog"),
        ("barnets styker", "barnets styrker"),
        ('"i går" styker', '"i går" styrker'),
    ],
)
def test_a_slip_is_put_right(typed, meant):
    assert did_you_mean(OWN, typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "relationerne",  # another inflection
        "legekammeraters",
        "legekammeratplan",  # a compound of known parts
        "Kirsten",
        "Kirstens",
        "og",
        "leg",
        "styk*",
        '"styker"',
        "TD-7F3K2Q",
        "elefant",
        "hest",
        "styk1er",
        "x" * 600,
        "",
        '"',
    ],
)
def test_what_is_known_or_cannot_be_known_is_left_alone(typed):
    assert did_you_mean(OWN, typed) == ""


def test_the_box_completes_to_titles_and_listed_words():
    forms = our_definitions().all()
    offered = completions(forms, "SFO, skolefritidsordning\nåben > aaben dør")
    assert {"SFO", "skolefritidsordning", "åben", "aaben dør"} < set(offered)
    assert {form.title for form in forms} < set(offered)
    assert "logopæd" not in offered and "logopæd" in completions(forms, None)
    assert len(set(offered)) == len(offered)


@pytest.mark.req("R-70")
def test_nothing_is_suggested_but_the_forms_words_and_the_lists():
    """The vocabulary is a function of the definitions: no document, name or index goes in."""
    vocabulary = vocabulary_of(own_texts(our_definitions().all()))
    assert "trivselsvurdering" in vocabulary.shown
    assert did_you_mean(vocabulary, "trivselsvurdreing") == "trivselsvurdering"
    assert not {"alma", "noor", "villads", "solbjerg"} & set(vocabulary.shown)


@given(st.text(max_size=60))
def test_anything_typed_gets_an_answer(typed):
    assert isinstance(did_you_mean(OWN, typed), str)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_the_distance_is_one(one, other):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))


def test_a_swap_is_one_slip():
    assert [distance("abcd", other) for other in ("abcd", "abdc", "abd", "abxcd", "xbcd", "dcba")] == [0, 1, 1, 1, 1, 3]
