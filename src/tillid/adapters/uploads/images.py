"""Pictures: measured before a pixel is unpacked, then drawn anew, so that only the picture is left of the file.

What goes with the old file: EXIF (place, time, camera), thumbnails, comments, colour profiles, and whatever hung on behind.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

from PIL import Image, ImageOps, PngImagePlugin

PNG_END = b"\x00\x00\x00\x00IEND\xaeB\x60\x82"
JPEG_QUALITIES = (88, 80, 70)  # the first that is no larger than the file was
# Compressed texts in a PNG are unpacked when it is opened: the limits of Pillow, made small.
PngImagePlugin.MAX_TEXT_CHUNK = 256 * 1024
PngImagePlugin.MAX_TEXT_MEMORY = 1024 * 1024


def clean_image(data: bytes, name: str, most_pixels: int) -> tuple[dict[str, Any], bytes]:
    """Head and bytes of the picture as it is stored; the head says ``reason`` if it is refused. May raise anything."""
    if name == "PNG" and data.find(PNG_END) != len(data) - len(PNG_END):
        return {"reason": "kind"}, b""  # cut off, or something hangs on to it
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is below that of Pillow
        Image.MAX_IMAGE_PIXELS = None
        picture = Image.open(io.BytesIO(data), formats=[name])
    size = {"width": picture.width, "height": picture.height}
    if picture.width * picture.height > most_pixels:
        return {"reason": "pixels", "most": most_pixels // 1_000_000, **size}, b""
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    plain, packed = _plain(upright, name), b""
    for quality in JPEG_QUALITIES if name == "JPEG" else (None,):
        out = io.BytesIO()
        plain.save(out, name, **({"quality": quality} if quality else {}))
        packed = out.getvalue()
        if len(packed) <= len(data):
            break
    return size, packed


def _plain(picture: Image.Image, name: str) -> Image.Image:
    """The pixels alone, in a mode that every reader shows alike."""
    if picture.mode in ("I", "I;16", "I;16B", "F"):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if name == "JPEG":
        mode = "L" if picture.mode in ("1", "L") else "RGB"
    else:
        see_through = "transparency" in picture.info or picture.mode in ("LA", "PA", "RGBA")
        mode = "RGBA" if see_through else "L" if picture.mode in ("1", "L") else "RGB"
    plain = picture.convert(mode)
    plain.info = {}
    return plain
