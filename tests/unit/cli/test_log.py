"""``tillid log`` beside the process that writes: head, proof and check, each believed only when it verifies."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import closing

import pytest

from tillid.adapters.log_file import WIDTH, LogFile
from tillid.adapters.secretfile import secret_from
from tillid.cli import main
from tillid.signatures.checkpoint import Checkpoint, LogKey, LogVerifier
from tillid.signatures.merkle import includes

DIGESTS = [hashlib.sha256(b"%d" % number).hexdigest() for number in range(11)]


@pytest.fixture
def var(tmp_path):
    """A folder with a log of eleven events, open for writing as in a running Tillid."""
    log = LogFile(tmp_path / "log", LogKey("solbjerg-demo/tillid", secret_from(tmp_path / "keys" / "log.key")))
    for digest in DIGESTS:
        log.enter(digest)
    log.keep_head()
    yield tmp_path
    log.close()


def told(capsys, var, *arguments: str) -> tuple[int, str]:
    code = main(["log", *arguments, "--var", str(var)])
    out, err = capsys.readouterr()
    return code, out + err


def test_a_proof_is_followed_to_the_signed_head_by_somebody_who_has_only_the_key(capsys, var):
    code, out = told(capsys, var, "prove", DIGESTS[7])
    proof = json.loads(out)
    head = LogVerifier.parsed(proof["key"]).read(proof["checkpoint"].encode())
    path = [bytes.fromhex(step) for step in proof["path"]]
    assert code == 0
    assert includes(bytes.fromhex(proof["leaf"]), proof["index"], head.size, path, head.root)
    assert (proof["index"], head.size) == (7, 11)


@pytest.mark.parametrize("digest", ["0" * 64, "zz", DIGESTS[0].upper()])
def test_what_is_not_in_the_log_has_no_proof(capsys, var, digest):
    code, out = told(capsys, var, "prove", digest)
    assert code == 1
    assert "[log.no-event]" in out


def test_the_head_is_the_one_kept_for_witnesses(capsys, var):
    _, out = told(capsys, var, "head", "--json")
    assert json.loads(out)["checkpoint"].encode() == (var / "log" / "checkpoint").read_bytes()


def test_a_whole_log_is_whole_also_against_an_older_head(capsys, var, tmp_path):
    assert told(capsys, var, "check")[0] == 0
    kept = tmp_path / "kept"
    kept.write_bytes((var / "log" / "checkpoint").read_bytes())
    code, out = told(capsys, var, "check", "--against", str(kept), "--json")
    kept_heads = [{"name": "against", "size": 11, "steps": 0}]
    assert (code, json.loads(out)) == (
        0,
        {"whole": True, "size": 11, "problems": [], "kept": kept_heads, "stamped": [], "doubts": []},
    )


@pytest.mark.req("R-21")
@pytest.mark.parametrize("where", ["an empty folder", "other files", "the setting"])
def test_where_no_head_was_kept_nothing_was_held_against_the_log_and_that_is_no_success(
    capsys, monkeypatch, var, tmp_path, where
):
    folder = tmp_path / "mount"
    folder.mkdir()
    if where == "other files":
        (folder / "head.txt").write_bytes((var / "log" / "checkpoint").read_bytes())
    if where == "the setting":
        monkeypatch.setenv("TILLID_WITNESS", str(folder))
    named = () if where == "the setting" else ("--against", str(folder))
    code, out = told(capsys, var, "check", *named)
    assert code == 1 and "ligger intet hoved" in out and "Loggen er hel" in out
    code, out = told(capsys, var, "check", *named, "--json")
    assert code == 1 and (json.loads(out)["whole"], json.loads(out)["kept"]) == (True, [])


def test_a_log_that_lost_its_end_is_told_so_in_danish(capsys, var, tmp_path):
    kept = tmp_path / "kept"
    kept.write_bytes((var / "log" / "checkpoint").read_bytes())
    os.truncate(var / "log" / "leaves", 8 * WIDTH)
    code, out = told(capsys, var, "check", "--against", str(kept))
    assert code == 1
    assert "IKKE hel (8 hændelser)" in out
    assert "det hoved, I har gemt" in out


REWRITTEN = {
    "dropped": lambda: DIGESTS[:4] + DIGESTS[5:],
    "altered": lambda: [*DIGESTS[:4], "f" * 64, *DIGESTS[5:]],
    "reordered": lambda: [*DIGESTS[:4], DIGESTS[5], DIGESTS[4], *DIGESTS[6:]],
    "forked": lambda: [*DIGESTS[:9], "a" * 64, "b" * 64, "c" * 64],
    "rolled back": lambda: DIGESTS[:9],
    "dropped, and longer than before": lambda: [*DIGESTS[:4], *DIGESTS[5:], "d" * 64, "e" * 64],
}


@pytest.mark.parametrize("how", REWRITTEN)
def test_a_log_that_was_made_anew_with_its_own_key_is_found_by_a_head_that_was_kept(capsys, var, tmp_path, how):
    """All of it is whole in itself: leaves, levels and a head signed by the log's own key. Only who kept a head can tell."""
    kept = tmp_path / "kept"
    kept.write_bytes((var / "log" / "checkpoint").read_bytes())
    other = tmp_path / "other"
    key = LogKey("solbjerg-demo/tillid", secret_from(var / "keys" / "log.key"))
    with closing(LogFile(other / "log", key)) as log:
        for digest in REWRITTEN[how]():
            log.enter(digest)
        log.keep_head()
    shutil.copytree(var / "keys", other / "keys")
    assert told(capsys, other, "check")[0] == 0
    code, out = told(capsys, other, "check", "--against", str(kept))
    assert code == 1 and "IKKE hel" in out


