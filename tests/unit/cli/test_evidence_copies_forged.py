"""A further copy of the evidence that somebody else can write to: what they put there becomes neither our evidence nor anything else of ours."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from tests.unit.cli.test_evidence_copies import Place, place
from tillid.cli import main
from tillid.kernel.canonical import sha256
from tillid.signatures.evidence_book import Act

__all__ = ["place"]  # the fixture
JUNK = bytes(96)
PUT = {
    "a pipe": os.mkfifo,
    "a link": lambda path: path.symlink_to("/dev/zero"),
    "four terabytes": lambda path: path.touch() or os.truncate(path, 1 << 42),
}


def forged(place: Place, number: int, begin: int, end: int) -> None:
    """An act that was never made lies on the other disk, whole by its own digests."""
    act = Act(
        number=number, kind="close", algorithm="sha256", begin=begin, end=end, token=sha256(b"x"), leaves=sha256(JUNK)
    )
    acts = place.disk / "acts"
    (acts / f"{number:06}.json").write_bytes(msgspec.json.encode(act) + b"\n")
    (acts / f"{number:06}.tst").write_bytes(b"x")
    with (place.disk / "leaves-sha256").open("r+b") as file:
        file.seek(begin * 32)
        file.write(JUNK)


@pytest.mark.req("R-85", "O6")
@pytest.mark.parametrize("begin", [0, 3], ids=["over our leaves", "behind them"])
def test_an_act_on_the_other_disk_that_we_never_made_is_not_taken_in(place: Place, begin: int, caplog) -> None:
    kept = place.held(place.own[0])
    forged(place, 2, begin, begin + 3)
    assert place.copies.fetch() == [] and "not ours: 2" in caplog.text
    assert place.held(place.own[0]) == place.held(place.own[1]) == kept
    place.close()
    place.close()
    assert place.whole(), "ours take its place, there too"


@pytest.mark.req("R-85", "R-17")
@pytest.mark.parametrize("name", ["._000001.json", "notes.json", "2.json", "²².json"])
def test_a_file_of_another_name_among_the_acts_stops_nothing_there_or_here(place: Place, name: str) -> None:
    """As a share leaves it beside ours for a computer of another kind."""
    for folder in (place.disk, *place.own):
        (folder / "acts" / name).write_bytes((place.disk / "acts" / "000001.json").read_bytes())
    assert place.copies.fetch() == []
    place.close()
    assert len(place.files.acts()) == 2 and place.whole() and place.copies.problems() == place.files.problems() == []


@pytest.mark.req("R-85", "O6")
def test_no_folder_that_is_added_puts_leaves_over_those_of_a_batch(place: Place, capsys) -> None:
    kept = place.held(place.own[0])
    forged(place, 2, 0, 3)
    assert main(["evidence", "copies", "--add", str(place.disk), "--var", str(place.var)]) == 1
    assert "evidence.untrue" in capsys.readouterr().err
    assert place.held(place.own[0]) == place.held(place.own[1]) == kept


@pytest.mark.req("R-85")
def test_a_link_on_the_other_disk_has_nothing_of_ours_written_over(place: Place, tmp_path: Path) -> None:
    database = tmp_path / "Data.fs"
    database.write_bytes(b"all consents")
    (place.disk / "leaves-sha256").unlink()
    (place.disk / "leaves-sha256").symlink_to(database)
    place.close()
    assert database.read_bytes() == b"all consents" and len(place.files.acts()) == 2
    (place.disk / "leaves-sha256").unlink()
    place.close(0)
    assert place.whole()
    elsewhere = tmp_path / "elsewhere"
    (place.disk / "acts").rename(elsewhere)
    (place.disk / "acts").symlink_to(elsewhere)
    place.close()
    assert "000003.json" not in os.listdir(elsewhere) and place.copies.away() == [str(place.disk)]


@pytest.mark.req("R-85", "R-17")
@pytest.mark.parametrize("put", PUT.values(), ids=PUT)
@pytest.mark.parametrize("name", ["acts/000001.tst", "acts/000001.json"])
def test_what_is_no_file_of_ours_on_the_other_disk_is_not_waited_for_and_written_anew(
    place: Place, put, name: str
) -> None:
    (place.disk / name).unlink()
    put(place.disk / name)
    place.close()
    assert place.whole()
