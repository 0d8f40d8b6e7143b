"""Parts that cost less where thousands of kills are made: what a kill does not ask for is not opened, and what it asks for is worked out
once in the process that all are forked from."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tillid.adapters.tantivy.index import TantivyIndex


class NoSecond:
    """In place of sessions and previews: nobody is logged in."""

    previews = presence = None

    def __init__(self, _path: Path) -> None: ...
    def close(self) -> None: ...


class LateIndex:
    """The index, opened when it is asked for the first time."""

    def __init__(self, path: Path) -> None:
        self._path, self._real = path, None

    def __getattr__(self, name: str) -> Any:
        if self._real is None:
            self._real = TantivyIndex(self._path)
        return getattr(self._real, name)

    def close(self) -> None:
        if self._real is not None:
            self._real.close()


class Remembered:
    """``part``, whose ``verb`` gives what it gave before when it is asked for the very same. ``made``: what is remembered; a fork has
    what its parent had, and what is not in it is worked out for real."""

    def __init__(self, part: Any, verb: str, made: dict[bytes, Any]) -> None:
        self._part, self._verb, self._made = part, verb, made

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._part, name)
        return self._once(real) if name == self._verb else real

    def _once(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def run(*asked: Any) -> Any:
            key = pickle.dumps((self._verb, asked))
            if key not in self._made:
                self._made[key] = real(*asked)
            return self._made[key]

        return run


def put_back(source: Path, target: Path) -> Path:
    """Make ``target`` what ``source`` is, without the sessions: only what differs is copied, and files that are written once
    and never changed are the same files."""
    there = {path.relative_to(target): path for path in target.rglob("*") if path.is_file()}
    for path in source.rglob("*"):
        name = path.relative_to(source)
        if not path.is_file() or name.parts[0] == "second":
            continue
        other, own = there.pop(name, None), path.stat()
        if other is not None and (other.stat().st_size, other.stat().st_mtime_ns) == (own.st_size, own.st_mtime_ns):
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".blob" and path.stat().st_dev == target.stat().st_dev:
            os.link(path, target / name)
        else:
            shutil.copy2(path, target / name)
    for left in there.values():
        left.unlink()
    return target
