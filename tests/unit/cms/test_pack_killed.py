"""A pack that is killed at any moment loses nothing that is there and leaves nothing of what is not (R-90)."""

from __future__ import annotations

import os
import signal
import sys

import pytest
from ZODB.FileStorage import FileStorage

from tests.unit.cms.samples import KEY, document, draft, tombstone
from tests.unit.cms.test_destroyed import confirmed, say
from tillid.archive.keeping import DESTROYED
from tillid.cms.store.plain import PlainStore

SECRET = b"noget om Ida, som ingen skal finde"
storage_module = sys.modules[FileStorage.__module__]
POINTS = ("before the file", "old renamed away", "new in its place", "a blob removed", "old not removed")


def arrange(point):
    """In the process that is to die."""

    def die():
        os.kill(os.getpid(), signal.SIGKILL)

    rename, remove, remove_dir = os.rename, os.remove, storage_module.remove_committed_dir

    def renaming(source, target):
        if point == "before the file" and str(target).endswith(".old"):
            die()
        rename(source, target)
        if point == "old renamed away" and str(target).endswith(".old"):
            die()
        if point == "new in its place" and str(source).endswith(".pack"):
            die()

    def removing(path, *more):
        if point == "old not removed" and str(path).endswith(".old"):
            die()
        remove(path, *more)

    def removing_dir(path):
        remove_dir(path)
        if point == "a blob removed":
            die()

    os.rename, os.remove, storage_module.remove_committed_dir = renaming, removing, removing_dir


def files_with(folder, data):
    return [path.name for path in folder.rglob("*") if path.is_file() and data in path.read_bytes()]


@pytest.mark.req("R-90")
def test_a_pack_leaves_nothing_where_transactions_were_gathered(tmp_path):
    """A large one, and then small ones alone: behind them lies its end."""
    store = PlainStore(tmp_path, KEY)
    with store.transaction() as stores:
        stores.documents.add(one := document(), draft(one, "ro " * 1000 + SECRET.decode()))
    with store.transaction() as stores:
        stores.documents.save_draft(draft(one, ""))
    assert sorted(files_with(tmp_path, SECRET)) == ["Data.fs", "Data.fs.tmp"]
    store.db.pack()
    assert files_with(tmp_path, SECRET) == []
    with store.transaction() as stores:
        stores.documents.save_draft(draft(one, "igen"))
    store.close()
    again = PlainStore(tmp_path, KEY)
    with again.transaction() as stores:
        assert stores.documents.draft(one.id).answers == {"styrker": "igen"}
    again.close()


@pytest.mark.req("R-90")
@pytest.mark.parametrize("point", POINTS)
def test_killed_while_packing(tmp_path, point):
    store = PlainStore(tmp_path, KEY)
    one, other = confirmed(store), confirmed(store)
    with store.transaction() as stores:
        blobs = [stores.blobs.put(SECRET + bytes([n]) * 100, "application/pdf") for n in range(3)]
        stays = stores.blobs.put(b"en anden tegning", "image/png")
    with store.transaction() as stores:
        say(stores.ledger, one, DESTROYED, {})
        stores.documents.destroy(tombstone(one))
        for digest in blobs:
            stores.blobs.remove(digest)
    store.close()
    child = os.fork()
    if child == 0:
        try:
            arrange(point)
            PlainStore(tmp_path, KEY).db.pack()
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    again = PlainStore(tmp_path, KEY)
    with again.transaction() as stores:
        assert stores.documents.tombstone(one.id) is not None and stores.documents.get(other.id) is not None
        assert stores.documents.unpacked() == (one.id,), "so the keeper packs anew"
        assert stores.blobs.get(stays) == b"en anden tegning"
    again.db.pack()
    assert files_with(tmp_path, SECRET) == ["Data.fs"], "the other document's"
    with again.transaction() as stores:
        assert stores.documents.version(other.id, 1) is not None and stores.documents.get(one.id) is None
    again.close()
    left = {path.name for path in tmp_path.rglob("*")}
    assert not {"Data.fs.old", "Data.fs.pack"} & left
