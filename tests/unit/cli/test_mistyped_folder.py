"""A command that was given a folder that is no installation says so, and leaves nothing there."""

from __future__ import annotations

import pytest

from tillid.cli import main
from tillid.kernel.ids import new_id

LOOKS = (
    ("consents", "list"),
    ("consents", "show", new_id()),
    ("verify", "--store"),
    ("keys", "status"),
    ("fixity", "status"),
    ("fixity", "run"),
    ("retention", "due"),
    ("audit", "export", "--child", new_id(), "--out", "log.zip", "--purpose", "Tilsyn, sag 26-1234"),
)


@pytest.mark.req("R-71")
@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
@pytest.mark.parametrize("is_there", [False, True])
def test_nothing_is_written_where_there_is_no_installation(tmp_path, monkeypatch, capsys, words, is_there):
    monkeypatch.chdir(tmp_path)
    var = tmp_path / "vra"
    if is_there:
        var.mkdir()
    # Of a record nothing is said: 1 would be that it is forged.
    assert main([*words, "--var", str(var)]) == (2 if words[0] == "verify" else 1)
    said = capsys.readouterr().err
    assert "[store.none]" in said and "Angiv mappen med data med --var" in said
    assert not list(var.iterdir()) if is_there else not var.exists()


def test_a_key_is_made_and_looked_at_before_the_first_start(tmp_path, capsys):
    var = str(tmp_path / "var")
    assert main(["keys", "new", "a", "--organisation", "Solbjerg", "--demo", "--var", var]) == 0
    assert main(["keys", "status", "--demo", "--var", var]) == 1, "none is in use yet"
    assert "venter på certifikat" in capsys.readouterr().out


def test_a_folder_that_cannot_be_made_is_told_in_our_own_words(capsys):
    assert main(["walk", "--out", "/proc/x"]) == 1
    said = capsys.readouterr().err
    assert "Der kan ikke skrives i /proc/x" in said and "walk.out" in said
    assert "No such file" not in said and "Permission" not in said
