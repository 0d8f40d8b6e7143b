"""The offline kit judges receipts as a stranger would run it: a bare machine with python3, openssl and xmlsec1, no network, no Tillid."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
import ssl
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.bare import PROGRAMS, bare_machine
from tests.support.kit import kit as imported
from tests.support.kit import trust_folder
from tests.support.receipts import AT, EXPIRED, GIVEN, KEY, VECTORS, proof_of
from tests.support.sign_provider import certificate, signature
from tillid.adapters.tsa_own import own_authority
from tillid.kernel.clock import FixedClock, instant, parse_instant
from tillid.kernel.paths import SIGNING
from tillid.signatures.names import xades
from tillid.signatures.personal import expected_over
from tillid.signatures.receipt import (
    KIT,
    OWN,
    OWN_TOKEN,
    bundle,
    receipt,
)
from tillid.signatures.times import timestamp_delay
from tillid.signatures.timestamp import answered, query
from tillid.signatures.timestamp_xades import imprint_of
from tillid.signatures.trust import load_trust
from tillid.signatures.xml import parse


@pytest.fixture(scope="module")
def kit():
    return imported()


@pytest.fixture(scope="module")
def box():
    return bare_machine(shutil.which("bwrap"))


@pytest.fixture(scope="module")
def bare(tmp_path_factory, box):
    """Runs the kit on a bare machine; without bubblewrap, if that was said, with a path of two programs and without Python's packages."""
    folder = tmp_path_factory.mktemp("bare")
    trust = trust_folder(folder / "trust", KEY.verifier.text())
    (folder / "bin").mkdir()
    for name in ("openssl", "xmlsec1"):
        (folder / "bin" / name).symlink_to(shutil.which(name))

    def run(data: bytes, *, trusted: Path | None = trust, at: str = AT, without: str = "") -> tuple[int, dict]:
        (folder / "r.zip").write_bytes(data)
        shutil.rmtree(folder / "given", ignore_errors=True)
        there = shutil.copytree(trusted or trust, folder / "given")
        shutil.rmtree(there / without) if without else None
        files = {"/kit.py": KIT, "/r.zip": folder / "r.zip", "/trust": there}
        seen = {inside: inside if box else str(outside) for inside, outside in files.items()}
        bound = [word for inside, outside in files.items() for word in ("--ro-bind", str(outside), inside)]
        command = [*box, *(bound if box else ()), "/usr/bin/python3", "-I", "-S", seen["/kit.py"], seen["/r.zip"]]
        command += ["--json", "--at", at, *(("--trust", seen["/trust"]) if trusted else ())]
        done = subprocess.run(command, capture_output=True, text=True, env={"PATH": str(folder / "bin")})
        assert not done.stderr
        return done.returncode, json.loads(done.stdout)

    return run


@pytest.fixture(scope="module")
def stamped(tmp_path_factory):
    """The token of a record, so long after its seal."""
    folder, trust = tmp_path_factory.mktemp("keys"), load_trust(SIGNING / "trust" / "test")

    def made(record: bytes, after: timedelta) -> bytes:
        sealed = parse(record).findtext(f".//{xades('SigningTime')}")
        nonce, imprint, moment = secrets.randbits(63), imprint_of(record), parse_instant(sealed) + after
        response = own_authority(folder, FixedClock(moment), demo=True).ask(query(imprint, nonce))
        return answered(response, imprint, nonce, trust, at=moment).der

    return made


@pytest.mark.parametrize("bwrap", [None, "/bin/false"], ids=["not there", "of no use"])
def test_without_a_bare_machine_it_fails_unless_that_was_said(bwrap, monkeypatch):
    monkeypatch.delenv("TILLID_WITHOUT", raising=False)
    with pytest.raises(pytest.fail.Exception, match="make install"):
        bare_machine(bwrap)
    monkeypatch.setenv("TILLID_WITHOUT", "bubblewrap")
    assert bare_machine(bwrap) == []


def test_the_bare_machine_has_nothing_of_ours_and_no_network(box):
    if not box:
        pytest.skip("TILLID_WITHOUT=bubblewrap")
    look = "import os, socket, sys; socket.create_connection(('1.1.1.1', 53), 2) if sys.argv[1] else print(os.path.exists(sys.argv[2]))"
    found = subprocess.run([*box, "/usr/bin/python3", "-c", look, "", str(KIT)], capture_output=True, text=True)
    assert found.stdout == "False\n", found
    listed = "import os; print(sorted(os.listdir('/bin')), [os.listdir(one) for one in ('/usr/sbin', '/usr/local')])"
    found = subprocess.run([*box, "/usr/bin/python3", "-c", listed], capture_output=True, text=True)
    assert found.stdout == f"{sorted(PROGRAMS)} [[], []]\n", found
    assert subprocess.run([*box, "/usr/bin/python3", "-c", look, "net", ""], capture_output=True).returncode == 1
    for package in ("lxml", "cryptography", "tillid"):
        assert (
            subprocess.run([*box, "/usr/bin/python3", "-c", f"import {package}"], capture_output=True).returncode == 1
        )


