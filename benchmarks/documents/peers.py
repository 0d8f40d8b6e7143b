"""The peers: their packages in an environment of their own, their files, and the servers that some of them need.

Debian's part: libreoffice-writer-nogui, python3-uno, libpango-1.0-0, libpangoft2-1.0-0, fonts-crosextra-carlito, and
python3-venv if the Python is Debian's.
"""

from __future__ import annotations

import functools
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from benchmarks.documents.hands import Hands, on_core
from benchmarks.documents.jobs import TEMPLATE, sample_job
from benchmarks.documents.page import page
from tillid.adapters.docx.look import read_look
from tillid.adapters.renderer import context
from tillid.kernel.paths import DOCUMENT_TEMPLATES

PACKAGES = ("docxtpl==0.20.2", "unoserver==3.7", "weasyprint==70.0")
WORKERS = 2
STARTING = 60.0


class Design(msgspec.Struct, frozen=True, kw_only=True):
    """``name``: in ``peer_hand``; ``servers``: how many unoservers; ``each``: documents per hand and turn, some seconds' work;
    ``goal``: how many times as many documents Tillid shall make."""

    name: str
    told: str
    servers: int
    each: int
    goal: float | None

    def placed(self, number: int, command: list[str]) -> list[str]:
        """``command`` of worker ``number``, on a core of its own; where all share one server that has the other core."""
        return command if self.servers == 1 else on_core(number, command)


DESIGNS = (
    Design(name="locked", told="docxtpl + unoconvert, one unoserver under a lock", servers=1, each=12, goal=6),
    Design(name="cold", told="docxtpl + cold soffice --convert-to pdf", servers=0, each=8, goal=16),
    Design(name="unoconvert", told="docxtpl + unoconvert, 2 unoservers", servers=2, each=24, goal=4),
    Design(name="client", told="docxtpl + 2 unoservers, their client within the worker", servers=2, each=40, goal=None),
    Design(name="weasyprint", told="WeasyPrint, 2 workers", servers=0, each=40, goal=3.5),
)


def lay_out(folder: Path) -> None:
    """The template, its values and the same words as HTML, for the peers' hands."""
    job, look = sample_job(), read_look(DOCUMENT_TEMPLATES)
    values = context(job)
    (folder / "template.docx").write_bytes(TEMPLATE.read_bytes())
    (folder / "values.json").write_bytes(msgspec.json.encode(values))
    (folder / "page.html").write_text(page({**values, "number": "TD-NUMBER"}, look.logo, look.logo_alt), "utf-8")


@contextmanager
def started(design: Design, python: Path, folder: Path) -> Iterator[Hands]:
    """The design's hands, warm, and its servers; all ended at the end."""
    with ExitStack() as stack:
        ports = [_free_port() for _ in range(design.servers)]
        servers = [
            stack.enter_context(_unoserver(python, port, folder, functools.partial(design.placed, number)))
            for number, port in enumerate(ports)
        ]
        script = str(Path(__file__).with_name("peer_hand.py"))
        commands = (
            [str(python), script, design.name, str(folder / f"{design.name}{hand}.pdf"), str(folder),
             str(ports[hand % len(ports)]) if ports else ""]
            for hand in range(WORKERS)
        )  # fmt: skip
        hands = Hands((design.placed(hand, command) for hand, command in enumerate(commands)), servers)
        stack.callback(hands.close)
        hands.ready()
        yield hands


@contextmanager
def _unoserver(python: Path, port: int, folder: Path, placed: Callable[[list[str]], list[str]]) -> Iterator[int]:
    """A warm unoserver on ``port``; gives its process id. It runs in the system's Python, which has LibreOffice's ``uno``."""
    packages = next(python.parent.parent.glob("lib/python3*/site-packages"))
    command = ["/usr/bin/python3", "-c", "import sys; from unoserver.server import main; sys.exit(main())"]
    own = ["--port", str(port), "--uno-port", str(_free_port()), "--user-installation", str(folder / f"profile{port}")]
    server = subprocess.Popen(
        placed([*command, *own, "--quiet"]),
        env={**os.environ, "PYTHONPATH": str(packages)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(port, server)
        yield server.pid
    finally:
        os.killpg(server.pid, 9)  # LibreOffice with it
        server.wait()


def _wait_for(port: int, server: subprocess.Popen) -> None:
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise RuntimeError("unoserver did not start")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
