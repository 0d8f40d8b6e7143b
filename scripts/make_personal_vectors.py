"""Make ``signing/vectors/personal``: people's own signatures, each with the verdict it must get, and the trust list they are judged by.

    .venv/bin/python scripts/make_personal_vectors.py

The signatures are in ``scripts/vectors/personal.py``. A function of names and of the keys in ``signing/devca``: tests/vectors makes every
file again and compares.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from scripts.vectors.base import SEALED_RECORD  # noqa: E402
from scripts.vectors.beside import expected, stem_of  # noqa: E402
from scripts.vectors.personal import trust, vectors  # noqa: E402
from scripts.vectors.personal_base import PersonalVector  # noqa: E402
from tillid.signatures.engines import Engine  # noqa: E402
from tillid.signatures.personal import expected_over  # noqa: E402
from tillid.signatures.personal_evidenced import verify_frozen_personal  # noqa: E402
from tillid.signatures.personal_verdict import personal_verdict  # noqa: E402
from tillid.signatures.trust import Trust, load_trust  # noqa: E402
from tillid.signatures.verdict import Verdict  # noqa: E402

FOLDER = PROJECT / "signing" / "vectors" / "personal"
ABOUT = expected_over(SEALED_RECORD)


def judged(one: PersonalVector, by: Trust, second: Engine | None = None) -> Verdict:
    """The verdict on a signature over ``../valid/given.xml`` with its timestamp."""
    return verify_frozen_personal(one.data, by, at=one.at, token=one.token, about=ABOUT, second=second)


def files(by: Trust) -> dict[str, bytes]:
    """Every file below ``FOLDER`` but those of its trust list."""
    made: dict[str, bytes] = {}
    found = vectors()
    for name, one in ((name, one) for some in found.values() for name, one in some.items()):
        stem = path_of(name, one)
        made |= {f"{stem}.xml": one.data, f"{stem}.json": beside(one, judged(one, by)).encode()}
        made |= {f"{stem}.tst": one.token} if one.token is not None else {}
    return made | {"README.md": table(found)}


def path_of(name: str, one: PersonalVector) -> str:
    """Folder and name, without an ending."""
    return stem_of(name, personal_verdict(one.step))


def beside(one: PersonalVector, said: Verdict) -> str:
    """The verdict that it must get, and at what moment."""
    found = {name: said.details[name] for name in ("level", "assurance") if name in said.details}
    return expected(personal_verdict(one.step), one.at, one.against, found=found)


def table(found: dict[str, dict[str, PersonalVector]]) -> bytes:
    """``README.md``."""
    intro = (PROJECT / "scripts" / "vectors" / "personal.md").read_text("utf-8").rstrip()
    parts = [intro.replace("{count}", str(sum(map(len, found.values()))))]
    for kind, some in found.items():
        rows = [f"| `{path_of(name, one)}` | `{one.step}` | {one.against} |" for name, one in some.items()]
        head = ["| file | step | protects against, or shows |", "|---|---|---|"]
        parts.append("\n".join([f"## {kind} ({len(rows)})", "", *head, *rows]))
    return ("\n\n".join(parts) + "\n").encode()


def main() -> int:
    """Write everything; stop when a verdict is not the intended one."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    write({f"trust/{name}": data for name, data in trust().items()})
    by = load_trust(FOLDER / "trust")
    write(files(by))
    wrong = 0
    for name, one in ((name, one) for some in vectors().values() for name, one in some.items()):
        found = judged(one, by)
        if found.step != one.step:
            print(f"{name}: meant {one.step}, got {found.step}", file=sys.stderr)
            wrong += 1
    print(f"{sum(map(len, vectors().values()))} vectors, {wrong} wrong")
    return 1 if wrong else 0


def write(made: dict[str, bytes]) -> None:
    """Each of these files."""
    for name, data in made.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
