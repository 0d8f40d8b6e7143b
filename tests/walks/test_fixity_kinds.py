"""Whatever is stored and has a digest is damaged in a real store, one after another, and named by the next reading (R-82, R-21)."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from itertools import count

import msgspec
import pytest

from tests.support.fixity import Parts, check_share, read_again
from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET, World, document_now, say_yes
from tests.walks.test_operator_commands import as_var, commands, sealed_otherwise
from tillid.adapters.evidence_desk import EvidenceDesk
from tillid.adapters.tsa_client import Authorities
from tillid.adapters.tsa_own import own_authority
from tillid.cli.probe_fixity import fixity
from tillid.kernel.canonical import canonical_json, json_digest
from tillid.kernel.ids import new_id
from tillid.usecases.freeze_record import FROZEN
from tillid.usecases.seal_record import PERSONAL, RECORD, TIMESTAMP
from tillid.usecases.withdraw_consent import withdraw_consent


@pytest.fixture(scope="module")
def made(stages):
    """Two answers with their timestamps and evidence, and one withdrawal: nothing of it is damaged."""
    world = stages.at("asked")
    own = own_authority(world.folder / "keys", world.clock, demo=True)
    stamper = world.parts.time_stamper = Authorities([own], world.parts.trust, world.clock)
    desk = world.parts.evidence = desk_of(world)
    for holder in world.holders(SET.child_id):
        say_yes(world, holder)
    assert world.drain() == []
    desk.run(world.house, stamper, lambda work: work())
    with world.house() as house:
        holder = world.holders(SET.child_id)[0]
        withdraw_consent(house, holder, world.made["request"], (), language="da", event_id=new_id())
    assert world.drain() == []
    world.parts.event_log.sign_head()
    state = read_again(world)
    assert state.damages == () and state.whole_at is not None and state.shares[0].whole
    world.close()
    return world


@pytest.fixture
def proven(made, tmp_path):
    """A copy of it."""
    shutil.copytree(made.folder, tmp_path / "world")
    world = World(tmp_path / "world", made.renderer, made=dict(made.made))
    world.clock.moment = made.clock.moment
    world.parts.evidence = desk_of(world)
    yield world
    world.close()


def desk_of(world):
    return EvidenceDesk(world.folder / "evidence", lambda: world.parts.trust, world.clock)


def events_of(world, kind):
    with world.house() as house:
        return [event for event in house.ledger.of_document(world.made["document"]) if event.kind == kind]


def found(world):
    world.clock.move(days=1)
    return {(one.what, one.how) for one in read_again(world).damages}


@contextmanager
def changed(world, event, kind=None, to=None):
    """The event's stored bytes, or those of what proves it, are others meanwhile; ``None``: they are not there."""

    def put(change):
        with world.house() as house:
            entry = house.ledger._entry(event.id)
            if kind is None:
                before, entry.data = entry.data, change(entry.data)
                return before
            before, kinds = entry.evidence.kinds, dict(entry.evidence.kinds)
            new = change(kinds.pop(kind, None))
            entry.evidence.kinds = kinds | ({kind: new} if new is not None else {})
            return before.get(kind)

    before = put(to)
    yield
    put(lambda _: before)


def bent(data):
    """One byte of a name or a digest in it is another."""
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]


def later(data):
    """The same event, a minute later: canonical JSON, and in nothing else another."""
    event = json.loads(data)
    return canonical_json(event | {"at": event["at"][:-3] + ("11Z" if event["at"][-3:] != "11Z" else "12Z")})


