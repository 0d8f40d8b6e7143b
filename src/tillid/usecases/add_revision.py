"""In the archive's copy a signed document carries its attachments and records: each added as a revision of the file, so that
the bytes a holder's answer was about stay an exact prefix (issue 5, ADR 0029).

Only the archive's copy: a parent's or receiver's file holds nothing about another holder (design 16, 24). A failure here
delays the revision and nothing else: event, record and effect were committed before.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from tillid.consents.events import Event
from tillid.documents.model import ArchiveRevision, Document, Version
from tillid.documents.rendering import attached_files
from tillid.forms.readers import ARCHIVE
from tillid.forms.showing import projection
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import parse_instant
from tillid.kernel.errors import TillidError, Unavailable
from tillid.signatures.personal import personal_moment
from tillid.signatures.timestamp_token import read_token
from tillid.usecases.facts import requests_of
from tillid.usecases.fill import definition_of
from tillid.usecases.freeze_record import KINDS
from tillid.usecases.ports import AddedFile, House, OpenHouse, OutboxEntry
from tillid.usecases.seal_record import ANSWERS, ATTESTED, PERSONAL, PERSONAL_STAMP, RECEIVED, RECORD, TIMESTAMP

STEP = "add_revision"
ATTACHMENTS = "attachments"  # the key of the revision with the attached files; every other is an event's id, or
STAMP = ".tst"  # an event's id and this: the timestamp of its record, which comes when an authority answers
OWN = ".personal"  # an event's id and this: the person's own signature over its record
EVIDENCE = (
    ".er"  # an event's id and this: what proves its record for long life (ADR 0041), with that record as it was frozen
)
FROZEN_SUFFIX = ".frozen"
PDF = "application/pdf"
SUFFIX = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


class PartMissing(Unavailable):
    """The archive's copy cannot be put together; the step waits for the part, and the administrator reads which is away."""

    @property
    def why(self) -> str:
        return self.detail


class NotAPrefix(TillidError):
    code = "archive.not-a-prefix"
    text = "Tilføjelsen til arkivets kopi blev ikke gemt, fordi den ville ændre dokumentet."

    @property
    def why(self) -> str:
        return self.detail


class _Next(msgspec.Struct, frozen=True, kw_only=True):
    """The next revision to make: ``key`` (an event's id or ``ATTACHMENTS``), its files, and its moment."""

    key: str
    files: tuple[AddedFile, ...]
    moment: datetime


def let_add_revision(house: House, document_id: str, version: int, cause: str) -> None:
    """Remember that the archive's copy is behind; ``cause`` is what came: an event's id, or ``copy`` for the copy itself.
    Nothing as long as the version is neither signed nor attested nor received."""
    if _carried(house.ledger.of_document(document_id), version):
        house.outbox.add(STEP, {"document": document_id, "version": str(version), "cause": cause}, house.moment)


def add_revision(open_house: OpenHouse, entry: OutboxEntry) -> None:
    """Add what is missing, one revision after another, oldest first. Nothing before the archive has its copy (its render
    asks again) or before the document is signed, attested or received. The moment of a revision is its event's, or what its timestamp says."""
    document_id, number = entry.ids["document"], int(entry.ids["version"])
    while True:
        with open_house() as house:
            version = house.documents.version(document_id, number)
            document = house.documents.get(document_id)
            missing = _missing(house, document, version) if document and version else None
            if version is None or missing is None:
                return
            before, renderer = archive_bytes(house, version), house.renderer
        after = renderer.append(before, missing.files, missing.moment)
        _keep(open_house, version, missing.key, before, after)


