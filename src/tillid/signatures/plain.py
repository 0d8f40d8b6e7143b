"""A record's file read as bytes: the seal's values, what was hashed, and the profile as far as bytes show it.

A record has one spelling, so its seal is one text with a few values in it. The text is made of ``profile.SHAPE``. What is read here
needs no XML library, so that one engine (``engines.straight``) shares none with the other; tests hold the two readings together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from tillid.signatures.names import CONSENT, DS, PROPERTIES_ID, SIGNATURE_ID, XADES, ds, xades
from tillid.signatures.profile import SHAPE, WITH_TEXT, Line

_DS, _XADES = f'xmlns:ds="{DS}"', f'xmlns:xades="{XADES}"'
_BEGIN = f'<ds:Signature {_DS} Id="{SIGNATURE_ID}">'.encode()
_ROOT = "(?P<root>ConsentRecord|AttestationRecord|ReceptionRecord)"
_KEPT = {ds("SignedInfo"): "info", xades("SignedProperties"): "properties"}
_PREFIX = {DS: "ds", XADES: "xades"}
# In exclusive C14N an element that is taken out declares what it uses, and so does each below it that uses another first.
_OUT = (
    (b"<ds:DigestMethod ", f"<ds:DigestMethod {_DS} ".encode()),
    (b"<ds:DigestValue>", f"<ds:DigestValue {_DS}>".encode()),
)


class Seal(Struct, frozen=True):
    """``record``, ``info``, ``properties``: the canonical forms of the file without its seal, of SignedInfo and of SignedProperties.
    ``digests``: what SignedInfo says of the first and the third; ``value``: the signature; ``certificates``: KeyInfo's texts;
    ``named``: their digests as the properties have them; ``sealed_at``: the claimed moment."""

    record: bytes
    info: bytes
    properties: bytes
    digests: tuple[str, str]
    value: str
    certificates: tuple[str, str]
    named: tuple[str, str]
    sealed_at: str
    plain: bool


def seal_in(data: bytes) -> Seal | None:
    """The seal of the record file ``data``, which ``xml.parse`` has read and which is its own canonical form; ``None`` where its text
    is not what ``sign.seal`` writes. ``plain``: no policy of ``profile.POLICIES`` can object; if not, they have to be asked."""
    before, _, behind = data.partition(_BEGIN)
    head, seal = _HEAD.match(before), _SEAL.fullmatch(behind)
    if seal is None:
        return None
    first, second, value, leaf, issuer, sealed_at, of_leaf, of_issuer, _ = map(bytes.decode, seal.group(*_VALUES))
    properties = seal["properties"]
    for inside, out in _OUT:
        properties = properties.replace(inside, out)
    return Seal(
        record=before + behind[seal.end("seal") :],
        info=b"<ds:SignedInfo %s>%s</ds:SignedInfo>" % (_DS.encode(), seal["info"]),
        properties=b'<xades:SignedProperties %s Id="%s">%s</xades:SignedProperties>'
        % (_XADES.encode(), PROPERTIES_ID.encode(), properties),
        digests=(first, second),
        value=value,
        certificates=(leaf, issuer),
        named=(of_leaf, of_issuer),
        sealed_at=sealed_at,
        plain=head is not None and head["root"] == seal["root"] and _plain(before[head.end() :].lower()),
    )


def certificates_in(data: bytes) -> tuple[str, ...]:
    """``Seal.certificates`` of a record file that ``verify`` has let through."""
    return tuple(behind.partition(b"<")[0].decode() for behind in data.split(b"<ds:X509Certificate>")[1:])


def _plain(record: bytes) -> bool:
    """Nothing declared: no namespace but the record's own, save that of xml:base and its like. People's words may say the same."""
    return b"xmlns" not in record and b"xml:" not in record and b' id="' not in record


def _text(lines: Iterator[Line], known: frozenset[str] = frozenset()) -> str:
    """The next element of ``lines`` with all that is in it, as a pattern of its canonical form."""
    tag, attributes, children = next(lines)
    space, _, name = tag[1:].partition("}")
    prefix = _PREFIX[space]
    declared = "" if space in known else f' xmlns:{prefix}="{re.escape(space)}"'
    inside = "".join(_text(lines, known | {space}) for _ in range(children))
    if tag in WITH_TEXT:
        inside = r"([^<>&\r]+)"  # canonical form writes these otherwise
    elif tag in _KEPT:
        inside = f"(?P<{_KEPT[tag]}>{inside})"
    written = "".join(f' {key}="{re.escape(value)}"' for key, value in attributes)
    return f"<{prefix}:{name}{declared}{written}>{inside}</{prefix}:{name}>"


_HEAD = re.compile(rf'<{_ROOT} xmlns="{re.escape(CONSENT)}" schemaVersion="1\.0">'.encode())
_SEAL = re.compile(f"(?P<seal>{_text(iter(SHAPE)).partition('>')[2]})</{_ROOT}>".encode())
_VALUES = sorted(set(range(1, _SEAL.groups + 1)) - set(_SEAL.groupindex.values()))