@pytest.mark.req("R-21", "R-82")
def test_events_and_what_proves_them(proven):
    given, (withdrawn,) = events_of(proven, "consent_given"), events_of(proven, "consent_withdrawn")
    first, second = given
    with proven.house() as house:
        others = house.ledger.attachments(second.id)
        own = house.ledger.attachments(first.id)
    assert {RECORD, TIMESTAMP, FROZEN} <= set(others)
    text = own[RECORD].replace(b"consent", b"consemt", 1)
    cases = [
        (
            withdrawn,
            None,
            later,
            {("event", "fixity.not-in-log"), ("record", "fixity.record")},
        ),  # the last of its series
        (withdrawn, None, lambda _: b"{", {("event", "fixity.event")}),
        (first, RECORD, lambda _: text, {("record", "fixity.record")}),
        (first, RECORD, bent, {("record", "fixity.record")}),
        (first, RECORD, lambda _: others[RECORD], {("timestamp", "fixity.timestamp")}),
        (withdrawn, RECORD, lambda _: others[RECORD], {("timestamp", "fixity.timestamp")}),
        (first, RECORD, lambda _: None, {("record", "fixity.record-missing")}),
        (first, TIMESTAMP, lambda _: others[TIMESTAMP], {("timestamp", "fixity.timestamp")}),
        (first, TIMESTAMP, bent, {("timestamp", "fixity.timestamp")}),
        (first, FROZEN, bent, {("frozen", "fixity.frozen")}),
        (first, PERSONAL, lambda _: b"<signed/>", {("personal", "fixity.personal")}),
    ]
    for event, kind, to, expected in cases:
        with changed(proven, event, kind, to):
            told = found(proven)
        assert {(what.split(":")[0], how) for what, how in told if what.endswith(event.id)} == expected, (kind, told)
        more = {"fixity.events-missing", "fixity.unreadable"} if kind is None else set()
        assert {how for what, how in told if not what.endswith(event.id)} <= more | {"fixity.events"}, told
    assert found(proven) == set(), "whole again"


@pytest.mark.req("R-21")
def test_an_event_that_is_changed_breaks_the_link_of_the_next(proven):
    with proven.house() as house:
        series = house.ledger.series(proven.made["document"])
    with changed(proven, series[1], None, later):
        told = found(proven)
    assert {(f"event:{series[1].id}", "fixity.not-in-log"), (f"event:{series[2].id}", "fixity.events")} <= told


@pytest.mark.req("R-21")
def test_a_record_of_another_event_with_its_timestamp(proven):
    first, second = events_of(proven, "consent_given")
    with proven.house() as house:
        others = house.ledger.attachments(second.id)
    with (
        changed(proven, first, RECORD, lambda _: others[RECORD]),
        changed(proven, first, TIMESTAMP, lambda _: others[TIMESTAMP]),
    ):
        assert found(proven) == {(f"record:{first.id}", "fixity.record")}


@pytest.mark.req("R-21", "R-11")
def test_a_record_that_names_its_event_and_says_something_else(proven):
    first, _ = events_of(proven, "consent_given")
    with proven.house() as house:
        record = house.ledger.attachments(first.id)[RECORD]
    false = sealed_otherwise(proven, record, b'answer="yes"', b'answer="no"')
    with changed(proven, first, TIMESTAMP, lambda _: None):
        with changed(proven, first, RECORD, lambda _: sealed_otherwise(proven, record, b"Alma", b"Alma")):
            assert found(proven) == set(), "sealed once more, and saying the same"
        with changed(proven, first, RECORD, lambda _: false):
            assert found(proven) == {(f"record:{first.id}", "fixity.record")}


@pytest.mark.req("R-21")
def test_the_last_event_of_a_series_is_taken_out_and_a_younger_log_meets_an_older_store(proven):
    """No link is broken and nothing that is there is wrong: only the log knows. The reading goes on over days."""
    (withdrawn,) = events_of(proven, "consent_withdrawn")
    with proven.house() as house:
        child = house.ledger._children.get(withdrawn.child_id)
        at = child.places["event:" + withdrawn.id][0]
        del child.entries[at]
        for key in [key for key, places in child.places.items() if at in places]:
            child.places[key] = tuple(place for place in child.places[key] if place != at)
            if not child.places[key]:
                del child.places[key]
    told, state = set(), None
    for days in count(3, -1):
        proven.clock.move(days=1)
        state = read_again(proven, max(days, 1))
        told |= {(one.what, one.how) for one in state.damages}
        if state.shares[0].whole:
            break
    assert len(state.shares) > 2 and told == {("log:events", "fixity.events-missing")}


