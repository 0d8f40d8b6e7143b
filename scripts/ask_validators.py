"""Ask validators that are not ours about each vector, and write what they said to ``docs/validators.md``.

    make validators        (JDK 17 and Maven are needed; Maven fetches EU DSS into var/validators)

Every valid vector must be accepted by all of them, by EU DSS at the level that it claims (its name begins with t- or lt-),
without an error and with no other warning than ``KNOWN``. Exits with 1 when one is not. What EU DSS says of the doubtful and
invalid ones of levels T and LT, and of those about whose seal it is, is written down beside our verdict: it is less strict, and where it is, is worth knowing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from cryptography.hazmat.primitives.serialization import Encoding  # noqa: E402

from tests.vectors.test_xmlsec1 import accepts  # noqa: E402
from tillid.adapters.xmlsec_engine import libxmlsec  # noqa: E402
from tillid.signatures.long_term_xades import parts  # noqa: E402
from tillid.signatures.values import key_info  # noqa: E402
from tillid.signatures.xml import parse  # noqa: E402

SIGNING = PROJECT / "signing"
JAVA = PROJECT / "scripts" / "validators"
LIBRARIES = PROJECT / "var" / "validators"
TABLE = PROJECT / "docs" / "validators.md"
ENDED = ["--verification-gmt-time", "2021-11-03 19:00:00"]
TIMED = ("t-", "lt-", "revoked-")  # how the names of vectors begin that are about levels T and LT
WHOSE = (
    "usage-",
    "authority-as-seal",
    "seal-of-",
    "record-of-another-",
)  # … and about what a seal is for and whose it is
DOUBTED = TIMED + WHOSE
# SigningCertificateV2 names the seal's certificate first and its issuer's second, as EN 319 132-1 5.2.2 allows.
KNOWN = "warning: The signed attribute: 'signing-certificate' is present more than once!"


class Said(NamedTuple):
    """What EU DSS says of a file. ``more``: its errors, warnings and notes."""

    indication: str
    sub: str
    level: str
    more: tuple[str, ...]

    def in_words(self) -> str:
        """Without what it does not say, and without ``more``."""
        return " ".join(part for part in self[:3] if part != "-")


def said_beside(path: Path) -> dict[str, str]:
    """The verdict that a vector must get."""
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def in_words(said: dict[str, str]) -> str:
    """What the standard says of it, as it stands beside a vector."""
    return f"{said['indication']} {said['sub_indication']}".rstrip()


def java(program: Path, *arguments: str, libraries: bool = True) -> list[str]:
    """The lines that a program in one file prints."""
    path = ["-cp", f"{LIBRARIES}/*"] if libraries else []
    command = ["java", "-Xmx500m", *path, str(program), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def dss(paths: list[Path], trust: Path = SIGNING / "trust" / "vectors") -> dict[Path, Said]:
    """EU DSS, each file as of its own moment."""
    arguments = [word for path in paths for word in (said_beside(path)["at"], str(path))]
    found: dict[Path, Said] = {}
    path = Path()
    for line in java(JAVA / "Dss.java", str(trust), *arguments):
        if line.startswith("  "):
            found[path] = found[path]._replace(more=(*found[path].more, line.strip()))
        else:
            indication, sub, level, *_, name = line.split(" ")
            path = Path(name)
            found[path] = Said(indication, sub, level, ())
    return found


def cores(paths: list[Path]) -> dict[str, dict[Path, bool]]:
    """Core validity by each of the others."""
    found: dict[str, dict[Path, bool]] = {"xmlsec1": {}, "libxmlsec": {}, "JDK": {}}
    by_seal: dict[bytes, list[Path]] = {}
    for path in paths:
        leaf = key_info(parts(path.read_bytes()).record)[0]
        by_seal.setdefault(leaf.public_bytes(Encoding.PEM), []).append(path)
        found["xmlsec1"][path] = accepts(path, *(ENDED if "expired" in path.stem else []))
        found["libxmlsec"][path] = libxmlsec(parse(path.read_bytes()), leaf)
    for number, (pem, those) in enumerate(by_seal.items()):
        seal = LIBRARIES / f"seal-{number}.pem"
        seal.write_bytes(pem)
        program = PROJECT / "tests" / "support" / "Santuario.java"
        found["JDK"] |= accepted(java(program, str(seal), *map(str, those), libraries=False))
    found["Santuario"] = accepted(java(JAVA / "Santuario.java", *map(str, paths)))
    return found


def accepted(lines: list[str]) -> dict[Path, bool]:
    """Lines of a word and a file."""
    return {Path(name): word == "true" for word, name in (line.split(" ", 1) for line in lines)}


def level(path: Path) -> str:
    """What a valid vector claims by its name."""
    return {"t": "XAdES-BASELINE-T", "lt": "XAdES-BASELINE-LT"}.get(path.stem.split("-")[0], "XAdES-BASELINE-B")


def versions() -> list[str]:
    """Who was asked."""
    jars = {path.stem.rsplit("-", 1)[0]: path.stem.rsplit("-", 1)[1] for path in LIBRARIES.glob("*.jar")}
    first = {
        name: subprocess.run(command, check=True, capture_output=True, text=True)
        for name, command in {"xmlsec1": ["xmlsec1", "--version"], "JDK": ["java", "-version"]}.items()
    }
    program = first["xmlsec1"].stdout.split()[1]
    return [
        f"EU DSS {jars['dss-xades']} with its default policy, offline",
        f"Apache Santuario {jars['xmlsec']}, secure validation",
        f"JDK: {first['JDK'].stderr.splitlines()[0]}, secure validation",
        f"xmlsec1 {program}, the command of docs/verify.md",
        "libxmlsec by PyPI's xmlsec, our second engine",
    ]


def page(
    intro: Path, valid: list[Path], said: dict[Path, Said], core: dict[str, dict[Path, bool]], *, others: str, no: str
) -> str:
    """A page of ``docs/``. ``others``: what of ``said`` is not among ``valid``; ``no``: the word for what is not accepted."""
    rows = [
        f"| `{path.stem}` | {said[path].in_words()} | {' | '.join('yes' if ones[path] else no for ones in core.values())} "
        f"| `{sha256(path.read_bytes()).hexdigest()[:16]}` |"
        for path in valid
    ]
    doubts = [
        f"| `{path.parent.name}/{path.stem}` | `{told['step']}` {in_words(told)} | {one.in_words()} |"
        for path, one in said.items()
        if path not in valid and (told := said_beside(path))
    ]
    head = f"| vector | EU DSS | {' | '.join(core)} | SHA-256 |\n|---|---|{'---|' * len(core)}---|"
    text = intro.read_text(encoding="utf-8").rstrip().replace("{date}", f"{datetime.now(UTC):%Y-%m-%d}")
    parts_ = [
        text.replace("{count}", str(len(valid))),
        "\n".join(f"- {one}" for one in versions()),
        "## Valid vectors",
        "\n".join([head, *rows]),
        f"## Doubtful and invalid vectors{others}",
        "\n".join(["| vector | Tillid | EU DSS |\n|---|---|---|", *doubts]),
    ]
    return "\n\n".join(parts_) + "\n"


def main() -> int:
    """Fetch, ask, write, and say whether all accept."""
    LIBRARIES.mkdir(parents=True, exist_ok=True)
    fetch = ["mvn", "-q", "-B", "-f", str(JAVA / "pom.xml"), "dependency:copy-dependencies"]
    subprocess.run([*fetch, f"-DoutputDirectory={LIBRARIES}"], check=True)
    files = sorted((SIGNING / "vectors").glob("*/*.xml"))
    valid = [path for path in files if path.parent.name == "valid"]
    doubtful = [path for path in files if path not in valid and path.stem.startswith(DOUBTED)]
    said, core = dss(valid + doubtful), cores(valid)
    others = " of levels T and LT, and of whose seal it is"
    TABLE.write_text(page(JAVA / "intro.md", valid, said, core, others=others, no="NO"), encoding="utf-8")
    wrong = [
        f"{path.stem}: {said[path]}"
        for path in valid
        if said[path][:3] != ("TOTAL_PASSED", "-", level(path)) or set(said[path].more) - {KNOWN}
    ]
    wrong += [f"{path.stem}: {name}" for name, ones in core.items() for path in valid if not ones[path]]
    print(
        "\n".join([*wrong, f"{len(valid)} valid vectors, {len(wrong)} objections; wrote {TABLE.relative_to(PROJECT)}"])
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
