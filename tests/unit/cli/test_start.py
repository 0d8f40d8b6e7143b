"""What stops ``tillid start`` before anything is made."""

from __future__ import annotations

import shutil
import socket
from collections import namedtuple

import pytest

from tillid.cli import main, start


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_taken_port_is_one_sentence_and_leaves_nothing(tmp_path, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert main(["start", "--var", str(tmp_path / "var"), "--port", str(port)]) == 1
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1 and "start.port-taken" in said and str(port) in said
    assert not (tmp_path / "var").exists()


def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path, capsys, monkeypatch, free_port):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 3 * 2**20))
    assert main(["start", "--var", str(tmp_path / "var"), "--port", str(free_port)]) == 1
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1 and "start.disk-full" in said
    assert not (tmp_path / "var").exists()


def test_a_disk_that_fills_on_the_way_is_one_sentence(capsys, monkeypatch):
    def fill(args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(start, "run", fill)
    assert main(["start"]) == 1
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1 and "cli.disk-full" in said
