"""A JPEG inside a PDF keeps its pixels as they are, and nothing of what a camera wrote beside them (ISO/IEC 10918-1, B.1.1)."""

from __future__ import annotations

START, SCAN, END = b"\xff\xd8", 0xDA, b"\xff\xd9"
# Application segments and comments: EXIF, XMP, thumbnails, profiles. JFIF's and Adobe's own say how colours are meant.
_TOLD = {*range(0xE0, 0xF0), 0xFE}
_MEANT = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}


def pixels_alone(data: bytes) -> bytes:
    """``data`` without what it tells beside the picture and behind it; as it is where it cannot be read that way."""
    if not data.startswith(START):
        return data
    kept, at = [START], 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return data
        kind = data[at + 1]
        if kind == 0xFF:  # B.1.1.2: any number of them may stand before a marker
            at += 1
            continue
        if kind == SCAN:
            # In what is packed an FF is never followed by D9, so the first is the end.
            end = data.find(END, at)
            return b"".join([*kept, data[at:] if end < 0 else data[at : end + 2]])
        length = int.from_bytes(data[at + 2 : at + 4])
        segment = data[at : at + 2 + length]
        if length < 2 or len(segment) < 2 + length:
            return data
        if kind not in _TOLD or segment[4:].startswith(_MEANT.get(kind, b"\0none")):
            kept.append(segment)
        at += len(segment)
    return data
