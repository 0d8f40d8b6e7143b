"""What a record says, read from the bytes its seal covers (``Verdict.signed``) and from nothing else."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from tillid.consents.model import (
    Basis,
    ConsentItem,
    ConsentText,
    DocumentRef,
    LoginEvidence,
    Organisation,
    PaperEvidence,
    Purpose,
    Renewed,
)
from tillid.consents.record_read import at, basis, item, name_of, opened, organisation, purpose, shown_text, text
from tillid.kernel.clock import parse_instant

KINDS = {
    "ConsentGiven": "consent_given",
    "ConsentRefused": "consent_refused",
    "ConsentWithdrawn": "consent_withdrawn",
}


class RecordFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The content of one record as values.

    ``answers`` is empty and ``items`` are the rows taken back in a withdrawal (none = everything); ``oral`` is ``None``
    when it was not asked. ``login``, ``paper`` or ``recorded_by`` say who pressed; ``method``: which of the ways it was.
    """

    kind: Literal["consent_given", "consent_refused", "consent_withdrawn"]
    record_id: str
    series_id: str
    sequence: int
    previous: str | None
    event_digest: str
    created_at: datetime
    request_id: str
    controller: Organisation
    from_unit: Organisation
    to_unit: Organisation
    holder_id: str
    holder_name: str
    role: str
    child_id: str
    child_name: str
    purpose: Purpose
    basis: Basis | None
    document: DocumentRef
    items: tuple[ConsentItem, ...]
    answers: dict[str, bool]
    oral: bool | None
    valid_to: date | None
    text: ConsentText
    login: LoginEvidence | None
    recorded_by: str | None
    method: Literal["portal", "phone", "in_person", "paper"]
    withdraws: tuple[str, str] | None
    stylesheet_digest: str
    paper: PaperEvidence | None = None
    renews: Renewed | None = None


def read_record(signed: bytes) -> RecordFacts:
    """The facts of a record. Raises ``XmlRefused`` or ``TillidError`` (``records.schema``) on anything else.

    Field ids inside the items are not in a record: their digest is, so ``ConsentItem.field_ids`` is empty here.
    """
    header, body = opened(signed, KINDS)
    recorded, withdraws, valid_to = at(body, "Recorded"), at(body, "Withdraws"), text(body, "ValidTo")
    oral, previous = at(body, "OralPermission"), at(header, "Previous")
    items = at(body, "Items")
    return RecordFacts(
        kind=KINDS[name_of(body)],
        record_id=text(header, "RecordId"),
        series_id=text(header, "SeriesId"),
        sequence=int(text(header, "Sequence")),
        previous=None if previous is None else previous.get("sha256"),
        event_digest=at(header, "Event").get("sha256"),
        created_at=parse_instant(text(header, "CreatedAt")),
        request_id=body.get("request"),
        controller=organisation(at(header, "Controller")),
        from_unit=organisation(at(body, "From")),
        to_unit=organisation(at(body, "To")),
        holder_id=at(body, "Holder").get("uuid"),
        holder_name=text(at(body, "Holder"), "Name"),
        role=at(body, "Holder").get("role"),
        child_id=at(body, "Child").get("uuid"),
        child_name=text(at(body, "Child"), "Name"),
        purpose=purpose(at(body, "Purpose")),
        basis=basis(at(body, "Basis")),
        document=_document(at(body, "Document")),
        items=() if items is None else tuple(item(node) for node in items),
        answers={} if items is None else {n.get("item"): n.get("answer") == "yes" for n in items if n.get("answer")},
        oral=None if oral is None else oral.get("answer") == "yes",
        valid_to=date.fromisoformat(valid_to) if valid_to else None,
        text=shown_text(at(body, "ShownText")),
        login=_login(at(body, "Login")),
        recorded_by=None if recorded is None else recorded.get("by"),
        method=_method(body),
        paper=_paper(at(body, "Paper")),
        withdraws=None if withdraws is None else (withdraws.get("event"), withdraws.get("sha256")),
        stylesheet_digest=at(body, "SealedAs").get("stylesheetSha256"),
        renews=_renews(at(body, "Renews")),
    )


def _document(node: Any) -> DocumentRef:
    definition, pdf = at(node, "Definition"), at(node, "Pdf")
    return DocumentRef(
        document_id=node.get("uuid"),
        version=int(node.get("version")),
        title=text(node, "Title"),
        form_id=definition.get("form"),
        form_version=int(definition.get("version")),
        definition_digest=definition.get("sha256"),
        template_digest=at(node, "Template").get("sha256"),
        answers_digest=at(node, "Answers").get("sha256"),
        pdf_sha256=pdf.get("sha256"),
        pdf_size=int(pdf.get("size")),
    )


def _login(node: Any) -> LoginEvidence | None:
    if node is None:
        return None
    return LoginEvidence(
        issuer=node.get("issuer"),
        subject=node.get("subject"),
        provider=node.get("provider"),
        loa=node.get("loa"),
        auth_time=parse_instant(node.get("authTime")),
        evidence_sha256=node.get("evidenceSha256"),
    )


def _renews(node: Any) -> Renewed | None:
    if node is None:
        return None
    own = at(node, "OwnAnswer")
    said = {} if own is None else {"event": own.get("event"), "digest": own.get("sha256")}
    return Renewed(request_id=node.get("request"), **said)


def _method(body: Any) -> Any:
    recorded = at(body, "Recorded")
    if recorded is not None:
        return recorded.get("method")
    return "portal" if at(body, "Paper") is None else "paper"


def _paper(node: Any) -> PaperEvidence | None:
    if node is None:
        return None
    return PaperEvidence(
        scan_sha256=node.get("scanSha256"),
        signed_on=date.fromisoformat(node.get("signedOn")),
        entered_by=node.get("enteredBy"),
        confirmed_by=node.get("confirmedBy"),
    )
