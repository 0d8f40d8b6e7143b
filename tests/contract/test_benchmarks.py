"""The benchmarks' table and report over made-up rows, and what the documents' are put together from.

Nothing is measured: no test asserts on time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from html import escape
from pathlib import Path

import pikepdf
import pytest

from benchmarks.documents.hands import Hands, family, on_core
from benchmarks.documents.jobs import numbered, sample_job
from benchmarks.documents.our_hand import Unchecked
from benchmarks.documents.page import page
from benchmarks.documents.peers import DESIGNS
from benchmarks.documents.rates import lacking
from benchmarks.report import Measured, report
from benchmarks.table import HEAD, Row, at_percentile, compare, markdown, percentile, plain, sample
from tillid.adapters.renderer import context


@pytest.fixture
def rows() -> list[Row]:
    ours, peers = sample([390, 400, 410], "per second"), sample([9, 10, 11], "per second")
    return [
        compare("page", ours, "stock | page", peers, better="more", goal=40, note="in one process"),
        compare("slow page", peers, "stock | page", sample([1], "per second"), better="more", goal=40),
        compare("click", sample([20.0], "ms"), "stock click", sample([50.0], "ms"), better="less"),
        Row(name="alone", ours=sample([3.25], "ms")),
    ]


def test_a_ratio_above_one_is_better_whichever_way_the_unit_goes(rows):
    assert [row.ratio for row in rows] == [40, 10, 2.5, None]
    assert [row.missed for row in rows] == [False, True, False, False]


def test_a_goal_may_be_a_most_in_the_rows_own_unit():
    ours, peers = sample([3.0], "ms"), sample([12.0], "ms")
    slow, right = Row(name="alone", ours=ours, most=2.0), Row(name="alone", ours=ours, most=4.0)
    dear = compare("both", ours, "peer", peers, better="less", goal=5, most=4.0)
    assert [row.missed for row in (slow, right, dear)] == [True, False, True]
    assert [row.wanted for row in (slow, right, dear)] == ["≤ 2.00 ms", "≤ 4.00 ms", "5.00, ≤ 4.00 ms"]
    assert "**Missed**: alone: 3.00 ms, ≤ 2.00 ms wanted" in report({"alone": Measured(date(2026, 11, 25), [slow])})


def test_a_sample_keeps_the_median_and_its_ends():
    assert (sample([3, 1, 2], "ms").value, sample([3, 1, 2], "ms").spread) == ("2.00 ms", "1.00 to 3.00, n=3")
    times = list(range(1, 101))
    assert (percentile(times, 50), percentile(times, 95), percentile([7], 95)) == (50, 95, 7)
    assert at_percentile(times, 95, "ms").value == "95.0 ms"


def test_the_markdown_table_has_every_cell_of_every_row(rows):
    lines = markdown(rows).splitlines()
    assert len(lines) == 2 + len(rows)
    assert {line.replace("\\|", "").count("|") for line in lines} == {len(HEAD) + 1}
    assert "400 per second" in lines[2] and "stock \\| page" in lines[2] and "| 40.0 | 40.0 |" in lines[2]
    assert "40.0 (missed)" in lines[3]


def test_the_printed_table_has_one_line_a_row(rows):
    lines = plain(rows).splitlines()
    assert len(lines) == 1 + len(rows)
    assert lines[0].startswith("What")


def test_the_report_says_what_was_missed_and_what_it_was_measured_with(rows):
    text = report({"forms": Measured(date(2026, 11, 25), rows)})
    assert "Measured: forms 2026-11-25." in text
    assert "**Missed**: slow page: 10.0 times, 40 wanted" in text
    assert "signxml " in text and "LibreOffice " in text and "cores " in text


def test_the_report_names_no_path_and_no_host(rows):
    import socket
    from pathlib import Path

    text = report({"forms": Measured(date(2026, 11, 25), rows)})
    assert str(Path.cwd()) not in text and str(Path.home()) + "/" not in text and socket.gethostname() not in text


HAND = """
import sys, pathlib
sys.path.insert(0, sys.argv[1])
from serving import serve
serve(lambda number: b"%PDF-" + str(number).encode(), 2, pathlib.Path(sys.argv[2]))
"""


def test_hands_make_what_was_ordered_and_their_processes_are_counted(tmp_path):
    folder = Path(sys.modules["benchmarks.documents.hands"].__file__).parent
    commands = [[sys.executable, "-c", HAND, str(folder), str(tmp_path / name)] for name in ("a", "b")]
    hands = Hands(commands)
    try:
        hands.ready()
        turn = hands.turn(3)
        assert len(turn.seconds) == 6 and turn.boxes == 0
        assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == b"%PDF-4"
        assert len(family(hands._roots)) == 2 and hands.memory() > 1
    finally:
        hands.close()
    assert family(hands._roots) == [] and not hands.running


def test_a_hand_that_makes_no_pdf_ends_the_run(tmp_path):
    hands = Hands([[sys.executable, "-c", "print('ready')"]])
    hands.ready()
    hands._hands[0].wait()
    with pytest.raises((RuntimeError, BrokenPipeError)):
        hands.turn(1)


def test_the_peer_that_sets_html_gets_every_word():
    values = context(sample_job())
    made = page(values, b"logo", "Solbjergs <mærke>")
    fields = [field for section in values["sections"] for field in section["fields"]]
    said = [
        text
        for field in fields
        for text in (*field["paragraphs"], *field["bullets"], *(c for row in field["rows"] for c in row))
    ]
    said += [field["text"] for field in fields if field["kind"] == "fact"]
    said += [section["title"] for section in values["sections"]] + [fact["text"] for fact in values["facts"]]
    assert len(said) > 40
    assert [text for text in said if escape(text) not in made] == []
    assert "<mærke>" not in made


def test_each_document_of_the_thousand_is_another_one():
    one, two = (numbered(sample_job(), number, "L") for number in (1, 2))
    assert one.data != two.data and one.document_id != two.document_id
    assert context(one)["number"] != context(two)["number"]


def test_what_a_peers_file_lacks_is_asked_of_the_file(tmp_path):
    document = pikepdf.new()
    document.add_blank_page()
    document.save(tmp_path / "plain.pdf")
    said = lacking((tmp_path / "plain.pdf").read_bytes())
    assert said == "not valid PDF/A-3a nor PDF/UA-1, no embedded data, 1 pages"


def test_a_worker_and_what_it_starts_keep_to_a_core_each():
    """Of both designs, Tillid's and the peers', unless the peers' two share one server."""
    told = "import os, subprocess, sys; print(sorted(os.sched_getaffinity(0)))"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {told!r}])"
    cores = sorted(os.sched_getaffinity(0))
    for number in range(3):
        run = subprocess.run(on_core(number, [sys.executable, "-c", child]), capture_output=True, text=True, check=True)
        assert run.stdout.split() == [f"[{cores[number % len(cores)]}]"]
    placed = {design.name: design.placed(0, ["x"]) != ["x"] for design in DESIGNS}
    assert placed == {"locked": False, "cold": True, "unoconvert": True, "client": True, "weasyprint": True}


def test_what_is_made_without_its_checks_is_the_same_document(renderer):
    """Else the rows that leave them out would compare something else."""
    one = Unchecked()
    try:
        assert one.render(sample_job()).sha256 == renderer.render(sample_job()).sha256
    finally:
        one.close()
