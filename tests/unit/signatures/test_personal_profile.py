"""Nothing is written between the elements of a person's own signature, where one engine reads it and another does not."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest

from tillid.kernel.paths import SIGNING
from tillid.signatures.personal_profile import certificates_in, personal_fault
from tillid.signatures.xml import parse

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
GIVEN = (SIGNING / "vectors" / "personal" / "valid" / "given.xml").read_bytes()


@pytest.mark.req("R-100", "R-103")
def test_words_between_elements_are_another_shape_wherever_they_stand():
    """Found by the fuzzer: two engines did not agree on such a file."""
    assert not personal_fault(parse(GIVEN))
    count = len([one for one in parse(GIVEN).iter() if len(one)])
    for place in range(count):
        root = parse(GIVEN)
        node = [one for one in root.iter() if len(one)][place]
        if root[3][0] in (node, *node.iterancestors()):
            continue  # the record has a profile and a seal of its own
        node.text = "Kun i år."
        assert personal_fault(root), node.tag
        node.text, node[-1].tail = None, "Kun i år."
        assert personal_fault(root), node.tag
        node[-1].tail = "\n"
        assert not personal_fault(root) or node is root[3], "white space is a provider's own"


@pytest.mark.req("R-100", "R-103")
@pytest.mark.parametrize("name", [b"SignatureValue", b"DigestValue"])
def test_a_value_that_is_not_base64_alone_is_another_shape(name):
    """The same: one engine passes over the character, the other refuses it."""
    head, opened, tail = GIVEN.partition(b"<ds:%s>" % name)
    assert opened and not personal_fault(parse(head + opened + b"\n" + tail))
    assert personal_fault(parse(head + opened + tail[:9] + b")" + tail[9:]))


@pytest.mark.req("R-100", "R-103")
@pytest.mark.parametrize("name", [b"SignatureValue", b"DigestValue"])
def test_other_spellings_of_the_same_bytes_are_another_shape(name):
    """RFC 4648 3.5: the last character has bits that are of no byte; one engine reads such a certificate, the other does not."""
    changed = spelled_otherwise(GIVEN, name)
    assert changed and personal_fault(parse(changed))


@pytest.mark.req("R-100", "R-103")
def test_a_certificate_in_another_spelling_is_none():
    whole = (SIGNING / "vectors" / "personal" / "invalid" / "authority-as-person.xml").read_bytes()
    changed = spelled_otherwise(whole, b"X509Certificate")
    assert changed and certificates_in(parse(whole)) and not certificates_in(parse(changed))


def spelled_otherwise(data: bytes, name: bytes) -> bytes:
    """Another spelling of the first such value whose last character has bits to spare."""
    found = re.search(rb"<ds:%s>([^<]*?)([A-Za-z0-9+/])(=+)" % name, data)
    if found is None:
        return b""
    place = ALPHABET.index(found[2]) ^ 1
    other = ALPHABET[place : place + 1]
    assert b64decode(found[1] + other + found[3]) == b64decode(found[1] + found[2] + found[3])
    return data[: found.start(2)] + other + data[found.end(2) :]
