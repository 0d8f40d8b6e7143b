"""Receiving a file: small enough, and what it says it is, told by its bytes and never by its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from tillid.forms.definition import Field
from tillid.kernel.text import unseen_characters
from tillid.usecases.ports import House
from tillid.usecases.ports_parts import CleanFile
from tillid.usecases.refused_files import NotHere, TooLarge

ATTACHMENT_BYTES = 10_000_000
_KINDS = {"image/png": ("PNG", ".png"), "image/jpeg": ("JPG", ".jpg"), "application/pdf": ("PDF", ".pdf")}
ATTACHMENT_TYPES = tuple(_KINDS)


def received(house: House, posted: Any, one: Field, admit: Callable[[CleanFile], None]) -> dict[str, Any] | None:
    """The description of a posted file whose clean bytes are now in the blob store; ``None`` when none was chosen.

    ``admit``: looks at it before it is kept. Raises ``Refused``; then nothing is stored. A picture is stored as it was drawn anew: without place, time and camera.
    """
    most = int(one.settings.get("max_bytes", ATTACHMENT_BYTES))
    clean = _clean(house, posted, one.id, most)
    if clean is None:
        return None
    if clean.media_type not in one.settings.get("media_types", ATTACHMENT_TYPES):
        taken = (_KINDS[kind][0] for kind in one.settings["media_types"] if kind in _KINDS)
        raise NotHere(f"{one.id}", kinds=", ".join(taken))
    admit(clean)
    return {
        "sha256": house.blobs.put(clean.data, clean.media_type),
        "name": safe_name(posted.filename, _KINDS[clean.media_type][1]),
        "media_type": clean.media_type,
        "size": len(clean.data),
    }


def scanned(house: House, posted: Any) -> tuple[str, str] | None:
    """SHA-256 and media type of a scanned sheet whose clean bytes are now in the blob store; ``None`` when none was chosen.
    Raises as ``received``."""
    clean = _clean(house, posted, "scan", ATTACHMENT_BYTES)
    return None if clean is None else (house.blobs.put(clean.data, clean.media_type), clean.media_type)


def _clean(house: House, posted: Any, name: str, most: int) -> CleanFile | None:
    """The bytes of a posted file as they may be stored, and what they are; ``None`` when none was chosen."""
    file = getattr(posted, "file", None)
    if file is None or not posted.filename:
        return None
    data = file.read(most + 1)
    clean = house.uploads.cleaned(data) if len(data) <= most else None
    if clean is None or len(clean.data) > most:  # the second: a picture packed harder than we pack it
        raise TooLarge(name, megabytes=f"{most / 1_000_000:g}".replace(".", ","))
    return clean


def safe_name(name: str, suffix: str) -> str:
    """The file's own name without folders, odd characters or a suffix that lies."""
    stem = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1].rsplit(".", 1)[0]
    stem = "".join(c for c in stem if c.isprintable() and not unseen_characters(c)).strip(" .")[:80]
    return f"{stem or 'fil'}{suffix}"
