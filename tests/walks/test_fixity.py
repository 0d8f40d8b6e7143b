"""Stored bytes are read again, a share a day, and the operator's commands of keeping beside the open store (R-82)."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import msgspec
import pytest

from tests.support.fixity import Parts, read_again
from tests.support.installation import WorldInstallation, as_staff
from tests.support.world import SET, document_now
from tests.walks.test_operator_commands import run as run
from tests.walks.test_operator_commands import signed as signed
from tillid.archive.retention_rules import FILE
from tillid.kernel.canonical import sha256
from tillid.usecases import check_fixity
from tillid.usecases.check_fixity import is_due
from tillid.usecases.start_document import start_document


def blob_file(world, digest) -> Path:
    return next(p for p in (world.folder / "zodb" / "blobs").rglob("*.blob") if sha256(p.read_bytes()) == digest)


def change(path: Path) -> bytes:
    before = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    return before


def test_each_share_goes_on_where_the_last_ended_and_finds_one_changed_byte_until_it_is_mended(signed):
    world, document = signed, document_now(signed)
    with world.house() as house:
        digest = next(iter(house.documents.version(document.id, document.versions).copies.values())).sha256
    first = read_again(world, days=3)
    assert 0 < first.done < first.things and first.whole_at is None and first.damages == ()
    assert not is_due(first, world.clock.now())
    world.clock.move(days=1)
    assert is_due(first, world.clock.now())
    path = blob_file(world, digest)
    before = change(path)
    found = read_again(world)
    found = read_again(world) if not found.damages else found  # it may have lain in the first share
    assert [(one.what, one.how) for one in found.damages] == [(f"blob:{digest}", "blobs.damaged")]
    alarm = as_staff(WorldInstallation(world), "camilla").get("/drift")
    assert "Beskadiget" in alarm and digest in alarm and SET.child_id not in alarm
    path.write_bytes(before)
    world.clock.move(days=1)
    assert read_again(world).damages == ()
    assert "Alt var læst igennem" in as_staff(WorldInstallation(world), "camilla").get("/drift")


def test_a_changed_answer_is_found_too(signed):
    document = document_now(signed)
    with signed.house() as house:
        holder = house.documents._holder(document.id)
        record = holder.versions[1]
        stored = json.loads(record.data)
        field = next(name for name, value in stored["answers"].items() if isinstance(value, str))
        stored["answers"][field] += "!"
        record.data = json.dumps(stored).encode()
    damages = read_again(signed).damages
    assert [(one.what, one.how) for one in damages] == [(f"document:{document.id}", "fixity.answers")]


@pytest.mark.req("R-82")
def test_a_reading_that_is_killed_has_told_what_it_found(signed, monkeypatch):
    """What was found is known to the next reading, which tells of it no more."""
    monkeypatch.setattr(check_fixity, "_AT_ONCE", 1)
    document = document_now(signed)
    with signed.house() as house:
        digest = next(iter(house.documents.version(document.id, document.versions).copies.values())).sha256
    change(blob_file(signed, digest))

    def dying():
        with signed.house() as house:
            state = house.blobs.fixity()
        if state is not None and state.damages:
            raise SystemExit
        return signed.house()

    with pytest.raises(SystemExit):
        check_fixity.check_share(dying, Parts(signed.folder, lambda: signed.parts.trust), 1)
    signed.clock.move(days=1)
    assert len(read_again(signed).damages) == 1
    assert as_staff(WorldInstallation(signed), "camilla").get("/").text.count("Noget gemt er ikke") == 1


@pytest.mark.req("R-71")
def test_the_command_reads_all_beside_the_open_store(signed, run):
    assert "Intet er læst igen endnu" in run("fixity", "status")
    assert "som det blev gemt" in run("fixity", "run")
    read_again(signed)
    assert "Alt var sidst læst igennem" in run("fixity", "status")
    document = document_now(signed)
    with signed.house() as house:
        digest = next(iter(house.documents.version(document.id, document.versions).copies.values())).sha256
    change(blob_file(signed, digest))
    assert digest in run("fixity", "run", status=1)


@pytest.mark.req("R-82", "R-90")
def test_the_operator_sees_what_falls_due_and_what_another_rule_would_move(signed, run, tmp_path):
    number = document_now(signed).number
    assert "uden frist endnu" in run("retention", "due")
    with signed.house() as house:
        child = house.people.child(SET.child_id)
        left = msgspec.structs.replace(child, left={child.unit_id: date(2026, 12, 31)})
        house.people.put_child(left, house.people.unmask_cpr(child.id), house.people.custody(child.id))
    assert json.loads(run("retention", "due", "--json")) == {"2031-12": 1}
    listed = run("retention", "due", "--month", "2031-12")
    assert number in listed and "uafklaret" in listed and child.name not in listed
    other = tmp_path / "retention.yaml"
    other.write_text(FILE.read_text("utf-8").replace("period: P5Y", "period: P10Y"), "utf-8")
    told = run("retention", "preview", str(other))
    assert f"{number}: 2031-12-31 → 2036-12-31" in told and "Intet er ændret" in told
    run("retention", "preview", str(tmp_path / "none.yaml"), status=1)
    other.write_text(FILE.read_text("utf-8").replace("forms: [fdr]", "forms: [fdrr]"), "utf-8")
    told = run("retention", "preview", str(other))
    assert "fdr: ingen regel mere" in told and "fdrr: har ingen regel i dag" in told, "a slip of the pen"
    told = json.loads(run("retention", "preview", str(other), "--json"))
    assert (told["without_rule"], told["new_rule"]) == (["fdr"], ["fdrr"])


@pytest.mark.req("R-82", "R-90")
def test_a_changed_rule_that_is_of_no_form_is_told_of_too(signed, run, tmp_path):
    """Drafts, the evidence of answers, the log, and what the municipality waits for: no zero of what was not looked at."""
    number, other = document_now(signed).number, tmp_path / "retention.yaml"

    def told(rule, period, *words):
        text = FILE.read_text("utf-8")
        changed = re.sub(
            rf"(^  - {rule}\n(?:    .*\n)*?    period: |^{rule}: )P\w+", rf"\g<1>{period}", text, count=1, flags=re.M
        )
        assert changed != text
        other.write_text(changed, "utf-8")
        return run("retention", "preview", str(other), *words)

    evidence = json.loads(told("id: consent", "P10Y", "--json"))
    (moved,) = evidence["moved"]
    assert (moved["number"], moved["what"]) == (number, "evidence") and evidence["periods"] == {}
    assert int(moved["after"][:4]) == int(moved["before"][:4]) + 5
    assert f"{number}, svar på samtykke: " in told("id: consent", "P10Y")
    assert "access_log (loggen over, hvem der har læst hvad): P5Y → P3Y" in told("id: access_log", "P3Y")
    assert "cooling_off" in told("cooling_off", "P20D") and "backups_keep" in told("backups_keep", "P60D")
    with signed.house() as house:
        draft = start_document(house, signed.staff("sofie"), SET.child_id, "trivselsvurdering")
    drafts = json.loads(told("id: draft", "P7M", "--json"))["moved"]
    with signed.house() as house:
        assert [one["number"] for one in drafts] == [house.documents.get(draft.id).number]
    assert not json.loads(told("id: trivselsvurdering", "P9Y", "--json"))["moved"], "a draft is on the rule for drafts"
