"""A question whose words deceive the eye is not put."""

from __future__ import annotations

import msgspec
import pytest

from tests.consent_examples import request
from tests.meeting_examples import question
from tillid.consents.letters import PLACES, MixedAlphabets, mixed_parts, require_one_alphabet

ASKED, MEETING = request(), question()
DECEIVING = "S\u043eren"


def put(made, path, value=DECEIVING):
    """``made`` with another text at ``path``."""
    first, *rest = path
    if isinstance(made, tuple):
        return tuple(put(one, path, value) if place == 0 else one for place, one in enumerate(made))
    inside = getattr(made, first)
    return msgspec.structs.replace(made, **{first: put(inside, rest, value) if rest else value})


@pytest.mark.parametrize(
    ("asked", "path", "where"),
    [
        (ASKED, ["child_name"], "barnets navn"),
        (ASKED, ["controller", "name"], "navnet på den dataansvarlige"),
        (ASKED, ["from_unit", "name"], "navnet på det sted, der spørger"),
        (ASKED, ["to_unit", "name"], "navnet på det modtagende sted"),
        (ASKED, ["purpose", "text"], "formålet"),
        (ASKED, ["basis", "provision"], "hjemlen"),
        (ASKED, ["document", "title"], "dokumentets titel"),
        (ASKED, ["items", "title"], "en del, der spørges om"),
        (ASKED, ["texts", "body"], "teksten, der bliver vist"),
        (MEETING, ["plan", "title"], "titlen"),
        (MEETING, ["plan", "purpose"], "formålet"),
        (MEETING, ["plan", "participants", "name"], "en deltagers navn, rolle eller sted"),
        (MEETING, ["plan", "participants", "role"], "en deltagers navn, rolle eller sted"),
        (MEETING, ["texts", "body"], "teksten, der bliver vist"),
    ],
    ids=lambda one: "/".join(one) if isinstance(one, list) else "",
)
def test_each_text_that_a_record_will_show_is_looked_at(asked, path, where) -> None:
    require_one_alphabet(asked)
    with pytest.raises(MixedAlphabets) as refused:
        require_one_alphabet(put(asked, path))
    assert (refused.value.code, refused.value.params) == ("consent.alphabets", {"where": where})
    assert where in refused.value.message and DECEIVING not in f"{refused.value.message}{refused.value.detail}"
    require_one_alphabet(put(asked, path, "Ελένη Иванов 李"))


def test_all_parts_are_named_each_once_in_the_order_of_the_question() -> None:
    made = put(put(put(ASKED, ["items", "title"]), ["purpose", "text"]), ["document", "title"])
    assert mixed_parts(made) == (PLACES["document"], PLACES["purpose"], PLACES["items"])
    assert mixed_parts(ASKED) == mixed_parts(MEETING) == ()
