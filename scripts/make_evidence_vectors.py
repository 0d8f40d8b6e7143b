"""Make ``signing/vectors/evidence``: evidence records (RFC 4998) with their objects, each with the verdict it must get.

    .venv/bin/python scripts/make_evidence_vectors.py

The records are in ``scripts/vectors/evidence.py``. A function of names alone (``evidence_base``): tests/vectors makes every file
again and compares. Roots to trust and the table of methods lie beside them, so that any other verifier can be held against them.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

import msgspec  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding  # noqa: E402

from scripts.vectors.beside import expected, stem_of  # noqa: E402
from scripts.vectors.evidence import EvidenceVector, vectors  # noqa: E402
from scripts.vectors.evidence_base import ALGORITHMS, everybody  # noqa: E402
from tillid.signatures.evidence_verdict import evidence_verdict  # noqa: E402
from tillid.signatures.evidence_verify import verify_evidence  # noqa: E402

FOLDER = PROJECT / "signing" / "vectors" / "evidence"


def files() -> dict[str, bytes]:
    """Every file below ``FOLDER``."""
    made: dict[str, bytes] = {}
    found = vectors()
    for name, one in found.items():
        stem = path_of(name, one)
        made |= {f"{stem}.er": one.record, f"{stem}.object": one.data, f"{stem}.json": beside(one).encode()}
    for number, root in enumerate(everybody().stampers, 1):
        made[f"trust/tsa/root-{number}.pem"] = root.public_bytes(Encoding.PEM)
    made["trust/algorithms.json"] = msgspec.json.format(msgspec.json.encode(ALGORITHMS), indent=1) + b"\n"
    return made | {"README.md": table(found)}


def path_of(name: str, one: EvidenceVector) -> str:
    """Folder and name, without an ending."""
    return stem_of(name, evidence_verdict(one.step))


def beside(one: EvidenceVector) -> str:
    """The verdict that it must get, and at what moment."""
    return expected(evidence_verdict(one.step), one.at, one.against)


def table(found: dict[str, EvidenceVector]) -> bytes:
    """``README.md``."""
    intro = (PROJECT / "scripts" / "vectors" / "evidence.md").read_text("utf-8").rstrip()
    rows = [f"| `{path_of(name, one)}` | {one.at:%Y} | `{one.step}` | {one.against} |" for name, one in found.items()]
    head = ["| file | judged in | step | protects against, or shows |", "|---|---|---|---|"]
    return "\n".join([intro.replace("{count}", str(len(found))), "", *head, *rows, ""]).encode()


def main() -> int:
    """Write everything; stop when a verdict is not the intended one."""
    wrong = 0
    for name, one in vectors().items():
        verdict = verify_evidence(one.record, one.data, everybody(), ALGORITHMS, at=one.at)
        if verdict.step != one.step:
            print(f"{name}: meant {one.step}, got {verdict.step}", file=sys.stderr)
            wrong += 1
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, data in files().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    print(f"{len(vectors())} vectors, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
