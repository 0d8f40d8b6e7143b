"""What the numbers were measured with; nothing that names the machine."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "Plone", "Zope", "ZODB", "plone.dexterity", "pyramid", "waitress", "celery", "tantivy", "signxml", "lxml", "cryptography",
    "docxtpl", "pikepdf", "msgspec", "rfc8785", "Jinja2",
)  # fmt: skip


def machine() -> dict[str, str]:
    """Cores, CPU, memory, kernel, Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": str(os.cpu_count()),
        "CPU": _cpu(),
        "memory": f"{memory:.0f} GB",
        "kernel": f"{platform.system()} {platform.release().split('-')[0]}",
        "Python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """Packages and LibreOffice."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "missing"
    return found | {"LibreOffice": _libreoffice()}


def _cpu() -> str:
    try:
        match = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.M)
    except OSError:
        match = None
    return match[1].strip() if match else platform.machine()


def _libreoffice() -> str:
    if not shutil.which("soffice"):
        return "missing"
    said = subprocess.run(
        ["soffice", "--version"], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )
    match = re.search(r"\d+(?:\.\d+)+", said.stdout)
    return match[0] if match else "unknown"
