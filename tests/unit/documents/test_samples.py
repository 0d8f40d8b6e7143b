"""Samples for a form version that has none of its own, and marks in their answers."""

from __future__ import annotations

import pytest

from tests.support.definitions import our_definitions
from tillid.documents.sample_marks import marked_answers
from tillid.documents.samples import sample, sample_version
from tillid.kernel.errors import TillidError


def test_a_version_without_samples_uses_those_of_the_newest_before_it():
    assert sample_version("overgangsbeskrivelse", 3) == 3
    assert sample_version("overgangsbeskrivelse", 9) == 3, "made in the browser"
    assert sample_version("overgangsbeskrivelse", 2) == 2
    with pytest.raises(TillidError) as none:
        sample_version("unknown", 1)
    assert none.value.code == "documents.no-sample"


def test_every_answer_with_words_has_a_mark_of_its_own_and_the_others_stay():
    form = our_definitions().get("overgangsbeskrivelse", 3)
    given = sample(form.id, form.version, "full").answers
    changed, marks = marked_answers(form, given)
    assert len(set(marks.values())) == len(marks) > 20
    assert all(mark in str(changed[name]) for name, mark in marks.items())
    assert all(changed[name] == value for name, value in given.items() if name not in marks)
