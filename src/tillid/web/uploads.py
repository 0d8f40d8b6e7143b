"""Receiving a file: small enough, and what it says it is, told by its bytes and never by its name."""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf
from PIL import Image

from tillid.forms.definition import Field
from tillid.kernel.errors import TillidError
from tillid.kernel.text import forbidden_characters
from tillid.usecases.ports import House

ATTACHMENT_BYTES = 10_000_000
MOST_PIXELS = 50_000_000  # a small file may hold a picture that fills the memory of whoever opens it


class WrongFile(TillidError):
    code = "upload.wrong-kind"
    text = "Filen er ikke et billede (JPG, PNG) eller en PDF. Gem den i et af de formater, og vælg den igen."


class TooLarge(TillidError):
    code = "upload.too-large"
    text = "Filen fylder mere end {megabytes} MB. Gør den mindre, og vælg den igen."


def received(house: House, posted: Any, one: Field) -> dict[str, Any] | None:
    """The description of a posted file whose bytes are now in the blob store; ``None`` when none was chosen.

    Raises ``WrongFile`` or ``TooLarge``; then nothing is stored.
    """
    file = getattr(posted, "file", None)
    if file is None or not posted.filename:
        return None
    most = int(one.settings.get("max_bytes", ATTACHMENT_BYTES))
    data = file.read(most + 1)
    if len(data) > most:
        raise TooLarge(f"{one.id}", megabytes=most // 1_000_000)
    kind = kind_of(data)
    if kind not in one.settings.get("media_types", ATTACHMENT_TYPES):
        raise WrongFile(f"{one.id}")
    sha256 = house.blobs.put(data, kind)
    return {
        "sha256": sha256,
        "name": safe_name(posted.filename, _KINDS[kind][1]),
        "media_type": kind,
        "size": len(data),
    }


def kind_of(data: bytes) -> str | None:
    """The media type that ``data`` is from its first byte to its last; ``None`` if it is none of ours, damaged, or has
    something else hanging on to it (a program, a zip, a page)."""
    kind = next((media for media, (sign, *_) in _KINDS.items() if data.startswith(sign)), None)
    if kind is None or zipfile.is_zipfile(io.BytesIO(data)):
        return None
    return kind if _KINDS[kind][2](data) else None


def _is_png(data: bytes) -> bool:
    end = b"\x00\x00\x00\x00IEND\xaeB\x60\x82"
    return data.find(end) == len(data) - len(end) and _is_picture(data, "PNG")


def _is_jpeg(data: bytes) -> bool:
    """What phones hang on to their own pictures (a second picture, a few seconds of film) is let be."""
    return _is_picture(data, "JPEG")


def _is_picture(data: bytes, name: str) -> bool:
    """Whether it opens as ``name`` and is not too large; every checksum is tried, no pixel is unpacked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=[name])
        if picture.width * picture.height > MOST_PIXELS:
            return False
        picture.verify()
    except Exception:  # Pillow raises whatever its parsers meet
        return False
    return True


def _is_pdf(data: bytes) -> bool:
    """Whether it opens, ends where it says, needs no password, and starts nothing by itself."""
    if b"%%EOF" not in data[-1024:]:
        return False
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            root = pdf.Root
            names = root.get("/Names", pikepdf.Dictionary())
            active = "/OpenAction" in root and isinstance(root["/OpenAction"], pikepdf.Dictionary)
            starts = active and root["/OpenAction"].get("/S") != pikepdf.Name("/GoTo")
            return not (starts or "/AA" in root or "/JavaScript" in names or pdf.is_encrypted) and len(pdf.pages) > 0
    except Exception:  # qpdf and our own look-ups in a file that is not what it seems
        return False


# Media type → first bytes, suffix, whether the whole of it is that.
_KINDS: dict[str, tuple[bytes, str, Callable[[bytes], bool]]] = {
    "image/png": (b"\x89PNG\r\n\x1a\n", ".png", _is_png),
    "image/jpeg": (b"\xff\xd8\xff", ".jpg", _is_jpeg),
    "application/pdf": (b"%PDF-", ".pdf", _is_pdf),
}
ATTACHMENT_TYPES = tuple(_KINDS)


def safe_name(name: str, suffix: str) -> str:
    """The file's own name without folders, odd characters or a suffix that lies."""
    stem = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1].rsplit(".", 1)[0]
    stem = "".join(c for c in stem if c.isprintable() and not forbidden_characters(c)).strip(" .")[:80]
    return f"{stem or 'fil'}{suffix}"
