"""A document whose period is over, and what two archivists do with it; whether a text lies in any file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from tests.support.world import SET
from tillid.adapters.archive_keeper import ArchiveKeeper
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import new_id
from tillid.usecases.appraise import appraise
from tillid.usecases.keep_document import keeping_page
from tillid.usecases.order_destruction import confirm_destruction, order_destruction

WHY = "Perioden er udløbet, og rådet har besluttet kassation."
FIRST, SECOND = "ove", "solvej"


@pytest.fixture
def due(world_at):
    """A signed case whose child left the unit six years ago; its consent ran out long since."""
    return child_left(world_at("signed"))


def child_left(world):
    with world.house() as house:
        child = house.people.child(SET.child_id)
        left = msgspec.structs.replace(child, left={child.unit_id: date(2026, 12, 31)})
        house.people.put_child(left, house.people.unmask_cpr(child.id), house.people.custody(child.id))
    world.clock.move(days=6 * 366)
    return world


def act(world, who, use_case, *args, **more):
    with world.house() as house:
        return use_case(house, world.staff(who), world.made["document"], *args, **{"event_id": new_id(), **more}).id


def mark(world, name="kasseres", who=FIRST, **more):
    said = {"subject": "17.00.00", "facet": "G01", "basis": "BEK 183/2018", "reason": WHY} | more
    return act(world, who, appraise, name, **said)


def ordered(world):
    order = act(world, FIRST, order_destruction, WHY)
    act(world, SECOND, confirm_destruction, order)
    return order


def code(call, *args, **more):
    with pytest.raises(TillidError) as refused:
        call(*args, **more)
    return refused.value.code


def stops(world):
    with world.house() as house:
        return keeping_page(house, world.staff(FIRST), world.made["document"]).stops


def gone(world):
    with world.house() as house:
        return house.documents.get(world.made["document"]) is None


def keeper(world):
    def pack():
        world.store.db.pack()
        world.second.pack()

    return ArchiveKeeper(world.folder, world.parts.search, pack, world.clock)


def texts_of(world):
    """Every longer piece of what was written in the document."""
    found = []

    def walk(value):
        if isinstance(value, str) and len(value) > 25 and " " in value:
            found.append(value)
        for one in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
            walk(one)

    with world.house() as house:
        document = house.documents.get(world.made["document"])
        for number in range(1, document.versions + 1):
            walk(msgspec.to_builtins(house.documents.version(document.id, number).answers))
        places = {unit.name for unit in house.people.organigram().units.values()}
    return set(found) - places


def forms(text):
    """As it may stand in a file: JSON as written, JSON escaped, and UTF-16 as PDF metadata has it."""
    part = text[:25]
    return {part.encode(), part.encode("unicode_escape"), part.encode("utf-16-be")}


def found_in(folder: Path, texts):
    where = set()
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            where |= {
                (path.relative_to(folder).parts[0], text) for text in texts if any(f in data for f in forms(text))
            }
    return where


def made_pdfs(world):
    """A piece from the middle of every PDF that was made for single people, with which no other begins."""
    found = world.second.read(lambda root: [one.data.data for one in root.get("previews", {}).values()])
    return {data[len(data) // 2 :][:64] for data in found if data.startswith(b"%PDF-")}


def holding(folder: Path, pieces):
    return {path.name for path in folder.rglob("*") if path.is_file() for one in pieces if one in path.read_bytes()}
