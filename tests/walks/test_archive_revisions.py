"""The archive's copy grows with each consent and withdrawal, and what was signed stays its exact prefix."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import msgspec
import page
import pikepdf
import pytest

from tests.support import bad_pdfs
from tests.support.uploads import FIELD, NAME, world_with_file
from tests.support.world import SET, request_now, say_yes
from tillid.adapters.pdf import Attachment, revisions
from tillid.adapters.pdf.box import opened
from tillid.adapters.pdf.extract import extract
from tillid.adapters.pdf.history import read_history
from tillid.cli import main
from tillid.cli.verify_pdf import ANSWERS, NOT_THE_PAGES
from tillid.consents.from_records import left_in_common, said_by
from tillid.consents.record import read_record
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import instant
from tillid.kernel.errors import Unavailable
from tillid.kernel.ids import new_id
from tillid.kernel.paths import SIGNING
from tillid.signatures.verify import verify
from tillid.usecases.archived_versions import open_archived_copy
from tillid.usecases.withdraw_consent import withdraw_consent

PURPOSE = "Aktindsigt: sag 26-1234"
MOMENT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def version_of(world):
    with world.house() as house:
        return house.documents.version(world.made["document"], request_now(world).document.version)


def archived(world) -> bytes:
    with world.house() as house:
        return open_archived_copy(house, world.staff("ove"), world.made["document"], PURPOSE).data


def withdraw(world, who, items=()):
    with world.house() as house:
        withdraw_consent(house, who, world.made["request"], items=items, language="da", event_id=new_id())


@pytest.mark.req("R-11", "R-17", "R-104")
def test_each_record_is_a_revision_and_what_was_there_stays_a_prefix(world_at):
    world = world_at("asked")
    with world.house() as house:
        original = house.blobs.get(version_of(world).copies["archive"].sha256)
    first, second = world.holders(SET.child_id)
    say_yes(world, first)
    assert world.drain() == []
    assert version_of(world).archive_revisions == ()  # not signed yet: nothing of it is the archive's
    say_yes(world, second)
    assert world.drain() == []
    signed = archived(world)
    section = request_now(world).items[0]
    withdraw(world, first, (section.id,))
    assert world.drain() == []
    narrowed = archived(world)

    assert signed.startswith(original) and narrowed.startswith(signed) and len(signed) > len(original)
    revisions = opened(narrowed)
    assert [[file.media_type for file in one.files] for one in revisions] == [
        ["application/json"], *[["application/xml"]] * 3
    ]  # fmt: skip
    assert [one.length for one in revisions] == [
        len(original),
        *(one.size for one in version_of(world).archive_revisions),
    ]
    records = [file.data for one in revisions[1:] for file in one.files]
    with world.house() as house:
        events = [e for e in house.ledger.of_document(world.made["document"]) if e.kind.startswith("consent_")]
        assert records == [house.ledger.attachments(event.id)["record.xml"] for event in events]
    facts = [read_record(verify(one, world.parts.trust, at=world.clock.now()).signed) for one in records]
    (left,) = left_in_common(said_by(facts)).values()
    assert section.id not in left and len(left) == len(request_now(world).items) - 1
    for profile in ("3a", "ua1"):
        assert page.validate_pdf_bytes(narrowed, profile=profile).is_compliant


@pytest.mark.req("R-11", "R-85", "R-103")
def test_the_commands_say_who_was_shown_what_and_take_the_records_out(world_at, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TILLID_MODE", "demo")
    world = world_at("signed")
    first, _ = world.holders(SET.child_id)
    section = request_now(world).items[0]
    withdraw(world, first, (section.id,))
    assert world.drain() == []
    path = tmp_path / "arkiv.pdf"
    path.write_bytes(archived(world))
    at = f"--at={instant(world.clock.now())}"

    assert main(["verify", str(path), at, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["status"], one["details"]["revision"]) for one in told] == [("passed", str(n)) for n in (1, 2, 3)]
    shown = told[0]["pdf"]["shown_to"]
    parents_copy = version_of(world).copies["parent"].sha256
    assert [(one["shown_pdf"], one["version"]) for one in shown] == [(parents_copy, version_of(world).number)] * 2
    ((_, left),) = told[0]["pdf"]["left_in_common"].items()
    assert section.id not in left and len(left) == len(request_now(world).items) - 1

    assert main(["verify", str(path), at]) == 0
    said = capsys.readouterr().out
    assert f"{first.name} fik vist version" in said and "Trukket tilbage: " in said and "gælder nu" in said

    assert main(["extract", str(path), "--out", str(tmp_path / "out")]) == 0
    records = [str(file) for file in sorted((tmp_path / "out").glob("record-*.xml"))]
    assert len(records) == 3 and main(["verify", *records, at]) == 0
    (tmp_path / "swapped.pdf").write_bytes(bad_pdfs.revised(path.read_bytes(), bad_pdfs.page_replaced))
    capsys.readouterr()
    assert main(["verify", str(tmp_path / "swapped.pdf"), at]) == 1
    assert "pdf.tampered" in capsys.readouterr().out


@pytest.mark.req("R-85")
def test_true_records_in_a_file_that_somebody_made_do_not_vouch_for_its_answers_or_pages(world_at, tmp_path, capsys):
    """Whoever has the records can put them into another first revision: they are sealed, and its pages are not."""
    world = world_at("signed")
    right = archived(world)
    first, *later = opened(right)
    kept = {"object_stream_mode": pikepdf.ObjectStreamMode.disable, "fix_metadata_version": False}
    forged = bad_pdfs.saved(right[: first.length], _other_answers, **kept)
    for number, one in enumerate(later):
        files = [Attachment(**msgspec.structs.asdict(file)) for file in one.files]
        forged = revisions._written(forged, read_history(forged), files, MOMENT + timedelta(days=number))
    at = ["--at", instant(world.clock.now()), "--trust", str(SIGNING / "trust/test")]
    for name, pdf, told in (("right", right, "same"), ("forged", forged, "other")):
        (tmp_path / f"{name}.pdf").write_bytes(pdf)
        assert main(["verify", str(tmp_path / f"{name}.pdf"), *at, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert [one["details"]["answers_in_file"] for one in found] == [told] * len(later)
        assert all(NOT_THE_PAGES in one["does_not_prove"] for one in found)
        assert main(["verify", str(tmp_path / f"{name}.pdf"), *at]) == 0
        said = capsys.readouterr().out
        assert ANSWERS[told] in said and said.count(NOT_THE_PAGES) == 1


def _other_answers(d: pikepdf.Pdf) -> None:
    data = d.Root.Names.EmbeddedFiles.Names[1].EF.F
    told = json.loads(data.read_bytes())
    told["answers"]["p_glad"] = "noget helt andet"
    data.write(json.dumps(told).encode())


@pytest.mark.req("R-35")
def test_no_other_copy_holds_a_record(world_at):
    world = world_at("signed")
    version = version_of(world)
    assert len(version.archive_revisions) == len(world.holders(SET.child_id))
    with world.house() as house:
        for copy in (version.copies["team"], version.copies["parent"], *version.receiver_copies.values()):
            assert [file.name for file in extract(house.blobs.get(copy.sha256))] == ["answers.json"]


@pytest.mark.req("R-11", "O21")
def test_attached_files_come_first_as_they_are_and_under_no_name_of_theirs(world_at):
    world = world_with_file(world_at, "signed")
    file = archived(world)
    first, second, *_ = opened(file)[1:]
    (picture,) = first.files
    version = version_of(world)
    stored = version.answers[FIELD]
    assert sha256(picture.data) == stored["sha256"] and picture.media_type == stored["media_type"]
    assert picture.name.startswith("attachment-01-") and NAME.split(".")[0] not in picture.name
    assert [one.media_type for one in second.files] == ["application/xml"]
    assert version.archive_revisions[0].key == "attachments"
    assert page.validate_pdf_bytes(file, profile="3a").is_compliant


@pytest.mark.req("R-17")
def test_a_revision_that_fails_delays_nothing_else(world_at, monkeypatch):
    world = world_at("asked")

    def fail(*_args, **_kwargs):
        raise Unavailable("no writer")

    with monkeypatch.context() as patch:
        patch.setattr(world.parts.renderer, "append", fail)
        for holder in world.holders(SET.child_id):
            say_yes(world, holder)
        assert world.drain() == ["system.unavailable"]
        assert len(opened(archived(world))) == 1  # signed, found, opened: only the file is behind
    world.clock.move(hours=1)
    assert world.drain() == []
    assert len(opened(archived(world))) == 1 + len(world.holders(SET.child_id))


@pytest.mark.req("R-71")
def test_a_damaged_part_is_told_and_never_shown(world_at, monkeypatch):
    world = world_at("signed")
    with world.house() as house:
        blobs = type(house.blobs)
    real = blobs.get
    tail = version_of(world).archive_revisions[0].tail
    monkeypatch.setattr(blobs, "get", lambda self, sha256: None if sha256 == tail else real(self, sha256))
    with pytest.raises(Unavailable, match=r"archive\.copy-damaged") as told:
        archived(world)
    assert told.value.why == "a part of the archive's copy is missing or damaged", "what the administrator reads"
