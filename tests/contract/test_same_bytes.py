"""Two installations that share nothing but the answers make the same file, byte for byte (issue 5)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tillid.documents.samples import sample_path
from tillid.kernel.paths import DOCUMENT_TEMPLATES, FORM_DEFINITIONS

# What the process takes for now; LibreOffice beside it asks the machine, and is a second or more off each time.
COMMAND = """
import datetime, sys, time
real, off = time.time, {off}
time.time = lambda: real() + off
class Moved(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(seconds=off)
datetime.datetime = Moved
from tillid.cli import main
sys.exit(main(sys.argv[1:]))
"""
PLACES = [("Pacific/Kiritimati", "da_DK.UTF-8", 0), ("America/Adak", "C", 400 * 86_400)]


def started(folder: Path, zone: str, language: str, off: int) -> subprocess.Popen[bytes]:
    """``tillid render`` with definitions, templates, home, host name, time zone, language and clock of its own."""
    shutil.copytree(FORM_DEFINITIONS, folder / "forms")
    shutil.copytree(DOCUMENT_TEMPLATES, folder / "templates")
    (folder / "tmp").mkdir()
    own = {"TZ": zone, "LANG": language, "LC_ALL": language, "HOME": str(folder), "TMPDIR": str(folder / "tmp")}
    answers = sample_path("overgangsbeskrivelse", 3, "typical", folder / "templates")
    render = [
        sys.executable, "-c", COMMAND.format(off=off), "render", "--form", "overgangsbeskrivelse/v3", "--answers", answers,
        "--root", folder / "forms", "--templates", folder / "templates", "--out", folder / "out.pdf",
    ]  # fmt: skip
    host = ["unshare", "--user", "--map-root-user", "--uts", "sh", "-c", f'hostname {folder.name}; exec "$@"', "sh"]
    apart = subprocess.run([*host, "true"], capture_output=True, check=False).returncode == 0
    return subprocess.Popen(
        [str(one) for one in ([*host, *render] if apart else render)],
        env={**os.environ, **own}, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


@pytest.mark.req("R-104")
def test_two_clean_roots_with_other_clock_zone_and_host_give_the_same_bytes(tmp_path):
    folders = [tmp_path / name for name in ("bjerget", "dalen")]
    runs = [started(folder, *place) for folder, place in zip(folders, PLACES, strict=True)]
    for run in runs:
        out, _ = run.communicate(timeout=120)
        assert run.returncode == 0, out.decode()
    one, other = ((folder / "out.pdf").read_bytes() for folder in folders)
    assert one == other and one.startswith(b"%PDF-1.")
    assert not any(word in one for word in (b"bjerget", b"dalen", str(tmp_path).encode()))
