"""Days as they are typed, and the list of hits as a file."""

from __future__ import annotations

from datetime import date

import pytest
from webob.multidict import MultiDict

from tillid.archive.query import SearchQuery
from tillid.archive.saved import SavedSearch, standing
from tillid.kernel.clock import parse_instant
from tillid.usecases.archive_purpose import (
    GROUNDS,
    NoteMissing,
    NoteUnfit,
    OperatorsPurposeMissing,
    OperatorsPurposeUnfit,
    PurposeMissing,
    as_logged,
    operators_purpose,
    stated_purpose,
)
from tillid.web.archive_columns import DEFAULT_COLUMNS
from tillid.web.archive_search import MOST_PAGES, kept, posted
from tillid.web.csv_file import csv_of
from tillid.web.days import DayWrong, asked_day, day_as_typed
from tillid.web.words import ARCHIVE_PURPOSE


@pytest.mark.parametrize(
    "typed", ["1-8-2025", "01.08.2025", "1/8 2025", " 1 8 2025 ", "1. 8. 2025", "2025-08-01", "1.8.2025."]
)
def test_a_day_is_read_in_every_usual_spelling(typed):
    assert asked_day("since", typed) == date(2025, 8, 1)
    assert asked_day("since", day_as_typed(date(2025, 8, 1))) == date(2025, 8, 1)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("0-0-0000", "search.day-year"),
        ("1-1-0", "search.day-year"),
        ("0000-01-01", "search.day-year"),
        ("1-8-25", "search.day-year"),
        ("1-1-10000", "search.day-year"),
        ("99999-01-01", "search.day-year"),
        ("31-2-2025", "search.day"),
        ("2025-13-01", "search.day"),
        ("0-5-2025", "search.day"),
        ("i går", "search.day"),
        ("1-8", "search.day"),
        ("١-٨-٢٠٢٥", "search.day"),
        ("-1-1-2025", "search.day"),
    ],
)
def test_what_is_no_day_is_refused_by_its_name(typed, code):
    with pytest.raises(DayWrong) as refused:
        asked_day("until", typed)
    assert (refused.value.code, refused.value.part) == (code, "until") and "{" not in refused.value.message


def test_nothing_typed_is_any_day():
    assert asked_day("since", "") is None and asked_day("since", "  ") is None and day_as_typed(None) == ""


def test_a_chip_takes_off_what_it_names_and_nothing_else():
    values = MultiDict(
        [("state", "closed"), ("state", "released"), ("year", "2025"), ("since", "1-8-2025"), ("page", "10" * 4)]
    )
    asked = posted(values)
    assert asked.filters["state"] == ("closed", "released") and asked.since == "1-8-2025" and asked.page == MOST_PAGES
    values["off"] = "state:closed"
    assert posted(values).filters["state"] == ("released",) and posted(values).filters["year"] == ("2025",)
    values["off"] = "since"
    assert posted(values).since == "" and posted(values).filters["state"] == ("closed", "released")


def test_columns_are_those_there_are_in_their_order():
    assert posted(MultiDict([("column", "day"), ("column", "title"), ("column", "cpr")])).columns == ("title", "day")
    assert posted(MultiDict()).columns == DEFAULT_COLUMNS and posted(MultiDict(look="x")).look == "cards"


def test_words_that_turn_what_is_read_lose_what_cannot_be_seen():
    assert posted(MultiDict(words="\u202eamlA\u202c שלום")).words == "amlA  שלום"


