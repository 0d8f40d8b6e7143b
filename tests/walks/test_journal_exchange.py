"""An underretning goes to the municipality's journal system and its case number comes back (U23, R-80): the whole way through the store."""

from __future__ import annotations

import csv
import json
import logging

import pytest

from tests.support.destruction import child_left, mark, ordered
from tests.support.installation import WorldInstallation, as_staff
from tests.walks.test_journal import entry_of, submitted, want_wellbeing
from tests.walks.test_notification import NAME, WORRY, sent
from tests.walks.test_operator_commands import as_var, commands
from tillid.adapters.journal_desk import recorded, taken_back
from tillid.adapters.journal_folder import JournalFolder
from tillid.archive.journal import CONFIRMED, HANDED, JOURNALLED, Journalled, last_confirmed
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import local_day
from tillid.usecases.hand_to_journal import STEP
from tillid.usecases.writing import record_event
from tillid.wiring.repeating import again_on_conflict

CASE = "27.24.00-G01-12-26"


@pytest.fixture
def people(world_at, tmp_path):
    return joined(world_at("people"), tmp_path)


def joined(world, folder):
    """The municipality's system, joined by a folder."""
    (folder / "journal").mkdir()
    world.parts.journal = JournalFolder(folder / "journal")
    return WorldInstallation(world)


def out(tmp_path):
    return sorted((tmp_path / "journal" / "out").glob("*/"))


def answer(tmp_path, package, name="one.json", **changed):
    """As the other side answers: what it took, and its own number and day."""
    described = (package / "journal.json").read_bytes()
    said = json.loads(described)
    receipt = {"schema": "tillid/journal-receipt/1", "entry": said["entry"], "journal_sha256": sha256(described), "case": CASE,
               "day": said["date"], **changed}  # fmt: skip
    (tmp_path / "journal" / "in" / name).write_text(json.dumps(receipt))


def look(world):
    return recorded(world.parts.journal, world.house, again_on_conflict)


def refused(tmp_path):
    return [path.name.partition(".")[0] for path in sorted((tmp_path / "journal" / "refused").iterdir())]


def kinds(world, document_id):
    with world.house() as house:
        return [event.kind for event in house.ledger.of_document(document_id)]


def answered_of(world, document_id):
    with world.house() as house:
        return last_confirmed(house.ledger.of_document(document_id))


def rows(world, action):
    return [row for row in world.parts.audit.tail(500) if row.action == action]


@pytest.mark.req("U23", "R-80")
def test_an_underretning_goes_whole_after_its_commit_with_its_pdf_and_data(people, tmp_path):
    world = people.world
    document_id = sent(as_staff(people, "sofie"))
    assert out(tmp_path) == [], "never before the click is committed"
    assert world.drain() == []
    (package,) = out(tmp_path)
    assert sorted(path.name for path in package.iterdir()) == [
        "SHA256SUMS",
        "data.json",
        "document.pdf",
        "journal.json",
    ]
    said, entry = json.loads((package / "journal.json").read_bytes()), entry_of(world, document_id)
    assert (said["date"], said["theme"], said["version"]) == (entry.date.isoformat(), entry.theme, 1)
    assert package.name == said["entry"] and said["receiver"]["name"] == "Solbjerg Kommune"
    for one in said["files"]:
        assert sha256((package / one["name"]).read_bytes()) == one["sha256"]
    assert (package / "document.pdf").read_bytes().startswith(b"%PDF-")
    data = (package / "data.json").read_text()
    assert NAME in data and WORRY in data, "what the receiver reads"
    assert kinds(world, document_id)[-2:] == ["document_journalled", HANDED]
    (row,) = rows(world, STEP)
    assert (row.role, row.object_id) == ("system", document_id)


