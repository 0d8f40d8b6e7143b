"""One file of any kind → its verdicts: a record, a PDF with records in it, a receipt, a bundle of receipts, or a folder of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from tillid.kernel.errors import TillidError
from tillid.signatures.algorithms import read_algorithms
from tillid.signatures.engines import Engine
from tillid.signatures.long_term_xades import parts
from tillid.signatures.personal import enveloped, envelops_sealed, expected_over, may_envelop
from tillid.signatures.personal_evidenced import verify_frozen_personal, verify_own
from tillid.signatures.receipt_verify import OwnSigned, own_signature_in, receipts_in, verify_receipt
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp_token import MAX_BYTES as MAX_TOKEN_BYTES
from tillid.signatures.trust import Trust
from tillid.signatures.verdict import Verdict, verdict
from tillid.signatures.verify import verify
from tillid.signatures.xml import MAX_BYTES

if TYPE_CHECKING:
    from tillid.cli.verify_pdf import PdfJudged

Pdfs = dict[str, "PdfJudged"]
Found = tuple[str, Verdict]
MAX_PDF_BYTES = 100_000_000
TOGETHER, SMALL = 16, 100_000  # so many files are judged together, if they have no more bytes than this
LARGER = (b"%PDF-", b"PK\x03\x04")  # how the files begin that may be larger than a record
PLAIN, ALL = ("*.xml", "*.zip"), ("*.xml", "*.pdf", "*.zip")


@dataclass(kw_only=True)
class Judging:
    """How files are judged. ``both``: folders to their bottom, and a second engine; ``log_keys``: of trusted logs; ``lack``:
    why there is no trust list; ``pdfs``: what a PDF's records say together, by the file's name."""

    trust: Trust
    at: datetime
    both: bool = False
    log_keys: frozenset[str] = frozenset()
    lack: TillidError | None = None
    pdfs: Pdfs = field(default_factory=dict)
    _files: tuple[Path, ...] = ()
    _held: dict[Path, bytes] = field(default_factory=dict)
    _waiting: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    _known: dict[bytes, Verdict] = field(default_factory=dict)

    def record(self, data: bytes, token: bytes | None) -> Verdict:
        """The verdict on a record with the timestamp that lies beside it."""
        return verify_timed(data, self.trust, at=self.at, token=token, verifier=self._verified if self.both else verify)

    def ahead(self, records: Sequence[bytes]) -> None:
        """These record files will be asked for next, unless what is known of them is enough: the first to be asked for is judged
        together with those near it (``verify_each``). Forgets those before."""
        some = [tuple(records[start : start + TOGETHER]) for start in range(0, len(records), TOGETHER)]
        self._waiting, self._known = {data: near for near in some for data in near}, {}

    def ahead_of(self, files: Sequence[Path]) -> None:
        """The same of those of ``files`` that look like records, each of which is read once."""
        self._files, self._held = tuple(files) if self.both else (), {}

    def _verified(self, data: bytes, trust: Trust, *, at: datetime) -> Verdict:
        # Only here: a record must be verifiable without it.
        from tillid.adapters.xmlsec_engine import verify_each_twice, verify_twice

        if at != self.at:
            return verify_twice(data, trust, at=at)
        if near := self._waiting.get(data):
            self._waiting = {one: those for one, those in self._waiting.items() if those is not near}
            with suppress(Exception):  # whichever of them it is breaks off again, alone
                self._known |= zip(near, verify_each_twice(near, trust, at=at), strict=True)
        return self._known.get(data) or verify_twice(data, trust, at=at)

    def _bytes_of(self, path: Path) -> bytes:
        if path in self._files:
            self._held = {file: data for file in self._files if (data := _small(file)) is not None}
            self._files = ()
            records = [data for data in self._held.values() if not data.startswith(LARGER) and not may_envelop(data)]
            self.ahead(records)
        return self._held.pop(path) if path in self._held else _read(path)

    def evidenced(self, record: bytes, data: bytes) -> Verdict:
        """The verdict on the frozen record ``data`` with its evidence ``record`` (``.er``)."""
        from tillid.signatures.evidenced import verify_evidenced

        verifier = self._verified if self.both else verify
        return verify_evidenced(record, data, self.trust, read_algorithms(), at=self.at, verifier=verifier)

    def own(self, own: OwnSigned) -> Verdict:
        """The verdict on a person's own signature with all that lies beside it."""
        about = expected_over(own.record)
        return verify_own(own, about, self.trust, read_algorithms(), at=self.at, second=self._second())

    def _second(self) -> Engine | None:
        return second_for_people() if self.both else None

    def files(self, path: Path) -> list[Path]:
        """The files to be judged in ``path``; itself when it is no folder."""
        try:
            folder = path.is_dir()
        except OSError:  # a name that can never be there
            folder = False
        if not folder:
            return [path]
        return sorted(found for one in (ALL if self.both else PLAIN) for found in _in(path, one, self.both))

    def path(self, path: Path) -> Iterator[Found]:
        """A verdict per record in ``path``: a folder's files, a PDF's embedded ``*.xml``, or the file itself."""
        files = self.files(path)
        if not files:
            yield shown(str(path)), self.told(verdict("unreadable.no-records"))
        for start in range(0, len(files), TOGETHER):
            some = files[start : start + TOGETHER]
            if len(files) > 1:  # else whoever asks may have looked ahead
                self.ahead_of(some)
            for file in some:
                yield from (
                    (name, self.told(one)) for name, one in survived(shown(str(file)), partial(self._file, file))
                )

    def told(self, one: Verdict) -> Verdict:
        """What cannot be told without a list: the reason is that there is no list, and what to do about it."""
        if self.lack is None or one.status != "indeterminate":
            return one
        return msgspec.structs.replace(one, step=self.lack.code, sentence=self.lack.message)

    def _file(self, path: Path) -> Iterator[Found]:
        name = shown(str(path))
        try:
            data = self._bytes_of(path)
        except OSError:
            yield name, verdict("unreadable.no-file")
            return
        if data.startswith(b"%PDF-"):
            # Only here: a plain record must be verifiable without any PDF library.
            from tillid.cli.verify_pdf import judge_pdf

            self.pdfs[name] = found = judge_pdf(data, self.record, shown, self.evidenced)
            yield from ((f"{name}!{record}" if record else name, one) for record, one in found.records)
            yield from ((f"{name}!{one}", told) for one, told in self._signed_in(found))
        elif data.startswith(b"PK\x03\x04"):
            yield from self._zip(name, data)
        elif envelops_sealed(data):
            held = parts(data)
            token = held.token or _beside(path)
            yield name, verify_frozen_personal(data, self.trust, at=self.at, token=token, second=self._second())
            if (about := enveloped(held.record)) is not None:
                yield f"{name}!record", self.record(about.record, None)
        else:
            yield name, self.record(data, _beside(path))

    def _zip(self, name: str, data: bytes) -> Iterator[Found]:
        from tillid.signatures.receipt import OWN

        inside = receipts_in(data)
        named = {name: data} if inside is None else {f"{name}!{shown(one)}": held for one, held in inside.items()}
        for one, held in named.items():
            yield one, verify_receipt(held, self.record, self.log_keys, self.evidenced)
            if (own := own_signature_in(held)) is not None:
                yield f"{one}!{OWN}", self.own(own)

    def _signed_in(self, pdf: PdfJudged) -> Iterator[Found]:
        """People's own signatures in an archive's copy (R-103), each over the record that the file has under its name."""
        files = {file.name: file.data for revision in pdf.revisions for file in revision.files}
        for name, data in files.items():
            if name.endswith(".personal"):
                record = files.get(name.removesuffix(".personal") + ".xml", b"")
                yield shown(name), self._own_in(files, name, record, data)

    def _own_in(self, files: dict[str, bytes], name: str, record: bytes, signature: bytes) -> Verdict:
        """By what is frozen with its lists, where that came later (ADR 0085), else as it was frozen first; a forgery in either counts."""
        found, token = [], files.get(f"{name}.tst")
        for one in (f"{name}.lt", name):
            pair = {"frozen": files.get(f"{one}.frozen"), "evidence": files.get(f"{one}.er")}
            if one == name or None not in pair.values():
                found.append(self.own(OwnSigned(record=record, signature=signature, token=token, **pair)))
        return next((one for one in found if one.status in ("failed", "unreadable")), found[0])


