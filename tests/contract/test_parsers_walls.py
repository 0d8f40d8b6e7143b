"""Behind the walls of the processes that open strangers' files: no file of the machine, no network, no secret, nothing to write to."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import bad_files as bad
from tests.support import walls as ways
from tests.support.walls import Order, in_the_box, instead, landlock, ways_taken
from tillid import cli
from tillid.adapters.boxed import apart, outside, walls
from tillid.adapters.boxed.lasting import Starter
from tillid.adapters.boxed.outside import ask
from tillid.adapters.docx.lint.box import boxed_lint
from tillid.adapters.pdf import checker
from tillid.adapters.pdf.box import opened
from tillid.adapters.pdf.pictures import pictures
from tillid.adapters.uploads.box import cleaned
from tillid.adapters.uploads.burned import burned

kept = ways.kept
PROJECT = Path(__file__).parents[2]
# Where nothing may be written, beside the folder of a test.
ELSEWHERE = [
    PROJECT / "src" / "tillid",
    Path(sys.prefix, "lib"),
    *map(Path, ("/", "/usr", "/usr/local", "/dev", "/etc")),
]
# What somebody would try who has taken over a parser.
REACH = """
import json, os, pathlib, socket, sys

def tried(what):
    try:
        what()
    except OSError:
        return False
    return True

def looked(path):
    return tried(pathlib.Path(path).read_bytes) or tried(lambda: os.listdir(path))

def wrote(folder):
    return tried(lambda: pathlib.Path(folder, "tillid-was-here").write_bytes(b"x"))

def reached(order):
    return {
        "canaries": {one: looked(one) and (os.listdir(one) if os.path.isdir(one) else True) for one in order["canaries"]},
        "written": [one for one in order["folders"] if wrote(one)],
        "network": tried(lambda: socket.create_connection(("127.0.0.1", order["port"]), 5)),
        "environment": dict(os.environ),
        "processes": sum(one.isdigit() for one in os.listdir("/proc")),
        "filled": tried(lambda: pathlib.Path("/tmp/tillid-much").write_bytes(bytes(8 << 20))),
    }

print("started")
print(json.dumps(reached(json.loads(sys.argv[1]))))
"""


@pytest.fixture
def port() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def canaries(tmp_path: Path) -> list[str]:
    """Where a secret could lie: beside the package, in the data, at home, in the system's settings, in another one's folder."""
    (secret := tmp_path / "secret.txt").write_text("hemmelig")
    ours = (PROJECT, PROJECT / "pyproject.toml", PROJECT / "var")
    return [str(one) for one in (secret, *ours, Path.home(), "/etc/passwd", "/home", "/root")]


def reached(tmp_path: Path, port: int, monkeypatch: pytest.MonkeyPatch, *folders: Path) -> dict:
    monkeypatch.setenv("TILLID_SECRET", "hemmelig")
    instead(REACH, monkeypatch)
    order = Order(canaries=canaries(tmp_path), folders=[str(one) for one in (tmp_path, *folders)], port=port)
    return ask("tillid.adapters.uploads.inside", b"", order, seconds=30)[0]


@in_the_box
def test_a_parser_that_was_taken_over_reaches_nothing(kept, tmp_path, port, monkeypatch):
    found = reached(tmp_path, port, monkeypatch, *ELSEWHERE)
    # Folders on the way to this Python and this package are there, made by bubblewrap, with nothing else in them.
    needed = [Path(place) for place in apart._places()]
    for one, seen in found["canaries"].items():
        on_the_way = {place.relative_to(one).parts[0] for place in needed if Path(one) in place.parents}
        assert seen is False or (on_the_way and set(seen) == on_the_way), one
    assert found["written"] == [] and not found["network"] and not found["filled"]
    assert found["environment"].items() <= {**apart.ENVIRONMENT, "PWD": "/tmp", "LC_CTYPE": "C.UTF-8"}.items()
    assert found["processes"] <= 3


@pytest.mark.parametrize("kept", [walls.LANDLOCK], indirect=True)
def test_by_landlock_neither_a_file_nor_tcp(kept, tmp_path, port, monkeypatch):
    found = reached(tmp_path, port, monkeypatch, *ELSEWHERE)
    assert not any(found["canaries"].values()) and found["written"] == [] and not found["filled"]
    assert "TILLID_SECRET" not in found["environment"]
    if landlock() >= 4:
        assert not found["network"]


@pytest.mark.parametrize("kept", [walls.NONE], indirect=True)
def test_without_walls_it_would_reach_them(kept, tmp_path, port, monkeypatch):
    """Shows that the tests above can fail; what holds everywhere is that the environment is its own."""
    found = reached(tmp_path, port, monkeypatch)
    assert found["canaries"][str(tmp_path / "secret.txt")] and found["canaries"]["/etc/passwd"]
    assert found["written"] == [str(tmp_path)] and found["network"] and found["filled"]
    assert "TILLID_SECRET" not in found["environment"]
    Path("/tmp/tillid-much").unlink()


class _Watched:
    """In place of ``subprocess``: each process that ``ask`` starts, by the command line it was started with."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []

    def __getattr__(self, name):
        return getattr(subprocess, name)

    def run(self, command, **how):
        self.commands.append(command)
        return subprocess.run(command, **how)


