"""What stops ``tillid start`` before anything is made."""

from __future__ import annotations

import argparse
import shutil
import socket
from collections import namedtuple

import pytest

from tillid import cli
from tillid.cli import main, start
from tillid.kernel.paths import PROJECT


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


def test_both_listeners_are_this_machines_alone_and_plones_screens_are_off_by_default(free_port):
    """Nobody reaches Plone's own screens who was not given them, and nobody on the network the door without what stands before it."""
    parser = argparse.ArgumentParser()
    start.add_arguments(parser)
    asked = parser.parse_args([])
    assert asked.plone_port is None
    door, screens = start._listeners(free_port, asked.plone_port)
    with door:
        assert screens is None and door.getsockname() == ("127.0.0.1", free_port)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        other = probe.getsockname()[1]
    door, screens = start._listeners(free_port, other)
    with door, screens:
        assert [one.getsockname() for one in (door, screens)] == [("127.0.0.1", free_port), ("127.0.0.1", other)]


@pytest.fixture
def nothing_is_started(monkeypatch):
    def started(*_):
        raise AssertionError("the start went on")

    monkeypatch.setattr("tillid.wiring.running.start_installation", started)


def one_sentence(capsys) -> str:
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1 and "Traceback" not in said
    return said


@pytest.mark.usefixtures("nothing_is_started")
def test_plones_port_is_taken_before_anything_is_made(tmp_path, capsys, free_port):
    var = tmp_path / "var"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        assert main(["start", "--var", str(var), "--port", str(free_port), "--plone-port", str(taken)]) == 1
    said = one_sentence(capsys)
    assert "start.port-taken" in said and "--plone-port" in said and str(taken) in said
    assert main(["start", "--var", str(var), "--port", str(free_port), "--plone-port", str(free_port)]) == 1
    assert "start.same-port" in one_sentence(capsys)
    assert not var.exists()
    with socket.socket() as again:  # the first port was let go
        again.bind(("127.0.0.1", free_port))


@pytest.mark.parametrize("number", ["70000", "65536", "0", "-5", "x", "", "1.5", "²"])
@pytest.mark.parametrize("command", ["start --port", "start --plone-port", "doctor --port"])
def test_what_is_no_port_is_wrong_use(capsys, command, number):
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), number])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "1 til 65535" in said and "Traceback" not in said


@pytest.mark.usefixtures("nothing_is_started")
@pytest.mark.parametrize("command", ["start", "reset --yes", "doctor"])
@pytest.mark.parametrize("name", ["file", "file/below", "link", "x" * 300])
def test_data_need_a_folder(tmp_path, capsys, command, name):
    (tmp_path / "file").write_text("regnskab")
    (tmp_path / "link").symlink_to("nowhere")
    assert main([*command.split(), "--var", str(tmp_path / name)]) == 1
    said = one_sentence(capsys)
    assert "cli.var" in said and "--var" in said
    assert (tmp_path / "file").read_text() == "regnskab"


def test_every_command_means_the_same_folder_and_port():
    known = {}
    for command in ("start", "reset", "doctor"):
        known[command] = cli._parser(command).parse_args([command])
    assert {args.var for args in known.values()} == {PROJECT / "var"}
    assert known["start"].port == known["doctor"].port


@pytest.mark.parametrize(
    "arguments", [[], ["walk"], ["fly"], ["start", "--port"], ["start", "--fly"], ["start", "--help"], ["--help"]]
)
def test_wrong_use_and_help_are_danish(capsys, arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == (0 if "--help" in arguments else 2)
    shown = capsys.readouterr()
    said = (shown.out + shown.err).casefold()
    assert "brug: tillid" in said
    for english in ("usage", "required", "choose", "invalid", "unrecognized", "expected", "show this", "error"):
        assert english not in said


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
