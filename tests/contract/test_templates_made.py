"""Our templates are what the scripts that made them write today: who changes a part sees each page that it changes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tillid.kernel.canonical import sha256
from tillid.kernel.paths import PROJECT

OURS = PROJECT / "document_templates"
SCRIPTS = ("make_templates.py", "make_change_template.py", "make_receipt_template.py")


def ran(script, *arguments):
    command = [sys.executable, str(PROJECT / "scripts" / script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=arguments[0].parent).stdout


def templates(folder):
    return {str(path.relative_to(folder)): sha256(path.read_bytes()) for path in folder.rglob("*.docx")}


@pytest.mark.req("T21", "R-104")
def test_every_template_is_what_its_script_writes_to_the_byte(tmp_path):
    made = tmp_path / "made"
    said = "".join(ran(script, made) for script in SCRIPTS)
    assert templates(made) == templates(OURS)
    assert said.count(" bytes\n") == len(templates(OURS))


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_is_told_and_nothing_is_written(script, tmp_path):
    command = [sys.executable, str(PROJECT / "scripts" / script), "--help"]
    before = templates(OURS)
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert f"usage: {script}" in said and "DIR" in said and "document_templates" in said
    assert list(tmp_path.iterdir()) == [] and templates(OURS) == before
