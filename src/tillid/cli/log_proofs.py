"""``tillid log prove|verify``: proofs of the log as files, made beside a running Tillid and checked without one.

Two proofs: that an event stands in the log (JSON, the way from its digest to a signed head), and that the log only grew from a
head that somebody kept to the head of today (``signatures/log_extension``, as witnesses of other logs take it).
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

import msgspec

from tillid.cli.common import writing
from tillid.kernel.errors import TillidError
from tillid.kernel.files import NoFile, put_where_told
from tillid.signatures.checkpoint import MAX_BYTES, CheckpointError, LogVerifier
from tillid.signatures.log_extension import LogExtension, ProofError, is_extension
from tillid.signatures.merkle import includes
from tillid.signatures.receipt import LogProof
from tillid.wiring.beside import LogFile

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}\Z")
MOST = 100_000  # bytes of a proof


def add_prove(prove: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid log prove``."""
    prove.add_argument("digest", nargs="?", metavar="DIGEST", help="hændelsens SHA-256 (64 tegn)")
    prove.add_argument(
        "--from",
        dest="kept",
        metavar="HOVED",
        help="i stedet: bevis, at loggen kun er vokset siden dette hoved (en gemt fil, eller antallet af hændelser i det)",
    )
    prove.add_argument("--to", metavar="ANTAL", help="frem til hovedet med så mange hændelser (standard: alle)")
    prove.add_argument("--out", type=Path, metavar="FIL", help="skriv til en fil")


def add_verify(verify: argparse.ArgumentParser) -> None:
    """Arguments of ``tillid log verify``."""
    verify.add_argument("proof", type=Path, metavar="BEVIS", help="filen fra »tillid log prove«")
    verify.add_argument(
        "--key", required=True, metavar="NØGLE", help="loggens nøgle (en fil eller selve nøglen), fået ad en anden vej"
    )
    verify.add_argument("--kept", type=Path, metavar="HOVED", help="det hoved, I har gemt, og som loggen er vokset fra")


def proof(log: LogFile, digest: str) -> dict[str, Any]:
    """Everything that somebody needs to follow the event to a signed head."""
    note = log.signed()
    size = log.verifier.read(note).size
    place = log.place(digest) if _DIGEST.match(digest) else None
    if place is None or place >= size:
        raise TillidError(
            "no such leaf",
            code="log.no-event",
            text="Den hændelse står ikke i loggen. Se efter, om digesten er skrevet rigtigt; en ny hændelse kommer med om lidt.",
        )
    path = [step.hex() for step in log.inclusion(place, size)]
    key = log.verifier.text()
    return {"leaf": digest, "index": place, "size": size, "path": path, "checkpoint": note.decode(), "key": key}


def extension(log: LogFile, kept: str, to: str | None) -> LogExtension:
    """That the log only grew from ``kept`` (a size, or a file with a head) to the head of ``to`` leaves. Raises ``TillidError``
    (``log.other-past`` where it did not, ``log.no-size``, ``log.no-file``, ``log.checkpoint``)."""
    if _SIZE.match(kept):
        old = int(kept)
    else:
        note = read(Path(kept))
        old = log.verifier.read(note).size
        if not log.begins_with(note):
            raise TillidError(
                "the log does not begin with that head",
                code="log.other-past",
                text="Der er intet bevis: Loggen begynder ikke med det hoved, I har gemt. Noget er fjernet, ændret eller byttet "
                "om, eller en gammel kopi er lagt ind. Gem hovedet, og kør »tillid log check«.",
            )
    note = log.signed(_size(log, to))
    size = log.verifier.read(note).size
    if old > size:
        raise _no_size(log)
    path = tuple(log.consistency(old, size)) if old else ()
    return LogExtension(old=old, path=path, note=note)


def _size(log: LogFile, to: str | None) -> int | None:
    if to is None:
        return None
    if not _SIZE.match(to) or int(to) > log.size:
        raise _no_size(log)
    return int(to)


def _no_size(log: LogFile) -> TillidError:
    return TillidError(
        "no such sizes",
        code="log.no-size",
        text="Så mange hændelser har loggen ikke. Den har {size}; --from er højst --to, og --to højst det.",
        size=log.size,
    )


