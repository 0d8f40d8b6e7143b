from __future__ import annotations

import io

import pytest

from tillid.cli import main
from tillid.cms.lock import lock_var


@pytest.fixture
def var(tmp_path):
    folder = tmp_path / "var"
    (folder / "data").mkdir(parents=True)
    (folder / "zope.conf").touch()
    (folder / "data" / "Data.fs").touch()
    return folder


@pytest.mark.parametrize(
    ("answer", "removed"), [("ja\n", True), ("JA\n", True), ("nej\n", False), ("j\n", False), ("", False)]
)
def test_it_asks_and_removes_only_at_a_yes(var, monkeypatch, capsys, answer, removed):
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    assert main(["reset", "--var", str(var)]) == (0 if removed else 1)
    assert var.exists() is not removed
    assert "kan ikke fortrydes" in capsys.readouterr().out
    assert [path.name for path in var.parent.iterdir()] == ([] if removed else ["var"])


def test_with_yes_it_does_not_ask_and_what_is_gone_is_no_error(var, capsys):
    assert main(["reset", "--yes", "--var", str(var)]) == 0
    assert main(["reset", "--yes", "--var", str(var)]) == 0
    assert "ingen demodata" in capsys.readouterr().out


def test_it_refuses_while_tillid_runs(var, capsys):
    lock = lock_var(var)
    assert main(["reset", "--yes", "--var", str(var)]) == 1
    assert "kører allerede" in capsys.readouterr().err
    assert (var / "data" / "Data.fs").exists()
    lock.close()
    assert main(["reset", "--yes", "--var", str(var)]) == 0


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path, capsys):
    (tmp_path / "regnskab.ods").touch()
    assert main(["reset", "--yes", "--var", str(tmp_path)]) == 1
    assert "Intet er fjernet" in capsys.readouterr().err
    assert (tmp_path / "regnskab.ods").exists()
