"""The document of the walk, shared with the parents, is printed with the municipality's own template (issue 5 part 8)."""

from __future__ import annotations

from tests.browser.test_0_own_template import PRINTED
from tillid.adapters.pdf import page_text


def test_the_shared_copy_carries_the_change(people, walk) -> None:
    walk.after("template")
    people.settled()
    people.staff("sofie")
    answer = people.get("sofie", walk.kept["document"] + "/dokument.pdf")
    assert answer.ok and PRINTED in " ".join(page_text(answer.body()).split())
