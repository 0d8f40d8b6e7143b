"""The offline kit judges receipts made of our valid vectors, run as a stranger would: bare python3, openssl, xmlsec1."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tillid.kernel.paths import SIGNING
from tillid.signatures import merkle
from tillid.signatures.checkpoint import Checkpoint, LogKey
from tillid.signatures.names import consent
from tillid.signatures.receipt import KIT, LogProof, receipt
from tillid.signatures.xml import parse

KEY = LogKey("solbjerg.example/log", bytes(range(32)))
VALID = [
    p for p in sorted((SIGNING / "vectors" / "valid").glob("*.xml")) if b"UnsignedProperties" not in p.read_bytes()
]
AT = "2026-11-26T12:00:00Z"


class Leaves:
    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = leaves

    def node(self, level: int, index: int) -> bytes:
        if level == 0:
            return merkle.leaf_hash(self.leaves[index])
        return merkle.inner_hash(self.node(level - 1, 2 * index), self.node(level - 1, 2 * index + 1))


def proof_of(record: bytes, size: int = 5, place: int = 3) -> LogProof:
    leaf = parse(record).find(f".//{consent('Event')}").get("sha256")
    leaves = Leaves([hashlib.sha256(bytes([number])).digest() for number in range(size)])
    leaves.leaves[place] = bytes.fromhex(leaf)
    head = Checkpoint(origin=KEY.verifier.name, size=size, root=merkle.head(leaves, size))
    path = tuple(step.hex() for step in merkle.inclusion_proof(leaves, place, size))
    note = KEY.sign(head).decode()
    return LogProof(leaf=leaf, index=place, size=size, path=path, checkpoint=note, key=KEY.verifier.text())


@pytest.fixture(scope="module")
def kit():
    spec = importlib.util.spec_from_file_location("tillid_verify", KIT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Runs the kit with a path of three programs, without the site's packages, without network where bubblewrap is."""
    folder = tmp_path_factory.mktemp("bare")
    trust = folder / "trust"
    shutil.copytree(SIGNING / "trust" / "test", trust)
    (trust / "log").mkdir()
    (trust / "log" / "key.txt").write_text(KEY.verifier.text() + "\n", "utf-8")
    (folder / "bin").mkdir()
    for name in ("openssl", "xmlsec1"):
        (folder / "bin" / name).symlink_to(shutil.which(name))
    box = ["bwrap", "--dev-bind", "/", "/", "--unshare-net"] if shutil.which("bwrap") else []
    if box and subprocess.run([*box, "/bin/true"], capture_output=True).returncode:
        box = []

    def run(data: bytes, *more: str, trusted: Path | None = trust) -> tuple[int, dict]:
        (folder / "r.zip").write_bytes(data)
        command = [*box, "/usr/bin/python3", "-I", "-S", str(KIT), str(folder / "r.zip"), "--json", "--at", AT, *more]
        command += ["--trust", str(trusted)] if trusted else []
        done = subprocess.run(command, capture_output=True, text=True, env={"PATH": str(folder / "bin") + ":/usr/bin"})
        assert not done.stderr
        return done.returncode, json.loads(done.stdout)

    return run


@pytest.mark.req("R-104")
@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_the_page_is_what_the_stylesheet_gives(path, kit):
    record = path.read_bytes()
    members = kit.unzipped(receipt(record, proof_of(record)))
    kit.check_manifest(members)
    assert kit.page_1(kit.read_record(record)) == members["record.html"]


@pytest.mark.parametrize("name", ["given", "refused", "withdrawn", "withdrawn-part-by-phone"])
def test_passes_on_a_bare_machine(name, bare):
    record = (SIGNING / "vectors" / "valid" / f"{name}.xml").read_bytes()
    code, told = bare(receipt(record, proof_of(record)))
    assert (code, told["result"]) == (0, "passed"), told


def test_without_trust_it_cannot_be_told(bare):
    record = (SIGNING / "vectors" / "valid" / "given.xml").read_bytes()
    assert bare(receipt(record, proof_of(record)), trusted=None)[0] == 2


def test_any_changed_byte_of_the_file_is_refused(kit):
    record = (SIGNING / "vectors" / "valid" / "given.xml").read_bytes()
    whole = receipt(record, proof_of(record))
    assert kit.zipped(kit.unzipped(whole)) == whole
    for place in range(len(whole)):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        with pytest.raises(kit.Stop) as stop:
            kit.check_manifest(kit.unzipped(changed))
        assert stop.value.args[0] == 1


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("record.xml", b"<Title>", b"<Title>x"),
        ("record.html", b"<td>Ja</td>", b"<td>Nej</td>"),
        ("how-to-verify.html", b"GODKENDT", b"godkendt"),
        ("proof.json", b'"index": 3', b'"index": 2'),
        ("checkpoint.txt", b"\n5\n", b"\n6\n"),
        ("log-key.txt", b"solbjerg", b"solbjerh"),
        ("certificates/seal.pem", b"MII", b"MIJ"),
    ],
)
def test_a_changed_member_with_a_new_list_of_digests_is_refused(name, old, new, kit, bare):
    record = (SIGNING / "vectors" / "valid" / "given.xml").read_bytes()
    members = kit.unzipped(receipt(record, proof_of(record)))
    assert old in members[name]
    members[name] = members[name].replace(old, new)
    files = {one: hashlib.sha256(data).hexdigest() for one, data in members.items() if one != "manifest.json"}
    members["manifest.json"] = kit.spelled({"files": files, "format": "tillid-receipt-1"})
    code, told = bare(kit.zipped(members))
    assert (code, told["result"]) == (1, "failed"), told
