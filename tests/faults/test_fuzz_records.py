"""Strangers' bytes changed by a fuzzer, and trees too big to keep: no crash, no acceptance, and bounded time and memory for 5 MB.

``make fuzz`` looks at as many changes as ``FUZZ_RUNS`` says in place of some hundreds (``fuzzing.py``).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.fuzz_strangers import TARGETS
from tests.faults.fuzz_targets import VECTORS
from tillid.kernel.paths import PROJECT

RUNS = int(os.environ.get("FUZZ_RUNS", "2500"))
SECONDS = 2  # of processor time for any one input
LONGEST = 4_800_000  # bytes of an input that is near enough to the longest


def test_nothing_changed_is_taken_for_true(tmp_path: Path) -> None:
    """Records with and without what proves their time, tokens, heads of the log, receipts, evidence, people's own signatures, and
    what a stranger truly signs: atheris changes the seeds and keeps what leads somewhere new."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    command = [
        sys.executable,
        "-m",
        "tests.faults.fuzzing",
        str(corpus),
        f"-runs={RUNS}",
        f"-artifact_prefix={tmp_path}/",
    ]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    ended = re.search(r"Done (\d+) runs", done.stderr)  # each seed is looked at first, however many there are
    assert done.returncode == 0 and ended and int(ended[1]) >= RUNS, done.stderr[-3000:]
    seeds = re.search(r"seed corpus: files: (\d+)", done.stderr)
    assert seeds and int(seeds[1]) == sum(len(make().seeds) for make in TARGETS.values())
    lengths = [int(found) for found in re.findall(r"looked at (\d+) bytes", done.stderr)]
    assert max(lengths, default=0) > LONGEST, "five megabytes are among what is tried"


def test_every_stored_vector_is_a_seed() -> None:
    """A file that somebody adds is changed by the fuzzer from then on."""
    seeds = {seed for make in TARGETS.values() for seed in make().seeds}
    wanted = [
        path
        for path in VECTORS.rglob("*")
        if path.suffix in (".xml", ".er", ".tst", ".txt") and path.name != "key.txt" and "trust" not in path.parts
    ]
    assert len(wanted) > 700 and [path.name for path in wanted if path.read_bytes() not in seeds] == []


RECORD = 1_990_000  # bytes: near the longest that is looked into; what is longer is refused unread
HUGE = {
    "deep": "data = b'<a>' * (RECORD // 3)",
    "deep-closed": "data = b'<a>' * (RECORD // 7) + b'</a>' * (RECORD // 7)",
    "wide": "data = record.replace(b'<Header>', b'<Header>' + b'<Name>x</Name>' * (RECORD // 15))",
    "wide-and-empty": "data = record.replace(b'<Header>', b'<Header>' + b'<a/>' * (RECORD // 4 - 4_000))",
    "many-attributes": "data = record.replace(b'<Header>', b'<Header ' + b' '.join(b'a%d=\"\"' % n for n in range(185_000)) + b'>')",
    "many-namespaces": "data = record.replace(b'<Header>', b'<Header ' + b' '.join(b'xmlns:n%d=\"u:%d\"' % (n, n) for n in range(85_000)) + b'>')",
    "nested-namespaces": "data = b''.join(b'<n%d:a xmlns:n%d=\"u:%d\">' % (n, n, n) for n in range(250)) + record + b''.join(b'</n%d:a>' % n for n in reversed(range(250)))",
    "many-identifiers": "data = record.replace(b'<Header>', b'<Header>' + b''.join(b'<a Id=\"i%d\"/>' % n for n in range(115_000)))",
    "long-text": "data = record.replace(b'Vuggestuen', b'V' * (RECORD - 20_000))",
    "references-to-characters": "data = record.replace(b'Vuggestuen', b'&#65;' * (RECORD // 5 - 4_000))",
    "comments": "data = record.replace(b'<Header>', b'<Header>' + b'<!---->' * (RECORD // 7 - 3_000))",
    "many-certificates": "data = record.replace(b'</ds:X509Data>', b'<ds:X509Certificate>AAAA</ds:X509Certificate>' * 44_000 + b'</ds:X509Data>')",
    "long-certificate": "data = record.replace(b'</ds:X509Data>', b'<ds:X509Certificate>' + b'A' * (RECORD - 20_000) + b'</ds:X509Certificate></ds:X509Data>')",
    "many-references": "data = record.replace(b'</ds:SignedInfo>', b'<ds:Reference URI=\"\"></ds:Reference>' * 55_000 + b'</ds:SignedInfo>')",
    "many-signatures": "data = record.replace(b'</ConsentRecord>', b'<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"></ds:Signature>' * 26_000 + b'</ConsentRecord>')",
    "five-megabytes": "data = record + b' ' * (5_000_000 - len(record))",
    "five-megabytes-deep": "data = b'<a>' * 1_666_666",
    "five-megabytes-of-records": "data = record * (5_000_000 // len(record))",
}
JUDGE = """
import resource, sys, time
sys.path.insert(0, {project!r})
from tests.faults.fuzz_targets import AT, GIVEN as record, TRUST, both
from tillid.signatures.personal import expected_over, verify_personal
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import Trust
ABOUT, RECORD = expected_over(record), {record}
ways = [lambda data: both(data, TRUST, at=AT), lambda data: verify_timed(data, TRUST, at=AT, verifier=both),
        lambda data: verify_personal(data, ABOUT, Trust(), at=AT)]
for judged in ways:
    judged(record)  # what is loaded once is no part of one input's time
resource.setrlimit(resource.RLIMIT_CPU, (60, 61))  # for what has no end
resource.setrlimit(resource.RLIMIT_DATA, (512 * 2**20, 512 * 2**20))
{make}
for judged in ways:
    began = time.process_time()
    found = judged(data).status
    print(found, len(data), time.process_time() - began)
"""


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_record_is_refused_within_bounds(name: str) -> None:
    """As a record, with what proves its time, and as a person's own signature: two seconds of processor time each, and 512 MB."""
    code = JUDGE.format(project=str(PROJECT), make=HUGE[name], record=RECORD)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    told = [line.split() for line in done.stdout.splitlines()]
    assert len(told) == 3, (done.returncode, done.stderr[-300:])
    for status, length, took in told:
        assert status in ("failed", "unreadable") and float(took) < SECONDS, told
        assert int(length) <= 5_000_000 and (int(length) > 1_800_000 or name == "nested-namespaces"), length


