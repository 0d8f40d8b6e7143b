"""``tillid definitions check`` and ``lock``: our own forms are in order, and what is published with a form stays as it is."""

from __future__ import annotations

import argparse
import json
import shutil

import pytest

from tests.support.addition_files import FORM, forms_folder, put
from tests.support.lock_files import change, locked_folder, publish
from tillid.cli import definitions as command
from tillid.cli import main
from tillid.forms.loading import load_definition, load_definitions
from tillid.forms.lock import check_lock, load_locked, read_lock, write_lock
from tillid.forms.problems import DefinitionError
from tillid.kernel.paths import FORM_DEFINITIONS


@pytest.fixture
def root(tmp_path):
    return locked_folder(tmp_path)


def run(*arguments) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args([str(a) for a in arguments]))


def test_check_says_that_our_own_forms_are_in_order(capsys):
    assert main(["definitions", "check"]) == 0
    out = capsys.readouterr()
    assert "overgangsbeskrivelse/v3" in out.out and out.err == ""


def test_check_names_file_line_and_field(root, capsys):
    change(root, "type: date", "type: dato")
    assert run("check", root) == 1
    err = capsys.readouterr().err
    assert "demo/v1.yaml:24 [day] forms.unknown-type" in err and "date" in err


def test_check_of_one_file_and_as_json(root, capsys):
    assert run("check", root / "demo" / "v1.yaml", "--json") == 0
    assert json.loads(capsys.readouterr().out)["definitions"] == ["demo/v1"]
    change(root)
    assert run("check", root, "--json") == 0
    assert [n["code"] for n in json.loads(capsys.readouterr().out)["notices"]] == ["forms.candidate-changed"]
    assert run("check", root / "demo" / "none.yaml", "--json") == 1
    assert [p["code"] for p in json.loads(capsys.readouterr().out)["problems"]] == ["forms.unreadable"]


def test_lock_writes_candidates_and_refuses_a_changed_published_one(root, capsys):
    change(root)
    assert run("lock", root) == 0
    assert "demo/v1" in capsys.readouterr().out
    publish(root)
    change(root, "Ændret", "Igen")
    assert run("lock", root) == 1
    assert "forms.published-changed" in capsys.readouterr().err
    assert run("check", root) == 1


LAST, V3 = "overgangsbeskrivelse/v3", ("overgangsbeskrivelse", 3)
OVERLAY = "overlays/skovtroldens_aftaler/v1"
LISTS = ("overgangstype", "hjemmel", "kanal")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A folder with everything that has a line in LOCK: our own transition form as published, the lists it uses and one more,
    what a unit adds to it, the words, the settings; and the names whose lines that changed."""
    root = tmp_path_factory.mktemp("whole")
    for name in (LAST, OVERLAY, "wording/da/v1", "settings", *(f"code_lists/{one}/v1" for one in LISTS)):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(FORM_DEFINITIONS / f"{name}.yaml", root / f"{name}.yaml")
    before = load_definitions(root)
    write_lock(before, root / "LOCK")
    path, added = root / f"{LAST}.yaml", root / f"{OVERLAY}.yaml"
    path.write_text(path.read_text().replace("status: candidate", "status: published", 1))
    added.write_text(added.read_text().replace(before.get(*V3).digest, load_definition(path).digest))
    return root, write_lock(load_definitions(root), root / "LOCK")


@pytest.fixture
def whole(published, tmp_path):
    return shutil.copytree(published[0], tmp_path / "whole")


@pytest.mark.req("R-63")
def test_what_a_published_form_uses_is_published_with_it(published):
    root, changed = published
    used = {"code_lists/overgangstype/v1", "code_lists/hjemmel/v1"}
    assert set(changed) == {LAST, OVERLAY, "wording/da/v1", *used}
    locked = read_lock(root / "LOCK")
    assert {name for name, one in locked.items() if one.status == "published"} == set(changed)
    assert write_lock(load_locked(root), root / "LOCK") == []


@pytest.mark.req("R-63")
@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("code_lists/overgangstype/v1", "Skoleskift", "Nyt ord", "kodeliste code_lists/overgangstype/v1 er ændret"),
        (OVERLAY, "title: ", "title: Ny ", "tilføjelse overlays/skovtroldens_aftaler/v1 er ændret"),
        ("wording/da/v1", "version: 1", "version: 2", "ordliste wording/da/v1 er ændret"),
    ],
)
def test_a_change_in_what_is_published_with_a_form_stops_the_start(whole, capsys, file, old, new, said):
    path, before = whole / f"{file}.yaml", (whole / "LOCK").read_bytes()
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    for verb in ("check", "lock"):
        assert run(verb, whole) == 1
        assert said in capsys.readouterr().err
    with pytest.raises(DefinitionError) as stopped:
        load_locked(whole)
    assert said in stopped.value.message and "ny version" in stopped.value.message
    assert (whole / "LOCK").read_bytes() == before


def test_the_settings_may_change_and_are_told_and_an_unused_list_too(whole):
    for name in ("settings", "code_lists/kanal/v1"):
        path = whole / f"{name}.yaml"
        path.write_text(path.read_text().replace("title: ", "title: Ny ", 1).replace('Ny "', '"Ny '))
    told = check_lock(load_definitions(whole), whole / "LOCK")
    assert {one.code for one in told} == {"forms.candidate-changed"} and len(told) == 2
    assert write_lock(load_definitions(whole), whole / "LOCK") == ["code_lists/kanal/v1", "settings"]


@pytest.mark.req("O22")
def test_additions_are_checked_too(tmp_path, capsys):
    root = forms_folder(tmp_path)
    path = put(root, "a_egne")
    assert main(["definitions", "check", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["definitions"] == [f"{FORM}/v2+a_egne/v1"]
    put(root, "a_egne", field="vaner")
    for what in (path, root):
        assert main(["definitions", "check", str(what), "--json"]) == 1
        found = json.loads(capsys.readouterr().out)["problems"]
        assert [(p["code"], p["field"], p["line"]) for p in found] == [("forms.overlay-id", "vaner", 7)]
