"""An exported access log is whole only as it was made, only by a known key, and only if the logs say the same (R-71)."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest

from tests.contract.audit_rows import AT, CHILD, OTHER, a_row
from tillid.adapters.audit_export import NotAnExport, check_export, held_against
from tillid.adapters.audit_file import FileAudit
from tillid.adapters.audit_lines import line_after, parse
from tillid.adapters.audit_reading import ReadLog
from tillid.adapters.log_file import LogFile
from tillid.kernel.canonical import sha256
from tillid.signatures.checkpoint import CheckpointError, LogKey
from tillid.signatures.receipt import spelled, zipped
from tillid.usecases.export_audit import LOG, NOTE, OPERATORS, PROOF, TABLE, ChildAudit, packed, read_log

CPR = "010119-1234"
KEY = LogKey("solbjerg/tillid", b"l" * 32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Both logs: of the child, of another child, and a last line that is nobody's."""
    folder = tmp_path_factory.mktemp("audit")
    server, operators = FileAudit(folder / "audit.jsonl"), FileAudit(folder / OPERATORS)
    server.write(
        a_row(purpose=f"indsigt {CPR}"), a_row(OTHER), a_row(), a_row(phase="outcome", outcome="ok"), a_row("")
    )
    operators.write(a_row(role="operator", action="make_package", person_id="operator:7"), a_row(OTHER))
    for log in (server, operators):
        log.close()
    return folder


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    log = LogFile(tmp_path_factory.mktemp("log"), KEY)
    yield log
    log.close()


def exported(folder, log):
    found = ChildAudit(child_id=CHILD, controller_id=OTHER, by=OTHER, at=AT, server=read_log(ReadLog(folder / "audit.jsonl"), CHILD),
                       operators=read_log(ReadLog(folder / OPERATORS), CHILD))  # fmt: skip
    return packed(found, b"Tidspunkt;Hvem\r\n", log.vouch)


def members_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed_line(data, number, *, keep_digest):
    """The purpose of a line rewritten, with the digest it had or one that fits."""
    lines = data.splitlines(keepends=True)
    stored = json.loads(lines[number - 1])
    row = {**stored["row"], "purpose": "noget andet"}
    if keep_digest:
        lines[number - 1] = lines[number - 1].replace(json.dumps(stored["row"]["purpose"]).encode(), b'"noget andet"')
    else:
        before = parse(lines[number - 1])._replace(n=stored["n"] - 1, digest=stored["prev"])
        lines[number - 1] = line_after(before, row).data
    return b"".join(lines)


def with_proof(members):
    """The digests of the changed files put into the proof, as who lacks only the key would do it."""
    proof = json.loads(members[PROOF])
    proof["files"] = {name: sha256(members[name]) for name in proof["files"]}
    return {**members, PROOF: spelled(proof)}


@pytest.mark.req("R-71", "R-111")
def test_it_is_whole_as_it_was_made_and_holds_every_line_of_the_child_alone(folder, log):
    data = exported(folder, log)
    checked = check_export(data, [KEY.verifier])
    assert (checked.status, checked.problems, checked.lines, checked.key) == ("whole", (), 4, "solbjerg/tillid")
    assert held_against(folder, checked) == []
    stored = (folder / "audit.jsonl").read_bytes().splitlines(keepends=True)
    assert members_of(data)[LOG] == stored[0] + stored[2] + stored[3]
    assert (checked.proof.logs[LOG].n, checked.proof.logs[LOG].digest) == (5, parse(stored[4]).digest)
    assert CPR.encode() not in data


@pytest.mark.req("R-71")
@pytest.mark.parametrize(
    "lie", ["words", "words and digest", "proof too", "removed", "order", "table", "note", "compressed", "tail"]
)
def test_whatever_is_changed_shows(folder, log, lie):
    data = exported(folder, log)
    members = members_of(data)
    lines = members[LOG].splitlines(keepends=True)
    if lie == "compressed":
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            [archive.writestr(name, held) for name, held in members.items()]
        with pytest.raises(NotAnExport):
            check_export(made.getvalue(), [KEY.verifier])
        return
    expected = "file log.jsonl"
    if lie == "words":
        members[LOG], expected = changed_line(members[LOG], 2, keep_digest=True), "log.jsonl 2 changed"
    elif lie == "words and digest":
        members[LOG], expected = changed_line(members[LOG], 2, keep_digest=False), "log.jsonl 3 order"
    elif lie == "proof too":
        members[LOG] = changed_line(members[LOG], 3, keep_digest=False)
        members, expected = with_proof(members), "signature"
    elif lie == "removed":
        members[LOG] = lines[0] + lines[2]
        members, expected = with_proof(members), "log.jsonl count"
    elif lie == "order":
        members[LOG], expected = lines[1] + lines[0] + lines[2], "log.jsonl 2 order"
    elif lie == "table":
        members[TABLE], expected = members[TABLE] + b"x", "file log.csv"
    elif lie == "note":
        members[NOTE], expected = members[NOTE].replace(b"\n4\n", b"\n5\n"), "signature"
    data = zipped(members) + (b"x" if lie == "tail" else b"")
    checked = check_export(data, [KEY.verifier])
    assert checked.status == "changed"
    assert ("form" if lie == "tail" else expected) in checked.problems


