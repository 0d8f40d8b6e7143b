"""A zip of stored parts of which most never change: those are laid out once, the others put behind them.

APPNOTE.TXT 6.3.10 (PKWARE) 4.3.7, 4.3.12 and 4.3.16. Every date is the zip's epoch: the bytes depend on the parts alone.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import msgspec

LOCAL, CENTRAL, END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
NEEDED, UNIX, MODE, UTF8, EPOCH = 20, 3 << 8, 0o600 << 16, 0x800, 0x21  # 0x21: 1 January 1980


class StoredZip(msgspec.Struct, frozen=True, kw_only=True):
    """Parts laid out: ``body`` is their entries, ``directory`` what the central directory says of them."""

    body: bytes = b""
    directory: bytes = b""
    count: int = 0

    def added(self, parts: Mapping[str, bytes]) -> StoredZip:
        """With ``parts`` behind what is here, in their order. No name may be here already (that is not looked for)."""
        entries, said, offset = [self.body], [self.directory], len(self.body)
        for name, data in parts.items():
            raw = name.encode()
            common = (0 if raw.isascii() else UTF8, 0, 0, EPOCH, zlib.crc32(data), len(data), len(data), len(raw), 0)
            entries += (LOCAL.pack(b"PK\3\4", NEEDED, *common), raw, data)
            said += (CENTRAL.pack(b"PK\1\2", UNIX | NEEDED, NEEDED, *common, 0, 0, 0, MODE, offset), raw)
            offset += LOCAL.size + len(raw) + len(data)
        return StoredZip(body=b"".join(entries), directory=b"".join(said), count=self.count + len(parts))

    def file(self) -> bytes:
        """The whole file. Raises ``struct.error`` beyond what a zip without its 64-bit extension holds."""
        end = END.pack(b"PK\5\6", 0, 0, self.count, self.count, len(self.directory), len(self.body), 0)
        return b"".join((self.body, self.directory, end))
