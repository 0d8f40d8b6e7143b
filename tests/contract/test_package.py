"""Packages of a signed document, made beside an open store as ``tillid package`` does: what is in them, what else judges them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import bagit
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.support.kit import kit, trust_folder
from tests.support.world import SET
from tillid.adapters.package_sources import FolderSource, opened
from tillid.archive.package_check import check
from tillid.cli import main
from tillid.documents.model import DefinitionRef
from tillid.kernel.canonical import sha256
from tillid.kernel.ids import new_id
from tillid.kernel.paths import PROJECT
from tillid.usecases.acknowledge_reception import acknowledge_reception
from tillid.usecases.appraise import appraise
from tillid.usecases.package_choice import Choice, documents_of
from tillid.usecases.receive_document import received_page

EARK = PROJECT / "scripts" / "validators" / "eark"
ITSELF = "verdict.json"  # ours beside a receipt's files


@pytest.fixture(scope="module")
def signed(stages):
    """A signed world, acknowledged by the receiver, whose folder is a ``var``, its store open in this process as in a server."""
    world = stages.at("signed")
    received(world)
    world = as_var(world)
    yield world
    world.close()


def received(world):
    """The receiver's acknowledgement, a record beside the consents."""
    hanne, document = world.staff("hanne"), world.made["document"]
    with world.house() as house:
        key = received_page(house, hanne, document).reception.key
        acknowledge_reception(house, hanne, document, key)


