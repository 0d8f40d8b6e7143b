"""What no PDF may hold that is taken apart here: nothing that runs, nothing that unpacks without end, no program inside.

Read with pikepdf before any other reader, without its repairs: a file that must be repaired is told differently by
different readers, and so proves nothing. A PDF within is not looked into here: it may be as heavy as what may be uploaded, and is
looked through by who takes it out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import Any

import pikepdf

from tillid.adapters.boxed.pdf_objects import ADDRESSES, ANNOTATIONS, Found, action, look_through
from tillid.adapters.pdf.refusals import BadPdf

MOST_UNPACKED = 100_000_000
RUNS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"L\0\0\0\x01\x14\x02\0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # fmt: skip
RUN_NAMES = (
    ".exe", ".dll", ".bat", ".cmd", ".com", ".scr", ".ps1", ".vbs", ".js", ".jar", ".sh", ".msi", ".lnk", ".hta", ".pif", ".cpl",
    ".vbe", ".jse", ".wsf", ".wsh", ".reg", ".url", ".scf", ".msc", ".msp", ".psm1", ".chm", ".application", ".appx", ".command",
    ".desktop", ".apk", ".deb", ".rpm", ".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".pptm", ".ppam", ".iso", ".img", ".vhd",
)  # fmt: skip
NAMES = ("/F", "/UF", "/DOS", "/Mac", "/Unix")
PROGRAMS = ("javascript:", "vbscript:", "data:")
# 7.3.8.2, 8.8, 8.10.4: a stream whose contents lie in another file, a form that is a page of another file.
ELSEWHERE = {"/F", "/FFilter", "/Ref", "/OPI"}


def scan(pdf: bytes) -> None:
    """Raises ``BadPdf``: ``broken``, ``encrypted``, ``script``, ``starts``, ``program``, ``structure`` or ``heavy``."""
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=False) as document:
            if document.is_encrypted:
                raise BadPdf("encrypted")
            if not len(document.pages):
                raise BadPdf("broken", "no pages")
            _catalog(document.Root)
            files: dict[tuple[int, int], pikepdf.Object] = {}
            look_through(
                document, dictionary=partial(_dictionary, files), stream=partial(_stream, files), unpacked=MOST_UNPACKED
            )
            # Only now: that none of them unpacks to too much is known.
            for file in files.values():
                if file.read_bytes().startswith(RUNS):
                    raise BadPdf("program")
    except pikepdf.PasswordError as problem:
        raise BadPdf("encrypted") from problem
    except Found as found:
        raise BadPdf(*found.args) from found
    except MemoryError as problem:
        raise BadPdf("heavy", "memory") from problem
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError, RecursionError) as problem:
        raise BadPdf("broken", type(problem).__name__) from problem


def _catalog(root: pikepdf.Object) -> None:
    opening = root.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S", "")) != "/GoTo":
        raise BadPdf("script" if "/JS" in opening else "starts")
    if isinstance(form := root.get("/AcroForm"), pikepdf.Dictionary) and "/XFA" in form:
        raise BadPdf("script")
    if isinstance(base := root.get("/URI"), pikepdf.Dictionary) and "/Base" in base:
        _address(str(base.Base))
    if "/Collection" in root:  # 12.3.5: a reader opens one of the files in it, and not the pages
        raise BadPdf("structure", "a collection")


def _stream(files: dict[tuple[int, int], pikepdf.Object], stream: pikepdf.Stream) -> None:
    if str(stream.get("/Type", "")) == "/EmbeddedFile":
        files[stream.objgen] = stream
    if ELSEWHERE & set(stream.keys()):
        raise BadPdf("structure", "contents of another file")
    if "/PS" in (str(stream.get("/Subtype", "")), str(stream.get("/Subtype2", ""))):
        raise BadPdf("script", "PostScript")


def _dictionary(files: dict[tuple[int, int], pikepdf.Object], own: Any) -> None:
    keys = set(own.keys())
    if {"/JS", "/JavaScript"} & keys:
        raise BadPdf("script")
    if "/AA" in keys:
        raise BadPdf("starts")
    action(own)
    if "/F" in keys and str(own.get("/S", "")) == "/Thread":
        raise BadPdf("starts", "another file")
    if "/URI" in keys and isinstance(own["/URI"], pikepdf.String):
        _address(str(own["/URI"]))
    if "/Subtype" in keys and str(own["/Subtype"]) in ANNOTATIONS:
        raise BadPdf("program" if str(own["/Subtype"]) == "/FileAttachment" else "starts")
    if "/EF" in keys:
        if any(_plain(str(own[name])).endswith(RUN_NAMES) for name in NAMES if name in keys):
            raise BadPdf("program")
        files |= {one.objgen: one for one in _streams_of(own)}  # by what names it: its own type may be left out


def _streams_of(spec: Any) -> Iterator[pikepdf.Object]:
    """The streams of a file, and of the files it names beside it (7.11.4)."""
    related = [one for _, array in _items(spec.get("/RF")) if isinstance(array, pikepdf.Array) for one in array]
    yield from (one for one in (*(one for _, one in _items(spec.EF)), *related) if isinstance(one, pikepdf.Stream))


def _items(held: Any) -> Any:
    return held.items() if isinstance(held, pikepdf.Dictionary) else ()


def _plain(name: str) -> str:
    """As a system reads it: signs that nobody sees do not hide how a name ends."""
    return "".join(letter for letter in name if letter.isprintable()).lower().rstrip(". ")


def _address(text: str) -> None:
    """Browsers skip white space and signs that nobody sees before they read where an address leads."""
    plain = "".join(letter for letter in text if letter.isprintable() and not letter.isspace()).lower()
    if plain.startswith(PROGRAMS):
        raise BadPdf("script", "an address that is a program")
    if not plain.startswith(ADDRESSES):
        raise BadPdf("starts", "an address of no page")
