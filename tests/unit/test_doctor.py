"""`tillid doctor` tries the parts for real and says what to do about each that fails."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from tillid import cli
from tillid.adapters.boxed import apart
from tillid.adapters.office import OfficeBox, OfficeError
from tillid.adapters.uploads import box
from tillid.cli import doctor, probes
from tillid.cli.probe_office import conversion
from tillid.cli.probe_parsers import opening
from tillid.cli.probes import Program


def program(command: list[str], **more: object) -> Program:
    return Program(name="X", purpose="prøver", package="x-pakke", command=command, **more)


def test_a_missing_program_is_neither_found_nor_usable() -> None:
    finding = probes.try_program(program(["a-program-that-is-not-there"]))
    assert (finding.found, finding.usable) == (False, False)
    assert "x-pakke" in finding.advice and "make install" in finding.advice


def test_a_program_that_fails_is_found_but_not_usable(tmp_path: Path) -> None:
    script = tmp_path / "broken"
    script.write_text("#!/bin/sh\necho 'broken 1.2.3'\nexit 1\n")
    script.chmod(0o755)
    finding = probes.try_program(program([str(script)], hint="Sådan retter du det."))
    assert (finding.found, finding.usable, finding.version) == (True, False, "1.2.3")
    assert finding.advice == "Sådan retter du det."


def test_a_program_that_never_ends_is_not_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "SECONDS", 0.1)
    assert not probes.try_program(program(["sleep", "30"])).usable


def test_a_taken_port_is_told_but_not_needed() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        finding = probes.port(other.getsockname()[1])
    assert (finding.usable, finding.needed) == (False, False)
    assert "optaget" in finding.advice


def test_too_little_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "NEEDED_MB", 10**12)
    space, writing = probes.disk(tmp_path / "var")
    assert not space.usable and "Frigør plads" in space.advice
    assert writing.usable


def test_a_failing_fsync_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    _, writing = probes.disk(tmp_path)
    assert not writing.usable and str(tmp_path) in writing.advice


def test_a_broken_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> str:
        raise ImportError("no such library")

    monkeypatch.setattr(probes, "_LIBRARIES", [("x", "prøver", missing), ("y", "prøver", lambda: "1.0")])
    broken, whole = probes.libraries()
    assert (broken.found, broken.usable, whole.usable) == (False, False, True)
    assert "make install" in broken.advice


def test_this_machine_has_all_that_the_tests_need(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    parts = {part["name"]: part for part in report["parts"]}
    assert report["ready"] is True
    programs = ("Python", "LibreOffice", "bubblewrap", "xmlsec1", "qpdf", "pdftotext", "Chromium")
    libraries = ("lxml", "cryptography", "signxml", "pikepdf", "tantivy", "pyramid", "Plone", "Celery")
    for name in (*programs, *libraries, "Dokument til PDF", "Filer fra andre"):
        assert parts[name]["usable"] and parts[name]["version"], name
    for name in ("Python-UNO", "Skrifttypen Carlito", "Skrivning"):
        assert parts[name]["usable"], name


def test_an_office_that_makes_no_pdf_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: OfficeBox, docx: bytes) -> None:
        raise OfficeError("soffice died twice on one document", reason="dead")

    monkeypatch.setattr(OfficeBox, "convert", refuse)
    finding = conversion()
    assert finding.needed and not finding.usable and "OfficeError" in finding.advice


@pytest.mark.parametrize(("isolation", "word"), [("landlock", "halvt"), ("none", "ikke lukket inde")])
def test_an_office_without_its_box_is_a_warning_that_stands_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], isolation: str, word: str
) -> None:
    monkeypatch.setattr(OfficeBox, "isolation", isolation)
    monkeypatch.setattr(OfficeBox, "convert", lambda self, docx: (b"%PDF", 1))
    finding = conversion()
    assert word in finding.advice and "bubblewrap" in finding.advice
    monkeypatch.setattr(doctor, "examine", lambda *_: iter([probes.python(), finding]))
    assert cli.main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "ADVARSEL Dokument til PDF" in out and "men læs advarslen" in out


@pytest.mark.parametrize(("isolation", "word"), [("landlock", "halvt"), ("none", "ikke lukket inde")])
def test_files_of_strangers_without_their_walls_are_a_warning_that_stands_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], isolation: str, word: str
) -> None:
    monkeypatch.setattr(apart, "isolation", lambda: isolation)
    monkeypatch.setattr(box, "cleaned", lambda data: None)
    finding = opening()
    assert word in finding.advice and "bubblewrap" in finding.advice
    monkeypatch.setattr(doctor, "examine", lambda *_: iter([probes.python(), finding]))
    assert cli.main(["doctor"]) == 0
    assert "ADVARSEL Filer fra andre" in capsys.readouterr().out


def test_files_that_cannot_be_opened_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "command", lambda module, order, **how: (["/bin/false"], {}))
    finding = opening()
    assert finding.needed and not finding.usable and "upload.not-opened" in finding.advice


def test_with_its_box_nothing_is_warned_of(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(OfficeBox, "isolation", "bwrap")
    monkeypatch.setattr(OfficeBox, "convert", lambda self, docx: (b"%PDF", 1))
    monkeypatch.setattr(doctor, "examine", lambda *_: iter([conversion()]))
    assert cli.main(["doctor"]) == 0
    assert "dvarsel" not in capsys.readouterr().out.lower()


def test_one_needed_part_missing_is_exit_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    gone = probes.try_program(program(["a-program-that-is-not-there"]))
    monkeypatch.setattr(doctor, "examine", lambda *_: iter([probes.python(), gone]))
    assert cli.main(["doctor"]) == 1
    out = capsys.readouterr().out
    assert "MANGLER  X" in out and gone.advice in out
