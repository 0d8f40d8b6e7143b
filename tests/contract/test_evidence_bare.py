"""The second file of the kit judges renewed evidence (RFC 4998) as a stranger would run it: a bare machine, no network, no Tillid,
and the moment as a parameter. Its verdict on each vector is ours, step for step."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from scripts.vectors.answers import answer
from tests.support.bare import bare_machine
from tests.support.evidence import ALGORITHMS, Years, day, everybody, made
from tests.support.kit import kit as imported
from tests.support.kit import trust_folder
from tests.support.receipts import GIVEN, KEY, VECTORS, proof_of
from tests.vectors.test_receipt_beside import ER, FROZEN, RENEWED
from tillid.kernel.clock import instant
from tillid.signatures.algorithms import TABLE, read_algorithms
from tillid.signatures.evidence import Stamped, read, tokens_group, written
from tillid.signatures.evidence_asn1 import completed
from tillid.signatures.evidence_tree import digest
from tillid.signatures.evidence_verify import verify_evidence
from tillid.signatures.receipt import EVIDENCE_KIT, KIT, bundle, receipt

FOLDER = VECTORS / "evidence"
FILES = sorted(FOLDER.glob("*/*.er"))
METHODS, FAR = FOLDER / "trust" / "algorithms.json", instant(day(2066))
DATA = b"Tillid, object 0\n"
WORDS = {"unreadable": "failed"}  # of two words for what is no evidence the kit has one


@pytest.fixture(scope="module")
def trust(tmp_path_factory):
    """All that somebody trusts who keeps receipts for forty years."""
    folder = trust_folder(tmp_path_factory.mktemp("trust") / "t", KEY.verifier.text())
    for one in (FOLDER / "trust" / "tsa").glob("*.pem"):
        shutil.copy(one, folder / "tsa" / f"evidence-{one.name}")
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs the file on a bare machine: inputs, what is trusted, moment → exit code and what it prints."""
    folder, box = tmp_path_factory.mktemp("bare"), bare_machine(shutil.which("bwrap"))
    (folder / "bin").mkdir()
    for name in ("openssl", "xmlsec1"):
        (folder / "bin" / name).symlink_to(shutil.which(name))

    def run(
        *inputs: bytes, trust: Path, at: str, methods: Path | None = METHODS, alone: bool = False, words=("--json",)
    ):
        kit = folder / "kit"
        shutil.rmtree(kit, ignore_errors=True)
        kit.mkdir()
        for one in (EVIDENCE_KIT, *(() if alone else (KIT,))):
            shutil.copy(one, kit)
        for number, data in enumerate(inputs):
            (kit / f"in{number}").write_bytes(data)
        shutil.copytree(trust, kit / "trust")
        shutil.copy(methods, kit / "methods") if methods else None
        here = "/kit" if box else str(kit)
        command = [*box, *(("--ro-bind", str(kit), "/kit") if box else ()), "/usr/bin/python3", "-I", "-S"]
        command += [f"{here}/{EVIDENCE_KIT.name}", *(f"{here}/in{number}" for number in range(len(inputs)))]
        command += [
            "--trust",
            f"{here}/trust",
            "--at",
            at,
            *(("--methods", f"{here}/methods") if methods else ()),
            *words,
        ]
        done = subprocess.run(command, capture_output=True, text=True, env={"PATH": str(folder / "bin")})
        assert not done.stderr
        return done.returncode, json.loads(done.stdout) if "--json" in words else done.stdout

    return run


def test_it_can_be_read_and_needs_nothing():
    """Who trusts it has to be able to read it (issue 6 part 6)."""
    text = EVIDENCE_KIT.read_text("utf-8")
    assert len(text.splitlines()) <= 300 and max(map(len, text.splitlines())) <= 120
    wanted = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in wanted if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in wanted if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.req("R-85", "O6")
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_verdict_on_each_vector_is_ours(path, run):
    """Without the rest of the kit too: this file and ``openssl`` are enough."""
    wanted = json.loads(path.with_suffix(".json").read_bytes())
    data = path.with_suffix(".object").read_bytes()
    code, told = run(path.read_bytes(), data, trust=FOLDER / "trust", at=wanted["at"], alone=True)
    status = WORDS.get(wanted["status"], wanted["status"])
    assert (told["result"], told["step"]) == (status, wanted["step"]), told
    assert code == ("passed", "failed", "indeterminate").index(status)


