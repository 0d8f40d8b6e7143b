"""Two hundred documents in one file: one copy in memory at a time, whatever the file's size (ADR 0034)."""

from __future__ import annotations

import os
import tracemalloc

import msgspec
import pytest
import webtest

from tests.support.installation import ORIGIN, WorldInstallation, as_staff
from tests.walks.test_gathered_pages import ADDRESS, ZIP, entries, order
from tests.walks.test_round_pages import SOFIE, submit
from tillid.documents.model import Copy, Draft
from tillid.kernel.ids import new_id

MANY, SIZE = 200, 100_000


@pytest.fixture
def many(world_at):
    """Her own form and as many more like it, each with a copy of its own."""
    installation = WorldInstallation(world_at("people"))
    submit(installation.world, "sofie", SOFIE.professional)
    with installation.world.house() as house:
        (first,) = house.documents.of_round(SOFIE.round_id)
        version = house.documents.version(first.id, 1)
        for number in range(MANY):
            one = msgspec.structs.replace(first, id=new_id(), number=f"TD-{number:06}")
            data = os.urandom(SIZE)
            copy = Copy(reader="team", sha256=house.blobs.put(data, "application/pdf"), size=SIZE, pages=1,
                        template_digest="0" * 64, made_at=house.moment)  # fmt: skip
            house.documents.add(one, Draft(document_id=one.id))
            house.documents.add_version(msgspec.structs.replace(version, document_id=one.id, copies={"team": copy}))
    return installation


def parts_of(app):
    """The answer as a server takes it from the application: part by part, kept by nobody."""
    asked = webtest.TestRequest.blank(ZIP, base_url=ORIGIN, cookies=dict(app.cookies.items()))
    status, _, parts = asked.call_application(app.app)
    assert status.startswith("200")
    return parts


@pytest.mark.req("R-71")
def test_two_hundred_documents_leave_with_one_in_memory_and_a_row_each(many):
    app = as_staff(many, "sofie")
    assert f"{MANY} af {MANY + 1} er færdige" in order(app)
    (waiting,) = entries(many.world)
    assert waiting.step == "gather_copy", "what is printed already is not printed again"
    assert many.world.drain() == []
    assert f"{MANY + 1} dokumenter er med" in app.get(ADDRESS)
    tracemalloc.start()
    try:
        before, size = tracemalloc.get_traced_memory()[0], 0
        for part in parts_of(app):
            size += len(part)
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert size > MANY * SIZE
    assert peak < 30 * SIZE, f"{peak} bytes for a file of {size}"
    rows = [row for row in many.world.parts.audit.tail(2000) if row.action == "read_individual"]
    assert sum(row.phase == "attempt" for row in rows) == MANY + 1 == sum(row.outcome == "ok" for row in rows)
