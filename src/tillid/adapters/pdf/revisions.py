"""Adds files to a finished PDF as one incremental revision (ISO 32000-1 7.5.6): every earlier byte stays where it was.

pyHanko writes, and nothing else does: pikepdf cannot append, pypdf's appended sections do not survive ``qpdf --check``.
The new revision replaces catalog, Info and XMP alone; ``history.py`` refuses a file in which one did more.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils import embed
from pyhanko.pdf_utils import generic as g
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError

from tillid.adapters.pdf.check import check
from tillid.adapters.pdf.conformance import conformance
from tillid.adapters.pdf.finish import PRODUCER, Attachment
from tillid.adapters.pdf.history import History, parsed_date, read_history
from tillid.adapters.pdf.refusals import BadPdf
from tillid.adapters.pdf.second import agree
from tillid.adapters.pdf.xmp import Event, packet
from tillid.kernel.canonical import sha256

MOST_OBJECTS = 1_000_000


class _Writer(IncrementalPdfFileWriter):
    """pyHanko's writer without what it would put in by itself: a /Version, its own name, the wall clock."""

    output_version = (1, 4)

    def _update_meta(self) -> None:
        """The metadata are ours."""


def append(pdf: bytes, attachments: Sequence[Attachment], *, moment: datetime) -> bytes:
    """``pdf`` with ``attachments`` as one more revision; the same input gives the same bytes.

    The result was read again by pyHanko (structure of every revision), pypdf (pages and files), pikepdf and qpdf, and is
    valid PDF/A-3a and PDF/UA-1. Raises ``PdfRefused`` (``BadPdf`` with a reason) and leaves nothing behind.
    """
    if not attachments:
        raise BadPdf("structure", "nothing to add")
    before = read_history(pdf)
    taken = {file.name for revision in before.revisions for file in revision.files}
    for attachment in attachments:
        if attachment.name in taken or not plain_name(attachment.name):
            raise BadPdf("names", "taken, or not a plain ASCII name")
        taken.add(attachment.name)
    try:
        made = _written(pdf, before, attachments, moment)
    except (PdfError, KeyError, ValueError, RecursionError) as problem:
        raise BadPdf("broken", type(problem).__name__) from problem
    _require_right(pdf, made, before, attachments)
    return made


def event_of(pdf: bytes, attachments: Sequence[Attachment], moment: datetime) -> Event:
    """The line of the file's own history: which files came, and the length and digest of all that was there before."""
    names = ",".join(attachment.name for attachment in attachments)
    return Event(moment, "added", f"files={names};before={len(pdf)};sha256={sha256(pdf)}")


def plain_name(name: str) -> bool:
    """ASCII letters, digits, ``.-_``; not hidden, at most 100: safe in a name tree, a folder and our own history."""
    return 0 < len(name) <= 100 and name[0] != "." and all(c.isascii() and (c.isalnum() or c in ".-_") for c in name)


def _written(pdf: bytes, before: History, attachments: Sequence[Attachment], moment: datetime) -> bytes:
    stream = io.BytesIO(pdf)
    writer = _Writer(stream, strict=True)
    if writer.prev.encrypted or writer.prev.xrefs.hybrid_xrefs_present or writer.prev.trailer["/Size"] > MOST_OBJECTS:
        raise BadPdf("structure", "encrypted, hybrid or absurd size")
    _embed(writer, attachments, moment)
    info = writer.trailer["/Info"]
    meta = packet(
        title=str(info["/Title"]),
        language=str(writer.root["/Lang"]),
        producer=PRODUCER,
        created=parsed_date(str(info["/CreationDate"])),
        modified=moment,
        history=[*before.events, event_of(pdf, attachments, moment)],
    )
    place = writer.root.raw_get("/Metadata").reference
    kind = {pdf_name("/Type"): pdf_name("/Metadata"), pdf_name("/Subtype"): pdf_name("/XML")}
    writer.objects[(place.generation, place.idnum)] = g.StreamObject(kind, stream_data=meta)
    info[pdf_name("/ModDate")] = g.pdf_date(moment)
    writer.mark_update(writer.trailer.raw_get("/Info"))
    # The second half of the ID tells revisions apart (ISO 32000-1 14.4); pyHanko's own would be random.
    writer._document_id[1] = g.ByteStringObject(hashlib.sha256(sha256(pdf).encode() + meta).digest()[:16])
    writer.write_in_place()
    return stream.getvalue()


def _embed(writer: _Writer, attachments: Sequence[Attachment], moment: datetime) -> None:
    """Not ``embed.embed_file``: from the second file on it leaves AF out, and it does not sort the name tree."""
    root = writer.root
    names = g.DictionaryObject(root.get("/Names", {}))
    tree = names.get("/EmbeddedFiles", {})
    old = tree["/Names"] if "/Names" in tree else g.ArrayObject()
    leaves: dict[str, Any] = {str(old[at]): old.raw_get(at + 1) for at in range(0, len(old), 2)}
    associated = g.ArrayObject(list.copy(root["/AF"]) if "/AF" in root else [])
    for attachment in attachments:
        spec = embed.FileSpec(
            attachment.name,
            file_name=attachment.name,
            embedded_data=_packed(writer, attachment, moment),
            description=attachment.description or attachment.name,
            af_relationship=pdf_name("/" + attachment.relationship),
        )
        leaves[attachment.name] = writer.add_object(spec.as_pdf_object())
        associated.append(leaves[attachment.name])
    # ASCII names: their order as text is their order as bytes, which a name tree must have (7.9.6).
    flat = g.ArrayObject([item for name in sorted(leaves) for item in (pdf_string(name), leaves[name])])
    names[pdf_name("/EmbeddedFiles")] = g.DictionaryObject({pdf_name("/Names"): flat})
    root[pdf_name("/AF")], root[pdf_name("/Names")] = associated, names
    writer.update_root()


def _packed(writer: _Writer, attachment: Attachment, moment: datetime) -> embed.EmbeddedFileObject:
    """The file's stream. One that ends in a carriage return is written as hexadecimal digits: with the line feed before
    ``endstream`` it would make a line end of two bytes, and readers that take both away (ISO 19005-3 6.1.7.1 lets them) find
    one byte too few."""
    packed = embed.EmbeddedFileObject.from_file_data(
        writer,
        attachment.data,
        mime_type=attachment.media_type,
        params=embed.EmbeddedFileParams(modification_date=moment),
    )
    if packed.encoded_data.endswith(b"\r"):
        packed.apply_filter("/ASCIIHexDecode")
    return packed


def _require_right(pdf: bytes, made: bytes, before: History, attachments: Sequence[Attachment]) -> None:
    after = read_history(made)
    added = {(file.name, file.data) for file in after.revisions[-1].files}
    if not made.startswith(pdf) or after.revisions[:-1] != before.revisions:
        raise BadPdf("replaced", "the earlier bytes are not what they were")
    if added != {(attachment.name, attachment.data) for attachment in attachments}:
        raise BadPdf("history", "what was added does not read back")
    agree(pdf, made, after)
    if problems := [*check(made), *conformance(made)]:
        raise BadPdf("broken", "; ".join(problems))