def test_the_moments_are_ours_and_are_said_in_both_languages(run):
    path = FOLDER / "valid" / "whole-0.er"
    record, data = path.read_bytes(), path.with_suffix(".object").read_bytes()
    ours = verify_evidence(record, data, everybody(), ALGORITHMS, at=day(2066)).details
    _, told = run(record, data, trust=FOLDER / "trust", at=FAR)
    assert [told[key] for key in ("proven_at", "renewed_at")] == [ours["proven_at"], ours["renewed_at"]]
    _, shown = run(record, data, trust=FOLDER / "trust", at=FAR, words=())
    for line in ("GODKENDT / PASSED", told["da"], told["en"], told["proven_at"], "samtykke gælder", "Not shown"):
        assert line in shown


def test_until_when_methods_are_believed_is_the_policys_or_what_is_given(run):
    """Read off the shipped table: the same as the one that it has in itself."""
    path = FOLDER / "valid" / "renewed-once.er"
    ours, record, data = read_algorithms(), path.read_bytes(), path.with_suffix(".object").read_bytes()
    for at in (day(2035, 6), day(2036, 6), day(2045)):
        step = verify_evidence(record, data, everybody(), ours, at=at).step
        for methods in (None, TABLE):
            assert run(record, data, trust=FOLDER / "trust", at=instant(at), methods=methods)[1]["step"] == step
    assert step == "evidence.method"
    own = {}
    exec(next(line for line in _statements() if line.startswith("ENDS")), own)
    table = {name: instant(end) if end else "null" for name, end in {**ours.digests, **ours.keys}.items()}
    assert own["ENDS"] == table


def _statements():
    text = EVIDENCE_KIT.read_text("utf-8")
    return [ast.get_source_segment(text, node) or "" for node in ast.parse(text).body]


@pytest.mark.req("R-85", "O6", "P4")
def test_a_receipt_of_2026_passes_in_2066_on_a_bare_machine(run, trust):
    kit = imported()
    assert kit.judged(RENEWED, trust, day(2066))["result"] == "indeterminate", "the first file alone cannot tell"
    code, told = run(RENEWED, trust=trust, at=FAR)
    assert (code, told["result"], told["evidence"]["step"]) == (0, "passed", "evidence.ok"), told
    assert (told["evidence"]["proven_at"][:4], told["not_judged"]) == ("2026", [])
    # In 2071 the last certificate has run out; in 2026 what is of later takes nothing away.
    assert run(RENEWED, trust=trust, at="2071-01-01T12:00:00Z")[0] == 2
    code, told = run(RENEWED, trust=trust, at="2026-12-01T12:00:00Z")
    assert (code, told["evidence"]["step"]) == (0, "timestamp.future")


def test_a_bundle_and_a_receipt_without_evidence_are_judged_too(run, trust):
    plain = receipt(GIVEN, proof_of(GIVEN))
    code, told = run(plain, trust=trust, at="2026-11-26T12:00:00Z")
    assert (code, told["result"]) == (0, "passed") and "evidence" not in told
    code, told = run(bundle({"a": RENEWED, "b": plain}), trust=trust, at=FAR)
    assert [one["result"] for one in told["receipts"].values()] == ["passed", "indeterminate"]
    assert (code, told["result"]) == (2, "indeterminate")
    assert run(bundle({"a": RENEWED}), trust=trust, at=FAR)[0] == 0


def test_a_receipt_with_other_evidence_or_another_timestamp_is_refused(run, trust):
    kit = imported()
    whole = kit.unzipped(RENEWED)
    changed = ER[:-1] + bytes([ER[-1] ^ 1])
    other = (FOLDER / "valid" / "whole-0.er").read_bytes()
    stamp = Years(day(2025, 12)).keeping(1).stamper.stamp(digest("sha256", b"another").hex())
    for more in (
        {"record.er": changed},
        {"record.er": other},
        {"record.tst": stamp},
        {"record.frozen.xml": FROZEN + b"\n"},
    ):
        forged = kit.zipped(whole | more)
        for at in ("2026-12-01T12:00:00Z", FAR):
            code, told = run(forged, trust=trust, at=at)
            assert (code, told["result"]) == (1, "failed"), (more.keys(), told)
    # The timestamp that was frozen is taken out: the first file has nothing to object, the second has.
    bare = kit.zipped({name: data for name, data in whole.items() if name != "record.tst"})
    assert run(bare, trust=trust, at="2026-12-01T12:00:00Z")[0] == 1


