"""The judged questions: which documents answer each of them and how well, and nDCG@10 of what a back end lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from math import log2
from pathlib import Path
from typing import NamedTuple

import msgspec

HERE = Path(__file__).parent
DEPTH = 10
_GRADES = {"main": 2, "side": 1, "near": 0}


class Passage(NamedTuple):
    """A text that is planted in one document; ``name``: topic and place, as ``astma.m1``."""

    name: str
    text: str


class Question(NamedTuple):
    """What is typed, why it is asked (the reason class), and the grade (1 or 2) of each passage that answers it."""

    ask: str
    why: str
    grades: dict[str, int]


class _Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ask: str
    why: str
    grades: dict[str, int] = {}
    also: dict[str, int] = {}


class _Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    topic: str
    main: tuple[str, ...]
    asks: tuple[_Ask, ...]
    side: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


@cache
def _topics() -> tuple[_Topic, ...]:
    files = sorted(HERE.glob("judged*.yaml"))
    return tuple(topic for file in files for topic in msgspec.yaml.decode(file.read_bytes(), type=tuple[_Topic, ...]))


@cache
def passages() -> tuple[Passage, ...]:
    """Every passage, in the order of the files."""
    return tuple(
        Passage(f"{topic.topic}.{kind[0]}{place}", text)
        for topic in _topics()
        for kind in _GRADES
        for place, text in enumerate(getattr(topic, kind), start=1)
    )


@cache
def questions() -> tuple[Question, ...]:
    """Every judged question. Raises ``KeyError`` for a grade of a passage that does not exist."""
    known = {passage.name for passage in passages()}
    found = []
    for topic in _topics():
        usual = {
            f"{topic.topic}.{kind[0]}{place}": grade
            for kind, grade in _GRADES.items()
            for place in range(1, len(getattr(topic, kind)) + 1)
            if grade
        }
        for ask in topic.asks:
            own = {f"{topic.topic}.{place}": grade for place, grade in ask.grades.items()}
            grades = (own or usual) | ask.also
            if missing := set(grades) - known:
                raise KeyError(f"{ask.ask}: {sorted(missing)}")
            found.append(Question(ask.ask, ask.why, grades))
    return tuple(found)


def ndcg(listed: Sequence[str], grades: dict[str, int]) -> float:
    """Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen 2002), gain 2^grade - 1."""
    ideal = _gain(sorted(grades.values(), reverse=True))
    return _gain([grades.get(name, 0) for name in listed]) / ideal


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / log2(place + 2) for place, grade in enumerate(grades[:DEPTH]))


class Score(NamedTuple):
    """``mean`` over all questions, ``by_why`` per reason class, ``each``: the questions with their value, worst first."""

    mean: float
    by_why: dict[str, float]
    each: tuple[tuple[float, Question], ...]


def judge(ask: Callable[[str], Sequence[str]]) -> Score:
    """Put every question to ``ask`` (words → ids, best first)."""
    each = [(ndcg(ask(question.ask), question.grades), question) for question in questions()]
    by_why = defaultdict(list)
    for value, question in each:
        by_why[question.why].append(value)
    return Score(
        sum(value for value, _ in each) / len(each),
        {why: sum(values) / len(values) for why, values in sorted(by_why.items())},
        tuple(sorted(each, key=lambda pair: pair[0])),
    )
