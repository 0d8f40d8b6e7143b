"""``tillid consents``, ``export-consent`` and ``verify --store`` beside an open store: what they say, and the row before it."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from lxml import etree

from tests.support.kit import kit, trust_folder
from tests.support.world import SET
from tillid.adapters.audit_file import FileAudit
from tillid.cli import fixity, main
from tillid.kernel.clock import instant
from tillid.kernel.ids import new_id
from tillid.kernel.paths import SIGNING
from tillid.signatures.xml import canonical
from tillid.usecases.seal_record import RECORD
from tillid.usecases.withdraw_consent import withdraw_consent

TRUST = SIGNING / "trust" / "test"


def as_var(world):
    """``world``, whose folder is a ``var`` from now on: the store stays open in this process, as it is in a server."""
    (world.folder / "data").symlink_to(world.folder / "zodb")
    for name, secret in (("municipality", b"m" * 32), ("log", b"l" * 32)):
        handle = os.open(world.folder / "keys" / f"{name}.key", os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(handle, secret)
        os.close(handle)
    return world


def commands(world, capsys):
    """Runs ``tillid`` beside ``world``; what it prints."""

    def ran(*words, status=0):
        capsys.readouterr()
        assert main([*words, "--var", str(world.folder)]) == status
        return capsys.readouterr().out

    return ran


@pytest.fixture
def signed(world_at):
    world = world_at("signed")
    assert world.drain() == []
    world.parts.event_log.sign_head()
    return as_var(world)


@pytest.fixture
def run(signed, capsys):
    return commands(signed, capsys)


def rows(world):
    lines = (world.folder / "audit" / "operators.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["row"] for line in lines]


@pytest.mark.req("R-71", "R-111", "R-17")
def test_what_is_effective_is_told_by_ids_and_each_look_is_a_row(signed, run):
    request, now = signed.made["request"], instant(signed.clock.now())
    (line,) = json.loads(run("consents", "list", "--at", now, "--json"))
    assert (line["request"], line["child"], line["effective"]) == (request, SET.child_id, True)
    told = json.loads(run("consents", "show", request, "--at", now, "--json"))
    assert [one["kind"] for one in told["events"]].count("consent_given") == 2 and told["broken_links"] == []
    given = next(one for one in told["events"] if one["kind"] == "consent_given")
    assert given["sealed"] and given["yes"] and "holder_name" not in given
    texts = run("consents", "list", "--at", now) + run("consents", "show", given["event"], "--at", now)
    assert "Alma" not in texts and "Alma" in run("consents", "list", "--at", now, "--names")
    with signed.house() as house:
        holder = signed.holders(SET.child_id)[0]
        withdraw_consent(house, holder, request, (), language="da", event_id=new_id())
    later = json.loads(run("consents", "effective", request, "--at", "2026-12-01T12:00:00Z", "--json", status=1))
    assert (later["standing"], later["item_ids"]) == ("withdrawn", [])
    before = json.loads(run("consents", "effective", request, "--at", "2020-01-01T00:00:00Z", "--json", status=1))
    assert (before["standing"], before["reason"], before["waiting_for"]) == ("missing", "not-asked", [])
    run("consents", "effective", new_id(), status=1)
    kept = rows(signed)
    assert {row["action"] for row in kept} == {"consents_list", "consents_show", "consents_effective"}
    assert [row["purpose"] for row in kept].count("names") == 1 and all(
        row["person_id"][:9] == "operator:" for row in kept
    )
    audit = FileAudit(signed.folder / "audit" / "operators.jsonl")
    assert audit.verify() == []
    audit.close()


@pytest.mark.req("R-71", "R-85")
def test_an_answer_is_exported_as_the_receipt_and_a_question_as_a_bundle(signed, run, tmp_path):
    request = signed.made["request"]
    with signed.house() as house:
        given = [one for one in house.ledger.of_request(request) if one.kind == "consent_given"]
    one, both = tmp_path / "one.zip", tmp_path / "both.zip"
    run("export-consent", given[0].id, "--out", str(one))
    run("export-consent", request, "--out", str(both))
    assert one.stat().st_mode & 0o777 == 0o600 and [row["object_id"] for row in rows(signed)] == [given[0].id, request]
    assert main(["export-consent", request, "--out", str(one), "--var", str(signed.folder)]) == 1, "never over a file"
    trust = trust_folder(tmp_path / "trust", signed.parts.event_log.verifier.text())
    assert kit().verify(one.read_bytes(), trust, signed.clock.now())["record"] == given[0].id
    at = ("--at", instant(signed.clock.now()), "--json")
    found = json.loads(run("verify", str(one), str(both), "--trust", str(trust), *at))
    assert [judged["status"] for judged in found] == ["passed"] * 3
    assert {judged["file"].partition("!")[2] for judged in found[1:]} == {f"{event.id}.zip" for event in given}
    found = json.loads(run("verify", str(one), "--trust", str(TRUST), *at, status=2))
    assert found[0]["step"] == "receipt.log", "whose log it is, only a list can say"
    whole = both.read_bytes()
    both.write_bytes(whole.replace(b"Indtastet" if b"Indtastet" in whole else b"Samtykke", b"samtykke", 1))
    assert run("verify", str(both), "--trust", str(trust), *at, status=1)


@pytest.mark.req("R-71", "R-72")
def test_the_log_about_a_child_is_exported_beside_the_server_and_checked(signed, run, tmp_path):
    file, purpose = tmp_path / "log.zip", ("--purpose", "Tilsyn, sag 26-1234")
    run("audit", "export", "--child", SET.child_id, "--out", str(file), "--purpose", "kort", status=1)
    run("audit", "export", "--child", new_id(), "--out", str(file), *purpose, status=1)
    assert not file.exists()
    run("audit", "export", "--child", SET.child_id, "--out", str(file), *purpose)
    run("audit", "export", "--child", SET.child_id, "--out", str(file), *purpose, status=1)  # never over a file
    assert file.stat().st_mode & 0o777 == 0o600
    assert next((row["action"], row["purpose"]) for row in rows(signed)) == ("export_audit", purpose[1])
    key = ("--key", signed.parts.event_log.verifier.text())
    told = json.loads(run("audit", "check", str(file), *key, "--logs", str(signed.folder / "audit"), "--json"))
    assert (told["status"], told["problems"], told["child"]) == ("whole", [], SET.child_id) and told["lines"] > 10
    assert "KAN IKKE AFGØRES" in run("audit", "check", str(file), "--trust", str(tmp_path), status=2)
    data = file.read_bytes()
    place = data.index(b'"purpose":"') + 11
    file.write_bytes(data[:place] + b"x" + data[place + 1 :])
    assert "er ændret, efter at den blev skrevet" in run("audit", "check", str(file), *key, status=1)
    assert run("audit", "check", str(tmp_path / "none"), status=3)
    assert "audit.jsonl: hel" in run("audit", "check")
    log = signed.folder / "audit" / "audit.jsonl"
    log.write_bytes(log.read_bytes().replace(b"attempt", b"outcome", 1))
    assert "brudt ved linje" in run("audit", "check", status=1)


@pytest.mark.req("R-85")
def test_the_whole_store_is_verified_and_a_stopped_run_is_gone_on_with(signed, run, tmp_path):
    state, at = tmp_path / "state", ("--at", instant(signed.clock.now()), "--json", "--trust", str(TRUST))
    told = json.loads(run("verify", "--store", "--state", str(state), *at))
    assert (told["judged"], told["counts"], told["known_from_before"]) == (2, {"passed": 2}, 0)
    lines = state.read_bytes().splitlines(keepends=True)
    state.write_bytes(b"".join(lines[:2]) + lines[2][:9])  # as a kill leaves it
    told = json.loads(run("verify", "--store", "--state", str(state), *at))
    assert (told["judged"], told["known_from_before"]) == (2, 1) and state.read_bytes() == b"".join(lines)
    with signed.house() as house:  # one whose event was never entered, and has no record yet
        withdraw_consent(
            house, signed.holders(SET.child_id)[0], signed.made["request"], (), language="da", event_id=new_id()
        )
    told = json.loads(run("verify", "--store", "--state", str(state), *at, status=2))
    assert told["known_from_before"] == 2 and [one["step"] for one in told["objections"]] == ["store.no-record"]
    folder = tmp_path / "kept"
    folder.mkdir()
    run(
        "export-consent", signed.made["request"], "--out", str(folder / "a.zip"), status=1
    )  # not all of it is there yet
    assert list(folder.iterdir()) == []


def verified(var, capsys, status, *more):
    capsys.readouterr()
    assert main(["verify", "--store", "--var", str(var), "--json", "--trust", str(TRUST), *more]) == status
    return json.loads(capsys.readouterr().out)


def taken_back(world):
    """One of the two takes it back; sealed, entered, and in a signed head."""
    with world.house() as house:
        holder = world.holders(SET.child_id)[0]
        taken = withdraw_consent(house, holder, world.made["request"], (), language="da", event_id=new_id())
        event = house.ledger.event(taken.event_id)
    assert world.drain() == []
    world.parts.event_log.sign_head()
    return event


@pytest.mark.req("R-85", "R-21", "R-17")
def test_an_older_database_beside_todays_log_and_an_older_log_beside_todays_database_are_told(signed, capsys, tmp_path):
    """The log alone is whole, and so is each record: only both together show what is missing of either."""
    at = ("--at", instant(signed.clock.now()))
    older, unlogged = tmp_path / "older", tmp_path / "unlogged"
    for var in (older, unlogged):
        (var / "audit").mkdir(parents=True)
        (var / "keys").symlink_to(signed.folder / "keys")
    shutil.copytree(signed.folder / "zodb", older / "data")
    shutil.copytree(signed.folder / "log", unlogged / "log")
    taken = taken_back(signed)
    (older / "log").symlink_to(signed.folder / "log")
    (unlogged / "data").symlink_to(signed.folder / "zodb")

    assert verified(signed.folder, capsys, 0, *at)["objections"] == []
    told = verified(older, capsys, 1, *at)
    assert told["counts"]["passed"] == 2 and {one["step"] for one in told["objections"]} == {"store.lost-event"}
    assert taken.digest in {one["file"] for one in told["objections"]}
    assert main(["log", "check", "--var", str(older)]) == 0, "which is why the log by itself is not enough"
    told = verified(unlogged, capsys, 2, *at)
    assert [(one["file"], one["step"]) for one in told["objections"]] == [(taken.id, "store.not-in-log")]


@pytest.mark.req("R-85", "R-21")
def test_what_was_changed_in_the_database_itself_is_told_at_the_event(signed, capsys):
    at, taken = ("--at", instant(signed.clock.now())), taken_back(signed)
    with signed.house() as house:
        given = [one for one in house.ledger.of_request(signed.made["request"]) if one.kind == "consent_given"]
        one, other = (house.ledger._entry(event.id) for event in given)  # as whoever has the file can
        one.evidence.kinds, other.evidence.kinds = other.evidence.kinds, one.evidence.kinds
    told = verified(signed.folder, capsys, 1, *at)
    assert {(one["file"], one["step"]) for one in told["objections"]} == {(e.id, "store.other-event") for e in given}
    first = next(event for event in given if event.series_id == taken.series_id)
    with signed.house() as house:
        one, other = (house.ledger._entry(event.id) for event in given)
        one.evidence.kinds, other.evidence.kinds = other.evidence.kinds, one.evidence.kinds
        entry = house.ledger._entry(first.id)
        entry.data = entry.data.replace(b'"oral":true', b'"oral":false')
        assert house.ledger.event(first.id).digest != first.digest
    told = verified(signed.folder, capsys, 1, *at)
    assert {(one["file"], one["step"]) for one in told["objections"]} == {
        (first.id, "store.other-event"),
        (taken.id, "store.chain"),
        (first.digest, "store.lost-event"),
    }


def sealed_otherwise(world, record, old, new):
    """``record`` with ``old`` made ``new`` and a true seal again: what the keeper of the key could make, or a fault in what writes records."""
    root = etree.fromstring(record)
    root.remove(root[-1])
    plain = canonical(root)
    assert old in plain
    with world.house() as house:
        return house.seal.seal(plain.replace(old, new), world.clock.now())


@pytest.mark.req("R-85", "R-11", "O7")
def test_a_record_that_is_truly_sealed_and_says_something_else_than_its_event_is_told(signed, capsys):
    """It names the right event, and its seal, its pin and its place in the log all hold: only the ledger knows what was answered."""
    at = ("--at", instant(signed.clock.now()))
    with signed.house() as house:
        given, _ = (one for one in house.ledger.of_request(signed.made["request"]) if one.kind == "consent_given")
        record = house.ledger.attachments(given.id)[RECORD]
    assert verified(signed.folder, capsys, 0, *at)["objections"] == []
    for old, new in ((SET.child_id, new_id()), (b"Alma", b"Anna"), (b'answer="yes"', b'answer="no"')):
        old, new = (one if isinstance(one, bytes) else one.encode() for one in (old, new))
        false = sealed_otherwise(signed, record, old, new)
        with signed.house() as house:
            house.ledger._entry(given.id).evidence.kinds = {RECORD: false}
        told = verified(signed.folder, capsys, 1, *at)
        assert [(one["file"], one["step"]) for one in told["objections"]] == [(given.id, "store.other-content")]
        assert told["counts"]["passed"] == 1


@pytest.mark.parametrize("demo", [True, False], ids=["the demo", "a town"])
def test_whose_seals_the_stores_answers_are_judged_by_the_installation_says(signed, run, monkeypatch, demo):
    monkeypatch.delenv("TILLID_MODE", raising=False)
    origin, asked = signed.folder / "log" / "origin", []
    if demo:
        origin.write_text(origin.read_text().replace("test/tillid", "solbjerg-demo/tillid", 1))
    said = json.loads(run("verify", "--store", "--json", "--at", instant(signed.clock.now()), status=0 if demo else 2))
    assert said["counts"] == {"passed" if demo else "indeterminate": 2}
    really = fixity.trust_of
    monkeypatch.setattr(fixity, "trust_of", lambda var, *, demo: (asked.append(demo), really(var, demo=demo))[1])
    run("fixity", "run", status=1 if demo else 0)  # a log that was given another name does not hold, whatever it says
    assert asked == [demo]
