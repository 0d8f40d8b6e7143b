"""Pictures: measured before a pixel is unpacked, then drawn anew, so that only the picture is left of the file.

What goes with the old file: EXIF (place, time, camera), thumbnails, comments, colour profiles, and whatever hung on behind.
A picture with more points than ``STORED`` is drawn smaller: that is an A4 page at 350 dots an inch. A JPEG is already
unpacked smaller (libjpeg's scaling), so its limit in points is above that of a PNG, which must be unpacked whole.
"""

from __future__ import annotations

import io
import math
import warnings
import zlib
from typing import Any

from PIL import Image, ImageOps, PngImagePlugin

STORED = 12_000_000

PNG_END = b"\x00\x00\x00\x00IEND\xaeB\x60\x82"
# The first that is no larger than the file was. Packing a PNG by runs takes a seventh of the time of zlib's own way on a
# grainy scan and makes it no larger; that way is better for what was drawn on a screen, which is small.
JPEG_WAYS = tuple({"quality": quality} for quality in (88, 80, 70))
PNG_WAYS = ({"compress_type": zlib.Z_RLE}, {"compress_level": 3})
SMALL_PNG = 3_000_000
Image.preinit()  # its readers; else the first file loads them, and where it has no memory for that it is told to be of no kind
# Compressed texts in a PNG are unpacked when it is opened: the limits of Pillow, made small.
PngImagePlugin.MAX_TEXT_CHUNK = 256 * 1024
PngImagePlugin.MAX_TEXT_MEMORY = 1024 * 1024


def clean_image(data: bytes, name: str, most: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """Head and bytes of the picture as it is stored; the head says ``reason`` if it is refused. ``most``: points, by
    ``name``. May raise anything."""
    if name == "PNG" and data.find(PNG_END) != len(data) - len(PNG_END):
        return {"reason": "kind"}, b""  # cut off, or something hangs on to it
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is below that of Pillow
        Image.MAX_IMAGE_PIXELS = None
        picture = Image.open(io.BytesIO(data), formats=[name])
    if picture.width * picture.height > most[name]:
        size = {"width": picture.width, "height": picture.height}
        return {"reason": "pixels", "most": most[name] // 1_000_000, **size}, b""
    bounds = _bounds(picture.size)
    picture.draft(None, bounds)
    picture.load()
    ink = _black_on_white(picture)
    plain = ink or _plain(picture, name)
    del picture  # the two together are what takes the memory
    if ink is None:
        plain.thumbnail(bounds, Image.Resampling.BILINEAR, reducing_gap=1.5)
    ImageOps.exif_transpose(plain, in_place=True)
    plain.info = {}
    if name == "PNG" and plain.mode == "RGB" and len({band.tobytes() for band in plain.split()}) == 1:
        plain = plain.getchannel(0)  # a grey scan saved in colours: a third as much to pack
    try:
        return {"words": [], "unread": True}, _packed(plain, name, len(data))
    except OSError as problem:  # it was read and drawn: what its packer lacks is room, which Pillow does not tell apart
        raise MemoryError from problem


def _bounds(size: tuple[int, int]) -> tuple[int, int]:
    """``size``, or the largest of the same shape with no more points than ``STORED``."""
    scale = min(1.0, math.sqrt(STORED / (size[0] * size[1])))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _black_on_white(picture: Image.Image) -> Image.Image | None:
    """A scan of black and white alone, point for point: a bit each. Drawn smaller it would be grey and take several times the
    room, so that a field could refuse what it has room for."""
    if picture.mode == "1":
        return picture if "transparency" not in picture.info else None
    used = picture.getcolors(2) if picture.mode == "P" and "transparency" not in picture.info else None
    palette = picture.getpalette("RGB") or [] if used else []
    if not used or {tuple(palette[3 * at : 3 * at + 3]) for _, at in used} - {(0, 0, 0), (255, 255, 255)}:
        return None
    return picture.convert("1", dither=Image.Dither.NONE)


def _packed(plain: Image.Image, name: str, before: int) -> bytes:
    packed = b""
    for way in JPEG_WAYS if name == "JPEG" else PNG_WAYS if before < SMALL_PNG else PNG_WAYS[:1]:
        out = io.BytesIO()
        plain.save(out, name, **way)
        if not packed or out.tell() < len(packed):
            packed = out.getvalue()
        if len(packed) <= before:
            break
    return packed


def _plain(picture: Image.Image, name: str) -> Image.Image:
    """The picture in a mode that every reader shows alike, with what the file said of how it lies."""
    if picture.mode in ("I", "I;16", "I;16B", "F"):
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if name == "JPEG":
        mode = "L" if picture.mode in ("1", "L") else "RGB"
    else:
        see_through = "transparency" in picture.info or picture.mode in ("LA", "PA", "RGBA")
        mode = "RGBA" if see_through else "L" if picture.mode in ("1", "L") else "RGB"
    return picture if picture.mode == mode and "transparency" not in picture.info else picture.convert(mode)
