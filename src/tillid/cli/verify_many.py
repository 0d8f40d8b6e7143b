"""``tillid verify --state`` and ``--store``: thousands of records, with progress, to be stopped and gone on with.

The state file has a head, which says what was asked, and one line for each file or event that is judged: where it was stopped is
where the next run goes on, and what was changed since is judged again. Only what did not pass, or passed with a warning, is shown
one by one.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.serialization import Encoding

from tillid.cli.judging import TOGETHER, Found, Judging, survived
from tillid.cli.progress import Progress
from tillid.kernel.canonical import json_digest, sha256
from tillid.kernel.clock import instant, parse_instant
from tillid.kernel.errors import TillidError
from tillid.signatures.verdict import Verdict

HEAD = b'{"verify": 1, '
SYNC = 200  # lines between two times that the state is forced to the disk


class Unit(NamedTuple):
    """Something to be judged. ``stamp``: changes with what is judged; ``judge``: names and verdicts."""

    key: str
    stamp: str
    judge: Callable[[], Iterable[Found]]


def verify_many(args: argparse.Namespace, judging: Judging) -> int:
    """Judge the files of ``args.paths``, or the store of ``args.var``; the exit code of the worst verdict."""
    from tillid.cli.verify import EXIT, WORST

    progress = Progress("efterprøvet")
    with State(args.state, judging, fixed=args.at is not None) as state:
        judging.at = state.at
        for unit in _units(args, judging):
            if not state.knows(unit):
                state.keep(unit, [(name, judging.told(one)) for name, one in survived(unit.key, unit.judge)])
            progress.at(state.counts.total())
        _told(state, args.json)
        worst = [EXIT[status] for status in state.counts] or [EXIT["unreadable"]]
    return min(worst, key=WORST.index)


def _units(args: argparse.Namespace, judging: Judging) -> Iterator[Unit]:
    if args.store:
        from tillid.cli.verify_store import units

        yield from units(args.var, judging)
    files = sorted({found for path in args.paths for found in judging.files(path)})
    for start in range(0, len(files), TOGETHER):
        some = files[start : start + TOGETHER]
        # The stamps first: what changes after it was read must have another.
        made = [Unit(str(file.absolute()), _stamp(file), partial(judging.path, file)) for file in some]
        judging.ahead_of(some)
        yield from made


def _stamp(file: Path) -> str:
    """What a changed file does not keep, of it and of the timestamp beside it."""
    told = []
    for path in (file, file.with_suffix(".tst")):
        try:
            status = path.stat()
            told.append(f"{status.st_size} {status.st_mtime_ns}")
        except OSError:
            told.append("-")
    return sha256("\n".join(told).encode())


class State:
    """The state file ``path``; ``None`` keeps nothing. ``counts``: status → verdicts; ``objections``: those that did not pass, or passed with a warning."""

    def __init__(self, path: Path | None, judging: Judging, *, fixed: bool) -> None:
        self.at, self.counts, self.objections, self.again = judging.at, Counter[str](), list[dict[str, Any]](), 0
        self._path, self._seen, self._lines = path, {}, 0  # type: ignore[var-annotated]
        asked = {"trust": _asked(judging), "both": judging.both, "at": instant(judging.at) if fixed else ""}
        whole = self._read(json_digest(asked)) if path is not None else 0
        self._file = None
        if path is not None:
            self._file = os.fdopen(_opened(path), "r+b")
            self._file.truncate(whole)  # what a stop cut in the middle
            self._file.seek(whole)
            if not whole:
                self._line({"verify": 1, "asked": json_digest(asked), "at": instant(self.at)})

    def __enter__(self) -> State:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def knows(self, unit: Unit) -> bool:
        """Whether it was judged as it is now; then it is counted. What was an alarm about the verifiers is judged again."""
        line = self._seen.get(unit.key)
        if line is None or line["stamp"] != unit.stamp or any(one["status"] == "disputed" for one in line["results"]):
            return False
        self.again += 1
        self._count(line["results"])
        return True

    def keep(self, unit: Unit, found: list[Found]) -> None:
        """Count it, and write it down."""
        results = [_short(name, one) for name, one in found]
        self._count(results)
        self._line({"key": unit.key, "stamp": unit.stamp, "results": results})

    def _count(self, results: list[dict[str, Any]]) -> None:
        self.counts.update(one["status"] for one in results)
        self.objections += [one for one in results if one["status"] != "passed" or one.get("warnings")]

    def _line(self, value: dict[str, Any]) -> None:
        if self._file is None:
            return
        self._file.write(json.dumps(value, ensure_ascii=False).encode() + b"\n")
        self._lines += 1
        if self._lines % SYNC == 0:
            self._file.flush()
            os.fsync(self._file.fileno())

    def _read(self, asked: str) -> int:
        """Where the whole lines of an earlier run of the same question end; 0 to begin anew."""
        assert self._path is not None
        if self._path.exists() and not self._path.is_file():  # a pipe would be waited for
            raise _no_state(self._path)
        try:
            lines = self._path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return 0
        try:
            head, *rest = [json.loads(line) for line in lines if line.endswith(b"\n")]
            if head["verify"] != 1:
                raise ValueError
        except (ValueError, KeyError, TypeError):
            if HEAD.startswith(b"".join(lines)[: len(HEAD)]) and len(lines) < 2:
                return 0  # stopped at its first line
            raise _no_state(self._path) from None
        if head["asked"] != asked:
            return 0
        self.at = parse_instant(head["at"])
        self._seen = {line["key"]: line for line in rest}
        return sum(len(line) for line in lines if line.endswith(b"\n"))


def _no_state(path: Path) -> TillidError:
    return TillidError("not a state file", code="verify.state",
                       text="Filen {path} er ikke en tilstand fra »tillid verify«. Vælg en anden.", path=path)  # fmt: skip


def _opened(path: Path) -> int:
    """For its owner alone: names of files, ids of events."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise TillidError(type(error).__name__, code="verify.state-write",
                          text="Tilstanden kan ikke skrives i {path}. Vælg en anden fil med --state.", path=path) from error  # fmt: skip


def _asked(judging: Judging) -> str:
    """What of the trust makes another verdict."""
    trust = judging.trust
    held = [trust.authorities, trust.seals, trust.stampers, trust.persons, trust.told]
    listed = [[one.public_bytes(Encoding.DER).hex() for one in kind] for kind in held]
    revoked = {name: instant(since) for name, since in trust.revoked.items()}
    return json_digest([listed, revoked, sorted(judging.log_keys), judging.lack.code if judging.lack else ""])


def _short(name: str, one: Verdict) -> dict[str, Any]:
    told = {"file": name, "status": one.status, "step": one.step, "sentence": one.sentence}
    return told | ({"warnings": list(one.warnings)} if one.warnings else {})


def _told(state: State, as_json: bool) -> None:
    counts = dict(sorted(state.counts.items()))
    if as_json:
        told = {"judged": state.counts.total(), "counts": counts, "known_from_before": state.again}
        print(json.dumps(told | {"objections": state.objections}, ensure_ascii=False, indent=1))
        return
    from tillid.cli.verify import WORD

    for one in state.objections:
        print(f"{one['file']}: {WORD[one['status']]} ({one['step']})\n  {one['sentence']}")
        print("".join(f"  {warning}\n" for warning in one.get("warnings", ())), end="")
    print(f"Efterprøvet: {state.counts.total()}, heraf {state.again} fra før.")
    print("".join(f"  {WORD[status]}: {number}\n" for status, number in counts.items()), end="")
