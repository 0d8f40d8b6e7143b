"""A package is handed over: what the archive's receipt does, and the feed for an archive version, which has what the package has."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import msgspec
import pytest

from tests.contract.test_package import as_var, lines, made_in, make
from tests.support.fixity import read_again
from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET, leader
from tillid.adapters.transfer_desk import TransferDesk
from tillid.archive.keeping import keeping_of
from tillid.cli import main
from tillid.consents.remarks import remarks_of
from tillid.kernel.canonical import sha256
from tillid.kernel.ids import new_id
from tillid.usecases.agree import decline_transition
from tillid.usecases.appraise import appraise
from tillid.usecases.fasten_remark import lift_restriction, restrict
from tillid.usecases.package_choice import Choice, documents_of
from tillid.usecases.withdraw_consent import withdraw_consent

WHY = "Kommunens børnesager bliver bevaret."


@pytest.fixture(scope="module")
def world(stages):
    """A signed world whose folder is a ``var``, changed by the last test."""
    world = as_var(stages.at("signed"))
    yield world
    world.close()


@pytest.fixture(scope="module")
def package(world, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("handover")
    assert make(world, out, "--document", world.made["document"]) == 0
    (made,) = made_in(out)
    return made


@pytest.mark.req("R-84", "R-85", "R-111")
def test_the_feed_for_an_archive_version_has_what_the_package_has(world, package, tmp_path, capsys):
    out = tmp_path / "feed"
    words = ["package", "avid", "--demo", "--var", str(world.folder), "--out", str(out), "--unit", SET.unit_id]
    assert main(words) == 0 and "ikke en arkiveringsversion" in capsys.readouterr().out
    sums = {sha256(path.read_bytes()) for path in out.rglob("*") if path.is_file()}
    proofs = [*(package / "representations" / "data" / "data" / "records").rglob("*")]
    fleeting = {"verdict.json", "checkpoint.txt", "proof.json"}
    kept = [path for path in proofs if path.is_file() and path.name not in fleeting]
    assert kept and {sha256(path.read_bytes()) for path in kept} <= sums
    assert sha256((package / "representations" / "pdfa" / "data" / "document.pdf").read_bytes()) in sums
    with world.house() as house:
        masked = house.people.unmask_cpr(SET.child_id)
    said = b"".join(path.read_bytes() for path in (out / "Tables").rglob("*.xml"))
    assert masked.encode() not in said and f"{masked[:6]}-{masked[6:]}".encode() not in said
    assert main(words) == 1 and "package.out" in capsys.readouterr().err


@contextmanager
def serving(world) -> Iterator[None]:
    """The running server's part: it records what the command orders."""
    ended, desk = threading.Event(), TransferDesk(world.folder / "run")

    def serve() -> None:
        while not ended.wait(0.02):
            desk.look(world.house, lambda work: work())

    server = threading.Thread(target=serve)
    server.start()
    try:
        yield
    finally:
        ended.set()
        server.join()
        desk.close(5)


def to_be_kept(world, document_id: str) -> None:
    basis = {"subject": "", "facet": "", "basis": "", "reason": WHY}
    with world.house() as house:
        appraise(house, world.staff("ove"), document_id, "bevares", **basis, event_id=new_id())


@pytest.mark.req("R-82", "R-83", "R-85")
def test_the_archives_receipt_makes_the_document_archived(world, package, tmp_path, capsys):
    out, document_id = package.parent, world.made["document"]
    made = lines(out)[1]
    receipt = tmp_path / "receipt.xml"
    receipt.write_text(f"<ingested>{made['package']}</ingested>")
    words = ["--archive", "Stadsarkivet", "--reference", "26/117", "--approved-on", "2026-11-25"]

    def received(*more: str) -> int:
        with serving(world):
            said = [str(out), "--var", str(world.folder), *words, "--receipt", str(receipt), *more]
            return main(["package", "received", *said])

    assert due_now(world) == [], "what is undecided is not handed over"
    to_be_kept(world, document_id)
    assert due_now(world) == [document_id]
    assert received("--package", new_id()) == 1 and "received.unknown" in capsys.readouterr().err
    for said in (
        ["--approved-on", "2026-01-02"],
        ["--approved-on", "9999-01-01"],
        ["--archive", ""],
        ["--reference", "010119-4321"],
    ):
        assert received(*said) == 1
        told = capsys.readouterr()
        assert "ikke sket endnu" in told.out if said[1] == "2026-01-02" else "keeping.transfer" in told.err, said
        assert "Kør kommandoen igen" not in told.err, "what nobody can record is not tried again"
    assert due_now(world) == [document_id]
    assert received() == 0 and received() == 0, "twice is once"
    assert due_now(world) == []
    with world.house() as house:
        events = house.ledger.of_document(document_id)
        assert [event.kind for event in events].count("transfer_approved") == 1
        transfer = keeping_of(events).transfer
    assert (transfer.package, transfer.digest) == (made["package"], made["mets"])
    assert transfer.receipt == sha256(receipt.read_bytes()) and transfer.by.startswith("operator:")
    page = as_staff(WorldInstallation(world), "ove").get(f"/arkiv/{document_id}/bevaring")
    assert "Stadsarkivet, 26/117" in page and made["package"] in page
    receipt.write_text("another's")
    capsys.readouterr()
    assert received() == 1 and "received.none" in capsys.readouterr().err
    withdraw(world)
    second = json.dumps(made | {"mets": "0" * 64})
    (out / "packages.jsonl").write_text(second + "\n")
    assert received("--all") == 1 and "sket mere" in capsys.readouterr().out
    (out / "packages.jsonl").write_text(json.dumps(made | {"last_event": "0" * 64, "mets": "1" * 64}) + "\n")
    assert received("--all") == 1 and "passer ikke" in capsys.readouterr().out


