"""`tillid requirements` and the command line around it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tillid import cli
from tillid.kernel.errors import TillidError


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """A folder of one test with a mark."""
    (tmp_path / "test_x.py").write_text("import pytest\n@pytest.mark.req('O6')\ndef test_y(): ...\n", "utf-8")
    return tmp_path


def test_json_holds_every_number_with_its_tests(marked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["requirements", "--json", "--tests", str(marked)]) == 0
    report = json.loads(capsys.readouterr().out)
    rows = {row["number"]: row for row in report["requirements"]}
    assert rows["O6"]["tests"] == [f"{marked.name}/test_x.py::test_y"]
    assert rows["R-16"]["kind"] == "law" and "art. 7(3)" in rows["R-16"]["provision"]
    assert "O7" in report["without_tests"] and "O6" not in report["without_tests"]
    assert report["unknown"] == []


def test_an_unknown_number_is_an_error(marked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (marked / "test_z.py").write_text("import pytest\n@pytest.mark.req('Q1')\ndef test_q(): ...\n", "utf-8")
    assert cli.main(["requirements", "--tests", str(marked)]) == 1
    assert "»Q1«" in capsys.readouterr().err


def test_user_errors_give_a_sentence_and_a_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["requirements", "--tests", str(tmp_path / "none")]) == 1
    assert "[requirements.no-tests]" in capsys.readouterr().err
    (tmp_path / "test_bad.py").write_text("def (", "utf-8")
    assert cli.main(["requirements", "--tests", str(tmp_path)]) == 1
    err = capsys.readouterr().err
    assert "test_bad.py" in err and "Traceback" not in err


@pytest.mark.parametrize(
    ("content", "where"), [(b"\xff\xfe\x00def", ""), (b"x = 1\x00\n", ""), (b"def (", " (linje 1)")]
)
def test_a_file_that_is_no_python_is_named(
    marked: Path, content: bytes, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (marked / "test_bad.py").write_bytes(content)
    assert cli.main(["requirements", "--tests", str(marked)]) == 1
    told = f"test_bad.py kan ikke læses som Python{where}. [requirements.broken-test]\n"
    assert capsys.readouterr().err.endswith(told)


def test_what_is_no_file_has_no_tests(marked: Path) -> None:
    (marked / "test_folder.py").mkdir()
    (marked / "test_gone.py").symlink_to(marked / "nowhere")
    assert cli.main(["requirements", "--tests", str(marked)]) == 0


@pytest.mark.parametrize("argv", [["--help"], *([name, "--help"] for name in ("requirements", "doctor"))])
def test_help_answers(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(argv)
    assert end.value.code == 0
    assert "tillid" in capsys.readouterr().out


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_of_the_table_exists(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([name, "--help"])
    assert end.value.code == 0
    assert "--help" in capsys.readouterr().out


def test_wrong_use_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["requirements", "--nonsense"])
    assert end.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


class _Command:
    """A command module that fails as told."""

    failure: BaseException = TillidError("never shown", text="Der mangler {count} ting.", count=3)

    @staticmethod
    def add_arguments(parser: object) -> None: ...

    @classmethod
    def run(cls, args: object) -> int:
        raise cls.failure


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (_Command.failure, 1, "tillid: Der mangler 3 ting. [tillid.error]\n"),
        (KeyboardInterrupt(), 130, ""),
        (ZeroDivisionError("secret"), 70, "[tillid.fault]"),
        # A path is told, and a fault of ours stays one.
        (FileNotFoundError(2, "secret", "/x/y\nz"), 1, "tillid: Stien /x/y?z findes ikke. Ret den, og kør kommandoen igen. [cli.path]\n"),
        (PermissionError(13, "secret", Path("/x")), 1, "Stien /x må ikke læses eller skrives."),
        (OSError(28, "secret"), 1, "[cli.disk-full]"),
        (FileNotFoundError(2, "secret"), 70, "[tillid.fault]"),
        (OSError(5, "secret", "/x"), 70, "[tillid.fault]"),
    ],
)  # fmt: skip
def test_failures(
    failure: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    (tmp_path / "var" / "log").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_Command, "failure", failure)
    monkeypatch.setitem(sys.modules, "tillid.cli.doctor", _Command)
    assert cli.main(["doctor"]) == code
    err = capsys.readouterr().err
    assert said in err
    assert "secret" not in err and "never shown" not in err and "Traceback" not in err
    log = tmp_path / "var" / "log" / "tillid-fejl.log"
    fault = f"{type(failure).__name__}: {failure}"
    assert (fault in log.read_text("utf-8")) if code == 70 else not log.exists()


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (["consents", "list", "--var", "/dev/null"], "[store.none]"),
        (["consents", "list", "--var", "a" * 5000], "[store.none]"),
        (["index", "status", "--var", "/dev/null"], "[store.none]"),
        (["log", "check", "--var", "a" * 5000], "er for lang. Ret den, og kør kommandoen igen. [cli.path]"),
        (["evidence", "verify", __file__, __file__, "--trust", "a" * 5000], "er for lang"),
        (["evidence", "verify", __file__, __file__, "--algorithms", __file__], "[evidence.table]"),
        (["evidence", "verify", __file__, __file__, "--algorithms", "/"], "[evidence.table]"),
        (["verify", __file__, "--state", "/"], "[verify.state]"),
    ],
)
def test_a_path_that_cannot_be_is_told_in_our_words(
    argv: list[str], why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(argv) in (1, 2, 3)
    err = capsys.readouterr().err
    assert why in err and "tillid.fault" not in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["evidence", "verify", "PIPE", __file__], "evidence.no-file"),
        (["evidence", "verify", __file__, "PIPE"], "evidence.no-file"),
        (["evidence", "verify", __file__, __file__, "--algorithms", "PIPE"], "evidence.table"),
        (["audit", "check", "PIPE"], "audit.not-an-export"),
        (
            ["log", "verify", "PIPE", "--key", "x/tillid+13c0370f+AVCpm2zUVdef5Ric7O1ivLQrrSH3ckt4a6AHOagdV93F"],
            "log.no-file",
        ),
        (["verify", __file__, "--state", "PIPE"], "verify.state"),
        (["definitions", "check", "PIPE"], "forms.unreadable"),
        (["definitions", "format", "PIPE"], "forms.unreadable"),
    ],
)
def test_no_command_waits_for_a_pipe(argv: list[str], code: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    words = [str(tmp_path / "pipe") if word == "PIPE" else word for word in argv]
    done = subprocess.run(
        [sys.executable, "-m", "tillid", *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert code in done.stdout + done.stderr and done.returncode in (1, 2, 3), done


def test_a_file_of_a_hundred_thousand_layers_is_no_export_of_a_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "deep.json").write_text("[" * 100_000 + "]" * 100_000)
    assert cli.main(["audit", "check", str(tmp_path / "deep.json")]) == 3
    assert "tillid.fault" not in "".join(capsys.readouterr())


def test_a_reader_that_leaves_is_no_error() -> None:
    command = f"{sys.executable} -m tillid requirements | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == ("Trivselsskema\n", "")


def test_light_commands_import_no_plone() -> None:
    code = (
        "import sys; from tillid import cli; cli.main(['requirements', '--json']); "
        "heavy = {'Products', 'plone', 'ZODB', 'Zope2', 'celery', 'pyramid'}; "
        "sys.exit(bool(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    assert done.returncode == 0