@pytest.mark.parametrize(
    "name",
    [
        "given",
        "refused",
        "withdrawn",
        "withdrawn-part-by-phone",
        "renewed",
        "received",
        "meeting-given-in-part",
        "meeting-withdrawn-one-by-phone",
    ],
)
def test_passes_on_a_bare_machine(name, bare):
    record = (VECTORS / "valid" / f"{name}.xml").read_bytes()
    code, told = bare(receipt(record, proof_of(record)))
    assert (code, told["result"]) == (0, "passed"), told


@pytest.mark.parametrize(("record", "word", "danish", "english"), [
    (GIVEN, "passed", "ægte og uændret", "genuine and unchanged"),
    (GIVEN.replace(b"yes", b"no", 1), "failed", "ændret", "does not fit"),
    (EXPIRED, "indeterminate", "udløbet", "has run out"),
], ids=["good", "changed", "in doubt"])  # fmt: skip
def test_the_result_is_explained_in_danish_and_in_english(bare, tmp_path, record, word, danish, english):
    """Both for a program and for a person at a terminal."""
    made = receipt(record, proof_of(record))
    _, told = bare(made)
    assert told["result"] == word and told["da"] != told["en"]
    assert danish in told["da"] and english in told["en"]
    (tmp_path / "r.zip").write_bytes(made)
    trust = trust_folder(tmp_path / "trust", KEY.verifier.text())
    command = ["/usr/bin/python3", "-I", "-S", str(KIT), str(tmp_path / "r.zip"), "--at", AT, "--trust", str(trust)]
    shown = subprocess.run(command, capture_output=True, text=True).stdout
    assert told["da"] in shown and told["en"] in shown


@pytest.mark.req("D12", "R-100", "R-101")
def test_a_meetings_receipt_with_all_that_lies_beside_it_passes_on_a_bare_machine(bare, stamped):
    record = (VECTORS / "valid" / "meeting-given.xml").read_bytes()
    now = parse_instant(AT)
    root = certificate("Provider", None, now=now, authority=True)
    person = certificate("Person", root, subject=expected_over(record).subject, now=now)
    own = signature(record, person, [root[0]], now + timedelta(seconds=1))
    token = stamped(record, timedelta(seconds=3))
    code, told = bare(receipt(record, proof_of(record), token, {OWN: own, OWN_TOKEN: token}))
    assert (code, told["result"], told["not_judged"]) == (0, "passed", [OWN, OWN_TOKEN]), told
    code, told = bare(receipt(GIVEN, proof_of(GIVEN), None, {OWN: own}))
    assert (code, told["result"]) == (1, "failed"), "over another record"


def test_a_bundle_is_judged_receipt_by_receipt_and_the_worst_counts(bare, kit):
    refused = (VECTORS / "valid" / "refused.xml").read_bytes()
    whole = {"a": receipt(GIVEN, proof_of(GIVEN)), "b": receipt(refused, proof_of(refused))}
    code, told = bare(bundle(whole))
    assert (code, told["result"]) == (0, "passed") and {one["result"] for one in told["receipts"].values()} == {
        "passed"
    }
    members = kit.unzipped(whole["b"])
    forged = kit.zipped(members | {"record.html": members["record.html"].replace(b"Nej", b"Ja")})
    expired = receipt(EXPIRED, proof_of(EXPIRED))
    assert bare(bundle(whole | {"c": expired}))[0] == 2
    code, told = bare(bundle(whole | {"b": forged, "c": expired}))
    assert (code, told["result"]) == (1, "failed")
    assert [one["result"] for one in told["receipts"].values()] == ["passed", "failed", "indeterminate"]
    assert bare(bundle(whole)[:-1])[0] == 1 and bare(bundle({}))[0] == 1


def test_without_trust_it_cannot_be_told(bare, kit, tmp_path):
    whole = receipt(GIVEN, proof_of(GIVEN))
    assert bare(whole, trusted=None)[0] == 2
    told = kit.judged(whole, str(tmp_path / "mistyped"), parse_instant(AT))
    assert (told["result"], told["step"], Path(told["file"]).name) == ("indeterminate", "file", "mistyped")