@pytest.mark.parametrize(("name", "code"), [("leaves", "log.checkpoint"), ("nothing", "log.no-file")])
def test_another_file_is_no_head(capsys, var, name, code):
    exit_code, out = told(capsys, var, "check", "--against", str(var / "log" / name))
    assert exit_code == 1
    assert f"[{code}]" in out


@pytest.mark.req("R-21")
@pytest.mark.parametrize("what", ["no head", "of another key"])
def test_a_head_of_its_own_that_is_none_is_told_with_all_else_that_is_wrong(capsys, var, what):
    other = LogKey("solbjerg-demo/tillid", b"k" * 32).sign(
        Checkpoint(origin="solbjerg-demo/tillid", size=1, root=b"r" * 32)
    )
    (var / "log" / "checkpoint").write_bytes(b"x" if what == "no head" else other)
    (var / "log" / "level-1").write_bytes(b"0" * WIDTH + (var / "log" / "level-1").read_bytes()[WIDTH:])
    code, out = told(capsys, var, "check", "--json")
    problems = json.loads(out)["problems"]
    assert (code, problems[0], problems[-1]) == (1, "subtree 1/0", "own")
    code, out = told(capsys, var, "check")
    assert code == 1 and "loggens egen mappe" in out and "Mellemregning 1/0" in out and "log.checkpoint" not in out


@pytest.mark.req("R-21")
def test_a_stamped_head_that_the_log_does_not_begin_with_and_a_stamp_that_is_none_are_faults_and_no_doubts(capsys, var):
    key = LogKey("solbjerg-demo/tillid", secret_from(var / "keys" / "log.key"))
    forked = key.sign(Checkpoint(origin="solbjerg-demo/tillid", size=5, root=b"r" * 32))
    year = var / "log" / "stamped" / "2026"
    year.mkdir(parents=True)
    for name, note in (("20261126T090000Z", forked), ("20261126T100000Z", (var / "log" / "checkpoint").read_bytes())):
        (year / f"{name}.note").write_bytes(note)
        (year / f"{name}.tst").write_bytes(b"none")
    code, out = told(capsys, var, "check", "--json")
    found = json.loads(out)
    assert (code, found["whole"], found["doubts"], found["stamped"]) == (1, False, [], [])
    assert found["problems"] == ["stamp 20261126T090000Z head", "stamp 20261126T100000Z timestamp.unreadable"]
    code, out = told(capsys, var, "check")
    assert code == 1 and "fik tidsstempel 20261126T090000Z" in out and "Hovedet 20261126T100000Z" in out


def test_where_there_is_no_log_it_says_where_to_look(capsys, tmp_path):
    code, out = told(capsys, tmp_path / "empty", "head")
    assert code == 1
    assert "[log.none]" in out
    assert not (tmp_path / "empty").exists()
