"""Ask validators that are not ours about each vector of a person's own signature, and write what they said to ``docs/validators-personal.md``.

    make validators        (after ``ask_validators.py``, which fetches EU DSS)

Every valid vector must be accepted by all of them, by EU DSS at the level that ours finds, save ``DIFFERENT``. Exits with 1 when one is
not. What EU DSS says of the doubtful and invalid ones is written down beside our verdict.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from cryptography.hazmat.primitives.serialization import Encoding  # noqa: E402

from scripts import ask_validators as others  # noqa: E402
from scripts.make_personal_vectors import FOLDER  # noqa: E402
from tests.vectors.test_personal_vectors import xmlsec1  # noqa: E402
from tillid.adapters.xmlsec_engine import libxmlsec_personal  # noqa: E402
from tillid.kernel.errors import TillidError  # noqa: E402
from tillid.signatures.long_term_xades import parts  # noqa: E402
from tillid.signatures.personal_profile import certificates_in  # noqa: E402
from tillid.signatures.timestamp_xades import with_timestamp  # noqa: E402
from tillid.signatures.xml import parse  # noqa: E402

TABLE = PROJECT / "docs" / "validators-personal.md"
INTRO = PROJECT / "scripts" / "validators" / "personal.md"
# What others do not take, by vector and validator; why is in the introduction.
WAYS = ("dead-end-first", "revoked-way-first", "unlisted-way-first")
DIFFERENT = {("a-day", "EU DSS"), ("dead-end-first", "xmlsec1"), *((name, "EU DSS") for name in WAYS)}


def whole(path: Path, folder: Path) -> Path:
    """The vector with its timestamp inside (level T), as others want it; as it is where that cannot be."""
    data, beside = path.read_bytes(), path.with_suffix(".tst")
    if beside.exists():
        try:
            data = with_timestamp(data, beside.read_bytes())
        except TillidError:
            pass
    made = folder / f"{path.parent.name}--{path.name}"
    made.write_bytes(data)
    made.with_suffix(".json").write_bytes(path.with_suffix(".json").read_bytes())
    return made


def cores(paths: dict[Path, Path]) -> dict[str, dict[Path, bool]]:
    """Core validity by each of the others; xmlsec1 asks for the chain as well."""
    found: dict[str, dict[Path, bool]] = {"xmlsec1": {}, "libxmlsec": {}, "JDK": {}, "Santuario": {}}
    santuario = others.accepted(others.java(others.JAVA / "Santuario.java", *map(str, paths.values())))
    for path, made in paths.items():
        root = parse(parts(path.read_bytes()).record)
        leaf = certificates_in(root)[0]
        shown = made.with_suffix(".pem")
        shown.write_bytes(leaf.public_bytes(Encoding.PEM))
        found["xmlsec1"][path] = xmlsec1(made).returncode == 0
        found["libxmlsec"][path] = libxmlsec_personal(root, leaf)
        program = PROJECT / "tests" / "support" / "Santuario.java"
        found["JDK"][path] = others.accepted(others.java(program, str(shown), str(made), libraries=False))[made]
        found["Santuario"][path] = santuario[made]
    return found


def objections(valid: list[Path], said: dict[Path, others.Said], core: dict[str, dict[Path, bool]]) -> list[str]:
    """Which valid vector is not accepted by whom, and which of ``DIFFERENT`` is, after all."""
    found = {
        (path.stem, "EU DSS")
        for path in valid
        if said[path][:3] != ("TOTAL_PASSED", "-", f"XAdES-BASELINE-{others.said_beside(path)['level']}")
    }
    found |= {(path.stem, name) for name, ones in core.items() for path in valid if not ones[path]}
    return [f"{stem}: {name}" for stem, name in sorted(found ^ DIFFERENT)]


def main() -> int:
    """Ask, write, and say whether all accept."""
    files = sorted(FOLDER.glob("*/*.xml"))
    valid = [path for path in files if path.parent.name == "valid"]
    with TemporaryDirectory() as folder:
        made = {path: whole(path, Path(folder)) for path in files}
        told = others.dss(list(made.values()), FOLDER / "trust")
        said = {path: told[one] for path, one in made.items()}
        core = cores({path: made[path] for path in valid})
    TABLE.write_text(others.page(INTRO, valid, said, core, others="", no="no"), encoding="utf-8")
    wrong = objections(valid, said, core)
    print(
        "\n".join([*wrong, f"{len(valid)} valid vectors, {len(wrong)} objections; wrote {TABLE.relative_to(PROJECT)}"])
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