@pytest.mark.req("R-82")
def test_documents_drafts_and_attached_files(proven):
    document = document_now(proven)
    named = f"document:{document.id}"

    def meanwhile(record_of, change):
        with proven.house() as house:
            record = record_of(house.documents._holder(document.id))
            before, record.data = record.data, change(record.data)
        told = found(proven)
        with proven.house() as house:
            record_of(house.documents._holder(document.id)).data = before
        return told

    def forged(data):
        """Answers and their digest together: only the ledger knows what was asked about."""
        stored = json.loads(data)
        field = next(name for name, value in stored["answers"].items() if isinstance(value, str))
        stored["answers"][field] += "!"
        return json.dumps(stored | {"answers_digest": json_digest(stored["answers"])}).encode()

    def with_file(data):
        draft = json.loads(data)
        field = next(iter(draft["fields"].values()))
        field["value"] = {"sha256": "f" * 64}
        return json.dumps(draft).encode()

    assert meanwhile(lambda one: one.versions[document.versions], forged) == {(named, "fixity.answers")}
    assert meanwhile(lambda one: one.draft, lambda _: b"{") == {(named, "fixity.unreadable")}
    assert meanwhile(lambda one: one.draft, with_file) == {(named, "fixity.attachment-missing")}
    assert found(proven) == set()


@pytest.mark.req("R-71", "R-21", "R-82")
def test_the_files_beside_the_database(proven):
    folder = proven.folder
    files = {
        folder / "audit" / "audit.jsonl": "beside:audit",
        folder / "evidence" / "second" / "acts" / "000001.tst": "beside:evidence",
        folder / "log" / "leaves": "beside:log",
    }
    for path, name in files.items():
        before = path.read_bytes()
        path.write_bytes(bent(before))
        told = found(proven)
        path.write_bytes(before)
        assert name in {what for what, _ in told}, (name, told)
        assert {what for what, _ in told if what.startswith("beside:")} == {name}
    (folder / "destroyed").mkdir(exist_ok=True)
    listed = folder / "destroyed" / "destroyed.jsonl"
    listed.write_bytes(b"{torn}\n")
    assert found(proven) == {("beside:destroyed", "keeping.list-damaged")}
    listed.unlink()
    assert found(proven) == set()


@pytest.mark.req("R-82", "R-71")
def test_the_administrators_and_the_operator_are_told_and_once(proven, capsys):
    first = events_of(proven, "consent_given")[0]
    run = commands(as_var(proven), capsys)
    assert "Noget gemt er ikke" not in as_staff(WorldInstallation(proven), "camilla").get("/")
    with changed(proven, first, TIMESTAMP, bent):
        assert found(proven) == found(proven) == {(f"timestamp:{first.id}", "fixity.timestamp")}
        app = as_staff(WorldInstallation(proven), "camilla")
        assert app.get("/").text.count("Noget gemt er ikke") == 1, "not each day anew"
        page = app.get("/").click("Noget gemt er ikke")
        assert "Tidsstemplet til en post" in page and first.id in page and SET.child_id not in page
        assert "Noget gemt er ikke" not in as_staff(WorldInstallation(proven), "birgit").get("/")
        told = probe(proven)
        assert "1 ting er ikke" in told.advice and first.id not in told.advice
        assert f"timestamp:{first.id}" in run("fixity", "run", status=1)
    assert found(proven) == set() and probe(proven).advice == "" != probe(proven).version
    assert "som det blev gemt" in run("fixity", "run")
    proven.clock.move(days=40)
    assert "Ikke alt er læst" in probe(proven).advice


def probe(world):
    (told,) = fixity(world.folder, world.clock.now())
    return told


def test_nothing_is_written_in_the_view_in_which_is_read(proven):
    """A click that commits while a share is read neither waits nor makes it begin anew."""
    clicks = count()

    def pace():
        if next(clicks) == 3:
            with proven.house() as house:
                withdraw_consent(
                    house, proven.holders(SET.child_id)[1], proven.made["request"], (), language="da", event_id=new_id()
                )

    state = check_share(proven.house, Parts(proven.folder, lambda: proven.parts.trust), 1, pace)
    assert state.damages == () and state.shares[0].whole and next(clicks) > 10
    assert proven.drain() == [] and found(proven) == set()
    assert msgspec.to_builtins(state)["log_met"] == 0, "the next round counts anew"
