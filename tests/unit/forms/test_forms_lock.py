"""LOCK: recomputed for our own forms; a published version that changed stops the start."""

from __future__ import annotations

import pytest

from tests.support.lock_files import change, locked_folder, publish
from tests.unit.forms.examples import SMALL
from tillid.forms.loading import load_definitions
from tillid.forms.lock import check_lock, load_locked, read_lock, write_lock
from tillid.forms.problems import DefinitionError


@pytest.fixture
def root(tmp_path):
    return locked_folder(tmp_path)


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
