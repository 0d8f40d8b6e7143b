"""``tillid extract``: files out of a document, into one folder and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest

from tests.support import bad_pdfs as bad
from tests.support import strange_pdfs as strange
from tillid.adapters.pdf.revisions import plain_name
from tillid.cli import main


def document(path: Path, *names: str) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name in names:
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, b"{}", filename=name, mime_type="application/json")
        pdf.save(path)
    return path


def extract(path: Path, out: Path, *more: str) -> int:
    return main(["extract", str(path), "--out", str(out), *more])


def test_files_come_out_as_they_went_in(tmp_path, capsys):
    out = tmp_path / "new" / "folder"
    assert extract(document(tmp_path / "d.pdf", "answers.json", "b.json"), out, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["file"], one["revision"], one["size"]) for one in told] == [("answers.json", 0, 2), ("b.json", 0, 2)]
    assert {file.name: file.read_bytes() for file in out.iterdir()} == {"answers.json": b"{}", "b.json": b"{}"}


def test_a_document_without_files_is_said(tmp_path, capsys):
    assert extract(document(tmp_path / "d.pdf"), tmp_path / "out") == 0
    assert "ingen filer" in capsys.readouterr().out


def test_a_name_never_leads_out_of_the_folder(tmp_path, capsys):
    out = tmp_path / "deep" / "out"
    assert extract(document(tmp_path / "d.pdf", "good.json", "../out\x1b[2J.json"), out) == 1
    said = capsys.readouterr().err
    assert "navn" in said and "\x1b" not in said
    assert [path.name for path in tmp_path.rglob("*")] == ["d.pdf"]  # not even the good one


@pytest.mark.parametrize(
    "name", ["../a", "/tmp/x", "a/b", "..", ".", "", "a\\b", ".bashrc", "a\x1b", "æ", "a" * 101, "a\n"]
)
def test_what_is_no_plain_name(name):
    assert not plain_name(name)


def test_nothing_is_overwritten_and_no_link_is_followed(tmp_path, capsys):
    path, out = document(tmp_path / "d.pdf", "a.json", "b.json"), tmp_path / "out"
    out.mkdir()
    (out / "b.json").symlink_to(tmp_path / "target")
    assert extract(path, out) == 1
    assert "b.json" in capsys.readouterr().err
    assert not (tmp_path / "target").exists() and not (out / "a.json").exists()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\nnothing", b"hello"])
def test_what_is_no_document_is_told(tmp_path, capsys, data):
    (tmp_path / "d.pdf").write_bytes(data)
    assert extract(tmp_path / "d.pdf", tmp_path / "out") == 3
    assert "beskadiget" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_no_file_at_all(tmp_path, capsys):
    assert extract(tmp_path / "none.pdf", tmp_path / "out") == 1
    assert "extract.no-file" in capsys.readouterr().err


@pytest.mark.parametrize("there", ["a file", "a link to nothing"])
def test_a_folder_that_is_none_is_told_by_the_option_that_named_it(tmp_path, capsys, there):
    out = tmp_path / "out"
    out.write_bytes(b"") if there == "a file" else out.symlink_to(tmp_path / "nowhere")
    assert extract(document(tmp_path / "d.pdf", "answers.json"), out) == 1
    assert "Angiv en anden med --out. [cli.var]" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


def holding(path: Path, name: str, data: bytes) -> Path:
    path.write_bytes(strange.simple())
    path.write_bytes(bad.saved(path.read_bytes(), bad.attached(name, data)))
    return path


@pytest.mark.parametrize("before", [b"", b"\n\xef\xbb\xbf"])
@pytest.mark.parametrize(
    ("make", "why"),
    [
        (strange.script, "et program (JavaScript)"),
        (lambda pdf: bad.saved(pdf, bad.action("Launch")), "starter noget af sig selv"),
        (lambda pdf: bad.saved(pdf, bad.attached("x.png", b"MZ" + bytes(9))), "som kan køres som et program"),
    ],
    ids=["script", "starts", "program"],
)
def test_a_pdf_within_that_acts_is_not_taken_out_nor_what_lies_beside_it(tmp_path, capsys, make, why, before):
    path = holding(tmp_path / "d.pdf", "bilag.pdf", before + make(strange.simple()))
    assert extract(path, tmp_path / "out") == 3
    told = capsys.readouterr().err
    assert told.startswith("tillid: bilag.pdf: PDF-filen er afvist") and why in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "within",
    [
        strange.simple(),
        b"%PDF-1.7\nnothing",
        bad.saved(strange.simple(), lambda d: None, encryption=pikepdf.Encryption(owner="a", user="b")),
        b'{"answer": "%PDF-1.7 /JS"}',
    ],
    ids=["still", "broken", "locked", "a text"],
)
def test_any_other_pdf_within_is_taken_out_as_it_is(tmp_path, within):
    assert extract(holding(tmp_path / "d.pdf", "bilag.pdf", within), tmp_path / "out") == 0
    assert (tmp_path / "out" / "bilag.pdf").read_bytes() == within
