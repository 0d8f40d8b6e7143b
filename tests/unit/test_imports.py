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


PACKAGES = [
    "kernel", "signatures", "forms", "documents", "consents", "process", "archive", "usecases", "adapters", "cms",
    "wiring", "web", "tasks", "demo", "cli", "requirements",
]  # fmt: skip


def house(folder: Path, **modules: str) -> Path:
    """A house of empty rooms in ``folder`` but for ``modules``, with our contracts; the list of what is excepted may name what it has
    not. Where its configuration is."""
    rooms = folder / "src" / "tillid"
    for name in ("", *PACKAGES):
        (rooms / name).mkdir(parents=True)
        (rooms / name / "__init__.py").write_text(modules.get(name, ""))
    config = CONFIG.read_text("utf-8")
    excepted = "ignore_imports = ["
    assert config.count(excepted) == 1
    lenient = config.replace(excepted, f'unmatched_ignore_imports_alerting = "none"\n{excepted}')
    (folder / "pyproject.toml").write_text(lenient, "utf-8")
    return folder / "pyproject.toml"


def linted(config: Path) -> str:
    """What is said of a house that is not in order."""
    done = lint(config, config.parent / "src")
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_the_contracts_can_fail(tmp_path: Path) -> None:
    config = house(
        tmp_path,
        kernel="import tillid.usecases\nimport ZODB\n",
        forms="import signxml\nimport tillid.requirements\n",
        tasks="import tillid.cms\n",
        demo="import tillid.adapters\n",
    )
    assert "Contracts: 0 kept, 6 broken" in linted(config)


@pytest.mark.parametrize("above", ["web", "tasks", "demo", "cli"])
@pytest.mark.parametrize("joined", ["adapters", "cms"])
def test_nothing_above_wiring_names_what_it_joins(tmp_path: Path, above: str, joined: str) -> None:
    config = house(tmp_path, **{above: f"import tillid.{joined}\n"})
    assert "Contracts: 5 kept, 1 broken" in linted(config)


def test_an_exception_that_is_no_longer_true_is_told(tmp_path: Path) -> None:
    config = house(tmp_path)
    assert lint(config, tmp_path / "src").returncode == 0
    config.write_text(CONFIG.read_text("utf-8"), "utf-8")
    assert "No matches for ignored import tillid.cli" in linted(config)


def test_what_is_excepted_is_read_from_outside_or_asked() -> None:
    """Each exception is of one command or of the walk, names one module of an adapter and no store, and none is of a server's own."""
    (contract,) = (
        one for one in tomllib.loads(CONFIG.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
        if "ignore_imports" in one
    )  # fmt: skip
    assert contract["id"] == "from-outside"
    pairs = [one.split(" -> ") for one in contract["ignore_imports"]]
    assert all(by.split(".")[1] in ("cli", "demo") and of.startswith("tillid.adapters.") for by, of in pairs)
    assert not {by for by, _ in pairs} & {
        "tillid.cli.start",
        "tillid.cli.walk",
        "tillid.cli.reading",
        "tillid.cli.evidence",
    }
    assert not any("*" in one for pair in pairs for one in pair)
