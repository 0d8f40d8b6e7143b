"""What happened to a packaged document (PREMIS 3.0, https://www.loc.gov/standards/premis/v3/), and what it is (Dublin Core).

The ledger's events are the document's provenance; beside them stand the checks that were made when it was packed. People are
known by their ids alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from lxml import etree

from tillid.archive.package_mets import XSI, PackageFile
from tillid.kernel.canonical import sha256
from tillid.kernel.clock import instant

if TYPE_CHECKING:
    from tillid.archive.package import Contents

PREMIS, DC = "http://www.loc.gov/premis/v3", "http://purl.org/dc/elements/1.1/"
SYSTEM = "system"  # who acts in the ledger where no person does
# Our kinds in the words of the Library of Congress (id.loc.gov/vocabulary/preservation/eventType); ours stand in the detail.
_TYPES = {
    "document_created": "creation",
    "draft_moved": "migration",
    "version_shared": "dissemination",
    "handed_out": "dissemination",
    "consent_given": "digital signature generation",
    "consent_refused": "digital signature generation",
    "consent_withdrawn": "digital signature generation",
    "meeting_given": "digital signature generation",
    "meeting_refused": "digital signature generation",
    "meeting_withdrawn": "digital signature generation",
    "document_attested": "digital signature generation",
    "reception_acknowledged": "digital signature generation",
    "document_submitted": "accession",
    "version_corrected": "modification",
    "transfer_approved": "transfer",
    "forgotten": "deletion",
}
_OTHER = "policy assignment"  # what else is decided of it: asked, shared, held, appraised, closed


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A check. ``kind``: of PREMIS; ``of``: the event or file it is about; ``outcome``: a code; ``at``: when, ``None`` for when it was
    packed; ``file``: the file's path in the package, where it is about one."""

    kind: str
    of: str
    outcome: str
    detail: str = ""
    at: datetime | None = None
    file: str = ""


def premis(contents: Contents, package_id: str) -> bytes:
    """The package's: the document, its events, who took part."""
    root = _root()
    thing = _add(root, "object")
    thing.set(f"{{{XSI}}}type", "premis:intellectualEntity")
    _identify(thing, "object", "tillid-document", contents.document_id)
    for event in contents.events:
        _event(root, contents, "tillid-event", event.id, _TYPES.get(event.kind, _OTHER), instant(event.at),
               f"{event.kind}; SHA-256 {event.digest}", "", event.actor or SYSTEM)  # fmt: skip
    at = instant(contents.made_at)
    packed = Judged(kind="information package creation", of=package_id, outcome="success")
    for one in (*contents.judged, packed):
        about = f"{one.of} {one.detail}".strip()
        id_ = f"{package_id}-{sha256(f'{one.kind} {one.of}'.encode())[:16]}"
        moment = instant(one.at) if one.at else at
        _event(root, contents, "tillid-check", id_, one.kind, moment, about, one.outcome, SYSTEM, one.file)
    actors = {event.actor or SYSTEM for event in contents.events} | {SYSTEM}
    for actor in sorted(actors):
        agent = _add(root, "agent")
        _identify(agent, "agent", "tillid-agent", actor)
        if actor == SYSTEM:
            _add(agent, "agentName").text = f"Tillid {contents.software}"
        _add(agent, "agentType").text = "software" if actor == SYSTEM else "person"
    return _written(root)


def premis_files(name: str, files: Iterable[PackageFile]) -> bytes:
    """A representation's: each of its files with digest, size and format."""
    root = _root()
    for one in files:
        thing = _add(root, "object")
        thing.set(f"{{{XSI}}}type", "premis:file")
        _identify(thing, "object", "local-path", f"representations/{name}/{one.path}")
        kept = _add(thing, "objectCharacteristics")
        fixity = _add(kept, "fixity")
        _add(fixity, "messageDigestAlgorithm").text = "SHA-256"
        _add(fixity, "messageDigest").text = sha256(one.data)
        _add(kept, "size").text = str(len(one.data))
        _add(_add(_add(kept, "format"), "formatDesignation"), "formatName").text = one.media_type
    return _written(root)


def dublin_core(contents: Contents) -> bytes:
    """Which document it is, without a word of what it says or whom it is about."""
    root = etree.Element("metadata", nsmap={"dc": DC})
    described: tuple[tuple[str, str], ...] = (
        ("identifier", contents.document_id),
        ("identifier", contents.number),
        ("title", contents.title),
        ("creator", contents.controller.name),
        ("publisher", contents.sender.name),
        ("date", instant(contents.frozen_at)),
        ("type", "Text"),
        ("language", "da"),
    )
    if contents.filed is not None:
        described += (("subject", str(contents.filed)),)
    for name, value in described:
        etree.SubElement(root, f"{{{DC}}}{name}").text = value
    return _written(root)


def _event(root: Any, contents: Contents, id_type: str, id_: str, kind: str, at: str, detail: str, outcome: str,
           actor: str, file: str = "") -> None:  # fmt: skip
    event = _add(root, "event")
    _identify(event, "event", id_type, id_)
    _add(event, "eventType").text = kind
    _add(event, "eventDateTime").text = at
    _add(_add(event, "eventDetailInformation"), "eventDetail").text = detail
    if outcome:
        _add(_add(event, "eventOutcomeInformation"), "eventOutcome").text = outcome
    _identify(event, "linkingAgent", "tillid-agent", actor)
    _identify(event, "linkingObject", "tillid-document", contents.document_id)
    if file:
        _identify(event, "linkingObject", "local-path", file)


def _identify(parent: Any, what: str, kind: str, value: str) -> None:
    named = _add(parent, f"{what}Identifier")
    _add(named, f"{what}IdentifierType").text = kind
    _add(named, f"{what}IdentifierValue").text = value


def _root() -> Any:
    return etree.Element(f"{{{PREMIS}}}premis", nsmap={"premis": PREMIS, "xsi": XSI}, version="3.0")


def _add(parent: Any, name: str) -> Any:
    return etree.SubElement(parent, f"{{{PREMIS}}}{name}")


def _written(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
