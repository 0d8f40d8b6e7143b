"""The parts of a record as XML elements, one function per type of ``signing/schemas/consent-1.xsd``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from tillid.consents.events import Event
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
from tillid.kernel.clock import instant
from tillid.kernel.cpr import holds_cpr
from tillid.kernel.errors import TillidError
from tillid.kernel.ids import is_id
from tillid.kernel.text import normal_newlines, unseen_characters
from tillid.signatures.rendering import CURRENT, stylesheet_digest
from tillid.signatures.schema import require_valid
from tillid.signatures.xml import document as written
from tillid.signatures.xml import element, parse


class RecordingSystem(msgspec.Struct, frozen=True, kw_only=True):
    """Which installation wrote the record."""

    version: str
    instance: str
    name: str = "Tillid"


def header(event: Event, controller: Organisation, system: RecordingSystem) -> Any:
    """Which event it is, where in its series, and whose data it is about."""
    return element(
        "Header",
        element("RecordId", event.id),
        element("SeriesId", event.series_id),
        element("Sequence", str(event.sequence)),
        digest("Previous", event.previous) if event.previous else None,
        digest("Event", event.digest),
        element("CreatedAt", instant(event.at)),
        organisation("Controller", controller),
        element("System", name=system.name, version=system.version, instance=system.instance),
    )


def whole(root: str, event: Event, controller: Organisation, system: RecordingSystem, body: Any) -> bytes:
    """The unsealed record of ``event``. Raises ``TillidError`` (``records.schema``) unless it is valid."""
    made = written(element(root, header(event, controller, system), body, schemaVersion="1.0"))
    require_valid(parse(made))
    return made


def words(name: str, text: str, /, **attributes: str) -> Any:
    """An element with free text. Refuses invisible characters (``records.characters``) and CPR numbers (R-102)."""
    text = normal_newlines(text)
    if forbidden := unseen_characters(text):
        raise TillidError(
            f"{name}: {', '.join(forbidden)}",
            code="records.characters",
            text="Teksten indeholder tegn, som ikke kan gemmes. Slet usynlige tegn, og prøv igen.",
        )
    no_cpr(name, text)
    return element(name, text, **attributes)


def no_cpr(name: str, text: str) -> str:
    """``text`` unchanged; raises ``TillidError`` (``records.cpr``) if it holds a CPR number (R-102)."""
    if not is_id(text) and holds_cpr(text):
        raise TillidError(
            f"{name} holds something with the shape of a CPR number",
            code="records.cpr",
            text="Et cpr-nummer må ikke stå i et samtykke. Fjern det fra teksten, og prøv igen.",
        )
    return text


def yes_no(value: bool) -> str:
    return "yes" if value else "no"


def digest(name: str, value: str) -> Any:
    return element(name, sha256=value)


def organisation(name: str, unit: Organisation) -> Any:
    return element(name, words("Name", unit.name), uuid=unit.id, cvr=unit.cvr or None)


def person(name: str, person_id: str, person_name: str, role: str | None = None) -> Any:
    return element(name, words("Name", person_name), uuid=person_id, role=role)


def purpose(value: Purpose) -> Any:
    return words("Purpose", value.text, code=value.code)


def basis(value: Basis) -> Any:
    return words("Basis", value.provision, code=value.code)


def document(ref: DocumentRef) -> Any:
    """The frozen version with all its digests (R-11)."""
    return element(
        "Document",
        words("Title", ref.title),
        element("Definition", form=ref.form_id, version=str(ref.form_version), sha256=ref.definition_digest),
        digest("Template", ref.template_digest),
        digest("Answers", ref.answers_digest),
        element("Pdf", sha256=ref.pdf_sha256, size=str(ref.pdf_size)),
        uuid=ref.document_id,
        version=str(ref.version),
    )


def items(chosen: Iterable[ConsentItem], answers: Mapping[str, bool] | None) -> Any:
    """The rows; ``answers`` is ``None`` for a withdrawal, which lists what it takes back."""
    return element(
        "Items",
        *(
            element(
                "Item",
                words("Title", item.title),
                item=item.id,
                kind=item.kind,
                section=item.section_id or None,
                sensitive=yes_no(item.sensitive),
                sha256=item.digest,
                answer=None if answers is None else yes_no(answers[item.id]),
            )
            for item in chosen
        ),
    )


def shown_text(text: ConsentText) -> Any:
    return words("ShownText", text.body, text=text.id, version=str(text.version), language=text.language)


def login(evidence: LoginEvidence) -> Any:
    """Who proved what to whom, by pseudonym and digest."""
    return element(
        "Login",
        issuer=no_cpr("issuer", evidence.issuer),
        subject=no_cpr("subject", evidence.subject),
        provider=evidence.provider,
        loa=evidence.loa,
        authTime=instant(evidence.auth_time),
        evidenceSha256=evidence.evidence_sha256,
    )


def paper(evidence: PaperEvidence) -> Any:
    """The sheet that was signed, and the two employees who stand for what was read from it (R-106)."""
    return element(
        "Paper",
        signedOn=evidence.signed_on.isoformat(),
        scanSha256=evidence.scan_sha256,
        enteredBy=evidence.entered_by,
        confirmedBy=evidence.confirmed_by,
    )


def renews(earlier: Renewed) -> Any:
    """The question that is renewed, and the giver's own yes to it, if there is one."""
    own = element("OwnAnswer", event=earlier.event, sha256=earlier.digest) if earlier.event else None
    return element("Renews", own, request=earlier.request_id)


def sealed_as(stylesheet: str = CURRENT) -> Any:
    """What the signature is (R-103) and how the record is shown again (R-104)."""
    return element(
        "SealedAs", meaning="platform-seal", stylesheet=stylesheet, stylesheetSha256=stylesheet_digest(stylesheet)
    )
