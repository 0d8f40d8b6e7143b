"""Make ``signing/vectors/log/ours``: heads of a small log and all its proofs, as `tillid log` hands them out; always the same bytes.

    .venv/bin/python scripts/make_log_vectors.py

``signing/vectors/log/foreign`` holds the same kinds of files by another implementation (`scripts/ask_log_verifiers.py --make`).
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from contextlib import closing
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from tillid.adapters.log_file import LogFile  # noqa: E402
from tillid.cli.log_proofs import extension  # noqa: E402
from tillid.signatures.checkpoint import LogKey  # noqa: E402

LOG_VECTORS = PROJECT / "signing" / "vectors" / "log"
KEY = LogKey("solbjerg.example/tillid", bytes(range(32)))
SIZES = (1, 2, 3, 5, 6, 7, 8, 9, 11)


def leaf(index: int) -> str:
    """The digest at ``index``."""
    return hashlib.sha256(b"%d" % index).hexdigest()


def vectors() -> dict[str, bytes]:
    """Every file by its name."""
    made: dict[str, bytes] = {"key.txt": f"{KEY.verifier.text()}\n".encode()}
    with tempfile.TemporaryDirectory() as folder, closing(LogFile(Path(folder) / "log", KEY)) as log:
        for index in range(SIZES[-1]):
            log.enter(leaf(index))
        proofs = []
        for size in SIZES:
            made[f"head-{size}.txt"] = log.signed(size)
            for old in (0, *SIZES):
                if old < size:
                    made[f"grown-{old}-{size}.txt"] = extension(log, str(old), str(size)).text()
            for index in range(size):
                path = [step.hex() for step in log.inclusion(index, size)]
                proofs.append({"leaf": leaf(index), "index": index, "size": size, "path": path})
    made["proofs.json"] = json.dumps(proofs, indent=1).encode() + b"\n"
    return made


def main() -> None:
    """Write them; what is there and no longer made goes."""
    folder = LOG_VECTORS / "ours"
    folder.mkdir(parents=True, exist_ok=True)
    made = vectors()
    for path in folder.iterdir():
        if path.name not in made:
            path.unlink()
    for name, data in made.items():
        (folder / name).write_bytes(data)
    print(f"{len(made)} files in {folder.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