OTHERS = r"""
import resource, sys, time
sys.path.insert(0, {project!r})
from tests.faults.fuzz_strangers import TARGETS
from tests.faults.fuzz_vectors import ALGORITHMS, FAR
from tests.faults.long_shapes import OBJECT, hashed_anew, many_files, stamped_anew
from scripts.vectors.evidence_base import everybody
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.receipt_verify import unpacked
targets = {{name: make() for name, make in TARGETS.items()}}
renewed = [hashed_anew(199, generation=9), stamped_anew(190)]  # whom nobody trusts, and whom we do
resource.setrlimit(resource.RLIMIT_DATA, (512 * 2**20, 512 * 2**20))
five = 5_000_000

def bounded(name, judged, data):
    began = time.process_time()
    found = judged(data)
    took = time.process_time() - began
    assert took < {seconds}, (name, took, data[:20])
    return found

deep = b"\x30\x84\x00\x4c\x4b\x40" * (five // 6)  # DER: a sequence in a sequence in a sequence
wide = b"\x30\x84\x00\x4c\x4b\x3a" + b"\x05\x00" * (five // 2 - 3)
near = b"\x30\x83\x0f\x1b\x30" + b"\x05\x00" * 495_000  # not too long to be read
token = b"\x30\x83\x01\x86\x9b" + b"\x05\x00" * 49_995  # nor as a timestamp
hashes = b"old 1\n" + (b"A" * 43 + b"=\n") * 110_000 + b"\nx"
short = b"old 1\n" + b"AAAA\n" * 999_000 + b"\nx"
for name, target in targets.items():
    if name in ("record", "timed", "stranger"):
        continue  # as above
    seed = max(target.seeds, key=len)
    lines = seed[: seed.rfind(b"\n") + 1] + b"\xe2\x80\x94 a AAAA\n" * 350_000
    shapes = [deep, wide, near, token, hashes, short, seed * (five // len(seed)), seed + bytes(five - len(seed)), lines[:five],
              b"PK\x05\x06" * (five // 4)]
    if name == "receipt":
        shapes += [many_files({{}}, five), many_files(unpacked(seed, five), five), many_files({{}}, five, ".zip")]
    for data in shapes:
        assert len(data) <= five and bounded(name, target.wrong, data) is None, name
found = [bounded("renewals", lambda record: verify_evidence(record, OBJECT, everybody(), ALGORITHMS, at=FAR), one) for one in renewed]
assert all(one.details["timestamps"] in ("199", "190") for one in found), found
print("refused")
"""


def test_what_lies_beside_a_record_is_bounded_too() -> None:
    """Tokens, evidence, heads of the log, receipts and people's own signatures of five megabytes, and evidence that is renewed as often as
    it may be, by who is trusted and by who is not: two seconds of processor time, 512 MB."""
    code = OTHERS.format(project=str(PROJECT), seconds=SECONDS)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "refused\n", (done.returncode, done.stderr[-2000:])
