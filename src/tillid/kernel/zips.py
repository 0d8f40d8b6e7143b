"""What ``zipfile`` raises for a damaged or locked file: its own errors, and whatever its unpackers meet."""

from __future__ import annotations

import errno
import lzma
import struct
import zipfile
import zlib

DAMAGED = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip


def lacked_memory(problem: Exception) -> bool:
    """Whether one of ``DAMAGED`` was raised for want of memory: that says nothing of the file. zlib tells it by its number
    for it alone (``Z_MEM_ERROR`` in its manual)."""
    return getattr(problem, "errno", None) == errno.ENOMEM or str(problem).startswith("Error -4 ")