@pytest.mark.req("U23", "R-111", "R-53")
def test_what_stands_outside_the_document_names_nobody(people, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    sent(as_staff(people, "sofie"))
    people.world.drain()
    (package,) = out(tmp_path)
    described = (package / "journal.json").read_text()
    assert json.loads(described)["child"] is None and NAME not in described and WORRY not in described
    assert "Sofie" not in described
    (tmp_path / "journal" / "in" / f"{NAME}.json").write_text(NAME)
    assert look(people.world) == (0, 1)
    names = [str(path) for path in (tmp_path / "journal").rglob("*")]
    assert not [name for name in names if "Villads" in name] and "Villads" not in caplog.text


@pytest.mark.req("U23", "R-80")
def test_nothing_goes_where_no_folder_is_chosen(world_at):
    world = world_at("people")
    alone = sent(as_staff(WorldInstallation(world), "sofie"))
    assert world.drain() == [] and HANDED not in kinds(world, alone)


@pytest.mark.req("U23", "R-80")
def test_a_wellbeing_form_that_is_not_wanted_in_the_journal_does_not_go(people, tmp_path):
    submitted(people.world)
    people.world.drain()
    assert out(tmp_path) == []


@pytest.mark.req("U23", "R-80")
def test_one_that_is_wanted_goes_with_the_childs_name(people, tmp_path):
    world = people.world
    want_wellbeing(people.world)
    document_id = submitted(world)
    world.drain()
    (package,) = out(tmp_path)
    with world.house() as house:
        document = house.documents.get(document_id)
        child = house.people.child(document.child_id)
    assert json.loads((package / "journal.json").read_bytes())["child"] == {"id": child.id, "name": child.name}
    assert "kommunens journal" not in as_staff(people, "sofie").get(f"/dokument/{document_id}")
    answer(tmp_path, package)
    assert look(world) == (1, 0)
    page = as_staff(people, "sofie").get(f"/dokument/{document_id}")
    assert "Ført ind i kommunens journal" in page and CASE not in page


@pytest.mark.req("U23")
def test_it_goes_once_whatever_is_run_again_and_waits_while_the_folder_is_away(people, tmp_path):
    world, place = people.world, tmp_path / "journal"
    place.rename(tmp_path / "unmounted")
    document_id = sent(as_staff(people, "sofie"))
    assert world.drain() == ["journal.unavailable"] and not place.exists()
    with world.house() as house:
        (waiting,) = [one for one in house.outbox.pending() if one.step == STEP]
    assert not waiting.dead and waiting.due_at > world.clock.now()
    (tmp_path / "unmounted").rename(place)
    for _ in range(3):
        world.clock.move(hours=2)
        world.drain()
        for package in out(tmp_path):
            package.rename(tmp_path / "theirs")  # taken; a second one could not be moved there
        with world.house() as house:
            house.outbox.add(STEP, waiting.ids, house.moment)
    assert (tmp_path / "theirs").is_dir() and kinds(world, document_id).count(HANDED) == 1
    assert len(rows(world, STEP)) == 1


@pytest.mark.req("U23", "R-80")
def test_what_comes_back_is_an_event_with_a_row_shown_to_the_intake_and_to_the_sender_without_the_number(
    people, tmp_path, capsys
):
    world = people.world
    document_id = sent(as_staff(people, "sofie"))
    world.drain()
    (package,) = out(tmp_path)
    answer(tmp_path, package)
    assert look(world) == (1, 0)
    found = answered_of(world, document_id)
    assert (found.case, found.day) == (CASE, local_day(world.clock.now()))
    (row,) = rows(world, "journal_receipt")
    assert (row.role, row.object_id) == ("system", document_id)
    intake = as_staff(people, "mettemarie")
    assert CASE in intake.get("/underretninger") and CASE in intake.get(f"/underretning/{document_id}")
    own = as_staff(people, "sofie")
    page = own.get(f"/underretning/{document_id}")
    assert "Ført ind i kommunens journal" in page and CASE not in page
    assert CASE not in own.get("/underret")
    listed = commands(as_var(world), capsys)("journal", "--csv")
    (line,) = list(csv.reader(listed.splitlines(), delimiter=";"))[1:]
    assert line[-2:] == [CASE, found.day.isoformat()]


@pytest.mark.req("U23")
@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("unknown", {"entry": "11111111-1111-4111-8111-111111111111"}),
        ("other-digest", {"journal_sha256": "0" * 64}),
        ("day", {"day": "2026-11-24"}),
        ("day", {"day": "2026-11-26"}),
        ("number", {"case": f"{NAME} 1"}),
        ("unreadable", {"note": "mere"}),
    ],
)
def test_a_wrong_receipt_is_put_aside_with_its_reason_and_changes_nothing(people, tmp_path, why, changed):
    world = people.world
    document_id = sent(as_staff(people, "sofie"))
    world.drain()
    (package,) = out(tmp_path)
    before = kinds(world, document_id)
    answer(tmp_path, package, **changed)
    lying = (tmp_path / "journal" / "in" / "one.json").read_bytes()
    assert look(world) == (0, 1) and refused(tmp_path) == [why]
    assert next((tmp_path / "journal" / "refused").iterdir()).read_bytes() == lying
    assert kinds(world, document_id) == before and rows(world, "journal_receipt") == []
    page = as_staff(people, "camilla").get("/drift")
    assert "Kommunens journalsystem" in page and f"{why}." in page
    answer(tmp_path, package)
    assert look(world) == (1, 0), "the right one is still taken"


