"""What runs in the process of its own: limits on itself first, then one file from stdin, one answer to stdout.

    python -I -m tillid.adapters.uploads.inside '{"memory": …, "cpu": …, "pixels": …, "pages": …}'

The answer is a line of JSON (``media_type``, or ``reason`` and its numbers) and the bytes to be stored.
"""

from __future__ import annotations

import io
import json
import os
import resource
import sys
import zipfile
from typing import Any

from tillid.adapters.uploads.images import clean_image
from tillid.adapters.uploads.pdfs import clean_pdf

SIGNS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"%PDF-": "application/pdf"}


def cleaned(data: bytes, limits: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """Head and bytes of ``data``, told by its first bytes; a head with ``reason`` refuses it."""
    media_type = next((kind for sign, kind in SIGNS.items() if data.startswith(sign)), None)
    if media_type is None or zipfile.is_zipfile(io.BytesIO(data)):
        return {"reason": "kind"}, b""
    try:
        if media_type == "application/pdf":
            head, kept = clean_pdf(data, limits)
        else:
            head, kept = clean_image(data, media_type.removeprefix("image/").upper(), limits["pixels"])
    except MemoryError:
        return {"reason": "heavy"}, b""
    except Exception:  # Pillow and qpdf raise whatever their parsers meet in a file that is not what it seems
        return {"reason": "kind"}, b""
    return {"media_type": media_type, **head}, kept


def main() -> None:
    limits = json.loads(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but the answer may reach the pipe
    head, kept = cleaned(sys.stdin.buffer.read(), limits)
    out.write(json.dumps(head).encode() + b"\n" + kept)
    out.flush()


if __name__ == "__main__":
    main()