def prove(log: LogFile, args: argparse.Namespace) -> int:
    """Hand out the proof that was asked for."""
    if (args.digest is None) == (args.kept is None) or args.to is not None and args.kept is None:
        raise TillidError(
            "an event or an older head",
            code="log.prove-what",
            text="Angiv enten en hændelses DIGEST, eller --from med det hoved, I har gemt (og evt. --to).",
        )
    if args.kept is None:
        made = json.dumps(proof(log, args.digest), ensure_ascii=False, indent=1).encode() + b"\n"
    else:
        grown = extension(log, args.kept, args.to)
        made = _as_json(log, grown) if args.json else grown.text()
    if args.out is None:
        print(made.decode(), end="")
    else:
        with writing(args.out, "log.no-out"):
            put_where_told(args.out, made, mode=0o644)
    return 0


def verify(args: argparse.Namespace) -> int:
    """Check a proof that lies in a file, with no log at hand. 0: it holds; 1: it does not."""
    key, data = _key(args.key), read(args.proof, MOST)
    if is_extension(data):
        answer = _verify_extension(LogExtension.parsed(data), args.kept, key)
    else:
        answer = _verify_inclusion(data, key)
    if args.json:
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        print(_said(answer))
    return 0 if answer["holds"] else 1


def _verify_extension(grown: LogExtension, path: Path | None, key: LogVerifier) -> dict[str, Any]:
    if path is None and grown.old:
        raise TillidError(
            "a proof from a head needs that head",
            code="log.no-kept",
            text="Beviset er fra et hoved med {old} hændelser. Angiv det hoved, I har gemt, med --kept.",
            old=grown.old,
        )
    kept = key.read(read(path)) if path is not None else None
    newer = grown.follows(kept, key)
    return {"holds": newer is not None, "old": grown.old, "size": key.read(grown.note).size}


def _verify_inclusion(data: bytes, key: LogVerifier) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(data, type=LogProof)
        leaf, path = bytes.fromhex(found.leaf), [bytes.fromhex(step) for step in found.path]
    except ValueError:
        raise ProofError("neither kind of proof") from None
    head = key.read(found.checkpoint.encode())
    holds = head.size == found.size and includes(leaf, found.index, head.size, path, head.root)
    return {"holds": holds, "leaf": found.leaf, "index": found.index, "size": head.size}


def _said(answer: dict[str, Any]) -> str:
    size = answer["size"]
    if "leaf" in answer:
        if answer["holds"]:
            return f"Beviset holder: Hændelsen er nr. {answer['index'] + 1} af de {size} i det hoved, loggens nøgle har forseglet."
        return "Beviset holder IKKE: Det fører ikke fra hændelsen til det hoved, loggens nøgle har forseglet."
    if answer["holds"]:
        return f"Beviset holder: Loggen er kun vokset, fra {answer['old']} til {size} hændelser. Gem det nye hoved i stedet."
    return (
        "Beviset holder IKKE: Det viser ikke, at loggen er vokset fra det hoved, I har gemt. Gem begge filer: De er forseglet "
        "af den samme nøgle, og passer de ikke sammen, er noget fjernet, ændret eller byttet om."
    )


def _as_json(log: LogFile, grown: LogExtension) -> bytes:
    size = log.verifier.read(grown.note).size
    steps = [step.hex() for step in grown.path]
    told = {
        "old": grown.old,
        "size": size,
        "path": steps,
        "checkpoint": grown.note.decode(),
        "key": log.verifier.text(),
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _key(given: str) -> LogVerifier:
    """The key, or the one in the file of that name."""
    try:
        return LogVerifier.parsed(given)
    except CheckpointError:
        try:
            return LogVerifier.parsed(read(Path(given)).decode())
        except (CheckpointError, UnicodeDecodeError):
            raise TillidError(
                "no key of a log",
                code="log.no-key",
                text="Det er ikke en logs nøgle. Brug den linje, »tillid log head« viser efter »Nøgle:«.",
            ) from None


def read(path: Path, most: int = MAX_BYTES) -> bytes:
    """What the file holds, or so much of it that it is too long. Raises ``TillidError`` (``log.no-file``)."""
    try:
        if not path.is_file():  # a pipe would be waited for
            raise NoFile("no file")
        with path.open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError):
        raise TillidError(
            "no such file",
            code="log.no-file",
            text="Filen {path} kan ikke læses. Se efter, om navnet er rigtigt.",
            path=path,
        ) from None
