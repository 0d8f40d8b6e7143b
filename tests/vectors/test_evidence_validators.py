"""``docs/validators-evidence.md`` is about the evidence vectors that lie here: every row, verdict, digest and number."""

from __future__ import annotations

import json
import re
from hashlib import sha256

from scripts.ask_evidence_validators import INTRO, TABLE
from scripts.ask_validators import in_words
from scripts.make_evidence_vectors import FOLDER

PAGE = TABLE.read_text(encoding="utf-8")
HEAD = re.compile(
    r"on (\d{4}-\d\d-\d\d); .* EU DSS (\d+\.\d+(?:\.\d+)?), offline.* All (\d+) valid ones pass", re.DOTALL
)


def test_what_eu_dss_said_is_about_these_evidence_records() -> None:
    """Each vector has one row, with the verdict that it must get and the digest of what was asked about."""
    meant = {}
    for path in FOLDER.glob("*/*.er"):
        said = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        asked = path.read_bytes() + path.with_suffix(".object").read_bytes()
        verdict = f"`{said['step']}` {in_words(said)}"
        meant[f"`{path.parent.name}/{path.stem}`"] = (verdict, f"`{sha256(asked).hexdigest()[:16]}`")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in PAGE.splitlines() if line.startswith("| `")]
    assert len(rows) == len(meant), "a row too many"
    assert {name: (verdict, digest) for name, verdict, _, digest in rows} == meant, "run make validators"


def test_eu_dss_passes_every_valid_one_and_the_page_counts_them_right() -> None:
    valid = {path.stem for path in (FOLDER / "valid").glob("*.er")}
    passed = re.findall(
        r"^\| `valid/([^`]+)` \| `evidence\.ok` TOTAL-PASSED \| PASSED (?:-|TOTAL_PASSED) \|", PAGE, re.M
    )
    assert set(passed) == valid and len(passed) == len(valid), "run make validators"
    found = HEAD.search(PAGE)
    assert found is not None and int(found[3]) == len(valid), "run make validators"
    # What the script would write above the table today: the page's words are not written by hand.
    assert PAGE.startswith(INTRO.format(day=found[1], version=found[2], count=len(valid)))
