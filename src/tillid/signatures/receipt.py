"""The receipt of one consent event as a file that verifies without us (issue 6 part 6, ADR 0039): what is in it, and its bytes.

One spelling: from the same record, token, proof and head always the same bytes, so that the offline kit
(``signing/kit/tillid_verify.py``) can write a receipt once more and refuse whatever is otherwise. Nothing here asks anybody.
"""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64decode
from collections.abc import Mapping
from functools import cache

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tillid.kernel.paths import SIGNING
from tillid.signatures.names import ds
from tillid.signatures.rendering import render, stylesheet_of
from tillid.signatures.xml import canonical, parse

# What lies beside the record where it is there: its timestamp; the record frozen for long life with its evidence record (RFC 4998);
# the person's own signature over it, with that one's timestamp, and the two frozen, with their evidence record (ADR 0079).
TOKEN, FROZEN_FILE, EVIDENCE_FILE = "record.tst", "record.frozen.xml", "record.er"
OWN, OWN_TOKEN = "personal.xml", "personal.tst"
OWN_FROZEN_FILE, OWN_EVIDENCE_FILE = "personal.frozen.xml", "personal.er"
OPTIONAL = frozenset({TOKEN, FROZEN_FILE, EVIDENCE_FILE, OWN, OWN_TOKEN, OWN_FROZEN_FILE, OWN_EVIDENCE_FILE})
NEEDS = {
    EVIDENCE_FILE: FROZEN_FILE,
    OWN_TOKEN: OWN,
    OWN_FROZEN_FILE: OWN_TOKEN,
    OWN_EVIDENCE_FILE: OWN_FROZEN_FILE,
}  # what says nothing without the other
FORMAT = "tillid-receipt-2"
KIT = SIGNING / "kit" / "tillid_verify.py"
EVIDENCE_KIT = SIGNING / "kit" / "tillid_evidence.py"  # which judges ``EVIDENCE_FILE`` (ADR 0089)
HOW = SIGNING / "kit" / "how-to-verify.html"
PAGES = SIGNING / "kit" / "pages.txt"


class LogProof(msgspec.Struct, frozen=True, kw_only=True):
    """The way from a leaf to a signed head. ``leaf``: the event's digest; ``path``: RFC 6962 2.1.1, hexadecimal;
    ``checkpoint``: the signed note; ``key``: the log's verifier key, as C2SP signed-note writes it."""

    leaf: str
    index: int
    size: int
    path: tuple[str, ...]
    checkpoint: str
    key: str


def receipt(
    record: bytes, proof: LogProof, token: bytes | None = None, beside: Mapping[str, bytes] | None = None
) -> bytes:
    """The ``.zip``. ``record``: as sealed, already verified by whoever asks; ``token``: its timestamp, where there is one;
    ``beside``: what else there is of ``OPTIONAL``, by its name.

    Raises ``TillidError`` (``records.stylesheet``) and ``XmlRefused``. No name of a person is a file's name."""
    leaf, issuer = certificates_of(record)
    members = {
        "certificates/seal.pem": leaf,
        "certificates/issuer.pem": issuer,
        "checkpoint.txt": proof.checkpoint.encode(),
        "how-to-verify.html": how_to_verify(),
        "log-key.txt": f"{proof.key}\n".encode(),
        "proof.json": spelled({"leaf": proof.leaf, "index": proof.index, "size": proof.size, "path": list(proof.path)}),
        "record.html": page_of(record),
        "record.xml": record,
        "record.xslt": stylesheet_of(parse(record)),
    }
    if token is not None:
        members[TOKEN] = token
    return zipped(members | {name: (beside or {})[name] for name in OPTIONAL & (beside or {}).keys()})


def certificates_of(record: bytes) -> tuple[bytes, bytes]:
    """The seal's certificate and its issuer's (PEM), as they lie in a sealed record. Raises ``XmlRefused``."""
    leaf, issuer = (_pem(node.text) for node in parse(record)[-1].iter(ds("X509Certificate")))
    return leaf, issuer


def bundle(receipts: dict[str, bytes]) -> bytes:
    """Receipts of several events (event id → ``.zip``) in one file, spelled as one is; each is judged for itself."""
    return zipped({f"{event_id}.zip": data for event_id, data in receipts.items()})


def page_of(record: bytes) -> bytes:
    """The page that the record's own stylesheet makes of what was sealed (R-104). Raises as ``receipt``."""
    root = parse(record)
    root.remove(root[-1])
    return render(canonical(root))


@cache
def how_to_verify() -> bytes:
    """The page "Sådan kontrolleres det": the same in every receipt, its digest is in the kit."""
    return HOW.read_bytes()


@cache
def pages_of_releases() -> frozenset[str]:
    """SHA-256 of that page in every release so far: a receipt keeps verifying when the page is written anew."""
    lines = PAGES.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def zipped(members: dict[str, bytes]) -> bytes:
    """Names in order, nothing compressed, no dates: who reads it needs no decompressor, and there is nothing to blow up."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(members.items()):
            info = zipfile.ZipInfo(name)  # 1980-01-01
            info.create_system = 3
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return made.getvalue()


def spelled(value: object) -> bytes:
    """JSON in the one way that a receipt has it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _pem(text: str | None) -> bytes:
    return x509.load_der_x509_certificate(b64decode(text or "")).public_bytes(Encoding.PEM)
