"""A small disk that only one process sees, and that goes away with it."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
ENTER = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]


def can_mount(folder: Path) -> bool:
    if shutil.which("unshare") is None:
        return False
    done = subprocess.run([*ENTER, "mount", "-t", "tmpfs", "tmpfs", str(folder)], capture_output=True, check=False)
    return done.returncode == 0


def on_a_small_disk(var: Path, megabytes: int, given: Path | None = None) -> None:
    """What ``ENTER`` does, for this process itself: a small disk, with ``given`` on it, that goes away with the process."""
    user, group, libc = os.geteuid(), os.getegid(), ctypes.CDLL(None, use_errno=True)
    assert libc.unshare(CLONE_NEWNS | (CLONE_NEWUSER if user else 0)) == 0, os.strerror(ctypes.get_errno())
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "tmpfs", str(var)], check=True)
    if given is not None:
        shutil.copytree(given, var, dirs_exist_ok=True)
