"""What lies in a package is judged with the sender's trust, and nobody believes what the package says of itself."""

from __future__ import annotations

import copy
import json
import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import bagit
import msgspec
import pytest
from lxml import etree

from tests.contract.test_package import make, signed
from tests.security.people import HOLDERS
from tests.support.fixity import read_again
from tests.support.installation import WorldInstallation, as_staff
from tests.support.kit import trust_folder
from tests.support.purposes import posted_purpose, state_purpose
from tests.walks.test_asked_again import assignment_ends
from tillid.adapters import package_judges
from tillid.adapters.imported_packages import AlreadyImported, ImportedPackages, NotProven
from tillid.adapters.package_judges import judges_of
from tillid.adapters.package_sources import opened
from tillid.adapters.pdf.box import OpenedRevision
from tillid.archive.package_check import check
from tillid.archive.package_mets import METS, XLINK
from tillid.archive.package_pdf import _shown, prove_pdf
from tillid.archive.package_proof import prove
from tillid.archive.package_read import PackageRefused
from tillid.cli import main
from tillid.demo.data import demo_data
from tillid.kernel.canonical import sha256
from tillid.kernel.cpr import masked_cpr
from tillid.kernel.ids import new_id
from tillid.web.answers import NOT_FOUND_BODY

__all__ = ["signed"]
DATA, HREF = "representations/data", f"{{{XLINK}}}href"
PURPOSE = "Sagsbehandling eller klage: overflyttet sag 26-1234"


@pytest.fixture(scope="module", autouse=True)
def same_pdf_once() -> Iterator[None]:
    """The same bytes are taken apart once: the box is a process that loads for a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package_judges, "revisions", cache(package_judges.revisions))
        yield


@pytest.fixture(scope="module")
def package(signed, tmp_path_factory) -> Path:
    """The package of the signed document."""
    out = tmp_path_factory.mktemp("packages")
    assert make(signed, out, "--document", signed.made["document"]) == 0
    return next(one for one in out.iterdir() if one.is_dir())


@pytest.fixture(scope="module")
def trust(signed, tmp_path_factory) -> Path:
    """What the sender's receivers trust."""
    return trust_folder(tmp_path_factory.mktemp("trust") / "list", signed.parts.event_log.verifier.text())


def steps(signed, package: Path, trust: Path) -> dict[str, str]:
    """Part → step; the package must be whole."""
    source = opened(package)
    return {of: one.step for of, one in prove(source, check(source), judges_of(trust, signed.clock.now())).found}


@pytest.mark.req("R-85", "R-84")
def test_every_part_of_a_package_passes_and_the_command_says_so(signed, package, trust, tmp_path, capsys):
    at = signed.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    assert main(["package", "check", str(package), "--trust", str(trust), "--at", at, "--json"]) == 0
    (said,) = json.loads(capsys.readouterr().out)
    told = {one["part"]: one["step"] for one in said["parts"]}
    records = [of for of in told if of.startswith("records/")]
    assert said["holds"] == "passed" and len(records) == 3 and {told[of] for of in records} == {"ok"}
    assert {of: step for of, step in told.items() if of not in records} == {
        "events.jsonl": "inside.events.ok",
        "answers.json": "inside.answers.ok",
        "document.pdf": "inside.pdf.ok",
    }
    for name, step in (("seals", "seal.unknown"), ("log", "receipt.log")):
        less = tmp_path / name
        shutil.copytree(trust, less, ignore=shutil.ignore_patterns(name))
        told = steps(signed, package, less)
        assert {told[of] for of in records} == {step} and told["answers.json"] == "inside.answers.unnamed"
    assert main(["package", "check", str(package), "--trust", str(less), "--at", at]) == 2
    capsys.readouterr()
    assert main(["package", "check", str(package)]) == 0 and "--trust" in capsys.readouterr().out


def fixed(package: Path) -> None:
    """METS files that say what lies there now: the package is whole, whatever was done to it."""
    for mets in (*package.glob("representations/*/METS.xml"), package / "METS.xml"):
        tree = etree.parse(str(mets))
        files = list(tree.iter(f"{{{METS}}}file"))
        named = {node[0].get(HREF) for node in files}
        for path in (one for one in mets.parent.glob("data/**/*") if one.is_file()):
            if (new := str(path.relative_to(mets.parent))) not in named:
                node = copy.deepcopy(files[0])
                node.set("ID", f"id-{sha256(new.encode())}")
                node[0].set(HREF, new)
                files[0].getparent().append(node)
        for node in list(tree.iter(f"{{{METS}}}file", f"{{{METS}}}mdRef")):
            path = mets.parent / (node if node.tag.endswith("mdRef") else node[0]).get(HREF)
            if not path.exists():
                node.getparent().remove(node)
                continue
            node.set("CHECKSUM", sha256(path.read_bytes()))
            node.set("SIZE", str(path.stat().st_size))
        tree.write(str(mets), xml_declaration=True, encoding="UTF-8")


