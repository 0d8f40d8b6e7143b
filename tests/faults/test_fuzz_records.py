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

from tillid.kernel.paths import PROJECT

RUNS = int(os.environ.get("FUZZ_RUNS", "1500"))


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


HUGE = {
    "deep": "data = b'<a>' * 1_600_000",
    "deep-closed": "data = b'<a>' * 200_000 + b'</a>' * 200_000",
    "wide": "data = record.replace(b'<Header>', b'<Header>' + b'<Name>x</Name>' * 120_000)",
    "many-attributes": "data = record.replace(b'<Header>', b'<Header ' + b' '.join(b'a%d=\"\"' % n for n in range(150_000)) + b'>')",
    "many-namespaces": "data = record.replace(b'<Header>', b'<Header ' + b' '.join(b'xmlns:n%d=\"u:%d\"' % (n, n) for n in range(60_000)) + b'>')",
    "nested-namespaces": "data = b''.join(b'<n%d:a xmlns:n%d=\"u:%d\">' % (n, n, n) for n in range(250)) + record + b''.join(b'</n%d:a>' % n for n in reversed(range(250)))",
    "long-text": "data = record.replace(b'Vuggestuen', b'V' * 1_900_000)",
    "many-certificates": "data = record.replace(b'</ds:X509Data>', b'<ds:X509Certificate>AAAA</ds:X509Certificate>' * 40_000 + b'</ds:X509Data>')",
    "many-references": "data = record.replace(b'</ds:SignedInfo>', b'<ds:Reference URI=\"\"></ds:Reference>' * 50_000 + b'</ds:SignedInfo>')",
    "many-signatures": "data = record.replace(b'</ConsentRecord>', b'<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"></ds:Signature>' * 24_000 + b'</ConsentRecord>')",
    "five-megabytes": "data = record + b' ' * 5_000_000",
}
JUDGE = """
import resource, sys
sys.path.insert(0, {project!r})
from tests.vectors.test_verdicts import GIVEN as record, TRUST, at
from tillid.adapters.xmlsec_engine import libxmlsec
from tillid.signatures.verify import verify
verify(record, TRUST, at=at(), second=libxmlsec)
used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
resource.setrlimit(resource.RLIMIT_CPU, (used + 3, used + 4))  # whole seconds: two, and what was begun
resource.setrlimit(resource.RLIMIT_DATA, (512 * 2**20, 512 * 2**20))
{make}
print(verify(data, TRUST, at=at(), second=libxmlsec).status)
"""


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_record_is_refused_within_bounds(name: str) -> None:
    """The kernel ends the process at 512 MB or after two seconds of processor time."""
    code = JUDGE.format(project=str(PROJECT), make=HUGE[name])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() in ("failed", "unreadable"), (done.returncode, done.stderr[-300:])


OTHERS = """
import resource, sys, time
sys.path.insert(0, {project!r})
from tests.faults.fuzz_strangers import TARGETS
targets = {{name: make() for name, make in TARGETS.items()}}
resource.setrlimit(resource.RLIMIT_DATA, (512 * 2**20, 512 * 2**20))
five = 5_000_000
deep = b"\\x30\\x84\\x00\\x4c\\x4b\\x40" * (five // 6)  # DER: a sequence in a sequence in a sequence
wide = b"\\x30\\x84\\x00\\x4c\\x4b\\x3a" + b"\\x05\\x00" * (five // 2 - 3)
near = b"\\x30\\x83\\x0f\\x1b\\x30" + b"\\x05\\x00" * 495_000  # not too long to be read
for name in ("token", "evidence", "checkpoint", "receipt", "personal"):
    target = targets[name]
    seed = target.seeds[0]
    lines = seed[: seed.rfind(b"\\n") + 1] + b"\\xe2\\x80\\x94 a AAAA\\n" * 350_000
    for data in (deep, wide, near, seed * (five // len(seed)), seed + bytes(five - len(seed)), lines[:five], b"PK\\x05\\x06" * (five // 4)):
        began = time.process_time()
        assert target.wrong(data) is None, name
        took = time.process_time() - began
        assert took < 2, (name, took, data[:20])
print("refused")
"""


def test_what_lies_beside_a_record_is_bounded_too() -> None:
    """Tokens, evidence, heads of the log and receipts of five megabytes: two seconds of processor time, 512 MB."""
    done = subprocess.run(
        [sys.executable, "-c", OTHERS.format(project=str(PROJECT))], capture_output=True, text=True, check=False
    )
    assert done.stdout == "refused\n", (done.returncode, done.stderr[-2000:])
