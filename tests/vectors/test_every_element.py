"""Every element and attribute of a signature taken away, doubled, exchanged, renamed or added to, one after the other, and then truly signed by
the right key: nothing of it passes, and nothing raises. What is only changed afterwards is ``test_any_byte.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from functools import partial

import pytest
from lxml import etree

from scripts.vectors.base import SEAL, SEALED_RECORD, canonical, sign_again
from scripts.vectors.personal_base import AT, ISSUING, SIGNED_AT, person, signature
from tillid.kernel.paths import SIGNING
from tillid.signatures.names import XADES, ds, xades
from tillid.signatures.personal import expected_over, verify_personal
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import load_trust

TRUST = load_trust(SIGNING / "trust" / "vectors")
PERSONS = load_trust(SIGNING / "vectors" / "personal" / "trust")
ABOUT = expected_over(SEALED_RECORD)
Change = Callable[[etree._Element], None]


def added(tag: str) -> Change:
    return lambda node: etree.SubElement(node, tag)


def before(tag: str) -> Change:
    return lambda node: node.addprevious(etree.Element(tag))


def exchanged(node) -> None:
    node.addprevious(node.getnext())


def renamed(node) -> None:
    node.tag = node.tag.replace("}", "}Other", 1)


def elsewhere(node) -> None:
    """The same name in the other vocabulary."""
    space, _, name = node.tag.rpartition("}")
    node.tag = ds(name) if XADES in space else xades(name)


def without(name: str, node) -> None:
    del node.attrib[name]


def other(name: str, node) -> None:
    node.set(name, f"{node.get(name)}x")


def put(name: str, node) -> None:
    node.set(name, "x")


def written(node) -> None:
    node.text = "x"


def changes(node) -> Iterator[tuple[str, Change]]:
    """What can be done to one element, and its name."""
    yield "renamed", renamed
    yield "of the other vocabulary", elsewhere
    if node.getparent() is not None:
        yield "gone", lambda one: one.getparent().remove(one)
        yield "twice", lambda one: one.addprevious(deepcopy(one))
        yield "after an object", before(ds("Object"))
        yield "after properties", before(xades("UnsignedProperties"))
        if node.getnext() is not None:
            yield "exchanged with the next", exchanged
    for tag in (ds("Object"), ds("Reference"), ds("Transform"), xades("UnsignedProperties"), "{urn:other}thing"):
        yield f"with {tag}", added(tag)
    for name in node.attrib:
        yield f"without {name}", partial(without, name)
        yield f"another {name}", partial(other, name)
    for name in ("Extra", "Id", "id", "{http://www.w3.org/XML/1998/namespace}base"):
        if name not in node.attrib:
            yield f"and {name}", partial(put, name)
    if not node.text:
        yield "with words", written


def every(
    base: bytes, inside: Callable[[etree._Element], etree._Element], but: str = ""
) -> list[tuple[str, int, Change]]:
    """Each change of each element of the signature that ``inside`` finds, save what lies in an element called ``but``."""
    nodes = list(inside(etree.fromstring(base)).iter())
    skipped = {id(one) for node in nodes if node.tag == but for one in node.iter()}
    return [
        (f"{node.tag.rpartition('}')[2]} {number} {how}", number, change)
        for number, node in enumerate(nodes)
        if id(node) not in skipped
        for how, change in changes(node)
    ]


def test_of_the_seal() -> None:
    def signed(number: int, change: Change) -> bytes:
        root = etree.fromstring(SEALED_RECORD)
        change(list(root[-1].iter())[number])
        try:
            sign_again(root, SEAL)
        except (AttributeError, TypeError, ValueError, IndexError):  # too little is left to be signed
            pass
        return canonical(root)

    assert signed(0, lambda node: None) == SEALED_RECORD and verify_timed(SEALED_RECORD, TRUST, at=AT).passed
    cases = every(SEALED_RECORD, lambda root: root[-1])
    assert len(cases) > 500
    files = {what: signed(number, change) for what, number, change in cases}
    told = {what: verify_timed(data, TRUST, at=AT) for what, data in files.items() if data != SEALED_RECORD}
    assert {what: found.step for what, found in told.items() if found.status != "failed"} == {}
    assert len(told) > len(cases) - 10, "nearly every change is one"
    steps = {found.step for found in told.values()}
    assert {"form.shape", "form.identifiers", "form.namespaces", "form.algorithms", "form.references"} <= steps


@pytest.mark.req("R-100")
def test_of_a_persons_own_signature() -> None:
    who = person()
    base = signature(who, ISSUING[0])

    def signed(number: int, change: Change) -> bytes:
        def of_tree(root) -> None:
            change(list(root.iter())[number])

        try:
            return signature(who, ISSUING[0], change=of_tree)
        except (AttributeError, TypeError, ValueError, IndexError):
            root = etree.fromstring(base)
            of_tree(root)
            return canonical(root)

    def found(data: bytes):
        return verify_personal(data, ABOUT, PERSONS, at=SIGNED_AT + timedelta(minutes=1))

    assert found(base).passed
    cases = every(base, lambda root: root, but=etree.fromstring(SEALED_RECORD).tag)
    assert len(cases) > 500
    files = {what: signed(number, change) for what, number, change in cases}
    told = {what: found(data) for what, data in files.items() if data != base}
    doubted = {what: one.step for what, one in told.items() if one.status not in ("failed", "unreadable")}
    # What stands behind the person's certificate is covered by nothing: it leads to a trusted one, or it does not.
    assert doubted == {
        "X509Certificate 17 twice": "personal.ok",
        "X509Certificate 18 twice": "personal.ok",
        "X509Certificate 18 gone": "personal.authority",
    }
    assert len(told) > len(cases) - 10 and {"personal.shape"} <= {one.step for one in told.values()}
