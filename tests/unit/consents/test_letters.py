"""A question whose words deceive the eye is not put."""

from __future__ import annotations

import msgspec
import pytest

from tests.consent_examples import request
from tests.meeting_examples import question
from tillid.consents.letters import MixedAlphabets, require_one_alphabet

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
        (ASKED, ["from_unit", "name"], "navnet på jeres eget sted"),
        (ASKED, ["to_unit", "name"], "navnet på det modtagende sted"),
        (ASKED, ["purpose", "text"], "formålet"),
        (ASKED, ["basis", "provision"], "hjemlen"),
        (ASKED, ["document", "title"], "titlen"),
        (ASKED, ["items", "title"], "titlen"),
        (ASKED, ["texts", "body"], "teksten til forældrene"),
        (MEETING, ["plan", "purpose"], "formålet"),
        (MEETING, ["plan", "participants", "name"], "en deltagers navn, rolle eller sted"),
        (MEETING, ["plan", "participants", "role"], "en deltagers navn, rolle eller sted"),
        (MEETING, ["texts", "body"], "teksten til forældrene"),
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
