"""The only XML parser of the project, and the writer of records.

A record file is its own exclusive C14N form (https://www.w3.org/TR/xml-exc-c14n/): one spelling per content, so that
any changed byte is seen. What cannot stand in that form is refused before the parser meets it.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from tillid.kernel.errors import TillidError
from tillid.signatures.names import CONSENT, DS, XADES, consent

MAX_BYTES = 2_000_000
MAX_ATTRIBUTES = 16  # the richest element has 8; canonical form takes the square of their number
Element = Any  # lxml's element; other floors handle it without importing lxml


class XmlRefused(TillidError):
    """These bytes are not XML we read. ``reason``: a step code of ``verdict.REASONS``."""

    code = "xml.refused"
    text = "Filen kan ikke læses som en samtykkepost."

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# In well-formed XML "<!" opens a comment, CDATA or a DTD and nothing else; "<?" opens a processing instruction.
_FORBIDDEN = (
    (b"<!--", "form.comment"),
    (b"<![CDATA[", "form.cdata"),
    (b"<!", "form.doctype"),
    (b"<?xml ", "form.spelling"),
    (b"<?", "form.instruction"),
)

_NO_ELEMENT = re.compile(rb"<[!?]")

# The declarations of a sealed record, behind "xmlns".
_OURS = tuple(f'{name}="{where}"'.encode() for name, where in (("", CONSENT), (":ds", DS), (":xades", XADES)))


def parse(data: bytes) -> Element:
    """The root element of a record file. Raises ``XmlRefused`` for everything but plain UTF-8 elements and text."""
    if len(data) > MAX_BYTES:
        raise XmlRefused("unreadable.too-large")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise XmlRefused("unreadable.not-xml") from None
    if b"<" not in data or b"\x00" in data:
        raise XmlRefused("unreadable.not-xml")
    if _NO_ELEMENT.search(data):
        reason = next(reason for mark, reason in _FORBIDDEN if mark in data)
        # Only a file that is about a record is a *changed* record; any other XML is simply something else.
        raise XmlRefused(reason if CONSENT.encode() in data else "unreadable.not-a-record")
    root = _parse(data)
    if any(len(node.attrib) > MAX_ATTRIBUTES for node in root.iter()):
        raise XmlRefused("form.shape")
    if not all(behind.startswith(_OURS) for behind in data.split(b"xmlns")[1:]):
        _require_canonical_form(root, data)
    return root


def _require_canonical_form(root: Element, data: bytes) -> None:
    """A namespace that is no absolute address has none (https://www.w3.org/TR/xml-exc-c14n/, section 1.3): what is parsed here
    can be written again everywhere."""
    try:
        canonical(root)
    except etree.LxmlError:
        raise XmlRefused("form.namespaces" if CONSENT.encode() in data else "unreadable.not-a-record") from None


def _parse(data: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        remove_comments=False,
        remove_pis=False,
        strip_cdata=False,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise XmlRefused("unreadable.not-xml") from None


def other(data: bytes, *, encoding: str | None = None, at: str | None = None) -> Element:
    """The root of XML that is no record: a package's METS, a part of a docx, a schema or stylesheet of ours. No entity is put in,
    no DTD read, nothing fetched from a network; what it may hold is for the caller to ask. ``encoding``: whatever it declares;
    ``at``: the path that its relative names start from. Raises ``lxml.etree.XMLSyntaxError``."""
    parser = etree.XMLParser(
        encoding=encoding, resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    return etree.fromstring(data, parser, base_url=at)


def canonical(root: Element) -> bytes:
    """Exclusive C14N without comments: the stored spelling of a record."""
    return etree.tostring(root, method="c14n", exclusive=True, with_comments=False)


def element(name: str, /, *content: Any, **attributes: str | None) -> Element:
    """A record element from its children (elements or text, ``None`` left out) and attributes (``None`` left out).

    Raises ``TillidError`` (``records.characters``) for characters that XML cannot hold.
    """
    try:
        made = etree.Element(consent(name), nsmap={None: CONSENT})
        for key, value in attributes.items():
            if value is not None:
                made.set(key, value)
        for part in content:
            if isinstance(part, str):
                made.text = part
            elif part is not None:
                made.append(part)
    except ValueError:
        raise TillidError(
            f"{name} holds characters that XML cannot hold",
            code="records.characters",
            text="Teksten indeholder tegn, som ikke kan gemmes. Slet usynlige tegn, og prøv igen.",
        ) from None
    return made


def document(root: Element) -> bytes:
    """The bytes of a record made with ``element``: indented for human eyes, then canonical."""
    etree.cleanup_namespaces(root)
    etree.indent(root, space=" ")
    return canonical(root)
