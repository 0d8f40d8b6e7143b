"""Everything that a package of one document holds, read from the store and from what proves it (issue 7 part 9, R-84, R-85).

Of what is the archive's (design 22) the version consented to, in the archive's own copy, with the answers that the archive may see; of
what is kept for good all of it (``hand_over.py``). A document whose evidence is not all there yet is not packed: a package without a proof would look whole.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from tillid.archive.fixity import of_events
from tillid.archive.keeping import keeping_of
from tillid.archive.kle import Filed, filed
from tillid.archive.package import Contents, Judged, PackageFile
from tillid.archive.retention_rules import our_rules
from tillid.consents.events import Event, broken_links
from tillid.consents.model import Organisation
from tillid.consents.remarks import remarks_of
from tillid.documents.model import Document
from tillid.documents.rendering import attached_files
from tillid.forms.readers import ARCHIVE
from tillid.kernel.canonical import canonical_json, json_digest, sha256
from tillid.kernel.clock import instant, local_day
from tillid.kernel.errors import TillidError
from tillid.signatures.receipt import LogProof, how_to_verify, spelled
from tillid.signatures.verdict import Verdict
from tillid.usecases.add_revision import PDF, SUFFIX, PartMissing, archive_bytes
from tillid.usecases.design_data import definition_data
from tillid.usecases.fetch_receipt import ReceiptNotYet, beside_of, zip_of
from tillid.usecases.hand_over import HandedOver, Holds, handed_over
from tillid.usecases.seal_record import RECORD, SEALED, TIMESTAMP

JSON, HTML, TEXT = "application/json", "text/html", "text/plain"
PDF_PATH = "representations/pdfa/data/document.pdf"
_TYPES = {"xml": "application/xml", "json": JSON, "html": HTML, "txt": TEXT, "pem": "application/pem-certificate-chain",
          "tst": "application/timestamp-reply", "xslt": "application/xslt+xml", "er": "application/octet-stream"}  # fmt: skip
# What is another with each head of the log, whosever events it grew by: no reason to hand the document over anew.
_OF_THE_MOMENT = frozenset({"checkpoint.txt", "proof.json", "verdict.json"})
_FORMS: dict[str, bytes] = {}  # by their digest: what has it is the same for everybody and for good
VerifyRecord = Callable[[bytes, bytes | None, datetime], Verdict]


class NotReady(TillidError):
    code = "package.not-ready"
    text = "Dokumentets beviser eller PDF er ikke færdige endnu: {named}. Prøv igen om lidt."


class UnknownDocument(TillidError):
    code = "package.unknown"
    text = "Der er intet dokument, barn eller sted med nummeret {named}."


class Proving(msgspec.Struct, frozen=True, kw_only=True):
    """Where the evidence is: ``proof_of`` an event's digest in the log, ``record_of`` frozen bytes, and what judges a record."""

    proof_of: Callable[[str], LogProof | None]
    record_of: Callable[[bytes], bytes | None]
    verify: VerifyRecord


def contents_of(house: Holds, proving: Proving, document_id: str, software: str) -> Contents:
    """Raises ``UnknownDocument``, ``NotTheArchives`` (``hand_over.py``), ``NotReady``, and ``Unavailable`` if bytes are missing or damaged."""
    document = house.documents.get(document_id)
    unit = house.people.unit(document.unit_id) if document else None
    if document is None or unit is None:
        raise UnknownDocument("no such document", named=document_id)
    events = house.ledger.of_document(document_id)
    given = handed_over(house, document, events)
    version, definition = given.version, given.definition
    pdf = _pdf(house, given)
    records, judged = _records(house, proving, document_id, events)
    broken = broken_links(events)
    return Contents(
        document_id=document_id,
        number=document.number,
        title=definition.title,
        version=version.number,
        frozen_at=version.frozen_at,
        controller=unit.controller,
        sender=Organisation(
            id=house.settings.municipality_id, name=house.settings.municipality, cvr=house.settings.cvr
        ),
        software=software,
        made_at=house.moment,
        filed=filed_of(house, document, events),
        events=tuple(events),
        judged=(
            Judged(kind="fixity check", of=f"document.pdf SHA-256 {sha256(pdf)}", outcome="success", file=PDF_PATH),
            Judged(kind="fixity check", of="events.jsonl", outcome="failure" if broken else "success"),
            *judged,
            *_read_again(house, given, events),
        ),
        pdfa=(PackageFile(path="document.pdf", data=pdf, media_type=PDF),),
        data=(*_answers(house, document, given), _events(events), *_attached(house, given), *records),
        documentation=(
            PackageFile(path="how-to-verify.html", data=how_to_verify(), media_type=HTML),
            PackageFile(path="about.txt", data=ABOUT.encode(), media_type=TEXT),
            *_restriction(events),
        ),
    )