@pytest.mark.parametrize("missing", ["ca", "seals", "log", "tsa"])
def test_what_is_missing_of_the_trust_is_said_by_name(missing, bare, stamped):
    whole = receipt(GIVEN, proof_of(GIVEN), stamped(GIVEN, timedelta(seconds=3)))
    code, told = bare(whole, without=missing)
    assert (code, told["result"]) == (2, "indeterminate") and f"({missing}/)" in told["da"], told


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("record.xml", b"<Title>", b"<Title>x"),
        ("record.html", b"<td>Ja</td>", b"<td>Nej</td>"),
        ("how-to-verify.html", b"GODKENDT", b"godkendt"),
        ("proof.json", b'"index": 3', b'"index": 2'),
        ("proof.json", b'"index": 3', b'"index": 3.0'),
        ("checkpoint.txt", b"\n5\n", b"\n6\n"),
        ("log-key.txt", b"solbjerg", b"solbjerh"),
        ("certificates/seal.pem", b"MII", b"MIJ"),
    ],
)
def test_a_changed_member_with_a_new_list_of_digests_is_refused(name, old, new, kit, bare):
    members = kit.unzipped(receipt(GIVEN, proof_of(GIVEN)))
    assert old in members[name]
    code, told = bare(kit.zipped(members | {name: members[name].replace(old, new)}))
    assert (code, told["result"]) == (1, "failed"), told


@pytest.mark.parametrize(("since", "stamp", "code"), [(-1, False, 1), (1, False, 2), (1, True, 0), (3, True, 2)])
def test_a_seal_revoked_since_passes_only_with_a_timestamp_from_before(since, stamp, code, bare, stamped, tmp_path):
    """``since``: hours after the seal; the timestamp is two hours after it where it comes too late."""
    sealed = parse_instant(parse(GIVEN).findtext(f".//{xades('SigningTime')}"))
    trust = trust_folder(tmp_path / "trust", KEY.verifier.text())
    leaf = ssl.PEM_cert_to_DER_cert((trust / "seals" / "seal.pem").read_text("utf-8"))
    at = instant(sealed + timedelta(hours=abs(since) if since < 3 else 1) * (1 if since > 0 else -1))
    (trust / "revoked.json").write_text(json.dumps([{"sha256": hashlib.sha256(leaf).hexdigest(), "at": at}]), "utf-8")
    token = stamped(GIVEN, timedelta(hours=2) if since == 3 else timedelta(0)) if stamp else None
    found, told = bare(receipt(GIVEN, proof_of(GIVEN), token), trusted=trust)
    assert found == code and (code == 0 or "spærret" in told["da"]), told


@pytest.mark.req("R-85")
def test_a_timestamp_says_when_the_seal_existed(bare, stamped):
    code, told = bare(receipt(GIVEN, proof_of(GIVEN), stamped(GIVEN, timedelta(seconds=3))))
    assert code == 0, told
    assert parse_instant(told["stamped"].replace("+00:00", "Z")) - parse_instant(
        told["sealed"].replace("+00:00", "Z")
    ) == timedelta(seconds=3)


def test_a_seal_that_has_run_out_since_passes_only_with_a_timestamp_from_before(bare, stamped):
    proof = proof_of(EXPIRED)
    assert bare(receipt(EXPIRED, proof))[0] == 2
    assert bare(receipt(EXPIRED, proof, stamped(EXPIRED, timedelta(hours=1))))[0] == 0
    assert bare(receipt(EXPIRED, proof, stamped(EXPIRED, timedelta(days=3 * 365))))[0] == 2


@pytest.mark.parametrize(
    ("after", "at", "code", "words"),
    [
        (timedelta(hours=-1), AT, 1, "ældre end seglet"),
        (timedelta(0), "2025-01-01T12:00:00Z", 2, "fremtiden"),
        (timedelta(0), "2066-01-01T12:00:00Z", 2, "udløbet"),
        (timestamp_delay(), "2027-01-01T12:00:00Z", 0, "ægte"),
        (timestamp_delay() + timedelta(seconds=1), "2027-01-01T12:00:00Z", 2, "længe efter"),
    ],
)
def test_a_moment_that_cannot_be_is_said_so(after, at, code, words, bare, stamped):
    found, told = bare(receipt(GIVEN, proof_of(GIVEN), stamped(GIVEN, after)), at=at)
    assert found == code and words in told["da"], told


def test_a_token_of_another_record_or_a_changed_one_is_refused(bare, stamped):
    other = stamped((VECTORS / "valid" / "refused.xml").read_bytes(), timedelta(0))
    own = stamped(GIVEN, timedelta(0))
    for token in (other, own[:-1] + bytes([own[-1] ^ 1]), own[:-9], b"", b"\x30" * 400):
        code, told = bare(receipt(GIVEN, proof_of(GIVEN), token))
        assert (code, "Tidsstemplet" in told["da"]) == (1, True), told
