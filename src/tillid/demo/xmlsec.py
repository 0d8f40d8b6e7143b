"""A verifier that is not ours: the program ``xmlsec1``, called as docs/verify.md says."""

from __future__ import annotations

import re
import subprocess
import tempfile

from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING

SECONDS = 20
CA = SIGNING / "trust" / "test" / "ca"
ARGUMENTS = (
    *("--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"),
    *("--enabled-reference-uris", "empty,same-doc"),
    *("--enabled-key-data", "x509"),
    *("--trusted-pem", str(CA / "root.pem")),
    *("--untrusted-pem", str(CA / "issuing.pem")),
)


class Xmlsec1:
    """Raises ``TillidError`` (``walk.xmlsec1``) when the program is not there or does not end. ``version``: its own."""

    def __init__(self) -> None:
        self.version = ".".join(re.findall(r"\d+", _run("--version")[1])[:3])
        # From 1.3 on a key is looked for more strictly than the certificate in a record needs.
        newer = tuple(int(part) for part in self.version.split(".")[:2]) >= (1, 3)
        self.command = ("--verify", *(("--lax-key-search",) if newer else ()), *ARGUMENTS)

    def accepts(self, record: bytes) -> bool:
        """Whether digests, signature and chain of ``record`` hold, with exactly the two references of our shape."""
        with tempfile.NamedTemporaryFile(suffix=".xml") as file:
            file.write(record)
            file.flush()
            code, said = _run(*self.command, file.name)
        return code == 0 and "SignedInfo References (ok/all): 2/2" in said


def _run(*arguments: str) -> tuple[int, str]:
    try:
        done = subprocess.run(
            ["xmlsec1", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TillidError(
            type(error).__name__,
            code="walk.xmlsec1",
            text="Programmet xmlsec1 kan ikke køres. »tillid doctor« siger, hvordan det installeres.",
        ) from error
    return done.returncode, done.stdout.decode("utf-8", "replace")