def second_for_people() -> Engine:
    """The second engine, for a person's own signature."""
    from tillid.adapters.xmlsec_engine import libxmlsec_personal

    return libxmlsec_personal


def twice(data: bytes, trust: Trust, *, at: datetime) -> Verdict:
    """The verdict of both engines on a record."""
    from tillid.adapters.xmlsec_engine import verify_twice

    return verify_twice(data, trust, at=at)


def survived(name: str, judge: Callable[[], Iterable[Found]]) -> Iterator[Found]:
    """What ``judge`` answers, to its end or to where it breaks off, which is a fault of ours: an alarm about ``name``, and never in the
    way of the files beside it, among which a forgery may be."""
    try:
        yield from judge()
    except Exception as error:
        yield name, verdict("engines.broke-off", error=type(error).__name__)


def shown(name: str) -> str:
    """A name fit for a terminal: whoever made the file chose it."""
    return "".join(letter if letter.isprintable() else "�" for letter in name[-200:])


def _in(folder: Path, pattern: str, deep: bool) -> Iterator[Path]:
    return folder.rglob(pattern) if deep else folder.glob(pattern)


def _beside(path: Path) -> bytes | None:
    """The timestamp of a record lies beside it under the same name: ``consent-1.xml``, ``consent-1.tst``. One that cannot be
    read is as good as none: whoever can take it away can take it away altogether."""
    try:
        return _read(path.with_suffix(".tst"), MAX_TOKEN_BYTES)
    except (OSError, ValueError):
        return None


def _small(path: Path) -> bytes | None:
    """The bytes of a small file; ``None`` for any other."""
    try:
        return _read(path) if path.stat().st_size <= SMALL else None
    except (OSError, ValueError):
        return None  # what is wrong with it is said when it is judged


def _read(path: Path, most: int = MAX_BYTES) -> bytes:
    """At most a record's bytes, or a PDF's or zip's. Raises ``OSError`` for all but a regular file: a pipe would never end."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError("not a regular file")
        head = file.read(most + 1)
        return head + (file.read(MAX_PDF_BYTES) if head.startswith(LARGER) else b"")
