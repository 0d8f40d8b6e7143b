"""The page's own scripts: they parse, they import only each other, and they leave nothing in the browser."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

from tillid.web.assets import STATIC

NODE = compute_driver_executable()[0]  # comes with the browser's tests, so it is always there
SCRIPTS = sorted((STATIC / "tillid").glob("*.js"))
IMPORT = re.compile(r"^import (?:[^;]* from )?\"\./([a-z]+\.js)\";$", re.MULTILINE)
# Where a browser keeps things after the page, and what runs text as a program.
KEPT = re.compile(r"localStorage|indexedDB|\bcaches\b|serviceWorker|document\.cookie|setItem")
RUN = re.compile(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write|\.on[a-z]+ = \"")


def test_there_are_scripts():
    assert {"tillid.js", "saving.js", "again.js"} <= {script.name for script in SCRIPTS}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_it_is_a_module_that_parses(script, tmp_path: Path):
    module = tmp_path / f"{script.stem}.mjs"
    module.write_bytes(script.read_bytes())
    found = subprocess.run([NODE, "--check", module], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_it_is_small_and_imports_only_its_neighbours(script):
    text = script.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    assert len(re.findall(r"^import ", text, re.MULTILINE)) == len(IMPORT.findall(text))
    assert {f"{STATIC / 'tillid' / name}" for name in IMPORT.findall(text)} <= {str(one) for one in SCRIPTS}


@pytest.mark.req("R-111")
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_it_keeps_nothing_in_the_browser_and_runs_no_text(script):
    text = script.read_text("utf-8")
    assert not KEPT.search(text) and not RUN.search(text)
    # htmx leaves the page's address there; ours only takes it away.
    assert re.findall(r"sessionStorage\.(\w+)", text) in ([], ["removeItem"])
