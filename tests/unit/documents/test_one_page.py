"""Which texts of a form that fits one page are printed as one stretch, and how."""

import pytest

from tillid.documents.one_page import LETTERS, LINES, on_one_page
from tillid.documents.rendering import RenderField, RenderSection

MOST = LINES["trivselsvurdering"]


def printed(*texts: str, form: str = "trivselsvurdering") -> list[str]:
    fields = [RenderField(label="x", kind="text", text=text, field_id=f"f{n}") for n, text in enumerate(texts)]
    half = len(fields) // 2
    parts = (
        RenderSection(title="a", fields=tuple(fields[:half])),
        RenderSection(title="b", fields=tuple(fields[half:])),
    )
    return [field.text for section in on_one_page(form, parts) for field in section.fields]


def lines(count: int, text: str = "Barnet leger længe med de andre") -> str:
    return "\n".join([text] * count)


@pytest.mark.req("T21")
def test_what_the_page_holds_stays_as_it_was_written():
    texts = [lines(MOST - 2), "x" * LETTERS * 2]
    assert printed(*texts) == texts


@pytest.mark.req("T21")
def test_the_text_that_gains_most_is_printed_as_one_stretch_and_no_more_than_needed():
    short, long = lines(3), lines(MOST)
    assert printed(short, long) == [short, " | ".join(long.split("\n"))]
    assert printed(long, long) == [" | ".join(long.split("\n"))] * 2


@pytest.mark.req("T21")
def test_the_lines_of_a_long_sentence_count_too():
    assert printed("x" * 1650, lines(4)) == ["x" * 1650, " | ".join(lines(4).split("\n"))]


@pytest.mark.req("T21")
def test_blank_lines_and_spaces_at_the_ends_go_with_the_line():
    assert printed("første linje, som er lang nok \n\n  anden linje, som er lang nok\n" * 9)[0].startswith(
        "første linje, som er lang nok | anden linje, som er lang nok | første"
    )


@pytest.mark.req("T21")
def test_where_the_lines_are_short_the_stroke_takes_no_more_room_than_their_ends_did():
    things = "\n".join(["løbe ude", "tegne heste", "synge lidt"] * 20)
    assert printed(things) == [things.replace("\n", "|")]


@pytest.mark.req("T21")
def test_a_word_in_each_line_is_parted_by_a_dot_after_which_a_line_may_end():
    words = "\n".join(["løbe", "tegne", "synge"] * 20)
    assert printed(words) == [words.replace("\n", "\u00b7\u200b")]


def test_another_form_may_take_the_pages_it_needs():
    assert printed(lines(99), form="overgangsbeskrivelse") == [lines(99)]
