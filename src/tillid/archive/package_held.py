"""The files of a package that is whole, as its parts are judged from them (``package_proof.py``, ``package_pdf.py``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from tillid.archive.package_check import Checked, Source
from tillid.archive.package_read import Listed, PackageRefused
from tillid.documents.files import files_in
from tillid.kernel.canonical import sha256
from tillid.kernel.ids import is_id
from tillid.signatures.verdict import Verdict

DATA = "representations/data/data/"
RECORDS = DATA + "records/"
ATTACHED = DATA + "attachments/"
DOCUMENT = "representations/pdfa/data/document.pdf"
MAX_TEXT, MAX_PDF = 50_000_000, 100_000_000
MAX_VALUES = 1_000_000  # in a list of ours: what JSON makes of three bytes takes seventy

Found = tuple[str, Verdict]  # what it is about: a path in the package, without the representation's; and what is so


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """``version.json``: which document and version the sender says that it is."""

    document: str
    number: str
    version: int
    answers_sha256: str
    answers_all_here: bool
    definition_as_pinned: bool
    pdf: tuple[dict[str, Any], ...]


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """``described``: ``None`` for a package that is none of Tillid's."""

    described: Described | None
    found: tuple[Found, ...]


class Held:
    """The files of a package, each read against its digest once more: a folder can change while it is looked at."""

    def __init__(self, source: Source, checked: Checked) -> None:
        self._source = source
        self.files: Mapping[str, Listed] = {one.path: one for one in checked.files}

    def read(self, path: str, most: int) -> bytes | None:
        """``None``: not there, or larger than ``most``."""
        one = self.files.get(path)
        if one is None or one.size > most:
            return None
        data = bytearray()
        for chunk in self._source.chunks(path):
            data += chunk
            if len(data) > one.size:
                break
        if sha256(data) != one.sha256:
            raise PackageRefused("package.checksum", path)
        return bytes(data)

    def text(self, name: str) -> bytes | None:
        data = self.read(DATA + name, MAX_TEXT)
        return data if data is not None and is_few(data) else None

    def answers(self) -> Any:
        """``None`` where they cannot be read."""
        try:
            return msgspec.json.decode(self.text("answers.json") or b"null")
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def described(self) -> Described | None:
        try:
            found = msgspec.json.decode(self.text("version.json") or b"", type=Described)
            return found if is_id(found.document) else None
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def digest(self, path: str) -> str:
        """What METS says, which the check held against the file; empty for no file."""
        return self.files[path].sha256 if path in self.files else ""

    def named(self) -> set[str]:
        """Digests of the files that the answers name."""
        return set(files_in(self.answers()))


def is_few(data: bytes) -> bool:
    """Whether it can be read as JSON within bounds."""
    return sum(map(data.count, (b",", b"[", b"{"))) <= MAX_VALUES
