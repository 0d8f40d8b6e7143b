"""Packages of other installations, in ``var/imported`` (ADR 0057):

    <package id>/package      as it came, to the byte (a bag with its lists), or package.zip
    <package id>/trust        the sender's trust list, as it was given with it; ours is never asked
    <package id>/note.json    which package it is, its digest, who took it and what for, and what was said of its parts then

Written once, whole or not there, and never written to again; taken away whole by the operator, which ``removed.jsonl`` tells of.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from tillid.adapters import package_judges
from tillid.adapters.imported_bytes import copy_package, copy_trust, digest_at, folder_digest, place_of
from tillid.adapters.package_judges import judges_of
from tillid.adapters.package_sources import opened
from tillid.archive.imported import Imported, Removed, parts_of
from tillid.archive.package_check import Source, check, listing
from tillid.archive.package_held import MAX_PDF, Found, Proof
from tillid.archive.package_pdf import prove_pdf
from tillid.archive.package_proof import prove
from tillid.archive.package_read import PackageRefused
from tillid.kernel.errors import TillidError
from tillid.kernel.files import put, sync
from tillid.kernel.ids import is_id, new_id

TRUST, NOTE = "trust", "note.json"
GONE = "removed.jsonl"
DAY = 86_400.0
MOST_WORDS = 300  # letters that are kept of a name in METS


class AlreadyImported(TillidError):
    code = "imported.already"
    text = "Pakken er taget ind i forvejen ({id}). Den kan ikke tages ind igen eller erstattes."


class NotProven(TillidError):
    """``found``: what was said of each part."""

    code = "imported.not-proven"
    text = "Pakken er ikke taget ind, for {count} af dens dele holder ikke: {named}."

    def __init__(self, found: Sequence[Found]) -> None:
        # The names are the package's: fit for a terminal.
        bad = ["".join(c if c.isprintable() else "\ufffd" for c in of[:60]) for of, one in found if not one.passed]
        super().__init__(f"{len(bad)} of {len(found)}", count=len(bad), named=", ".join(bad[:5]))
        self.found = found


class ImportedDamaged(TillidError):
    code = "imported.damaged"
    text = "En pakke, der er taget ind ({id}), er ikke længere, som den kom. Hent mappen fra en sikkerhedskopi."


class ImportedPackages:
    """Implements ``ports_imported.ImportedPackages`` in ``folder``; several processes may read while one takes a package in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(
        self, path: Path, trust: Path, *, controller: str, purpose: str, by: str, moment: datetime, doubts: bool = False
    ) -> Imported:
        """Copy the package at ``path``, check and judge the copy, keep it. ``doubts``: also where something cannot be told; what
        fails is never taken. Raises ``PackageRefused``, ``NotProven``, ``AlreadyImported``, ``TillidError`` (``trust.…``)."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep(moment)
        beside = self._folder / f".{new_id()}.part"
        beside.mkdir(mode=0o700)
        try:
            trusted = copy_trust(trust, beside / TRUST)
            form, digest = copy_package(path, beside)
            source = opened(place_of(beside, form))
            checked = check(source)
            if not is_id(checked.mets.id):
                raise PackageRefused("package.not-ours")
            if (self._folder / checked.mets.id).exists():
                raise AlreadyImported(checked.mets.id, id=checked.mets.id)
            proof = prove(source, checked, judges_of(beside / TRUST, moment))
            if proof.described is None:
                raise PackageRefused("package.not-ours")
            _require_proven(proof, doubts)  # a forged package's PDF is not even opened
            proof = prove_pdf(source, checked, proof, package_judges.revisions)
            _require_proven(proof, doubts)
            note = Imported(
                id=checked.mets.id,
                label=checked.mets.label[:MOST_WORDS],
                agents=tuple(one[:MOST_WORDS] for one in checked.mets.agents[:10]),
                made_at=checked.mets.made_at[:40],
                document_id=proof.described.document,
                number=proof.described.number[:40],
                controller=controller,
                purpose=purpose,
                taken_at=moment,
                taken_by=by,
                form=form,
                sha256=digest,
                trust_sha256=trusted,
                files=len(checked.files),
                size=checked.size,
                parts=parts_of(proof.found),
            )
            put(beside / NOTE, msgspec.json.encode(note), mode=0o400)
            _name(beside, self._folder / note.id)
            return note
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def all(self) -> list[Imported]:
        """Newest first. Raises ``ImportedDamaged``."""
        found = [one for name in self.ids() if (one := self.get(name)) is not None]
        return sorted(found, key=lambda one: (one.taken_at, one.id), reverse=True)

    def get(self, package_id: str) -> Imported | None:
        """Raises ``ImportedDamaged``."""
        if not self.has(package_id):
            return None
        try:
            note = msgspec.json.decode((self._folder / package_id / NOTE).read_bytes(), type=Imported)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ImportedDamaged(type(error).__name__, id=package_id) from error
        if note.id != package_id:
            raise ImportedDamaged("another package's note", id=package_id)
        return note

    def judged(self, note: Imported, moment: datetime) -> Proof:
        """Its records, events and answers, judged at ``moment`` with the sender's trust. The PDF was judged when it came, and
        every byte is still the same. Raises ``ImportedDamaged``."""
        source = self._same(note)
        try:
            checked = listing(source, source.entries())
            return prove(source, checked, judges_of(self._folder / note.id / TRUST, moment))
        except PackageRefused as error:
            raise ImportedDamaged(error.code, id=note.id) from error

    def read(self, note: Imported, path: str) -> bytes | None:
        """The bytes of a file of the package, ``None`` for one that it does not have, or that no page could carry. Raises
        ``ImportedDamaged``."""
        source = self._same(note)
        try:
            size = source.entries().get(path, MAX_PDF + 1)
            return b"".join(source.chunks(path)) if size <= MAX_PDF else None
        except PackageRefused as error:
            raise ImportedDamaged(error.code, id=note.id) from error

    def ids(self, after: str = "") -> Iterator[str]:
        """Of those that are there, whole or damaged, in order; those that follow ``after``."""
        names = (one.name for one in self._folder.iterdir()) if self._folder.is_dir() else ()
        return (name for name in sorted(names) if name > after and self.has(name))

    def read_again(self, package_id: str) -> int:
        """Every byte of it and of its trust list is what came. Returns how many the package has; 0 for one that is there no more.
        Raises ``ImportedDamaged``."""
        try:
            note = self.get(package_id)
            if note is not None:
                self._same(note)
        except ImportedDamaged:
            if not self.has(package_id):  # taken away while it was read
                return 0
            raise
        return note.size if note is not None else 0

    def has(self, package_id: str) -> bool:
        """Whether it is there, whole or damaged."""
        return is_id(package_id) and (self._folder / package_id).is_dir()

    def remove(self, package_id: str, *, purpose: str, by: str, moment: datetime) -> None:
        """Take a package that is there (``has``) away whole, with its trust list: what stays is a line in ``removed.jsonl``. Raises
        ``OSError``."""
        line = Removed(id=package_id, at=moment, by=by, purpose=purpose)
        with os.fdopen(os.open(self._folder / GONE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        beside = self._folder / f".{new_id()}.part"
        os.rename(self._folder / package_id, beside)  # gone for every reader at once
        sync(self._folder)
        shutil.rmtree(beside)

    def _sweep(self, moment: datetime) -> None:
        """What a killed command left a day ago or more goes: it may hold all of a package."""
        for left in self._folder.glob(".*.part"):
            if left.lstat().st_mtime < moment.timestamp() - DAY:
                shutil.rmtree(left, ignore_errors=True)

    def _same(self, note: Imported) -> Source:
        """What is kept, if it and its trust list are what came."""
        place = place_of(self._folder / note.id, note.form)
        try:
            if digest_at(place, note.form) != note.sha256:
                raise ImportedDamaged("another digest", id=note.id)
            if note.trust_sha256 not in ("", folder_digest(self._folder / note.id / TRUST)):
                raise ImportedDamaged("another trust list", id=note.id)
            return opened(place)
        except (PackageRefused, OSError) as error:
            raise ImportedDamaged(type(error).__name__, id=note.id) from error


def _require_proven(proof: Proof, doubts: bool) -> None:
    accepted = {"passed", "indeterminate"} if doubts else {"passed"}
    if any(one.status not in accepted for _, one in proof.found):
        raise NotProven(proof.found)


def _name(beside: Path, place: Path) -> None:
    for folder, _, _ in os.walk(beside):
        sync(Path(folder))
    try:
        os.rename(beside, place)
    except OSError as error:  # another was quicker
        if place.exists():
            raise AlreadyImported(place.name, id=place.name) from error
        raise
    sync(place.parent)
