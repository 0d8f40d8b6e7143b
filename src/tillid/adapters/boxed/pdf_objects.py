"""A way through all that a PDF is made of (ISO 32000-1), and what in it starts something, wherever it is found."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import pikepdf

MOST_OBJECTS = 100_000
MOST_DEPTH = 60
# 7.4: what can say much in few bytes. Readers take a stream's short names too, which are meant for pictures within a page.
MULTIPLY = {"/FlateDecode", "/LZWDecode", "/RunLengthDecode"}
SHORT = {"/Fl": "/FlateDecode", "/LZW": "/LZWDecode", "/RL": "/RunLengthDecode"}
# 12.6.4: what an action does beyond the document itself.
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
ADDRESSES = ("http://", "https://", "mailto:", "tel:")  # where a link may lead beside the document's own pages
# 12.5.6: annotations that hold or play something.
ANNOTATIONS = {
    "/FileAttachment": "embedded",
    "/RichMedia": "embedded",
    "/3D": "embedded",
    "/Movie": "embedded",
    "/Sound": "embedded",
    "/Screen": "starts",
}


class Found(Exception):
    """``args[0]``: the reason to refuse; ``args[1]``, where there is one: in English what was found."""


def look_through(
    document: pikepdf.Pdf, *, dictionary: Callable[[Any], None], stream: Callable[[Any], None], unpacked: int
) -> None:
    """Give every dictionary, also those within others and of streams, to ``dictionary`` and every stream to ``stream``, which
    raise what they will. Raises ``Found`` for too many objects, too deep ones, and streams that together unpack to more
    than ``unpacked`` bytes; a stream is only given on when it has been found to unpack to less."""
    left = unpacked
    if len(document.objects) > MOST_OBJECTS:
        raise Found("heavy", "objects")
    for one in document.objects:
        _value(one, 0, dictionary)
        if isinstance(one, pikepdf.Stream):
            left -= _unpacked(one, left)
            if left <= 0:
                raise Found("heavy", "unpacked size")
            stream(one)


def action(own: Any) -> None:
    """Raises ``Found`` for the dictionary of an action that runs or starts something."""
    kind = own.get("/S")
    if isinstance(kind, pikepdf.Name) and (reason := ACTIONS.get(str(kind))):
        raise Found(reason)


def _value(value: Any, depth: int, dictionary: Callable[[Any], None]) -> None:
    """``value`` and what lies directly in it; what it refers to comes as an object of its own."""
    if depth > MOST_DEPTH:
        raise Found("heavy", "nesting")
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        own = value.stream_dict if isinstance(value, pikepdf.Stream) else value
        dictionary(own)
        parts = [part for _, part in own.items()]
    elif isinstance(value, pikepdf.Array):
        parts = list(value)
    else:
        return
    for part in parts:
        direct = isinstance(part, pikepdf.Object) and not part.is_indirect
        if direct and isinstance(part, pikepdf.Dictionary | pikepdf.Array):
            _value(part, depth + 1, dictionary)


def _unpacked(stream: Any, most: int) -> int:
    """How many bytes the stream unpacks to, as far as ``most``. A picture's own way of packing is not tried: its points are counted."""
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    names = [SHORT.get(name, name) for name in names]
    multiply = [name for name in names if name in MULTIPLY]
    if len(multiply) > 1 or len(names) > 3:
        raise Found("heavy", "packed in packed")  # nothing that makes PDFs does that
    raw = stream.read_raw_bytes()
    if names[0] == "/FlateDecode":
        return _inflated(raw, most)
    if not multiply:
        return len(raw)
    try:
        # Rare, and so without a way to stop half-way: the limits of the process are what stops it.
        return len(stream.read_bytes(pikepdf.StreamDecodeLevel.specialized))
    except (
        pikepdf.PdfError
    ) as problem:  # damaged, a picture within, or more than the process may hold: qpdf says the same of all
        raise Found("heavy", "cannot be unpacked") from problem


def _inflated(raw: bytes, most: int) -> int:
    unpacker, done = zlib.decompressobj(), 0
    rest = raw
    while rest and done < most and not unpacker.eof:
        try:
            done += len(unpacker.decompress(rest, 1 << 20))
        except zlib.error:
            break  # damaged, as many a scanner writes them; readers stop here too
        rest = unpacker.unconsumed_tail
    return done
