"""A receiver's own document that an archivist keeps for good is packed whole, by itself, and says what it is (ADR 0066, 0074)."""

from __future__ import annotations

import json

import pypdf
import pytest

from tests.contract.test_package import as_var, lines, make
from tests.contract.test_package_kept import keep, leave
from tests.support.shared_forms import lock
from tests.support.world import SET, document_now, fill_all
from tillid.cli import main
from tillid.kernel.clock import SystemClock
from tillid.usecases.later_part import begin_later
from tillid.usecases.share_document import share_document
from tillid.usecases.work_out_due import work_out_due

PLAN = [{"hvad": "Besøg, mens de andre er ude", "hvem": "Peter", "hvornaar": "Uge 23"}]


@pytest.mark.req("R-83", "R-84", "O16")
def test_it_is_packed_with_its_answers_and_the_phase_it_is_of(world_at, tmp_path, capsys, monkeypatch):
    world = world_at("signed")
    with world.house() as house:
        own = begin_later(house, world.staff("hanne"), world.made["document"], "reception").id
    fill_all(world, world.staff("hanne"), own, {"modtageplan": PLAN})
    with world.house() as house:
        share_document(house, world.staff("hanne"), own)
    lock(world, own, "hanne")
    assert world.drain() == []
    leave(world, SET.child_id)
    world.made["later"] = own
    keep(world, "later")
    world.clock.move(days=11 * 366)
    work_out_due(world.house)
    assert world.drain() == []
    first = document_now(world).number
    monkeypatch.setattr(SystemClock, "now", lambda _self: world.clock.now())
    world = as_var(world)
    try:
        assert make(world, tmp_path / "due", "--all-due") == 0
        said = capsys.readouterr().out
        assert "1 pakket" in said and first not in said, "what it follows on is appraised by itself"
        assert main(["package", "check", str(tmp_path / "due")]) == 0
        (line,) = [one for one in lines(tmp_path / "due") if one["line"] == "package"]
    finally:
        world.close()
    data = tmp_path / "due" / line["file"] / "representations"
    assert json.loads((data / "data/data/answers.json").read_bytes())["modtageplan"] == PLAN
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(data / "pdfa/data/document.pdf").pages)
    assert "Modtagelsen" in text and "Besøg, mens de andre er ude" in text
    assert line["document"] == own and list((data / "data/data/records").iterdir()), "its leader's attestation"
