"""Files that are whole or not there."""

import os

import pytest

from tillid.kernel.files import NoFile, opened_file, put, put_where_told, sync


def test_the_whole_file_is_put_in_place_for_its_owner_alone(tmp_path):
    path = tmp_path / "dokument.pdf"
    for data in (b"gammel", b"ny"):
        put(path, data)
        assert path.read_bytes() == data
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["dokument.pdf"]


def test_a_mode_is_given_and_never_wider_than_the_process_allows(tmp_path):
    old = os.umask(0o027)
    try:
        put(tmp_path / "a", b"", mode=0o644)
    finally:
        os.umask(old)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640


def test_the_bytes_are_on_disk_before_the_name_and_the_name_before_it_returns(tmp_path, monkeypatch):
    done = []
    real_sync, real_replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (done.append(os.readlink(f"/proc/self/fd/{fd}")), real_sync(fd)))
    monkeypatch.setattr(os, "replace", lambda a, b: (done.append("renamed"), real_replace(a, b)))
    put(tmp_path / "a", b"x")
    first, *rest = done
    assert first.endswith(".new") and rest == ["renamed", str(tmp_path)]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch, call):
    path = tmp_path / "a"
    path.write_bytes(b"gammel")

    def full(*_arguments):
        raise OSError(28, "full")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
        patch.setattr(os, call, full)
        put(path, b"ny")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("a", b"gammel")]


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    for write in (lambda: put(tmp_path / "nej" / "a", b""), lambda: sync(tmp_path / "nej")):
        with pytest.raises(OSError):
            write()


@pytest.mark.parametrize(
    "made", [os.mkdir, os.mkfifo, lambda path: os.symlink(os.devnull, path)], ids=["folder", "pipe", "link"]
)
def test_nothing_is_put_in_the_place_of_what_is_no_file(tmp_path, made):
    """``/dev/null``, ``/dev/stdout``: who may write there had no such device any more, nor had anybody else on the machine."""
    made(tmp_path / "a")
    before = os.lstat(tmp_path / "a")
    with pytest.raises(NoFile):
        put_where_told(tmp_path / "a", b"new")
    assert (os.lstat(tmp_path / "a").st_mode, os.lstat(tmp_path / "a").st_ino) == (before.st_mode, before.st_ino)
    assert os.listdir(tmp_path) == ["a"]


def test_a_file_is_put_where_somebody_says_beside_the_old_one_or_over_it(tmp_path):
    for data in (b"gammel", b"ny"):
        put_where_told(tmp_path / "a", data, mode=0o640)
        assert ((tmp_path / "a").read_bytes(), (tmp_path / "a").stat().st_mode & 0o777) == (data, 0o640)


@pytest.mark.parametrize("made", [os.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_no_file_is_neither_opened_nor_waited_for_and_leaves_nothing_open(tmp_path, made):
    made(tmp_path / "a")
    opened = len(os.listdir("/proc/self/fd"))
    with pytest.raises(NoFile):
        opened_file(tmp_path / "a")
    assert len(os.listdir("/proc/self/fd")) == opened


def test_a_link_is_not_followed_and_a_file_is_read(tmp_path):
    (tmp_path / "a").write_bytes(b"of ours")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with opened_file(tmp_path / "a") as file:
        assert file.read() == b"of ours"
    with pytest.raises(OSError, match="symbolic"):
        opened_file(tmp_path / "b")