def due_now(world) -> list[str]:
    """What ``--all-due`` would take ten years after the child has left."""
    with world.house() as house:
        child = house.people.child(SET.child_id)
        left = msgspec.structs.replace(child, left={child.unit_id: date(2026, 12, 31)})
        house.people.put_child(left, house.people.unmask_cpr(child.id), house.people.custody(child.id))
        return [one.document_id for one in documents_of(house, Choice(kind="due"), date(2036, 12, 31)).chosen]


def withdraw(world) -> None:
    holder = world.holders(SET.child_id)[0]
    with world.house() as house:
        withdraw_consent(house, holder, world.made["request"], (), language="da", event_id=new_id())


@pytest.mark.req("R-83", "O14")
def test_a_case_that_was_declined_is_the_archives_and_packed_too(stages, tmp_path):
    """Else it could be found and never handed over, and what is to be kept would never be archived."""
    world = as_var(stages.at("shared"))
    with world.house() as house:
        decline_transition(house, world.holders(SET.child_id)[0], world.made["document"])
    assert world.drain() == []
    assert make(world, tmp_path / "out", "--document", world.made["document"]) == 0
    world.close()


@pytest.mark.req("R-72", "R-83", "R-84")
def test_a_restricted_document_goes_to_nobody_but_where_the_rules_hand_it_over_and_says_so(stages, tmp_path, capsys):
    world = as_var(stages.at("signed"))
    document_id, who = world.made["document"], leader(world)
    with world.house() as house:
        restrict(house, who, document_id, "contested", "Indsigelse mod teksten.", event_id=new_id())
    for count, words in enumerate((("--document", document_id), ("--unit", SET.unit_id), ("--child", SET.child_id))):
        out = tmp_path / str(count)
        assert make(world, out, *words) == 1 and "package.restricted" in capsys.readouterr().out
        assert made_in(out) == [] and [one.get("code") for one in lines(out)[1:-1]] == ["package.restricted"]
    with world.house() as house:
        child = house.people.child(SET.child_id)
        left = msgspec.structs.replace(child, left={child.unit_id: date(2010, 1, 1)})
        house.people.put_child(left, house.people.unmask_cpr(child.id), house.people.custody(child.id))
        appraise(house, world.staff("ove"), document_id, "bevares", subject="", facet="", basis="", reason=WHY,
                 event_id=new_id())  # fmt: skip
    assert make(world, tmp_path / "archive", "--all-due") == 0
    (made,) = made_in(tmp_path / "archive")
    assert "BEGRÆNSET" in (made / "documentation" / "restricted.txt").read_text("utf-8")
    assert main(["package", "check", str(made)]) == 0
    with world.house() as house:
        mark = remarks_of(house.ledger.of_document(document_id)).restrictions[0].id
        lift_restriction(house, who, document_id, mark, "Det er afklaret nu.", event_id=new_id())
    assert make(world, tmp_path / "freed", "--document", document_id) == 0
    (made,) = made_in(tmp_path / "freed")
    assert not (made / "documentation" / "restricted.txt").exists()
    world.close()


@pytest.mark.req("R-84")
def test_a_package_says_that_all_of_it_was_read_again_when_a_round_is_over_that_began_after_it(stages, tmp_path):
    world = as_var(stages.at("signed"))
    world.clock.move(days=1)

    def said(name):
        assert make(world, tmp_path / name, "--document", world.made["document"]) == 0
        (made,) = made_in(tmp_path / name)
        return "in the rolling check" in (made / "metadata" / "preservation" / "premis.xml").read_text("utf-8")

    assert read_again(world, days=3).whole_at is None and not said("begun")
    assert read_again(world, days=1).whole_at is not None and said("over")
    world.close()
