"""Packages for an archive: documents a second, and whether memory stays what it is however many there are.

``tillid package make`` runs as its own process beside the open store, as an operator runs it. Documents are copies of one closed
case, its PDF rendered by LibreOffice; they carry no records, so judging those is not in it (``trust`` has that). The peer is writing
the same bytes as bare files, each on the disk, as a package's are: nothing is read, digested or described.

The small run comes before and after the large one, for what else the machine does changes meanwhile. Whether a package reads more of
the store when there is more in it is no matter of time: ``tests/contract/test_package_reads.py`` counts that.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from benchmarks.stage import Stage, running
from benchmarks.table import Row, compare, sample
from tillid.kernel.ids import new_id

COUNTS, QUICK_COUNTS = (1_000, 10_000), (5, 20)
MOST_GROWTH = 1.1  # peak memory of the larger run to that of the smaller
MOST_SLOWER = 1.2  # processor time of a document in the larger run to that in the smaller
BARE = 200  # packages of the peer's
EMPTY = "1800"  # a year of no document
PEER = "the same files written bare, each fsynced"


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """``peak``: megabytes; ``own``, ``system``: seconds of processor time in the program, and in the kernel for it."""

    rate: float
    peak: float
    own: float
    system: float

    @property
    def processor(self) -> float:
        return self.own + self.system


def run(quick: bool = False) -> list[Row]:
    """A small run, one ten times as large, and the small one again, over one store."""
    few, many = QUICK_COUNTS if quick else COUNTS
    with running() as stage:
        var = stage.installation.var
        units = [_documents(stage, few), _documents(stage, many)]
        out = var / "packed"
        start = _packed(var, EMPTY, out / EMPTY)  # and looking through the store for what is of the year
        ran = [_packed(var, year, out / year) for year in units]
        again = _packed(var, units[0], out / "again")
        bare = _bare(out / units[0], var / "bare", min(few, BARE))
    peak = sample([ran[1].peak / ran[0].peak], "times")
    runs = list(zip((ran[0], again, ran[1]), (few, few, many), strict=True))
    each = [(one.processor - start.processor) / count * 1000 for one, count in runs]
    own = [(one.own - start.own) / count * 1000 for one, count in runs]
    note = f"{few} and {many} documents; peaks {ran[0].peak:.0f} and {ran[1].peak:.0f} MB"
    return [
        compare("package of a document", sample([one.rate for one in ran], "per second"), PEER, sample([bare], "per second"),
                better="more", note=f"{few} and {many} documents, one process"),
        Row(name="processor time of a package, ten times the documents", ours=sample([each[2] / one for one in each[:2]], "times"),
            most=MOST_SLOWER, note=f"{each[0]:.1f}, {each[2]:.1f} and again {each[1]:.1f} ms of a package; "
            f"{start.processor:.1f} s to start and to choose"),
        Row(name="the same without the kernel's, which writes files", ours=sample([own[2] / one for one in own[:2]], "times"),
            most=MOST_SLOWER, note=f"{own[0]:.1f}, {own[2]:.1f} and again {own[1]:.1f} ms of a package"),
        Row(name="peak memory, ten times the documents", ours=peak, most=MOST_GROWTH, note=note),
    ]  # fmt: skip


def _documents(stage: Stage, count: int) -> str:
    """So many closed documents of a year of their own; returns the year."""
    document_id = stage.declined_document()
    year = str(1900 + count % 97)
    for begin in range(0, count, 100):
        with stage.installation.open_house() as house:
            kept = house.documents.get(document_id)
            draft = house.documents.draft(document_id)
            for number in range(begin, min(begin + 100, count)):
                copy = msgspec.structs.replace(kept, id=new_id(), number=f"TD-{year}{number:06d}")
                house.documents.add(copy, msgspec.structs.replace(draft, document_id=copy.id))
                for one in range(1, kept.versions + 1):
                    version = house.documents.version(document_id, one)
                    frozen = version.frozen_at.replace(year=int(year))
                    house.documents.add_version(msgspec.structs.replace(version, document_id=copy.id, frozen_at=frozen))
    return year


def _packed(var: Path, year: str, out: Path) -> Ran:
    command = [
        sys.executable,
        "-m",
        "tillid",
        "package",
        "make",
        "--demo",
        "--var",
        str(var),
        "--year",
        year,
        "--out",
        str(out),
    ]
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        peak = _watched(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "some document was not packed"
    seconds = time.monotonic() - began
    packed = sum(1 for one in out.iterdir() if one.is_dir()) if out.exists() else 0
    return Ran(rate=packed / seconds, peak=peak, own=used.ru_utime, system=used.ru_stime)


def _watched(pid: int) -> float:
    """The most memory the process had, in megabytes, when it has ended and is not waited for. Its own account of it (``ru_maxrss``)
    begins with ours, from which it was made."""
    peak = 0.0
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        status = Path(f"/proc/{pid}/status").read_text()
        if found := re.search(r"VmHWM:\s+(\d+) kB", status):
            peak = max(peak, int(found[1]) / 1024)
        time.sleep(0.2)
    return peak


def _bare(packed: Path, out: Path, count: int) -> float:
    """Documents a second."""
    (package,) = (one for one in sorted(packed.iterdir())[:1])
    files = [path.read_bytes() for path in package.rglob("*") if path.is_file()]
    out.mkdir()
    began = time.monotonic()
    for number in range(count):
        folder = out / str(number)
        folder.mkdir()
        for index, data in enumerate(files):
            with (folder / str(index)).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
    return count / (time.monotonic() - began)
