"""The walk: its nine stations in order, what came of each, and the files it leaves (ARCHITECTURE.md, "the walk")."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from tillid.demo import walk_archive, walk_consents, walk_writing
from tillid.demo.playing import ParentLogin
from tillid.demo.walk_scene import Failed, Outcome, Parts, Scene, Settle
from tillid.kernel.errors import TillidError
from tillid.usecases.ports import OpenHouse

STATIONS: tuple[tuple[str, Callable[[Scene], Outcome]], ...] = (
    ("definer", walk_writing.define),
    ("udfyld", walk_writing.fill),
    ("dokument", walk_writing.render),
    ("del og enig", walk_writing.share_and_agree),
    ("samtykke", walk_consents.consent),
    ("frigiv", walk_consents.release),
    ("træk tilbage", walk_consents.withdraw),
    ("find", walk_archive.find),
    ("efterprøv", walk_archive.verify),
)
FILES = (
    "document.pdf",
    "answers.json",
    "consent-1.xml",
    "consent-2.xml",
    "withdrawal-1.xml",
    "consent-1.tst",
    "consent-2.tst",
    "withdrawal-1.tst",
    "consent-1.signature",
    "consent-2.signature",
    "withdrawal-1.signature",
    "tsa.pem",
    "certificate.pem",
    "log-checkpoint.txt",
    "log-checkpoint.tst",
    "log-checkpoint-earlier.txt",
    "log-consistency.txt",
    "log-proofs.json",
    "log-key.txt",
    "receipt.zip",
    "audit.jsonl",
    "walk.json",
)


class Station(msgspec.Struct, frozen=True, kw_only=True):
    """Outcome of one station. ``evidence``: ids, digests and counts, never contents; ``code``: of the failure, empty if
    there is none: an error's own, ``walk.check`` for a check that did not hold, else the exception's class."""

    number: int
    name: str
    ok: bool
    seconds: float
    said: str
    evidence: dict[str, Any]
    code: str = ""


class Walk:
    """Plays the walk once. ``ok`` only when all nine stations held.

    ``settle``: see ``Scene``; ``debug``: show the traceback of a failed station on standard error.
    """

    def __init__(
        self, parts: Parts, open_house: OpenHouse, login: ParentLogin, settle: Settle, *, debug: bool = False
    ) -> None:
        self._scene = Scene(parts, open_house, login, settle)
        self._debug = debug
        self._done: list[Station] = []

    @property
    def ok(self) -> bool:
        return len(self._done) == len(STATIONS) and all(station.ok for station in self._done)

    def stations(self) -> Iterator[Station]:
        """Each station as it ends; the first that fails is the last. Nothing but a wish to stop gets out."""
        for number, (name, step) in enumerate(STATIONS, start=1):
            began = time.monotonic()
            code, evidence = "", {}
            try:
                said, evidence = step(self._scene)
            except Exception as error:
                code, said = _told(error)
                if self._debug:
                    traceback.print_exc()
            seconds = round(time.monotonic() - began, 3)
            station = Station(
                number=number, name=name, ok=not code, seconds=seconds, said=said, evidence=evidence, code=code
            )
            self._done.append(station)
            yield station
            if code:
                return

    def write(self, out: Path, *, audit: Path) -> None:
        """What there is of ``FILES`` into ``out``."""
        for name, data in self._scene.files.items():
            (out / name).write_bytes(data)
        if audit.is_file():
            (out / "audit.jsonl").write_bytes(audit.read_bytes())
        (out / "walk.json").write_text(json.dumps(self.report(), ensure_ascii=False, indent=2) + "\n", "utf-8")

    def report(self) -> dict[str, Any]:
        """What ``walk.json`` holds."""
        return {"ok": self.ok, "stations": [msgspec.to_builtins(station) for station in self._done]}


def _told(error: Exception) -> tuple[str, str]:
    """Code and Danish words. The text of a foreign error may hold what somebody wrote, so only its class is told."""
    if isinstance(error, Failed):
        return "walk.check", str(error)
    if isinstance(error, TillidError):
        return error.code, error.message
    return type(error).__name__, f"uventet fejl ({type(error).__name__}); --debug viser den"
