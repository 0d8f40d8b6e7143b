"""What the front door hands each received file to: looked through for viruses where a scanner is chosen, then opened in a
process of its own and made clean."""

from __future__ import annotations

from collections.abc import Iterable

from tillid.adapters.uploads.box import cleaned
from tillid.adapters.uploads.burned import burned, look_at
from tillid.adapters.uploads.virus import Clamd
from tillid.documents.boxes import Box
from tillid.usecases.ports import CleanFile
from tillid.usecases.ports_parts import PageLook


class UploadIntake:
    """The port ``Uploads``. ``scanner``: ``None`` where the municipality has none (``tillid doctor`` says so)."""

    def __init__(self, scanner: Clamd | None = None) -> None:
        self._scanner = scanner

    def cleaned(self, data: bytes) -> CleanFile:
        """``data`` as it may be stored. Raises ``Refused`` with the reason."""
        # The bytes as they came: a picture drawn anew would hide from the scanner what somebody was sent.
        self.look_through(data)
        return cleaned(data)

    def look_through(self, data: bytes) -> None:
        """Raises ``Refused`` for a file in which the scanner finds a virus."""
        if self._scanner is not None:
            self._scanner.look_through(data)

    def look_at(self, data: bytes, page: int, boxes: Iterable[Box]) -> PageLook:
        """Raises ``NotFound``, ``NotBurned``."""
        return look_at(data, page, boxes)

    def burned(self, data: bytes, boxes: Iterable[Box]) -> bytes:
        """Raises ``NotFound``, ``NotBurned``."""
        return burned(data, boxes)
