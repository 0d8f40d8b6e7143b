"""``tillid walk`` as a command: once with everything real, once with a seal that cannot be used (issue 3, "Commands")."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509

from tests.support.documented import accepted_though_damaged, log_checked, xmlsec1_command
from tests.support.forked import PLONE, Forked, preload
from tests.support.kit import kit, trust_folder
from tests.walks.walk_without_key import walk_without_key
from tillid.adapters.audit_file import FileAudit
from tillid.adapters.pdf import check as pdf_problems
from tillid.adapters.pdf import extract
from tillid.cli import main
from tillid.cli.walk import left_after
from tillid.consents.record import read_record
from tillid.demo.walk_scene import PURPOSE, SET, Failed
from tillid.demo.walk_writing import check_copy
from tillid.demo.walking import FILES, STATIONS, Walk
from tillid.demo.xmlsec import Xmlsec1
from tillid.forms.loading import load_definitions
from tillid.kernel.canonical import canonical_json, sha256
from tillid.kernel.clock import SystemClock
from tillid.kernel.paths import PROJECT, SIGNING
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp_xades import stamped_bytes, with_timestamp
from tillid.signatures.trust import load_trust
from tillid.signatures.verify import verify

preload(PLONE)
RECORDS = ("consent-1.xml", "consent-2.xml", "withdrawal-1.xml")
TRUST = SIGNING / "trust" / "test"


@dataclass
class Ran:
    """A finished command and the folder it wrote to."""

    out: Path
    code: int
    stdout: str
    stderr: str

    @property
    def report(self) -> dict:
        return json.loads((self.out / "walk.json").read_text("utf-8"))

    def evidence(self, number: int) -> dict:
        return self.report["stations"][number - 1]["evidence"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> dict[str, Ran]:
    """One from a cold process, as people run it; both at once."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ("whole", "without-key")}
    for out in folders.values():
        for old in (*FILES, "mine.txt"):
            (out / old).write_text("of an earlier walk")
    command = [sys.executable, "-m", "tillid", "walk", "--json", "--out", str(folders["whole"])]
    environment = {key: value for key, value in os.environ.items() if key != "TILLID_MODE"}
    cold = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    errors = folders["without-key"].with_name("without-key-errors.txt")
    warm = Forked(walk_without_key, folders["without-key"], err=errors)
    try:
        said = cold.communicate(timeout=240)
        told = warm.stdout.read()
        without = Ran(folders["without-key"], warm.wait(240), told, errors.read_text("utf-8"))
    finally:
        cold.kill()
        warm.kill()
    return {"whole": Ran(folders["whole"], cold.returncode, *said), "without-key": without}


@pytest.fixture
def whole(runs) -> Ran:
    assert runs["whole"].code == 0, runs["whole"].stdout + runs["whole"].stderr
    return runs["whole"]


@pytest.fixture
def without_key(runs) -> Ran:
    return runs["without-key"]


@pytest.mark.req("O6", "O7", "O9", "X6", "T4b", "R-01", "R-10", "R-11", "R-12", "R-16", "R-17", "R-18", "R-21", "R-22")
@pytest.mark.req("R-32", "R-71")
def test_every_check_of_every_station_holds(whole):
    report = whole.report
    assert report["ok"] and [one["name"] for one in report["stations"]] == [name for name, _ in STATIONS]
    assert [one["number"] for one in report["stations"]] == list(range(1, 10))
    for one in report["stations"]:
        assert one["ok"] and one["code"] == "" and one["evidence"] and one["seconds"] >= 0 and "\n" not in one["said"]


def test_it_leaves_its_files_and_touches_no_other(whole):
    assert {path.name for path in whole.out.iterdir()} == {*FILES, "mine.txt"}
    assert all("of an earlier walk" not in (whole.out / name).read_bytes().decode("latin-1") for name in FILES)


def test_json_on_the_screen_is_walk_json_and_nothing_else(whole):
    assert json.loads(whole.stdout) == whole.report
    assert "Traceback" not in whole.stderr


def test_the_report_names_no_person(whole):
    text = (whole.out / "walk.json").read_text("utf-8")
    answers = json.loads((whole.out / "answers.json").read_bytes())
    for words in (answers["barn"]["name"], "Sofie", "Jeppe", "Katrine", answers["u_greb"][:20]):
        assert words not in text


