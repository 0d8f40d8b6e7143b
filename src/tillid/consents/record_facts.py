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
from tillid.kernel.clock import parse_instant
from tillid.signatures.names import ROOT, consent
from tillid.signatures.schema import NotValid, require_valid
from tillid.signatures.xml import parse

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
    root = parse(signed)
    require_valid(root)
    if root.tag != ROOT or root[1].tag.rpartition("}")[2] not in KINDS:
        raise NotValid("no record of a consent")
    header, body = root[0], root[1]
    recorded, withdraws, valid_to = _at(body, "Recorded"), _at(body, "Withdraws"), _text(body, "ValidTo")
    oral, previous, basis = _at(body, "OralPermission"), _at(header, "Previous"), _at(body, "Basis")
    items = _at(body, "Items")
    return RecordFacts(
        kind=KINDS[body.tag.rpartition("}")[2]],
        record_id=_text(header, "RecordId"),
        series_id=_text(header, "SeriesId"),
        sequence=int(_text(header, "Sequence")),
        previous=None if previous is None else previous.get("sha256"),
        event_digest=_at(header, "Event").get("sha256"),
        created_at=parse_instant(_text(header, "CreatedAt")),
        request_id=body.get("request"),
        controller=_organisation(_at(header, "Controller")),
        from_unit=_organisation(_at(body, "From")),
        to_unit=_organisation(_at(body, "To")),
        holder_id=_at(body, "Holder").get("uuid"),
        holder_name=_text(_at(body, "Holder"), "Name"),
        role=_at(body, "Holder").get("role"),
        child_id=_at(body, "Child").get("uuid"),
        child_name=_text(_at(body, "Child"), "Name"),
        purpose=Purpose(code=_at(body, "Purpose").get("code"), text=_text(body, "Purpose")),
        basis=None if basis is None else Basis(code=basis.get("code"), provision=basis.text),
        document=_document(_at(body, "Document")),
        items=() if items is None else tuple(_item(node) for node in items),
        answers={} if items is None else {n.get("item"): n.get("answer") == "yes" for n in items if n.get("answer")},
        oral=None if oral is None else oral.get("answer") == "yes",
        valid_to=date.fromisoformat(valid_to) if valid_to else None,
        text=_shown(_at(body, "ShownText")),
        login=_login(_at(body, "Login")),
        recorded_by=None if recorded is None else recorded.get("by"),
        method=_method(body),
        paper=_paper(_at(body, "Paper")),
        withdraws=None if withdraws is None else (withdraws.get("event"), withdraws.get("sha256")),
        stylesheet_digest=_at(body, "SealedAs").get("stylesheetSha256"),
        renews=_renews(_at(body, "Renews")),
    )


def _at(node: Any, name: str) -> Any:
    return node.find(consent(name))


def _text(node: Any, name: str) -> str:
    return node.findtext(consent(name), "")


def _organisation(node: Any) -> Organisation:
    return Organisation(id=node.get("uuid"), name=_text(node, "Name"), cvr=node.get("cvr", ""))


def _document(node: Any) -> DocumentRef:
    definition, pdf = _at(node, "Definition"), _at(node, "Pdf")
    return DocumentRef(
        document_id=node.get("uuid"),
        version=int(node.get("version")),
        title=_text(node, "Title"),
        form_id=definition.get("form"),
        form_version=int(definition.get("version")),
        definition_digest=definition.get("sha256"),
        template_digest=_at(node, "Template").get("sha256"),
        answers_digest=_at(node, "Answers").get("sha256"),
        pdf_sha256=pdf.get("sha256"),
        pdf_size=int(pdf.get("size")),
    )


def _item(node: Any) -> ConsentItem:
    return ConsentItem(
        id=node.get("item"),
        kind=node.get("kind"),
        title=_text(node, "Title"),
        section_id=node.get("section", ""),
        field_ids=(),
        sensitive=node.get("sensitive") == "yes",
        digest=node.get("sha256"),
    )


def _shown(node: Any) -> ConsentText:
    return ConsentText(
        id=node.get("text"), version=int(node.get("version")), language=node.get("language"), body=node.text
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
    own = _at(node, "OwnAnswer")
    said = {} if own is None else {"event": own.get("event"), "digest": own.get("sha256")}
    return Renewed(request_id=node.get("request"), **said)


def _method(body: Any) -> Any:
    recorded = _at(body, "Recorded")
    if recorded is not None:
        return recorded.get("method")
    return "portal" if _at(body, "Paper") is None else "paper"


def _paper(node: Any) -> PaperEvidence | None:
    if node is None:
        return None
    return PaperEvidence(
        scan_sha256=node.get("scanSha256"),
        signed_on=date.fromisoformat(node.get("signedOn")),
        entered_by=node.get("enteredBy"),
        confirmed_by=node.get("confirmedBy"),
    )
