"""Templates that are meant to hurt are refused with a reason, within limits of memory and processor time, and the next one works."""

import json
import subprocess
import sys

import pytest

from tillid.kernel.paths import PROJECT

HARMLESS = {
    "a chain of conditions",
    "attributes",
}  # large, but nothing that costs: the linter still tells the wrong name


@pytest.fixture(scope="module")
def met():
    command = [sys.executable, "-m", "tests.faults.bad_templates"]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stderr[-1000:]
    return json.loads(run.stdout)


def test_every_one_is_refused_with_a_reason_in_danish(met):
    assert len(met["cases"]) == met["given"] >= 45, "each has a name of its own"
    assert [name for name, said in met["cases"].items() if not said["rules"]] == []
    assert [
        name for name, said in met["cases"].items() if not all(text.endswith((".", "?")) for text in said["texts"])
    ] == []


def test_the_compiler_refuses_them_too(met):
    assert {name for name, said in met["cases"].items() if not said["compiler"]} <= HARMLESS


def test_nothing_of_the_machine_is_in_what_is_said(met):
    assert "root:" not in json.dumps(met)


def test_the_next_template_is_unharmed(met):
    assert met["after"] is True
