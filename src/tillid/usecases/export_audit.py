"""The access log about one child as one file that shows if anything in it was changed (R-71, R-72, ADR 0052).

In it: every line as it stands in the two logs (the server's, and the one of the operators' commands), a table to read, and a proof:
the digests of those files, how long each log was, and the digest of its last line then, signed with the key of the log of
events. So whoever has the key sees a changed, missing or added line, and whoever has the logs sees that none is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from tillid.kernel.canonical import sha256
from tillid.kernel.clock import instant
from tillid.process.access import Identity
from tillid.signatures.receipt import spelled, zipped
from tillid.usecases.ports import AuditRow, House
from tillid.usecases.ports_parts import OperatorLog
from tillid.usecases.see_log import require_log
from tillid.usecases.writing import audit_row

FORMAT = "tillid-audit-1"
LOG, OPERATORS, TABLE = "log.jsonl", "operators.jsonl", "log.csv"
PROOF, NOTE, ABOUT_FILE = "proof.json", "proof.txt", "about.txt"
SIGNED = "audit"  # what the note says of itself: it is no head of the log of events
Vouch = Callable[[str, int, str], bytes]


class StoredRow(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a log, read. ``n``: its place in the whole log; ``digest``: its own, which the next line names."""

    n: int
    digest: str
    row: AuditRow


class OfLog(msgspec.Struct, frozen=True, kw_only=True):
    """The lines of one log about one child, byte for byte, and how long the log was (``n``, ``digest`` of its last line)."""

    lines: tuple[bytes, ...]
    n: int
    digest: str

    def rows(self) -> list[StoredRow]:
        """The lines, read. Raises ``msgspec.MsgspecError`` for one that is no line of a log."""
        return [msgspec.json.decode(line, type=StoredRow) for line in self.lines]


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did, and what came of it; ``outcome`` is empty when that is not known."""

    stored: StoredRow
    outcome: str


class ChildAudit(msgspec.Struct, frozen=True, kw_only=True):
    """All that the logs hold about one child. ``by``: the person who exports it."""

    child_id: str
    controller_id: str
    by: str
    at: datetime
    server: OfLog
    operators: OfLog

    def attempts(self) -> list[Attempt]:
        """Of both logs, oldest first."""
        found = [*attempts_of(self.server.rows()), *attempts_of(self.operators.rows())]
        return sorted(found, key=lambda one: one.stored.row.at)


def attempts_of(rows: Sequence[StoredRow]) -> list[Attempt]:
    """Each attempt with its outcome: same request, action, object and purpose."""

    def about(row: AuditRow) -> tuple[str, ...]:
        return row.request_id, row.action, row.object_id, row.purpose

    outcomes = {about(one.row): one.row.outcome for one in rows if one.row.phase == "outcome"}
    attempts = (one for one in rows if one.row.phase != "outcome")
    return [Attempt(stored=one, outcome=outcomes.get(about(one.row), "")) for one in attempts]


def child_audit(house: House, who: Identity, child_id: str) -> ChildAudit:
    """The lines about one child, for the data protection officer of its controller; the export itself is the last of them.
    ``NotFound`` for anybody else's child; raises ``Unavailable`` when the log cannot be written."""
    child = require_log(house, who, child_id)
    house.audit.write(audit_row(house, who, "export_log", child.id, child.id, "export_log"))
    unit = house.people.unit(child.unit_id)
    return ChildAudit(
        child_id=child.id,
        controller_id=unit.controller.id if unit else "",
        by=who.person_id,
        at=house.moment,
        server=of_log(house.audit.export(child.id), house.audit.head()),
        operators=read_log(house.audit.operators, child.id),
    )


def of_log(lines: Iterable[bytes], head: tuple[int, str]) -> OfLog:
    """The lines up to ``head``: what others write meanwhile is not in it."""
    whole = (line.rstrip(b"\n") + b"\n" for line in lines)
    return OfLog(lines=tuple(line for line in whole if place_of(line) <= head[0]), n=head[0], digest=head[1])


def read_log(log: OperatorLog, child_id: str) -> OfLog:
    """What a log that others write holds about a child now."""
    lines, n, digest = log.lines_of(child_id)
    return of_log(lines, (n, digest))


def place_of(line: bytes) -> int:
    """Where in its log a line stands."""
    return msgspec.json.decode(line, type=_Place).n


class _Place(msgspec.Struct):
    n: int


def packed(found: ChildAudit, table: bytes, vouch: Vouch) -> bytes:
    """The ``.zip`` (one spelling, as receipts have it). ``table``: the same for people to read; ``vouch``: signs what kind of note, a
    number and a digest (``ports.EventLog``)."""
    members = {LOG: b"".join(found.server.lines), OPERATORS: b"".join(found.operators.lines), TABLE: table,
               ABOUT_FILE: ABOUT.encode()}  # fmt: skip
    proof = spelled(_proof(found, members))
    lines = len(found.server.lines) + len(found.operators.lines)
    return zipped({**members, PROOF: proof, NOTE: vouch(SIGNED, lines, sha256(proof))})


def _proof(found: ChildAudit, members: dict[str, bytes]) -> dict[str, Any]:
    logs = {LOG: found.server, OPERATORS: found.operators}
    return {
        "format": FORMAT,
        "child": found.child_id,
        "controller": found.controller_id,
        "made_at": instant(found.at),
        "made_by": found.by,
        "logs": {name: {"lines": len(one.lines), "n": one.n, "digest": one.digest} for name, one in logs.items()},
        "files": {name: sha256(data) for name, data in members.items()},
    }


ABOUT = """\
Loggen over, hvem der har læst og gjort hvad om ét barn, fra Tillid.

log.csv          det samme til at læse i et regneark (semikolon, UTF-8)
log.jsonl        hver linje om barnet, som den står i loggen. Hver linje har sit nummer (n), sit kontroltal (digest) og
                 kontroltallet af linjen før den i hele loggen (prev)
operators.jsonl  det samme fra den log, som driftens kommandoer skriver
proof.json       filernes kontroltal, og hvor lang hver log var, da filen blev lavet
proof.txt        et segl over proof.json med den nøgle, som »tillid log head« viser

Kontrollér filen med »tillid audit check FIL«. Filen indeholder numre på personer og formål, men intet af det, der står
i dokumenterne, og ingen CPR-numre.
"""
