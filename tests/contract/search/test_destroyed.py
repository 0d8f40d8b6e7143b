"""Two archivists destroy one document, each click twice at once, on a real node that takes no writes for a while (R-90)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from tests.contract.search.test_server import files_with
from tests.support.destruction import FIRST, SECOND, WHY, gone, keeper, mark
from tests.support.destruction import due as due
from tests.support.installation import WorldInstallation, as_staff
from tests.support.purposes import state_purpose
from tests.walks.test_archive_pages import closed_cases
from tillid.archive.keeping import CONFIRMED, DESTROYED, ORDERED
from tillid.usecases.destroy import FORGET, destroy_document
from tillid.usecases.follow_up import all_entries
from tillid.usecases.order_destruction import STEP
from tillid.wiring.repeating import again_on_conflict

OWN, OTHERS = "qzyvwxkjhgfdplmnbvcz", "zcvbnmlpkdfghjqwxyzq"


@pytest.fixture
def world(due, elastic):
    """What is due, and another case; on the node each has a word of its own."""
    closed_cases(due, 1)
    due.parts.search.close()
    due.parts.search = elastic
    with due.house() as house:
        rows = [msgspec.structs.replace(one, text=f"{one.text} {word_of(due, one)}") for one in all_entries(house)]
    assert elastic.rebuild(lambda: rows) == 2
    return due


def word_of(world: Any, one: Any) -> str:
    return OWN if one.document_id == world.made["document"] else OTHERS


def kinds(world: Any) -> list[str]:
    with world.house() as house:
        return [event.kind for event in house.ledger.of_document(world.made["document"])]


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each came to; none begins before all can."""
    ready = threading.Barrier(len(works))
    with ThreadPoolExecutor(len(works)) as several:
        return [
            one.result(60) for one in [several.submit(lambda work=work: (ready.wait(30), work())[1]) for work in works]
        ]


def windows(world: Any) -> tuple[list[Any], list[Any]]:
    """Two of each, logged in now."""
    installation = WorldInstallation(world)
    first, second = ([as_staff(installation, who) for _ in range(2)] for who in (FIRST, SECOND))
    return first, second


def press_in_both(windows: list[Any], address: str, step: str, **typed: str) -> list[int]:
    """The same button, found in both windows and then pressed in both at the same moment."""
    forms = []
    for window in windows:
        shown = window.get(address)
        form = next(form for form in shown.forms.values() if form.html.select_one(f'button[value="{step}"]'))
        for name, value in typed.items():
            form[name] = value
        forms.append(form)
    return sorted(
        at_once(*(lambda form=form: form.submit("trin", value=step, status="*").status_int for form in forms))
    )


def found(window: Any, words: str) -> str:
    form = window.get("/arkiv").forms["search"]
    state_purpose(form, "Tilsyn eller revision: kontrol af destruktion")
    form["words"] = words
    return form.submit(status=200).text


@contextmanager
def taking_no_writes(node: Any, name: str):
    def block(value: bool | None) -> None:
        node.root.indices.put_settings(index=f"{name}-*", settings={"index.blocks.read_only_allow_delete": value})

    block(True)
    yield
    block(None)


@pytest.mark.req("R-90", "R-70")
def test_two_destroy_one_document_and_the_node_holds_no_word_of_it(world, elastic, node):
    first, second = windows(world)
    address = f"/arkiv/{world.made['document']}/bevaring"
    assert "1 dokument fundet" in found(first[0], OWN) and "1 dokument fundet" in found(second[0], OTHERS)
    node.root.indices.flush(index=f"{elastic.server.name}-*", force=True)
    assert files_with(node, OWN) and files_with(node, OTHERS), "the scan finds what is there"
    mark(world)
    assert press_in_both(first, address, "destruer", hvorfor=WHY) == [303, 422]
    assert press_in_both(second, address, "bekraeft") == [303, 422]
    assert (kinds(world).count(ORDERED), kinds(world).count(CONFIRMED)) == (1, 1)
    world.clock.move(days=15)
    with world.house() as house:
        (entry,) = [one for one in house.outbox.pending() if one.step == STEP]
    first, second = windows(world)
    with taking_no_writes(node, elastic.server.name):
        at_once(*[lambda: again_on_conflict(lambda: destroy_document(world.house, entry))] * 2)
        assert gone(world) and kinds(world).count(DESTROYED) == 1
        assert "search.unavailable" in world.drain(), "the node does not take the delete"
        for window in (first[0], second[1]):
            assert "Ingen resultater" in found(window, OWN), "hidden with the commit, whatever the node has"
            assert "1 dokument fundet" in found(window, OTHERS)
    with world.house() as house:
        assert [one.step for one in house.outbox.pending() if one.step == FORGET] == [FORGET]
        assert house.exclusions.all() == {world.made["document"]}
    world.clock.move(minutes=10)
    assert world.drain() == []
    with world.house() as house:
        assert house.exclusions.all() == frozenset()
    assert len(list(elastic.held())) == 1 and "Ingen resultater" in found(second[0], OWN)
    assert files_with(node, OWN), "a delete alone leaves the words in the server's files"
    assert keeper(world).wipe(world.house) == 1
    assert left_when_tidied(node) == set()
    assert "1 dokument fundet" in found(first[1], "pindsvin"), "the other case is there"
    for window in (*first, *second):
        assert "<h1>Destrueret" in window.get(address).text


def left_when_tidied(node: Any) -> set[str]:
    """The server takes the old index's folder away when it has answered."""
    for _ in range(100):
        if not (left := files_with(node, OWN)):
            break
        time.sleep(0.2)
    return left
