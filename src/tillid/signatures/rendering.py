"""The fixed rendering of a record (R-104): its stylesheet's SHA-256 is sealed with the content, so that what was sealed
can be shown again, and only by the stylesheet that it was sealed with."""

from __future__ import annotations

from functools import cache

from lxml import etree

from tillid.kernel.canonical import sha256
from tillid.kernel.errors import TillidError
from tillid.signatures.names import consent
from tillid.signatures.schema import SCHEMAS
from tillid.signatures.xml import other, parse

CURRENT = "record-1.xslt"
ON_PAPER = "record-paper-1.xslt"
ATTESTED = "record-attested-1.xslt"
MEETING = "record-meeting-1.xslt"
SECOND = "record-2.xslt"  # what a young person answers for itself, and what is answered about a meeting on paper
RENEWING = "record-3.xslt"  # a yes that renews an earlier consent
RECEIVED = "record-received-1.xslt"


@cache
def stylesheet_digest(name: str = CURRENT) -> str:
    """SHA-256 of the bytes of a stylesheet in ``signing/schemas``."""
    return sha256((SCHEMAS / name).read_bytes())


def stylesheet_of(record: etree._Element) -> bytes:
    """The stylesheet whose digest ``record`` carries, as its bytes. Raises ``TillidError`` (``records.stylesheet``): none of ours has it."""
    named = record.find(f".//{consent('SealedAs')}")
    return _by_digest("" if named is None else named.get("stylesheetSha256", ""))


def _by_digest(digest: str) -> bytes:
    for path in SCHEMAS.glob("record-*.xslt"):
        data = path.read_bytes()
        if sha256(data) == digest:
            return data
    raise TillidError(
        "no stylesheet with that digest",
        code="records.stylesheet",
        text="Posten er lavet med en visning, som denne udgave af Tillid ikke kender.",
    )


def render(signed: bytes) -> bytes:
    """The HTML page of a record (``Verdict.signed``), made by exactly the stylesheet whose digest it carries.

    Raises ``TillidError`` (``records.stylesheet``) when no known stylesheet has that digest, ``XmlRefused`` on bad XML.
    """
    root = parse(signed)
    transform = etree.XSLT(other(stylesheet_of(root)), access_control=etree.XSLTAccessControl.DENY_ALL)
    return bytes(transform(root))
