"""The trust core, measured in one process: sealing, verifying, what is effective now, and the log's proofs.

The peers are python-xmlsec (libxmlsec), which most Python projects would take, and OpenSSL through cryptography, which does
nothing but the arithmetic. What ours does beside it stands in the note; every timed answer is looked at.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import xmlsec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from benchmarks.table import Row, Sample, compare, sample
from benchmarks.timing import Work, cpu_seconds, in_turn
from benchmarks.trust_parts import (
    TRUST,
    child_of_events,
    filled_log,
    key_of,
    open_log,
    record_bytes,
    sealed_records,
    trust_of,
)
from tillid.cli.judging import TOGETHER, Judging
from tillid.consents.effective import evaluate
from tillid.signatures.merkle import extends, includes
from tillid.signatures.names import ds
from tillid.signatures.sign import seal
from tillid.signatures.verify import verify

ROUNDS, QUICK_ROUNDS = 15, 2
CALLS, QUICK_CALLS = 100, 5
SIZES, QUICK_SIZES = (1_000, 100_000, 1_000_000), (1_000, 2_000)
RECORDS, QUICK_RECORDS = 10_000, 40
EVENTS = 200
AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
XMLSEC, OPENSSL = "python-xmlsec", "OpenSSL ECDSA P-256 with SHA-256 of the same bytes, nothing else"


def run(quick: bool = False) -> list[Row]:
    """Rates are per second of processor time, so per core."""
    rounds, calls = (QUICK_ROUNDS, QUICK_CALLS) if quick else (ROUNDS, CALLS)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=_folder()) as folder:
        key = key_of(Path(folder))
        return [
            *_sealing(key, rounds, calls),
            *_verifying(key, rounds, calls),
            _effective(rounds),
            *_log(Path(folder), QUICK_SIZES if quick else SIZES, rounds, calls),
            *_all_of_them(Path(folder), key, QUICK_RECORDS if quick else RECORDS),
        ]


def _folder() -> Path:
    Path("var").mkdir(exist_ok=True)
    return Path("var")


def _rates(works: dict[str, Work], rounds: int, calls: int, each: int = 1) -> dict[str, Sample]:
    """``each``: of how many records a call is."""
    often: dict[str, Work] = {name: (lambda work=work: [work() for _ in range(calls)]) for name, work in works.items()}
    times = in_turn(often, rounds, cpu_seconds)
    return {name: sample((calls * each / one for one in took), "per second") for name, took in times.items()}


def _sealing(key, rounds: int, calls: int) -> Iterator[Row]:  # type: ignore[no-untyped-def]
    record, signer = record_bytes(), ec.ECDSA(hashes.SHA256())
    theirs = xmlsec.Key.from_memory(key.pem, xmlsec.constants.KeyDataFormatPem)
    found = _rates(
        {
            "ours": lambda: seal(record, key.seal, AT),
            XMLSEC: lambda: _xmlsec_sign(record, theirs),
            OPENSSL: lambda: key.seal.private_key.sign(record, signer),
        },
        rounds, calls,
    )  # fmt: skip
    note = f"a record of {len(record) / 1000:.1f} kB, schema, XAdES properties, canonical bytes"
    for peer, said in ((XMLSEC, f"{note}; the peer signs without schema and without XAdES"), (OPENSSL, note)):
        yield compare("record sealed, per core", found["ours"], peer, found[peer], better="more", note=said)


def _xmlsec_sign(record: bytes, key: xmlsec.Key) -> bytes:
    root = etree.fromstring(record)
    c14n, method = xmlsec.constants.TransformExclC14N, xmlsec.constants.TransformEcdsaSha256
    signature = xmlsec.template.create(root, c14n, method, ns="ds")
    reference = xmlsec.template.add_reference(signature, xmlsec.constants.TransformSha256, uri="")
    xmlsec.template.add_transform(reference, xmlsec.constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, c14n)
    root.append(signature)
    context = xmlsec.SignatureContext()
    context.key = key
    context.sign(signature)
    return etree.tostring(root)


def _verifying(key, rounds: int, calls: int) -> Iterator[Row]:  # type: ignore[no-untyped-def]
    """Each call is of sixteen different records, one after the other or, in bulk, as ``tillid verify --all`` asks for them."""
    records = [seal(record_bytes(number), key.seal, AT) for number in range(TOGETHER)]
    trust, signer, public = trust_of(), ec.ECDSA(hashes.SHA256()), key.seal.leaf.public_key()
    raws = [key.seal.private_key.sign(record, signer) for record in records]
    judging = Judging(trust=trust, at=AT, both=True)

    def bulk() -> bool:
        judging.ahead(records)
        return all(judging.record(record, None).passed for record in records)

    found = _rates(
        {
            "entry": _passing(lambda: all(verify(record, trust, at=AT).passed for record in records)),
            "bulk": _passing(bulk),
            XMLSEC: lambda: [_xmlsec_verify(record, key) for record in records],
            OPENSSL: lambda: [public.verify(raw, one, signer) for raw, one in zip(raws, records, strict=True)],
        },
        rounds, max(1, calls // TOGETHER), len(records),
    )  # fmt: skip
    note = "profile, schema, one spelling, signature by signxml, chain and pin, times"
    chain = f"{XMLSEC}, signature and chain"
    yield compare("record verified at entry, per core", found["entry"], chain, found[XMLSEC], better="more", note=note)
    yield compare(
        "record verified at entry, per core", found["entry"], OPENSSL, found[OPENSSL], better="more", note=note
    )
    yield compare(
        "record verified in bulk, per core", found["bulk"], chain, found[XMLSEC], better="more", goal=1.0,
        note="the same by libxmlsec and a second engine, which must agree, and revocation lists; sixteen at a time",
    )  # fmt: skip


def _passing(work: Callable[[], bool]) -> Work:
    def looked_at() -> None:
        if not work():
            raise RuntimeError("a timed record does not verify")

    return looked_at


def _xmlsec_verify(record: bytes, key) -> None:  # type: ignore[no-untyped-def]
    """As its own documentation does it; the certificates of the record are followed to the trusted one."""
    root = etree.fromstring(record)
    xmlsec.tree.add_ids(root, ["Id"])
    xmlsec.SignatureContext(key.manager).verify(root.find(ds("Signature")))


def _effective(rounds: int) -> Row:
    request, events, custody = child_of_events(EVENTS)
    calls = 20
    if not evaluate(request, events, custody, AT, restored=()).effective:
        raise RuntimeError("the consent that is timed is not effective")
    works: dict[str, Work] = {
        "ours": lambda: [evaluate(request, events, custody, AT, restored=()) for _ in range(calls)]
    }
    times = in_turn(works, max(rounds, 15), cpu_seconds)["ours"]
    return Row(
        name=f"effective now, a child with {EVENTS} events", ours=sample((t / calls * 1e6 for t in times), "µs"),
        most=50.0, note="from the ledger's events in memory, custody and moment; all of one document",
    )  # fmt: skip


def _log(folder: Path, sizes: tuple[int, ...], rounds: int, calls: int) -> Iterator[Row]:
    for size in sizes:
        place = folder / f"log-{size}"
        filled_log(place, size).close()
        yield _opening(place, size)
        log = open_log(place)
        try:
            yield from _log_rows(log, size, rounds, calls)
        finally:
            log.close()


def _log_rows(log, size: int, rounds: int, calls: int) -> Iterator[Row]:  # type: ignore[no-untyped-def]
    places = [(number * 7919) % size for number in range(calls)]
    leaves = [bytes.fromhex(log.leaf(place)) for place in places]
    root, olds = log.root(size), [max(1, size - place - 1) for place in places]
    heads = [log.root(old) for old in olds]
    for place, leaf, old, head in list(zip(places, leaves, olds, heads, strict=True))[:5]:
        if not includes(leaf, place, size, log.inclusion(place, size), root):
            raise RuntimeError("an inclusion proof does not hold")
        if not extends(old, head, size, root, log.consistency(old, size)):
            raise RuntimeError("a consistency proof does not hold")
    works: dict[str, Work] = {
        "inclusion": lambda: [log.inclusion(place, size) for place in places],
        "consistency": lambda: [log.consistency(old, size) for old in olds],
    }
    times = in_turn(works, rounds, cpu_seconds)
    for name, each in times.items():
        found = sample((took / calls * 1e6 for took in each), "µs")
        yield Row(name=f"{name} proof, {size:,} leaves", ours=found, most=1000.0, note="read from the disk's files")
    added = iter(hashlib.sha256(b"more %d" % number).hexdigest() for number in range(10**9))
    took = in_turn({"append": lambda: [log.enter(next(added)) for _ in range(10)]}, rounds, cpu_seconds)["append"]
    yield Row(
        name=f"log append, {size:,} leaves", ours=sample((one / 10 * 1e6 for one in took), "µs"),
        note="processor time; on the disk when it answers, and never twice",
    )  # fmt: skip


def _opening(folder: Path, size: int) -> Row:
    """What a start pays: the leaves are read once, for the index in memory."""
    works: dict[str, Work] = {"open": lambda: open_log(folder).close()}
    times = in_turn(works, 3, cpu_seconds)["open"]
    return Row(
        name=f"log opened, {size:,} leaves",
        ours=sample((took * 1e3 for took in times), "ms"),
        note="processor time, once per start",
    )


def _all_of_them(folder: Path, key, count: int) -> Iterator[Row]:  # type: ignore[no-untyped-def]
    """``tillid verify --all`` as a command, from start to end."""
    records = sealed_records(folder / "records", key, count)
    command = [sys.executable, "-m", "tillid", "verify", "--all", "--trust", str(TRUST), str(records)]
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    took = time.perf_counter() - began
    if done.returncode != 0:
        raise RuntimeError(done.stdout[-500:] + done.stderr[-500:])
    note = f"one process, both engines; {count / took:.0f} records a second with the start of the program"
    yield Row(name=f"tillid verify --all, {count:,} records", ours=sample([took], "s"), note=note)
