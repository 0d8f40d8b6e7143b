"""That the log only grew from one head to the next, as a file of its own: what any witness of such logs takes.

It is the request of C2SP tlog-witness: the older size, the consistency proof of RFC 6962 section 2.1.2 in base64, one hash a line,
an empty line, and the newer checkpoint as it was signed.

    old 1207
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=

    solbjerg/tillid
    1320
    …

Nobody is asked: who kept the older checkpoint and the log's key checks it alone.
"""

from __future__ import annotations

import base64
import re

import msgspec

from tillid.kernel.errors import TillidError
from tillid.signatures.checkpoint import SIZE, Checkpoint, LogVerifier
from tillid.signatures.merkle import EMPTY, extends

MOST = 63  # hashes: a tree of 2**63 leaves needs no more
_OLD = re.compile(rf"old {SIZE}\Z")


class ProofError(TillidError):
    """Not a file with a proof of the log."""

    code = "log.proof"
    text = "Filen er ikke et bevis fra loggen. Brug filen, som den kom fra »tillid log prove« eller »tillid walk«."


class LogExtension(msgspec.Struct, frozen=True, kw_only=True):
    """``path`` proves that the log of the first ``old`` leaves is the beginning of the one in ``note``, a signed checkpoint."""

    old: int
    path: tuple[bytes, ...]
    note: bytes

    def text(self) -> bytes:
        """The file."""
        steps = "".join(f"{base64.b64encode(step).decode()}\n" for step in self.path)
        return f"old {self.old}\n{steps}\n".encode() + self.note

    @classmethod
    def parsed(cls, data: bytes) -> LogExtension:
        """The inverse of ``text``; no other bytes are read. Raises ``ProofError``."""
        lines, empty, note = data.partition(b"\n\n")
        if not empty:
            raise ProofError("no empty line")
        try:
            first, *steps = lines.decode("ascii").split("\n")
            path = tuple(base64.b64decode(step, validate=True) for step in steps)
        except ValueError:
            raise ProofError("neither sizes nor hashes") from None
        old = _OLD.match(first)
        if old is None or len(path) > MOST or any(len(step) != 32 for step in path):
            raise ProofError("no older size, or what is no hash")
        found = cls(old=int(old[1]), path=path, note=note)
        if found.text() != data:
            raise ProofError("another spelling")
        return found

    def follows(self, kept: Checkpoint | None, verifier: LogVerifier) -> Checkpoint | None:
        """The newer checkpoint when it grew out of ``kept``, else ``None``. ``kept``: ``None`` for who has no older one, which is
        the log of no leaf. Raises ``CheckpointError`` unless ``verifier`` has signed the newer one."""
        newer = verifier.read(self.note)
        size, root = (kept.size, kept.root) if kept is not None else (0, EMPTY)
        if size != self.old:
            return None
        if size == 0:
            return newer if root == EMPTY and not self.path else None
        return newer if extends(size, root, newer.size, newer.root, self.path) else None


def is_extension(data: bytes) -> bool:
    """Whether ``data`` means to be one; whether it is, ``parsed`` says."""
    return data.startswith(b"old ")
