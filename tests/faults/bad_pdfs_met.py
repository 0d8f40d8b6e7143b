"""``python -m tests.faults.bad_pdfs_met FOLDER`` reads every PDF there as the process of its own does (``adapters/pdf/inside.py``),
one after another under its limits, and prints as JSON what it says, with the seconds and megabytes each took."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import msgspec

from tillid.adapters.boxed.inside import limit_cpu, limit_memory
from tillid.adapters.pdf.box import Limits
from tillid.adapters.pdf.inside import read


def met(pdf: bytes, limits: dict) -> dict[str, object]:
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted anew (proc(5))
    limit_cpu(limits["cpu"])
    started = time.process_time()
    head, _files = read(pdf, limits)
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return {**head, "seconds": round(time.process_time() - started, 3), "megabytes": int(peak.split()[1]) // 1024}


def apart(pdf: bytes, limits: dict) -> dict[str, object]:
    """``met`` in a process of its own: one that ends at its limits says what ``box`` makes of that, and the rest goes on."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(theirs, json.dumps(met(pdf, limits)).encode())
        os._exit(0)
    os.close(theirs)
    with open(ours, "rb") as answer:
        told = answer.read()
    _pid, status = os.waitpid(child, 0)
    if status:
        assert os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGXCPU), f"ended by {status}"
        return {"reason": "heavy"}
    return json.loads(told)


def main(folder: Path) -> None:
    limits = msgspec.to_builtins(Limits())
    limit_memory(limits["memory"])
    # What is loaded with the first file is not that file's.
    read((folder / "~ good").read_bytes(), limits | {"cpu": 60})
    print(json.dumps({path.name: apart(path.read_bytes(), limits) for path in sorted(folder.iterdir())}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
