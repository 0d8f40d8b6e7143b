"""What draws pages in the process of its own: limits on itself, one PDF from stdin, one answer to stdout.

    python -I -m tillid.adapters.boxed.pdf_pages '{"memory": …, "cpu": …, "width": …, "pages": …, …}'

The answer is a line of JSON (``sizes``, or ``reason`` and ``detail``) and the bytes of the pictures, one after another.
"""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
from PIL import Image

from tillid.adapters.boxed.inside import answer, limit_cpu


def draw(pdf: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Head and bytes; a head with ``reason`` refuses the file."""
    try:
        document = pypdfium2.PdfDocument(pdf)
        numbers = order["pages"] or range(1, min(len(document), order["most"]) + 1)
        if any(not 1 <= number <= len(document) for number in numbers):
            return {"reason": "broken", "detail": "no such page"}, b""
        limit_cpu(order["cpu"] + order["page_cpu"] * len(numbers))
        drawn = [_page(document[number - 1], order) for number in numbers]
    except _TooLarge:
        return {"reason": "heavy", "detail": "a page is too large"}, b""
    except MemoryError:
        return {"reason": "heavy", "detail": "memory"}, b""
    except Exception as problem:  # PDFium's wrapper raises its own and ctypes' errors for what is no PDF
        return {"reason": "broken", "detail": type(problem).__name__}, b""
    return {"sizes": [len(one) for one in drawn]}, b"".join(drawn)


class _TooLarge(Exception):
    pass


def _page(page: pypdfium2.PdfPage, order: dict[str, Any]) -> bytes:
    wide, high = page.get_size()
    scale = order["width"] / wide
    if order["width"] * high * scale > order["pixels"]:
        raise _TooLarge
    picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    # Text on paper needs few colours; a palette makes the picture a third as large. Chosen by what is there at all, not by
    # how much of it: a logo's small yellow sun stays yellow.
    few = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    answer(draw)
