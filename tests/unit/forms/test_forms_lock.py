"""LOCK: recomputed for our own forms; a published version that changed stops the start."""

from __future__ import annotations

import argparse
import json
import shutil

import pytest

from tests.unit.forms.examples import SMALL
from tillid.cli import definitions as command
from tillid.cli import main
from tillid.forms.loading import load_definition, load_definitions
from tillid.forms.lock import check_lock, load_locked, read_lock, write_lock
from tillid.forms.problems import DefinitionError
from tillid.kernel.paths import FORM_DEFINITIONS


@pytest.fixture
def root(tmp_path):
    """A folder with one candidate, locked."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "v1.yaml").write_text(SMALL)
    write_lock(load_definitions(tmp_path), tmp_path / "LOCK")
    return tmp_path


def change(root, old='title: "Demo"', new='title: "Ændret"'):
    path = root / "demo" / "v1.yaml"
    path.write_text(path.read_text().replace(old, new))


def publish(root):
    change(root, "status: candidate", "status: published")
    return write_lock(load_definitions(root), root / "LOCK")


def codes(error) -> list[str]:
    return [p.code for p in error.value.problems]


def test_our_lock_is_what_the_files_say(definitions):
    assert check_lock(definitions) == []
    locked = read_lock()
    assert {d.name: d.digest for d in definitions.all()} | definitions.list_digests == {
        name: entry.digest for name, entry in locked.items()
    }
    assert {entry.status for entry in locked.values()} == {"candidate"}


def test_a_changed_candidate_is_told_and_can_be_locked_again(root):
    change(root)
    [told] = check_lock(load_definitions(root), root / "LOCK")
    assert (told.code, told.line) == ("forms.candidate-changed", 3)
    load_locked(root)  # starts all the same
    assert write_lock(load_definitions(root), root / "LOCK") == ["demo/v1"]
    assert check_lock(load_definitions(root), root / "LOCK") == []


def test_a_changed_published_file_stops_the_start_with_a_clear_message(root):
    assert publish(root) == ["demo/v1"]
    before = (root / "LOCK").read_bytes()
    load_locked(root)
    change(root)
    for attempt in (lambda: load_locked(root), lambda: write_lock(load_definitions(root), root / "LOCK")):
        with pytest.raises(DefinitionError) as stopped:
            attempt()
        assert codes(stopped) == ["forms.published-changed"]
        assert "demo/v1 er ændret" in stopped.value.message and "ny version" in stopped.value.message
    assert (root / "LOCK").read_bytes() == before


def test_a_published_version_cannot_be_marked_back(root):
    publish(root)
    change(root, "status: published", "status: candidate")
    with pytest.raises(DefinitionError) as stopped:
        load_locked(root)
    assert codes(stopped) == ["forms.published-changed"]


def test_a_published_version_cannot_vanish(root):
    publish(root)
    (root / "other").mkdir()
    (root / "other" / "v1.yaml").write_text(SMALL.replace("id: demo", "id: other"))
    (root / "demo" / "v1.yaml").unlink()
    with pytest.raises(DefinitionError) as stopped:
        load_locked(root)
    assert codes(stopped) == ["forms.published-changed"]


def test_what_calls_itself_published_must_be_locked(root):
    change(root, "status: candidate", "status: published")
    with pytest.raises(DefinitionError) as stopped:
        load_locked(root)
    assert codes(stopped) == ["forms.published-unlocked"]


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


@pytest.mark.parametrize("text", ["demo/v1 candidate\n", "demo/v1 maybe " + "0" * 64 + "\n", "\x00"])
def test_a_lock_that_cannot_be_read_is_refused(root, text):
    (root / "LOCK").write_text(text)
    with pytest.raises(DefinitionError) as refused:
        load_locked(root)
    assert codes(refused) == ["forms.lock-malformed"]
    (root / "LOCK").unlink()
    with pytest.raises(DefinitionError) as missing:
        load_locked(root)
    assert codes(missing) == ["forms.lock-missing"]


# --- the commands ---------------------------------------------------------------------------------------------------


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
