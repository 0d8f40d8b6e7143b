"""Ask EU DSS about each vector of renewed evidence, and write what it said to ``docs/validators-evidence.md``.

    make validators        (runs ``ask_validators.py`` first, which fetches EU DSS)

Its default policy, with two changes: SHA-256 ends when our table says so, and an ended method is an error, not a warning. Every
valid vector must pass; of the others what it says is written down beside our verdict. ``openssl ts`` is asked about each token
in the tests. Exits with 1 when a valid vector is not accepted.
"""

from __future__ import annotations

import json
import sys
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from scripts.ask_validators import JAVA, LIBRARIES, in_words, java  # noqa: E402
from scripts.make_evidence_vectors import FOLDER  # noqa: E402
from tillid.kernel.paths import SIGNING  # noqa: E402

ROOTS = (FOLDER / "trust" / "tsa", SIGNING / "trust" / "test" / "ca", SIGNING / "trust" / "test" / "tsa")
TABLE = PROJECT / "docs" / "validators-evidence.md"
INTRO = """\
# What EU DSS says of our evidence records

Written by `make validators` on {day}; not by hand. EU DSS {version}, offline, was given each vector of `signing/vectors/evidence`
with its object, at the vector's moment, with the vectors' roots and its own policy, in which SHA-256 ends in 2046 as in the
vectors' table. All {count} valid ones pass, those of 2026 in 2066 too; `sealed-record` is one of our records at level LT, judged in
2066 as a signature (TOTAL_PASSED) with its evidence (PASSED), when its certificates have ended and SHA-256 is no longer believed.

Where it passes what we do not: it reads other spellings of the same record (BER lengths, further fields), which we refuse so
that no byte is without a meaning, and it does not ask whether a timestamp is later than the moment that is judged for.

The last column: the beginning of the SHA-256 of evidence record and object, one after the other; a test holds it to the files.

| vector | Tillid | EU DSS | SHA-256 |
|---|---|---|---|
"""


def policy() -> Path:
    """EU DSS's own policy with the two changes."""
    (jar,) = LIBRARIES.glob("dss-policy-jaxb-*.jar")
    text = zipfile.ZipFile(jar).read("policy/constraint.xml").decode()
    for old, new in (
        ("<Algo>SHA256</Algo>", '<Algo Date="2046-01-01">SHA256</Algo>'),
        ('LevelAfterUpdate="WARN"', 'LevelAfterUpdate="FAIL"'),
    ):
        if old not in text:
            raise SystemExit(f"the policy has no {old}")
        text = text.replace(old, new)
    path = LIBRARIES / "evidence-policy.xml"
    path.write_text(text, "utf-8")
    return path


def main() -> int:
    """Ask, write, and say what valid vector was not accepted."""
    records = sorted(FOLDER.glob("*/*.er"))
    wanted = {path: json.loads(path.with_suffix(".json").read_bytes()) for path in records}
    asked = [word for path in records for word in (wanted[path]["at"], str(path), str(path.with_suffix(".object")))]
    lines = java(JAVA / "DssEvidence.java", ":".join(map(str, ROOTS)), str(policy()), *asked)
    said = {Path(line.split(" ", 2)[2]): " ".join(line.split(" ", 2)[:2]) for line in lines if line[0] != " "}
    rows = [
        f"| `{path.parent.name}/{path.stem}` | `{wanted[path]['step']}` {in_words(wanted[path])} | {said[path]} "
        f"| `{sha256(path.read_bytes() + path.with_suffix('.object').read_bytes()).hexdigest()[:16]}` |\n"
        for path in records
    ]
    valid = [path for path in records if path.parent.name == "valid"]
    version = next(LIBRARIES.glob("dss-evidence-record-asn1-*.jar")).stem.rsplit("-", 1)[1]
    intro = INTRO.format(day=datetime.now(UTC).date(), version=version, count=len(valid))
    TABLE.write_text(intro + "".join(rows), "utf-8")
    wrong = [path.stem for path in valid if said[path] not in ("PASSED -", "PASSED TOTAL_PASSED")]
    print(f"{len(records)} evidence records, {len(wrong)} valid ones not accepted {' '.join(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
