"""What an archivist keeps for good is packed for the receiving archive, whatever form it is, and nobody here reads it because of that
(R-05, R-54, R-82, R-83, R-90, ADR 0066)."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import date

import msgspec
import pypdf
import pytest

from tests.contract.test_package import as_var, lines, make
from tests.support.installation import WorldInstallation, as_staff
from tests.support.kit import trust_folder
from tests.support.shared_forms import SHEET, THEO, lock
from tests.support.world import SET, author, fill_all
from tests.walks.test_asked_again import with_notification
from tests.walks.test_keeping_pages import suggest
from tests.walks.test_round_pages import MIKKEL, SOFIE, submit
from tillid.adapters.package_judges import judges_of, revisions
from tillid.adapters.package_sources import opened
from tillid.archive.package_check import check
from tillid.archive.package_pdf import prove_pdf
from tillid.archive.package_proof import prove
from tillid.cli import main
from tillid.demo.present import assessed, called
from tillid.documents.model import DraftField
from tillid.forms.readers import KEPT
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import SystemClock
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.usecases.appraise import appraise
from tillid.usecases.follow_up import all_entries
from tillid.usecases.hand_over import NotFinal, NotTheArchives, handed_over
from tillid.usecases.make_overview import make_overviews, overview_id
from tillid.usecases.open_archived import open_archived
from tillid.usecases.order_destruction import Stopped, confirm_destruction, order_destruction
from tillid.usecases.package_choice import Choice, documents_of
from tillid.usecases.record_transfer import Packed, Receipt, record_transfer
from tillid.usecases.share_document import share_document
from tillid.usecases.work_out_due import work_out_due
from tillid.usecases.writing import record_event, snapshot

WHY = "Kommunens børnesager bliver bevaret."
FORMS = ("trivselsskema", "trivselsoverblik", "trivselsvurdering", "fdr", "underretning", "overgangsbeskrivelse")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def world(stages):
    """One final document of each form, marked *bevares*, whose period is over; the transition was shared and never agreed on."""
    world = stages.at("shared")
    made = {"overgangsbeskrivelse": world.made["document"]}
    submit(world, "sofie", SOFIE.professional)
    submit(world, "mikkel", MIKKEL.professional)
    made["trivselsvurdering"] = assessed(world.player, THEO)
    made["fdr"] = called(world.player, SHEET)
    fill_all(world, world.staff("mikkel"), made["fdr"], SHEET.team)
    lock(world, made["fdr"])
    made["underretning"] = with_notification(world).made["document"]
    with world.house() as house:
        group, round_ = house.people.child(SOFIE.child_id).group, house.people.round(SOFIE.round_id)
        make_overviews(house, world.staff("birgit"), round_)
        made["trivselsoverblik"] = overview_id(SOFIE.round_id, group)
        made["trivselsskema"] = house.documents.of_round(SOFIE.round_id)[0].id
    with_attachment(world, made["overgangsbeskrivelse"])
    closed(world, made["trivselsoverblik"], group=True)
    world.made |= made
    assert world.drain() == []
    for child_id in (SET.child_id, THEO.child_id):
        leave(world, child_id)
    for form in FORMS:
        keep(world, form)
    suggest(world, {"fdr": "27.00.00 G01", "trivselsvurdering": "27.00.00 G01"})
    assert world.drain() == []
    closed(world, made["fdr"])
    world.clock.move(days=11 * 366)
    work_out_due(world.house)
    world = as_var(world)
    yield world
    world.close()


@pytest.fixture(autouse=True)
def then(world, monkeypatch):
    """The command's clock is the world's."""
    monkeypatch.setattr(SystemClock, "now", lambda _self: world.clock.now())


def closed(world, document_id, *, group=False):
    """As the team closes a meeting, or the leader locks what a ``group`` is written about."""
    with world.house() as house:
        document, who = house.documents.get(document_id), world.staff("birgit")
        version = snapshot(house, who, document).number if group else document.versions
        house.documents.replace(msgspec.structs.replace(document, state="closed", versions=version))
        why = {"why": "group_locked", "round": SOFIE.round_id, "by": "leader"} if group else {"why": "agreements_done"}
        record_event(house, document, "document_closed", who.person_id, {"version": version, **why})


def with_attachment(world, document_id):
    """Shared once more, with a drawing in it."""
    with world.house() as house:
        draft = house.documents.draft(document_id)
        value = {
            "name": "tegning.png",
            "sha256": house.blobs.put(PNG, "image/png"),
            "media_type": "image/png",
            "size": len(PNG),
        }
        drawn = DraftField(value=value, revision=1, by=SET.author_id, side="parent", at=house.moment)
        house.documents.save_draft(msgspec.structs.replace(draft, fields={**draft.fields, "b_tegning": drawn}))
        share_document(house, author(world), document_id)


def leave(world, child_id):
    with world.house() as house:
        child = house.people.child(child_id)
        left = msgspec.structs.replace(child, left={child.unit_id: date(2026, 12, 31)})
        house.people.put_child(left, house.people.unmask_cpr(child.id), house.people.custody(child.id))


def keep(world, form, mark="bevares"):
    who = "mettemarie" if form == "underretning" else "ove"
    subject, facet = ("17.00.00", "A00") if form == "trivselsvurdering" else ("", "")
    with world.house() as house:
        appraise(house, world.staff(who), world.made[form], mark, subject=subject, facet=facet, basis="", reason=WHY, event_id=new_id())  # fmt: skip


def judged(package, trust, at):
    """Part → step."""
    source = opened(package)
    checked = check(source)
    proof = prove_pdf(source, checked, prove(source, checked, judges_of(trust, at)), revisions)
    return {of: one.step for of, one in proof.found}


def number_of(world, form):
    with world.house() as house:
        return house.documents.get(world.made[form]).number


@pytest.mark.req("R-82", "R-83", "R-84", "R-54")
def test_what_is_kept_is_packed_whole_whatever_form_it_is(world, tmp_path, capsys):
    out, apart = tmp_path / "due", tmp_path / "apart"
    assert make(world, out, "--all-due") == 0
    said = capsys.readouterr().out
    assert "5 pakket" in said and number_of(world, "underretning") not in said and "Underretninger er ikke med" in said
    assert make(world, apart, "--all-due", "--underretninger") == 0 and "1 pakket" in capsys.readouterr().out
    assert main(["package", "check", str(out)]) == 0 and main(["package", "check", str(apart)]) == 0
    packed = {}
    for folder in (out, apart):
        for line in (one for one in lines(folder) if one["line"] == "package"):
            packed[line["document"]] = folder / line["file"]
    for form in FORMS:
        data = packed[world.made[form]] / "representations" / "data" / "data"
        about = json.loads((data / "version.json").read_bytes())
        assert about["answers_all_here"], f"{form}: every answer goes along"
        pdf = packed[world.made[form]] / "representations" / "pdfa" / "data" / "document.pdf"
        text = " ".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)
        assert "Det modtagende arkivs eksemplar" in text, form
    (drawing,) = (
        packed[world.made["overgangsbeskrivelse"]] / "representations" / "data" / "data" / "attachments"
    ).iterdir()
    assert drawing.read_bytes() == PNG
    trust = trust_folder(tmp_path / "trust", world.parts.event_log.verifier.text())
    for form in FORMS:
        told = judged(packed[world.made[form]], trust, world.clock.now())
        assert told["document.pdf"] == "inside.pdf.ok", f"{form}: its PDF holds the answers of the package"
        assert told.get("attachments") == ("inside.attached.ok" if form == "overgangsbeskrivelse" else None), form
    described = (packed[world.made["fdr"]] / "metadata/descriptive/dc.xml").read_text("utf-8")
    assert "KLE 27.00.00 G01 (foreslået, ikke afgjort)" in described and "KLE 17.00.00 A00<" in (
        packed[world.made["trivselsvurdering"]] / "metadata/descriptive/dc.xml"
    ).read_text("utf-8")
    answers = json.loads((packed[world.made["trivselsskema"]] / "representations/data/data/answers.json").read_bytes())
    assert answers["position"], "the mark itself is kept too"
    assert list((packed[world.made["trivselsvurdering"]] / "representations/data/data/records").iterdir())
    assert main(["retention", "due", "--month", "2031-11", "--var", str(world.folder)]) == 0
    assert "bevares  KLE 27.00.00 G01 (foreslået, ikke afgjort)" in capsys.readouterr().out
    assert make(world, out, "--all-due", "--underretninger") == 1 and "package.other-folder" in capsys.readouterr().err


@pytest.mark.req("R-84", "R-54")
def test_the_feed_takes_them_too(world, tmp_path, capsys):
    words = ["package", "avid", "--demo", "--var", str(world.folder), "--all-due", "--out"]
    assert main([*words, str(tmp_path / "feed")]) == 0 and "5 dokumenter" in capsys.readouterr().out
    assert (
        main([*words, str(tmp_path / "apart"), "--underretninger"]) == 0 and "1 dokumenter" in capsys.readouterr().out
    )
    sums = {sha256(one.read_bytes()) for one in (tmp_path / "feed" / "Documents").rglob("*") if one.is_file()}
    assert sha256(PNG) in sums


@pytest.mark.req("R-83")
def test_a_copy_that_is_missing_is_ordered_once_a_day_whatever_is_clicked_meanwhile(world):
    """A view in which many documents are read and something is written would meet each click about one of them."""
    document_id = world.made["trivselsskema"]
    with world.house() as house:
        document = house.documents.get(document_id)
        record = house.documents._holder(document_id).versions[document.versions]
        before, told = record.data, json.loads(record.data)
        del told["copies"][KEPT]
        record.data = json.dumps(told).encode()

    @contextmanager
    def clicked_meanwhile():
        with world.house() as house:
            yield house
            with world.house() as other:
                child = other.ledger._children.get(document.child_id)
                child.length = child.length  # as an event that is appended does

    work_out_due(clicked_meanwhile)
    with world.house() as house:
        (order,) = [one for one in house.outbox.pending() if one.step == "render_kept"]
        house.outbox.remove(order.key)
        house.documents._holder(document_id).versions[document.versions].data = before
    assert order.ids == {"document": document_id, "version": str(document.versions)}


@pytest.mark.req("R-05", "R-54", "T9")
def test_no_archivist_reads_it_because_it_is_kept(world):
    pages = WorldInstallation(world)
    for form in set(FORMS) - {"fdr"}:  # a closed meeting is the archive's by design 22
        with world.house() as house, pytest.raises(NotFound):
            open_archived(
                house, world.staff("ove"), world.made[form], f"Bevaring eller kassation: {WHY}", lambda *_: None
            )
        for who in ("ove", "mettemarie"):
            assert "Læs dokumentet i arkivet" not in as_staff(pages, who).get(
                f"/arkiv/{world.made[form]}/bevaring", expect_errors=True
            )
    with world.house() as house:
        assert {one.document_id for one in all_entries(house)} <= {world.made["fdr"]}, "nothing to search for"


@pytest.mark.req("R-82", "R-05", "R-54")
def test_what_a_choice_leaves_out_is_named_with_its_reason(world, tmp_path, capsys):
    unit = ("--unit", SET.unit_id)
    assert make(world, tmp_path / "unit", *unit) == 0
    said = capsys.readouterr().out
    for form in ("trivselsskema", "overgangsbeskrivelse"):
        assert f"{number_of(world, form)}: ikke med." in said, form
    assert "package.working-paper" in said and number_of(world, "underretning") not in said
    with world.house() as house:
        today = world.clock.now().date()
        due = documents_of(house, Choice(kind="due"), today)
        assert not due.left_out and due.undecided == 1, "Mikkel's form is due, and nobody has appraised it"
        apart = documents_of(house, Choice(kind="due", notifications=True), today)
        assert [one.document_id for one in apart.chosen] == [world.made["underretning"]] and apart.undecided == 0
    assert make(world, tmp_path / "none", "--document", number_of(world, "underretning")) == 1
    assert "package.notification" in capsys.readouterr().err
    with world.house() as house:
        document = house.documents.get(world.made["trivselsskema"])
        house.documents.replace(msgspec.structs.replace(document, unit_id=new_id()))
        (left,) = documents_of(house, Choice(kind="due"), today).left_out
        house.documents.replace(document)
    assert (left.number, left.why.code) == (document.number, "package.no-place")


@pytest.mark.req("R-82", "R-83", "R-90")
@pytest.mark.parametrize("form", ["trivselsvurdering", "trivselsoverblik", "underretning"])
def test_what_is_kept_is_approved_by_the_archive_and_then_destroyed_by_two(world, tmp_path, form):
    document_id, out = world.made[form], tmp_path / "out"
    first, second = world.staff("mettemarie" if form == "underretning" else "ove"), world.staff("solvej")
    apart = ("--underretninger",) if form == "underretning" else ()
    with world.house() as house, pytest.raises(Stopped):
        order_destruction(house, first, document_id, WHY, event_id=new_id())
    assert make(world, out, "--document", number_of(world, form), *apart) == 0
    made = lines(out)[1]
    with world.house() as house:
        packed = Packed(
            document=document_id, package=made["package"], last_event=made["last_event"], digest=made["mets"]
        )
        said = Receipt(
            archive="Stadsarkivet",
            reference="26/117",
            approved_on=house.moment.date(),
            receipt="0" * 64,
            by="operator:x",
        )
        assert record_transfer(house, packed, said) == "recorded"
        copy = house.documents.version(document_id, made["version"]).copies[KEPT]
        assert house.blobs.get(copy.sha256)
    with world.house() as house:
        order = order_destruction(house, first, document_id, WHY, event_id=new_id()).id
    with world.house() as house:
        confirm_destruction(house, second, document_id, order, event_id=new_id())
    world.clock.move(days=15)
    assert world.drain() == []
    with world.house() as house:
        stone = house.documents.tombstone(document_id)
        assert house.documents.get(document_id) is None and "Stadsarkivet" in stone.archived
        assert copy.sha256 in stone.copies and house.blobs.get(copy.sha256) is None, (
            "also what was made for the archive"
        )


@pytest.mark.req("R-82")
def test_nothing_is_made_of_what_is_discarded_nor_packed_while_it_is_written(world):
    with world.house() as house:
        other = next(one for one in house.documents.of_round(SOFIE.round_id) if one.id != world.made["trivselsskema"])
        events = house.ledger.of_document(other.id)
        with pytest.raises(NotTheArchives) as undecided:
            handed_over(house, other, events)
        appraise(house, world.staff("ove"), other.id, "kasseres", subject="17.00.00", facet="G01", basis="BEK 183/2018", reason=WHY, event_id=new_id())  # fmt: skip
        assert not [one for one in house.outbox.pending() if one.step == "render_kept"]
        fdr = house.documents.get(world.made["fdr"])
        events, open_again = house.ledger.of_document(fdr.id), msgspec.structs.replace(fdr, state="submitted")
        with pytest.raises(NotFinal):
            handed_over(house, open_again, [one for one in events if one.kind != "document_closed"])
    assert undecided.value.code == "package.not-archived"