def _of(token: bytes) -> bytes:
    return written([[Stamped(algorithm="sha256", groups=((digest("sha256", DATA),),), token=token)]])


def _plain() -> bytes:
    return Years().keeping(1).stamper.stamp(digest("sha256", DATA).hex())


@pytest.mark.parametrize(
    ("reason", "since", "step"),
    [
        ("key_compromise", day(2028), "timestamp.revoked"),
        ("key_compromise", day(2031), "evidence.ok"),
        ("superseded", day(2028), "evidence.ok"),
        ("superseded", day(2025), "timestamp.revoked"),
    ],
)
def test_what_the_lists_of_the_trust_folder_take_back(reason, since, step, run, tmp_path):
    one, trust = made(1), tmp_path / "trust"
    shutil.copytree(FOLDER / "trust", trust)
    held = one.revocation_list(one.leaf, since=since)
    builder = x509.CertificateRevocationListBuilder().issuer_name(held.issuer).last_update(held.last_update_utc)
    entry = x509.RevokedCertificateBuilder().serial_number(one.leaf.serial_number).revocation_date(since)
    entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags[reason]), critical=False)
    builder = builder.next_update(day(2070)).add_revoked_certificate(entry.build())
    listed = builder.sign(one.root_key, one.leaf.signature_hash_algorithm)
    (trust / "crl").mkdir()
    (trust / "crl" / "one.crl").write_bytes(listed.public_bytes(Encoding.DER))
    ours = msgspec.structs.replace(everybody(), lists=(listed,))
    record = _of(_plain())
    assert verify_evidence(record, DATA, ours, ALGORITHMS, at=day(2030)).step == step
    assert run(record, DATA, trust=trust, at=instant(day(2030)))[1]["step"] == step
    # A list of somebody else's says nothing.
    stranger = builder.sign(made(9).root_key, one.leaf.signature_hash_algorithm)
    (trust / "crl" / "one.crl").write_bytes(stranger.public_bytes(Encoding.DER))
    assert run(record, DATA, trust=trust, at=instant(day(2030)))[1]["step"] == "evidence.ok"


def test_what_lies_in_the_token_must_say_that_its_certificates_held(run):
    """Lists or answers: of the moment, of its own authority."""
    one, other = made(1), made(2)
    valid = one.leaf.not_valid_before_utc, one.leaf.not_valid_after_utc
    says = {status: answer(one.leaf, (one.root, one.root_key), valid=valid, status=status, since=day(2025)) for status in ("good", "revoked")}  # fmt: skip
    strangers = other.revocation_list().public_bytes(Encoding.DER)
    old = answer(one.leaf, (one.root, one.root_key), valid=(valid[0], valid[0] + timedelta(days=7)))
    own = one.revocation_list().public_bytes(Encoding.DER)
    trust = msgspec.structs.replace(everybody(), lists=())
    for step, more in (
        ("evidence.ok", {"lists": [own]}),
        ("evidence.ok", {"answers": [says["good"]]}),
        ("timestamp.revoked", {"answers": [says["revoked"]]}),
        ("revocation.missing", {"lists": [strangers]}),
        ("revocation.missing", {"answers": [old]}),
    ):
        record = _of(completed(_plain(), **more))
        found = run(record, DATA, trust=FOLDER / "trust", at=instant(day(2030)))[1]["step"]
        ours = verify_evidence(record, DATA, trust, ALGORITHMS, at=day(2030)).step
        assert (found, ours.replace("revocation.old", "revocation.missing")) == (step, step)


def test_a_forgery_weighs_more_than_a_doubt(run):
    """The first token of nobody known, the second of a certificate that is for something else."""
    first = Years().keeping(9).stamper.stamp(digest("sha256", DATA).hex())
    group = tuple(tokens_group([first], "sha256"))
    second = Years(day(2027)).keeping(1, stamps=False).stamper.stamp(group[0].hex())
    links = [*read(_of(first))[0], Stamped(algorithm="sha256", groups=(group,), token=second)]
    code, told = run(written([links]), DATA, trust=FOLDER / "trust", at=instant(day(2030)))
    assert (code, told["step"]) == (1, "timestamp.usage")
