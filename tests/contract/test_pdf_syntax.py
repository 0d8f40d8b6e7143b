"""The check of a PDF's syntax says what ``qpdf --check`` says; a document that ends it fails alone."""

from __future__ import annotations

import io
import os
import subprocess
import zlib
from pathlib import Path

import pikepdf
import pytest

from tillid.adapters.pdf import checker as module
from tillid.adapters.pdf.checker import CheckUnavailable
from tillid.adapters.pdf.conformance import conformance
from tillid.adapters.pdf.syntax import syntax


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """A page with words on it, its contents compressed."""
    document = pikepdf.new()
    document.add_blank_page()
    words = zlib.compress(b"BT /F1 12 Tf (" + b"ord " * 400 + b") Tj ET\n")
    document.pages[0].Contents = pikepdf.Stream(document, words, Filter=pikepdf.Name.FlateDecode)
    out = io.BytesIO()
    document.save(out, compress_streams=False, static_id=True)
    return out.getvalue()


def damaged(pdf: bytes, kind: str) -> bytes:
    at = pdf.index(b"stream\n", pdf.index(b"FlateDecode")) + 7
    return {
        "whole": pdf,
        "a bit turned in a compressed stream": pdf[: at + 12] + bytes([pdf[at + 12] ^ 8]) + pdf[at + 13 :],
        "a stream cut": pdf[: at + 10] + pdf[at + 20 :],
        "the end missing": pdf[:-40],
        "a place moved": pdf.replace(b"\nxref\n", b"\n\n\n\nxref\n"),
        "nothing": b"",
        "no PDF": b"%PDF-1.7\nord",
    }[kind]


KINDS = (
    "whole",
    "a bit turned in a compressed stream",
    "a stream cut",
    "the end missing",
    "a place moved",
    "nothing",
    "no PDF",
)


@pytest.mark.parametrize("kind", KINDS)
def test_it_says_what_the_program_says(pdf: bytes, kind: str, tmp_path: Path):
    file = tmp_path / "one.pdf"
    file.write_bytes(damaged(pdf, kind))
    program = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, timeout=30, check=False)
    assert bool(syntax(file.read_bytes())) == (program.returncode != 0) == (kind != "whole")


@pytest.mark.parametrize(
    ("contents", "faulty"),
    [
        (b"BT (ord) Tj ET", False),
        (b"BT <zz> Tj ET", True),
        (b"BT (ord Tj ET", True),
        (b"BT [ (ord) TJ ET", True),
        (b"BT (ord) ] TJ ET", True),
        (b"/Span << /MCID 1 BDC", True),
        (b"q ) Q", True),
        (b"BI /W 1 /H 1 ID x", True),
        (b"nonsense", False),
    ],
)
def test_what_stands_on_a_page_is_parsed_as_the_program_does(contents: bytes, faulty: bool, tmp_path: Path):
    document, file = pikepdf.new(), tmp_path / "one.pdf"
    document.add_blank_page()
    document.pages[0].Contents = pikepdf.Stream(document, contents)
    document.save(file)
    program = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, timeout=30, check=False)
    assert bool(syntax(file.read_bytes())) == (program.returncode != 0) == faulty


def test_what_is_too_heavy_fails_alone(pdf: bytes, monkeypatch):
    module._checker.close()
    monkeypatch.setitem(module.LIMITS, "cpu", 0.1)
    document = pikepdf.new()
    document.add_blank_page()
    squeeze = zlib.compressobj(1)
    bomb = b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(200)) + squeeze.flush()
    document.pages[0].Contents = pikepdf.Stream(document, bomb, Filter=pikepdf.Name.FlateDecode)
    out = io.BytesIO()
    document.save(out, compress_streams=False)
    assert syntax(out.getvalue()) == ["the check of its syntax did not end well"]
    # On a quick machine the validator comes to its own limit within a tenth of a second, and says so.
    module._checker.close()
    monkeypatch.setitem(module.LIMITS, "cpu", 0.01)
    assert conformance(out.getvalue()) == ["the validator did not end well"]
    monkeypatch.setitem(module.LIMITS, "cpu", 0.1)
    assert syntax(pdf) == []
    module._checker.close()


def test_a_process_that_was_ended_is_replaced(pdf: bytes):
    syntax(pdf)
    before = module._checker._process.pid
    os.kill(before, 9)
    module._checker._process.wait()
    assert syntax(pdf) == []
    assert module._checker._process.pid != before


def test_without_a_process_the_document_waits(pdf: bytes, monkeypatch):
    module._checker.close()
    monkeypatch.setattr(module, "INSIDE", "tillid.adapters.pdf.nothing_here")
    with pytest.raises(CheckUnavailable):
        syntax(pdf)


def test_the_log_is_told_how_much_and_not_what():
    assert syntax(b"%PDF-1.7\n(Alma Sofie)") == ["qpdf finds 1 faults"]


def test_nothing_of_it_lies_on_the_disk(pdf: bytes, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "missing"))
    assert syntax(pdf) == []
