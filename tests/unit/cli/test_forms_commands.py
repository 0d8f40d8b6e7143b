"""``tillid definitions …`` and ``tillid answers …``: what they answer, their exit codes, and one sentence per bad file."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.unit.forms.upcast_examples import NEW, OLD
from tillid.cli import main

pytestmark = pytest.mark.req("T30")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "forms"
    (folder / "demo").mkdir(parents=True)
    (folder / "demo/v1.yaml").write_text(OLD, "utf-8")
    (folder / "demo/v2.yaml").write_text(NEW, "utf-8")
    assert main(["definitions", "lock", str(folder)]) == 0
    return folder


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main([str(one) for one in arguments])
    out = capsys.readouterr()
    return code, out.out, out.err


def answers(tmp_path: Path, value: object) -> Path:
    path = tmp_path / "answers.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


def test_list(root: Path, capsys):
    code, out, _ = told(capsys, "definitions", "list", "--root", root, "--json")
    rows = json.loads(out)
    assert code == 0 and [row["name"] for row in rows] == ["demo/v1", "demo/v2"] and all(row["locked"] for row in rows)
    code, out, _ = told(capsys, "definitions", "list", "--root", root)
    assert code == 0 and out.count("candidate") == 2


def test_check_finds_a_way_that_is_not_total(root: Path, capsys):
    assert told(capsys, "definitions", "check", root)[0] == 0
    path = root / "demo/v2.yaml"
    path.write_text(NEW.replace("new: [practice]", "new: []"), "utf-8")
    for place in (root, path):
        code, out, _ = told(capsys, "definitions", "check", place, "--json")
        found = json.loads(out)
        assert code == 1 and not found["ok"]
        fault = found["problems"][0]
        assert fault["code"] == "forms.upcast-no-origin" and fault["field"] == "practice" and fault["line"] > 1


def test_diff(root: Path, capsys):
    code, out, _ = told(capsys, "definitions", "diff", "demo/v1", "demo/v2", "--root", root)
    assert code == 0
    assert "~ Bemærkning (remark) hed før comment" in out
    assert "- Søskende (siblings) er fjernet. Teksten flyttes ikke. Søskendes oplysninger hører ikke til her." in out
    assert "Svarmuligheder: nu Måltider" in out
    code, out, _ = told(capsys, "definitions", "diff", "demo/v1", "demo/v2", "--root", root, "--json", "--exit-code")
    assert code == 3 and json.loads(out)["same"] is False
    assert told(capsys, "definitions", "diff", "demo/v1", "demo/v1", "--root", root, "--exit-code")[0] == 0


def test_format_keeps_data_digest_and_comments(root: Path, capsys):
    path = root / "demo/v2.yaml"
    path.write_text("# Øverst\n" + NEW.replace("upcast:\n", "# Vejen\nupcast:  # hertil\n"), "utf-8")
    assert told(capsys, "definitions", "format", "--check", root)[0] == 3
    assert told(capsys, "definitions", "format", root)[0] == 0
    assert told(capsys, "definitions", "format", "--check", root)[0] == 0
    text = path.read_text("utf-8")
    assert text.startswith("# Øverst\nid: demo\n") and "# Vejen\n# hertil\nupcast:\n" in text
    code, out, _ = told(capsys, "definitions", "check", root, "--json")
    assert code == 0 and json.loads(out)["notices"] == []  # the digests in LOCK still fit


def test_export(root: Path, tmp_path: Path, capsys):
    code, out, _ = told(capsys, "definitions", "export", "demo/v2", "--root", root)
    assert code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(out))
    assert told(capsys, "definitions", "export", "--to", tmp_path / "out", "--root", root)[0] == 0
    assert json.loads((tmp_path / "out/demo/v1.schema.json").read_text("utf-8"))["x-tillid-version"] == 1
    assert told(capsys, "definitions", "export", "--root", root)[0] == 1


def test_answers_check(root: Path, tmp_path: Path, capsys):
    good = answers(tmp_path, {"comment": "Fint", "colour": "red"})
    assert told(capsys, "answers", "check", "demo/v1", good, "--root", root)[0] == 0
    wrapped = answers(tmp_path, {"form": "demo", "version": 1, "answers": {"comment": "Fint"}})
    assert told(capsys, "answers", "check", "demo/v1", wrapped, "--root", root)[0] == 0
    bad = answers(tmp_path, {"comment": "x" * 201, "colour": "blue", "ghost": 1})
    code, out, _ = told(capsys, "answers", "check", "demo/v1", bad, "--root", root, "--json")
    found = json.loads(out)
    assert code == 1
    assert {(p["field"], p["code"]) for p in found["problems"]} == {
        ("comment", "forms.too-long"),
        ("colour", "forms.wrong-code"),
        ("ghost", "forms.unknown-field"),
    }
    assert "x" * 201 not in out  # what is wrong is told, never repeated


def test_answers_move_is_the_preview(root: Path, tmp_path: Path, capsys):
    path = answers(tmp_path, {"comment": "Fint", "siblings": "Bror", "colour": "red"})
    before = path.read_bytes()
    arguments = ("answers", "move", "demo/v1", "demo/v2", path, "--root", root, "--variant", "vug")
    code, out, _ = told(capsys, *arguments, "--json")
    moved = json.loads(out)
    assert code == 3 and moved["variant"] == "dag" and moved["old"] == "demo/v1" and moved["new"] == "demo/v2"
    assert moved["answers"] == {"remark": "Fint", "position": "roed"}
    assert moved["left_over"][0]["text"] == "Bror" and moved["origins"]["remark"] == ["comment", "other"]
    code, out, _ = told(capsys, *arguments)
    assert code == 3 and "Kunne ikke føres med:\n  »Søskende« (siblings, v1): Bror" in out
    assert path.read_bytes() == before
    assert (
        told(capsys, "answers", "move", "demo/v1", "demo/v2", answers(tmp_path, {"comment": "x"}), "--root", root)[0]
        == 0
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "ikke gyldig JSON (linje 1, tegn 2)"),
        ("[1]", "en gruppe med felter"),
        ('{"a": 1, "a": 2}', "»a« står to gange"),
        ('{"a": NaN}', "ikke gyldig JSON"),
        ("[" * 100_000, "for mange niveauer"),
        ('{"a": "' + "x" * 5_000_001 + '"}', "over 5 MB"),
        (b"\xff\xfe{}", "ikke UTF-8"),
        (None, "findes ikke"),
    ],
)
def test_a_bad_file_is_answered_with_one_sentence(root: Path, tmp_path: Path, capsys, content, says: str):
    path = tmp_path / "bad.json"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    code, out, err = told(capsys, "answers", "check", "demo/v1", path, "--root", root)
    assert code == 1 and out == "" and says in err and err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("definitions", "diff", "demo/v1", "demo/v9"),
        ("definitions", "export", "../../etc/passwd"),
        ("answers", "move", "demo/v2", "demo/v1", "x.json"),
        ("answers", "check", "demo/v1", "x.json", "--variant", "ukendt"),
    ],
)
def test_a_version_that_cannot_be_used(root: Path, capsys, arguments):
    code, _, err = told(capsys, *arguments, "--root", root)
    assert code == 1 and err.startswith("tillid: ") and err.count("\n") == 1


def test_a_bad_definition_is_told_by_every_verb(root: Path, capsys):
    (root / "demo/v2.yaml").write_text("id: [", "utf-8")
    for arguments in (
        ("definitions", "list", "--root", root),
        ("definitions", "diff", "demo/v1", "demo/v2", "--root", root),
        ("definitions", "format", root),
        ("definitions", "lock", root),
    ):
        code, _, err = told(capsys, *arguments)
        assert code == 1 and "forms.yaml-syntax" in err


def test_wrong_use_is_2():
    with pytest.raises(SystemExit) as stopped:
        main(["definitions", "diff", "a"])
    assert stopped.value.code == 2
