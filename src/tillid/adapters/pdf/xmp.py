"""The XMP packet of our PDFs, written whole: what LibreOffice 7.4 writes lacks PDF/UA's extension schema and says level B.

Rests on ISO 19005-3 6.6 (identification, extension schemas), ISO 14289-1 5 (PDF/UA identification), ISO 16684-1 (XMP).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from tillid.kernel.clock import instant

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "stEvt": "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
EXTENSION = (
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>"
    f"<pdfaSchema:namespaceURI>{NAMESPACES['pdfuaid']}</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>PDF/UA part</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>"
    "</rdf:li></rdf:Bag></pdfaExtension:schemas>"
)


class Event(NamedTuple):
    """One line of the file's history: a later revision tells here what it added."""

    moment: datetime
    action: str
    parameters: str


def packet(
    *, title: str, language: str, producer: str, created: datetime, modified: datetime, history: Iterable[Event] = ()
) -> bytes:
    """A whole XMP packet that declares PDF/A-3a and PDF/UA-1; the same input gives the same bytes."""
    events = "".join(
        f'<rdf:li rdf:parseType="Resource"><stEvt:action>{escape(e.action)}</stEvt:action><stEvt:when>{instant(e.moment)}</stEvt:when>'
        f"<stEvt:parameters>{escape(e.parameters)}</stEvt:parameters></rdf:li>"
        for e in history
    )
    spaces = " ".join(f"xmlns:{prefix}={quoteattr(uri)}" for prefix, uri in NAMESPACES.items())
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" {spaces}>'
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>"
        f"<pdf:Producer>{escape(producer)}</pdf:Producer>"
        f"<xmp:CreateDate>{instant(created)}</xmp:CreateDate><xmp:ModifyDate>{instant(modified)}</xmp:ModifyDate>"
        f"<xmp:MetadataDate>{instant(modified)}</xmp:MetadataDate>"
        + (f"<xmpMM:History><rdf:Seq>{events}</rdf:Seq></xmpMM:History>" if events else "")
        + f'{EXTENSION}</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>\n'
    )
    return text.encode()
