"""The folder that the municipality's journal system takes from and gives to (U23): whole or not there, never twice, nothing lost."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tillid.adapters.journal_folder import OWNER, JournalFolder, JournalOther
from tillid.archive.journal_exchange import DESCRIPTION, MOST_BYTES, digest_of
from tillid.kernel.errors import Unavailable
from tillid.kernel.ids import new_id

FILES = {DESCRIPTION: b'{"entry": 1}', "document.pdf": b"%PDF-1.7", "SHA256SUMS": b"..."}
OTHER = {**FILES, DESCRIPTION: b'{"entry": 2}'}


class Died(BaseException):
    """In place of the power cut: nothing of Tillid catches it."""


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def root(tmp_path):
    return tmp_path


@pytest.mark.req("U23")
def test_an_entry_lies_there_whole_and_goes_once_even_when_the_other_side_has_taken_it(root):
    folder, entry = JournalFolder(root), new_id()
    assert folder.handed(entry) is None
    assert folder.hand_over(entry, FILES) == digest_of(FILES) == folder.handed(entry)
    assert tree(root / "out") == {f"{entry}/{name}": data for name, data in FILES.items()}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (root / "out" / entry).iterdir()} == {0o640}
    (root / "out" / entry).rename(root / "taken-by-the-other-side")
    assert JournalFolder(root).hand_over(entry, OTHER) == digest_of(FILES), "what went is what it says"
    assert tree(root / "out") == {}


@pytest.mark.req("U23")
@pytest.mark.parametrize("step", ["staged", "marked", "moved"])
@pytest.mark.parametrize("taken", [False, True])
def test_whoever_dies_on_the_way_goes_on_and_the_other_side_meets_one_whole_entry(root, step, taken):
    def die(now):
        if now == step:
            raise Died

    entry, met = new_id(), []

    def take():
        for place in (root / "out").iterdir():
            met.append(tree(place))
            place.rename(root / f"theirs-{len(met)}")

    with pytest.raises(Died):
        JournalFolder(root, die).hand_over(entry, FILES)
    assert all(tree(place) == FILES for place in (root / "out").iterdir()), "never half of it"
    if taken:
        take()
    again = JournalFolder(root)
    kept = FILES if step != "staged" else OTHER  # what nobody was told of is made anew
    assert again.hand_over(entry, OTHER) == digest_of(kept)
    take()
    again.hand_over(entry, OTHER)
    take()
    assert met == [kept]


@pytest.mark.req("U23")
def test_what_goes_out_is_of_the_folders_group_and_closed_to_everybody_else(root):
    os.chown(root, -1, 65533)
    root.chmod(0o2750)
    folder, entry = JournalFolder(root), new_id()
    folder.hand_over(entry, FILES)
    reached = [root / "out", root / "out" / entry, *(root / "out" / entry).iterdir(), root / "in", root / "refused"]
    assert {path.stat().st_gid for path in reached} == {65533}
    assert {stat.S_IMODE(path.stat().st_mode) & 0o7 for path in reached} == {0}
    assert stat.S_IMODE((root / ".tillid" / "sent").stat().st_mode) & 0o77 == 0


@pytest.mark.req("U23")
def test_what_was_written_half_is_never_seen(root, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    folder, entry = JournalFolder(root), new_id()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(Unavailable) as found:
            folder.hand_over(entry, FILES)
    assert found.value.code == "journal.unavailable" and tree(root / "out") == {} and folder.handed(entry) is None
    folder.hand_over(entry, FILES)
    assert len(tree(root / "out")) == len(FILES)


@pytest.mark.req("U23")
def test_a_folder_that_is_away_is_no_empty_one(root):
    folder = JournalFolder(root / "not-mounted")
    for ask in (
        lambda: folder.handed(new_id()),
        lambda: folder.hand_over(new_id(), FILES),
        folder.state,
        lambda: list(folder.receipts()),
    ):
        with pytest.raises(Unavailable):
            ask()
    assert not (root / "not-mounted").exists()


@pytest.mark.req("U23")
def test_a_receipt_is_claimed_first_so_that_none_is_lost_or_read_as_another(root):
    folder = JournalFolder(root)
    list(folder.receipts())
    (root / "in" / "Villads Krag.json").write_bytes(b"one")
    (root / "in" / ".half.json").write_bytes(b"not yet")
    (found,) = folder.receipts()
    assert (found.data, found.again) == (b"one", False) and "Krag" not in found.id
    (left,) = JournalFolder(root).receipts()  # killed before it was recorded
    assert (left.id, left.data, left.again) == (found.id, b"one", True)
    folder.keep(left)
    assert list(folder.receipts()) == [] and tree(root / "taken") == {f"{found.id}.json": b"one"}
    assert tree(root / "in") == {".half.json": b"not yet"}


@pytest.mark.req("U23", "R-111")
def test_what_is_refused_lies_there_under_its_reason_and_no_name_of_anybody(root):
    folder = JournalFolder(root)
    list(folder.receipts())
    (root / "in" / "Villads.json").write_bytes(b"what it said")
    (found,) = folder.receipts()
    folder.refuse(found, "unknown")
    assert tree(root / "refused") == {f"unknown.{found.id}.json": b"what it said"}
    (root / "refused" / "Villads Krag.txt").write_bytes(b"by hand")
    assert sorted(folder.state().refused) == [("", "unreadable"), (f"unknown.{found.id}.json", "unknown")]


@pytest.mark.req("U23")
def test_links_pipes_folders_and_what_is_too_large_are_not_read(root, tmp_path_factory):
    secret = tmp_path_factory.mktemp("else") / "secret"
    secret.write_bytes(b"secret")
    folder = JournalFolder(root)
    list(folder.receipts())
    (root / "in" / "a-link").symlink_to(secret)
    os.link(secret, root / "in" / "b-link")
    os.mkfifo(root / "in" / "c-pipe")
    (root / "in" / "d-folder").mkdir()
    (root / "in" / "e-large").write_bytes(b" " * (MOST_BYTES + 1))
    found = list(folder.receipts())
    assert [one.refusal for one in found] == ["no-file"] * 4 + ["too-large"] and not any(one.data for one in found)
    for one in found:
        folder.refuse(one, one.refusal)
    assert len(folder.state().refused) == 5 and secret.read_bytes() == b"secret"


@pytest.mark.req("U23")
def test_a_destroyed_documents_entry_is_taken_back_whole(root):
    folder, entry, other = JournalFolder(root), new_id(), new_id()
    folder.hand_over(entry, FILES)
    folder.hand_over(other, FILES)
    (root / ".tillid" / "staged" / f".{entry}.part").mkdir()
    assert set(folder.lying()) == {entry, other} and folder.state().waiting == 2
    folder.take_back(entry)
    assert folder.lying() == [other] and folder.handed(entry) == digest_of(FILES)
    assert {name.split("/")[0] for name in tree(root / "out")} == {other}
    assert tree(root / ".tillid" / "staged") == {}


@pytest.mark.req("U23")
def test_a_folder_is_one_installations_and_another_takes_and_gives_nothing_there(root):
    before = JournalFolder(root)  # joined by a Tillid that wrote no owner yet
    before.hand_over(new_id(), FILES)
    ours, other = JournalFolder(root, owner="a+1+x"), JournalFolder(root, owner="b+2+y")
    assert other.state().waiting == 1 and not (root / OWNER).exists(), "who only asks takes nothing"
    assert list(ours.receipts()) == [] and (root / OWNER).read_text() == "a+1+x\n"
    (root / "in" / "answer.json").write_bytes(b"{}")
    there = tree(root)
    for ask in (
        lambda: other.handed(new_id()),
        lambda: other.hand_over(new_id(), FILES),
        other.state,
        other.require_usable,
        lambda: list(other.receipts()),
    ):
        with pytest.raises(JournalOther):
            ask()
    assert tree(root) == there
    (found,) = JournalFolder(root, owner="a+1+x").receipts()
    assert found.data == b"{}"
    (root / OWNER).unlink()  # as docs/journal.md says, where the folder goes on with another on purpose
    other.hand_over(new_id(), FILES)
    assert (root / OWNER).read_text() == "b+2+y\n"


@pytest.mark.req("U23")
def test_an_owner_that_cannot_be_read_is_nobodys(root):
    (root / OWNER).parent.mkdir()
    (root / OWNER).symlink_to("/dev/zero")
    with pytest.raises(Unavailable):
        JournalFolder(root, owner="a").state()
