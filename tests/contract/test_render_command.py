"""``tillid render`` and ``tillid templates``: PDFs out of files, every mistake told in one Danish sentence, never a traceback."""

import io
import json
import os
import threading
import time
import zipfile
from contextlib import contextmanager

import pytest

from tests.contract.test_template_lint import docx
from tests.support.document_samples import FORMS
from tillid.adapters.pdf import check, extract, page_text
from tillid.adapters.renderer import DocumentRenderer
from tillid.cli import main, render, templates
from tillid.documents.samples import STATES, sample, sample_path
from tillid.kernel.paths import DOCUMENT_TEMPLATES

OVERGANG = "overgangsbeskrivelse/v3"
ANSWERS = sample_path("overgangsbeskrivelse", 3, "typical")


@pytest.fixture
def warm(renderer, monkeypatch):
    """The commands use the run's warm LibreOffice."""

    class Lent(DocumentRenderer):
        def __init__(self, folder):
            super().__init__(folder, office=renderer._office)

        def close(self):
            """The run's own LibreOffice goes on."""

    monkeypatch.setattr(render, "DocumentRenderer", Lent)
    monkeypatch.setattr(templates, "DocumentRenderer", Lent)


def told(capsys, *arguments, code=1) -> str:
    """What the command says when it ends with ``code``."""
    assert main([str(one) for one in arguments]) == code
    out = capsys.readouterr()
    text = out.out + out.err
    assert "Traceback" not in text
    return text


@pytest.mark.req("R-111")
def test_a_readers_pdf_out_of_a_file(warm, tmp_path, capsys):
    out = tmp_path / "ud.pdf"
    arguments = ["render", "--form", OVERGANG, "--answers", ANSWERS, "--reader", "parent", "--out", out]
    row = json.loads(told(capsys, *arguments, "--json", code=0))
    assert (row["form"], row["reader"], row["pages"]) == (OVERGANG, "parent", 2)
    pdf = out.read_bytes()
    assert check(pdf) == []
    assert "Forældrenes eksemplar" in page_text(pdf)
    assert out.stat().st_mode & 0o077 == 0, "it may hold a child's data"
    (data,) = extract(pdf)
    again, bare = tmp_path / "answers.json", tmp_path / "igen.pdf"
    again.write_bytes(data.data)
    assert "2 sider" in told(
        capsys, "render", "--form", OVERGANG, "--answers", again, "--reader", "parent", "--out", bare, code=0
    )
    assert extract(bare.read_bytes())[0].data == data.data


def test_answers_alone_give_the_same_bytes_twice(warm, tmp_path, capsys):
    answers = tmp_path / "svar.json"
    answers.write_text(json.dumps(sample("samtykkeerklaering", 2, "short").answers))
    for name in ("en.pdf", "to.pdf"):
        told(
            capsys, "render", "--form", "samtykkeerklaering/v2", "--answers", answers, "--out", tmp_path / name, code=0
        )
    assert (tmp_path / "en.pdf").read_bytes() == (tmp_path / "to.pdf").read_bytes()


BAD = [
    ("[]", "en gruppe med felter"),
    ("{", "ikke gyldig JSON"),
    ('{"p_glad": 3}', "feltet »p_glad«"),
    ('{"u_indsatser": [3]}', "feltet »u_indsatser«"),
    ('{"barn": {"id": 1}}', "feltet »barn«"),
    ('{"ukendt": "x"}', "intet felt »ukendt«"),
    ('{"answers": {}, "moment": "i går"}', "tidspunkt"),
    ('{"answers": {}, "reader": "naboen"}', "læser"),
    ('{"answers": {}, "header": 7}', "kan ikke læses"),
    ('{"p_glad": "' + "x" * 5000 + '"}', "feltet »p_glad«"),
]


