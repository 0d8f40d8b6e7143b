"""``cleaned``: an uploaded file's bytes in, what may be stored out, or a ``Refused``.

Parsers of pictures and PDFs are large and written in C. Each file is opened in a process of its own behind walls (no files, no
network) that has limited its memory and its processor time, so that a bomb, a crash or a parser that was taken over costs that
file and nothing else. Two run at a time.
"""

from __future__ import annotations

import threading

import msgspec

from tillid.adapters.boxed.outside import NoAnswer, NoProcess, ask
from tillid.usecases.ports import CleanFile
from tillid.usecases.refused_files import REASONS, NotOpened, Refused, TooHeavy, WrongFile

_AT_A_TIME = threading.BoundedSemaphore(2)


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one file may use; bytes and seconds, ``cpu`` beyond what starting the process took."""

    memory: int = 512 << 20
    cpu: float = 2
    wall: int = 30
    pixels: int = 50_000_000  # of a JPEG, and of a picture in a PDF, which is not unpacked
    png_pixels: int = 20_000_000
    pages: int = 300
    unpacked: int = 400_000_000


def cleaned(data: bytes, limits: Limits | None = None) -> CleanFile:
    """``data`` as it may be stored: a picture drawn anew, or a PDF built anew. Raises ``Refused`` with the reason."""
    limits = limits or Limits()
    try:
        with _AT_A_TIME:
            head, kept = ask("tillid.adapters.uploads.inside", data, limits, seconds=limits.wall)
    except NoAnswer as none:
        if none.heavy:
            raise TooHeavy(none.detail, **_limit("heavy", limits)) from None
        raise WrongFile(none.detail) from None
    except NoProcess as none:
        raise NotOpened(none.detail) from none
    reason = head.pop("reason", "")
    if reason:
        raise REASONS[reason](f"refused: {reason}", **(head | _limit(reason, limits)))
    return CleanFile(media_type=head["media_type"], data=kept, pages=tuple(head["words"]), unread=head["unread"])


def _limit(reason: str, limits: Limits) -> dict[str, int]:
    return {"seconds": limits.wall, "megabytes": limits.unpacked // 1_000_000} if reason == "heavy" else {}


__all__ = ["Limits", "Refused", "cleaned"]
