"""``tillid verify``: trust, folders, PDFs, what people read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pikepdf
import pytest

from tillid.cli import main
from tillid.kernel.paths import SIGNING

VALID = SIGNING / "vectors" / "valid"
TRUST = str(SIGNING / "trust" / "test")


def run(*arguments: object) -> int:
    return main(["verify", *map(str, arguments)])


def test_without_trust_nothing_can_be_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("TILLID_MODE", raising=False)
    assert run(VALID / "given.xml") == 2
    shown = capsys.readouterr()
    assert "--trust" in shown.err and not shown.out


def test_the_test_trust_is_the_default_in_demo_mode_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILLID_MODE", "demo")
    assert run(VALID / "given.xml") == 0
    monkeypatch.setenv("TILLID_MODE", "production")
    assert run(VALID / "given.xml") == 2


@pytest.mark.req("R-103")
def test_people_read_a_sentence_and_the_limits(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(VALID / "withdrawn.xml", "--trust", TRUST) == 0
    shown = capsys.readouterr().out
    assert "GODKENDT" in shown and "tilbagekaldelse af samtykke" in shown and "TOTAL_PASSED" in shown
    assert "ikke personens egen underskrift" in shown and "om samtykket stadig gælder" in shown
    assert "Søren" not in shown and "Mette" not in shown


def test_the_worst_of_several_counts(tmp_path: Path) -> None:
    vectors = SIGNING / "vectors"
    good, bad = VALID / "given.xml", vectors / "invalid" / "changed-answer.xml"
    doubtful = vectors / "indeterminate" / "expired-seal.xml"
    assert run(good, bad, "--trust", TRUST) == 1
    assert run(good, bad, doubtful, "--trust", TRUST) == 2
    assert run(good, bad, doubtful, tmp_path / "missing.xml", "--trust", TRUST) == 3


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


def test_a_pdf_without_records_or_readable_content(tmp_path: Path) -> None:
    path = tmp_path / "document.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    assert run(path, "--trust", TRUST) == 3
    path.write_bytes(b"%PDF-1.7\nnothing")
    assert run(path, "--trust", TRUST) == 3


def test_a_wrong_trust_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(VALID / "given.xml", "--trust", tmp_path / "none") == 2
    (tmp_path / "ca").mkdir()
    (tmp_path / "ca" / "root.pem").write_text("no certificate")
    assert run(VALID / "given.xml", "--trust", tmp_path) == 2
    assert "root.pem" in capsys.readouterr().err


def test_production_trusts_nobody_in_the_project() -> None:
    assert not list((SIGNING / "trust" / "production").rglob("*.pem"))