@in_the_box
def test_every_parser_of_strangers_files_runs_there(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(outside, "subprocess", watched := _Watched())
    pdf, modules = bad.pdf(), []
    (file := tmp_path / "x.docx").write_bytes(b"no docx")
    for parse in (
        lambda: cleaned(bad.picture("PNG")),
        lambda: cleaned(pdf),
        lambda: pictures(pdf),
        lambda: burned(pdf, ()),
        lambda: opened(pdf),
        lambda: boxed_lint(b"no docx", fields={}, elsewhere={}, form="x/v1"),
        lambda: cli.main(["templates", "lint", str(file), "--form", "fdr/v2"]),
    ):
        parse()
    for command in watched.commands:
        assert command[0] == "bwrap" and "--unshare-all" in command
        modules.append(command[command.index("--") + 4])
    source = PROJECT / "src"
    assert len(modules) == 7, "each of these"
    answering = [path for path in source.rglob("*.py") if "boxed.inside import answer" in path.read_text()]
    assert set(modules) == {".".join(path.relative_to(source).with_suffix("").parts) for path in answering}


@in_the_box
def test_the_process_that_checks_pdfs_stays_behind_them_too(kept, tmp_path, monkeypatch):
    """Looked at from outside, as the kernel sees the running one."""
    monkeypatch.setenv("TILLID_SECRET", "hemmelig")
    checker._checker.close()
    assert checker.ask("s", bad.pdf()) == []
    inside = _last_child(checker._checker._process.pid)
    here, there = Path("/proc/self"), Path(f"/proc/{inside}")
    assert "checker_inside" in (there / "cmdline").read_text()
    for kind in ("net", "mnt", "pid", "ipc", "user"):
        assert os.readlink(there / "ns" / kind) != os.readlink(here / "ns" / kind), kind
    assert [line.split(":")[0].strip() for line in (there / "net/dev").read_text().splitlines()[2:]] == ["lo"]
    assert b"TILLID_SECRET" not in (there / "environ").read_bytes()
    for one in canaries(tmp_path):
        assert not (there / "root" / one.lstrip("/")).is_file()
    mounts = [line.split() for line in (there / "mountinfo").read_text().splitlines()]
    may_write = {m[4] for m in mounts if "rw" in m[5].split(",")}
    assert {one for one in may_write if not one.startswith(("/dev/", "/proc"))} == {"/tmp"}
    status = dict(line.split(":\t", 1) for line in (there / "status").read_text().splitlines() if ":\t" in line)
    assert int(status["CapEff"], 16) == 0 and status["NoNewPrivs"] == "1"


def _last_child(pid: int) -> int:
    while children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        pid = int(children[0])
    return pid


@in_the_box
def test_it_outlives_the_thread_that_asked_first(kept):
    """bubblewrap ends with the thread that starts it; that must not be the one of the first request."""
    checker._checker.close()
    first = threading.Thread(target=checker.ask, args=("s", bad.pdf()))
    first.start()
    first.join()
    process = checker._checker._process
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)
    assert checker.ask("s", bad.pdf()) == [] and checker._checker._process is process


def test_what_cannot_be_started_is_told_to_who_asked():
    with pytest.raises(FileNotFoundError):
        Starter().start(["/a-program-that-is-not-there"])


def test_each_is_taken_where_the_better_one_cannot_run(monkeypatch):
    """The same order as LibreOffice's, each tried with this Python itself."""
    assert ways_taken(apart.isolation, monkeypatch) == [walls.BWRAP, walls.LANDLOCK, walls.NONE]


def test_a_python_that_cannot_start_there_takes_the_next_best(monkeypatch):
    monkeypatch.setattr(apart, "_places", lambda: ())
    if sys.prefix.startswith("/usr"):
        pytest.skip("this Python lies where every box has it")
    assert apart.isolation.__wrapped__() == walls.NONE


def test_where_bubblewrap_can_run_it_is_what_is_used():
    """Otherwise the tests above would be left out without a word."""
    plain = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--die-with-parent", "true"]
    if not walls.works(plain):
        pytest.skip("no bubblewrap here")
    assert apart.isolation() == walls.BWRAP