def records_of(at: Path) -> list[Path]:
    return sorted((at / DATA / "data" / "records").iterdir())


def swapped(at: Path) -> None:
    first, second, _ = records_of(at)
    first.rename(at / "x")
    second.rename(first)
    (at / "x").rename(second)


def rewritten(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def change(at: Path) -> None:
        path = at / DATA / "data" / name
        data = path.read_bytes()
        assert old in data
        path.write_bytes(data.replace(old, new, 1))

    return change


def without_an_event(at: Path) -> None:
    path = at / DATA / "data" / "events.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:3] + lines[4:]))


def an_attached_file(at: Path) -> None:
    (folder := at / DATA / "data" / "attachments").mkdir()
    (folder / "01-x.png").write_bytes(b"\x89PNG")


# What is done, and the step that says so.
FORGED: dict[str, tuple[str, Callable[[Path], object]]] = {
    "another answer": ("inside.answers", rewritten("answers.json", b'"', b'"x')),
    "another answer that the description goes along with": (
        "inside.answers", rewritten("version.json", b'"answers_sha256":"', b'"answers_sha256":"0'),
    ),
    "another form": ("inside.answers", rewritten("definition.json", b'"title":"', b'"title":"x')),
    "answers that are said not to be all": (
        "inside.answers.part", rewritten("version.json", b'"answers_all_here":true', b'"answers_all_here":false'),
    ),
    "an event less": ("inside.events", without_an_event),
    "an event changed": ("inside.events", rewritten("events.jsonl", b'"payload":{', b'"payload":{"a":1,')),
    "records at each other's place": ("store.other-event", swapped),
    "a record less": ("inside.record", lambda at: shutil.rmtree(records_of(at)[0])),
    "a record of nothing": ("inside.stray", lambda at: shutil.copytree(records_of(at)[0], records_of(at)[0].with_name(new_id()))),
    "another page": ("receipt.page", lambda at: (records_of(at)[0] / "record.html").write_text("x")),
    "another record": ("crypto.hash", lambda at: (records_of(at)[0] / "record.xml").write_bytes(
        (records_of(at)[0] / "record.xml").read_bytes().replace(b"yes", b"no", 1))),
    "a proof of another event": ("receipt.proof", lambda at: shutil.copy(
        records_of(at)[0] / "proof.json", records_of(at)[1] / "proof.json")),
    "a file that no answer names": ("inside.attached", an_attached_file),
    "none of ours": ("inside.none", lambda at: (at / DATA / "data" / "version.json").write_text("{}")),
}  # fmt: skip


@pytest.mark.parametrize("what", FORGED)
@pytest.mark.req("R-85")
def test_a_whole_package_with_something_forged_in_it_does_not_pass(signed, package, trust, tmp_path, what):
    step, forge = FORGED[what]
    at = tmp_path / "forged"
    shutil.copytree(package, at)
    forge(at)
    fixed(at)
    assert step in steps(signed, at, trust).values()


@pytest.mark.req("R-85")
def test_a_pdf_with_other_revisions_or_other_records_in_it_does_not_pass(signed, package, trust):
    source = opened(package)
    checked = check(source)
    proof = prove(source, checked, judges_of(trust, signed.clock.now()))
    made = package_judges.revisions((package / "representations/pdfa/data/document.pdf").read_bytes())
    assert len(made) > 2

    def with_other(name: str) -> tuple[OpenedRevision, ...]:
        def changed(one: OpenedRevision) -> OpenedRevision:
            files = (msgspec.structs.replace(f, data=f.data + b" ") if name in f.name else f for f in one.files)
            return msgspec.structs.replace(one, files=tuple(files))

        return tuple(changed(one) for one in made)

    def with_data(old: bytes, new: bytes) -> tuple[OpenedRevision, ...]:
        first = made[0]
        (own,) = (one for one in first.files if one.name == "answers.json")
        assert old in own.data
        files = [one for one in first.files if one is not own]
        changed = msgspec.structs.replace(own, data=own.data.replace(old, new, 1))
        return (msgspec.structs.replace(first, files=(*files, changed)), *made[1:])

    wrong = {
        with_data(b'"answers":{', b'"answers":{"a":1,'): "inside.pdf.answers",
        with_data(b'"answers":{', b'"answer":{'): "inside.pdf",
        with_data(signed.made["document"].encode(), new_id().encode()): "inside.pdf",
        (): "inside.pdf.broken",
        made[:-1]: "inside.pdf",
        made[::-1]: "inside.pdf",
        with_other(".xml"): "inside.pdf",
    }
    for revisions, step in {**wrong, made: "inside.pdf.ok"}.items():
        *_, (of, one) = prove_pdf(source, checked, proof, lambda _, said=revisions: said).found
        assert (of, one.step) == ("document.pdf", step)


def test_a_pdf_shows_the_answers_when_they_are_the_same_but_for_masked_numbers():
    own = {"a": [{"cpr": "0101904321", "b": "x"}, None], "c": 1}
    assert _shown(own, own) and _shown({**own, "a": [{"cpr": masked_cpr("0101904321"), "b": "x"}, None]}, own)
    others = (
        {**own, "c": 2}, {**own, "d": 1}, {"a": own["a"]}, {**own, "a": own["a"][:1]}, {**own, "a": [own["a"][0], "x"]},
        {**own, "a": [{"cpr": masked_cpr("0201904321"), "b": "x"}, None]}, {**own, "a": [{"cpr": "0101904321", "b": "y"}, None]},
    )  # fmt: skip
    assert not any(_shown(other, own) for other in others)
    assert not _shown(masked_cpr("0101904321"), "0101901") and not _shown(None, own) and not _shown(own, None)


def take(signed, store: ImportedPackages, path: Path, trust: Path, **more):
    municipality = signed.parts.settings.municipality_id
    return store.take(
        path, trust, controller=municipality, purpose=PURPOSE, by="operator:0", moment=signed.clock.now(), **more
    )


@pytest.mark.req("R-84", "R-85", "R-05", "R-71")
def test_an_imported_package_is_read_by_its_archivist_and_by_nobody_else(signed, package, trust, tmp_path):
    store, bag = ImportedPackages(tmp_path / "imported"), tmp_path / "bag"
    shutil.copytree(package, bag / package.name)
    bagit.make_bag(str(bag), checksums=["sha256"])
    one = take(signed, store, bag, trust)
    with pytest.raises(AlreadyImported):
        take(signed, store, package, trust)
    assert [one] == store.all() and {part.status for part in one.parts} == {"passed"}
    kept = tmp_path / "imported" / one.id / "package"
    assert {p.relative_to(kept): p.read_bytes() for p in kept.rglob("*") if p.is_file()} == {
        p.relative_to(bag): p.read_bytes() for p in bag.rglob("*") if p.is_file()
    }
    signed.parts.imported = store
    installation = WorldInstallation(signed)
    ove, address = as_staff(installation, "ove"), f"/arkiv/importeret/{one.id}"
    assert address in ove.get("/arkiv/importeret")
    asked = ove.get(address)
    assert one.number not in asked and asked.text.replace(one.id, "") == ove.get(
        f"/arkiv/importeret/{(other := new_id())}"
    ).text.replace(other, "")
    form = next(form for form in asked.forms.values() if "purpose" in form.fields)
    assert "Vælg på listen" in form.submit(status=422)
    state_purpose(form, PURPOSE)
    page = form.submit()
    assert (
        demo_data().parents[HOLDERS[0]].name in page
        and signed.staff("hanne").name in page
        and "Modtagerens kvittering" in page
        and one.number in page
        and one.sha256 in page
        and page.text.count("badge-success") == 6
    )
    names = [form["fil"] for form in page.forms.values() if "fil" in form.fields]
    posted = {"csrf_token": form["csrf_token"].value, **posted_purpose(PURPOSE)}
    pdf = ove.post(f"{address}/fil", {**posted, "fil": "dokument"})
    assert (
        pdf.content_type == "application/pdf"
        and pdf.body == (package / "representations/pdfa/data/document.pdf").read_bytes()
    )
    record = records_of(package)[0]
    xml = ove.post(f"{address}/fil", {**posted, "fil": f"post/{record.name}"})
    assert xml.body == (record / "record.xml").read_bytes() and len(names) == 6
    for name in ("", "x", "post/../../../note.json", f"post/{new_id()}", "metadata/preservation/premis.xml"):
        assert ove.post(f"{address}/fil", {**posted, "fil": name}, status=404).body == NOT_FOUND_BODY
    rows = [row for row in signed.parts.audit.tail(50) if row.object_id == one.id]
    assert {(row.action, row.purpose, row.child_id) for row in rows} >= {
        ("open_imported", PURPOSE, ""), ("export_imported", PURPOSE, ""),
    }  # fmt: skip
    birgit = as_staff(installation, "birgit")
    for path in ("/arkiv/importeret", address):
        assert birgit.get(path, status=404).body == NOT_FOUND_BODY
    note = tmp_path / "imported" / one.id / "note.json"
    other = next(unit.controller for unit in demo_data().units.values() if unit.controller is not None)
    note.chmod(0o600)
    note.write_bytes(msgspec.json.encode(msgspec.structs.replace(one, controller=other.id)))  # a private institution's
    assert one.id not in ove.get("/arkiv/importeret") and ove.post(address, posted, status=404).body == NOT_FOUND_BODY
    note.write_bytes(msgspec.json.encode(one))
    with (kept / "data" / one.id / "documentation" / "about.txt").open("ab") as file:
        file.write(b"x")
    assert "ikke længere, som den kom" in ove.post(address, posted, status=409)
    with (kept / "data" / one.id / "documentation" / "about.txt").open("ab") as file:
        file.truncate(file.tell() - 1)
    # A role that ends while the page is made ends the page; nothing below needs Ove any more.
    installation.before_refresh = lambda: assignment_ends("ove")(signed)
    assert ove.post(address, posted, status=404).body == NOT_FOUND_BODY


@pytest.mark.req("R-84", "R-85")
def test_the_daily_reading_finds_one_changed_byte_in_what_others_handed_over(
    signed, package, trust, tmp_path, monkeypatch, capsys
):
    store = ImportedPackages(signed.folder / "imported")
    one = take(signed, store, package, trust)
    monkeypatch.setattr(signed.parts, "imported", store)
    place, said = signed.folder / "imported" / one.id, ["fixity", "status", "--var", str(signed.folder)]
    try:
        state = read_again(signed)
        assert state.damages == () and state.imported == 1
        assert main(said) == 0 and "Deraf 1 pakker fra andre" in capsys.readouterr().out
        for path in (place / "package" / "METS.xml", next(place.glob("trust/seals/*")), place / "note.json"):
            whole = path.read_bytes()
            path.chmod(0o600)
            path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
            damages = read_again(signed).damages
            assert [(d.what, d.how) for d in damages] == [(f"imported:{one.id}", "imported.damaged")], path.name
            assert main([said[0], "run", *said[2:]]) == 1 and one.id in capsys.readouterr().out
            report = as_staff(WorldInstallation(signed), "camilla").get("/drift/eftersyn")
            assert "ikke længere, som den kom" in report and one.number not in report
            path.write_bytes(whole)
            assert read_again(signed).damages == (), "mended"
    finally:
        store.remove(one.id, purpose=PURPOSE, by="operator:0", moment=signed.clock.now())
        (signed.folder / "imported" / "removed.jsonl").unlink()
    assert read_again(signed).imported == 0


@pytest.mark.req("R-84", "R-85")
def test_what_is_not_whole_or_does_not_hold_is_not_taken_and_leaves_nothing(
    signed, package, trust, tmp_path, capsys, monkeypatch
):
    store, at = ImportedPackages(tmp_path / "imported"), tmp_path / "other"
    (killed := tmp_path / "imported" / ".x.part").mkdir(parents=True)
    os.utime(killed, (0, 0))
    shutil.copytree(package, at)
    less = tmp_path / "less"
    shutil.copytree(trust, less, ignore=shutil.ignore_patterns("log"))
    with pytest.raises(NotProven):
        take(signed, store, at, less)
    FORGED["another record"][1](at)
    with pytest.raises(PackageRefused):
        take(signed, store, at, trust)
    fixed(at)
    with monkeypatch.context() as watched, pytest.raises(NotProven):
        watched.setattr("tillid.adapters.package_judges.revisions", lambda pdf: pytest.fail("a forged PDF was opened"))
        take(signed, store, at, trust, doubts=True)
    assert list((tmp_path / "imported").iterdir()) == [] and store.all() == []
    said = ["package", "import", str(at), "--trust", str(less), "--purpose", PURPOSE, "--var", str(signed.folder)]
    assert main(said) == 1 and "IKKE GODKENDT" in capsys.readouterr().out
    assert main([*said, "--controller", new_id()]) == 1 and "package.controller" in capsys.readouterr().err
    assert not list((signed.folder / "imported").iterdir())
    monkeypatch.setattr("tillid.cli.package_import.SystemClock", lambda: signed.clock)
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", package))
    said[2] = str(packed)
    assert main(said) == 1 and "KAN IKKE AFGØRES" in capsys.readouterr().out
    assert main([*said, "--accept-doubts"]) == 0
    kept = ImportedPackages(signed.folder / "imported")
    (one,) = kept.all()
    assert main(["package", "remove", new_id(), *said[5:]]) == 1
    assert one.form == "zip" and one.sha256 == sha256(packed.read_bytes()) and one.taken_by.startswith("operator:")
    rows = [json.loads(line)["row"] for line in (signed.folder / "audit" / "operators.jsonl").open()]
    assert ("imported_package", one.id, PURPOSE) in {(row["action"], row["object_id"], row["purpose"]) for row in rows}
    assert main(["package", "remove", one.id, *said[5:]]) == 0 and kept.all() == []
    (left,) = (signed.folder / "imported").iterdir()
    assert json.loads(left.read_bytes())["id"] == one.id and one.number not in left.read_text()
