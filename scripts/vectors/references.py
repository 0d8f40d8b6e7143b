"""Transforms, references and objects that are not exactly ours, each with true digests and a true signature where that can
be: only the profile refuses them."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from lxml import etree

from scripts.vectors.base import Node, Vector, changed, ds, resigned, xades
from tillid.signatures.names import ENVELOPED, EXCLUSIVE_C14N

C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
FILTER2 = "http://www.w3.org/2002/06/xmldsig-filter2"
XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"


def first(root: Node) -> Node:
    """The reference to the whole record."""
    return root.find(f".//{ds('Reference')}")


def transforms(*algorithms: str, content: Node = None) -> Callable[[Node], None]:
    """Other transforms of the whole record; ``content`` goes into the first."""

    def change(root: Node) -> None:
        holder = first(root).find(ds("Transforms"))
        for old in list(holder):
            holder.remove(old)
        for number, algorithm in enumerate(algorithms):
            made = etree.SubElement(holder, ds("Transform"), Algorithm=algorithm)
            if content is not None and number == 0:
                made.append(content)

    return change


def uri(value: str | None, which: int = 0) -> Callable[[Node], None]:
    """Another URI in a reference, or none."""

    def change(root: Node) -> None:
        reference = root.findall(f".//{ds('Reference')}")[which]
        reference.set("URI", value) if value is not None else reference.attrib.pop("URI")

    return change


def _xpath(expression: str) -> Node:
    node = etree.Element(ds("XPath"))
    node.text = expression
    return node


def _filter(expression: str) -> Node:
    node = etree.Element(f"{{{FILTER2}}}XPath", Filter="subtract")
    node.text = expression
    return node


def _stylesheet() -> Node:
    space = "http://www.w3.org/1999/XSL/Transform"
    sheet = etree.Element(f"{{{space}}}stylesheet", version="1.0", nsmap={"xsl": space})
    template = etree.SubElement(sheet, f"{{{space}}}template", match="/")
    etree.SubElement(template, f"{{{space}}}copy-of", select="document('file:///etc/passwd')")
    return sheet


def prefixes(root: Node) -> None:
    """An InclusiveNamespaces list."""
    holder = first(root).find(f"{ds('Transforms')}/{ds('Transform')}[2]")
    etree.SubElement(holder, f"{{{EXCLUSIVE_C14N}}}InclusiveNamespaces", PrefixList="ds #default")


def keyed_reference(root: Node) -> None:
    """A third, true reference, to KeyInfo."""
    info = root[-1].find(ds("SignedInfo"))
    root[-1].find(ds("KeyInfo")).set("Id", "key")
    third = deepcopy(info[-1])
    del third.attrib["Type"]
    third.set("URI", "#key")
    info.append(third)


def manifest(root: Node) -> None:
    """The whole record through a manifest, whose references many verifiers do not follow."""
    reference = first(root)
    whole = deepcopy(reference)
    reference.set("URI", "#list")
    reference.set("Type", "http://www.w3.org/2000/09/xmldsig#Manifest")
    transforms(EXCLUSIVE_C14N)(root)
    del whole.attrib["Id"]
    etree.SubElement(root[-1].find(ds("Object")), ds("Manifest"), Id="list").append(whole)


def drop(which: int) -> Callable[[Node], None]:
    """One reference less."""
    return lambda root: root[-1][0].remove(root.findall(f".//{ds('Reference')}")[which])


def object_with(tag: str, where: str = "Signature") -> Callable[[Node], None]:
    """Something more in the seal."""
    return lambda root: etree.SubElement(root[-1] if where == "Signature" else root[-1].find(ds(where)), tag)


def _transforms() -> dict[str, Vector]:
    bad, shape = "form.algorithms", "form.shape"
    whole = {"exclusive": False}
    return {
        "transforms-reordered": Vector(shape, resigned(transforms(EXCLUSIVE_C14N, ENVELOPED)), "transforms in another order"),
        "transforms-doubled": Vector(shape, resigned(transforms(ENVELOPED, ENVELOPED, EXCLUSIVE_C14N)), "the same transform twice"),
        "transform-enveloped-missing": Vector(shape, resigned(transforms(EXCLUSIVE_C14N)), "the seal covers itself"),
        "transform-c14n-missing": Vector(shape, resigned(transforms(ENVELOPED)), "no canonical form is named"),
        "transforms-empty": Vector(shape, resigned(transforms()), "no transforms in their list"),
        "transforms-missing": Vector(shape, resigned(lambda root: first(root).remove(first(root)[0])), "no list of transforms"),
        "transform-c14n-inclusive": Vector(bad, resigned(transforms(ENVELOPED, C14N)), "inclusive C14N, which takes namespaces from around"),
        "transform-c14n-1.1": Vector(bad, resigned(transforms(ENVELOPED, "http://www.w3.org/2006/12/xml-c14n11")), "C14N 1.1"),
        "transform-c14n-2.0": Vector(bad, resigned(transforms(ENVELOPED, "http://www.w3.org/2010/xml-c14n2")), "C14N 2.0"),
        "transform-comments": Vector(bad, resigned(transforms(ENVELOPED, EXCLUSIVE_C14N + "WithComments")), "C14N with comments"),
        "c14n-with-comments": Vector(bad, resigned(lambda root: root[-1][0][0].set("Algorithm", EXCLUSIVE_C14N + "WithComments"), comments=True), "C14N with comments of what is signed"),
        "c14n-inclusive": Vector(bad, resigned(lambda root: root[-1][0][0].set("Algorithm", C14N), **whole), "inclusive C14N of what is signed"),
        "transform-prefixes": Vector("form.namespaces", resigned(prefixes), "a list of prefixes for C14N"),
        "transform-xpath": Vector(bad, resigned(transforms(XPATH, ENVELOPED, EXCLUSIVE_C14N, content=_xpath("not(ancestor-or-self::node()[local-name()='Items'])"))), "an XPath transform that takes the answers out of what is signed"),
        "transform-xpath-slow": Vector(bad, resigned(transforms(XPATH, EXCLUSIVE_C14N, content=_xpath("count(//. | //@* | //namespace::*) > 0 and count(//.) * count(//.) > 0"))), "an XPath transform made to take long"),
        "transform-filter2": Vector("form.namespaces", resigned(transforms(FILTER2, ENVELOPED, EXCLUSIVE_C14N, content=_filter("//*[local-name()='Items']"))), "an XPath filter that subtracts the answers"),
        "transform-xslt": Vector("form.namespaces", resigned(transforms(XSLT, EXCLUSIVE_C14N, content=_stylesheet())), "a stylesheet that reads a file of the machine"),
        "transform-base64": Vector(bad, resigned(transforms("http://www.w3.org/2000/09/xmldsig#base64")), "only the text, no element, is signed"),
        "transform-decrypt": Vector(bad, resigned(transforms("http://www.w3.org/2002/07/decrypt#XML", EXCLUSIVE_C14N)), "a transform that decrypts"),
        "transform-unknown": Vector(bad, resigned(transforms(ENVELOPED, "urn:example:none")), "a transform nobody knows"),
        "transform-without-name": Vector(bad, resigned(lambda root: root.find(f".//{ds('Transform')}").attrib.pop("Algorithm")), "a transform without a name"),
    }  # fmt: skip


def _references() -> dict[str, Vector]:
    bad = "form.references"
    return {
        "extra-reference": Vector("form.identifiers", resigned(keyed_reference), "a third, true reference"),
        "extra-reference-doubled": Vector(bad, resigned(lambda root: root[-1][0].append(deepcopy(root[-1][0][-1]))), "the properties referenced twice"),
        "reference-manifest": Vector("form.identifiers", resigned(manifest), "the record covered through a manifest"),
        "references-reordered": Vector(bad, resigned(lambda root: root[-1][0].append(root[-1][0][2])), "references in another order"),
        "reference-record-missing": Vector("form.identifiers", resigned(drop(0)), "the seal covers its properties only"),
        "reference-properties-missing": Vector(bad, resigned(drop(1)), "the seal covers the record only, not its time and certificate"),
        "references-none": Vector("form.identifiers", resigned(lambda root: (drop(0)(root), drop(0)(root))), "the seal covers nothing"),
        "reference-http": Vector(bad, resigned(uri("http://tillid.invalid/record.xml")), "a reference that is fetched"),
        "reference-file": Vector(bad, resigned(uri("file:///etc/passwd")), "a reference to a file of the machine"),
        "reference-xpointer-root": Vector(bad, resigned(uri("#xpointer(/)")), "the whole through XPointer, with its comments"),
        "reference-xpointer-id": Vector(bad, resigned(uri("#xpointer(id('seal-properties'))", 1)), "the properties through XPointer"),
        "reference-without-uri": Vector(bad, resigned(uri(None)), "a reference that names nothing: the program may choose"),
        "reference-to-nothing": Vector(bad, resigned(uri("#nothing")), "a reference to an Id that is not there"),
        "reference-to-object": Vector("form.identifiers", resigned(lambda root: (uri("#object")(root), root[-1].find(ds("Object")).set("Id", "object"))), "the seal covers its own object in place of the record"),
        "reference-type": Vector(bad, resigned(lambda root: root[-1][0][-1].attrib.pop("Type")), "properties that are not said to be any"),
        "reference-fragment-empty": Vector(bad, resigned(uri("#")), "an empty fragment"),
    }  # fmt: skip


def _objects() -> dict[str, Vector]:
    return {
        "second-object": Vector("form.objects", resigned(object_with(ds("Object"))), "a second object, where a payload could lie"),
        "object-text": Vector("form.shape", resigned(lambda root: setattr(root[-1].find(ds("Object")), "text", "ja")), "text in the object, which the seal does not cover"),
        "object-manifest": Vector("form.shape", resigned(object_with(ds("Manifest"), "Object")), "a manifest beside the properties"),
        "object-mime-type": Vector("form.shape", resigned(lambda root: root[-1].find(ds("Object")).set("MimeType", "text/html")), "an attribute the seal does not cover"),
        "object-foreign": Vector("form.namespaces", resigned(object_with("{urn:other}thing", "Object")), "foreign content in the seal"),
        "unsigned-properties": Vector("form.shape", resigned(lambda root: etree.SubElement(root.find(f".//{xades('QualifyingProperties')}"), xades("UnsignedProperties"))), "unsigned properties in the record itself; evidence that comes later stands beside it"),
        "signature-properties": Vector("form.shape", resigned(object_with(ds("SignatureProperties"), "Object")), "properties of a kind that nobody checks"),
        "properties-without-certificate": Vector("form.shape", resigned(lambda root: root.find(f".//{xades('SigningCertificateV2')}").getparent().remove(root.find(f".//{xades('SigningCertificateV2')}"))), "a seal that does not say by which certificate"),
        "properties-other-target": Vector("form.shape", resigned(lambda root: root.find(f".//{xades('QualifyingProperties')}").set("Target", "#other")), "properties of another signature"),
        "properties-format-missing": Vector("form.shape", resigned(lambda root: root.find(f".//{xades('SignedProperties')}").remove(root.find(f".//{xades('SignedDataObjectProperties')}"))), "no format of the data, and so no XAdES Baseline"),
        "properties-mime-html": Vector("crypto.hash", changed(lambda root: setattr(root.find(f".//{xades('MimeType')}"), "text", "text/html")), "data said to be something else"),
        "signing-time-offset": Vector("form.shape", resigned(lambda root: setattr(root.find(f".//{xades('SigningTime')}"), "text", "2025-11-03T19:30:14+01:00")), "the same moment in another spelling"),
        "signing-time-fraction": Vector("form.shape", resigned(lambda root: setattr(root.find(f".//{xades('SigningTime')}"), "text", "2025-11-03T18:30:14.000Z")), "fractions of a second"),
        "signing-time-none": Vector("form.shape", resigned(lambda root: setattr(root.find(f".//{xades('SigningTime')}"), "text", None)), "no time"),
        "signing-time-impossible": Vector("form.shape", resigned(lambda root: setattr(root.find(f".//{xades('SigningTime')}"), "text", "2025-02-30T18:30:14Z")), "a day that is not in the calendar"),
    }  # fmt: skip


def vectors() -> dict[str, Vector]:
    """Transforms, references, objects."""
    return _transforms() | _references() | _objects()