@pytest.mark.req("R-111")
def test_a_file_runs_nothing_and_opens_as_danish_excel_wants_it():
    cells = [
        "=1+1",
        "+45",
        "-2",
        "@SUM(A1)",
        "\t=x",
        "\r=x",
        " =x",
        "＝1",
        "|cmd",
        "Søren; Ærø",
        'a"b',
        "to\nlinjer",
        "",
    ]
    data = csv_of(["Barn", "Låst"], [[one, date(2025, 8, 1)] for one in cells])
    assert data.startswith("\ufeffBarn;Låst\r\n".encode())
    rows = data.decode("utf-8-sig").split("\r\n")[1:-1]
    assert len(rows) == len(cells) and all(row.endswith(";01-08-2025") for row in rows)
    assert all(row.lstrip('"')[0] == "'" for row in rows[:9])
    assert rows[9:] == ['"Søren; Ærø";01-08-2025', '"a""b";01-08-2025', "to linjer;01-08-2025", ";01-08-2025"]


def test_a_saved_search_comes_back_as_it_was_and_without_a_purpose():
    query = SearchQuery(
        allowed_units=(), words="leg", state=("closed",), year=(2025,), since=date(2025, 8, 1), sort="newest"
    )
    one = SavedSearch(id="i", owner="o", title="t", question=query, purpose="p" * 10, saved_at=parse_instant("2026-11-25T09:00:00Z"),
                      look="table", columns=("day",), tell_until=date(2027, 5, 24))  # fmt: skip
    asked = kept(one)
    assert asked.query(None) == query and (asked.ground + asked.note, asked.saved, asked.look, asked.columns) == (
        "",
        "i",
        "table",
        ("day",),
    )
    assert standing(one, date(2027, 5, 24), archivist=True) == "watching"
    assert standing(one, date(2027, 5, 25), archivist=True) == "rested"
    assert standing(one, date(2027, 5, 24), archivist=False) == "no-role"


@pytest.mark.req("R-71")
def test_a_purpose_is_one_text_of_a_ground_in_the_list_and_a_note():
    """What people choose is what the log says; each ground needs a note, and what is refused says which of the two is missing."""
    assert ARCHIVE_PURPOSE == GROUNDS and all(code.isidentifier() for code in GROUNDS)
    assert not [text for text in GROUNDS.values() if ":" in text] and len(set(GROUNDS.values())) == len(GROUNDS)
    for code, text in GROUNDS.items():
        asked = posted(MultiDict(purpose=code, purpose_note="  om sag\t26-1234\n"))
        assert stated_purpose(asked.purpose) == f"{text}: om sag 26-1234"
        least = 10 if code == "andet" else 4
        for note, error in (
            ("", NoteMissing), ("x" * (least - 1) + " .,-" * 9, NoteMissing), ("x" * least, None), ("1:2:3:4: 5678910", None),
            ("sag om 010119-1234", NoteUnfit), ("sag 26-1234\u202e", NoteUnfit),
        ):  # fmt: skip
            if error is None:
                assert stated_purpose(as_logged(code, note)) == f"{text}: {note}"
                continue
            with pytest.raises(error) as refused:
                stated_purpose(as_logged(code, note))
            assert type(refused.value) is error, (code, note)
    for purpose in (
        "",
        ":",
        "sag 26-1234",
        "aktindsigt: sag 26-1234",
        posted(MultiDict(purpose="Nysgerrighed", purpose_note="sag 26-1234")).purpose,
    ):
        with pytest.raises(PurposeMissing) as refused:
            stated_purpose(purpose)
        assert type(refused.value) is PurposeMissing, purpose
    assert len(posted(MultiDict(purpose="andet", purpose_note="x" * 1000)).note) == 200


def test_what_an_operators_command_is_given_for_is_said_in_free_words():
    assert operators_purpose("  Tilsyn, sag 26-1234 ") == "Tilsyn, sag 26-1234"
    with pytest.raises(OperatorsPurposeMissing) as refused:
        operators_purpose("kort" + " " * 20)
    assert "mindst 10 tegn" in refused.value.message
    for words in ("Sag om barnet 010119-4321", "Sag om 0101194321", "Sag 26-1234\x1b[2J", "Sag 26-1234 \u202e4321-62"):
        with pytest.raises(OperatorsPurposeUnfit):
            operators_purpose(words)
