from __future__ import annotations

import os
import signal
import subprocess
import sys
from hashlib import sha256

import pytest
from ZODB.FileStorage import FileStorage

from tests.unit.cms.samples import KEY
from tillid.cms.store.plain import PlainStore
from tillid.kernel.errors import TillidError

PDF = b"%PDF-1.7 en lille fil"


def test_bytes_are_kept_once_under_their_digest(store, tmp_path):
    with store.transaction() as stores:
        digest = stores.blobs.put(PDF, "application/pdf")
        assert stores.blobs.put(PDF, "application/pdf") == digest == sha256(PDF).hexdigest()
        assert stores.blobs.get(digest) == PDF
    with store.transaction() as stores:
        assert stores.blobs.put(PDF, "text/plain") == digest
        assert stores.blobs.get(digest) == PDF
        assert stores.blobs.get("0" * 64) is None
    assert len(_files(tmp_path)) == 1


@pytest.mark.parametrize("how", ["changed", "missing"])
def test_damaged_bytes_are_not_handed_out(store, tmp_path, how):
    with store.transaction() as stores:
        digest = stores.blobs.put(PDF, "application/pdf")
    (file,) = _files(tmp_path)
    file.chmod(0o600)
    file.write_bytes(PDF[:-1] + b"?") if how == "changed" else file.unlink()
    with store.open() as (stores, _), pytest.raises(TillidError, match=r"blobs\.damaged"):
        stores.blobs.get(digest)


def test_file_and_directories_are_on_disk_before_the_data_file_is(store, tmp_path, monkeypatch):
    """Order of the system calls: blob file, its directories up to the root, and only then the commit's own fsync."""
    synced = []
    real = os.fsync

    def spy(handle):
        number = handle if isinstance(handle, int) else handle.fileno()
        synced.append(os.readlink(f"/proc/self/fd/{number}"))
        real(handle)

    monkeypatch.setattr(os, "fsync", spy)
    monkeypatch.setattr(sys.modules[FileStorage.__module__], "fsync", spy)
    with store.transaction() as stores:
        stores.blobs.put(PDF, "application/pdf")
    (file,) = _files(tmp_path)
    blobs, data = tmp_path / "store" / "blobs", tmp_path / "store" / "Data.fs"
    folders = [folder for folder in file.parents if folder == blobs or blobs in folder.parents]
    # The directory that holds a new entry is synced after the entry was made, the leaf first.
    assert synced[: 1 + len(folders)] == [str(file), *map(str, folders)]
    assert synced.index(str(data)) > len(folders)


def test_an_ordinary_file_storage_would_fail_the_test_above(tmp_path):
    """The reason for ``durable``: if ZODB begins to fsync blobs itself, ours can go."""
    assert "fsync" not in FileStorage.storeBlob.__code__.co_names
    assert "fsync" not in FileStorage._blob_storeblob.__code__.co_names


KILLED = """
import os, signal, sys
from pathlib import Path
from tillid.cms.store.plain import PlainStore
store = PlainStore(Path(sys.argv[1]), bytes(range(32)))
number = 0
while True:
    with store.transaction() as stores:
        digest = stores.blobs.put(b"nummer %d" % number * 50, "application/pdf")
    print(digest, flush=True)
    number += 1
    if number == int(sys.argv[2]):
        with store.open() as (stores, manager):
            stores.blobs.put(b"aldrig bekraeftet", "application/pdf")
            os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_acknowledged_survives_a_kill(tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), "5"], capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    acknowledged = done.stdout.split()
    assert len(acknowledged) == 5
    store = PlainStore(tmp_path, KEY)
    with store.open() as (stores, _):
        assert all(stores.blobs.get(digest) for digest in acknowledged)
        assert stores.blobs.get(sha256(b"aldrig bekraeftet").hexdigest()) is None
    store.close()


def _files(tmp_path):
    return list((tmp_path / "store" / "blobs").rglob("*.blob"))