def _restriction(events: list[Event]) -> Iterable[PackageFile]:
    """That the document's use is restricted, for who opens the package: why stands in the events, for who decides."""
    for one in remarks_of(events).restrictions[:1]:
        text = RESTRICTED.format(day=local_day(one.at).isoformat())
        yield PackageFile(path="restricted.txt", data=text.encode(), media_type=TEXT)


def filed_of(house: Holds, document: Document, events: list[Event]) -> Filed | None:
    """Its KLE subject and facet, as appraised or as its rule suggests."""
    form_id = document.definition.form_id
    rule = our_rules().of_forms().get(form_id)
    return filed(keeping_of(events).appraisal, rule, form_id, house.settings.choices)


def _pdf(house: Holds, given: HandedOver) -> bytes:
    """The archive's copy with all its revisions, or the copy of what is kept. Raises ``NotReady``, ``Unavailable``."""
    copy = given.version.copies.get(given.reader)
    if copy is None:
        raise NotReady(f"no {given.reader} copy yet", named=given.version.document_id)
    if given.reader == ARCHIVE:
        return archive_bytes(house, given.version)  # type: ignore[arg-type]
    return _blob(house, copy.sha256)


def _blob(house: Holds, digest: str) -> bytes:
    data = house.blobs.get(digest)
    if data is None or sha256(data) != digest:
        raise PartMissing("a file that goes along is missing or damaged", code="package.file-damaged",
                          text="En fil, der skal med i pakken, kan ikke læses. Kontakt jeres administrator.")  # fmt: skip
    return data


def _attached(house: Holds, given: HandedOver) -> Iterable[PackageFile]:
    """The files that its answers name, each once, by number and digest: in the archive's copy they lie in the PDF, in what is kept
    beside it. A file's own name can tell of people."""
    if given.reader == ARCHIVE:
        return
    named = {file.sha256: file for answer in given.answers.values() for file in attached_files(answer)}
    for place, file in enumerate(named.values(), start=1):
        name = f"attachments/{place:02}-{file.sha256[:16]}.{SUFFIX.get(file.media_type, 'bin')}"
        yield PackageFile(path=name, data=_blob(house, file.sha256), media_type=file.media_type)


def _read_again(house: Holds, given: HandedOver, events: list[Event]) -> Iterable[Judged]:
    """What the rolling check of all stored bytes last said (``check_fixity.py``), of this document and its files."""
    state, version, copy = house.blobs.fixity(), given.version, given.version.copies[given.reader]
    if state is None:
        return
    own = {f"document:{version.document_id}", f"blob:{copy.sha256}"}
    own |= {f"blob:{one.tail}" for one in version.archive_revisions}
    wrong = [*(one for one in state.damages if one.what in own), *of_events(state, (event.id for event in events))]
    for one in wrong:
        yield Judged(kind="fixity check", of=one.what, outcome="failure", detail=one.how, at=one.at, file=PDF_PATH)
    newest = max([version.frozen_at, copy.made_at, *(one.made_at for one in version.archive_revisions)])
    # Only a round that began when all of it was there has read all of it.
    if state.whole_from is not None and not wrong and newest < state.whole_from:
        about = "document and its files, in the rolling check of all that is stored"
        yield Judged(kind="fixity check", of=about, outcome="success", at=state.whole_at, file=PDF_PATH)


def _answers(house: Holds, document: Document, given: HandedOver) -> Iterable[PackageFile]:
    """``answers.json``: as the archive may see them, or all of what is kept; in RFC 8785, so that their digest is the frozen one where
    that is all."""
    version, definition, seen = given.version, given.definition, given.answers
    revisions = version.archive_revisions if given.reader == ARCHIVE else ()
    form = _form(house, definition)
    pinned = sha256(form) == definition.digest  # not where a unit has added fields: then as it was compiled
    about = {
        "document": document.id, "number": document.number, "child": document.child_id, "unit": document.unit_id,
        "version": version.number, "agreed": version.agreed, "corrected": version.corrected,
        "frozen_at": instant(version.frozen_at), "frozen_by": version.frozen_by,
        "answers_sha256": version.answers_digest, "answers_all_here": json_digest(seen) == version.answers_digest,
        "definition": msgspec.to_builtins(version.definition), "definition_as_pinned": pinned,
        "pdf": [msgspec.to_builtins(version.copies[given.reader]), *map(msgspec.to_builtins, revisions)],
    }  # fmt: skip
    yield PackageFile(path="version.json", data=canonical_json(about), media_type=JSON)
    yield PackageFile(path="answers.json", data=canonical_json(seen), media_type=JSON)
    yield PackageFile(path="definition.json", data=form, media_type=JSON)


