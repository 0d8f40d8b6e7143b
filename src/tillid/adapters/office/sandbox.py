"""LibreOffice's box: what it sees of the machine beside ``/usr`` (``boxed.walls``). Data comes in and goes out only as frames over
stdin and stdout."""

from __future__ import annotations

import functools
from pathlib import Path

from tillid.adapters.boxed import walls
from tillid.adapters.boxed.allocator import ALLOCATOR
from tillid.adapters.boxed.walls import BWRAP, LANDLOCK, NONE, PYTHON

__all__ = ["BWRAP", "ENVIRONMENT", "INSIDE", "LANDLOCK", "NONE", "PYTHON", "WITHIN", "boxed", "confined", "isolation"]

INSIDE, WITHIN = Path(__file__).with_name("inside.py"), Path(__file__).with_name("within.py")
ENVIRONMENT = {
    "PATH": "/usr/bin",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "SAL_USE_VCLPLUGIN": "svp",
    "SAL_DISABLE_OPENCL": "1",
    **ALLOCATOR,
}
FONTS_AND_SETTINGS = (*walls.FONTS, "/etc/libreoffice", "/var/lib/libreoffice", "/var/spool/libreoffice")


def boxed(program: list[str], *, tmp_bytes: int) -> list[str]:
    """``program`` inside bubblewrap; its ``/tmp`` holds at most ``tmp_bytes``."""
    room = walls.Room(
        read=FONTS_AND_SETTINGS,
        put={str(INSIDE): "/box/inside.py", str(WITHIN): "/box/within.py"},
        environment={**ENVIRONMENT, "HOME": "/tmp", "TMPDIR": "/tmp"},
        tmp=tmp_bytes,
    )
    return walls.boxed(program, room)


def confined(program: list[str], work: str) -> list[str]:
    """``program`` without the host's files and TCP; it reads and writes in ``work``."""
    return walls.confined(program, read=FONTS_AND_SETTINGS, work=work)


@functools.cache
def isolation() -> str:
    """How LibreOffice is kept apart on this machine (``walls.best``). With ``none`` it has a private profile only, and documents
    that link outside are refused."""
    nothing = ["/usr/bin/true"]
    return walls.best(boxed(nothing, tmp_bytes=1 << 20), confined(nothing, ""), "LibreOffice")
