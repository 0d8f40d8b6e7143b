"""Whether an exported access log is as it was made (``usecases/export_audit.py``), and whether the logs say the same.

Nothing in the file is believed: it has one spelling, each line has its own digest, the proof has the digests of all files, and the
note over the proof is by a key that the reader has got some other way.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from tillid.adapters.audit_lines import Line, parse, problems, read_lines
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError
from tillid.kernel.zips import DAMAGED
from tillid.signatures.checkpoint import CheckpointError, LogVerifier
from tillid.signatures.receipt import zipped
from tillid.usecases.export_audit import ABOUT_FILE, FORMAT, LOG, NOTE, OPERATORS, PROOF, SIGNED, TABLE

MEMBERS = frozenset({LOG, OPERATORS, TABLE, ABOUT_FILE, PROOF, NOTE})
MOST_BYTES = 1 << 30


class NotAnExport(TillidError):
    code = "audit.not-an-export"
    text = "Filen er ikke en log, som Tillid har skrevet, eller den er ødelagt."


class LogThen(msgspec.Struct, frozen=True, kw_only=True):
    """How many lines of a log are about the child, and its last line (``n``, ``digest``) when the file was made."""

    lines: int
    n: int
    digest: str


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """``proof.json``."""

    format: str
    child: str
    controller: str
    made_at: str
    made_by: str
    logs: dict[str, LogThen]
    files: dict[str, str]


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """``status``: ``whole``; ``changed`` (``problems``: what, as ``file``, ``file n what``, or one word); ``unsigned``: nothing is
    wrong, but no known key has signed it. ``proof``: ``None`` of a bare ``log.jsonl``; ``key``: the name of whose it is."""

    status: Literal["whole", "changed", "unsigned"]
    problems: tuple[str, ...]
    lines: int
    proof: Proof | None = None
    key: str = ""
    members: dict[str, bytes] = {}


def check_export(data: bytes, keys: Iterable[LogVerifier]) -> Checked:
    """What is to be said of an exported file, a ``.zip`` or a bare ``log.jsonl``. Raises ``NotAnExport``."""
    if not data.startswith(b"PK"):
        found = tuple(_lines_wrong(LOG, data, ""))
        if not data or all(parse(line).row is None for line in data.splitlines(keepends=True)):
            raise NotAnExport("no line of a log")
        return Checked(status="changed" if found else "unsigned", problems=found, lines=data.count(b"\n"))
    members = _members(data)
    try:
        proof = msgspec.json.decode(members[PROOF], type=Proof)
    except (msgspec.MsgspecError, RecursionError):
        raise NotAnExport("no proof") from None
    found = [
        f"file {name}" for name in sorted(MEMBERS - {PROOF, NOTE}) if proof.files.get(name) != sha256(members[name])
    ]
    if proof.format != FORMAT or set(proof.logs) != {LOG, OPERATORS}:
        found.append("form")
    lines = 0
    for name, then in proof.logs.items():
        held = members.get(name, b"")
        found += _lines_wrong(name, held, proof.child, then)
        lines += held.count(b"\n")
    name, signature = _signed(members, lines, keys)
    if signature:
        found.append(signature)
    if not found and zipped(members) != data:
        found.append("form")
    status = "changed" if found else "whole" if name else "unsigned"
    return Checked(status=status, problems=tuple(found), lines=lines, proof=proof, key=name, members=members)


def held_against(folder: Path, checked: Checked) -> list[str]:
    """What the logs in ``folder`` (``audit.jsonl``, ``operators.jsonl``) say otherwise: a line that stands in only one of both, a log
    that is shorter or another than it was, a broken chain. Raises ``NotAnExport`` without a proof."""
    if checked.proof is None:
        raise NotAnExport("a bare log says nothing of what is missing")
    wrong = []
    for name, file in ((LOG, "audit.jsonl"), (OPERATORS, OPERATORS)):
        wrong += _against(folder / file, name, checked.members[name], checked.proof)
    return wrong


def _against(path: Path, name: str, held: bytes, proof: Proof) -> Iterator[str]:
    then, size = proof.logs[name], path.stat().st_size if path.exists() else 0
    mine = {line.n: line.data for line in map(parse, held.splitlines(keepends=True))}
    missing: list[int] = []
    digest_then = "" if then.n else then.digest  # of a log that was empty there is nothing to find

    def looked_at(lines: Iterable[Line]) -> Iterator[Line]:
        nonlocal digest_then
        for line in lines:
            if line.gone:  # rows whose period was over by then: the log is whole without them
                for n in [n for n in mine if line.gone <= n <= line.n]:
                    del mine[n]
                digest_then = then.digest if line.gone <= then.n < line.n else digest_then
            if line.n == then.n:
                digest_then = line.digest
            about = line.row is not None and line.row.child_id == proof.child and line.n <= then.n
            if about and mine.pop(line.n, None) != line.data:
                missing.append(line.n)
            yield line

    for told in problems(looked_at(read_lines(path, 0, size))):
        yield f"chain {path.name} {told.partition(':')[0].split(' ')[1]}"
    yield from (f"{name} {n} missing" for n in missing)
    yield from (f"{name} {n} unknown" for n in sorted(mine))
    if digest_then != then.digest:
        yield f"head {path.name}"


def _members(data: bytes) -> dict[str, bytes]:
    """The files of the ``.zip``: those that belong there, stored as they are, so that there is nothing to blow up."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            stored = all(one.compress_type == zipfile.ZIP_STORED and one.file_size <= MOST_BYTES for one in infos)
            if not stored or {one.filename for one in infos} != MEMBERS or len(infos) != len(MEMBERS):
                raise NotAnExport("other files, or compressed ones")
            return {one.filename: _raw(data, one) for one in infos}
    except DAMAGED as error:
        raise NotAnExport(type(error).__name__) from error


def _raw(data: bytes, info: zipfile.ZipInfo) -> bytes:
    """A stored file's bytes as they are, without the zip's own sum, so that it can be told which line was changed."""
    start = info.header_offset
    begin = start + 30 + sum(int.from_bytes(data[start + at : start + at + 2], "little") for at in (26, 28))
    return data[begin : begin + info.file_size]


def _lines_wrong(name: str, data: bytes, child: str, then: LogThen | None = None) -> Iterator[str]:
    """Lines that were changed, do not follow one another as in one log, or are about another child than the first."""
    before: Line | None = None
    lines = data.splitlines(keepends=True)
    for number, line in enumerate(map(parse, lines), 1):
        if line.row is None:
            yield f"{name} {number} unreadable"
            continue
        if not line.whole:
            yield f"{name} {number} changed"
        child = child or line.row.child_id
        linked = before is None or line.n > before.n + 1 or (line.n == before.n + 1 and line.prev == before.digest)
        if not linked or line.row.child_id != child:
            yield f"{name} {number} order"
        before = line
    if then is not None and (len(lines) != then.lines or (before is not None and before.n > then.n)):
        yield f"{name} count"


def _signed(members: dict[str, bytes], lines: int, keys: Iterable[LogVerifier]) -> tuple[str, str]:
    """Whose key has signed the proof, and what is wrong with that; both empty when no key of ours has."""
    for key in keys:
        try:
            note = key.read(members[NOTE], SIGNED)
        except CheckpointError:
            if key.signs(members[NOTE]):
                return key.name, "signature"
            continue
        same = (note.size, note.root.hex()) == (lines, sha256(members[PROOF]))
        return key.name, "" if same else "signature"
    return "", ""
