"""`make install` when the machine is not as it should be: one clear sentence, and the old environment as it was.

The scripts run for real on a copy of the project; only the programs they ask are replaced by ones that fail.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tillid.kernel.paths import PROJECT

# What the scripts use of any Linux; notably neither apt-get nor dpkg-query nor soffice.
TOOLS = [
    "awk", "bash", "basename", "cat", "cut", "date", "df", "dirname", "env", "find", "flock",
    "grep", "id", "mkdir", "mktemp", "mv", "rm", "sed", "sha256sum", "tail", "touch",
]  # fmt: skip


class Machine:
    """A copy of the project and a PATH that holds only what was put there."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name in ("scripts", "requirements"):
            shutil.copytree(PROJECT / name, self.project / name)
        shutil.copy(PROJECT / "pyproject.toml", self.project)
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        old = self.project / ".venv"
        old.mkdir()
        (old / "old").write_text("still here")

    def put(self, name: str, script: str) -> None:
        (self.bin / name).unlink(missing_ok=True)
        (self.bin / name).write_text(f"#!/bin/bash\n{script}\n")
        (self.bin / name).chmod(0o755)

    def put_debian(self) -> None:
        """A Debian on which every package is installed."""
        self.put("dpkg-query", "printf installed")
        self.put("apt-get", "echo 'the test must not reach apt' >&2; exit 100")
        self.put("python3", f'exec {PROJECT / ".venv/bin/python"} "$@"')

    def install(self) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [self.project / "scripts/install.sh"],
            env={"PATH": str(self.bin), "HOME": str(self.project)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        sentences = [line for line in done.stderr.splitlines() if line.startswith("Fejl: ")]
        assert done.returncode == 1 and len(sentences) == 1, done.stdout + done.stderr
        assert (self.project / ".venv/old").read_text() == "still here"
        assert [path.name for path in self.project.glob(".venv*")] == [".venv"]
        return done


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_another_linux_names_every_missing_program(machine: Machine) -> None:
    machine.put("qpdf", "exit 0")
    said = machine.install().stderr
    for missing in ("LibreOffice Writer (programmet soffice)", "bubblewrap", "xmlsec1", "pdftotext"):
        assert missing in said
    assert "qpdf" not in said


def test_a_full_disk_is_told_before_anything_is_made(machine: Machine) -> None:
    machine.put_debian()
    machine.put("uv", "echo 'uv 1.0.0'")
    machine.put("df", "echo head; echo /dev/x 100 88 12 88% /")
    said = machine.install().stderr
    assert "12 MB ledig plads" in said and "intet er ændret" in said


def test_packages_that_cannot_be_fetched_leave_the_old_environment(machine: Machine) -> None:
    machine.put_debian()
    machine.put("df", "echo head; echo /dev/x 100 1 99999 1% /")
    makes_a_venv = '[[ $1 == venv ]] && { mkdir -p "${@: -1}"; exit 0; }'
    machine.put("uv", f"[[ $1 == --version ]] && exit 0; {makes_a_venv}; echo 'no route' >&2; exit 2")
    done = machine.install()
    assert "Python-pakkerne kunne ikke installeres" in done.stderr and "no route" in done.stderr


def test_no_python_that_fits(machine: Machine) -> None:
    machine.put_debian()
    machine.put("python3", "exit 1")
    # Only the PATH is ours: on a machine whose /usr/bin/python3 fits, the scripts would rightly take that.
    script = machine.project / "scripts/python.sh"
    script.write_text(script.read_text("utf-8").replace("/usr/bin/python3", "/nowhere/python3"), "utf-8")
    assert "Python 3.11 eller 3.12" in machine.install().stderr


def test_a_failing_apt_is_told(machine: Machine) -> None:
    machine.put_debian()
    machine.put("dpkg-query", "exit 1")
    said = machine.install().stderr
    assert "Debians pakkelister kunne ikke hentes" in said
