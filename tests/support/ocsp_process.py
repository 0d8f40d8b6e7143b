"""The program ``openssl ocsp`` as an authority's responder, over HTTP: a process that shares no code with ours."""

from __future__ import annotations

import subprocess
from pathlib import Path

from cryptography import x509

from scripts.make_devca import Made, key_pem, pem


class Responder:
    """Answers about what is in its index, signed by ``named``; anything else it does not know."""

    def __init__(self, folder: Path, authority: Made, named: Made) -> None:
        self._folder, self._authority, self._named = folder, authority, named
        self._process: subprocess.Popen[str] | None = None
        folder.mkdir()
        (folder / "ca.pem").write_bytes(pem(authority[0]))
        (folder / "named.pem").write_bytes(pem(named[0]))
        (folder / "named.key").write_bytes(key_pem(named[1]))

    def start(self, **known: x509.Certificate) -> int:
        """The port where it answers; ``known``: ``good`` and ``revoked``. Ends what ran before."""
        self.stop()
        (self._folder / "index.txt").write_text("".join(self._line(state, one) for state, one in known.items()))
        command = ["openssl", "ocsp", "-port", "0", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "named.pem",
                   "-rkey", "named.key", "-ndays", "7"]  # fmt: skip
        self._process = subprocess.Popen(
            command, cwd=self._folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        return int(self._process.stdout.readline().split()[1].rpartition(":")[2])

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    @staticmethod
    def _line(state: str, one: x509.Certificate) -> str:
        ends, serial = f"{one.not_valid_after_utc:%y%m%d%H%M%SZ}", f"{one.serial_number:X}"
        serial = serial.zfill(len(serial) + len(serial) % 2)
        flag, since = ("R", "251105000000Z,keyCompromise") if state == "revoked" else ("V", "")
        return "\t".join([flag, ends, since, serial, "unknown", f"/CN={state}"]) + "\n"
