"""Reads the revisions of a PDF: what each added, and that it replaced nothing but catalog, Info, XMP, AF and Names.

Validators of PDF/A pass a file in which a later revision replaced a page. Here every object of every later revision must
be one of the few that may change, or a file that the same revision adds; and it must lie in that revision's own bytes.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from pyhanko.pdf_utils.generic import DictionaryObject, IndirectObject, Reference, StreamObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import XRefSectionType

from tillid.adapters.pdf.extract import EmbeddedFile
from tillid.adapters.pdf.refusals import BadPdf
from tillid.adapters.pdf.told import read_told, require_added
from tillid.adapters.pdf.xmp import Event
from tillid.kernel.canonical import sha256

MOST_REVISIONS = 200
MAY_CHANGE = {"/AF", "/Names", "/Metadata"}
END = re.compile(rb"startxref\s+(\d+)\s+%%EOF(?:\r\n|\n|\r|$)")
SPEC = {"/Type", "/F", "/UF", "/Desc", "/AFRelationship", "/EF"}
STREAM = {"/Type", "/Subtype", "/Params", "/Length", "/Filter"}
Tree = dict[str, IndirectObject]


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """``number``: from 0. ``length`` and ``sha256``: of the file as it was with this revision; ``files``: what it added."""

    number: int
    length: int
    sha256: str
    files: tuple[EmbeddedFile, ...]


class History(msgspec.Struct, frozen=True, kw_only=True):
    """``events``: what the file itself says of its later revisions, checked against what they are."""

    revisions: tuple[Revision, ...]
    events: tuple[Event, ...]


def read_history(pdf: bytes) -> History:
    """The revisions of ``pdf``, oldest first. Raises ``BadPdf``: not readable, or a revision did what none may."""
    try:
        return _Reading(pdf).history()
    except (PdfError, KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError, OSError) as problem:
        raise BadPdf("broken", type(problem).__name__) from problem


def parsed_date(text: str) -> datetime:
    """A date as we write it (``D:20261126120000Z``, or pyHanko's ``+00'00'``); raises ``ValueError`` for any other."""
    bare = re.fullmatch(r"D:(\d{14})(?:Z|\+00'00'?)", text)
    if bare is None:
        raise ValueError("not a date in UTC")
    return datetime.strptime(bare[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


class _Reading:
    """One file on its way through the rules."""

    def __init__(self, pdf: bytes) -> None:
        self.pdf = pdf
        self.reader = reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        if "/Encrypt" in reader.trailer:
            raise BadPdf("encrypted")
        if reader.xrefs.hybrid_xrefs_present or reader.total_revisions > MOST_REVISIONS:
            raise BadPdf("structure", "hybrid, or too many revisions")
        self.root = reader.root_ref
        self.trailers = [reader.trailer.flatten(number) for number in range(reader.total_revisions)]

    def history(self) -> History:
        ends = self._ends()
        trees = [self._tree(number) for number in range(len(ends))]
        for number in range(1, len(ends)):
            self._require_only_added(number, ends, trees)
        revisions = tuple(
            Revision(
                number=number,
                length=end,
                sha256=sha256(self.pdf[:end]),
                files=tuple(
                    self._file(number, key, ref)
                    for key, ref in trees[number].items()
                    if not number or key not in trees[number - 1]
                ),
            )
            for number, end in enumerate(ends)
        )
        return History(revisions=revisions, events=self._told(revisions))

    def _ends(self) -> list[int]:
        """Where each revision's bytes end. Never by looking for ``%%EOF``: a file inside can hold that."""
        ends: list[int] = []
        for number in range(self.reader.total_revisions):
            place = self.reader.xrefs.get_xref_container_info(number)
            if ends and place.declared_startxref < ends[-1]:
                raise BadPdf("structure", "sections are not one after another")
            found = END.search(self.pdf, place.end_location)
            if found is None or int(found[1]) != place.declared_startxref:
                raise BadPdf("broken", "a section has no end")
            ends.append(found.end())
        if ends[-1] != len(self.pdf):
            raise BadPdf("hidden", "bytes after the last revision")
        return ends

    def _at(self, ref: Reference, number: int) -> Any:
        return self.reader.get_object(ref, revision=number)

    def _inner(self, value: Any, number: int) -> Any:
        return self._at(value.reference, number) if isinstance(value, IndirectObject) else value

    def _tree(self, number: int) -> Tree:
        root = self._at(self.root, number)
        names = self._inner(_raw(root, "/Names"), number) or {}
        tree = self._inner(_raw(names, "/EmbeddedFiles"), number) or {}
        if "/Kids" in tree:
            raise BadPdf("structure", "the tree of embedded files is not flat")
        flat = self._inner(_raw(tree, "/Names"), number) or []
        keys = [str(flat[at]) for at in range(0, len(flat), 2)]
        refs = [flat.raw_get(at) for at in range(1, len(flat), 2)] if flat else []
        if len(set(keys)) != len(refs) or not all(isinstance(ref, IndirectObject) for ref in refs):
            raise BadPdf("structure", "the tree of embedded files is not one name, one file")
        return dict(zip(keys, refs, strict=True))

    def _require_only_added(self, number: int, ends: list[int], trees: list[Tree]) -> None:
        section = self.reader.xrefs.get_xref_data(number)
        place = self.reader.xrefs.get_xref_container_info(number)
        if place.xref_section_type is not XRefSectionType.STANDARD or section.xrefs_in_objstm or section.freed:
            raise BadPdf("structure", "a later revision with streams of references, or with freed objects")
        for _, offset in section.standard_xrefs.values():
            if not ends[number - 1] <= offset < place.declared_startxref:
                raise BadPdf("hidden", "an object of a revision lies outside it")
        self._require_same_trailer(number)
        old, new = trees[number - 1], trees[number]
        if any(new.get(key) != ref for key, ref in old.items()):
            raise BadPdf("file-replaced")
        added = [ref for key, ref in new.items() if key not in old]
        allowed = self._require_same_catalog(number, added) | self._files_objects(number, added)
        changed = self.reader.xrefs.explicit_refs_in_revision(number)
        if changed - allowed:
            raise BadPdf("replaced", f"{len(changed - allowed)} objects that no revision may touch")
        if not added:
            raise BadPdf("history", "a revision that adds nothing")

    def _require_same_trailer(self, number: int) -> None:
        before, now = self.trailers[number - 1], self.trailers[number]
        if set(now) - {"/Size", "/Root", "/Info", "/ID", "/Prev"}:
            raise BadPdf("structure", "something else in the trailer")
        for key in ("/Root", "/Info"):
            if _raw(before, key) != _raw(now, key) or not isinstance(_raw(now, key), IndirectObject):
                raise BadPdf("replaced", f"another {key}")
        if before["/ID"][0] != now["/ID"][0]:
            raise BadPdf("replaced", "another document id")

    def _require_same_catalog(self, number: int, added: list[IndirectObject]) -> set[Reference]:
        """The few objects that may be written anew, once it is sure that nothing else in them changed."""
        before, now = self._at(self.root, number - 1), self._at(self.root, number)
        if _without(before, MAY_CHANGE) != _without(now, MAY_CHANGE):
            raise BadPdf("replaced", "the catalog")
        meta, names = _raw(now, "/Metadata"), [self._inner(_raw(one, "/Names"), at) or {}
                                               for one, at in ((before, number - 1), (now, number))]  # fmt: skip
        if meta != _raw(before, "/Metadata") or not isinstance(meta, IndirectObject):
            raise BadPdf("replaced", "another place of the metadata")
        if _without(names[0], {"/EmbeddedFiles"}) != _without(names[1], {"/EmbeddedFiles"}):
            raise BadPdf("replaced", "names")
        stream = self._at(meta.reference, number)
        if not isinstance(stream, StreamObject) or set(stream) - STREAM:
            raise BadPdf("structure", "metadata")
        olds, news = ([_raw_item(one, at) for at in range(len(one))] for one in
                      (self._inner(_raw(root, "/AF"), at) or [] for root, at in ((before, number - 1), (now, number))))  # fmt: skip
        if news[: len(olds)] != olds or {_id(ref) for ref in news[len(olds) :]} != {_id(ref) for ref in added}:
            raise BadPdf("file-replaced", "associated files")
        info = _raw(self.trailers[number], "/Info").reference
        if _without(self._at(info, number - 1), {"/ModDate"}) != _without(self._at(info, number), {"/ModDate"}):
            raise BadPdf("replaced", "the information about the document")
        return {self.root, meta.reference, info}

    def _files_objects(self, number: int, added: list[IndirectObject]) -> set[Reference]:
        """The objects of the files that revision ``number`` adds, and that none of them was there before."""
        own: set[Reference] = set()
        for ref in added:
            spec = self._at(ref.reference, number)
            inner = _raw(spec, "/EF")
            if set(spec) != SPEC or not isinstance(inner, DictionaryObject) or set(inner) != {"/F", "/UF"}:
                raise BadPdf("structure", "a file that is not as we write them")
            streams = [_raw(inner, "/F"), _raw(inner, "/UF")]
            if streams[0] != streams[1] or set(self._at(streams[0].reference, number)) - STREAM:
                raise BadPdf("structure", "a file that is not as we write them")
            own |= {ref.reference, streams[0].reference}
        if any(self.reader.xrefs.get_historical_ref(ref, number - 1) is not None for ref in own):
            raise BadPdf("hidden", "a file made of what was there before")
        return own

    def _file(self, number: int, key: str, ref: IndirectObject) -> EmbeddedFile:
        spec = self._at(ref.reference, number)
        inner = self._inner(_raw(spec, "/EF"), number)
        stream = self._inner(_raw(inner, "/UF") or _raw(inner, "/F"), number)
        return EmbeddedFile(
            name=key,
            data=stream.data,
            relationship=str(spec.get("/AFRelationship", "/"))[1:],
            media_type=str(stream.get("/Subtype", "/"))[1:],
        )

    def _told(self, revisions: tuple[Revision, ...]) -> tuple[Event, ...]:
        """The events of the newest revision. The first one's metadata are ours too, or they could be a page's contents
        under a second name, which the next revision would wipe out."""
        earlier: tuple[Event, ...] = ()
        for revision in revisions if len(revisions) > 1 else ():
            number = revision.number
            root, info = self._at(self.root, number), self._inner(_raw(self.trailers[number], "/Info"), number)
            events = read_told(
                self._inner(_raw(root, "/Metadata"), number).data,
                title=str(info["/Title"]),
                language=str(root["/Lang"]),
                created=parsed_date(str(info["/CreationDate"])),
                modified=parsed_date(str(info["/ModDate"])),
            )
            if number:
                before, names = revisions[number - 1], [file.name for file in revision.files]
                require_added(events, earlier, length=before.length, sha256=before.sha256, names=names)
            earlier = events
        return earlier


def _raw(mapping: Any, key: str) -> Any:
    """The value as it stands, a reference unresolved; ``None`` if it is not there."""
    return mapping.raw_get(key) if key in mapping else None


def _raw_item(array: Any, at: int) -> Any:
    return array.raw_get(at)


def _id(ref: Any) -> tuple[int, int]:
    return (ref.idnum, ref.generation)


def _without(mapping: Any, keys: set[str]) -> dict[str, Any]:
    return {key: _raw(mapping, key) for key in mapping if key not in keys}
