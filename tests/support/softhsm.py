"""A token in software (SoftHSM 2, as a maker's PKCS#11 library) for the tests: made anew, for this process alone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pkcs11

from tillid.adapters.keys import token as ours
from tillid.adapters.keys.ring import TokenPlace

PIN, LABEL = "482913", "TEST Tillid"
PLACES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/lib/pkcs11/libsofthsm2.so")
MODULE = next((place for place in PLACES if Path(place).exists()), PLACES[0])


class SoftToken:
    """``folder`` holds the token and the file with its PIN."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.pin_file = folder, folder / "pin"
        (folder / "tokens").mkdir()
        (folder / "conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
        os.environ["SOFTHSM2_CONF"] = str(folder / "conf")
        command = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--so-pin", "73519382", "--pin", PIN]
        subprocess.run(command, check=True, capture_output=True)
        self.write_pin(PIN)

    def write_pin(self, pin: str) -> None:
        self.pin_file.write_text(f"{pin}\n")
        self.pin_file.chmod(0o600)

    def place(self, label: str) -> TokenPlace:
        return TokenPlace(module=MODULE, token=LABEL, label=label, pin_file=str(self.pin_file))

    def interrupt(self) -> None:
        """The library is ended under an open session, as when the device is pulled out."""
        pkcs11.lib(MODULE).finalize()

    def new_process(self) -> None:
        """What this process remembers of tokens is forgotten."""
        self.close()
        pkcs11.lib(MODULE)

    def close(self) -> None:
        ours.token_at.cache_clear()
        if (library := pkcs11._loaded.get(MODULE)) is not None and library.initialized:
            library.finalize()
