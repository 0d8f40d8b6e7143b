"""Marks of running tasks on disk: a task that takes the process down with it is counted like one that raises.

Without them such a task would be begun again at every start, for ever (measured with a task that kills its worker).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Marks:
    """One small file per running task in ``folder``; a file found at start is a task that never ended."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def during(self, key: str) -> Iterator[None]:
        """The mark stands while the block runs. A mark that cannot be written (full disk) stops no task."""
        mark = self._folder / hashlib.sha256(key.encode()).hexdigest()[:32]
        try:
            mark.write_text(key)
        except OSError:
            mark.unlink(missing_ok=True)
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)

    def left_over(self) -> list[str]:
        """The keys whose tasks did not end; ask before the first task of this process begins."""
        return [mark.read_text() for mark in sorted(self._folder.iterdir()) if mark.is_file()]

    def clear(self, key: str) -> None:
        """Forget a left-over mark once its attempt is counted."""
        (self._folder / hashlib.sha256(key.encode()).hexdigest()[:32]).unlink(missing_ok=True)
