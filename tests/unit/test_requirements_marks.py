"""Marks are found without importing a test, and each carries a number that the catalogue knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tillid.kernel.paths import PROJECT
from tillid.requirements.catalogue import CatalogueBroken, load_catalogue
from tillid.requirements.marks import find_marks
from tillid.requirements.table import build_table

SAMPLE = """
import pytest
import a_package_that_is_not_there
from pytest import mark

pytestmark = [pytest.mark.slow, pytest.mark.req("R-70")]

@pytest.mark.req("O6", "R-11")
def test_two(): ...

@pytest.mark.req("T9")
class TestInside:
    pytestmark = pytest.mark.req("P3")

    @mark.req("O7")
    async def test_deep(self): ...

    def helper(self): ...

@pytest.mark.parametrize("x", [1, pytest.param(2, marks=pytest.mark.req("X6"))])
def test_parameter(x): ...

@pytest.mark.req(NUMBER)
def test_computed(): ...

@something.else_.req("O8")
def test_other_decorator(): ...
"""


@pytest.fixture
def marks(tmp_path: Path) -> dict[str, set[str]]:
    folder = tmp_path / "tests"
    (folder / "unit").mkdir(parents=True)
    (folder / "unit" / "test_sample.py").write_text(SAMPLE, "utf-8")
    (folder / "unit" / "helper.py").write_text("@pytest.mark.req('U1')\ndef test_not_collected(): ...\n", "utf-8")
    found: dict[str, set[str]] = {}
    for mark in find_marks(folder):
        found.setdefault(mark.test.removeprefix("tests/unit/test_sample.py::"), set()).add(mark.number)
    return found


def test_marks_of_function_class_and_module_are_found(marks: dict[str, set[str]]) -> None:
    assert marks == {
        "test_two": {"R-70", "O6", "R-11"},
        "TestInside::test_deep": {"R-70", "T9", "P3", "O7"},
        "test_parameter": {"R-70", "X6"},
        "test_computed": {"R-70", "?"},
        "test_other_decorator": {"R-70"},
    }


def test_every_mark_in_this_suite_names_a_known_number() -> None:
    table = build_table(load_catalogue(), find_marks(PROJECT / "tests"))
    assert table.unknown == []


def test_a_mark_with_an_unknown_number_is_told(tmp_path: Path) -> None:
    (tmp_path / "test_x.py").write_text(
        "import pytest\n@pytest.mark.req('R-999', 'R-11')\ndef test_y(): ...\n", "utf-8"
    )
    table = build_table(load_catalogue(), find_marks(tmp_path))
    assert [(mark.number, mark.line) for mark in table.unknown] == [("R-999", 2)]
    proven = {row.requirement.number: row.tests for row in table.rows if row.tests}
    assert proven == {"R-11": [f"{tmp_path.name}/test_x.py::test_y"]}
    assert "R-11" not in table.without
    assert "R-12" in table.without


def test_the_catalogue_holds_every_number_once_with_a_sentence() -> None:
    catalogue = load_catalogue()
    kinds = [entry.kind for entry in catalogue.values()]
    assert (kinds.count("requirement"), kinds.count("law")) == (139, 75)
    for number, entry in catalogue.items():
        assert entry.statement.endswith(".") and len(entry.statement) > 25, number
        assert (entry.kind == "law") == number.startswith("R-") == bool(entry.provision), number


@pytest.mark.parametrize(
    "text",
    [
        "requirement: {A: {O1: One., O1: Two.}}\nlaw: {}",
        "requirement: {A: {O1: One.}, B: {O1: Two.}}\nlaw: {}",
        "requirement: {A: {O1: 3}}\nlaw: {}",
        "requirement: {}\nlaw: {A: {R-01: {says: No place.}}}",
        "requirement: [",
    ],
)
def test_a_broken_catalogue_is_refused(text: str) -> None:
    with pytest.raises(CatalogueBroken):
        load_catalogue(text)