@pytest.mark.req("R-71")
def test_no_byte_can_be_another(folder, log):
    data = exported(folder, log)
    for place in range(0, len(data), 61):
        other = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        try:
            assert check_export(other, [KEY.verifier]).status != "whole", place
        except NotAnExport:
            pass


def test_without_the_key_it_cannot_be_told_and_a_bare_log_is_never_whole(folder, log):
    data = exported(folder, log)
    other = LogKey("solbjerg/tillid", b"x" * 32).verifier
    assert check_export(data, []).status == check_export(data, [other]).status == "unsigned"
    bare = members_of(data)[LOG]
    assert check_export(bare, [KEY.verifier]).status == "unsigned"
    assert check_export(changed_line(bare, 1, keep_digest=True), []).problems == ("log.jsonl 1 changed",)
    for nothing in (b"", b"PK\x03\x04", b"Kvittering", b"\x00" * 50):
        with pytest.raises(NotAnExport):
            check_export(nothing, [KEY.verifier])


@pytest.mark.req("R-71")
def test_what_somebody_with_the_key_leaves_out_the_log_itself_shows(folder, log, tmp_path):
    server = read_log(ReadLog(folder / "audit.jsonl"), CHILD)
    fewer = type(server)(lines=server.lines[:1] + server.lines[2:], n=server.n, digest=server.digest)
    found = ChildAudit(child_id=CHILD, controller_id=OTHER, by=OTHER, at=AT, server=fewer,
                       operators=read_log(ReadLog(folder / OPERATORS), CHILD))  # fmt: skip
    checked = check_export(packed(found, b"", log.vouch), [KEY.verifier])
    assert checked.status == "whole"
    assert held_against(folder, checked) == ["log.jsonl 3 missing"]
    # And a log that has lost its end, or was written anew, is not the one that was exported.
    whole = check_export(exported(folder, log), [KEY.verifier])
    stored = (folder / "audit.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "audit.jsonl").write_bytes(b"".join(stored[:3]))
    told = held_against(tmp_path, whole)
    assert {"log.jsonl 4 unknown", "head audit.jsonl", "head operators.jsonl", "operators.jsonl 1 unknown"} == set(told)


@pytest.mark.req("R-71", "R-90")
def test_rows_whose_period_was_over_are_not_missed(log, tmp_path):
    audit = FileAudit(tmp_path / "audit.jsonl")
    FileAudit(tmp_path / OPERATORS).close()
    old = AT - timedelta(days=400)
    audit.write(a_row(at=old), a_row(OTHER, at=old), a_row(), a_row(OTHER))
    whole = check_export(exported(tmp_path, log), [KEY.verifier])
    assert whole.lines == 2 and held_against(tmp_path, whole) == []
    told = lambda said: a_row("", action="forget_log", phase="outcome", outcome=said)  # noqa: E731
    assert audit.forget_before(AT, lambda row: False, told) == 2
    audit.close()
    assert held_against(tmp_path, whole) == [], (
        "the export still has them, and the log says that they went by their rule"
    )
    later = check_export(exported(tmp_path, log), [KEY.verifier])
    assert (later.status, later.lines, held_against(tmp_path, later)) == ("whole", 1, [])


def test_the_note_is_no_head_of_the_log_of_events(folder, log):
    note = members_of(exported(folder, log))[NOTE]
    with pytest.raises(CheckpointError):
        KEY.verifier.read(note)
    assert KEY.verifier.read(note, "audit").size == 4
    with pytest.raises(CheckpointError):
        KEY.verifier.read(log.sign_head(), "audit")


def test_a_line_that_is_being_written_is_not_seen(tmp_path):
    FileAudit(path := tmp_path / "operators.jsonl").write(a_row())
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    found = read_log(ReadLog(path), CHILD)
    assert (found.lines, found.n) == ((whole,), 1)
    assert len(ReadLog(path).about(parse(whole).row.object_id)) == 1
    assert read_log(ReadLog(tmp_path / "none"), CHILD).n == 0
