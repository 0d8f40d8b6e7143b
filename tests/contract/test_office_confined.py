"""The next best where bubblewrap cannot run: Landlock keeps the host's files and addresses back."""

import ctypes
import http.server
import json
import os
import subprocess
import threading
from pathlib import Path

import pytest

from tests.support.office import docx, images, png
from tests.support.walls import ways_taken
from tillid.adapters.boxed import walls
from tillid.adapters.office import OfficeBox, sandbox
from tillid.adapters.office import box as box_module
from tillid.adapters.pdf import page_text

# Asked of the kernel itself (landlock_create_ruleset: which version), not of what is tested here: these run wherever they can.
HERE = ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), ctypes.c_uint32(1)) > 0
needs_landlock = pytest.mark.skipif(not HERE, reason="the kernel has no Landlock")


@pytest.fixture
def port():
    """Of a server that answers everything with 404."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@needs_landlock
def test_the_program_reaches_its_own_folder_and_nothing_else(tmp_path, port):
    (work := tmp_path / "work").mkdir()
    (secret := tmp_path / "secret.txt").write_text("hemmelig")
    beside = Path(f"/tmp/tillid-{os.getpid()}")
    reach = f"""
import json, pathlib, socket
def tried(what):
    try:
        what()
    except OSError:
        return False
    return True
print(json.dumps([
    tried(lambda: pathlib.Path({str(work)!r}, "mine").write_bytes(b"x")),
    tried(pathlib.Path({str(secret)!r}).read_bytes),
    tried(pathlib.Path("/etc/passwd").read_bytes),
    tried(lambda: pathlib.Path({str(beside)!r}).write_bytes(b"x")),
    tried(lambda: socket.create_connection(("127.0.0.1", {port}))),
]))
"""
    program = [sandbox.PYTHON, "-I", "-c", reach]
    assert json.loads(subprocess.run(program, capture_output=True, check=True).stdout) == [True] * 5, "it could"
    beside.unlink()
    confined = subprocess.run(sandbox.confined(program, str(work)), capture_output=True, check=True)
    assert json.loads(confined.stdout) == [True, False, False, False, False]


@needs_landlock
def test_libreoffice_works_there_and_brings_no_file_of_the_host(monkeypatch, tmp_path):
    picture = tmp_path / "local.png"
    picture.write_bytes(png())
    monkeypatch.setattr(box_module, "links_outside", lambda docx: False)
    with OfficeBox(isolation=sandbox.LANDLOCK) as box:
        pdf, _ = box.convert(docx("Tekst", links=(picture.as_uri(),)))
    assert "Tekst" in page_text(pdf) and images(pdf) == 0


def test_where_bubblewrap_cannot_run_it_is_taken_if_the_kernel_has_it(monkeypatch):
    monkeypatch.setattr(walls.shutil, "which", lambda program: None)
    assert sandbox.isolation.__wrapped__() == (sandbox.LANDLOCK if HERE else sandbox.NONE)


def test_each_is_taken_where_the_better_one_cannot_run(monkeypatch):
    assert ways_taken(sandbox.isolation, monkeypatch) == [sandbox.BWRAP, sandbox.LANDLOCK, sandbox.NONE]
