"""A round's 200 documents, each really rendered, by a process that is killed in the middle and one that goes on: none is lost, none is
made twice, and what the process holds does not grow (ADR 0034). For the night; ``test_gather_kill.py`` looks at the points."""

from __future__ import annotations

import io
import json
import signal
import time
import zipfile
from statistics import median

import msgspec
import pytest

from tests.faults.gather_dying import reopened
from tests.faults.gather_many import work
from tests.faults.test_gather_kill import made
from tests.support.effort import EVERYTHING
from tests.support.forked import preload, processes
from tests.walks.test_round_pages import SOFIE, submit
from tillid.adapters.office import Limits
from tillid.kernel.ids import new_id
from tillid.usecases.gather_copies import begin_gathering
from tillid.usecases.gather_progress import gather_progress
from tillid.usecases.gathered_zip import INDEX, take_copy, zip_parts

preload("tests.faults.gather_many")

DOCUMENTS, FIRST = 200, 90
GROWN = 1.1  # at most so much of what was held when all was warm


def fill_round(world, documents: int) -> None:
    """So many submitted forms of Sofie's in the round, about the unit's children in turn."""
    submit(world, "sofie", SOFIE.professional)
    with world.house() as house:
        (one,) = house.documents.of_round(SOFIE.round_id)
        draft, version = house.documents.draft(one.id), house.documents.version(one.id, 1)
        children = [child.id for child in house.people.children_of_unit(one.unit_id)]
        for number in range(1, documents):
            copy = msgspec.structs.replace(
                one, id=new_id(), number=f"TD-{number:06}", child_id=children[number % len(children)]
            )
            house.documents.add(copy, msgspec.structs.replace(draft, document_id=copy.id))
            house.documents.add_version(msgspec.structs.replace(version, document_id=copy.id))


def lines(told):
    """What was told; a line that was being written when its process was killed says nothing yet."""
    whole = told.read_text().split("\n")[:-1] if told.exists() else []
    return [json.loads(one) for one in whole]


@pytest.mark.skipif(not EVERYTHING, reason="200 renders take minutes: TILLID_TESTS=all")
@pytest.mark.req("R-71")
def test_two_hundred_killed_in_the_middle_end_with_every_document_once_in_flat_memory(world_at, tmp_path):
    world, told = world_at("people"), tmp_path / "told"
    fill_round(world, DOCUMENTS)
    with world.house() as house:
        order = begin_gathering(house, world.staff("sofie"), SOFIE.round_id, "team_meeting")
        assert len(order.items) == DOCUMENTS
    folder, second, began = world.folder, world.second._path, time.monotonic()
    world.close()
    process = processes.Process(target=work, args=(folder, second, 1, told))
    process.start()
    while len(lines(told)) < FIRST and process.is_alive():
        time.sleep(0.01)
    time.sleep(0.1)  # into the next one
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    again = reopened(folder, second, world.renderer)
    halfway, first = made(again), lines(told)
    again.close()
    assert FIRST - 1 <= len(halfway) < DOCUMENTS, "killed in the middle"
    process = processes.Process(target=work, args=(folder, second, 30, told))
    process.start()
    process.join()
    assert process.exitcode == 0
    again = reopened(folder, second, world.renderer)
    again.clock.move(minutes=40)
    rendered, ready = lines(told), made(again)
    ordered = {one.document_id for one in order.items}
    assert set(ready) == ordered and len(ordered) == DOCUMENTS, "none is lost"
    assert halfway.items() <= ready.items(), "what was stored was not made again"
    doubled = [one["document"] for one in rendered[len(first) :] if one["document"] in halfway]
    assert doubled == [] and DOCUMENTS <= len(rendered) <= DOCUMENTS + 1, "none but the one under way"
    assert len(set(ready.values())) == DOCUMENTS, "each is a file of its own"
    with again.house() as house:
        assert house.outbox.pending() == []
        progress = gather_progress(house, again.staff("sofie"), SOFIE.round_id)
        assert (progress.ready, progress.waiting, progress.held) == (DOCUMENTS, 0, ())
        parts = zip_parts(progress.gathering, lambda item: take_copy(house, progress.gathering, item), lambda _: b"x")
        with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as file:
            names = file.namelist()
            assert len(set(names)) == len(names) == DOCUMENTS + 1 and names[-1] == INDEX
            assert all(file.read(name).startswith(b"%PDF-") for name in names[:-1])
    later = rendered[len(first) :]
    early, late = (median(one["process"] for one in some) for some in (later[10:30], later[-20:]))
    peaks = [
        max(one["office"] for one in later if one["starts"] == box) for box in sorted({one["starts"] for one in later})
    ]
    print(
        f"{DOCUMENTS} documents, {len(rendered)} renders, killed after {len(halfway)}, {time.monotonic() - began:.0f} s; "
        f"process {early} MB, then {late} MB; LibreOffice at most {peaks} MB, one after the other"
    )
    assert late <= early * GROWN
    assert len(peaks) >= 2 and max(peaks) <= min(peaks[0] * GROWN, Limits().grown >> 20), (
        "no LibreOffice is heavier than the first"
    )
    again.close()
