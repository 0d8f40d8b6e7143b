"""Whether the digests and the value of a person's own signature hold: by signxml, and by a second engine that must agree. Asked after
the profile (``personal_profile``)."""

from __future__ import annotations

from cryptography import x509

from tillid.signatures.engines import Engine, ask_signxml
from tillid.signatures.personal_profile import RECORD_ID
from tillid.signatures.xml import Element, canonical

_SAID = {"hash": "personal.changed", "signature": "personal.signature", "shape": "personal.shape"}


def core_fault(data: bytes, root: Element, leaf: x509.Certificate, record: bytes, second: Engine | None) -> str | None:
    """What speaks against digests and value, as a step code. Who of those asked disagrees with another makes it
    ``engines.disagree``, whichever of them is content."""
    fault = _by_signxml(data, leaf, record)
    if second is not None and second(root, leaf) is not (fault is None):
        return "engines.disagree"
    return fault


def _by_signxml(data: bytes, leaf: x509.Certificate, record: bytes) -> str | None:
    """Digests and signature, and that what was hashed is the record, parsed again from the hashed bytes."""
    said = ask_signxml(data, leaf)
    if isinstance(said, str):
        return _SAID[said]
    signed = said[0].signed_xml
    held = signed is not None and signed.get("Id") == RECORD_ID and len(signed) == 1 and canonical(signed[0]) == record
    return None if held else "personal.other-record"
