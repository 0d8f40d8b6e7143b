"""The administrator's page says how it stands with the folder for the log's heads; nothing waits for it."""

from __future__ import annotations

import argparse

import pytest

from tests.support.definitions import our_definitions
from tests.support.installation import WorldInstallation, as_staff
from tillid.cli import filling, start
from tillid.cli.stopping import Stop
from tillid.cms.second import SecondStore
from tillid.cms.store.plain import PlainStore
from tillid.demo.loading import demo_settings
from tillid.kernel.errors import TillidError
from tillid.wiring.first_start import FirstStart
from tillid.wiring.parts import make_parts
from tillid.wiring.running import Installation
from tillid.wiring.witnessing import witness_at

ROW = "Loggens hoveder uden for Tillid"
pytestmark = pytest.mark.req("R-85")


@pytest.fixture
def signed(world_at):
    return WorldInstallation(world_at("signed"))


def page(signed) -> str:
    app = as_staff(signed, "camilla")
    return " ".join(app.get("/drift").html.select_one("main").get_text(" ").split())


def test_where_no_folder_is_chosen_nothing_is_said(signed):
    assert witness_at("", signed.world.parts.event_log, signed.world.parts.clock) is None
    assert ROW not in page(signed)


def test_a_folder_that_is_away_is_a_warning_and_what_to_do_and_then_it_is_well(signed, tmp_path):
    disk = tmp_path / "disk"
    witness = witness_at(str(disk), signed.world.parts.event_log, signed.world.parts.clock)
    signed.world.parts.witness = witness
    assert f"{ROW} Ingen endnu" in page(signed)
    witness.look()
    witness.wait(10)
    said = page(signed)
    assert f"{ROW} Se efter Mappen til loggens hoveder kan ikke nås" in said and "Kode: witness.unavailable." in said
    disk.mkdir()
    witness.look()
    witness.wait(10)
    assert f"{ROW} I orden Det nyeste er fra" in page(signed)
    (note,) = disk.glob("*/*.note")
    note.write_bytes(note.read_bytes().replace(b"\n", b" \n", 1))
    witness.look()
    witness.wait(10)
    assert f"{ROW} Se efter Mappen til loggens hoveder har filer" in page(signed) and "Kode: witness.other." in page(
        signed
    )


def test_what_is_chosen_at_the_start_is_what_runs(tmp_path, monkeypatch):
    """From the word on the command line, or in the environment, to the folder: through the parts of a real installation."""
    var, disk = tmp_path / "var", tmp_path / "disk"
    disk.mkdir()
    monkeypatch.setenv("TILLID_WITNESS", str(disk))
    parser = argparse.ArgumentParser()
    start.add_arguments(parser)
    chosen = parser.parse_args([]).witness
    assert chosen == str(disk) and parser.parse_args(["--witness", "other"]).witness == "other"
    second = SecondStore(tmp_path / "second.fs")
    parts = make_parts(var, demo_settings(), our_definitions(), b"m" * 32, second, witness=chosen)
    parts.evidence = None  # what is proven of a store that is not there
    try:
        proofs = Installation(parts, None, None, second, var)._proofs
        proofs.look(None, None)
        proofs.wait(10)
        with PlainStore(tmp_path / "zodb", b"m" * 32, custody_source=None).transaction() as stores:
            assert parts.house(stores, parts.clock.now(), "r").witness.state().problem == ""
        assert [path.name for path in disk.glob("*.txt")] == ["log-key.txt"] and len(list(disk.glob("*/*.note"))) == 1
    finally:
        parts.close()
        second.close()


def test_the_start_hands_on_what_was_chosen(tmp_path, monkeypatch):
    told = {}

    def refused(*_given, **named):
        told.update(named)
        raise TillidError("far enough")

    monkeypatch.setattr(filling, "start_installation", refused)
    parser = argparse.ArgumentParser()
    start.add_arguments(parser)
    args = parser.parse_args(["--var", str(tmp_path / "var"), "--witness", "/mnt/other"])
    with pytest.raises(TillidError):
        filling.whole(args, FirstStart(args.var), Stop(), lambda _: None)
    assert told["witness"] == "/mnt/other"
