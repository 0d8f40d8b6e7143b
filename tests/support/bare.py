"""A bare machine for programs that must run without Tillid: python3, openssl, xmlsec1 and nothing that was installed for Python."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

PROGRAMS = ("python3", "openssl", "xmlsec1")
# Three programs and the machine's libraries, and nothing that was installed for Python; no network, no home, no project.
MACHINE = (
    *("--unshare-all", "--clearenv", "--ro-bind", "/usr", "/usr", "--tmpfs", "/usr/local", "--tmpfs", "/usr/share"),
    *(word for name in ("bin", "lib", "lib64") for word in ("--symlink", f"usr/{name}", f"/{name}")),
    *("--tmpfs", "/usr/bin", "--tmpfs", "/usr/sbin"),
    *(word for name in PROGRAMS for word in ("--ro-bind", str(Path(f"/usr/bin/{name}").resolve()), f"/usr/bin/{name}")),
    *("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--setenv", "PATH", "/usr/bin"),
)


def bare_machine(bwrap: str | None) -> list[str]:
    """The words before a command that give it a bare machine: python3, openssl, xmlsec1. Where bubblewrap makes none the test fails;
    none for whoever says ``TILLID_WITHOUT=bubblewrap``."""
    packages = Path("/usr/lib/python3/dist-packages")
    words = [bwrap or "", *MACHINE, *(("--tmpfs", str(packages)) if packages.exists() else ())]
    if bwrap and subprocess.run([*words, "/usr/bin/python3", "-c", ""], capture_output=True).returncode == 0:
        return words
    if "bubblewrap" not in os.environ.get("TILLID_WITHOUT", "").split():
        pytest.fail(
            "bubblewrap makes no bare machine here: make install, or say TILLID_WITHOUT=bubblewrap", pytrace=False
        )
    return []