@pytest.mark.req("U23")
def test_an_event_of_another_kind_is_no_entry(people, tmp_path):
    document_id = sent(as_staff(people, "sofie"))
    people.world.drain()
    with people.world.house() as house:
        first = house.ledger.of_document(document_id)[0]
    answer(tmp_path, out(tmp_path)[0], entry=first.id)
    assert look(people.world) == (0, 1) and refused(tmp_path) == ["unknown"]


@pytest.mark.req("U23")
@pytest.mark.parametrize("changed", [{}, {"case": "26/1"}])
def test_a_second_receipt_of_the_same_entry_is_put_aside(people, tmp_path, changed):
    world = people.world
    document_id = sent(as_staff(people, "sofie"))
    world.drain()
    (package,) = out(tmp_path)
    answer(tmp_path, package)
    answer(tmp_path, package, "two.json", **changed)
    assert look(world) == (1, 1) and refused(tmp_path) == ["duplicate"]
    assert answered_of(world, document_id).case == CASE and kinds(world, document_id).count(CONFIRMED) == 1


@pytest.mark.req("U23")
def test_an_answer_that_is_here_before_our_own_event_is_taken(people, tmp_path):
    world = people.world
    document_id = sent(as_staff(people, "sofie"))
    world.clock.move(seconds=1)
    with pytest.MonkeyPatch.context() as patch:
        real = world.parts.journal.hand_over

        def dies(entry, files):
            real(entry, files)
            raise RuntimeError

        patch.setattr(world.parts.journal, "hand_over", dies)
        assert world.drain() == ["RuntimeError"]
    answer(tmp_path, out(tmp_path)[0])
    assert look(world) == (1, 0) and HANDED not in kinds(world, document_id)
    world.clock.move(hours=1)
    assert world.drain() == [] and len(out(tmp_path)) == 1 and HANDED in kinds(world, document_id)


@pytest.mark.req("U23", "R-71")
def test_without_a_row_in_the_log_nothing_is_handed_over_and_nothing_recorded(people, tmp_path):
    world = people.world
    document_id = sent(as_staff(people, "sofie"))
    with world.full_log():
        assert "audit.unavailable" in world.drain()
    assert out(tmp_path) == []
    world.clock.move(hours=1)
    world.drain()
    answer(tmp_path, out(tmp_path)[0])
    with world.full_log(), pytest.raises(Exception, match=r"audit\.unavailable"):
        look(world)
    assert answered_of(world, document_id) is None and refused(tmp_path) == []
    assert look(world) == (1, 0)


@pytest.mark.req("U23", "R-83")
def test_what_is_destroyed_is_taken_back_from_the_folder_and_its_receipt_put_aside(world_at, tmp_path):
    world = child_left(world_at("signed"))
    joined(world, tmp_path)
    with world.house() as house:
        document = house.documents.get(world.made["document"])
        said = Journalled(date=local_day(world.clock.now()), theme="Emne", version=document.versions)
        entry = record_event(house, document, JOURNALLED, "system", said)
    world.parts.journal.hand_over(
        entry.id, {"journal.json": json.dumps({"entry": entry.id, "date": str(said.date)}).encode()}
    )
    answer(tmp_path, out(tmp_path)[0])
    assert taken_back(world.parts.journal, world.house) == 0
    mark(world)
    ordered(world)
    world.clock.move(days=60)
    world.drain()
    assert document_gone(world)
    assert taken_back(world.parts.journal, world.house) == 1 and out(tmp_path) == []
    assert look(world) == (0, 1) and refused(tmp_path) == ["destroyed"]


def document_gone(world):
    with world.house() as house:
        return house.documents.get(world.made["document"]) is None


@pytest.mark.req("U23", "R-72")
def test_a_restriction_holds_an_entry_back_until_it_is_lifted(people, tmp_path, monkeypatch):
    from tillid.usecases import hand_to_journal

    world = people.world
    sent(as_staff(people, "sofie"))
    with monkeypatch.context() as patch:
        patch.setattr(hand_to_journal, "remarks_of", lambda _events: type("Marked", (), {"restrictions": (1,)}))
        assert world.drain() == ["journal.restricted"]
    assert out(tmp_path) == []
    world.clock.move(hours=1)
    assert world.drain() == [] and len(out(tmp_path)) == 1
