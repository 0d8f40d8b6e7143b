"""``tillid evidence`` over files: batches, renewal, export, verification; two copies, and each kind of damage to one of them."""

from __future__ import annotations

import errno
import json
import subprocess
from datetime import timedelta

import pytest

from scripts.vectors.base import sealed_anew
from tillid.adapters import xmlsec_engine
from tillid.adapters.evidence_desk import EvidenceDesk
from tillid.adapters.evidence_files import EvidenceDamaged, EvidenceFiles
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import own_authority
from tillid.cli import main
from tillid.cli.probe_evidence import evidence
from tillid.kernel.clock import FixedClock, SystemClock
from tillid.kernel.errors import Unavailable
from tillid.kernel.paths import SIGNING
from tillid.signatures import engines
from tillid.signatures.evidence_tree import digest
from tillid.signatures.long_term import freeze
from tillid.signatures.timestamp_xades import imprint_of
from tillid.signatures.trust import load_trust

TRUST = load_trust(SIGNING / "trust" / "test")
NAMES = ("given", "refused", "withdrawn")


@pytest.fixture(scope="module")
def frozen(tmp_path_factory) -> dict[str, bytes]:
    """Records at level LT, sealed and stamped a moment ago."""
    clock = FixedClock(SystemClock().now() - timedelta(minutes=5))
    stamper = Authorities([own_authority(tmp_path_factory.mktemp("keys"), clock, demo=True)], TRUST, clock)
    records = {
        name: sealed_anew((SIGNING / "vectors" / "valid" / f"{name}.xml").read_bytes(), clock.now()) for name in NAMES
    }
    return {
        name: freeze(record, stamper.stamp(imprint_of(record)), TRUST, at=SystemClock().now())
        for name, record in records.items()
    }


@pytest.fixture
def var(tmp_path, frozen, monkeypatch, capsys):
    """An installation's folder with one batch of three records."""
    monkeypatch.setenv("TILLID_MODE", "demo")
    desk = EvidenceDesk(tmp_path / "evidence", lambda: TRUST, SystemClock())
    for name, data in frozen.items():
        desk.store.enter(digest("sha256", data), "sha256")
        (tmp_path / f"{name}.xml").write_bytes(data)
    assert main(["evidence", "close", "--var", str(tmp_path)]) == 0
    assert "Nye poster samlet: 3" in capsys.readouterr().out
    return tmp_path


