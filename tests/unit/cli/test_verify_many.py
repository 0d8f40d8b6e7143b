"""``tillid verify --state``: what was judged is not judged again, unless it, the trust or the moment is another."""

from __future__ import annotations

import json
import os
import shutil

import pytest

from tillid.cli import main
from tillid.kernel.paths import SIGNING

VECTORS, TRUST = SIGNING / "vectors", SIGNING / "trust" / "test"
AT = "2026-11-26T12:00:00Z"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "records"
    (made / "deep").mkdir(parents=True)
    shutil.copy(VECTORS / "valid" / "given.xml", made)
    shutil.copy(VECTORS / "valid" / "refused.xml", made / "deep")
    shutil.copy(VECTORS / "invalid" / "changed-answer.xml", made)
    return made


@pytest.fixture
def run(folder, tmp_path, capsys):
    def ran(*more, trust=TRUST, at=AT):
        words = ["verify", str(folder), "--all", "--json", "--trust", str(trust), "--at", at]
        code = main([*words, "--state", str(tmp_path / "state"), *more])
        told = json.loads(capsys.readouterr().out)
        return code, told["judged"], told["known_from_before"], [one["step"] for one in told["objections"]]

    return ran


def test_a_second_run_knows_all_and_says_the_same(run, tmp_path):
    assert run() == (1, 3, 0, ["crypto.hash"])
    assert run() == (1, 3, 3, ["crypto.hash"])
    assert (tmp_path / "state").stat().st_mode & 0o777 == 0o600


def test_what_was_changed_or_is_new_is_judged_again(run, folder):
    run()
    shutil.copy(VECTORS / "valid" / "withdrawn.xml", folder)
    changed = (folder / "given.xml").read_bytes().replace(b"<Title>", b"<Title>x", 1)
    (folder / "given.xml").write_bytes(changed)
    assert run() == (1, 4, 2, ["crypto.hash", "crypto.hash"])
    (folder / "withdrawn.tst").write_bytes(b"no token")
    assert run()[2] == 3, "a timestamp came beside it"


def test_what_is_known_is_asked_of_no_engine(run, monkeypatch):
    run()
    monkeypatch.setattr("tillid.adapters.xmlsec_engine.libxmlsec", lambda root, leaf: pytest.fail("asked again"))
    assert run() == (1, 3, 3, ["crypto.hash"])


def test_among_many_each_file_is_judged_as_by_itself(folder, capsys):
    """Judged some at a time: every kind of file, in one folder, against one command for each."""
    (folder / "own.xml").write_bytes(b"<a/>")
    (folder / "nothing.xml").write_bytes(b"")
    (folder / "large.xml").write_bytes(b"<a>" + b" " * 200_000 + b"</a>")
    (folder / "twice.xml").write_bytes((folder / "given.xml").read_bytes())
    (folder / "gone.xml").symlink_to(folder / "nowhere")
    for path in sorted((VECTORS / "valid").glob("*.xml"))[:20]:
        shutil.copy(path, folder / "deep" / f"also-{path.name}")
    assert main(["verify", str(folder), "--all", "--json", "--trust", str(TRUST), "--at", AT]) == 1
    together = json.loads(capsys.readouterr().out)
    assert len(together) == 28
    for one in together:
        main(["verify", one["file"], "--all", "--json", "--trust", str(TRUST), "--at", AT])
        assert json.loads(capsys.readouterr().out) == [one]


def test_another_trust_or_moment_begins_anew(run, tmp_path):
    run()
    shutil.copytree(TRUST, tmp_path / "other")
    shutil.rmtree(tmp_path / "other" / "seals")
    assert run(trust=tmp_path / "other")[2] == 0
    run()
    assert run(at="2026-11-27T12:00:00Z")[2] == 0


def test_a_run_that_was_stopped_goes_on(run, tmp_path):
    run()
    state = tmp_path / "state"
    whole = state.read_bytes()
    for length in (0, 5, len(whole) // 2, len(whole) - 1):
        state.write_bytes(whole[:length])
        code, judged, known, steps = run()
        assert (code, judged, steps) == (1, 3, ["crypto.hash"]) and known <= 2


def test_a_file_that_is_no_state_is_left_alone(run, folder, tmp_path, capsys):
    (tmp_path / "state").write_text("mine\n")
    assert main(["verify", str(folder), "--state", str(tmp_path / "state"), "--trust", str(TRUST)]) == 2
    assert "verify.state" in capsys.readouterr().err and (tmp_path / "state").read_text() == "mine\n"
    os.symlink(tmp_path / "records" / "given.xml", tmp_path / "link")
    assert main(["verify", str(folder), "--state", str(tmp_path / "link"), "--trust", str(TRUST)]) == 2


@pytest.mark.parametrize("more", [["--all"], ["--all", "--state", "STATE"], []])
def test_who_waits_is_told_how_far_it_has_come(folder, tmp_path, capsys, monkeypatch, more):
    monkeypatch.setattr("tillid.cli.progress.EVERY", 0.0)
    words = [str(tmp_path / "state") if one == "STATE" else one for one in more]
    main(["verify", str(folder), "--json", "--trust", str(TRUST), "--at", AT, *words])
    shown = capsys.readouterr()
    assert f"tillid: {3 if more else 2} efterprøvet" in shown.err
    json.loads(shown.out)
