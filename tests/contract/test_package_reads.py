"""A package reads as much of the store as it needs, whether there are few documents or many (issue 7, part 9)."""

from __future__ import annotations

import msgspec
import pytest
from ZODB.Connection import Connection

from tests.contract.test_package import as_var
from tillid.cli import main
from tillid.documents.model import Draft
from tillid.kernel.ids import new_id

FEW, MANY = 10, 60


@pytest.fixture
def closed(world_at):
    world = as_var(world_at("signed"))
    yield world
    world.close()


def copied(world, count: int, year: int) -> None:
    """So many documents like the signed one, closed, frozen in that year, and with no event of their own."""
    with world.house() as house:
        kept = house.documents.get(world.made["document"])
        version = house.documents.version(kept.id, kept.versions)
        frozen = msgspec.structs.replace(version, number=1, frozen_at=version.frozen_at.replace(year=year))
        for number in range(count):
            copy = msgspec.structs.replace(
                kept, id=new_id(), number=f"TD-{year}{number:04}", state="closed", versions=1, agreed_version=1
            )
            house.documents.add(copy, Draft(document_id=copy.id))
            house.documents.add_version(msgspec.structs.replace(frozen, document_id=copy.id))


def test_what_a_package_reads_does_not_grow_with_the_documents(closed, tmp_path, monkeypatch):
    copied(closed, FEW, 1990)
    copied(closed, MANY, 1991)
    read, really = [0], Connection.setstate
    monkeypatch.setattr(
        Connection, "setstate", lambda jar, one: (read.__setitem__(0, read[0] + 1), really(jar, one))[1]
    )

    def reads(year: int) -> int:
        read[0], words = 0, ["--var", str(closed.folder), "--out", str(tmp_path / str(year)), "--year", str(year)]
        assert main(["package", "make", "--demo", *words]) == 0
        return read[0]

    none, few, many = reads(1800), reads(1990), reads(1991)
    assert len([one for one in (tmp_path / "1991").iterdir() if one.is_dir()]) == MANY
    # Where its random id falls among those of others costs a document an object or two more or less; looking at each of the others,
    # fifty more.
    assert few > none and abs((many - none) / MANY - (few - none) / FEW) < 5, "objects for each"
