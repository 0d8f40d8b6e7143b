"""XML itself: what a parser would fetch, expand, skip or read in two ways."""

from __future__ import annotations

from lxml import etree

from scripts.vectors.base import SEALED_RECORD, Node, Vector, canonical, changed, replaced, resigned
from tillid.signatures.names import DS

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
LAUGHS = "<!DOCTYPE ConsentRecord [<!ENTITY a 'ha'>%s]>" % "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
)


def before(text: str, data: bytes = SEALED_RECORD) -> bytes:
    """Something in front of the record."""
    return text.encode() + data


def entity(declaration: str) -> bytes:
    """A DTD that declares entity ``e``, used in a name."""
    used = replaced("<Name>Vuggestuen", "<Name>&e;Vuggestuen")
    return before(f"<!DOCTYPE ConsentRecord [{declaration}]>", used)


def attribute(name: str, value: str) -> bytes:
    """An attribute on the root, truly sealed."""
    return resigned(lambda root: root.set(name, value))


def include(root: Node) -> None:
    """XInclude in place of a name."""
    holder = root.find(".//{*}From/{*}Name")
    etree.SubElement(holder, "{http://www.w3.org/2001/XInclude}include", href="file:///etc/passwd", parse="text")


def encoded(encoding: str, declared: str | None = None) -> bytes:
    """The record in another encoding."""
    text = SEALED_RECORD.decode()
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return (head + text).encode(encoding, "xmlcharrefreplace")


def respelled(name: str) -> bytes:
    """The seal's element ``name`` with a prefix of its own; what stands in it declares the old one where it needs to."""
    data = SEALED_RECORD.replace(f"<ds:{name}".encode(), f'<x:{name} xmlns:x="{DS}"'.encode(), 1)
    return canonical(etree.fromstring(data.replace(f"</ds:{name}>".encode(), f"</x:{name}>".encode(), 1)))


def _dtd() -> dict[str, Vector]:
    return {
        "doctype": Vector("form.doctype", before('<!DOCTYPE ConsentRecord [<!ENTITY e "x">]>'), "a document type at all"),
        "doctype-external": Vector("form.doctype", before('<!DOCTYPE ConsentRecord SYSTEM "http://tillid.invalid/x.dtd">'), "a DTD that is fetched"),
        "entity-internal": Vector("form.doctype", entity("<!ENTITY e 'Ikke '>"), "an entity that adds a word"),
        "entity-file": Vector("form.doctype", entity("<!ENTITY e SYSTEM 'file:///etc/passwd'>"), "an entity that reads a file (XXE)"),
        "entity-parameter": Vector("form.doctype", entity("<!ENTITY % p SYSTEM 'http://tillid.invalid/p'>%p;"), "a parameter entity that is fetched"),
        "entity-laughs": Vector("form.doctype", before(LAUGHS, replaced("<Name>Vuggestuen", "<Name>&j;Vuggestuen")), "a billion laughs"),
        "entity-undeclared": Vector("unreadable.not-xml", replaced("<Name>Vuggestuen", "<Name>&e;Vuggestuen"), "an entity nobody declared"),
        "doctype-default-attribute": Vector("form.doctype", before('<!DOCTYPE ConsentRecord [<!ATTLIST Item answer CDATA "yes">]>'), "an attribute by default of the DTD"),
        "xinclude": Vector("form.namespaces", resigned(include), "XInclude of a file"),
        "schema-location": Vector("form.namespaces", attribute(f"{{{XSI}}}schemaLocation", "urn:tillid:xml:consent:1 http://tillid.invalid/lax.xsd"), "a hint at another schema"),
        "schema-type": Vector("form.namespaces", resigned(lambda root: root[1].set(f"{{{XSI}}}type", "WithdrawnType")), "another type than the element's"),
        "schema-nil": Vector("form.namespaces", resigned(lambda root: root[1].set(f"{{{XSI}}}nil", "true")), "an element said to be nothing"),
        "stylesheet-instruction": Vector("form.instruction", before('<?xml-stylesheet href="http://tillid.invalid/x.xsl"?>'), "a stylesheet for the browser"),
        "xml-base": Vector("form.namespaces", attribute(f"{{{XML}}}base", "http://tillid.invalid/"), "another base for references"),
        "xml-space": Vector("form.namespaces", attribute(f"{{{XML}}}space", "preserve"), "another reading of white space"),
        "foreign-element": Vector("form.namespaces", resigned(lambda root: etree.SubElement(root[0], "{urn:other}Note")), "foreign content in the record"),
        "element-without-namespace": Vector("form.namespaces", replaced("</Header>", '<Note xmlns=""></Note></Header>'), "content of no namespace"),
    }  # fmt: skip


