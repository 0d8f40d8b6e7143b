"""What runs in the process of its own: limits on itself first, then one file from stdin, one answer to stdout.

    python -I -m tillid.adapters.uploads.inside '{"memory": …, "cpu": …, "pixels": …, "pages": …}'

The answer is a line of JSON (``media_type``, ``words`` and ``unread``; or ``reason`` and its numbers) and the bytes to be stored.
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from tillid.adapters.boxed.inside import answer, limit_cpu
from tillid.adapters.uploads.images import clean_image
from tillid.adapters.uploads.pdfs import clean_pdf

SIGNS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF-": "application/pdf"}


def cleaned(data: bytes, limits: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Head and bytes of ``data``, told by its first bytes; a head with ``reason`` refuses it."""
    media_type = next((kind for sign, kind in SIGNS.items() if data.startswith(sign)), None)
    if media_type is None or zipfile.is_zipfile(io.BytesIO(data)):
        return {"reason": "kind"}, b""
    try:
        limit_cpu(limits["cpu"])  # anew: what the parsers take to start is not the file's
        if media_type == "application/pdf":
            head, kept = clean_pdf(data, limits)
        else:
            most = {"JPEG": limits["pixels"], "PNG": limits["png_pixels"]}
            head, kept = clean_image(data, media_type.removeprefix("image/").upper(), most)
    except MemoryError:
        return {"reason": "heavy"}, b""
    except Exception:  # Pillow and qpdf raise whatever their parsers meet in a file that is not what it seems
        return {"reason": "kind"}, b""
    return {"media_type": media_type, **head}, kept


if __name__ == "__main__":
    answer(cleaned)