def _form(house: Holds, definition: Any) -> bytes:
    """The form as it was published, whose SHA-256 is its digest; with fields that a unit has added, as it was compiled."""
    if (known := _FORMS.get(definition.digest)) is not None:
        return known
    source = canonical_json(definition_data(house, definition.id, definition.version))  # type: ignore[arg-type]
    if sha256(source) != definition.digest:
        return canonical_json(msgspec.to_builtins(definition))
    _FORMS[definition.digest] = source
    return source


def _events(events: Sequence[Event]) -> PackageFile:
    """Each in the stored form, whose SHA-256 is its digest and the log's leaf."""
    lines = b"".join(event.json() + b"\n" for event in events)
    return PackageFile(path="events.jsonl", data=lines, media_type=TEXT)


def _records(
    house: Holds, proving: Proving, document_id: str, events: Sequence[Event]
) -> tuple[list[PackageFile], list[Judged]]:
    """For each sealed event the files of its receipt, unpacked, and what verification says now (R-85)."""
    files, judged = [], []
    for event in (one for one in events if one.kind in SEALED):
        kinds = house.ledger.attachments(event.id)
        try:
            packed = zip_of(kinds, proving.proof_of(event.digest), beside_of(kinds, proving.record_of))
        except ReceiptNotYet as error:
            raise NotReady(error.detail, named=document_id) from error
        with zipfile.ZipFile(io.BytesIO(packed)) as receipt:
            files += [_file(f"records/{event.id}/{name}", receipt.read(name)) for name in receipt.namelist()]
        said = proving.verify(kinds[RECORD], kinds.get(TIMESTAMP), house.moment)
        report = spelled({"at": instant(house.moment), **said.public()})
        files.append(_file(f"records/{event.id}/verdict.json", report))
        judged.append(Judged(kind="digital signature validation", of=event.id, outcome=said.status, detail=said.step))
    return files, judged


def _file(path: str, data: bytes) -> PackageFile:
    kind = _TYPES.get(path.rsplit(".", 1)[-1], "application/octet-stream")
    fleeting = path.rsplit("/", 1)[-1] in _OF_THE_MOMENT
    return PackageFile(path=path, data=data, media_type=kind, of_the_moment=fleeting)


ABOUT = """\
Pakken indeholder ét dokument fra Tillid efter E-ARK (CSIP og SIP 2.2.0).

representations/pdfa/data/document.pdf  dokumentet, som arkivet har det, med alle tilføjelser
representations/data/data/answers.json  svarene, som arkivet må se dem; alle svar, hvis dokumentet er mærket til bevaring
representations/data/data/definition.json  skemaet, svarene er givet i
representations/data/data/version.json  hvilken version det er, og dens kontroltal
representations/data/data/events.jsonl  hvad der er sket med dokumentet, en hændelse på hver linje
representations/data/data/attachments/  vedlagte filer, hvis de ikke ligger i PDF-filen
representations/data/data/records/  for hver forseglet hændelse: posten, dens certifikater, tidsstempel,
  bevis i loggen, læsbar gengivelse og verdict.json, som er resultatet af kontrollen, da pakken blev lavet
metadata/preservation/premis.xml  de samme hændelser og kontroller som PREMIS

Ligger der frozen- og .er-filer ved en post, er det dens langtidsbevis (RFC 4998). Se how-to-verify.html.

Pakken er ikke en arkiveringsversion efter Rigsarkivets regler. Den er et grundlag, som en kan dannes af.
"""

RESTRICTED = """\
BRUGEN AF DOKUMENTET ER BEGRÆNSET (databeskyttelsesforordningens artikel 18), siden {day}.

Nogen har gjort indsigelse mod det. Indtil den er afklaret, må det opbevares, men hverken gives videre eller bruges på anden måde.
Hvorfor, og om begrænsningen er ophævet, da pakken blev lavet, står i representations/data/data/events.jsonl.
"""
