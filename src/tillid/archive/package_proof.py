"""Whether what lies in a whole package holds: each record with all that lies beside it, the events as one series, answers and
PDF against what the records name (R-85, ADR 0057).

What the package says of itself is believed nowhere: the verdicts that lie in it are not read, and its own description
(``version.json``) is held against records whose seals held. Nothing here asks anybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from tillid.archive.package_check import Checked, Source
from tillid.archive.package_events import PastEvent, read_events
from tillid.archive.package_read import Listed, PackageRefused
from tillid.archive.package_verdict import inside
from tillid.consents.attestation import AttestedText
from tillid.consents.model import DocumentRef
from tillid.consents.reception import OF_EMPLOYEES
from tillid.consents.record_facts import read_record
from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import is_id
from tillid.signatures.receipt import OWN, zipped
from tillid.signatures.receipt_verify import MAX_BYTES, Evidenced, Judge, OwnSigned, own_signature_in, verify_receipt
from tillid.signatures.verdict import Verdict, verdict

DATA = "representations/data/data/"
RECORDS = DATA + "records/"
DOCUMENT = "representations/pdfa/data/document.pdf"
ITSELF = "verdict.json"  # what the sender's Tillid said of a record: shown by nobody, believed by nobody
MAX_TEXT, MAX_PDF = 50_000_000, 100_000_000
MAX_VALUES = 1_000_000  # in a list of ours: what JSON makes of three bytes takes seventy
_IN_PDF = re.compile(r"record-([0-9a-f-]{36})(\.xml|\.tst|\.personal|\.personal\.tst)\Z")
_BESIDE = {".xml": "record.xml", ".tst": "record.tst", ".personal": OWN, ".personal.tst": "personal.tst"}
_ABOUT_MEETINGS = "MeetingConsent"  # records about no version

Found = tuple[str, Verdict]  # what it is about: a path in the package, without the representation's; and what is so
Named = DocumentRef | AttestedText


class PdfRevision(Protocol):
    """One state of a PDF: the SHA-256 of the file with it, and the files that it added."""

    @property
    def sha256(self) -> str: ...
    @property
    def files(self) -> Sequence[Any]: ...


# Of a PDF; none where it cannot be read, or something was done to it that we never do.
Revisions = Callable[[bytes], Sequence[PdfRevision]]


class Judges(msgspec.Struct, frozen=True, kw_only=True):
    """Who judges, with whose trust. ``personal``: a person's own signature with all that lies beside it."""

    record: Judge
    evidenced: Evidenced
    personal: Callable[[OwnSigned], Verdict]
    log_keys: frozenset[str]


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """``version.json``: which document and version the sender says that it is."""

    document: str
    number: str
    version: int
    answers_sha256: str
    answers_all_here: bool
    definition_as_pinned: bool
    pdf: tuple[dict[str, Any], ...]


class _Id(msgspec.Struct):
    id: str


class _InPdf(msgspec.Struct):
    """Of a PDF's own data; the rest is passed over and takes no memory."""

    document: _Id


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """``described``: ``None`` for a package that is none of Tillid's."""

    described: Described | None
    found: tuple[Found, ...]


def prove(source: Source, checked: Checked, judges: Judges) -> Proof:
    """What is so of each part. Raises ``PackageRefused`` when a file is no longer the one that was checked; never for anything
    that is in one."""
    held = _Held(source, checked)
    described = held.described()
    text = held.text("events.jsonl")
    if described is None or text is None:
        return Proof(described=None, found=(("version.json", inside("inside.none")),))
    events = read_events(text, described.document)
    records = _Records(held, judges, described, {one.id: one for one in events or ()})
    found = tuple(records.all())
    series: Found = ("events.jsonl", inside("inside.events" if events is None else "inside.events.ok"))
    answers: Found = ("answers.json", _answers(held, described, records.named))
    return Proof(described=described, found=(*found, series, answers))


def prove_pdf(source: Source, checked: Checked, proof: Proof, revisions: Revisions) -> Proof:
    """``proof`` with what is so of the PDF. Apart from the rest, for this alone opens a stranger's PDF."""
    if proof.described is None:
        return proof
    one = ("document.pdf", _pdf(_Held(source, checked), proof.described, revisions))
    return msgspec.structs.replace(proof, found=(*proof.found, one))


class _Held:
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
        return data if data is not None and sum(map(data.count, (b",", b"[", b"{"))) <= MAX_VALUES else None

    def described(self) -> Described | None:
        try:
            found = msgspec.json.decode(self.text("version.json") or b"", type=Described)
            return found if is_id(found.document) else None
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def digest(self, path: str) -> str:
        """What METS says, which the check held against the file; empty for no file."""
        return self.files[path].sha256 if path in self.files else ""


