"""What ``zipfile`` raises for a damaged or locked file: its own errors, and whatever its unpackers meet."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib

DAMAGED = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip
