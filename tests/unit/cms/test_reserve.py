from __future__ import annotations

import subprocess
import sys

import pytest

from tillid.cms.reserve import Reserve, full_disk, is_full_disk

# A file size limit makes the data file "full" for real; the reserve counts for nothing against it, so what is shown here is
# that a commit which does not fit leaves the database as it was. Room for the urgent one is made by raising the limit.
FULL = """
import errno, resource, signal, sys
from pathlib import Path
from tests.unit.cms.samples import KEY, NOW, document, draft
from tillid.cms.reserve import is_full_disk
from tillid.cms.store.plain import PlainStore
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = PlainStore(Path(sys.argv[1]), KEY)
kept, lost = document(), document()
with store.transaction() as stores:
    stores.documents.add(kept, draft(kept))
size = (Path(sys.argv[1]) / "Data.fs").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 500, resource.RLIM_INFINITY))
try:
    with store.transaction() as stores:
        stores.documents.add(lost, draft(lost, "x" * 5000))
    sys.exit("the commit went through")
except OSError as error:
    assert is_full_disk(error), error
assert (Path(sys.argv[1]) / "Data.fs").stat().st_size == size
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
urgent = document()
with store.transaction() as stores:
    stores.documents.add(urgent, draft(urgent))
store.close()
store = PlainStore(Path(sys.argv[1]), KEY)
with store.open() as (stores, _):
    assert [stores.documents.get(one.id) for one in (kept, lost, urgent)] == [kept, None, urgent]
print("ok")
"""


def test_a_reserve_is_made_released_once_and_made_again(tmp_path):
    reserve = Reserve(tmp_path / "run" / "reserve", 50_000)
    assert reserve.prepare()
    assert reserve.prepare()
    # Really allotted, not a sparse file.
    assert reserve.path.stat().st_blocks * 512 >= 50_000
    assert reserve.release()
    assert not reserve.path.exists()
    assert not reserve.release()
    assert reserve.prepare()


def test_without_room_there_is_no_half_made_reserve(tmp_path):
    code = (
        "import resource, signal, sys; from pathlib import Path; from tillid.cms.reserve import Reserve\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "reserve = Reserve(Path(sys.argv[1]), 50_000)\n"
        "print(reserve.prepare(), reserve.path.exists())"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "reserve")], capture_output=True, text=True)
    assert done.stdout.split() == ["False", "False"], done.stderr


def test_a_commit_that_does_not_fit_leaves_the_database_whole(tmp_path):
    done = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True)
    assert done.stdout.strip() == "ok", done.stderr


@pytest.mark.parametrize(("number", "full"), [(28, True), (122, True), (27, True), (2, False), (13, False)])
def test_only_a_full_disk_is_one(number, full):
    assert is_full_disk(OSError(number, "x")) is full


def test_the_error_says_that_nothing_was_registered():
    assert "ikke registreret" in full_disk().message
