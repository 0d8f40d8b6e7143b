"""Signature wrapping: the true record is kept somewhere, another one is read. The eight shapes that are published for SAML
(Somorovsky et al., "On Breaking SAML", 2012), each for our own seal (``URI=""``) and for one that points to an Id.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

from lxml import etree

from scripts.vectors.base import SEAL, Node, Vector, canonical, changed, ds, forged, resigned, sign_again, tree, xades


def by_id() -> tuple[Node, Node]:
    """A record sealed through ``URI="#record"``, and its seal: what many programs write, and what can be wrapped."""
    root = tree()
    root.set("Id", "record")
    root[-1].find(f".//{ds('Reference')}").set("URI", "#record")
    sign_again(root, SEAL)
    return root, root[-1]


def _apart(true: Node, seal: Node) -> tuple[Node, Node]:
    true.remove(seal)
    return true, seal


def xsw1(true: Node, seal: Node) -> Node:
    """Forged root, the true record enveloped by the seal itself."""
    root, (true, seal) = forged(), _apart(true, seal)
    seal.append(true)
    root.append(seal)
    return root


def xsw2(true: Node, seal: Node) -> Node:
    """Forged root, the true record beside the seal."""
    root, (true, seal) = forged(), _apart(true, seal)
    root.extend([true, seal])
    return root


def xsw3(true: Node, seal: Node) -> Node:
    """The forged event before the true one."""
    true.insert(1, forged()[1])
    return true


def xsw4(true: Node, seal: Node) -> Node:
    """The whole true record as a child of the forged one."""
    root = forged()
    root.append(true)
    return root


def xsw5(true: Node, seal: Node) -> Node:
    """The seal in the forged record, the true one without seal behind it."""
    root, (true, seal) = forged(), _apart(true, seal)
    root.extend([seal, true])
    return root


def xsw6(true: Node, seal: Node) -> Node:
    """The true record inside KeyInfo of a seal that stands in the forged one."""
    root, (true, seal) = forged(), _apart(true, seal)
    seal.find(ds("KeyInfo")).append(true)
    root[1].append(seal)
    return root


def xsw7(true: Node, seal: Node) -> Node:
    """The forged record inside an extension element before all else."""
    holder = etree.Element("{urn:tillid:xml:consent:1}Extensions")
    holder.append(forged())
    true.insert(0, holder)
    return true


def xsw8(true: Node, seal: Node) -> Node:
    """The true record in ds:Object of the seal that stands in the forged one."""
    root, (true, seal) = forged(), _apart(true, seal)
    etree.SubElement(seal, ds("Object")).append(true)
    root.append(seal)
    return root


SHAPES: tuple[tuple[Callable[[Node, Node], Node], str, str], ...] = (
    (xsw1, "form.namespaces", "form.namespaces"),
    (xsw2, "form.schema", "form.identifiers"),
    (xsw3, "form.schema", "form.identifiers"),
    (xsw4, "form.place", "form.place"),
    (xsw5, "form.place", "form.place"),
    (xsw6, "form.place", "form.place"),
    (xsw7, "form.schema", "form.identifiers"),
    (xsw8, "form.namespaces", "form.namespaces"),
)


def enveloping() -> bytes:
    """The seal as the root, the record in its object."""
    true, seal = _apart(*by_id())
    etree.SubElement(seal, ds("Object")).append(true)
    return canonical(seal)


def foreign_root(*inside: Node) -> bytes:
    """All under another root."""
    root = etree.Element("Envelope")
    root.extend(inside)
    return canonical(root)


def second_properties(root: Node) -> None:
    """Other signing properties in an object of their own, before the signed ones."""
    fake = deepcopy(root[-1].find(ds("Object")))
    fake.find(f".//{xades('SigningTime')}").text = "2025-01-01T00:00:00Z"
    root[-1].insert(3, fake)


def vectors() -> dict[str, Vector]:
    """All shapes."""
    made = {}
    for shape, whole, pointed in SHAPES:
        name, why = shape.__name__, f"wrapping: {shape.__doc__[0].lower()}{shape.__doc__[1:-1]}"
        made[f"{name}-whole"] = Vector(whole, canonical(_with(shape)), why)
        made[f"{name}-by-id"] = Vector(pointed, canonical(shape(*by_id())), f"{why}; the seal points to an Id")
    return made | {
        "wrapped-enveloping": Vector("unreadable.not-a-record", enveloping(), "an enveloping signature is no record"),
        "wrapped-in-foreign-root": Vector("unreadable.not-a-record", foreign_root(forged(), tree()), "forged and true record side by side under another root"),
        "wrapped-detached": Vector("unreadable.not-a-record", foreign_root(*_apart(*by_id())), "record and seal side by side: a detached signature"),
        "wrapped-by-id-unchanged": Vector("form.identifiers", canonical(by_id()[0]), "a seal that points to an Id at all, though nothing is wrapped yet"),
        "moved-signature": Vector("form.place", changed(lambda root: root[1].append(root[-1])), "the seal in another place: the enveloped transform removes it there just the same"),
        "moved-signature-first": Vector("form.place", changed(lambda root: root.insert(0, root[-1])), "the seal before what it covers"),
        "second-signature": Vector("form.signatures", changed(lambda root: root.append(deepcopy(root[-1]))), "two seals: one is checked, the other believed"),
        "second-signature-in-object": Vector("form.signatures", resigned(lambda root: root[-1].find(ds("Object")).append(deepcopy(root[-1]))), "a seal within the seal"),
        "removed-signature": Vector("form.no-signature", _unsealed(), "a record that was never sealed"),
        "doubled-identifier": Vector("form.identifiers", changed(lambda root: root[1].set("Id", "seal-properties")), "a second element that answers to the reference of the signed properties"),
        "doubled-identifier-lower-case": Vector("form.identifiers", resigned(lambda root: root[1].set("id", "seal-properties")), "the same with another spelling of Id"),
        "doubled-identifier-xml-id": Vector("form.namespaces", resigned(lambda root: root[1].set("{http://www.w3.org/XML/1998/namespace}id", "seal-properties")), "the same with xml:id"),
        "second-properties": Vector("form.identifiers", changed(second_properties), "other signing properties before the signed ones"),
    }  # fmt: skip


def _with(shape: Callable[[Node, Node], Node]) -> Node:
    root = tree()
    return shape(root, root[-1])


def _unsealed() -> bytes:
    root = tree()
    root.remove(root[-1])
    return canonical(root)
