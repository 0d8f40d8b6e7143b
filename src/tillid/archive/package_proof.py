"""Whether what lies in a whole package holds: each record with all that lies beside it, the events as one series, answers and
attached files against what the records name (R-85, ADR 0057); the PDF: ``package_pdf.py``.

What the package says of itself is believed nowhere: the verdicts that lie in it are not read, and its own description
(``version.json``) is held against records whose seals held. Nothing here asks anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import msgspec

from tillid.archive.package_check import Checked, Source
from tillid.archive.package_events import PastEvent, read_events
from tillid.archive.package_held import ATTACHED, DATA, RECORDS, Described, Found, Held, Proof
from tillid.archive.package_read import Listed
from tillid.archive.package_verdict import inside
from tillid.consents.attestation import AttestedText
from tillid.consents.model import DocumentRef
from tillid.consents.reception import OF_EMPLOYEES
from tillid.consents.record_facts import read_record
from tillid.kernel.errors import TillidError
from tillid.signatures.receipt import OWN, zipped
from tillid.signatures.receipt_verify import MAX_BYTES, Evidenced, Judge, OwnSigned, own_signature_in, verify_receipt
from tillid.signatures.verdict import Verdict, verdict

ITSELF = "verdict.json"  # what the sender's Tillid said of a record: shown by nobody, believed by nobody
_ABOUT_MEETINGS = "MeetingConsent"  # records about no version

Named = DocumentRef | AttestedText


class Judges(msgspec.Struct, frozen=True, kw_only=True):
    """Who judges, with whose trust. ``personal``: a person's own signature with all that lies beside it."""

    record: Judge
    evidenced: Evidenced
    personal: Callable[[OwnSigned], Verdict]
    log_keys: frozenset[str]


def prove(source: Source, checked: Checked, judges: Judges) -> Proof:
    """What is so of each part. Raises ``PackageRefused`` when a file is no longer the one that was checked; never for anything
    that is in one."""
    held = Held(source, checked)
    described = held.described()
    text = held.text("events.jsonl")
    if described is None or text is None:
        return Proof(described=None, found=(("version.json", inside("inside.none")),))
    events = read_events(text, described.document)
    records = _Records(held, judges, described, {one.id: one for one in events or ()})
    found = tuple(records.all())
    series: Found = ("events.jsonl", inside("inside.events" if events is None else "inside.events.ok"))
    answers: Found = ("answers.json", _answers(held, described, records.named))
    return Proof(described=described, found=(*found, series, answers, *_attached(held)))


class _Records:
    """Every record on its way. ``named``: what the records say of the document, each with the verdict on its seal."""

    def __init__(self, held: Held, judges: Judges, described: Described, events: Mapping[str, PastEvent]) -> None:
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


def _answers(held: Held, described: Described, named: list[tuple[Verdict, Named]]) -> Verdict:
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


def _attached(held: Held) -> Iterator[Found]:
    """The files beside the answers: each is one that an answer names by its digest."""
    there = {one.sha256 for path, one in held.files.items() if path.startswith(ATTACHED)}
    if there:
        yield "attachments", inside("inside.attached.ok" if there <= held.named() else "inside.attached")
