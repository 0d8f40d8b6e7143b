"""What was given on by consent is no entry of the journal: it never leaves by the journal's way, taken back or not (R-18, R-80, U23)."""

from __future__ import annotations

import pytest

from tests.support.installation import as_staff
from tests.support.world import STAGES, request_now
from tests.walks.test_journal import want_wellbeing
from tests.walks.test_journal_exchange import joined, kinds, look, out, rows
from tests.walks.test_notification import sent
from tests.walks.test_receiver_pages import take_back
from tillid.archive.journal import CONFIRMED, HANDED, JOURNALLED
from tillid.usecases.hand_to_journal import STEP


@pytest.mark.req("R-18", "R-80", "U23")
def test_an_overgangsbeskrivelse_never_goes_neither_while_consent_holds_nor_when_it_is_taken_back(world_at, tmp_path):
    """With the municipality's system joined from the first word on, and told to take what it may."""
    world = world_at("draft")
    home = joined(world, tmp_path)
    want_wellbeing(world)
    for stage in ("shared", "agreed", "asked", "signed"):
        STAGES[stage](world)
    part = next(item for item in request_now(world).items if not item.sensitive)
    for items in ((part.id,), ()):
        take_back(world, items)
        assert world.drain() == []
        look(world)
    document_id = world.made["document"]
    assert out(tmp_path) == [] and not any(path.is_file() for path in (tmp_path / "journal").rglob("*"))
    assert not {JOURNALLED, HANDED, CONFIRMED} & {*kinds(world, document_id)} and rows(world, STEP) == []
    other = sent(as_staff(home, "sofie"))
    assert world.drain() == []
    (package,) = out(tmp_path)
    assert JOURNALLED in kinds(world, other), "the way itself is open"
    assert document_id.encode() not in b"".join(path.read_bytes() for path in package.iterdir())
