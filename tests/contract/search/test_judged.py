"""The judged questions on every back end: each kind of Danish is answered, and each list of words is needed (ADR 0050)."""

from __future__ import annotations

from functools import partial

import pytest

from benchmarks.search.corpus import UNITS, entries
from benchmarks.search.judged import Score, judge, ndcg, passages, questions
from tests.contract.search.searching import Index, ask
from tillid.adapters.elasticsearch import ElasticIndex
from tillid.adapters.tantivy import TantivyIndex

COUNT = 1000  # every judged passage, and more than twice as many documents about something else


@pytest.fixture(scope="module")
def scores(tmp_path_factory, node) -> dict[str, Score]:
    """Back end → how well it answers."""
    found = {}
    for name, index in (
        ("tantivy", TantivyIndex(tmp_path_factory.mktemp("judged"))),
        ("elasticsearch", ElasticIndex(node.server("tillid-archive-judged"))),
    ):
        index.rebuild(lambda: entries(COUNT))
        found[name] = judge(partial(best, index))
        index.close()
    node.forget("tillid-archive-judged")
    return found


def best(index: Index, words: str) -> list[str]:
    """The ids of the ten best."""
    return [hit.document_id for hit in index.search(ask(words, allowed_units=UNITS, size=10)).hits]


@pytest.mark.req("O15")
@pytest.mark.parametrize("name", ["tantivy", "elasticsearch"])
def test_what_is_found_is_what_was_judged_to_answer(scores, name):
    score = scores[name]
    worst = [f"{value:.2f} {question.ask}" for value, question in score.each[:10]]
    assert score.mean >= 0.95, worst
    assert all(value >= 0.9 for value in score.by_why.values()), (score.by_why, worst)


def test_the_back_ends_answer_alike(scores):
    assert scores["tantivy"].mean == pytest.approx(scores["elasticsearch"].mean, abs=0.03)


def test_there_is_enough_to_judge():
    assert len(questions()) >= 120
    assert {question.why for question in questions()} == {
        "compound", "inflection", "irregular", "name", "oversplit", "phrase", "prefix", "spelling", "synonym",
    }  # fmt: skip
    assert len({question.ask for question in questions()}) == len(questions())
    assert len({passage.text for passage in passages()}) == len(passages())
    near = {passage.name for passage in passages() if ".n" in passage.name}
    assert len(near) > 40  # what looks alike and is not


def test_the_measure_itself():
    grades = {"a": 2, "b": 1}
    assert ndcg(["a", "b"], grades) == 1.0
    assert ndcg(["b", "a"], grades) == pytest.approx(0.797, abs=0.001)  # (1 + 3/log2 3) / (3 + 1/log2 3)
    assert ndcg(["x"] * 10 + ["a"], grades) == 0.0
