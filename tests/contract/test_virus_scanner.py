"""The virus scanner against the real clamd, with the one signature that every scanner knows (EICAR)."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import bad_files as bad
from tillid.adapters.uploads import virus
from tillid.adapters.uploads.intake import UploadIntake
from tillid.adapters.uploads.virus import Clamd
from tillid.cli.probe_scanner import EICAR, virus_scanner
from tillid.kernel.errors import TillidError
from tillid.usecases.refused_files import NotLookedThrough, VirusFound, WrongFile

CONFIG = """Foreground yes
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}
TemporaryDirectory {folder}
User {user}
"""


class Daemon:
    """A clamd of our own: its list of viruses holds EICAR alone, so that it starts at once and needs no network."""

    def __init__(self, folder: Path) -> None:
        self.address = str(folder / "clamd.sock")
        user = "root" if os.getuid() == 0 else os.environ.get("USER", "nobody")
        (folder / "eicar.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
        config = folder / "clamd.conf"
        config.write_text(CONFIG.format(folder=folder, user=user))
        clamd = shutil.which("clamd") or "/usr/sbin/clamd"
        self.process = subprocess.Popen([clamd, "--config-file", str(config)], stdout=subprocess.DEVNULL)
        while not Path(self.address).exists():
            assert self.process.poll() is None, "clamd did not start"
            time.sleep(0.02)

    def send(self, number: int) -> None:
        self.process.send_signal(number)


@pytest.fixture(scope="module")
def clamd() -> Iterator[Daemon]:
    # Not pytest's own folder: a socket's path may be 107 bytes long.
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder:
        daemon = Daemon(Path(folder))
        yield daemon
        daemon.send(signal.SIGCONT)
        daemon.process.kill()
        daemon.process.wait()


@pytest.mark.req("R-111")
def test_a_virus_is_refused_and_its_name_stands_in_the_log_only(clamd, caplog):
    with pytest.raises(VirusFound) as refused:
        UploadIntake(Clamd(clamd.address)).cleaned(EICAR)
    assert "ikke gemt" in refused.value.message
    assert "Eicar" not in refused.value.message
    assert "Eicar" in caplog.text


def test_a_virus_within_a_file_that_is_what_it_says_is_found(clamd):
    intake = UploadIntake(Clamd(clamd.address))
    with pytest.raises(VirusFound):
        intake.cleaned(bad.pdf() + EICAR)
    with pytest.raises(VirusFound):
        intake.cleaned(bad.picture("PNG") + EICAR)


def test_what_is_harmless_goes_on_to_the_box(clamd):
    intake = UploadIntake(Clamd(clamd.address))
    assert intake.cleaned(bad.picture("PNG")).media_type == "image/png"
    with pytest.raises(WrongFile):
        intake.cleaned(bad.PROGRAM)


def test_without_a_scanner_the_box_still_looks():
    with pytest.raises(WrongFile):
        UploadIntake().cleaned(EICAR)


def test_no_scanner_at_the_address_stops_the_file(tmp_path):
    for address in (str(tmp_path / "nobody.sock"), "127.0.0.1:1"):
        with pytest.raises(NotLookedThrough):
            Clamd(address).look_through(b"text")


def test_a_scanner_that_hangs_stops_the_file_and_the_next_goes_through(clamd, monkeypatch):
    monkeypatch.setattr(virus, "SECONDS", 0.3)
    scanner = Clamd(clamd.address)
    clamd.send(signal.SIGSTOP)
    try:
        with pytest.raises(NotLookedThrough):
            scanner.look_through(b"text")
    finally:
        clamd.send(signal.SIGCONT)
    monkeypatch.setattr(virus, "SECONDS", 30)
    scanner.look_through(b"text")


@pytest.mark.parametrize("address", ["clamd", "localhost:", ":3310", "localhost:99999", "localhost:ti"])
def test_what_can_be_no_address_is_said_at_the_start(address):
    with pytest.raises(TillidError) as refused:
        Clamd(address)
    assert refused.value.code == "upload.scanner-address"
    assert address in refused.value.message


def test_doctor_tries_the_scanner_with_the_file_that_all_scanners_find(clamd, tmp_path):
    good = virus_scanner(clamd.address)
    assert good.usable
    assert good.version.startswith("ClamAV")
    silent = virus_scanner(str(tmp_path / "nobody.sock"))
    assert silent.needed
    assert not silent.usable
    none = virus_scanner("")
    assert not none.needed
    assert "--clamd" in none.advice