def archive_bytes(house: House, version: Version) -> bytes:
    """The archive's copy with every revision added so far. Raises ``Unavailable`` if a part of it is not there."""
    copy = version.copies["archive"]
    newest = version.archive_revisions[-1] if version.archive_revisions else None
    parts = [house.blobs.get(copy.sha256), *(house.blobs.get(one.tail) for one in version.archive_revisions)]
    data = b"".join(part for part in parts if part is not None)
    if sha256(data) != (newest.sha256 if newest else copy.sha256):
        raise PartMissing("a part of the archive's copy is missing or damaged", code="archive.copy-damaged",
                          text="Arkivets kopi kan ikke læses lige nu. Kontakt jeres administrator.")  # fmt: skip
    return data


def _missing(house: House, document: Document, version: Version) -> _Next | None:
    events = house.ledger.of_document(document.id)
    carried = _carried(events, version.number)
    if "archive" not in version.copies or not carried:
        return None
    made = {one.key for one in version.archive_revisions}
    if not made and (files := _attachments(house, version)):
        return _Next(key=ATTACHMENTS, files=files, moment=version.frozen_at)
    for event in carried:
        if event.id not in made:
            record = house.ledger.attachments(event.id).get(RECORD)
            # A withdrawal that waits for its seal holds later records back: revisions stand in the order of events.
            return _Next(key=event.id, files=(_record(event, record),), moment=event.at) if record else None
    return (
        _missing_stamp(house, carried, made)
        or _missing_personal(house, carried, made)
        or _missing_evidence(house, carried, made)
    )


def _missing_stamp(house: House, answers: list[Event], made: set[str]) -> _Next | None:
    """The first timestamp that is there and not added. A record never waits for one, nor one for another."""
    for event in answers:
        token = None if event.id + STAMP in made else house.ledger.attachments(event.id).get(TIMESTAMP)
        if token is not None:
            return _Next(key=event.id + STAMP, files=(_stamp(event, token),), moment=read_token(token).moment)
    return None


def _missing_personal(house: House, answers: list[Event], made: set[str]) -> _Next | None:
    """The first signature of a person's own, and then its timestamp, that is there and not added."""
    for event in answers:
        attached = house.ledger.attachments(event.id)
        for kind, suffix in ((PERSONAL, OWN), (PERSONAL_STAMP, OWN + STAMP)):
            if kind in attached and event.id + suffix not in made:
                data = attached[kind]
                moment = personal_moment(data) if kind == PERSONAL else read_token(data).moment
                return _Next(key=event.id + suffix, files=(_personal(event, data, suffix),), moment=moment)
    return None


def _missing_evidence(house: House, answers: list[Event], made: set[str]) -> _Next | None:
    """The first record, or person's own signature, whose renewed evidence is there, holds and is not added: as it is when it comes
    (ADR 0076, 0079)."""
    keeper = house.evidence
    for event in answers if keeper is not None else ():
        for suffix, kind in KINDS.items():
            key = event.id + suffix + EVIDENCE
            frozen = None if key in made else house.ledger.attachments(event.id).get(kind)
            if keeper is None or frozen is None or (record := keeper.record_of(frozen)) is None:
                continue
            proof = keeper.judged(frozen, house.moment)
            if proof is not None and proof.passed:
                moment = parse_instant(proof.details["proven_at"])
                return _Next(key=key, files=_evidence(event, frozen, record, suffix), moment=moment)
    return None


def _carried(events: list[Event], number: int) -> list[Event]:
    """The events whose records the archive's copy of the version carries: its attestation, the answers once it is signed, and the receiver's
    acknowledgements."""
    own = _requests(events, number)
    signed = _signed(events, own)
    return [
        event
        for event in events
        if (signed and event.request_id in own and event.kind in ANSWERS)
        or (event.kind in (ATTESTED, RECEIVED) and event.payload["document"]["version"] == number)
    ]


def _requests(events: list[Event], number: int) -> set[str]:
    return {request.id for request in requests_of(events) if request.document.version == number}


def _signed(events: list[Event], requests: set[str]) -> bool:
    return any(event.kind == "set_signed" and event.request_id in requests for event in events)


