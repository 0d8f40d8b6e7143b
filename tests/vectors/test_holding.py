"""The attacks have teeth: whoever resolves references and does the sums takes them for true, and reads what nobody sealed. That the profile
refuses each, and for what, is ``test_verdicts.py``."""

from __future__ import annotations

from base64 import b64decode
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from scripts.vectors.base import SEAL, SEALED_RECORD
from scripts.vectors.holding import DSIG11, vectors
from tests.vectors.test_xmlsec1 import VECTORS, run
from tillid.signatures.names import CONSENT, ENVELOPED, ds
from tillid.signatures.xml import canonical

# Of each published shape the file that nothing but its shape gives away.
SHAPES = [f"xsw{number}-{'by-id' if number in (2, 4, 5) else 'holds'}" for number in range(1, 9)]
BY_XMLSEC1 = [
    *(name for name in SHAPES if name != "xsw1-holds"),  # nothing but a signature's own parts may stand in one
    "transform-xpath-holds",
    "transform-filter2-holds",
    "transform-xslt-holds",
    "rsa-certificate-and-signature",
]


def path_of(name: str):
    return VECTORS / "invalid" / f"{name}.xml"


def read(name: str):
    return etree.fromstring(path_of(name).read_bytes())


OURS = SEAL.leaf.public_key()


def holds(root, key: ec.EllipticCurvePublicKey = OURS) -> bool:
    """What a program does that trusts where things stand: each reference by its Id, wherever that is, and the value."""
    seal = next(root.iter(ds("Signature")))
    info = seal.find(ds("SignedInfo"))
    for reference in info.iterfind(ds("Reference")):
        name = reference.get("URI")[1:]
        (node,) = [one for one in root.iter() if one.get("Id") == name] if name else [root]
        left = etree.fromstring(canonical(node))
        if any(one.get("Algorithm") == ENVELOPED for one in reference.iter(ds("Transform"))):
            for inner in left.findall(f"./{ds('Signature')}"):
                left.remove(inner)
        if b64decode(reference.findtext(ds("DigestValue"))) != sha256(canonical(left)).digest():
            return False
    return signed(seal, key)


def signed(seal, key: ec.EllipticCurvePublicKey) -> bool:
    raw = b64decode(seal.findtext(ds("SignatureValue")))
    r, s = (int.from_bytes(half, "big") for half in (raw[: len(raw) // 2], raw[len(raw) // 2 :]))
    try:
        key.verify(encode_dss_signature(r, s), canonical(seal.find(ds("SignedInfo"))), ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def answers(root) -> list[str]:
    """What a program reads that takes the first items it meets."""
    return [item.get("answer") for item in next(root.iter(f"{{{CONSENT}}}Items"))]


SEALED = answers(etree.fromstring(SEALED_RECORD))


@pytest.mark.req("R9")
@pytest.mark.parametrize("name", SHAPES)
def test_each_published_wrapping_holds_by_its_sums_and_shows_another_record(name: str) -> None:
    root = read(name)
    assert holds(root), "nothing but the shape is wrong"
    assert answers(root) == ["no", "no"] != SEALED
    (true,) = [one for one in root.iter(f"{{{CONSENT}}}ConsentRecord") if one.get("Id") == "record"]
    assert answers(true) == SEALED


def test_the_sums_are_done() -> None:
    assert holds(etree.fromstring(SEALED_RECORD)) and not holds(read("changed-answer"))
    assert not holds(read("changed-signature")) and not holds(read("xsw3-by-id"))


@pytest.mark.parametrize("name", BY_XMLSEC1)
def test_a_program_that_is_not_ours_is_deceived(name: str) -> None:
    done = run(path_of(name), "--id-attr:Id", f"{CONSENT}:ConsentRecord")
    assert done.returncode == 0 and "(ok/all): 2/2" in done.stdout + done.stderr, done.stderr


@pytest.mark.parametrize("name", [f"transform-{how}-holds" for how in ("xpath", "filter2", "xslt")])
def test_by_a_transform_the_answers_are_others_than_those_sealed(name: str) -> None:
    assert answers(read(name)) == ["no", "no"]


@pytest.mark.parametrize("name", ["key-value-of-a-stranger", "key-value-alone"])
def test_a_bare_key_holds_for_whoever_believes_it(name: str) -> None:
    root = read(name)
    point = b64decode(root.findtext(f".//{{{DSIG11}}}PublicKey"))
    assert holds(root, ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
    assert not holds(root) and answers(root) == ["no", "no"]


def test_the_smaller_curve_holds_under_its_own_certificate() -> None:
    root = read("curve-p224-padded")
    leaf = x509.load_der_x509_certificate(b64decode(root.findtext(f".//{ds('X509Certificate')}")))
    assert isinstance(leaf.public_key().curve, ec.SECP224R1) and holds(root, leaf.public_key())


def test_the_entity_gives_what_was_sealed() -> None:
    root = read("entity-same-words")
    assert holds(root) and canonical(root) == SEALED_RECORD
    kept = etree.XMLParser(resolve_entities=False)
    other = etree.fromstring(path_of("entity-same-words").read_bytes(), kept)
    assert "Mælkebøtten" not in "".join(other.itertext(tag=etree.Element)), "another parser reads nothing there"


def test_each_of_them_is_looked_at_here() -> None:
    looked_at = {
        *SHAPES,
        *BY_XMLSEC1,
        "key-value-of-a-stranger",
        "key-value-alone",
        "curve-p224-padded",
        "entity-same-words",
    }
    assert set(vectors()) <= looked_at
