"""``tillid verify``: trust, folders, PDFs, what people read."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pikepdf
import pytest

from tillid.cli import main
from tillid.cli.verify import EXIT
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import parse_instant
from tillid.kernel.paths import SIGNING
from tillid.signatures.limits import TIMESTAMP_DOES_NOT_PROVE
from tillid.signatures.names import consent
from tillid.signatures.schema import schema_fault
from tillid.signatures.timed import TIMESTAMP_NOT_CONFIRMED, verify_timed
from tillid.signatures.trust import load_trust
from tillid.signatures.verdict import REASONS
from tillid.signatures.xml import Element

VALID = SIGNING / "vectors" / "valid"
INVALID = SIGNING / "vectors" / "invalid"
TRUST = str(SIGNING / "trust" / "vectors")
EXPECTED_EXIT = {"valid": {0}, "invalid": {1, 3}, "indeterminate": {2}}


def run(*arguments: object) -> int:
    return main(["verify", *map(str, arguments)])


@pytest.fixture
def no_trust(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TILLID_MODE", raising=False)


@pytest.mark.usefixtures("no_trust")
def test_without_trust_a_record_cannot_be_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(VALID / "given.xml") == 2
    shown = capsys.readouterr()
    assert "--trust" in shown.err and "trust.none" in shown.err
    assert "KAN IKKE AFGØRES" in shown.out and "--trust" in shown.out


@pytest.mark.usefixtures("no_trust")
@pytest.mark.req("R-103")
def test_a_timestamp_that_nobody_confirmed_proves_nothing_and_one_that_holds_is_not_denied(
    capsys: pytest.CaptureFixture[str],
) -> None:
    moment, own = "2025-11-03T18:30:17Z", "Tidspunktet er platformens eget."
    assert run(VALID / "lt-given.xml") == 2
    told = capsys.readouterr().out
    assert f"Tidsstemplet siger (ikke bekræftet): {moment}" in told and TIMESTAMP_NOT_CONFIRMED in told
    assert "Fandtes senest" not in told and own not in told
    # As of a moment before the stamp: another doubt about it, told the same way.
    assert run(VALID / "lt-given.xml", "--trust", TRUST, "--at", "2025-11-03T18:00:00Z") == 2
    told = capsys.readouterr().out
    assert "Fandtes senest" not in told and own not in told
    assert run(VALID / "lt-given.xml", "--trust", TRUST) == 0
    told = capsys.readouterr().out
    assert f"Fandtes senest: {moment}" in told and TIMESTAMP_DOES_NOT_PROVE in told and own not in told
    # Too late for the seal's claim, but a proven moment all the same.
    late = SIGNING / "vectors" / "indeterminate" / "t-years-later.xml"
    assert run(late, "--trust", TRUST, "--at", "2027-11-03T00:00:00Z") == 2
    told = capsys.readouterr().out
    assert "timestamp.late" in told and "Fandtes senest" in told and TIMESTAMP_DOES_NOT_PROVE in told


@pytest.mark.usefixtures("no_trust")
def test_without_trust_each_file_is_judged_still(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "note.xml").write_text("x")
    paths = VALID / "given.xml", INVALID / "changed-answer.xml", tmp_path / "note.xml"
    assert [run(path, "--json") for path in paths] == [2, 1, 3]
    capsys.readouterr()
    assert run(*paths, "--json") == 1
    judged = json.loads(capsys.readouterr().out)
    assert [one["status"] for one in judged] == ["indeterminate", "failed", "unreadable"]
    assert judged[0]["step"] == "trust.none" and "--trust" in judged[0]["sentence"]
    assert run(SIGNING / "vectors" / "indeterminate" / "expired-seal.xml", "--json") == 2
    assert json.loads(capsys.readouterr().out)[0]["step"] == "trust.none"


def test_the_test_trust_is_the_default_in_demo_mode_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILLID_MODE", "demo")
    assert run(VALID / "given.xml") == 0
    monkeypatch.setenv("TILLID_MODE", "production")
    assert run(VALID / "given.xml") == 2


@pytest.mark.req("R-103")
def test_people_read_a_sentence_and_the_limits(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(VALID / "withdrawn.xml", "--trust", TRUST) == 0
    shown = capsys.readouterr().out
    assert "GODKENDT" in shown and "tilbagekaldelse af samtykke" in shown and "TOTAL-PASSED" in shown
    assert "ikke personens egen underskrift" in shown and "om samtykket stadig gælder" in shown
    assert "Søren" not in shown and "Mette" not in shown


@pytest.mark.req("R-103", "R-105")
@pytest.mark.parametrize(
    ("name", "level", "loa"),
    [
        ("given.xml", "B", True),
        ("t-given.xml", "T", True),
        ("lt-given.xml", "LT", True),
        ("meeting-given-on-paper.xml", "B", False),
    ],
)
def test_a_verdict_tells_what_was_covered_by_whom_and_how_sure_it_is(
    capsys: pytest.CaptureFixture[str], name: str, level: str, loa: bool
) -> None:
    assert run(VALID / name, "--trust", TRUST, "--at", "2026-11-25T12:00:00Z", "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    covered = verify_timed(
        (VALID / name).read_bytes(), load_trust(Path(TRUST)), at=parse_instant("2026-11-25T12:00:00Z")
    ).signed
    assert told["covered"] == {"sha256": sha256(covered), "bytes": len(covered)}
    assert told["details"]["level"] == level and told["details"]["seal"] and told["details"]["signature_kind"]
    assert ("login_level" in told["details"]) == loa
    run(VALID / name, "--trust", TRUST, "--at", "2026-11-25T12:00:00Z")
    shown = capsys.readouterr().out
    assert f"Niveau (XAdES): {level}" in shown and sha256(covered) in shown
    assert ("Loginets sikringsniveau: " in shown) == loa


def test_the_worst_of_several_counts_and_hides_no_forgery(tmp_path: Path) -> None:
    good, bad = VALID / "given.xml", INVALID / "changed-answer.xml"
    doubtful = SIGNING / "vectors" / "indeterminate" / "expired-seal.xml"
    missing = tmp_path / "missing.xml"
    for paths, code in [
        ((good,), 0),
        ((good, doubtful), 2),
        ((good, doubtful, missing), 3),
        ((missing, doubtful, good, bad), 1),
        ((bad, doubtful), 1),
    ]:
        assert run(*paths, "--trust", TRUST) == code, paths


def test_what_is_no_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    assert run(tmp_path / "pipe.xml", "--trust", TRUST) == 3
    assert run(tmp_path, "--trust", TRUST) == 3
    assert run("/dev/zero", "--trust", TRUST) == 3
    assert run("x" * 5000, "--trust", TRUST) == 3


def test_a_folder_is_its_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "--trust", TRUST) == 3
    shutil.copy(VALID / "given.xml", tmp_path)
    shutil.copy(VALID / "refused.xml", tmp_path)
    (tmp_path / "note.txt").write_text("x")
    capsys.readouterr()
    assert run(tmp_path, "--trust", TRUST, "--json") == 0
    kinds = [one["details"]["kind"] for one in json.loads(capsys.readouterr().out)]
    assert kinds == ["ConsentGiven", "ConsentRefused"]


def test_records_inside_a_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "document.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name in ("answers.json", "consent-1.xml"):
            data = b"{}" if name.endswith("json") else (VALID / "given.xml").read_bytes()
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, data, filename=name, mime_type="application/xml")
        pdf.save(path)
    assert run(path, "--trust", TRUST, "--json") == 0
    (one,) = json.loads(capsys.readouterr().out)
    assert one["file"].endswith("document.pdf!consent-1.xml") and one["status"] == "passed"
    assert run(path, "--trust", TRUST) == 0
    said = capsys.readouterr().out
    assert f"  Ligger i filens udgave: 0\n  Den viste PDF's SHA-256: {one['details']['shown_pdf']}\n" in said
    assert f"det oprindelige dokument: answers.json, consent-1.xml ({len(path.read_bytes())} byte, " in said
    assert said.index("Filens udgaver:") < said.index("Vist til:") < said.index("gælder nu:")


def test_a_pdf_without_records_or_readable_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "document.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
        assert run(path, "--trust", TRUST) == 3
        said = capsys.readouterr().out
        data = path.read_bytes()
        revision = f"  0: det oprindelige dokument: ingen filer ({len(data)} byte, sha256 {sha256(data)})"
        assert "(ingen filer)" in said and f"{path}:\n  Filens udgaver:\n  {revision}\n\nBemærk" in said
        assert "Vist til" not in said
        name = "svar\x1b[2J.json"
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, b"{}", filename=name, mime_type="application/json")
        pdf.save(path)
    assert run(path, "--trust", TRUST) == 3
    said = capsys.readouterr().out
    assert "intet at efterprøve" in said and ".json" in said and "\x1b" not in said
    path.write_bytes(b"%PDF-1.7\nnothing")
    assert run(path, "--trust", TRUST) == 3
    said = capsys.readouterr().out
    assert "kan ikke læses" in said and "udgaver" not in said


def test_a_wrong_trust_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(VALID / "given.xml", "--trust", tmp_path / "none") == 2
    (tmp_path / "ca").mkdir()
    (tmp_path / "ca" / "root.pem").write_text("no certificate")
    assert run(VALID / "given.xml", "--trust", tmp_path) == 2
    assert "root.pem" in capsys.readouterr().err


def test_nothing_to_verify_is_no_forgery(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == main(["verify", "--json"]) == 2
    said = capsys.readouterr()
    assert "verify.nothing" in said.err and said.out == ""


def test_production_trusts_nobody_in_the_project() -> None:
    assert not list((SIGNING / "trust" / "production").rglob("*.pem"))


@pytest.mark.parametrize("more", [(), ("--all",), ("--all", "--state", "state")], ids=["folder", "all", "state"])
def test_a_file_that_breaks_the_verifier_is_an_alarm_and_hides_no_forgery(
    more: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever nobody has thought of: here a schema check that raises for one of three files, the first of them."""
    for number, path in enumerate((VALID / "refused.xml", INVALID / "changed-answer.xml", VALID / "given.xml")):
        shutil.copy(path, tmp_path / f"{number}.xml")

    def raising(root: Element) -> str | None:
        if root[1].tag == consent("ConsentRefused"):
            raise OverflowError("personal data")
        return schema_fault(root)

    monkeypatch.setattr("tillid.signatures.verify.schema_fault", raising)
    monkeypatch.chdir(tmp_path)
    assert run(tmp_path, "--trust", TRUST, "--json", *more) == 4
    shown = capsys.readouterr()
    if "--state" in more:
        steps = {Path(one["file"]).name: one["step"] for one in json.loads(shown.out)["objections"]}
    else:
        steps = {Path(one["file"]).name: one["step"] for one in json.loads(shown.out)}
        assert steps.pop("2.xml") == "ok" and "engines.broke-off" in shown.err
    assert steps == {"0.xml": "engines.broke-off", "1.xml": "crypto.hash"}
    assert "personal data" not in shown.out + shown.err
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert run(tmp_path, "--trust", TRUST, "--json", *more) == 1, "judged again when it was mended"