@pytest.mark.req("R-11")
def test_answers_json_is_what_the_records_point_at(whole):
    data = (whole.out / "answers.json").read_bytes()
    assert canonical_json(json.loads(data)) == data
    assert sha256(data) == whole.evidence(4)["answers"] == whole.evidence(5)["answers"]
    for name in RECORDS:
        judged = verify((whole.out / name).read_bytes(), load_trust(TRUST), at=SystemClock().now())
        facts = read_record(judged.signed)
        assert facts.document.answers_digest == sha256(data), name
        assert facts.document.pdf_sha256 == sha256((whole.out / "document.pdf").read_bytes()), name


@pytest.mark.req("R-10")
@pytest.mark.parametrize("name", RECORDS)
def test_xmlsec1_accepts_the_records_as_the_documents_say(whole, name):
    done = subprocess.run(
        [*xmlsec1_command(), str(whole.out / name)], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "SignedInfo References (ok/all): 2/2" in done.stdout + done.stderr


@pytest.mark.req("R-85")
@pytest.mark.parametrize("name", [*RECORDS, "log-checkpoint.txt"])
def test_openssl_accepts_each_timestamp_as_the_documents_say(whole, name):
    """For its own bytes, with the authority's certificate and nothing else; and for no other bytes."""
    stem = name.rpartition(".")[0]
    about = name if name.endswith(".txt") else f"{stem}.signature"
    text = (PROJECT / "docs" / "verify.md").read_text("utf-8")
    command = next(line for line in text.splitlines() if line.startswith("    openssl ts -verify"))

    def accepted(data: str) -> bool:
        words = [
            {"consent-1.signature": data, "consent-1.tst": f"{stem}.tst"}.get(word, word) for word in command.split()
        ]
        return subprocess.run(words, cwd=whole.out, capture_output=True, check=False).returncode == 0

    assert accepted(about) and not accepted("walk.json")
    if name in RECORDS:
        record = (whole.out / name).read_bytes()
        assert stamped_bytes(record) == (whole.out / about).read_bytes()
        level_t = with_timestamp(record, (whole.out / f"{stem}.tst").read_bytes())
        assert Xmlsec1().accepts(level_t)
        assert verify_timed(level_t, load_trust(TRUST), at=SystemClock().now()).details["timestamped_at"]


def test_the_walk_calls_xmlsec1_as_the_documents_say(whole):
    ours = [word.replace(f"{PROJECT}/", "") for word in Xmlsec1().command if word != "--lax-key-search"]
    assert ours == xmlsec1_command()[1:]
    record = (whole.out / RECORDS[0]).read_bytes()
    assert Xmlsec1().accepts(record)
    assert not Xmlsec1().accepts(record.replace(SET.child_id.encode(), SET.author_id.encode(), 1))


def test_tillid_verify_passes_the_records(whole, capsys):
    paths = [str(whole.out / name) for name in RECORDS]
    assert main(["verify", *paths, "--trust", str(TRUST), "--json"]) == 0
    assert [one["status"] for one in json.loads(capsys.readouterr().out)] == ["passed"] * 3
    kept = x509.load_pem_x509_certificates((whole.out / "certificate.pem").read_bytes())
    pinned = x509.load_pem_x509_certificate((TRUST / "seals" / "seal.pem").read_bytes())
    assert len(kept) == 2 and kept[0] == pinned


@pytest.mark.req("X6")
def test_the_document_is_the_parents_copy(whole):
    pdf = (whole.out / "document.pdf").read_bytes()
    assert pdf_problems(pdf) == []
    (embedded,) = extract(pdf)
    assert json.loads(embedded.data)["reader"] == "parent"
    answers = json.loads((whole.out / "answers.json").read_bytes())
    definition = load_definitions().latest(SET.form_id)
    assert check_copy(pdf, "parent", definition, answers) > 20
    with pytest.raises(Failed):
        check_copy(pdf, "receiver", definition, answers)
    with pytest.raises(Failed):
        check_copy(pdf, "parent", definition, {**answers, "uenig_bem": "mere"})
    with pytest.raises(Failed):
        check_copy(pdf[:-200], "parent", definition, answers)


@pytest.mark.req("R-71")
def test_the_log_is_whole_and_tells_the_purpose(whole, tmp_path):
    shutil.copyfile(whole.out / "audit.jsonl", tmp_path / "audit.jsonl")
    audit = FileAudit(tmp_path / "audit.jsonl")
    assert audit.verify() == []
    rows = audit.of_child(SET.child_id)
    audit.close()
    said = {row.action for row in rows if row.purpose == PURPOSE}
    assert {"open_archived", "read_archived"} <= said
    assert {"share", "agree", "give_consent", "read_released", "withdraw"} <= {row.action for row in rows}


def test_a_broken_part_is_told_as_the_station_it_broke(without_key):
    assert without_key.code == 1 and "Traceback" not in without_key.stdout + without_key.stderr
    assert json.loads(without_key.stdout) == without_key.report
    assert not without_key.report["ok"]
    last = without_key.report["stations"][-1]
    assert (last["number"], last["ok"], last["code"]) == (5, False, "consent.not-sealed")
    assert all(one["ok"] for one in without_key.report["stations"][:-1])


def test_a_failed_walk_leaves_no_files_of_an_earlier_one(without_key):
    left = {path.name for path in without_key.out.iterdir()}
    assert left == {"document.pdf", "answers.json", "audit.jsonl", "walk.json", "mine.txt"}
    assert (without_key.out / "document.pdf").read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("debug", [False, True])
def test_what_nobody_expected_is_a_failed_station(world_at, tmp_path, capsys, debug):
    world = world_at("people")

    def broken():
        raise ZeroDivisionError("Almas tekst")

    walk = Walk(world.parts, broken, None, list, debug=debug)
    stations = list(walk.stations())
    walk.write(tmp_path, audit=world.folder / "audit" / "audit.jsonl")
    assert [(one.ok, one.code) for one in stations] == [(True, ""), (False, "ZeroDivisionError")] and not walk.ok
    written = (tmp_path / "walk.json").read_text("utf-8")
    assert json.loads(written)["ok"] is False and "Almas tekst" not in written
    assert ("Traceback" in capsys.readouterr().err) is debug


def test_work_that_is_not_done_is_named(world_at):
    world = world_at("draft")
    installation = SimpleNamespace(open_house=world.house)
    assert left_after(installation, 0) == []
    with world.house() as house:
        entry = house.outbox.add("index", {"document": world.made["document"], "event": "x"}, house.moment)
    assert left_after(installation, 0) == ["index (venter)"]
    with world.house() as house:
        house.outbox.failed(entry.key, "search.unavailable", house.moment)
    assert left_after(installation, 60) == ["index (search.unavailable)"], "a failed attempt is told at once"


@pytest.mark.parametrize("kind", ["empty", "file", "below-a-file"])
def test_a_folder_that_cannot_be_is_refused_with_a_sentence(tmp_path, capsys, kind):
    file = tmp_path / "file"
    file.write_text("mine")
    out = {"empty": "", "file": str(file), "below-a-file": str(file / "walk")}[kind]
    assert main(["walk", "--out", out]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "--out" in said.err and "[walk.out]" in said.err and said.err.count("\n") == 1
    assert file.read_text() == "mine"


@pytest.mark.req("R-85", "R-104")
def test_tillid_verify_and_the_kit_pass_the_receipt_that_it_leaves(whole, tmp_path, capsys):
    receipt = whole.out / "receipt.zip"
    trust = trust_folder(tmp_path / "trust", (whole.out / "log-key.txt").read_text("utf-8").strip())
    told = kit().verify(receipt.read_bytes(), trust, SystemClock().now())
    assert (
        told["kind"] == "ConsentGiven"
        and told["stamped"]
        and sha256(receipt.read_bytes()) == whole.evidence(9)["receipt"]
    )
    assert main(["verify", str(receipt), "--trust", str(trust), "--json"]) == 0
    (verdict,) = json.loads(capsys.readouterr().out)
    assert verdict["status"] == "passed" and verdict["details"]["log_size"] == str(whole.evidence(9)["log"])


@pytest.mark.req("R-85")
def test_the_logs_files_are_checked_with_standard_tools_as_the_documents_say(whole, tmp_path):
    good, said = log_checked(Path(shutil.copytree(whole.out, tmp_path / "walk")))
    assert good and "consent-1.xml is about number" in said and f"to {whole.evidence(9)['log']} events" in said, said
    files = [*whole.out.glob("log-*"), whole.out / "tsa.pem", whole.out / "consent-1.xml"]
    assert list(accepted_though_damaged(files, tmp_path)) == []