def _inside() -> dict[str, Vector]:
    return {
        "comment-in-name": Vector("form.comment", replaced("<Name>Vuggestuen", "<Name><!-- -->Vuggestuen"), "a comment in a value: many programs read only what stands before it"),
        "comment-in-digest": Vector("form.comment", replaced("<ds:DigestValue>", "<ds:DigestValue><!-- -->"), "a comment in a digest (CVE-2025-29775)"),
        "comment-in-time": Vector("form.comment", replaced("<xades:SigningTime>2025", "<xades:SigningTime>2025<!---->"), "a comment in the time"),
        "comment-before": Vector("form.comment", before("<!-- x -->"), "a comment before the root"),
        "comment-behind": Vector("form.comment", SEALED_RECORD + b"<!-- x -->", "a comment behind the root"),
        "instruction": Vector("form.instruction", replaced("<Header>", "<?php x?><Header>"), "an instruction to a program"),
        "instruction-in-name": Vector("form.instruction", replaced("<Name>Vuggestuen", "<Name>Vugge<?x?>stuen"), "an instruction in a value"),
        "cdata": Vector("form.cdata", replaced("Jeres samtykke", "<![CDATA[Jeres samtykke]]>"), "CDATA: another spelling of the same text"),
        "cdata-markup": Vector("form.cdata", replaced("Jeres samtykke", "<![CDATA[<Item answer='yes'/>]]>"), "CDATA that looks like an item"),
        "character-reference": Vector("form.spelling", replaced("Jeres samtykke", "&#74;eres samtykke"), "a letter by its number"),
        "prefix": Vector("crypto.hash", SEALED_RECORD.replace(b"<Header>", b'<c:Header xmlns:c="urn:tillid:xml:consent:1">', 1).replace(b"</Header>", b"</c:Header>", 1), "another prefix for the same name"),
        "prefix-of-seal": Vector("form.spelling", respelled("Signature"), "another prefix for the seal, whose own tags no digest covers: a second file for one seal"),
        "prefix-of-certificates": Vector("form.spelling", respelled("KeyInfo"), "the same for the certificates"),
        "unused-namespace": Vector("form.spelling", replaced("<Header>", '<Header xmlns:x="urn:x">'), "a namespace that nothing uses"),
        "single-quotes": Vector("form.spelling", replaced('schemaVersion="1.0"', "schemaVersion='1.0'"), "other quotes"),
        "attribute-order": Vector("form.spelling", replaced('form="overgangsbeskrivelse" sha256=', 'sha256=').replace(b'sha256="' + SEALED_RECORD.partition(b'form="overgangsbeskrivelse" sha256="')[2][:64] + b'"', b'sha256="' + SEALED_RECORD.partition(b'form="overgangsbeskrivelse" sha256="')[2][:64] + b'" form="overgangsbeskrivelse"', 1), "attributes in another order"),
        "attribute-twice": Vector("unreadable.not-xml", replaced('schemaVersion="1.0"', 'schemaVersion="1.0" schemaVersion="1.0"'), "an attribute twice"),
        "space-in-tag": Vector("form.spelling", replaced("<Header>", "<Header >"), "a space in a tag"),
        "rewritten": Vector("form.spelling", etree.tostring(etree.fromstring(SEALED_RECORD)), "the record written again by another program"),
        "space-between": Vector("crypto.hash", changed(lambda root: setattr(root[0], "tail", "\n\n ")), "more space between elements"),
        "newline-behind": Vector("form.spelling", SEALED_RECORD + b"\n", "a line break at the end of the file"),
        "second-document": Vector("unreadable.not-xml", SEALED_RECORD * 2, "two records in one file"),
        "cut-off": Vector("unreadable.not-xml", SEALED_RECORD[:-20], "a file cut off"),
    }  # fmt: skip


def _encodings() -> dict[str, Vector]:
    not_xml = "unreadable.not-xml"
    return {
        "declaration": Vector("form.spelling", before('<?xml version="1.0" encoding="UTF-8"?>'), "an XML declaration"),
        "declaration-1.1": Vector("form.spelling", before('<?xml version="1.1"?>'), "XML 1.1, which has more line breaks"),
        "declaration-utf-7": Vector("form.spelling", before('<?xml version="1.0" encoding="UTF-7"?>'), "a declaration of UTF-7 over UTF-8"),
        "byte-order-mark": Vector("form.spelling", b"\xef\xbb\xbf" + SEALED_RECORD, "a byte order mark"),
        "utf-16": Vector(not_xml, encoded("utf-16-le", "UTF-16").join((b"\xff\xfe", b"")), "UTF-16 with its mark"),
        "utf-16-big": Vector(not_xml, encoded("utf-16-be"), "UTF-16 without a mark"),
        "utf-32": Vector(not_xml, encoded("utf-32-le").join((b"\xff\xfe\0\0", b"")), "UTF-32"),
        "latin-1": Vector(not_xml, encoded("latin-1", "ISO-8859-1"), "Latin-1 with a declaration"),
        "latin-1-undeclared": Vector(not_xml, encoded("latin-1"), "Latin-1 without one"),
        "utf-7": Vector("form.spelling", encoded("utf-7", "UTF-7"), "UTF-7: markup that looks like text"),
        "ebcdic": Vector(not_xml, encoded("cp500", "IBM500"), "EBCDIC"),
        "utf-8-overlong": Vector(not_xml, SEALED_RECORD.replace("ø".encode(), b"\xc1\xb8", 1), "an overlong spelling of a letter"),
        "utf-8-surrogate": Vector(not_xml, SEALED_RECORD.replace("ø".encode(), b"\xed\xa0\x80", 1), "half a surrogate pair"),
        "null": Vector(not_xml, SEALED_RECORD.replace(b"Vuggestuen", b"Vugge\0stuen", 1), "a zero byte, where C programs stop"),
        "control": Vector(not_xml, SEALED_RECORD.replace(b"Vuggestuen", b"Vugge\x08stuen", 1), "a backspace"),
        "carriage-return": Vector("form.spelling", SEALED_RECORD.replace(b"\n", b"\r\n", 1), "a Windows line break"),
    }  # fmt: skip


def vectors() -> dict[str, Vector]:
    """DTD and what is fetched, what stands inside, encodings."""
    assert canonical(etree.fromstring(SEALED_RECORD)) == SEALED_RECORD
    return _dtd() | _inside() | _encodings()
