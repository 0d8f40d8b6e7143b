"""``tillid log prove --from`` and ``tillid log verify``: that a log only grew, handed out as a file and checked without the log."""

from __future__ import annotations

import hashlib
import json
import os
import shutil

import pytest

from tillid.adapters.log_file import WIDTH, LogFile
from tillid.adapters.secretfile import secret_from
from tillid.cli import main
from tillid.signatures.checkpoint import LogKey

DIGESTS = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(11)]
NAME = "solbjerg-demo/tillid"


@pytest.fixture
def var(tmp_path):
    """A running log of eleven events. Beside it, kept elsewhere: the head of its first six, and the key."""
    folder = tmp_path / "var"
    log = LogFile(folder / "log", LogKey(NAME, secret_from(folder / "keys" / "log.key")))
    for number, digest in enumerate(DIGESTS):
        log.enter(digest)
        if number == 5:
            (tmp_path / "kept").write_bytes(log.sign_head())
    log.keep_head()
    (tmp_path / "key").write_text(log.verifier.text() + "\n")
    yield folder
    log.close()


@pytest.fixture
def run(capsys, var, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TILLID_WITNESS", raising=False)

    def told(*words: str) -> tuple[int, str]:
        beside = [] if words[0] == "verify" else ["--var", str(var)]
        code = main(["log", *words, *beside])
        out, err = capsys.readouterr()
        return code, out + err

    return told


@pytest.mark.req("R-85")
def test_that_the_log_only_grew_is_a_file_that_is_checked_without_the_log(run, var, tmp_path):
    assert run("prove", "--from", "kept", "--out", "grown") == (0, "")
    shutil.move(var, tmp_path / "gone")
    code, out = run("verify", "grown", "--kept", "kept", "--key", "key")
    assert code == 0 and "fra 6 til 11 hændelser" in out
    code, out = run("verify", "grown", "--kept", "kept", "--key", (tmp_path / "key").read_text().strip(), "--json")
    assert (code, json.loads(out)) == (0, {"holds": True, "old": 6, "size": 11})


@pytest.mark.req("R-85")
@pytest.mark.parametrize(("words", "old", "size"), [
    (("--from", "6"), 6, 11),
    (("--from", "kept", "--to", "9"), 6, 9),
    (("--from", "6", "--to", "6"), 6, 6),
    (("--from", "0"), 0, 11),
])  # fmt: skip
def test_from_and_to_are_sizes_or_a_head(run, tmp_path, words, old, size):
    code, out = run("prove", *words)
    (tmp_path / "grown").write_text(out)
    kept = ("--kept", "kept") if old else ()
    assert code == 0 and out.startswith(f"old {old}\n")
    assert run("verify", "grown", *kept, "--key", "key", "--json")[0] == 0
    told = json.loads(run("prove", *words, "--json")[1])
    assert (told["old"], told["size"]) == (old, size) and told["checkpoint"] in out


@pytest.mark.req("R-85")
def test_a_proof_from_another_head_or_changed_in_transit_does_not_hold(run, tmp_path):
    run("prove", "--from", "7", "--out", "other")
    code, out = run("verify", "other", "--kept", "kept", "--key", "key")
    assert code == 1 and "holder IKKE" in out and "Gem begge filer" in out
    run("prove", "--from", "kept", "--out", "grown")
    first, second, *rest = (tmp_path / "grown").read_text().split("\n")
    (tmp_path / "grown").write_text("\n".join([first, rest[0], second, *rest[1:]]))
    assert run("verify", "grown", "--kept", "kept", "--key", "key")[0] == 1


@pytest.mark.req("R-85")
def test_no_proof_is_given_of_what_is_not_so(capsys, run, var, tmp_path):
    """The log was made anew since, with its own key: whole in itself, and not the continuation of what was kept."""
    other = tmp_path / "other"
    shutil.copytree(var / "keys", other / "keys")
    log = LogFile(other / "log", LogKey(NAME, secret_from(other / "keys" / "log.key")))
    for digest in [*DIGESTS[:3], *DIGESTS[4:], *("ab" * 32, "cd" * 32)]:
        log.enter(digest)
    log.keep_head()
    log.close()
    assert main(["log", "prove", "--from", "kept", "--var", str(other)]) == 1
    out, err = capsys.readouterr()
    assert out == "" and "[log.other-past]" in err


@pytest.mark.parametrize("words", [("--from", "12"), ("--from", "kept", "--to", "5"), ("--from", "2", "--to", "12")])
def test_a_log_has_no_proof_of_sizes_it_never_had(run, words):
    code, out = run("prove", *words)
    assert code == 1 and "[log.no-size]" in out and "Den har 11" in out


@pytest.mark.req("R-85")
@pytest.mark.parametrize("words", [("head",), ("prove", DIGESTS[2]), ("prove", "--from", "2")])
def test_a_log_that_lost_what_it_signed_signs_nothing_shorter(run, var, words):
    """Two heads of the same key that do not follow each other would be a fork that we made ourselves."""
    os.truncate(var / "log" / "leaves", 8 * WIDTH)
    code, out = run(*words)
    assert code == 1 and "[log.rolled-back]" in out and "tillid log check" in out


@pytest.mark.req("R-85")
def test_the_proof_of_an_event_is_checked_without_the_log(run, tmp_path):
    code, out = run("prove", DIGESTS[7], "--out", "event")
    assert (code, out) == (0, "")
    code, out = run("verify", "event", "--key", "key")
    assert code == 0 and "nr. 8 af de 11" in out
    changed = (tmp_path / "event").read_text().replace(DIGESTS[7], DIGESTS[6])
    (tmp_path / "event").write_text(changed)
    code, out = run("verify", "event", "--key", "key")
    assert code == 1 and "holder IKKE" in out


@pytest.mark.parametrize("which", ["event", "grown"])
def test_another_key_is_not_this_logs(run, tmp_path, which):
    run("prove", DIGESTS[7], "--out", "event")
    run("prove", "--from", "kept", "--out", "grown")
    key = LogKey(NAME, b"s" * 32).verifier.text()
    kept = ("--kept", "kept") if which == "grown" else ()
    code, out = run("verify", which, *kept, "--key", key)
    assert code == 1 and "[log.checkpoint]" in out


@pytest.mark.parametrize(("words", "code"), [
    (("prove",), "log.prove-what"),
    (("prove", DIGESTS[0], "--from", "3"), "log.prove-what"),
    (("prove", DIGESTS[0], "--to", "3"), "log.prove-what"),
    (("prove", "--from", "nothing"), "log.no-file"),
    (("prove", "--from", "key"), "log.checkpoint"),
    (("prove", "--from", "3", "--out", "no/folder"), "log.no-out"),
    (("verify", "key", "--key", "key"), "log.proof"),
    (("verify", "nothing", "--key", "key"), "log.no-file"),
    (("verify", "kept", "--key", "kept"), "log.no-key"),
])  # fmt: skip
def test_what_cannot_be_is_told_in_one_sentence(run, words, code):
    exit_code, out = run(*words)
    assert exit_code == 1 and f"[{code}]" in out and out.count("\n") == 1


def test_a_proof_from_a_head_is_nothing_without_that_head(run):
    run("prove", "--from", "kept", "--out", "grown")
    code, out = run("verify", "grown", "--key", "key")
    assert code == 1 and "[log.no-kept]" in out


@pytest.mark.req("R-85")
def test_check_says_since_which_head_the_log_only_grew(run, var, tmp_path):
    code, out = run("check", "--against", "kept", "--json")
    told = json.loads(out)
    assert code == 0 and told["kept"] == [{"name": "against", "size": 6, "steps": 4}]
    assert "siden det hoved, I har gemt (6 hændelser)" in run("check", "--against", "kept")[1]
    folder = tmp_path / "elsewhere" / "2026"
    folder.mkdir(parents=True)
    shutil.copy(tmp_path / "kept", folder / "a.note")
    shutil.copy(var / "log" / "checkpoint", folder / "b.note")
    code, out = run("check", "--against", "elsewhere", "--json")
    assert code == 0 and [(one["name"], one["size"]) for one in json.loads(out)["kept"]] == [
        ("2026/a", 6),
        ("2026/b", 11),
    ]
    assert "hvert af de 2 hoveder" in run("check", "--against", "elsewhere")[1]
    (folder / "c.note").write_bytes(LogKey(NAME, b"s" * 32).sign(LogKey(NAME, b"s" * 32).verifier.read(_strange())))
    code, out = run("check", "--against", "elsewhere", "--json")
    assert code == 1 and json.loads(out)["problems"] == ["kept 2026/c"]
    assert "2026/c er ikke et hoved" in run("check", "--against", "elsewhere")[1]
    os.mkfifo(folder / "d.note")  # somebody else keeps that folder
    code, out = run("check", "--against", "elsewhere", "--json")
    assert code == 1 and json.loads(out)["problems"] == ["kept 2026/c", "kept 2026/d"]


def _strange() -> bytes:
    from tillid.signatures.checkpoint import Checkpoint

    return LogKey(NAME, b"s" * 32).sign(Checkpoint(origin=NAME, size=1, root=bytes(32)))


@pytest.mark.req("R-85")
def test_check_takes_the_folder_of_the_environment(run, var, tmp_path, monkeypatch):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    shutil.copy(var / "log" / "checkpoint", folder / "b.note")
    monkeypatch.setenv("TILLID_WITNESS", str(folder))
    os.truncate(var / "log" / "leaves", 8 * WIDTH)
    (var / "log" / "checkpoint").unlink()
    code, out = run("check", "--json")
    assert code == 1 and json.loads(out)["problems"] == ["head b"]