def as_var(world):
    """Its folder as the commands want it."""
    assert world.drain() == []
    world.parts.event_log.sign_head()
    (world.folder / "data").symlink_to(world.folder / "zodb")
    for name, secret in (("municipality", b"m" * 32), ("log", b"l" * 32)):
        handle = os.open(world.folder / "keys" / f"{name}.key", os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(handle, secret)
        os.close(handle)
    return world


def make(world, out: Path, *words: str) -> int:
    return main(["package", "make", "--demo", "--var", str(world.folder), "--out", str(out), *words])


@pytest.fixture(scope="module")
def package(signed, tmp_path_factory) -> Path:
    """The package of the signed document."""
    out = tmp_path_factory.mktemp("packages")
    assert make(signed, out, "--document", signed.made["document"]) == 0
    (made,) = made_in(out)
    return made


def made_in(out: Path) -> list[Path]:
    """The packages in a folder, without their list."""
    return [path for path in out.iterdir() if path.is_dir()]


@pytest.mark.req("R-84", "R-85")
def test_what_the_archive_has_is_in_it_and_each_record_verifies_without_us(signed, package, tmp_path):
    found = check(FolderSource(package))
    assert {one.path.split("/")[0] for one in found.files} == {
        "metadata",
        "representations",
        "schemas",
        "documentation",
    }
    data = package / "representations" / "data" / "data"
    version = json.loads((data / "version.json").read_bytes())
    assert sha256((data / "definition.json").read_bytes()) == version["definition"]["digest"]
    with signed.house() as house:
        events = house.ledger.of_document(signed.made["document"])
        kept = house.documents.version(signed.made["document"], version["version"])
    newest = kept.archive_revisions[-1] if kept.archive_revisions else kept.copies["archive"]
    pdf = package / "representations" / "pdfa" / "data" / "document.pdf"
    assert sha256(pdf.read_bytes()) == newest.sha256
    assert [sha256(line) for line in (data / "events.jsonl").read_bytes().splitlines()] == [e.digest for e in events]
    trust = trust_folder(tmp_path / "trust", signed.parts.event_log.verifier.text())
    records = list((data / "records").iterdir())
    assert len(records) == 3, "of both holders, and what the receiver acknowledged"
    for one in records:
        said = kit().judged(str(one), trust, signed.clock.now())
        assert (said["result"], said["record"]) == ("passed", one.name)
        assert json.loads((one / ITSELF).read_bytes())["status"] == "passed"
    for name in ("record.xml", "certificates/verdict.json"):  # changed by a byte, and added
        copy = shutil.copytree(one, tmp_path / name.replace("/", "-"))
        with (copy / name).open("ab") as file:
            file.write(b" ")
        assert kit().judged(str(copy), trust, signed.clock.now())["result"] == "failed", name
    (about,) = package.rglob("about.txt")
    assert "ikke en arkiveringsversion" in about.read_text("utf-8"), "a feed, and says so"
    premis = (package / "metadata" / "preservation" / "premis.xml").read_text("utf-8")
    assert all(event.id in premis and event.kind in premis for event in events)


@pytest.mark.req("R-111", "R-84")
def test_what_describes_it_names_no_person(signed, package):
    with signed.house() as house:
        child = house.people.child(SET.child_id)
        names = {word for person in (child, *house.people.parents()) for word in person.name.split() if len(word) > 3}
    described = [*package.rglob("METS.xml"), *(package / "metadata").rglob("*.xml")]
    said = " ".join(path.read_text("utf-8") for path in described)
    assert len(described) == 5 and names and not [name for name in names if name in said]


@pytest.mark.req("R-71")
def test_a_childs_packages_are_made_once_in_bags_and_each_is_a_row(signed, package, tmp_path, capsys):
    bags = tmp_path / "bags"
    assert make(signed, bags, "--child", SET.child_id, "--bagit") == 0
    (bag,) = made_in(bags)
    assert bag.name == package.name, "the same contents are the same package"
    assert bagit.Bag(str(bag)).validate() and bag.stat().st_mode & 0o077 == 0
    (bags / f".{bag.name}.part").mkdir()  # what a killed attempt leaves
    signed.parts.event_log.enter("0" * 64)  # the log grows by what is not this child's
    signed.parts.event_log.sign_head()
    capsys.readouterr()
    assert make(signed, bags, "--child", SET.child_id, "--bagit") == 0 and "findes allerede" in capsys.readouterr().out
    assert main(["package", "check", str(bags)]) == 0 and main(["package", "list", "--json", str(bags)]) == 0
    assert make(signed, bags, "--document", new_id()) == 1 and make(signed, bags, "--child", new_id()) == 1
    capsys.readouterr()
    rows = [json.loads(line)["row"] for line in (signed.folder / "audit" / "operators.jsonl").open()]
    kept = [row for row in rows if row["action"] == "make_package" and row["child_id"] == SET.child_id]
    assert {row["object_id"] for row in kept} == {signed.made["document"]}
    (bag / "data" / bag.name / "documentation" / "about.txt").write_text("other")
    assert main(["package", "check", str(bag)]) == 1 and "package.bag" in capsys.readouterr().out


@pytest.mark.req("R-05")
def test_documents_of_a_private_institution_do_not_go_along(stages, tmp_path, capsys):
    world = as_var(stages.at("signed"))
    with world.house() as house:
        kept = house.documents.get(world.made["document"])
        own = house.people.unit(kept.unit_id).controller
        private = next(one for one in house.people.organigram().units.values() if one.controller.id != own.id)
        other = msgspec.structs.replace(kept, id=new_id(), number="TD-2222222", unit_id=private.id, state="closed")
        house.documents.add(other, msgspec.structs.replace(house.documents.draft(kept.id), document_id=other.id))
        for number in range(1, kept.versions + 1):
            version = house.documents.version(kept.id, number)
            house.documents.add_version(msgspec.structs.replace(version, document_id=other.id))
    out = tmp_path / "out"
    assert make(world, out, "--child", SET.child_id) == 1 and "package.controllers" in capsys.readouterr().err
    assert not out.exists()
    assert make(world, out, "--child", SET.child_id, "--controller", private.controller.id) == 0
    (made,) = made_in(out)
    said = (made / "METS.xml").read_text("utf-8")
    assert other.number in said and private.controller.name in said and kept.number not in said
    again = ("--child", SET.child_id, "--controller", own.id)
    assert make(world, out, *again) == 1 and "package.other-folder" in capsys.readouterr().err
    assert made_in(out) == [made]
    world.close()


def lines(out: Path) -> list[dict]:
    return [json.loads(line) for line in (out / "packages.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.req("R-05", "R-84")
def test_a_place_and_a_year_are_packed_and_a_killed_run_goes_on(signed, package, tmp_path, capsys):
    out = tmp_path / "place"
    assert make(signed, out, "--unit", SET.unit_id) == 0
    begun, made, ended = lines(out)
    assert (begun["order"]["kind"], begun["documents"], ended["made"]) == ("unit", 1, 1)
    assert made["package"] == package.name and made["mets"] == sha256((out / package.name / "METS.xml").read_bytes())
    kept = (out / "packages.jsonl").read_bytes().splitlines(keepends=True)
    (out / "packages.jsonl").write_bytes(b"".join(kept[:2]) + kept[2][:9])  # killed while it wrote its last line
    rows = (signed.folder / "audit" / "operators.jsonl").read_text("utf-8").count("make_package")
    assert make(signed, out, "--unit", SET.unit_id) == 0
    again = lines(out)
    assert [one["line"] for one in again] == ["begun", "package", "begun", "ended"] and again[-1]["there"] == 1
    now = (signed.folder / "audit" / "operators.jsonl").read_text("utf-8").count("make_package")
    assert now == rows, "what was made is not read again"
    with signed.house() as house:
        year = house.documents.version(signed.made["document"], made["version"]).frozen_at.year
        for asked, count in ((year, 1), (year - 1, 0)):
            choice = Choice(kind="year", value=str(asked))
            assert len(documents_of(house, choice, date(2030, 1, 1)).chosen) == count
    result = tmp_path / "soegeresultat.csv"
    result.write_text(f"\ufeffBarn;Adresse\r\nAlma;http://localhost/arkiv/{signed.made['document']}\r\n", "utf-8")
    found = tmp_path / "search"
    assert make(signed, found, "--search", str(result)) == 0 and (found / package.name).is_dir()
    result.write_text("Barn;Adresse\r\n")
    assert make(signed, out, "--search", str(result)) == 1 and "package.search" in capsys.readouterr().err
    assert make(signed, tmp_path / "none", "--all-due") == 0 and "intet at pakke" in capsys.readouterr().out
    (out / "packages.jsonl").write_text("{}\n")
    assert make(signed, out, "--unit", SET.unit_id) == 1 and "package.list" in capsys.readouterr().err


@pytest.mark.req("R-05", "R-81")
def test_what_was_asked_for_with_nothing_in_it_is_never_all_that_is_due(signed, tmp_path, capsys):
    """As a script does it whose variable is not set; and a data controller that nobody has is no reason for silence."""
    for which in ("--document", "--child", "--unit", "--search"):
        assert make(signed, tmp_path / "out", which, "") == 1, which
        assert capsys.readouterr().err.rpartition("[")[2].strip() in ("package.unknown]", "package.search]")
    assert make(signed, tmp_path / "out", "--unit", SET.unit_id, "--controller", new_id()) == 1
    assert "package.controller" in capsys.readouterr().err
    for place in ("/proc/out", "/dev/null", str(tmp_path / ("x" * 300))):
        assert make(signed, Path(place), "--unit", SET.unit_id) == 1 and "package.out" in capsys.readouterr().err
        feed = ["package", "avid", "--demo", "--var", str(signed.folder), "--out", place, "--unit", SET.unit_id]
        assert main(feed) == 1 and "package.out" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.req("R-84")
def test_a_folder_is_one_recipients_and_nothing_in_it_is_in_clear(signed, package, tmp_path, capsys):
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Stadsarkivet")])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=9))
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )
    (tmp_path / "to.pem").write_bytes(cert)
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    out, words = tmp_path / "out", ("--child", SET.child_id, "--to", str(tmp_path / "to.pem"))
    assert make(signed, out, *words) == 0
    sealed = out / f"{package.name}.zip.p7m"
    assert {one.name for one in out.iterdir()} == {sealed.name, "packages.jsonl"}
    assert lines(out)[1]["sealed"] == sha256(sealed.read_bytes())
    before = sealed.read_bytes()
    assert make(signed, out, *words) == 0 and sealed.read_bytes() == before and lines(out)[-1]["there"] == 1
    (out / "packages.jsonl").write_text(json.dumps(lines(out)[0]) + "\n")  # killed before it could note the file
    assert make(signed, out, *words) == 0 and lines(out)[-2]["sealed"] == sha256(sealed.read_bytes())
    assert sealed.read_bytes() != before and lines(out)[-1]["made"] == 1
    assert make(signed, out, "--child", SET.child_id) == 1 and "package.other-folder" in capsys.readouterr().err
    plain = tmp_path / f"{package.name}.zip"
    subprocess.run(["openssl", "cms", "-decrypt", "-binary", "-inform", "DER", "-in", sealed, "-inkey", tmp_path / "key.pem",
                    "-out", plain], check=True, capture_output=True, timeout=60)  # fmt: skip
    assert main(["package", "check", str(plain)]) == 0
    source = opened(plain)
    source.entries()
    assert sha256(b"".join(source.chunks("METS.xml"))) == lines(out)[-2]["mets"]


@pytest.mark.java("javac", "mvn")
@pytest.mark.req("R-84")
def test_the_e_ark_validator_takes_it_and_not_a_broken_one(signed, package, tmp_path):
    """commons-ip2 by KEEP SOLUTIONS, which is what RODA asks; one process for all. What it finds is in its reports."""
    broken = tmp_path / "broken"
    shutil.copytree(package, broken)
    with (broken / "representations" / "pdfa" / "data" / "document.pdf").open("ab") as file:
        file.write(b"%")
    kept = of_what_is_kept(signed, tmp_path / "kept")
    libraries = subprocess.run(
        [str(EARK / "fetch.sh"), str(PROJECT / "var" / "validators-eark")],
        check=True, capture_output=True, text=True, timeout=600,
    ).stdout.strip()  # fmt: skip
    command = [
        "java",
        "-Xmx400m",
        "-cp",
        f"{libraries}/*",
        str(EARK / "Validate.java"),
        str(tmp_path),
        str(package),
        str(kept),
        str(broken),
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path, timeout=300)
    *all_good, bad = (json.loads((tmp_path / f"{one.name}.json").read_text("utf-8")) for one in (package, kept, broken))
    for good in all_good:
        wrong = [one for one in good["validation"] if one["testing"]["outcome"] == "FAILED"]
        assert (good["summary"]["result"], good["summary"]["errors"]) == ("VALID", 0), wrong
    assert bad["summary"]["result"] == "INVALID" and bad["summary"]["errors"] >= 1


def of_what_is_kept(world, out: Path) -> Path:
    """The package of a document that no archivist reads here and that is kept for good."""
    with world.house() as house:
        known, form = house.documents.get(world.made["document"]), house.definitions.latest("trivselsskema")
        pinned = DefinitionRef(form_id=form.id, version=form.version, digest=form.digest)
        other = msgspec.structs.replace(known, id=new_id(), number="TD-3333333", state="submitted", definition=pinned, versions=1, agreed_version=None)  # fmt: skip
        house.documents.add(other, msgspec.structs.replace(house.documents.draft(known.id), document_id=other.id))
        version = house.documents.version(known.id, 1)
        copies = {"kept": msgspec.structs.replace(version.copies["team"], reader="kept")}
        of_other = {"document_id": other.id, "definition": pinned, "answers": {"position": "gul"}, "copies": copies}
        house.documents.add_version(msgspec.structs.replace(version, **of_other))
        said = {"subject": "", "facet": "", "basis": "", "reason": "Kommunens børnesager bliver bevaret."}
        appraise(house, world.staff("ove"), other.id, "bevares", **said, event_id=new_id())
    assert make(world, out, "--document", other.number) == 0
    (made,) = made_in(out)
    return made
