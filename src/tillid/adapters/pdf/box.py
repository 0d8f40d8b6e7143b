"""``opened``: any PDF's bytes in, its revisions and files out, or a ``BadPdf``. Read in a process of its own that has
limited its memory and processor time, so that a bomb or a crash costs that file and nothing else."""

from __future__ import annotations

import msgspec

from tillid.adapters.boxed.outside import NoAnswer, ask
from tillid.adapters.pdf.extract import EmbeddedFile
from tillid.adapters.pdf.refusals import BadPdf

ACTS = {"script", "starts", "program"}  # reasons (``refusals``)
BEFORE = b"\0\t\n\x0c\r \xef\xbb\xbf"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes and seconds. ``cpu``: beyond what starting the process took."""

    memory: int = 512 << 20
    cpu: float = 2
    wall: int = 30


class OpenedRevision(msgspec.Struct, frozen=True, kw_only=True):
    """One revision: the length and SHA-256 of the file with it, and the files it added."""

    number: int
    length: int
    sha256: str
    added_at: str
    files: tuple[EmbeddedFile, ...]


def opened(pdf: bytes, limits: Limits | None = None) -> tuple[OpenedRevision, ...]:
    """The revisions of ``pdf``, oldest first; ``added_at``: as the file itself says, empty for the first.

    Raises ``BadPdf``: something in it may not be there, a revision did what none may, or it is too heavy."""
    limits = limits or Limits()
    try:
        head, data = ask("tillid.adapters.pdf.inside", pdf, limits, seconds=limits.wall)
    except NoAnswer as none:
        raise BadPdf("heavy" if none.heavy else "broken", none.detail) from None
    if head.get("reason"):
        raise BadPdf(head["reason"], head["detail"])
    return tuple(_revision(one, data) for one in head["revisions"])


def require_still(pdf: bytes) -> None:
    """Raises ``BadPdf``: something in ``pdf`` runs or starts something. What cannot be told of it (too heavy, broken, locked) is no reason."""
    try:
        opened(pdf)
    except BadPdf as bad:
        if bad.reason in ACTS:
            raise


def is_pdf(data: bytes) -> bool:
    """As readers see it: they let some signs stand before one."""
    return data[:1024].lstrip(BEFORE).startswith(b"%PDF-")


def _revision(told: dict, data: bytes) -> OpenedRevision:
    files = tuple(
        EmbeddedFile(
            name=file["name"],
            data=data[file["from"] : file["to"]],
            relationship=file["relationship"],
            media_type=file["media_type"],
        )
        for file in told["files"]
    )
    return OpenedRevision(**{**told, "files": files})
