"""The coverage-guided fuzzer over all targets (``fuzz_strangers.py``), with every stored vector as a seed: ``python -m tests.faults.fuzzing FOLDER
-runs=N`` (libFuzzer).

It ends with an error at a crash, at anything taken for true that nobody made, after two seconds of processor time for one
input of up to five megabytes and beyond 512 MB. An input's first byte says which target it is for.
"""

from __future__ import annotations

import random
import resource
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tillid.signatures"]):
    from tests.faults.fuzz_strangers import TARGETS
    from tests.faults.fuzz_targets import Target, corpus

SECONDS, MEMORY = 2.0, 512 * 2**20
LONGEST = 5_000_000
# To these lengths one input of so many is grown: mostly the longest, else what is looked into by one target or another.
GROWS, LENGTHS = 150, (LONGEST, LONGEST, LONGEST, 1_990_000, 990_000, 95_000)
WORDS = [b"<!--x-->", b"<?x?>", b"<![CDATA[x]]>", b"&amp;", b"&#65;", b"\xef\xbb\xbf", b"\xe2\x80\xae", b'Id="seal"',
    b"<ds:Object></ds:Object>", b'URI=""', b'URI="#seal-record"', b"</ConsentRecord>", b"xmlns:ds=", b"\0", b"A" * 900]  # fmt: skip

targets = {name: make() for name, make in TARGETS.items()}
judges = list(targets.values())


class Wrong(Exception):
    """What the fuzzer is looking for."""


def look(data: bytes) -> None:
    if not data:
        return
    judge(judges[data[0] % len(judges)], data[1:])
    mark = zlib.crc32(data)
    if (
        mark % GROWS == 0
    ):  # here and not as a change: kept by the fuzzer, a few hundred of them would be all of the memory
        grown = grow(judges[data[0] % len(judges)], data[1:], random.Random(mark))
        print(f"looked at {len(grown)} bytes", file=sys.stderr)
        judge(judges[data[0] % len(judges)], grown)


def judge(target: Target, data: bytes) -> None:
    began = time.process_time()
    wrong = target.wrong(data)
    took = time.process_time() - began
    if wrong is not None:
        raise Wrong(f"accepted: {wrong}")
    if took > SECONDS:
        raise Wrong(f"{took:.1f} s of processor time for {len(data)} bytes")


def grow(target: Target, data: bytes, chance: random.Random) -> bytes:
    """A piece of ``data`` or of ``WORDS`` again and again, up to what a stranger may send."""
    longest = chance.choice(LENGTHS)

    def change(one: bytes) -> bytes:
        start = chance.randint(0, len(one))
        piece = chance.choice([one[start : start + chance.randint(1, 400)], chance.choice(WORDS)]) or b"\0"
        return one[:start] + piece * max(1, (longest - len(data)) // len(piece)) + one[start:]

    return changed(target, data, change, chance)[:LONGEST]


def mutate(data: bytes, longest: int, seed: int) -> bytes:
    """Half the time as the fuzzer does it, else pieces doubled, taken out, or put in from another seed or ``WORDS``."""
    chance = random.Random(seed)
    target = judges[data[0] % len(judges)] if data else judges[0]

    def change(one: bytes) -> bytes:
        if chance.random() < 0.5:
            return atheris.Mutate(one, max(len(one) + 64, 1))
        start = chance.randint(0, len(one))
        end = min(len(one), start + chance.randint(0, 400))
        other = chance.choice(target.seeds)
        begin = chance.randint(0, len(other))
        piece = chance.choice([b"", one[start:end] * 2, other[begin : begin + 400], chance.choice(WORDS)])
        return one[:start] + piece + one[end:]

    return (data[:1] + changed(target, data[1:], change, chance))[: min(longest, LONGEST)]


def changed(target: Target, data: bytes, change: Callable[[bytes], bytes], chance: random.Random) -> bytes:
    """Mostly behind what would refuse it first."""
    if target.repacked is not None and chance.random() < 0.7:
        return target.repacked(data, change, chance)
    return change(data)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    corpus(folder, targets)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    bounds = ("-rss_limit_mb=0", "-len_control=0", f"-max_len={LONGEST}")
    atheris.Setup([*sys.argv, *bounds], look, custom_mutator=mutate)
    atheris.Fuzz()