class _Records:
    """Every record on its way. ``named``: what the records say of the document, each with the verdict on its seal."""

    def __init__(self, held: _Held, judges: Judges, described: Described, events: Mapping[str, PastEvent]) -> None:
        self._held, self._judges, self._described, self._events = held, judges, described, events
        self.named: list[tuple[Verdict, Named]] = []

    def all(self) -> Iterator[Found]:
        """In the order of the events; what belongs to none last."""
        there: dict[str, list[Listed]] = {}
        for path, one in self._held.files.items():
            if path.startswith(RECORDS):
                there.setdefault(path.removeprefix(RECORDS).split("/", 1)[0], []).append(one)
        for event in self._events.values():
            if event.sealed and event.id not in there:
                yield f"records/{event.id}", inside("inside.record")
            elif event.id in there:
                yield from self._one(event.id, there.pop(event.id), event)
        for event_id, files in there.items():
            yield from self._one(event_id, files, None)

    def _one(self, event_id: str, files: list[Listed], event: PastEvent | None) -> Iterator[Found]:
        name, before = f"records/{event_id}", f"{RECORDS}{event_id}/"
        if sum(one.size for one in files) > MAX_BYTES:
            yield name, inside("inside.too-large")
            return
        members = {one.path.removeprefix(before): self._held.read(one.path, MAX_BYTES) or b"" for one in files}
        members.pop(ITSELF, None)
        receipt = zipped(members)
        found = verify_receipt(receipt, self._judges.record, self._judges.log_keys, self._judges.evidenced)
        found = self._of_event(found, event)
        if found.signed is not None and (named := _named(found)) is not None:
            self.named.append((found, named))
        yield name, found
        if (own := own_signature_in(receipt)) is not None:
            yield f"{name}/{OWN}", self._judges.personal(own)

    def _of_event(self, found: Verdict, event: PastEvent | None) -> Verdict:
        """``found``, unless its record is about another event or document than those it lies with."""
        if found.signed is None:
            return found
        if event is None:
            return inside("inside.stray", **found.details)
        said = found.details
        if (said["record"], said["event_sha256"]) != (event.id, event.digest):
            return verdict("store.other-event", **said)
        return found if said["document"] == self._described.document else verdict("pdf.other-document", **said)


def _named(found: Verdict) -> Named | None:
    """The version that a record is about; ``None`` for one about a meeting."""
    kind, signed = found.details["kind"], found.signed or b""
    if kind.startswith(_ABOUT_MEETINGS):
        return None
    try:
        return OF_EMPLOYEES.get(kind, read_record)(signed).document
    except TillidError:
        return None


def _answers(held: _Held, described: Described, named: list[tuple[Verdict, Named]]) -> Verdict:
    """Answers and form against every record about this version; only one whose seal holds says what they were."""
    about = [(found, one) for found, one in named if one.version == described.version]
    form, answers = held.digest(DATA + "definition.json"), held.digest(DATA + "answers.json")
    for _, one in about:
        wrong_form = described.definition_as_pinned and one.definition_digest != form
        other = described.answers_sha256 != one.answers_digest
        if wrong_form or other or (described.answers_all_here and answers != one.answers_digest):
            return inside("inside.answers", version=str(described.version))
    if not any(found.passed for found, _ in about):
        return inside("inside.answers.unnamed", version=str(described.version))
    return inside("inside.answers.ok" if described.answers_all_here else "inside.answers.part")


def _pdf(held: _Held, described: Described, revisions: Revisions) -> Verdict:
    """The revisions that the package names, in order, and in them the very files that lie in the package."""
    data = held.read(DOCUMENT, MAX_PDF)
    made = revisions(data) if data else ()
    if not made:
        return inside("inside.pdf.broken")
    if [one.sha256 for one in made] != [str(one.get("sha256")) for one in described.pdf]:
        return inside("inside.pdf")
    if _document_in(made[0]) != described.document:
        return inside("inside.pdf")
    for file in (file for one in made for file in one.files):
        known = _IN_PDF.match(file.name)
        if known and sha256(file.data) != held.digest(f"{RECORDS}{known[1]}/{_BESIDE[known[2]]}"):
            return inside("inside.pdf", file=file.name)
    return inside("inside.pdf.ok", revisions=str(len(made)))


def _document_in(first: PdfRevision) -> str:
    """Which document the PDF's own data say that it is."""
    data = next((file.data for file in first.files if file.name == "answers.json"), b"")
    try:
        return msgspec.json.decode(data, type=_InPdf).document.id
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
