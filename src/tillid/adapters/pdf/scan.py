"""What no PDF may hold that is taken apart here: nothing that runs, nothing that unpacks without end, no program inside.

Read with pikepdf before any other reader, without its repairs: a file that must be repaired is told differently by
different readers, and so proves nothing.
"""

from __future__ import annotations

import io
from typing import Any

import pikepdf

from tillid.adapters.boxed.pdf_objects import ANNOTATIONS, Found, action, look_through
from tillid.adapters.pdf.refusals import BadPdf

MOST_UNPACKED = 100_000_000
RUNS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
RUN_NAMES = (".exe", ".dll", ".bat", ".cmd", ".com", ".scr", ".ps1", ".vbs", ".js", ".jar", ".sh", ".msi", ".lnk", ".hta")  # fmt: skip


def scan(pdf: bytes) -> None:
    """Raises ``BadPdf``: ``broken``, ``encrypted``, ``script``, ``starts``, ``program`` or ``heavy``."""
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=False) as document:
            if document.is_encrypted:
                raise BadPdf("encrypted")
            if not len(document.pages):
                raise BadPdf("broken", "no pages")
            _catalog(document.Root)
            look_through(document, dictionary=_dictionary, stream=_stream, unpacked=MOST_UNPACKED)
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


def _stream(stream: pikepdf.Stream) -> None:
    if str(stream.get("/Type", "")) == "/EmbeddedFile" and stream.read_bytes()[:4].startswith(RUNS):
        raise BadPdf("program")


def _dictionary(own: Any) -> None:
    keys = set(own.keys())
    if {"/JS", "/JavaScript"} & keys:
        raise BadPdf("script")
    if "/AA" in keys:
        raise BadPdf("starts")
    action(own)
    if {"/Subtype", "/Rect"} <= keys and str(own["/Subtype"]) in ANNOTATIONS:
        raise BadPdf("program" if str(own["/Subtype"]) == "/FileAttachment" else "starts")
    names = (own.get("/F"), own.get("/UF")) if "/EF" in keys else ()
    if any(str(name).lower().rstrip(". ").endswith(RUN_NAMES) for name in names if name is not None):
        raise BadPdf("program")
