"""What opens strangers' files, in its walls: this Python and this package, read-only, and nothing else of the machine."""

from __future__ import annotations

import functools
import os
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from tillid.adapters.boxed import walls

ENVIRONMENT = {"PATH": "/usr/bin", "LANG": "C.UTF-8"}
TMP = 1 << 20  # some library may ask for a scratch file; none of ours does
_PARTS = ("bin", "lib", "lib64", "pyvenv.cfg")
_PACKAGE = Path(__file__).parents[2]


def command(
    module: str, order: str, *, extra: Mapping[str, str] | None = None, read: tuple[str, ...] = ()
) -> tuple[list[str], dict[str, str]]:
    """The command line that runs ``module`` of ours with ``order`` as its argument, and the environment to start it in. The
    module has ``extra`` in its own beside ``ENVIRONMENT``, and sees the files and folders ``read`` too."""
    program = [sys.executable, "-I", "-m", module, order]
    own, path = {**ENVIRONMENT, **(extra or {})}, os.environ.get("PATH", "/usr/bin:/bin")
    kept = isolation()
    if kept == walls.BWRAP:
        return _boxed(program, own, read), {"PATH": path}
    return (_confined(program, read) if kept == walls.LANDLOCK else program), {**own, "PATH": path}


@functools.cache
def isolation() -> str:
    """How it is kept apart on this machine (``walls.best``). With ``none`` there are the limits it sets on itself, and no more."""
    trial = [sys.executable, "-I", "-c", "import tillid.adapters.boxed.inside"]
    return walls.best(_boxed(trial, ENVIRONMENT), _confined(trial), "what opens uploaded files and checks PDFs")


@functools.cache
def _places() -> tuple[str, ...]:
    """Where this Python, its libraries and this package lie, as far as that is not in ``/usr``; never a whole folder of the
    installation, for its data may lie there."""
    real = Path(os.path.realpath(sys.executable)).parents[1]
    parts = [Path(prefix, part) for prefix in (sys.prefix, sys.base_prefix, real) for part in _PARTS]
    parts += [Path(sysconfig.get_path(kind)) for kind in ("stdlib", "platstdlib", "purelib", "platlib")]
    system, local = Path("/usr"), Path("/usr/local")
    found = {one for one in (*parts, _PACKAGE) if one.exists() and (system not in one.parents or local in one.parents)}
    return tuple(sorted(str(one) for one in found if found.isdisjoint(one.parents)))


def _boxed(program: list[str], environment: Mapping[str, str], read: tuple[str, ...] = ()) -> list[str]:
    return walls.boxed(program, walls.Room(read=(*_places(), *read), environment=environment, tmp=TMP))


def _confined(program: list[str], read: tuple[str, ...] = ()) -> list[str]:
    # Python finds a package by the names in the folder it lies in.
    return walls.confined(program, read=(*_places(), *read), names=(str(_PACKAGE.parent),))
