"""How a program is kept apart: the one place that writes a command line of bubblewrap, and the next best where that cannot run.

In the box: read-only ``/usr`` without ``/usr/local``, and what the ``Room`` names; a private tmpfs as ``/tmp``; no network, no other
process, no home, no project, no ``/etc`` of the host, none of the caller's environment.
"""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)

BWRAP = "bwrap"
LANDLOCK = "landlock"
NONE = "none"
PYTHON = "/usr/bin/python3"  # the system's own, which needs nothing but ``/usr``
CONFINE = Path(__file__).with_name("confine.py")
LOADER = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d")  # where libraries lie
FONTS = ("/etc/fonts", "/var/cache/fontconfig")  # what fontconfig asks


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """``read``: files and folders of the host, seen where they are; one that is not there is left out. ``put``: such as are seen
    elsewhere. ``tmp``: how many bytes its ``/tmp`` holds; nothing can be written anywhere else."""

    read: tuple[str, ...]
    put: Mapping[str, str] = {}
    environment: Mapping[str, str]
    tmp: int


def boxed(program: list[str], room: Room) -> list[str]:
    """``program`` inside bubblewrap. It ends with the *thread* that starts it (die-with-parent)."""
    command = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    command += ["--uid", "1000", "--gid", "1000", "--hostname", "box"]
    command += ["--ro-bind", "/usr", "/usr", "--tmpfs", "/usr/local"]
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        path = Path(name)
        if path.is_symlink():
            command += ["--symlink", str(path.readlink()), name]
        elif path.exists():
            command += ["--ro-bind", name, name]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", str(room.tmp), "--tmpfs", "/tmp"]
    for one in (*LOADER, *room.read):
        command += ["--ro-bind-try", one, one]
    for source, place in room.put.items():
        command += ["--ro-bind", source, place]
    # What bubblewrap itself made is memory too, and of no set size.
    for place in ("/usr/local", "/dev", "/"):
        command += ["--remount-ro", place]
    command += ["--chdir", "/tmp", "--clearenv"]
    for name, value in room.environment.items():
        command += ["--setenv", name, value]
    return [*command, "--", *program]


def confined(program: list[str], *, read: tuple[str, ...], names: tuple[str, ...] = (), work: str = "") -> list[str]:
    """``program`` without the host's files and TCP (``confine.py``); it reads ``read`` too, sees what is called how in ``names``, and
    writes in ``work`` alone."""
    return [PYTHON, "-I", str(CONFINE), json.dumps({"work": work, "read": [*LOADER, *read], "names": names}), *program]


def best(in_a_box: list[str], in_landlock: list[str], who: str) -> str:
    """``bwrap`` where the first trial runs on this machine, else ``landlock`` where the second does, else ``none``. Each lesser one
    is said in the log, of ``who``."""
    if shutil.which("bwrap") and works(in_a_box):
        return BWRAP
    if works([PYTHON, "-I", str(CONFINE), "--try"]) and works(in_landlock):
        log.warning("bubblewrap cannot make a box here: Landlock, the next best, confines %s", who)
        return LANDLOCK
    log.warning("neither bubblewrap nor Landlock here: nothing keeps files and network from %s", who)
    return NONE


def works(command: list[str]) -> bool:
    try:
        trial = subprocess.run(command, capture_output=True, timeout=20, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return trial.returncode == 0


def signal_of(returncode: int) -> int:
    """The signal that ended the program, 0 if none did; bubblewrap ends with 128 and its number."""
    return -returncode if returncode < 0 else max(0, returncode - 128)
