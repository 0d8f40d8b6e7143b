"""The municipality's KLE marks: read with every fault named, compared, and what they say of a subject with a facet (R-81)."""

from __future__ import annotations

import pytest

from tillid.archive.keeping import Appraisal
from tillid.archive.kle import MOST_ROWS, SETTING, Filed, KleMark, changes, filed, read_marks, suggestion
from tillid.archive.retention import Rule

HEAD = "emne;facet;bevaring;kilde\n"
ROWS = (
    HEAD
    + "17.00.00;;kasseres;Byrådet 2026\n;G01;K;Byrådet 2026\n;A00;bevares;BEK 183\n17.03;;bevares;Byrådet\n17.04.01;G01;K;Byrådet\n"
)


def marks(text=ROWS):
    found, wrong = read_marks(text.encode())
    assert wrong == ()
    return found


@pytest.mark.req("R-81", "R-82")
@pytest.mark.parametrize(
    ("subject", "facet", "mark", "lines"),
    [
        ("17.00.00", "G01", "kasseres", 2),
        ("17.00.00", "", "uafklaret", 1),
        ("17.00.00", "K04", "uafklaret", 1),
        ("17.00.00", "A00", "bevares", 2),
        ("17.03.02", "G01", "bevares", 2),
        ("17.04.01", "G01", "kasseres", 1),
        ("17.04.02", "G01", "uafklaret", 1),
        ("18.00.00", "K04", "uafklaret", 0),
        ("", "", "uafklaret", 0),
    ],
)
def test_discarding_takes_both_and_keeping_takes_one(subject, facet, mark, lines):
    found = suggestion(marks(), subject, facet)
    assert (found.mark, len(found.lines)) == (mark, lines)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("17.0;;K;x", "subject"),
        ("17.00.00;G1;K;x", "facet"),
        (";;K;x", "neither"),
        ("17.00.00;;slet;x", "mark"),
        ("17.00.00;;K;", "source"),
        ("17.00.00;;K;CPR 010120-1234", "source"),
        ("17.00.00;;K", "columns"),
        ("17.00.00;;K;x\n17.00.00;;B;x", "twice"),
        ("", "empty"),
        ('17.00.00;;K;"x', ""),
    ],
)
def test_each_fault_is_named_with_its_line(row, fault):
    found, wrong = read_marks((HEAD + row).encode())
    assert {one.fault for one in wrong} == ({fault} if fault else set()) and (found == () or fault in ("twice", ""))


def test_files_that_are_no_list_are_refused_in_bounded_work():
    for data, fault in (
        (b"\xff\xfe", "encoding"),
        (b"", "columns"),
        (b"a;b\n", "columns"),
        (b"x" * 2_000_001, "size"),
        ((HEAD + "x\n" * 100_000).encode(), "size"),
        ((HEAD + "".join(f"{n % 100:02}.{n // 100 % 100:02}.{n // 10000:02};;K;x\n" for n in range(MOST_ROWS + 5))).encode(), "size"),
    ):  # fmt: skip
        _, wrong = read_marks(data)
        assert wrong[-1].fault == fault and len(wrong) <= 52


def test_commas_a_mark_at_the_beginning_and_empty_lines_are_taken():
    found, wrong = read_marks(("\ufeff" + HEAD.replace(";", ",") + "\n17,,B,Byrådet\n\n").encode())
    assert wrong == () and found == (KleMark(subject="17", facet="", mark="bevares", source="Byrådet"),)


def test_what_another_list_would_change_is_told_line_by_line():
    before, after = (
        marks(),
        marks(ROWS.replace(";A00;bevares;BEK 183\n", "").replace("17.03;;bevares", "17.03;;K") + "18;;B;x\n"),
    )
    found = changes(before, after)
    assert [one.subject for one in found.new] == ["18"] and [one.facet for one in found.gone] == ["A00"]
    assert [(was.mark, will.mark) for was, will in found.changed] == [("bevares", "kasseres")]


RULE = Rule(id="r", what="document", trigger="submitted", period="P1Y", source="s", subject="01.00.00", facet="A01")
SAID = {SETTING: {"fdr": "27.00.00 G01"}}


@pytest.mark.req("R-82")
@pytest.mark.parametrize(
    ("appraised", "rule", "choices", "found"),
    [
        (("17.00.00", "G01"), RULE, SAID, Filed(subject="17.00.00", facet="G01", decided=True)),
        (("", ""), RULE, SAID, Filed(subject="27.00.00", facet="G01", decided=False)),
        (None, RULE, SAID, Filed(subject="27.00.00", facet="G01", decided=False)),
        (None, RULE, {SETTING: {"fdr": ""}}, Filed(subject="01.00.00", facet="A01", decided=False)),
        (None, RULE, {}, Filed(subject="01.00.00", facet="A01", decided=False)),
        (None, None, {}, None),
    ],
)
def test_a_document_is_filed_as_it_was_appraised_else_as_is_suggested_for_its_form(appraised, rule, choices, found):
    said = (
        Appraisal(mark="bevares", subject=appraised[0], facet=appraised[1], basis="", reason="") if appraised else None
    )
    assert filed(said, rule, "fdr", choices) == found