@pytest.mark.parametrize("folder", EXPECTED_EXIT)
def test_exit_codes(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    seen = set()
    for path in sorted((SIGNING / "vectors" / folder).glob("*.xml")):
        wanted = json.loads(path.with_suffix(".json").read_text("utf-8"))
        code = main(["verify", str(path), "--trust", TRUST, "--json", "--at", wanted["at"]])
        (judged,) = json.loads(capsys.readouterr().out)
        assert (judged["step"], judged["sentence"]) == (wanted["step"], REASONS[judged["step"]][2])
        assert judged["does_not_prove"]
        seen.add(code)
    assert seen == EXPECTED_EXIT[folder]


def test_all_reads_to_the_bottom_and_asks_both_engines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "2026" / "a").mkdir(parents=True)
    shutil.copy(VALID / "given.xml", tmp_path / "2026" / "a")
    assert run(tmp_path, "--trust", TRUST) == 3
    assert run(tmp_path, "--all", "--trust", TRUST) == 0
    shutil.copy(INVALID / "changed-answer.xml", tmp_path)
    assert run(tmp_path, "--all", "--trust", TRUST) == 1
    capsys.readouterr()
    monkeypatch.setattr("tillid.adapters.xmlsec_engine.libxmlsec", lambda data, leaf: False)
    assert run(tmp_path, "--all", "--trust", TRUST) == 4
    shown = capsys.readouterr()
    assert "ALARM" in shown.out and "engines.disagree" in shown.err


@pytest.mark.parametrize("command", ["verify", "extract", "render", "templates lint", "templates check"])
def test_the_help_says_what_each_exit_code_means(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == 0
    _, _, codes = told.partition("Afslutningskoder: ")
    known = {"verify": {str(code) for code in EXIT.values()}, "extract": {"0", "1", "2", "3"}}.get(
        command, {"0", "1", "2"}
    )
    assert known <= set(re.findall(r"\b([0-9]) [a-zæøå]", codes))
