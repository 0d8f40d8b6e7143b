"""A truly sealed word that looks like another passes, and never silently."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.make_vectors import TRUST as TRUSTS
from tillid.cli import main
from tillid.kernel.alphabets import mixed_words
from tillid.kernel.clock import parse_instant
from tillid.kernel.paths import SIGNING
from tillid.signatures.looks import warnings_in
from tillid.signatures.rendering import render
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import load_trust

FILES = sorted((SIGNING / "vectors").glob("*/*.xml"))
TRUST = load_trust(TRUSTS / "vectors")


def expected(path: Path) -> dict:
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.mark.req("R-104")
def test_each_vector_that_deceives_the_eye_is_told_of_and_no_other() -> None:
    warned = 0
    for path in FILES:
        wanted = expected(path)
        if path.parent.name == "invalid" or wanted["trust"] != "vectors":
            continue
        found = verify_timed(path.read_bytes(), TRUST, at=parse_instant(wanted["at"]))
        places = wanted.get("warned_of", [])
        assert len(found.warnings) == bool(places), path
        assert all(place in found.warnings[0] for place in places), path
        assert found.public()["warnings"] == list(found.warnings)
        if places:
            warned += 1
            # What is shown as the record's page has the word, and the warning never has it: it may be a name.
            words = mixed_words(render(found.signed or b"").decode())
            assert words and not any(word in found.warnings[0] for word in words), path
            assert found.passed, "a warning is no verdict"
    assert warned == 8


def test_two_places_are_joined_as_a_person_says_it() -> None:
    found = verify_timed((SIGNING / "vectors" / "valid" / "looks-two-places.xml").read_bytes(), TRUST, at=parse_instant("2025-12-03T18:30:12Z"))  # fmt: skip
    assert found.warnings[0].endswith("Det gælder navnet på det sted, oplysningerne går til og dokumentets titel.")


def test_nothing_is_told_of_what_was_not_covered() -> None:
    assert warnings_in(None) == ()
    forged = (SIGNING / "vectors" / "valid" / "looks-cyrillic-name.xml").read_bytes().replace(b"O'Hara", b"O'Hare")
    found = verify_timed(forged, TRUST, at=parse_instant("2025-12-03T18:30:12Z"))
    assert (found.step, found.warnings) == ("crypto.hash", ())


@pytest.mark.parametrize("name", ["looks-cyrillic-name", "looks-greek-receiver", "given"])
def test_the_command_says_it_of_one_file_and_of_thousands(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, told = SIGNING / "vectors" / "valid" / f"{name}.xml", "Pas på: Mindst ét ord"
    asked = ["verify", str(path), "--trust", str(TRUSTS / "vectors"), "--at", "2025-12-03T18:30:12Z"]
    deceives = name != "given"
    assert main(asked) == 0
    assert (told in capsys.readouterr().out) == deceives
    assert main([*asked, "--json"]) == 0
    assert bool(json.loads(capsys.readouterr().out)[0]["warnings"]) == deceives
    for _ in ("first", "known from before"):
        assert main([*asked, "--all", "--state", str(tmp_path / "state")]) == 0
        assert (told in capsys.readouterr().out) == deceives


def test_every_command_that_prints_what_a_verdict_says_prints_its_warnings() -> None:
    folder = Path(main.__code__.co_filename).parent
    says = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
    told = {name: ".warnings" in text for name, text in says.items() if ".sentence" in text}
    # The others hand a verdict on, and say of a package why it was not taken in.
    assert told == {
        "evidence.py": True,
        "package_look.py": True,
        "verify.py": True,
        "verify_many.py": True,
        "package_import.py": False,
        "verify_pdf.py": False,
    }
