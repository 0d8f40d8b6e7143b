"""The coverage-guided fuzzer over all of ``fuzz_targets.py`` and ``fuzz_strangers.py``: ``python -m tests.faults.fuzzing FOLDER -runs=N`` (libFuzzer).

It ends with an error at a crash, at anything taken for true that nobody made, after two seconds of processor time for one
input and beyond 512 MB. An input's first byte says which target it is for.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tillid.signatures"]):
    from tests.faults.fuzz_strangers import TARGETS
    from tests.faults.fuzz_targets import corpus

SECONDS, MEMORY = 2.0, 512 * 2**20
LONGEST = 5_000_000
WORDS = [b"<!--x-->", b"<?x?>", b"<![CDATA[x]]>", b"&amp;", b"&#65;", b"\xef\xbb\xbf", b"\xe2\x80\xae", b'Id="seal"',
    b"<ds:Object></ds:Object>", b'URI=""', b'URI="#seal-record"', b"</ConsentRecord>", b"xmlns:ds=", b"\0", b"A" * 900]  # fmt: skip

targets = {name: make() for name, make in TARGETS.items()}
judges = list(targets.values())


class Wrong(Exception):
    """What the fuzzer is looking for."""


def look(data: bytes) -> None:
    if not data:
        return
    target = judges[data[0] % len(judges)]
    began = time.process_time()
    wrong = target.wrong(data[1:])
    took = time.process_time() - began
    if wrong is not None:
        raise Wrong(f"accepted: {wrong}")
    if took > SECONDS:
        raise Wrong(f"{took:.1f} s of processor time for {len(data)} bytes")


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

    inside = data[1:]
    if target.repacked is not None and chance.random() < 0.7:
        inside = target.repacked(inside, change, chance)
    else:
        inside = change(inside)
    return (data[:1] + inside)[: min(longest, LONGEST)]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    corpus(folder, targets)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    atheris.Setup([*sys.argv, "-rss_limit_mb=0", f"-max_len={max(len(seed) for one in judges for seed in one.seeds) + 4096}"], look, custom_mutator=mutate)  # fmt: skip
    atheris.Fuzz()
