"""The files that README and ARCHITECTURE name are there, and the folders and commands that are there are named."""

from __future__ import annotations

import re

import pytest

from tillid.cli import COMMANDS
from tillid.kernel.paths import PROJECT

NAMED = re.compile(r"`([\w./-]+\.(?:py|csv|md|sh|xsd|png))`|\]\(([\w./-]+)\)")


@pytest.mark.parametrize("page", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_file_named_exists(page):
    text = (PROJECT / page).read_text("utf-8")
    names = [one or other for one, other in NAMED.findall(text)]
    assert names
    missing = [
        name for name in names
        if not any((root / name).exists() for root in (PROJECT, PROJECT / "src" / "tillid", PROJECT / "src" / "tillid" / "usecases",
                                                       PROJECT / "src" / "tillid" / "cms" / "store"))
        and not name.startswith("benchmarks/RESULTS")
    ]  # fmt: skip
    assert not missing


def test_the_house_is_drawn_with_every_folder_and_every_command():
    house = (PROJECT / "ARCHITECTURE.md").read_text("utf-8").split("```")[1]
    ours = {path.name for path in (PROJECT / "src" / "tillid").iterdir() if path.is_dir() and path.name[0] != "_"}
    drawn = set(re.findall(r"^  (\w+)/ ", house, re.MULTILINE))
    assert ours == drawn
    commands = re.search(r"cli/ +tillid ([^`]+?)\ntests/", house)
    assert set(commands[1].replace("|", " ").split()) == set(COMMANDS)


def test_readme_names_every_command():
    readme = (PROJECT / "README.md").read_text("utf-8")
    named = set(re.findall(r"tillid ([a-z][a-z-]+)", readme)) | set(re.findall(r"also ([a-z, ]+)\b", readme))
    words = {word for one in named for word in re.split(r"[ ,]+", one)} | set(re.findall(r"`?make ([a-z]+)`?", readme))
    assert set(COMMANDS) <= words
