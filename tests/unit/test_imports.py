"""The direction of imports (ARCHITECTURE.md): the contracts in pyproject.toml, checked in every test run."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tillid.kernel.paths import PROJECT

CONFIG = PROJECT / "pyproject.toml"
LINT = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint(config: Path, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    # In a process of its own: import-linter would leave its graph and its settings in ours.
    environment = {"PYTHONPATH": str(path or ""), "PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", LINT, str(config), "--no-cache"]
    return subprocess.run(command, cwd=config.parent, env=environment, capture_output=True, text=True, check=False)


def test_imports_go_down_the_house_only() -> None:
    done = lint(CONFIG)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_has_a_floor() -> None:
    contracts = {
        contract["id"]: contract
        for contract in tomllib.loads(CONFIG.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    }
    floors = " ".join(contracts["floors"]["layers"]).replace("|", " ").replace("(", "").replace(")", "").split()
    here = {path.parent.name for path in (PROJECT / "src" / "tillid").glob("*/__init__.py")}
    assert here - set(floors) == {"requirements"}


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_the_pages_show_the_floors_as_they_are(page: str) -> None:
    contracts = tomllib.loads(CONFIG.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (floors,) = (contract["layers"] for contract in contracts if contract["id"] == "floors")
    line = " → ".join(floors).replace("(", "").replace(")", "")
    assert line in " ".join((PROJECT / page).read_text("utf-8").split())


def test_there_is_one_place_where_xml_is_parsed() -> None:
    """``signatures/xml.py``: every other parser would have to be closed (entities, DTD, network) by itself."""
    parses = re.compile(
        r"\b(XMLParser|XMLPullParser|iterparse|fromstringlist|minidom|expat|make_parser|fromstring)\b|ElementTree\.parse|etree\.(parse|XML)\("
    )
    source = PROJECT / "src" / "tillid"
    found = {
        path.relative_to(source).as_posix() for path in source.rglob("*.py") if parses.search(path.read_text("utf-8"))
    }
    assert found == {"signatures/xml.py", "cli/probes.py"}  # the second asks whether lxml works


def test_the_contracts_can_fail(tmp_path: Path) -> None:
    house = tmp_path / "src" / "tillid"
    for name in ("", "kernel", "signatures", "forms", "documents", "consents", "process", "archive", "usecases"):
        (house / name).mkdir(parents=True)
        (house / name / "__init__.py").write_text("")
    for name in ("requirements", "cli"):
        (house / name).mkdir()
        (house / name / "__init__.py").write_text("")
    (house / "kernel" / "__init__.py").write_text("import tillid.usecases\nimport ZODB\n")
    (house / "forms" / "__init__.py").write_text("import signxml\nimport tillid.requirements\n")
    (tmp_path / "pyproject.toml").write_text(CONFIG.read_text("utf-8"), "utf-8")
    done = lint(tmp_path / "pyproject.toml", house.parent)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Contracts: 0 kept, 4 broken" in done.stdout
