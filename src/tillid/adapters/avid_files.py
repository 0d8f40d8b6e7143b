"""The feed for a Danish archive version on the disk: written row by row, whole or not there (R-84, ADR 0056)."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from lxml import etree

from tillid.archive.avid import FileOf, Piece, Row
from tillid.archive.avid_index import (
    OWN,
    XSI,
    Context,
    context_index,
    listed,
    row,
    schemas,
    spelled,
    table_index,
    table_space,
)  # fmt: skip
from tillid.archive.avid_tables import BY_NAME, NUMBER, TABLES
from tillid.kernel.files import sync

PER_FOLDER = 10_000  # documents in one docCollection (BEK 128/2020)
_SUFFIX = {
    "application/pdf": "pdf",
    "application/xml": "xml",
    "application/json": "json",
    "text/html": "html",
    "text/plain": "txt",
    "application/pem-certificate-chain": "pem",
    "application/timestamp-reply": "tst",
}


class Feed:
    """``out`` gets its name when all is in it. ``name``: what the tables are called together."""

    def __init__(self, out: Path, name: str) -> None:
        self._out, self._name, self._open = out, name, ExitStack()
        self._part = out.with_name(f".{out.name}.part")
        self._rows: Counter[str] = Counter()
        self._longest: dict[tuple[str, str], int] = {}
        self._hashed: list[tuple[str, int, str, str]] = []

    def __enter__(self) -> Feed:
        """Raises ``FileExistsError``, ``OSError``. What a killed run left is taken away."""
        if os.path.lexists(self._out) or self._part.is_symlink():
            raise FileExistsError(self._out)
        shutil.rmtree(self._part, ignore_errors=True)
        self._part.mkdir(mode=0o700, parents=True)
        self._tables = {
            table.name: self._stream(f"Tables/table{NUMBER[table.name]}/table{NUMBER[table.name]}.xml",
                                     f"{{{table_space(table)}}}table", {None: table_space(table), "xsi": XSI})
            for table in TABLES
        }  # fmt: skip
        self._documents = self._stream("Indices/docIndex.xml", f"{{{OWN}}}docIndex", {None: OWN})
        return self

    def __exit__(self, kind: Any, *_error: object) -> None:
        if kind is None:
            self._open.close()
            return
        with suppress(OSError, etree.LxmlError):  # what is left unwritten goes in any case
            self._open.close()
        shutil.rmtree(self._part, ignore_errors=True)

    def add(self, pieces: Iterable[Piece]) -> None:
        """Rows and files, in their order. Raises ``OSError``."""
        for piece in pieces:
            if isinstance(piece, FileOf):
                self._file(piece)
            else:
                self._row(*piece)

    def end(self, contexts: tuple[Context, ...], about: bytes) -> int:
        """Write the indices and give the folder its name. Returns how many files it has. Raises ``OSError``."""
        self._open.close()
        for folder, data in schemas():
            self._put(f"Tables/{folder}/{folder}.xsd", data)
        self._put("Indices/tableIndex.xml", table_index(self._name, self._rows, self._longest))
        for one in contexts:
            self._put(f"ContextDocumentation/docCollection1/{one.id}/{one.name}", one.data)
        self._put("Indices/contextDocumentationIndex.xml", context_index(contexts))
        self._put("about.txt", about)
        for path in sorted(self._part.rglob("*.xml")):
            name = path.relative_to(self._part).as_posix()
            if name.startswith("Tables/") or name == "Indices/docIndex.xml":
                self._hash(name)
        files = len(self._hashed)
        with ExitStack() as ended:
            index = _element(ended, self._part / "Indices" / "fileIndex.xml", f"{{{OWN}}}fileIndex", {None: OWN})
            for path, size, md5, sha256 in sorted(self._hashed):
                folder, _, name = path.rpartition("/")
                values = {"foN": folder, "fiN": name, "md5": md5, "size": str(size), "sha256": sha256}
                _write(index, listed("f", values))
        sync(self._part / "Indices" / "fileIndex.xml")
        os.rename(self._part, self._out)
        sync(self._out.parent)
        return files + 1

    def _row(self, name: str, values: Row) -> None:
        table = BY_NAME[name]
        _write(self._tables[name], row(table, values))
        self._rows[name] += 1
        for column, value in zip(table.columns, values, strict=True):
            if column.kind == "text" and value is not None:
                key = (name, column.name)
                self._longest[key] = max(self._longest.get(key, 1), len(spelled(value)))

    def _file(self, one: FileOf) -> None:
        suffix = _SUFFIX.get(one.media_type, "bin")
        collection = f"docCollection{(one.id - 1) // PER_FOLDER + 1}"
        self._put(f"Documents/{collection}/{one.id}/1.{suffix}", one.data)
        values = {"dID": str(one.id), "mID": "1", "dCf": collection, "oFn": one.name, "aFt": suffix}
        _write(self._documents, listed("doc", values))

    def _put(self, name: str, data: bytes) -> None:
        path = self._part / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        self._note(
            name, len(data), hashlib.md5(data, usedforsecurity=False).hexdigest(), hashlib.sha256(data).hexdigest()
        )

    def _hash(self, name: str) -> None:
        """Of a file that was written row by row, and is larger than memory may be."""
        sync(self._part / name)
        sums = []
        for kind in (lambda: hashlib.md5(usedforsecurity=False), hashlib.sha256):
            with (self._part / name).open("rb") as file:
                sums.append(hashlib.file_digest(file, kind).hexdigest())
        self._note(name, (self._part / name).stat().st_size, *sums)

    def _note(self, name: str, size: int, md5: str, sha256: str) -> None:
        self._hashed.append((name, size, md5, sha256))

    def _stream(self, name: str, tag: str, spaces: dict[str | None, str]) -> Any:
        return _element(self._open, self._part / name, tag, spaces)


def _element(stack: ExitStack, path: Path, tag: str, spaces: dict[str | None, str]) -> Any:
    """An open XML file with an open root, closed with ``stack``."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = stack.enter_context(
        path.open("wb")
    )  # not lxml's own: what does not fit on the disk at its end, that loses without a word
    writer = stack.enter_context(etree.xmlfile(file, encoding="utf-8"))
    writer.write_declaration()
    stack.enter_context(writer.element(tag, nsmap=spaces))
    writer.write("\n")
    return writer


def _write(writer: Any, element: Any) -> None:
    """Bit by bit, so that no row says again which names are whose."""
    _copy(writer, element)
    writer.write("\n")


def _copy(writer: Any, element: Any) -> None:
    with writer.element(element.tag, dict(element.attrib)):
        if element.text:
            writer.write(element.text)
        for child in element:
            _copy(writer, child)
