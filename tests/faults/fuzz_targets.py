"""Records, times inside them and timestamps, given to the fuzzer with every stored vector, and the one question it asks: was something
taken for true that nobody made? (fuzzing.py; what lies beside a record: ``fuzz_vectors.py``)"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from tillid.adapters.xmlsec_engine import libxmlsec
from tillid.kernel.clock import parse_instant
from tillid.kernel.paths import SIGNING
from tillid.signatures.evidence import EvidenceRefused, read
from tillid.signatures.long_term_xades import parts
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp import judge
from tillid.signatures.timestamp_xades import imprint_of
from tillid.signatures.trust import load_trust
from tillid.signatures.verify import verify
from tillid.signatures.xml import Element

VECTORS = SIGNING / "vectors"
TRUST = load_trust(SIGNING / "trust" / "vectors")
RECORDS = {path.relative_to(VECTORS).as_posix(): path.read_bytes() for path in sorted(VECTORS.glob("*/*.xml"))}
GIVEN = RECORDS["valid/given.xml"]
AT: datetime = parse_instant(json.loads((VECTORS / "valid" / "given.json").read_text("utf-8"))["at"])
both = partial(verify, second=libxmlsec)


Change = Callable[[bytes], bytes]


@dataclass
class Target:
    """``wrong``: bytes → what is wrong with the answer, ``None`` when nothing is; an exception is a crash. ``repacked``: puts
    a change where it is looked at, behind what would refuse it first."""

    seeds: list[bytes]
    wrong: Callable[[bytes], str | None]
    repacked: Callable[[bytes, Change, random.Random], bytes] | None = None


def record() -> Target:
    """Records alone: whatever is not one of the stored files is refused."""
    known = set(RECORDS.values())

    def wrong(data: bytes) -> str | None:
        found = verify(data, TRUST, at=AT, second=libxmlsec)
        return None if found.status in ("failed", "unreadable") or data in known else found.step

    return Target(list(RECORDS.values()), wrong)


def timed() -> Target:
    """Records with what is inside them of timestamps and lists: nothing is shown as sealed that nobody sealed."""
    said = {}
    for data in RECORDS.values():
        found = verify_timed(data, TRUST, at=AT, verifier=both)
        if found.signed is not None:
            said.setdefault(found.signed, set()).add(found.details.get("timestamped_at"))

    def wrong(data: bytes) -> str | None:
        found = verify_timed(data, TRUST, at=AT, verifier=both)
        if found.status == "disputed" or (found.signed is not None and found.signed not in said):
            return found.step
        # A timestamp can be taken off; none can be put on.
        stamped_at = found.details.get("timestamped_at")
        return found.step if found.passed and stamped_at and stamped_at not in said[found.signed] else None

    return Target([data for data in RECORDS.values() if b"UnsignedProperties" in data], wrong)


def tokens() -> list[tuple[bytes, str]]:
    """Every token inside the vectors that could be a token, and the imprint of its record."""
    held = ((parts(data), data) for name, data in RECORDS.items() if not name.startswith("invalid"))
    found = {one.token: imprint_of(one.record) for one, _ in held if one.token is not None}
    return sorted(found.items())


def stored_tokens() -> list[bytes]:
    """Those, and every one that lies beside a person's signature or inside evidence."""
    made = [der for der, _ in tokens()] + [path.read_bytes() for path in sorted(VECTORS.glob("*/*/*.tst"))]
    for path in sorted(VECTORS.glob("evidence/*/*.er")):
        with suppress(EvidenceRefused):
            made += [one.token for chain in read(path.read_bytes()) for one in chain]
    return list(dict.fromkeys(made))


def token() -> Target:
    """Timestamps over one record's signature: no other moment, number or authority than was stamped."""
    known = {}
    for der, imprint in tokens():
        stamp = judge(der, imprint, TRUST, at=AT)
        if stamp.holds:
            known.setdefault(imprint, set()).add((stamp.moment, stamp.serial, stamp.authority))

    def wrong(data: bytes) -> str | None:
        for imprint, stamps in known.items():
            stamp = judge(data, imprint, TRUST, at=AT)
            if stamp.holds and (stamp.moment, stamp.serial, stamp.authority) not in stamps:
                return str(stamp.moment)
        return None

    return Target(stored_tokens(), wrong)


# What is nearly right: beyond the calendar, at its ends, in another spelling, without end, nothing.
ODD = (b"2025-11-02T24:00:00Z", b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59Z", b" 2025-11-03T18:30:12Z", b"2027-02-29", b"+1",
       b"007", b"9" * 5000, b"", b" ", "Sø\u202eren".encode())  # fmt: skip


def put_in(node: Element, change: Change, chance: random.Random) -> None:
    """Something else for the text or an attribute of ``node``."""

    def other(old: str) -> str:
        new = chance.choice(ODD) if chance.random() < 0.5 else change(old.encode())
        return new.decode("utf-8", "replace")

    if node.attrib and chance.random() < 0.6:
        name = chance.choice(sorted(node.attrib))
        node.set(name, other(node.get(name)))
    else:
        node.text = other(node.text or "")


TARGETS: dict[str, Callable[[], Target]] = {"record": record, "timed": timed, "token": token}


def corpus(folder: Path, targets: dict[str, Target]) -> None:
    """The seeds as files, the first byte saying whose they are."""
    for number, (name, target) in enumerate(targets.items()):
        for place, seed in enumerate(target.seeds):
            (folder / f"{name}-{place}").write_bytes(bytes([number]) + seed)
