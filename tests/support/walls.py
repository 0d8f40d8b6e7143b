"""How what opens strangers' files is kept apart: the ways that this machine has, and another program in its place."""

from __future__ import annotations

import ctypes
import functools
import sys

import msgspec
import pytest

from tillid.adapters.boxed import apart, walls

every_way = pytest.mark.parametrize("kept", [walls.BWRAP, walls.LANDLOCK, walls.NONE], indirect=True)
in_the_box = pytest.mark.parametrize("kept", [walls.BWRAP], indirect=True)


class Order(msgspec.Struct, kw_only=True):
    """What the program is told; ``inside.answer`` takes its limits from it."""

    memory: int = 512 << 20
    cpu: float = 5
    canaries: list[str] = []
    folders: list[str] = []
    port: int = 0


@pytest.fixture
def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the processes of this test are kept apart; skipped where this machine cannot."""
    if not _can(request.param):
        pytest.skip(f"no {request.param} here")
    monkeypatch.setattr(apart, "isolation", lambda: request.param)
    return request.param


@functools.cache
def _can(way: str) -> bool:
    """Asked of the machine itself, not of what is tested."""
    if way == walls.BWRAP:
        return walls.works(["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--die-with-parent", "true"])
    return way == walls.NONE or landlock() > 0


def landlock() -> int:
    """Which version the kernel has (landlock_create_ruleset); 0 or less: none."""
    return ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), ctypes.c_uint32(1))


def instead(script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on ``ask`` starts ``script`` where the module of a parser would stand."""
    real = apart.command

    def other(module: str, order: str, **how) -> tuple[list[str], dict[str, str]]:
        command, environment = real(module, order, **how)
        assert command[-5:] == [sys.executable, "-I", "-m", module, order]
        return [*command[:-3], "-c", script, order], environment

    monkeypatch.setattr(apart, "command", other)


def ways_taken(isolation, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the remembered ``isolation`` chooses where every way works, where the best one does not, and where none does."""
    tried = {"bwrap": True, walls.PYTHON: True}
    monkeypatch.setattr(walls, "works", lambda command: tried[command[0]])
    found = [isolation.__wrapped__()]
    for lost in tried:
        tried[lost] = False
        found.append(isolation.__wrapped__())
    return found
