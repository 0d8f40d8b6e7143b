"""The peer that archivists use today: the search engine of paperless-ngx, in an environment of its own (``paperless_hand``)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.environments import environment
from benchmarks.search.corpus import UNITS
from benchmarks.search.engines import ALLOWED
from tillid.archive.query import SearchEntry

PACKAGES = ("tantivy==0.26.2",)  # what paperless-ngx 3.0.5 asks for (~=0.26.0); until 2.20 it was whoosh-reloaded
NAME = "search engine of paperless-ngx 3.0.5 (tantivy 0.26.2)"


class Paperless:
    """``started`` gives ``None`` where its packages cannot be had. What an order takes to be told counts as its own time with
    ``put`` (a few per cent), and not with the pages, which it times itself."""

    def __init__(self, hand: subprocess.Popen[str], folder: Path) -> None:
        self._hand, self._folder = hand, folder
        self._kinds: dict[str, int] = {}

    @classmethod
    @contextmanager
    def started(cls, folder: Path) -> Iterator[Paperless | None]:
        try:
            python = environment(PACKAGES)
        except subprocess.CalledProcessError:
            yield None
            return
        folder.mkdir()
        command = [str(python), str(Path(__file__).with_name("paperless_hand.py")), str(folder)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, **pipes) as hand:  # type: ignore[call-overload]
            peer = cls(hand, folder)
            peer._hear()
            try:
                yield peer
            finally:
                hand.stdin.close()

    def put(self, entries: Sequence[SearchEntry]) -> None:
        self._order(put=[self._document(entry) for entry in entries])

    def ids(self, words: str) -> Sequence[str]:
        return self._order(ids=words)

    def page_times(self, asked: Sequence[str]) -> list[float]:
        return self._order(pages=list(asked), groups=[UNITS.index(unit) for unit in ALLOWED])

    def size(self) -> int:
        return sum(file.stat().st_size for file in self._folder.iterdir())

    def _document(self, entry: SearchEntry) -> dict[str, Any]:
        """As paperless would have it: the form is the type of document, the state a tag, the unit a group that may see it."""
        return {
            "name": entry.document_id, "title": entry.title, "text": entry.text, "form": entry.title, "state": entry.state,
            "form_id": self._number(entry.form_id), "state_id": self._number(entry.state),
            "group": UNITS.index(entry.unit_id), "at": entry.frozen_at.timestamp(),
        }  # fmt: skip

    def _number(self, kind: str) -> int:
        return self._kinds.setdefault(kind, len(self._kinds))

    def _order(self, **order: object) -> Any:
        self._hand.stdin.write(msgspec.json.encode(order).decode() + "\n")
        self._hand.stdin.flush()
        return json.loads(self._hear())

    def _hear(self) -> str:
        """Raises ``RuntimeError`` if the hand has ended; its reason is on stderr."""
        if not (line := self._hand.stdout.readline()):
            raise RuntimeError("the hand of paperless-ngx ended")
        return line
