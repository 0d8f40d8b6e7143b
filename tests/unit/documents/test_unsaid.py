from __future__ import annotations

import pytest

from tillid.documents.rendering import RenderField, RenderSection, unsaid


def section(*fields: RenderField) -> tuple[RenderSection, ...]:
    return (RenderSection(title="Om barnet", fields=fields),)


def field(text: str = "", *items: str, field_id: str = "f") -> RenderField:
    return RenderField(label="Spørgsmål", kind="list" if items else "text", text=text, items=items, field_id=field_id)


@pytest.mark.parametrize(
    ("answer", "left_out"),
    [
        (field("Solsikken"), True),
        (field("Solsikken og skoven"), False),
        (field("", "Solsikken"), True),
        (field("", "Solsikken", "Skoven"), False),
        (field("Solsikken", field_id=""), False),
    ],
)
def test_a_fact_of_the_head_that_an_answer_says_too_is_not_said_twice(answer, left_out):
    head = (("Barn", "Ida"), ("Fra", "Solsikken"), ("Til", ""))
    kept = unsaid(head, section(field("noget andet"), answer))
    assert kept == (head[:1] if left_out else head[:2])


def test_several_items_are_one_line():
    assert unsaid((("Til", "Skoven; Engen"),), section(field("", "Skoven", "Engen"))) == ()


def test_a_figure_is_said_by_no_answer():
    assert unsaid((("Udgave", "2"),), section(field("2"))) == (("Udgave", "2"),)
