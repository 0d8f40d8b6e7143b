"""Make ``signing/vectors``: sealed records, attacked records and doubtful ones, each with the verdict it must get.

    .venv/bin/python scripts/make_vectors.py

The records and attacks are in ``scripts/vectors``, a module per kind. All is a function of the keys in ``signing/devca``:
tests/vectors makes every file again and compares. Any other verifier can be held against the files too. Written as well:
``signing/vectors/README.md`` (what each protects against) and ``signing/trust/vectors`` (pins that only vectors need).
"""

from __future__ import annotations

import shutil
import sys
from datetime import timedelta
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: E402
from cryptography.hazmat.primitives.serialization import Encoding  # noqa: E402

from scripts.make_devca import CONTROLLERS, key_pem  # noqa: E402
from scripts.vectors.base import DEVCA, MOMENT, Vector  # noqa: E402
from scripts.vectors.beside import FOLDERS, expected, stem_of  # noqa: E402
from tillid.signatures.timed import verify_timed  # noqa: E402
from tillid.signatures.trust import load_trust, read_trust  # noqa: E402
from tillid.signatures.verdict import verdict  # noqa: E402

VECTORS = PROJECT / "signing" / "vectors"
TRUST = PROJECT / "signing" / "trust"
AT = MOMENT + timedelta(days=30)


def all_vectors() -> dict[str, dict[str, Vector]]:
    """Kind of threat → name → vector, in the order of the table."""
    from scripts.vectors import (
        algorithms,
        answers,
        certificates,
        content,
        holding,
        long_term,
        looks,
        references,
        released,
        spelling,
        stamped,
        stamped_chains,
        strangers,
        wrapping,
        writing,
    )

    return {
        "Records as they should be": content.good(),
        "Changed, replayed, deceiving": content.vectors() | writing.vectors(),
        "Words that look like others": looks.vectors(),
        "Renewals and receptions": released.vectors(),
        "Signature wrapping": wrapping.vectors(),
        "Attacks whose sums hold": holding.vectors(),
        "Transforms, references, objects": references.vectors(),
        "Algorithms and signature values": algorithms.vectors(),
        "Keys and certificates": certificates.vectors() | certificates.doubtful() | strangers.vectors(),
        "XML": spelling.vectors(),
        "Timestamps and revocation": stamped.vectors(),
        "Timestamps put together": stamped.forged(),
        "Who stands behind a timestamp": stamped_chains.vectors(),
        "Level LT": long_term.vectors(),
        "Level LT by answers (OCSP)": answers.vectors(),
    }


def path_of(name: str, vector: Vector) -> str:
    """Folder and name of a vector, without its ending."""
    return stem_of(name, verdict(vector.step))


def beside(vector: Vector) -> str:
    """The text of the file beside a vector: the verdict it must get, at what moment, by what trust."""
    last = {"warned_of": list(vector.places)} if vector.places else None
    return expected(verdict(vector.step), vector.at or AT, vector.against, first={"trust": vector.trust}, last=last)


def table(kinds: dict[str, dict[str, Vector]]) -> str:
    """``signing/vectors/README.md``."""
    intro = (PROJECT / "scripts" / "vectors" / "intro.md").read_text(encoding="utf-8")
    parts = [intro.rstrip().replace("{count}", str(sum(map(len, kinds.values()))))]
    for kind, vectors in kinds.items():
        rows = [f"| `{path_of(name, one)}` | `{one.step}` | {one.against} |" for name, one in vectors.items()]
        parts.append(
            "\n".join([f"## {kind} ({len(rows)})", "", "| file | step | protects against |", "|---|---|---|", *rows])
        )
    return "\n\n".join(parts) + "\n"


def write_trust() -> None:
    """``vectors``: the test trust and what only vectors pin; ``misused``: the same with certificates that are no seals'."""
    from scripts.vectors.certificates import (
        BOUND,
        CONSTRAINED,
        DEEPER,
        ENDED,
        MISUSED,
        NO_AUTHORITY,
        OTHERS,
        PINNED,
        SHALLOW,
        WEB,
    )
    from scripts.vectors.stamped_chains import list_of_between

    for name, folder in ((name, folder) for name in ("vectors", "misused") for folder in ("ca", "seals", "tsa", "crl")):
        shutil.copytree(TRUST / "test" / folder, TRUST / name / folder, dirs_exist_ok=True)
    authorities = {
        "constrained": CONSTRAINED,
        "shallow": SHALLOW,
        "deeper": DEEPER,
        "ended": ENDED,
        "no-authority": NO_AUTHORITY,
        "bound": BOUND,
        "for-web-servers": WEB,
    }
    for label, (certificate, _) in authorities.items():
        (TRUST / "vectors" / "ca" / f"{label}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (TRUST / "vectors" / "crl" / "tsa-between.crl").write_bytes(list_of_between())
    pins = [("vectors", label, one[0], CONTROLLERS) for label, one in PINNED.items()]
    pins += [("vectors", label, *one) for label, one in OTHERS.items()]
    pins += [("misused", label, one[0], CONTROLLERS) for label, one in MISUSED.items()]
    for name, label, key, controllers in pins:
        pin = TRUST / name / "seals" / f"{label}.pem"
        pin.write_bytes(key.leaf.public_bytes(Encoding.PEM))
        if controllers:
            pin.with_suffix(".txt").write_text(controllers, encoding="utf-8")


def main() -> int:
    """Write every vector and its verdict; stop when a verdict is not the intended one."""
    if not (DEVCA / "rsa.key.pem").exists():
        (DEVCA / "rsa.key.pem").write_bytes(key_pem(rsa.generate_private_key(65537, 2048)))
    kinds = all_vectors()
    write_trust()
    trusts = {"vectors": load_trust(TRUST / "vectors"), "misused": read_trust(TRUST / "misused")}
    for folder in set(FOLDERS.values()):
        (VECTORS / folder).mkdir(parents=True, exist_ok=True)
        for old in (VECTORS / folder).glob("*.*"):
            old.unlink()
    wrong = 0
    for name, vector in ((name, one) for vectors in kinds.values() for name, one in vectors.items()):
        found = verify_timed(vector.data, trusts[vector.trust], at=vector.at or AT)
        if found.step != vector.step:
            print(f"{name}: meant {vector.step}, got {found.step} {found.details}", file=sys.stderr)
            wrong += 1
        path = VECTORS / path_of(name, vector)
        path.with_name(path.name + ".xml").write_bytes(vector.data)
        path.with_name(path.name + ".json").write_text(beside(vector), encoding="utf-8")
    (VECTORS / "README.md").write_text(table(kinds), encoding="utf-8")
    print(f"{sum(map(len, kinds.values()))} vectors, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
