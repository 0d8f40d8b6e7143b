"""What burns boxes into a picture or a PDF's pages in the process of its own: limits on itself, one file from stdin, one answer.

    python -I -m tillid.adapters.boxed.burning '{"memory": …, "cpu": …, "boxes": [[page, left, top, right, bottom], …], …}'

What is under a box is in no pixel of what comes out, and a PDF comes out as pictures of all its pages: fonts, hidden texts, the
structure that is read aloud and bookmarks could each tell what a box covers, on pages without a box too.
"""

from __future__ import annotations

import io
import math
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from tillid.adapters.boxed.inside import answer, limit_cpu

DOTS = 150  # an inch
INK, LINE, PAPER = (0, 0, 0), (0, 90, 180), (255, 255, 255)
_LETTERS = "ABCDEFGHIJKLMNOPQRST"


def burned(data: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Head and bytes: with ``look`` that page, ``width`` pixels wide, first with the cells over it and behind it (if there are boxes at
    all) as it will be; the head says how many bytes the first has. Else the whole file. A head with ``reason`` refuses it."""
    try:
        if data.startswith(b"%PDF-"):
            return _pdf(data, order)
        return _picture(data, order)
    except _No as no:
        return {"reason": no.args[0]}, b""
    except MemoryError:
        return {"reason": "heavy"}, b""
    except Exception as problem:  # parsers raise whatever they meet in a file that is not what it seems
        return {"reason": "broken", "detail": type(problem).__name__}, b""


class _No(Exception):
    """``args[0]``: why."""


def _pdf(data: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    import pypdfium2  # loading it takes longer than burning into a picture

    document = pypdfium2.PdfDocument(data)
    count = len(document)
    if count > order["pages"]:
        raise _No("pages")
    if order["look"]:
        if not 1 <= order["look"] <= count:
            raise _No("page")
        page = document[order["look"] - 1]
        limit_cpu(order["cpu"] + order["page_cpu"])
        drawn = _drawn(page, order["width"] / page.get_size()[0], order["pixels"])
        return _looked_at(drawn, order, count)
    if any(not 1 <= box[0] <= count for box in order["boxes"]):
        raise _No("page")
    limit_cpu(order["cpu"] + order["page_cpu"] * count)
    import pikepdf

    with pikepdf.new() as made:
        for number in range(1, count + 1):
            page = document[number - 1]
            _add_page(made, page.get_size(), _over(_drawn(page, DOTS / 72, order["pixels"]), number, order["boxes"]))
        out = io.BytesIO()
        made.save(out, deterministic_id=True)
    return {"pages": count}, out.getvalue()


def _drawn(page: Any, scale: float, most: int) -> Image.Image:
    wide, high = page.get_size()
    if wide * high * scale * scale > most:
        raise _No("heavy")
    return page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")


def _add_page(made: Any, size: tuple[float, float], picture: Image.Image) -> None:
    import pikepdf

    packed = io.BytesIO()
    picture.save(packed, "JPEG", quality=80)
    image = made.make_stream(packed.getvalue())
    image.stream_dict.update(
        {
            "/Type": pikepdf.Name.XObject,
            "/Subtype": pikepdf.Name.Image,
            "/Width": picture.width,
            "/Height": picture.height,
            "/ColorSpace": pikepdf.Name.DeviceRGB,
            "/BitsPerComponent": 8,
            "/Filter": pikepdf.Name.DCTDecode,
        }
    )
    page = made.add_blank_page(page_size=size)
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(P=image))
    page.obj.Contents = made.make_stream(b"q %.2f 0 0 %.2f 0 0 cm /P Do Q" % size)


def _picture(data: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    if order["look"] > 1 or any(box[0] != 1 for box in order["boxes"]):
        raise _No("page")
    limit_cpu(order["cpu"])
    picture = Image.open(io.BytesIO(data), formats=["PNG", "JPEG"])
    kind = picture.format
    if picture.width * picture.height > order["pixels"] * 2:
        raise _No("heavy")
    picture.load()
    plain = Image.new("RGB", picture.size, PAPER)
    see_through = picture.convert("RGBA") if "A" in picture.getbands() or "transparency" in picture.info else None
    plain.paste(
        see_through or picture.convert("RGB"), mask=see_through
    )  # what lay under clear points does not come along
    if order["look"]:
        scale = order["width"] / plain.width
        plain = plain.resize((order["width"], max(1, round(plain.height * scale))), Image.Resampling.BILINEAR)
        return _looked_at(plain, order, 1)
    out = io.BytesIO()
    _over(plain, 1, order["boxes"]).save(out, kind, **({"quality": 88} if kind == "JPEG" else {}))
    return {"pages": 1}, out.getvalue()


def _looked_at(picture: Image.Image, order: dict[str, Any], pages: int) -> tuple[dict[str, Any], bytes]:
    given = _png(_over(picture.copy(), order["look"], order["boxes"])) if order["boxes"] else b""
    _cells(picture, order["columns"], order["rows"])
    for box in order["boxes"]:
        if box[0] == order["look"]:
            ImageDraw.Draw(picture).rectangle(_sides(picture, box), outline=INK, width=4)
    cells = _png(picture)
    return {"pages": pages, "cells": len(cells)}, cells + given


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def _over(picture: Image.Image, page: int, boxes: list[list[int]]) -> Image.Image:
    for box in boxes:
        if box[0] == page:
            ImageDraw.Draw(picture).rectangle(_sides(picture, box), fill=INK)
    return picture


def _sides(picture: Image.Image, box: list[int]) -> tuple[int, int, int, int]:
    """Rounded outwards, so that no line of points is left at a side."""
    wide, high = picture.size
    return (
        math.floor(box[1] * wide / 1000),
        math.floor(box[2] * high / 1000),
        math.ceil(box[3] * wide / 1000),
        math.ceil(box[4] * high / 1000),
    )


def _cells(picture: Image.Image, columns: int, rows: int) -> None:
    """Thin lines, and the name of each cell's column and row along all four sides."""
    draw, (wide, high) = ImageDraw.Draw(picture), picture.size
    font = ImageFont.load_default(size=max(11, min(16, high // rows - 2)))
    for at in range(columns):
        left = at * wide // columns
        draw.line((left, 0, left, high), fill=LINE)
        for top in (0, high - 16):
            _name(draw, (left + wide // columns // 2 - 5, top), _LETTERS[at], font)
    for at in range(rows):
        top = at * high // rows
        draw.line((0, top, wide, top), fill=LINE)
        # Not at the right end of the first and the last row: a letter stands there.
        for left in (0, wide - 22) if 0 < at < rows - 1 else (0,):
            _name(draw, (left, top), str(at + 1), font)


def _name(draw: ImageDraw.ImageDraw, at: tuple[int, int], words: str, font: Any) -> None:
    draw.rectangle(draw.textbbox(at, words, font=font), fill=PAPER)
    draw.text(at, words, fill=LINE, font=font)


if __name__ == "__main__":
    answer(burned)
