"""The command line of the box: bubblewrap with everything unshared, or the next best where it cannot run.

In the box: read-only ``/usr``, fonts and LibreOffice's own settings; a private tmpfs as ``/tmp``; no network, no other
process, no home, no project, no ``/etc`` of the host. Data comes in and goes out only as frames over stdin and stdout.
"""

from __future__ import annotations

import functools
import logging
import shutil
import subprocess
from pathlib import Path

from tillid.adapters.boxed.allocator import ALLOCATOR
from tillid.adapters.office.confine import SYSTEM_FILES

log = logging.getLogger(__name__)

BWRAP = "bwrap"
LANDLOCK = "landlock"
NONE = "none"
PYTHON = "/usr/bin/python3"
INSIDE = Path(__file__).with_name("inside.py")
CONFINE = Path(__file__).with_name("confine.py")
ENVIRONMENT = {
    "PATH": "/usr/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "SAL_USE_VCLPLUGIN": "svp",
    "SAL_DISABLE_OPENCL": "1",
    **ALLOCATOR,
}


def boxed(program: list[str], *, tmp_bytes: int) -> list[str]:
    """``program`` inside bubblewrap; its ``/tmp`` holds at most ``tmp_bytes``."""
    command = [
        "bwrap",
        "--unshare-all",
        "--die-with-parent",
        "--new-session",
        "--cap-drop",
        "ALL",
        "--uid",
        "1000",
        "--gid",
        "1000",
        "--hostname",
        "box",
        "--ro-bind",
        "/usr",
        "/usr",
        "--tmpfs",
        "/usr/local",
    ]
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        path = Path(name)
        if path.is_symlink():
            command += ["--symlink", str(path.readlink()), name]
        elif path.exists():
            command += ["--ro-bind", name, name]
    for name in SYSTEM_FILES:
        command += ["--ro-bind-try", name, name]
    command += [
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--size",
        str(tmp_bytes),
        "--tmpfs",
        "/tmp",
        "--ro-bind",
        str(INSIDE),
        "/box/inside.py",
        "--chdir",
        "/tmp",
        "--clearenv",
    ]
    for name, value in {**ENVIRONMENT, "HOME": "/tmp", "TMPDIR": "/tmp"}.items():
        command += ["--setenv", name, value]
    return [*command, "--", *program]


def confined(program: list[str], work: str) -> list[str]:
    """``program`` without the host's files and TCP (``confine.py``); it reads and writes in ``work``."""
    return [PYTHON, "-I", str(CONFINE), work, *program]


@functools.cache
def isolation() -> str:
    """``bwrap`` where a box can be made on this machine, else ``landlock`` where the kernel can keep the files back, else
    ``none`` (each lesser one is said once in the log)."""
    if shutil.which("bwrap") and _works(boxed(["/usr/bin/true"], tmp_bytes=1 << 20)):
        return BWRAP
    if _works([PYTHON, "-I", str(CONFINE), "--try"]):
        log.warning("bubblewrap cannot make a box here: LibreOffice is confined by Landlock, the next best")
        return LANDLOCK
    log.warning(
        "neither bubblewrap nor Landlock here: LibreOffice runs with a private profile only, and documents that link outside are refused"
    )
    return NONE


def _works(command: list[str]) -> bool:
    try:
        trial = subprocess.run(command, capture_output=True, timeout=20, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return trial.returncode == 0
