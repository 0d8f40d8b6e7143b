"""``OfficeBox``: docx bytes in, PDF/A-3 bytes out, through one warm LibreOffice per worker.

A document that crashes, hangs or grows beyond the limits fails alone: the box is killed and the next document gets a new
one. Only a soffice that was found dead (killed between two documents, or a crash) is given the document once more.
"""

from __future__ import annotations

import functools
import json
import logging
import os
import shutil
import struct
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from tillid.adapters.office import sandbox
from tillid.adapters.office.links import links_outside, refused
from tillid.kernel.errors import TillidError

log = logging.getLogger(__name__)


class OfficeError(TillidError):
    """LibreOffice did not make a document; ``params["reason"]`` is ``timeout``, ``limit``, ``refused`` or ``dead``."""

    code = "documents.office-failed"
    text = "Dokumentet kunne ikke dannes. Intet er gået tabt. Prøv igen, eller kontakt jeres administrator."


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one document (``wall``, ``cpu``, ``pages``, ``docx``, ``memory``) and one box (the rest) may use; seconds and bytes.

    ``cpu``: two seconds beyond the 0.2 that a document of two pages takes; a longer one may use what its length normally takes
    (``cpu_per_byte`` of its XML, 1.5 for 100 pages), and no more than ``cpu_most_extra``. ``memory``: with all that is loaded,
    and it holds 140 MB when it is new. ``grown``: what it may hold between two documents before it is replaced."""

    wall: float = 60.0
    cpu: float = 2.2
    cpu_per_byte: float = 5e-6
    cpu_most_extra: float = 1.5
    pages: int = 100
    docx: int = 20 << 20
    file: int = 32 << 20
    memory: int = 512 << 20
    grown: int = 320 << 20
    start: int = 60
    generation_cpu: int = 1200
    documents: int = 300


class _Gone(Exception):
    """The other side of the pipe closed or answered that soffice is dead."""


class OfficeBox:
    """One warm LibreOffice; safe to use from several threads (one document at a time). Starts at the first document."""

    def __init__(self, limits: Limits | None = None, *, isolation: str | None = None) -> None:
        self.limits = limits or Limits()
        self._isolation = isolation
        self.starts = 0
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._starter: ThreadPoolExecutor | None = None
        self._owner = 0
        self._served = 0
        self._held = 0
        self._work: str | None = None

    @property
    def isolation(self) -> str:
        """``bwrap``, ``landlock`` or ``none``: how LibreOffice is kept apart on this machine (tried at the first question)."""
        return self._isolation or sandbox.isolation()

    def convert(self, docx: bytes) -> tuple[bytes, int]:
        """``(pdf, pages)`` of ``docx`` as tagged PDF/A-3 from LibreOffice; raises ``OfficeError``."""
        if len(docx) > self.limits.docx:
            raise OfficeError("docx too large", reason="limit")
        if bad := refused(docx):
            raise OfficeError(bad[1], reason=bad[0])
        if self.isolation != sandbox.BWRAP and links_outside(docx):
            raise OfficeError("links outside need the box", reason="refused")
        with self._lock:
            for attempt in (1, 2):
                try:
                    return self._once(docx)
                except _Gone as gone:
                    self._kill()
                    log.warning("soffice gone (%s), attempt %d", gone, attempt)
            raise OfficeError("soffice died twice on one document", reason="dead")

    def close(self) -> None:
        """End LibreOffice; a later ``convert`` starts it again."""
        with self._lock:
            self._kill()

    def __enter__(self) -> OfficeBox:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _once(self, docx: bytes) -> tuple[bytes, int]:
        if self._owner != os.getpid():  # a forked worker never shares its parent's box
            self._process = self._work = None
        if self._process is not None and self._worn():
            self._kill()
        if self._process is None:
            self._start()
        head, pdf = self._exchange({}, docx, self.limits.wall)
        self._served += 1
        if head["ok"]:
            self._held = head["held"]
            return pdf, head["pages"]
        if head["reason"] == "dead":
            raise _Gone(head["detail"])
        self._kill()  # after any error the next document meets a clean soffice
        raise OfficeError(head["detail"], reason=head["reason"])

    def _worn(self) -> bool:
        """Ended, has served its share, or holds more than it did when it was new and should."""
        return (
            self._process.poll() is not None or self._served >= self.limits.documents or self._held > self.limits.grown
        )

    def _start(self) -> None:
        self._owner, self._served, self._held = os.getpid(), 0, 0
        limits = json.dumps(msgspec.to_builtins(self.limits))
        if self.isolation == sandbox.BWRAP:
            command = sandbox.boxed(
                [sandbox.PYTHON, "-I", "/box/inside.py", "/tmp", limits], tmp_bytes=4 * self.limits.file
            )
            env: dict[str, str] = {}
        else:
            self._work = tempfile.mkdtemp(prefix="tillid-office-")
            # What is confined cannot read where Tillid lies.
            inside, _within = (shutil.copy(one, self._work) for one in (sandbox.INSIDE, sandbox.WITHIN))
            command = [sandbox.PYTHON, "-I", inside, self._work, limits]
            if self.isolation == sandbox.LANDLOCK:
                command = sandbox.confined(command, self._work)
            env = {**sandbox.ENVIRONMENT, "HOME": self._work, "TMPDIR": self._work}
        env["PATH"] = os.environ.get("PATH", "/usr/bin:/bin")
        # The kernel ends the box with the *thread* that started it (die-with-parent), so that thread must outlive the caller.
        self._starter = ThreadPoolExecutor(1, "office-box")
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        start = functools.partial(subprocess.Popen, command, env=env, start_new_session=True, **streams)
        try:
            self._process = self._starter.submit(start).result()
        except OSError as problem:
            raise OfficeError(f"no process for LibreOffice: errno {problem.errno}", reason="dead") from problem
        self.starts += 1
        try:
            self._exchange(None, b"", self.limits.start + 5)
        except _Gone as gone:
            self._kill()
            raise OfficeError("LibreOffice did not start", reason="dead") from gone

    def _exchange(self, head: dict | None, body: bytes, seconds: float) -> tuple[dict, bytes]:
        """Send a frame (none at the start), read one; a watchdog kills the box after ``seconds``."""
        late = threading.Event()
        watchdog = threading.Timer(seconds, self._expire, (self._process, late))
        watchdog.daemon = True
        watchdog.start()
        try:
            if head is not None:
                raw = json.dumps(dict(head, size=len(body))).encode()
                self._process.stdin.write(struct.pack(">I", len(raw)) + raw + body)
                self._process.stdin.flush()
            return self._read()
        except (OSError, _Gone) as gone:
            if late.is_set():
                self._kill()
                raise OfficeError(f"no answer within {seconds:.0f} s", reason="timeout") from gone
            raise _Gone(str(gone)) from gone
        finally:
            watchdog.cancel()

    def _read(self) -> tuple[dict, bytes]:
        stream = self._process.stdout
        raw = stream.read(4)
        if len(raw) < 4 or (length := struct.unpack(">I", raw)[0]) > 65536:
            raise _Gone("pipe closed")
        head = json.loads(stream.read(length) or b"{}")
        if head.get("size", self.limits.file + 1) > self.limits.file or "ok" not in head:
            raise _Gone("broken frame")
        body = stream.read(head["size"])
        if len(body) < head["size"]:
            raise _Gone("short frame")
        return head, body

    @staticmethod
    def _expire(process: subprocess.Popen, late: threading.Event) -> None:
        late.set()
        _end(process)

    def _kill(self) -> None:
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            _end(process)
            for stream in (process.stdin, process.stdout):
                try:
                    stream.close()
                except OSError:  # unsent rest of a frame
                    pass
            process.wait()
            if self._work:  # outside the box soffice leaves its pipe in /tmp
                Path(f"/tmp/OSL_PIPE_{os.getuid()}_tillid{process.pid}").unlink(missing_ok=True)
            if self._starter is not None:
                self._starter.shutdown(wait=False)
        if self._work:
            shutil.rmtree(self._work, ignore_errors=True)
            self._work = None


def _end(process: subprocess.Popen) -> None:
    """Kill the whole session: with bubblewrap the end of its outer process ends everything in the box."""
    try:
        os.killpg(process.pid, 9)
    except ProcessLookupError:
        pass
