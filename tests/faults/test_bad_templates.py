"""Templates that are meant to hurt are refused with a reason, within the limits the product itself sets, and the next one works."""

import json
import signal
import subprocess
import sys

import pytest

from tests.faults.bad_packages import good, said, with_parts
from tests.faults.bad_shapes import LINTER_ALONE
from tests.support.bad_files import picture
from tillid.adapters.boxed.inside import STARTED
from tillid.adapters.docx.lint.box import HEAVY, LintLimits, boxed_lint
from tillid.kernel.paths import PROJECT

# Large, but nothing that costs: the linter tells the wrong name in each.
HARMLESS = {"a chain of conditions", "attributes", "names of spaces"}
ASKED = {"fields": {}, "elsewhere": {}, "form": "demo/v1"}


@pytest.fixture(scope="module")
def met():
    command = [sys.executable, "-m", "tests.faults.bad_templates"]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stderr[-1000:]
    return json.loads(run.stdout)


def test_the_limits_are_those_of_issue_5():
    """The process above runs under these; so does the product's own (``boxed_lint``)."""
    assert (LintLimits().cpu, LintLimits().memory) == (2, 512 << 20)


def test_every_one_is_refused_for_its_own_reason_in_danish(met):
    assert len(met["cases"]) == met["given"], "each has a name of its own"
    assert [name for name, said in met["cases"].items() if said["rule"] not in said["rules"]] == []
    assert [
        name for name, said in met["cases"].items() if not all(text.endswith((".", "?")) for text in said["texts"])
    ] == []


def test_the_compiler_refuses_them_too(met):
    assert {name for name, said in met["cases"].items() if not said["compiler"]} == HARMLESS | LINTER_ALONE


def test_what_would_never_end_is_stopped_while_it_is_rendered(met):
    assert met["slow"] and {why.rpartition(": ")[2] for why in met["slow"].values()} == {"the document is too large"}


def test_nothing_of_the_machine_is_in_what_is_said(met):
    assert "root:" not in json.dumps(met)


def test_the_next_template_is_unharmed(met):
    assert met["unharmed"] is True


def test_the_linters_process_ends_at_its_limits():
    """The same file with room and without: the limit is what ends it, and it is told as too heavy."""
    large = with_parts({"word/media/x.png": picture("PNG", (3000, 3000))}, said("{{ nope }}"))
    assert [one.rule for one in boxed_lint(large, **ASKED) if one.level == "error"] == ["unknown-name"]
    for limits in (LintLimits(cpu=0.01), LintLimits(memory=16 << 20)):
        assert [(one.rule, one.text) for one in boxed_lint(large, **ASKED, limits=limits)] == [
            ("too-large", HEAVY.text)
        ]
    assert [one for one in boxed_lint(good(), **ASKED) if one.level == "error"] == []


@pytest.mark.parametrize(("what", "code"), [("time", -signal.SIGPROF), ("memory", 1)])
def test_a_parser_that_takes_all_it_can_get_ends_with_its_process(what, code):
    """A process that spins, and one that gathers, in place of a parser that does."""
    limits = json.dumps({"cpu": 0.3, "memory": 64 << 20})
    command = [sys.executable, "-m", "tests.faults.greedy", limits]
    run = subprocess.run(command, cwd=PROJECT, input=what.encode(), capture_output=True, timeout=60, check=False)
    assert (run.returncode, run.stdout) == (code, STARTED)
    assert (b"MemoryError" in run.stderr) is (what == "memory")
