"""What stops a start: one clear sentence, and nothing made or changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.served import SECONDS, free_port
from tests.support.demo_key import create_demo_key
from tillid.adapters.keyfile import load_key
from tillid.adapters.secretfile import secret_from
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import PROJECT


@pytest.fixture
def project(tmp_path) -> Path:
    """A copy of the program, whose definitions can be changed."""
    folder = tmp_path / "project"
    shutil.copytree(PROJECT / "src", folder / "src", ignore=shutil.ignore_patterns("*.egg-info"))
    for name in ("form_definitions", "document_templates", "signing"):
        shutil.copytree(PROJECT / name, folder / name)
    return folder


def tillid(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tillid", *arguments],
        env=os.environ | {"PYTHONPATH": str(project / "src")},
        cwd=project,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def refused(project: Path, code: str) -> str:
    """What ``tillid start`` says when it refuses with ``code``: one sentence."""
    done = tillid(project, "start", "--port", str(free_port()))
    assert done.returncode == 1, done
    assert code in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr


def test_a_definition_changed_after_publishing_stops_the_start(project):
    form = project / "form_definitions" / "samtykkeerklaering" / "v2.yaml"
    form.write_text(form.read_text("utf-8").replace("status: candidate", "status: published", 1), "utf-8")
    locked = tillid(project, "definitions", "lock")
    assert locked.returncode == 0, locked
    assert "samtykkeerklaering/v2 published" in (project / "form_definitions" / "LOCK").read_text()
    text = form.read_text("utf-8")
    form.write_text(text.replace("frivilligt", "helt frivilligt", 1), "utf-8")
    assert form.read_text("utf-8") != text
    said = refused(project, "forms.")
    assert "samtykkeerklaering/v2 er ændret" in said and "LOCK" in said
    assert not (project / "var").exists()


def test_a_definition_that_cannot_be_read_stops_the_start(project):
    form = project / "form_definitions" / "trivselsskema" / "v2.yaml"
    form.write_text(form.read_text("utf-8").replace("type: ", "type: telepati", 1), "utf-8")
    said = refused(project, "forms.")
    assert "trivselsskema/v2.yaml" in said
    assert not (project / "var").exists()


def test_a_key_that_others_can_read_stops_the_start(project):
    """Nor is a key that is lost made anew over data that it has encrypted."""
    keys, store = project / "var" / "keys", project / "var" / "data" / "Data.fs"
    key = keys / "municipality.key"
    secret_from(key)
    key.chmod(0o644)
    assert "municipality.key" in refused(project, "keys.mode")
    key.unlink()
    store.parent.mkdir()
    store.write_bytes(b"FS30")
    assert "sikkerhedskopien" in refused(project, "keys.missing")
    assert not key.exists() and store.read_bytes() == b"FS30"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda path: path.chmod(0o640), "keys.mode"),
        (lambda path: path.write_bytes(b""), "keys.damaged"),
        (lambda path: path.write_bytes(bytes(33)), "keys.damaged"),
        (lambda path: (path.unlink(), path.mkdir()), "keys.damaged"),
        (lambda path: path.unlink(), "keys.missing"),
    ],
)
def test_secrets_are_whole_and_their_owners_alone(tmp_path, spoil, code):
    path = tmp_path / "keys" / "nonce.key"
    made = secret_from(path)
    assert secret_from(path) == made and path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["nonce.key"]
    spoil(path)
    with pytest.raises(TillidError) as refusal:
        secret_from(path, may_make=False)
    assert refusal.value.code == code and "nonce.key" in refusal.value.message


def test_a_seal_that_others_can_read_is_refused(tmp_path):
    key, chain = create_demo_key(tmp_path)
    load_key(key, chain)
    key.chmod(0o644)
    with pytest.raises(TillidError) as refusal:
        load_key(key, chain)
    assert refusal.value.code == "seal.key-mode"


def test_a_first_start_that_was_interrupted_is_told(project):
    """The demo is half made then; nothing is removed without asking, and `tillid reset` removes it."""
    var = project / "var"
    (var / "data").mkdir(parents=True)
    (var / "data" / "Data.fs").write_bytes(b"FS30")
    (var / "zope.conf").touch()
    (var / "first-start").touch()
    assert "tillid reset" in refused(project, "start.unfinished")
    assert (var / "data" / "Data.fs").read_bytes() == b"FS30"
    assert tillid(project, "reset", "--yes").returncode == 0
    assert not var.exists()