def _record(event: Event, record: bytes) -> AddedFile:
    words = {
        "consent_given": "Samtykke",
        "consent_refused": "Nej til samtykke",
        "consent_withdrawn": "Tilbagekaldelse",
        ATTESTED: "Attestation",
        RECEIVED: "Modtagerens kvittering",
    }
    return AddedFile(
        name=f"record-{event.id}.xml",
        data=record,
        media_type="application/xml",
        relationship="Supplement",
        description=f"{words[event.kind]}, forseglet post",
    )


def _stamp(event: Event, token: bytes) -> AddedFile:
    return AddedFile(
        name=f"record-{event.id}{STAMP}",
        data=token,
        media_type="application/pkcs7-signature",  # a token is CMS; RFC 3161 names a type for the whole answer only
        relationship="Supplement",
        description="Tidsstempel til den forseglede post",
    )


def _personal(event: Event, data: bytes, suffix: str) -> AddedFile:
    """R-103: told apart from the seal by name and words."""
    stamp = suffix != OWN
    return AddedFile(
        name=f"record-{event.id}{suffix}",
        data=data,
        media_type="application/pkcs7-signature" if stamp else "application/xml",
        relationship="Supplement",
        description="Tidsstempel til personens egen underskrift" if stamp else "Personens egen underskrift på posten",
    )


def _evidence(event: Event, frozen: bytes, record: bytes, suffix: str) -> tuple[AddedFile, AddedFile]:
    """What is frozen has a name of its own kind: what ends in ``.xml`` is a record to be judged."""
    name, own = f"record-{event.id}{suffix}", suffix.startswith(OWN)
    whole = "Personens egen underskrift med alt om dens certifikat" if own else "Posten med alt om dens certifikater"
    proof = "Fornyet bevis for personens egen underskrift (RFC 4998)" if own else "Fornyet bevis for posten (RFC 4998)"
    return (
        AddedFile(name=name + FROZEN_SUFFIX, data=frozen, media_type="application/xml", relationship="Supplement",
                  description=whole),
        AddedFile(name=name + EVIDENCE, data=record, media_type="application/octet-stream", relationship="Supplement",
                  description=proof),
    )  # fmt: skip


def _attachments(house: House, version: Version) -> tuple[AddedFile, ...]:
    """The attached files the archive may see, each once, named by number and digest: a file's own name can tell of people."""
    seen = projection(definition_of(house, version), version.answers, ARCHIVE)
    named = {file.sha256: file for value in seen.values() for file in attached_files(value)}
    made = []
    for place, file in enumerate(named.values(), start=1):
        data = house.blobs.get(file.sha256)
        if data is None:
            raise PartMissing("an attached file is missing", code="archive.attachment-missing",
                              text="En vedhæftet fil kan ikke læses lige nu. Kontakt jeres administrator.")  # fmt: skip
        name = f"attachment-{place:02}-{file.sha256[:16]}.{SUFFIX.get(file.media_type, 'bin')}"
        made.append(
            AddedFile(
                name=name,
                data=data,
                media_type=file.media_type,
                relationship="Supplement",
                description=f"Bilag {place}",
            )
        )
    return tuple(made)


def _keep(open_house: OpenHouse, seen: Version, key: str, before: bytes, after: bytes) -> None:
    """Store the new bytes alone: what was there before is their prefix and kept already."""
    if not after.startswith(before):
        raise NotAPrefix("the earlier bytes changed")
    with open_house() as house:
        version = house.documents.version(seen.document_id, seen.number)
        if version is None or version.archive_revisions != seen.archive_revisions:
            return  # another was quicker; the loop reads again
        revision = ArchiveRevision(
            key=key,
            sha256=sha256(after),
            size=len(after),
            tail=house.blobs.put(after[len(before) :], PDF),
            made_at=house.moment,
        )
        house.documents.replace_version(
            msgspec.structs.replace(version, archive_revisions=(*version.archive_revisions, revision))
        )