@pytest.mark.parametrize(("text", "why"), BAD)
def test_answers_that_do_not_fit_are_told(tmp_path, capsys, text, why):
    answers = tmp_path / "svar.json"
    answers.write_text(text)
    assert why in told(capsys, "render", "--form", OVERGANG, "--answers", answers, "--out", tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_other_mistakes_are_told(warm, tmp_path, capsys):
    out = tmp_path / "x.pdf"
    empty = tmp_path / "svar.json"
    empty.write_text("{}")
    ask = ["render", "--answers", empty, "--out", out]
    assert "ingen definition" in told(capsys, *ask, "--form", "overgangsbeskrivelse/v99")
    assert "parent må ikke se noget" in told(capsys, *ask, "--form", "trivselsskema/v2", "--reader", "parent")
    assert "ingen skabelon" in told(capsys, *ask, "--form", OVERGANG, "--templates", tmp_path)
    (tmp_path / "look.yaml").write_text("accent: '#ffff00'\n")
    (tmp_path / "overgangsbeskrivelse").mkdir()
    (tmp_path / "overgangsbeskrivelse" / "v3.docx").write_bytes(docx("{{ os.popen('id') }}"))
    assert "mørkere farve" in told(capsys, *ask, "--form", OVERGANG, "--templates", tmp_path)
    (tmp_path / "look.yaml").unlink()
    assert "tillid templates lint" in told(capsys, *ask, "--form", OVERGANG, "--templates", tmp_path)
    nowhere = [
        "render",
        "--form",
        "samtykke_tilbagekaldelse/v1",
        "--answers",
        sample_path("samtykke_tilbagekaldelse", 1, "short"),
    ]
    assert "kan ikke skrives" in told(capsys, *nowhere, "--out", tmp_path / "mappe" / "x.pdf")
    assert not out.exists()


def test_lint_names_paragraph_tag_and_field(tmp_path, capsys):
    file = tmp_path / "min.docx"
    file.write_bytes(docx("Kære {{ fields.p_glda.text }}"))
    text = told(capsys, "templates", "lint", file, "--form", OVERGANG)
    assert (
        "fejl: brødteksten, afsnit 2: Skemaet overgangsbeskrivelse/v3 har intet felt p_glda. Mente du p_glad?" in text
    )
    assert "mærke: {{ fields.p_glda.text }}" in text and "afsnittet begynder: Kære" in text
    row = json.loads(told(capsys, "templates", "lint", file, "--form", OVERGANG, "--json"))
    first = row["findings"][0]
    assert (row["ok"], first["rule"], first["paragraph"], first["field"]) == (False, "unknown-field", 2, "p_glda")
    file.write_bytes(docx("{{ fields.p_soevn.text }}"))
    assert "men i overgangsbeskrivelse/v" in told(capsys, "templates", "lint", file, "--form", OVERGANG)


def test_what_stands_in_the_file_does_not_steer_the_terminal(tmp_path, capsys):
    """XML may hold the eight-bit signs that some terminals obey, and marks that turn the line around; so may a part's name."""
    evil = "\x1b[2J\x9b31m\u202e\n"
    out = io.BytesIO(docx("før \x9b31m\u202e {{ fields.p_glda.\x9b31m }} {{ \u202e"))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(f"word/{evil}.xml", b"<x")
    file = tmp_path / "min.docx"
    file.write_bytes(out.getvalue())
    text = told(capsys, "templates", "lint", file, "--form", OVERGANG)
    assert "odd-name" in text and "split-tag" in text
    assert all(sign.isprintable() for sign in text.replace("\n", "")), "and each finding on lines of its own"
    assert "\n31m" not in text


def test_lint_of_a_good_template_and_of_no_template(tmp_path, capsys):
    good = DOCUMENT_TEMPLATES / "fdr" / "v2.docx"
    assert told(capsys, "templates", "lint", good, "--form", "fdr/v2", code=0) == "Ingen fejl (fdr/v2).\n"
    assert "findes ikke" in told(capsys, "templates", "lint", tmp_path / "x.docx", "--form", "fdr/v2")
    assert "kan ikke læses" in told(capsys, "templates", "lint", tmp_path, "--form", "fdr/v2")
    (tmp_path / "x.docx").write_bytes(b"GIF89a")
    assert "ikke et Word-dokument" in told(capsys, "templates", "lint", tmp_path / "x.docx", "--form", "fdr/v2")


def test_check_makes_every_sample_of_a_form_for_every_reader(warm, capsys):
    row = json.loads(told(capsys, "templates", "check", "--form", "trivselsoverblik/v1", "--json", code=0))
    assert (row["ok"], row["documents"], row["forms"][0]["form"]) == (True, 4, "trivselsoverblik/v1")


def test_check_tells_what_a_changed_template_does_not_say(warm, tmp_path, capsys):
    folder = tmp_path / "trivselsoverblik"
    (folder / "samples").mkdir(parents=True)
    (folder / "v1.docx").write_bytes(docx("Kun titlen"))
    for state in ("short", "typical"):
        for suffix in (".json", ".txt"):
            old = sample_path("trivselsoverblik", 1, state).with_suffix(suffix)
            (folder / "samples" / old.name).write_bytes(old.read_bytes())
    text = told(capsys, "templates", "check", "--form", "trivselsoverblik/v1", "--templates", tmp_path)
    assert "siderne siger noget andet" in text and "ikke noget brugbart eksempel" in text


def test_check_goes_on_after_a_template_that_is_not_there(warm, tmp_path, capsys):
    row = json.loads(told(capsys, "templates", "check", "--templates", tmp_path, "--json"))
    assert [one["form"] for one in row["forms"]] == [f"{form}/v{version}" for form, version in sorted(FORMS)]
    assert all("findes ikke" in one["problems"][0] for one in row["forms"]) and not row["ok"]


def test_one_template_is_called_one(warm, tmp_path, capsys):
    text = told(capsys, "templates", "check", "--form", "fdr/v2", "--templates", tmp_path)
    assert text.endswith("1 fejl i 1 skabelon med 0 dokumenter.\n")
    assert "ingen definition" in told(capsys, "templates", "check", "--form", "")


def test_a_sample_without_its_words_is_told(warm, tmp_path, capsys):
    folder = tmp_path / "trivselsoverblik"
    (folder / "samples").mkdir(parents=True)
    (folder / "v1.docx").write_bytes((DOCUMENT_TEMPLATES / "trivselsoverblik" / "v1.docx").read_bytes())
    short = sample_path("trivselsoverblik", 1, "short")
    (folder / "samples" / short.name).write_bytes(short.read_bytes())
    asked = ["templates", "check", "--form", "trivselsoverblik/v1", "--templates", tmp_path]
    for words in (None, b"\xff\xfe"):
        if words is not None:
            (folder / "samples" / short.name).with_suffix(".txt").write_bytes(words)
        assert "short: Der er ikke noget brugbart eksempel" in told(capsys, *asked)


@pytest.mark.parametrize("command", ["render", "lint"])
@pytest.mark.parametrize("given", ["a device without end", "a pipe"])
def test_no_more_is_read_of_a_file_than_it_may_have(tmp_path, capsys, command, given):
    """``/dev/zero`` says that it is empty, and took all memory of the machine."""
    with some(given) as file:
        words = ["--answers", file, "--out", tmp_path / "x.pdf"] if command == "render" else ["lint", file]
        text = told(capsys, "templates" if command == "lint" else "render", *words, "--form", OVERGANG)
    if given == "a device without end":
        assert ("den er over 5 MB" if command == "render" else "den er over 20 MB") in text
    else:
        assert ("intet felt »ukendt«" if command == "render" else "ikke et Word-dokument") in text


@contextmanager
def some(given):
    """The path of such a file: a pipe that somebody writes two pieces into, as a shell's ``<(…)``."""
    if given == "a device without end":
        yield "/dev/zero"
        return
    ours, theirs = os.pipe()

    def write():
        with os.fdopen(theirs, "wb") as out:
            out.write(b'{"uken')
            out.flush()
            time.sleep(0.05)
            out.write(b'dt": "x"}')

    thread = threading.Thread(target=write)
    thread.start()
    yield f"/dev/fd/{ours}"
    thread.join()
    os.close(ours)


@pytest.mark.parametrize("key", ["number", "municipality", "subtitle", "document"])
def test_half_a_character_is_told_wherever_it_stands(tmp_path, capsys, key):
    answers = tmp_path / "svar.json"
    half = {"id": "\ud800"} if key == "document" else "\ud800"
    answers.write_text(json.dumps({"answers": {}, key: half}))
    asked = ["render", "--form", OVERGANG, "--answers", answers, "--out", tmp_path / "x.pdf"]
    assert "kan ikke læses" in told(capsys, *asked)
    if key in ("number", "municipality"):
        answers.write_text('{"answers": {}}')
        assert "kan ikke læses" in told(capsys, *asked, f"--{key}", "\udcff")


@pytest.mark.parametrize(
    "words", [["render"], ["templates"], ["templates", "lint"], ["templates", "gør"], ["render", "--form"]]
)
def test_wrong_use_is_told(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "Hjælp: tillid" in capsys.readouterr().err


def test_every_sample_of_every_template_is_in_order(capsys, warm):
    """Each reader's copy in each state, of older versions too."""
    made = json.loads(told(capsys, "templates", "check", "--json", code=0))
    assert {row["form"] for row in made["forms"]} == {f"{form}/v{version}" for form, version in FORMS}
    assert made["ok"] and all(row["documents"] >= len(STATES) and not row["problems"] for row in made["forms"])
