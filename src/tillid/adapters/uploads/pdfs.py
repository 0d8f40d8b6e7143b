"""PDFs: nothing that runs, starts or hides something, and nothing that unpacks without end (ISO 32000-1, 12.6, 7.11.4).

A PDF is stored as it came: it may be signed, and a rewritten one would not be. So everything in it is looked at.
"""

from __future__ import annotations

import io
import zlib
from typing import Any

import pikepdf

MOST_OBJECTS = 200_000
MOST_DEPTH = 60
ACTIONS = {
    "/JavaScript": "script",
    "/Rendition": "script",
    "/Launch": "starts",
    "/SubmitForm": "starts",
    "/ImportData": "starts",
    "/GoToR": "starts",
    "/GoToE": "starts",
    "/Movie": "starts",
    "/Sound": "starts",
    "/RichMediaExecute": "starts",
    "/GoTo3DView": "starts",
}
_TYPES = {"/EmbeddedFile": "embedded", "/Filespec": "embedded", "/F": "embedded"}
ANNOTATIONS = {
    "/FileAttachment": "embedded",
    "/RichMedia": "embedded",
    "/3D": "embedded",
    "/Movie": "embedded",
    "/Sound": "embedded",
    "/Screen": "starts",
}


class Found(Exception):
    """``args[0]``: the reason to refuse."""


def clean_pdf(data: bytes, limits: dict[str, int]) -> tuple[dict[str, Any], bytes]:
    """Head and bytes; the head says ``reason`` if it is refused. May raise anything that damaged files make qpdf raise."""
    end = data.rfind(b"%%EOF")
    if end < 0 or data[end + 5 :].strip(b"\r\n\t \0"):
        return {"reason": "kind"}, b""  # cut off, or something hangs on to it
    try:
        document = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        return {"reason": "locked"}, b""
    with document:
        if document.is_encrypted:
            return {"reason": "locked"}, b""
        pages = len(document.pages)
        if pages > limits["pages"]:
            return {"reason": "pages", "pages": pages, "most": limits["pages"]}, b""
        if not pages:
            return {"reason": "kind"}, b""
        try:
            _look(document, limits)
        except Found as found:
            return {"reason": found.args[0]}, b""
    return {}, data


def _look(document: pikepdf.Pdf, limits: dict[str, int]) -> None:
    root = document.Root
    opening = root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary):
        _action(opening)
        if str(opening.get("/S", "")) != "/GoTo":
            raise Found("starts")
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        raise Found("script")
    left = limits["unpacked"]
    for number, one in enumerate(document.objects):
        if number > MOST_OBJECTS:
            raise Found("heavy")
        _value(one, 0)
        if isinstance(one, pikepdf.Stream):
            _picture(one, limits["pixels"])
            left -= unpacked(one, left)
            if left <= 0:
                raise Found("heavy")


def _value(value: Any, depth: int) -> None:
    """Look at ``value`` and what lies directly in it; what it refers to comes as an object of its own."""
    if depth > MOST_DEPTH:
        raise Found("heavy")
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        own = value.stream_dict if isinstance(value, pikepdf.Stream) else value
        _dictionary(own)
        parts = [part for _key, part in own.items()]
    elif isinstance(value, pikepdf.Array):
        parts = list(value)
    else:
        return
    for part in parts:
        direct = isinstance(part, pikepdf.Object) and not part.is_indirect
        if direct and isinstance(part, pikepdf.Dictionary | pikepdf.Array):
            _value(part, depth + 1)


def _dictionary(own: Any) -> None:
    keys = set(own.keys())
    if "/JS" in keys or "/JavaScript" in keys:
        raise Found("script")
    if "/AA" in keys:
        raise Found("starts")
    if {"/EmbeddedFiles", "/EF"} & keys:
        raise Found("embedded")
    if "/Type" in keys and (reason := _TYPES.get(str(own["/Type"]))):
        raise Found(reason)
    if "/Subtype" in keys and "/Rect" in keys and (reason := ANNOTATIONS.get(str(own["/Subtype"]))):
        raise Found(reason)
    _action(own)


def _action(own: Any) -> None:
    kind = own.get("/S")
    if isinstance(kind, pikepdf.Name) and (reason := ACTIONS.get(str(kind))):
        raise Found(reason)


def _picture(stream: Any, most_pixels: int) -> None:
    size = [stream.get(key, 0) for key in ("/Width", "/Height")]
    if all(isinstance(side, int) for side in size) and size[0] * size[1] > most_pixels:
        raise Found("heavy")


def unpacked(stream: Any, most: int) -> int:
    """How many bytes the stream unpacks to, as far as ``most``; only the one filter that can multiply is tried."""
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    raw = stream.read_raw_bytes()
    if names.count("/FlateDecode") > 1 or len(names) > 3:
        raise Found("heavy")  # packed in packed: nothing that makes PDFs does that
    if names[0] != "/FlateDecode":
        return len(raw)
    unpacker, done = zlib.decompressobj(), 0
    rest = raw
    while rest and done < most and not unpacker.eof:
        try:
            done += len(unpacker.decompress(rest, 1 << 20))
        except zlib.error:
            break  # damaged, as many a scanner writes them; readers stop here too
        rest = unpacker.unconsumed_tail
    return done
