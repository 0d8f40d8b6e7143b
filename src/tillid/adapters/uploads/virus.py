"""The virus scanner: ClamAV's ``clamd``, asked over its socket with the bytes themselves (its command INSTREAM).

A scanner that was chosen and does not answer stops the file: what nobody has looked at is not stored.
"""

from __future__ import annotations

import io
import logging
from contextlib import closing
from threading import BoundedSemaphore

from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket

from tillid.kernel.errors import TillidError
from tillid.usecases.refused_files import NotLookedThrough, VirusFound

SECONDS = 30  # for one file, and for the scanner to answer at all
_AT_A_TIME = 4
_log = logging.getLogger(__name__)


class Clamd:
    """``address``: the path of clamd's socket, or ``host:port``."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._turn = BoundedSemaphore(_AT_A_TIME)
        self._daemon()  # an address that cannot be one stops the start, not the first parent

    def look_through(self, data: bytes) -> None:
        """Return when nothing was found in ``data``. Raises ``VirusFound``, or ``NotLookedThrough`` when no answer came."""
        with self._turn:
            found, name = self._asked(data)
        if found == "OK":
            return
        if found == "FOUND":
            _log.warning("upload: the virus scanner found %s", name)
            raise VirusFound(f"{name}")
        raise NotLookedThrough(f"clamd answered {found or 'nothing'}")

    def version(self) -> str:
        """What clamd says of itself. Raises ``NotLookedThrough`` when it does not answer."""
        try:
            return self._daemon().version()
        except (ClamdError, OSError) as error:
            raise self._silent(error) from error

    def _asked(self, data: bytes) -> tuple[str, str | None]:
        """The answer and the name of what was found. A socket of its own for each: the library keeps one in itself."""
        try:
            with closing(io.BytesIO(data)) as stream:
                return self._daemon().instream(stream).get("stream", ("", None))
        except (ClamdError, OSError) as error:
            raise self._silent(error) from error

    def _silent(self, error: Exception) -> NotLookedThrough:
        _log.error("upload: the virus scanner did not answer: %s", error)
        return NotLookedThrough(type(error).__name__)

    def _daemon(self) -> ClamdNetworkSocket:
        if "/" in self._address:
            return ClamdUnixSocket(self._address, timeout=SECONDS)
        host, colon, port = self._address.rpartition(":")
        if not (host and colon and port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise TillidError(
                "no address of clamd",
                code="upload.scanner-address",
                text="{address} er ikke en adresse på virusscanneren. Skriv stien til clamds sokkel eller vært:port.",
                address=self._address,
            )
        return ClamdNetworkSocket(host, int(port), timeout=SECONDS)