def told(capsys, *words) -> tuple[int, dict]:
    code = main(["evidence", *map(str, words), "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.req("R-85", "O6")
def test_from_a_record_to_its_evidence_and_back(capsys, var, tmp_path):
    assert main(["evidence", "close", "--var", str(var)]) == main(["evidence", "renew", "--var", str(var)]) == 0
    assert "intet at gøre" in capsys.readouterr().out
    code, state = told(capsys, "status", "--var", var)
    assert (code, state["objects"], state["batches"], state["waiting"], state["problems"]) == (0, 3, 1, 0, [])
    assert state["holds_until"].startswith("2036")  # elliptic curves, by the table
    for name in NAMES:
        out = var / f"{name}.er"
        assert main(["evidence", "export", str(var / f"{name}.xml"), "--out", str(out), "--var", str(var)]) == 0
        code, found = told(capsys, "verify", out, var / f"{name}.xml")
        assert (code, found["status"], found["indication"]) == (0, "passed", "TOTAL-PASSED")
        assert found["details"]["proven_at"] and found["details"]["kind"]
    assert main(["evidence", "verify", str(var / "given.er"), str(var / "given.xml")]) == 0
    assert "Fandtes senest: 20" in capsys.readouterr().out
    # The record of another, a changed one, in forty years without renewal, and what was never sealed.
    assert told(capsys, "verify", var / "given.er", var / "refused.xml")[1]["sub_indication"] == "HASH_FAILURE"
    (var / "changed.xml").write_bytes((var / "given.xml").read_bytes() + b"\n")
    code, found = told(capsys, "verify", var / "given.er", var / "changed.xml")
    assert (code, found["step"]) == (1, "evidence.object")
    code, found = told(capsys, "verify", var / "given.er", var / "given.xml", "--at", "2066-01-01T12:00:00Z")
    assert (code, found["sub_indication"]) == (2, "OUT_OF_BOUNDS_NO_POE")
    code, found = told(capsys, "verify", var / "given.xml", var / "given.xml")
    assert (code, found["step"]) == (3, "evidence.unreadable")


@pytest.mark.parametrize("words", ["status", "status --json", "close", "close --records", "renew", "copies"])
def test_a_mistyped_folder_is_told_and_left_as_it_is(capsys, tmp_path, words):
    assert main(["evidence", *words.split(), "--var", str(tmp_path / "mistyped")]) == 1
    said = capsys.readouterr()
    assert "store.none" in said.err and said.out == "" and list(tmp_path.iterdir()) == []


def test_evidence_or_a_record_that_is_not_there_is_unreadable_and_not_forged(capsys, tmp_path):
    (tmp_path / "there").write_bytes(b"x")
    for pair in (("away", "there"), ("there", "away")):
        assert main(["evidence", "verify", *(str(tmp_path / one) for one in pair)]) == 3
        assert "evidence.no-file" in capsys.readouterr().err


def test_a_file_that_is_no_record_is_not_passed_though_its_evidence_holds(capsys, var):
    (var / "note.txt").write_bytes(b"a note")
    EvidenceFiles(var / "evidence").enter(digest("sha256", b"a note"), "sha256")
    assert main(["evidence", "close", "--var", str(var)]) == 0
    assert main(["evidence", "export", str(var / "note.txt"), "--out", str(var / "n.er"), "--var", str(var)]) == 0
    capsys.readouterr()
    assert told(capsys, "verify", var / "n.er", var / "note.txt")[1]["status"] == "unreadable"


def test_openssl_verifies_each_token(var):
    """The token lies over the one value that the tree of the batch leads to."""
    files = EvidenceFiles(var / "evidence")
    from tillid.signatures.evidence_tree import levels

    (act,) = files.acts()
    top = levels(files.leaves(act), "sha256")[-1][0]
    token = var / "evidence" / "second" / "acts" / "000001.tst"
    command = ["openssl", "ts", "-verify", "-digest", top.hex(), "-in", token, "-token_in", "-CAfile",
               SIGNING / "trust" / "test" / "tsa" / "root.pem"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout + done.stderr
    command[4] = bytes(32).hex()
    assert "Verification: OK" not in subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize(
    "damage",
    [
        lambda first: (first / "acts" / "000001.tst").unlink(),
        lambda first: (first / "acts" / "000001.tst").write_bytes(b"0"),
        lambda first: (first / "acts" / "000001.json").write_bytes(b"{}"),
        lambda first: (first / "acts" / "000001.json").unlink(),
        lambda first: (first / "leaves-sha256").write_bytes(bytes(96)),
        lambda first: (first / "leaves-sha256").write_bytes(b""),
        lambda first: [path.unlink() for path in (*first.glob("acts/*"), first / "leaves-sha256")],
    ],
)
@pytest.mark.parametrize("which", ["first", "second"])
def test_what_one_copy_has_lost_the_other_gives(capsys, var, damage, which):
    whole = {path.relative_to(var): path.read_bytes() for path in var.glob("evidence/*/**/*") if path.is_file()}
    damage(var / "evidence" / which)
    code, state = told(capsys, "status", "--var", var)
    assert (code, state["alarm"]) == (1, "evidence.copies")
    assert all(problem.startswith(which) for problem in state["problems"])
    out = var / "given.er"
    assert main(["evidence", "export", str(var / "given.xml"), "--out", str(out), "--var", str(var)]) == 0
    capsys.readouterr()
    assert told(capsys, "verify", out, var / "given.xml")[0] == 0
    assert EvidenceFiles(var / "evidence").mend()
    assert {path: (var / path).read_bytes() for path in whole} == whole
    assert told(capsys, "status", "--var", var)[0] == 0


def test_the_doctor_says_until_when_and_warns(var, tmp_path):
    assert list(evidence(var / "nothing")) == []
    (found,) = evidence(var)
    assert found.version.startswith("til 2036") and found.usable and not found.advice
    (var / "evidence" / "second" / "acts" / "000001.tst").unlink()
    (found,) = evidence(var)
    assert "kopier" in found.advice and found.usable
    (var / "evidence" / "first" / "acts" / "000001.tst").unlink()
    (found,) = evidence(var)
    assert "beskadiget" in found.advice


def test_without_an_authority_nothing_is_closed(capsys, tmp_path, monkeypatch):
    monkeypatch.delenv("TILLID_MODE", raising=False)
    monkeypatch.delenv("TILLID_TSA", raising=False)
    EvidenceFiles(tmp_path / "evidence").enter(bytes(32), "sha256")
    assert main(["evidence", "close", "--var", str(tmp_path)]) == 1
    assert "tsa.none" in capsys.readouterr().err and EvidenceFiles(tmp_path / "evidence").acts() == []


def test_what_no_copy_has_is_said(capsys, var):
    for copy in ("first", "second"):
        (var / "evidence" / copy / "acts" / "000001.tst").unlink()
    assert main(["evidence", "export", str(var / "given.xml"), "--out", str(var / "x"), "--var", str(var)]) == 1
    assert "evidence.damaged" in capsys.readouterr().err
    with pytest.raises(EvidenceDamaged):
        files = EvidenceFiles(var / "evidence")
        files.token(files.acts()[0])


def test_what_a_crash_leaves(tmp_path):
    """A digest in one copy only, half a digest, half an id, an act without its own file."""
    files = EvidenceFiles(tmp_path)
    leaf = [digest("sha256", b"%d" % number) for number in range(4)]
    assert [files.enter(one, "sha256") for one in (leaf[0], leaf[1], leaf[0])] == [0, 1, 0]
    with (tmp_path / "first" / "leaves-sha256").open("ab") as file:
        file.write(leaf[2] + leaf[3][:5])
    assert files.size("sha256") == 3 and files.enter(leaf[2], "sha256") == 2
    assert files.enter(leaf[3], "sha256") == 3
    assert {(tmp_path / copy / "leaves-sha256").read_bytes() for copy in ("first", "second")} == {b"".join(leaf)}
    files.note("a")
    with (tmp_path / "noted").open("ab") as file:
        file.write(b"b")
    files.note("c")
    files.note("a")
    assert files.noted() == ["a", "b", "c"]
    files.done(["a", "b"])
    assert files.noted() == ["c"]
    (tmp_path / "first" / "acts" / "000001.tst").write_bytes(b"token of a crash")
    assert files.acts() == [] and files.problems() == []


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path):
    (tmp_path / "evidence").write_text("no folder")
    with pytest.raises(Unavailable) as away:
        EvidenceFiles(tmp_path / "evidence").enter(bytes(32), "sha256")
    assert away.value.code == "evidence.unavailable"


def test_where_nothing_can_be_written_it_is_said_and_a_full_disk_as_everywhere(capsys, var, monkeypatch):
    export = ["evidence", "export", str(var / "given.xml"), "--var", str(var), "--out"]
    assert main([*export, str(var / "no" / "folder.er")]) == 1 and "[evidence.no-out]" in capsys.readouterr().err

    def full(*_args, **_more):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("tillid.cli.evidence.put", full)
    assert main([*export, str(var / "given.er")]) == 1 and "[cli.disk-full]" in capsys.readouterr().err


def test_unknown_files_and_moments_are_refused(capsys, var):
    assert main(["evidence", "verify", str(var / "none.er"), str(var / "given.xml")]) == 3
    assert main(["evidence", "export", str(var / "evidence" / "lock"), "--out", str(var / "x"), "--var", str(var)]) == 1
    said = capsys.readouterr().err
    assert "evidence.no-file" in said and "evidence.none" in said


@pytest.mark.req("R-85")
@pytest.mark.parametrize("opinion", [True, False])
def test_both_engines_are_asked_about_the_record_and_their_disagreement_is_an_alarm(var, capsys, monkeypatch, opinion):
    """As of the moment that the evidence proves, whichever of them is content."""
    assert main(["evidence", "export", str(var / "given.xml"), "--out", str(var / "given.er"), "--var", str(var)]) == 0
    capsys.readouterr()
    assert told(capsys, "verify", var / "given.er", var / "given.xml")[0] == 0
    monkeypatch.setattr(xmlsec_engine, "libxmlsec", lambda *given: opinion)
    monkeypatch.setattr(engines, "straight", lambda *given: not opinion)
    code, found = told(capsys, "verify", var / "given.er", var / "given.xml")
    assert (code, found["status"], found["step"]) == (4, "disputed", "engines.disagree")
