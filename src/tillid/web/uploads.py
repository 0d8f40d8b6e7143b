"""Receiving a file: small enough, and what it says it is, told by its first bytes and never by its name."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from tillid.forms.definition import Field
from tillid.kernel.errors import TillidError
from tillid.kernel.text import forbidden_characters
from tillid.usecases.ports import House

_SIGNS = {
    "image/png": (b"\x89PNG\r\n\x1a\n", ".png"),
    "image/jpeg": (b"\xff\xd8\xff", ".jpg"),
    "application/pdf": (b"%PDF-", ".pdf"),
}
ATTACHMENT_TYPES = tuple(_SIGNS)
ATTACHMENT_BYTES = 10_000_000


class WrongFile(TillidError):
    code = "upload.wrong-kind"
    text = "Filen er ikke et billede (JPG, PNG) eller en PDF. Gem den i et af de formater, og vælg den igen."


class TooLarge(TillidError):
    code = "upload.too-large"
    text = "Filen fylder mere end {megabytes} MB. Gør den mindre, og vælg den igen."


def received(house: House, posted: Any, one: Field) -> dict[str, Any] | None:
    """The description of a posted file whose bytes are now in the blob store; ``None`` when none was chosen.

    Raises ``WrongFile`` or ``TooLarge``.
    """
    file = getattr(posted, "file", None)
    if file is None or not posted.filename:
        return None
    most = int(one.settings.get("max_bytes", ATTACHMENT_BYTES))
    data = file.read(most + 1)
    if len(data) > most:
        raise TooLarge(f"{one.id}", megabytes=most // 1_000_000)
    allowed = one.settings.get("media_types", ATTACHMENT_TYPES)
    kind = next((media for media, (sign, _) in _SIGNS.items() if data.startswith(sign) and media in allowed), None)
    if kind is None:
        raise WrongFile(f"{one.id}")
    sha256 = house.blobs.put(data, kind)
    return {"sha256": sha256, "name": safe_name(posted.filename, _SIGNS[kind][1]), "media_type": kind, "size": len(data)}


def safe_name(name: str, suffix: str) -> str:
    """The file's own name without folders, odd characters or a suffix that lies."""
    stem = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1].rsplit(".", 1)[0]
    stem = "".join(c for c in stem if c.isprintable() and not forbidden_characters(c)).strip(" .")[:80]
    return f"{stem or 'fil'}{suffix}"
