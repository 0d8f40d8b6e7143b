"""LibreOffice's output becomes revision 0: one rewrite with pikepdf, then the bytes depend on the input alone.

Everything LibreOffice takes from its clock is replaced: ids, checksum, dates, metadata and the date inside its sRGB
profile. Later records are appended as incremental revisions; nothing rewrites the file again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
import pikepdf
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Stream, String

from tillid.adapters.pdf.check import PdfRefused
from tillid.adapters.pdf.in_memory import opened, saved
from tillid.adapters.pdf.xmp import packet

LANGUAGES = {"da": "da-DK", "en": "en-GB"}
PRODUCER = "Tillid"
ICC_DATE = slice(24, 36)  # ICC.1 7.2.8: date and time of the profile
ICC_DATE_VALUE = b"".join(part.to_bytes(2, "big") for part in (2026, 1, 1, 0, 0, 0))


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """An associated file (ISO 19005-3 6.8); ``relationship``: ``Source``, ``Data``, ``Supplement`` …; ASCII ``name``."""

    name: str
    data: bytes
    media_type: str = "application/json"
    relationship: str = "Source"
    description: str = ""


def finish(
    pdf: bytes,
    *,
    attachments: Iterable[Attachment] = (),
    title: str,
    language: str = "da",
    moment: datetime,
    document_id: str,
) -> bytes:
    """Revision 0 of ``pdf``: PDF/A-3a and PDF/UA-1 metadata, associated files, fixed dates and ids.

    ``title`` is shown in the window and must not name a person the reader may not know. Raises ``PdfRefused`` if ``pdf``
    is not a whole, tagged, unencrypted PDF.
    """
    tag = LANGUAGES.get(language, language)
    try:
        with opened(pdf) as document:
            if document.is_encrypted or "/StructTreeRoot" not in document.Root:
                raise PdfRefused("encrypted or not tagged")
            _attach(document, sorted(attachments, key=lambda a: a.name), moment)
            _describe(document, title, tag, moment)
            _still(document)
            _unambiguous(document)
            ident = hashlib.sha256(f"{document_id}|{title}|{pdf_date(moment)}".encode()).digest()[:16]
            document.trailer.ID = Array([String(ident), String(ident)])
            # deterministic_id makes the second half of the ID from the content
            return saved(
                document,
                object_stream_mode=ObjectStreamMode.disable,
                compress_streams=False,
                deterministic_id=True,
                fix_metadata_version=False,
            )
    except pikepdf.PdfError as problem:
        raise PdfRefused("not a readable PDF") from problem


def pdf_date(moment: datetime) -> str:
    """``moment`` as a PDF date in UTC (ISO 32000-1 7.9.4)."""
    return moment.astimezone(UTC).strftime("D:%Y%m%d%H%M%SZ")


def _attach(document: pikepdf.Pdf, attachments: list[Attachment], moment: datetime) -> None:
    files: list[tuple[str, pikepdf.Object]] = []
    for attachment in attachments:
        name = attachment.name
        if not name.isascii() or "/" in name or name in dict(files):
            raise PdfRefused("attachment names are ASCII, plain and unique")
        checksum = hashlib.md5(attachment.data, usedforsecurity=False).digest()  # ISO 32000-1 7.11.4.1 asks for MD5
        params = Dictionary(Size=len(attachment.data), ModDate=String(pdf_date(moment)), CheckSum=String(checksum))
        stream = Stream(
            document, attachment.data, Type=Name.EmbeddedFile, Subtype=Name("/" + attachment.media_type), Params=params
        )
        stream = document.make_indirect(stream)
        spec = Dictionary(
            Type=Name.Filespec, F=String(name), UF=String(name), Desc=String(attachment.description or name),
            AFRelationship=Name("/" + attachment.relationship), EF=Dictionary(F=stream, UF=stream),
        )  # fmt: skip
        files.append((name, document.make_indirect(spec)))
    for key in ("/AF", "/Names"):
        if key in document.Root:
            del document.Root[key]
    if files:
        document.Root.AF = Array([spec for _, spec in files])
        flat = Array([item for name, spec in files for item in (String(name), spec)])
        document.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=flat))


def _describe(document: pikepdf.Pdf, title: str, tag: str, moment: datetime) -> None:
    root, date = document.Root, String(pdf_date(moment))
    xmp = packet(title=title, language=tag, producer=PRODUCER, created=moment, modified=moment)
    root.Metadata = document.make_indirect(Stream(document, xmp, Type=Name.Metadata, Subtype=Name.XML))
    root.Lang = String(tag)
    root.MarkInfo = Dictionary(Marked=True)
    preferences = root.get("/ViewerPreferences", Dictionary())
    preferences.DisplayDocTitle = True
    root.ViewerPreferences = preferences
    root.PageMode = Name.UseNone  # neither bookmarks nor attachments push the page aside when it opens
    info = Dictionary(Title=String(title), Producer=String(PRODUCER), CreationDate=date, ModDate=date)
    document.trailer.Info = document.make_indirect(info)


def _still(document: pikepdf.Pdf) -> None:
    """Replace the rest of what LibreOffice took from its clock."""
    if "/DocChecksum" in document.trailer:
        del document.trailer.DocChecksum
    for intent in document.Root.get("/OutputIntents", Array()):
        profile = bytearray(intent.DestOutputProfile.read_bytes())
        profile[ICC_DATE] = ICC_DATE_VALUE
        intent.DestOutputProfile.write(bytes(profile))


def _unambiguous(document: pikepdf.Pdf) -> None:
    """A compressed stream whose last byte happens to be a carriage return is stored as it is: with the line feed before
    ``endstream`` some validators take that byte for part of the line break, and the length for wrong (ISO 19005-3 6.1.7)."""
    for thing in document.objects:
        if isinstance(thing, Stream) and "/Filter" in thing and thing.read_raw_bytes().endswith(b"\r"):
            thing.write(thing.read_bytes())
