"""A provider of personal signatures as a process of its own, over HTTP: its authority, certificates that live ten minutes, and
signatures made by libxmlsec, which shares no code with what verifies them.

    python -m tests.support.sign_provider FOLDER [MOMENT]

MOMENT (ISO 8601) is what its clock begins at, now if left out. FOLDER gets ``root.pem`` (the authority to trust), ``root.crl`` (what it has revoked: nothing)
and ``secret`` (the client's password); the port is printed. What is asked:
``POST /orders`` (JSON: order, record, subject, return_to) → ``{"go_to": …}``; ``GET /orders/ID`` → ``{"state": …}``. What a
person does is ``POST /sign/ID?do=…``: ``sign``, ``refuse``, or one of ``FAULTS``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from scripts.make_devca import revocation_list
from tillid.kernel.clock import instant

LIFE = timedelta(minutes=10)
LISTED = timedelta(days=1), timedelta(days=90)  # what the root revoked was told so long ago, and is told again
FAULTS = (
    "other-record",
    "expired",
    "foreign-person",
    "foreign-authority",
    "changed",
    "cpr",
    "authority",
    "outside",
    "not-binding",
    "garbage",
    "large",
)
DS, XADES = "http://www.w3.org/2000/09/xmldsig#", "http://uri.etsi.org/01903/v1.3.2#"
C14N, SHA = "http://www.w3.org/2001/10/xml-exc-c14n#", "http://www.w3.org/2001/04/xmlenc#sha256"
TEMPLATE = """<ds:Signature xmlns:ds="{ds}" Id="personal"><ds:SignedInfo>\
<ds:CanonicalizationMethod Algorithm="{c14n}"/>\
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/>\
<ds:Reference Id="personal-reference" URI="#personal-record">{rest}</ds:Reference>\
<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#personal-properties">{rest}</ds:Reference>\
</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data>{certificates}</ds:X509Data></ds:KeyInfo>\
<ds:Object Id="personal-record">{record}</ds:Object><ds:Object>\
<xades:QualifyingProperties xmlns:xades="{xades}" Target="#personal"><xades:SignedProperties Id="personal-properties">\
<xades:SignedSignatureProperties><xades:SigningTime>{moment}</xades:SigningTime><xades:SigningCertificateV2><xades:Cert>\
<xades:CertDigest><ds:DigestMethod Algorithm="{sha}"/><ds:DigestValue>{digest}</ds:DigestValue></xades:CertDigest></xades:Cert>\
</xades:SigningCertificateV2></xades:SignedSignatureProperties><xades:SignedDataObjectProperties>\
<xades:DataObjectFormat ObjectReference="#personal-reference"><xades:MimeType>text/xml</xades:MimeType>\
</xades:DataObjectFormat></xades:SignedDataObjectProperties></xades:SignedProperties></xades:QualifyingProperties>\
</ds:Object></ds:Signature>"""
REST = f'<ds:Transforms><ds:Transform Algorithm="{C14N}"/></ds:Transforms><ds:DigestMethod Algorithm="{SHA}"/><ds:DigestValue/>'
Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def certificate(
    name: str,
    issuer: Pair | None,
    *,
    subject: str = "",
    now: datetime,
    authority: bool = False,
    binds: bool = True,
    life: timedelta = LIFE,
    list_at: str = "",
    key: ec.EllipticCurvePrivateKey | None = None,
) -> Pair:
    """A certificate and its key: an authority's for years, a person's for minutes, with ``subject`` as its serialNumber. ``list_at``: where its
    issuer's revocation list lies."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    names = [x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]
    names += [x509.NameAttribute(x509.NameOID.SERIAL_NUMBER, subject)] if subject else []
    own = x509.Name(names)
    parent, signer = issuer or (None, key)
    flags = dict.fromkeys(
        ("digital_signature", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False
    )  # fmt: skip
    flags |= {"content_commitment": binds and not authority, "key_cert_sign": authority, "crl_sign": authority}
    made = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(parent.subject if parent else own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=365) if authority else now)
        .not_valid_after(now + (timedelta(days=3650) if authority else life))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**flags), critical=True)
    )
    if list_at:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(list_at)], None, None, None)
        made = made.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return made.sign(signer, SHA256()), key


def signature(record: bytes, signer: Pair, chain: list[x509.Certificate], moment: datetime) -> bytes:
    """The signer's XAdES over ``record``, by libxmlsec."""
    whole = [signer[0], *chain]
    der = [one.public_bytes(Encoding.DER) for one in whole]
    text = TEMPLATE.format(
        ds=DS, xades=XADES, c14n=C14N, sha=SHA, rest=REST, moment=instant(moment), record=record.decode(),
        digest=base64.b64encode(hashlib.sha256(der[0]).digest()).decode(),
        certificates="".join(f"<ds:X509Certificate>{base64.b64encode(one).decode()}</ds:X509Certificate>" for one in der),
    )  # fmt: skip
    root = etree.fromstring(text.encode())
    xmlsec.tree.add_ids(root, ["Id"])
    context = xmlsec.SignatureContext()
    pem = signer[1].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
    # KeyInfo is ours to write: libxmlsec would fill X509Data again.
    key_info = root[2]
    root.remove(key_info)
    context.sign(root)
    root.insert(2, key_info)
    return etree.tostring(root, method="c14n", exclusive=True)


class Provider:
    """The authorities, the orders, and what becomes of them."""

    def __init__(self, folder: Path, moment: datetime) -> None:
        self._ahead = moment - datetime.now(UTC)
        now = self.now()
        self.root = certificate("TEST personlig rod", None, now=now, authority=True)
        self.issuing = certificate("TEST personlig udsteder", self.root, now=now, authority=True)
        self.foreign = certificate("TEST fremmed udsteder", None, now=now, authority=True)
        self.secret = secrets.token_hex(16)
        self.orders: dict[str, dict[str, Any]] = {}
        (folder / "root.pem").write_bytes(self.root[0].public_bytes(Encoding.PEM))
        told = now - LISTED[0], now + LISTED[1]
        (folder / "root.crl").write_bytes(revocation_list(self.root, at=told[0], valid=told))
        (folder / "secret").write_text(self.secret)
        (folder / "secret").chmod(0o600)

    def now(self) -> datetime:
        return (datetime.now(UTC) + self._ahead).replace(microsecond=0)

    def result(self, order: dict[str, Any], what: str) -> bytes:
        """What is returned when the person does ``what``."""
        now = self.now()
        record, subject, name, issuer = order["record"], order["subject"], "Test Person", self.issuing
        moment = now - timedelta(days=2) if what == "expired" else now
        if what == "other-record":
            record = record.replace(b"yes", b"no", 1)
        elif what == "foreign-person":
            subject = "0" * len(subject)
        elif what == "foreign-authority":
            issuer = self.foreign
        elif what == "cpr":
            name = "Test Person 010190-1234"
        elif what == "garbage":
            return b"<html>It works!</html>"
        elif what == "large":
            return b"x" * 9_000_000
        begins = now - LIFE - timedelta(minutes=1) if what == "outside" else moment
        kind = {"authority": what == "authority", "binds": what != "not-binding"}
        signer = certificate(name, issuer, subject=subject, now=begins, **kind)
        made = signature(record, signer, [issuer[0]], now if what == "authority" else moment)
        if what == "changed":  # the last: the person's own property, not the seal's
            made = b"MimeType>text/htm".join(made.rsplit(b"MimeType>text/xml", 1))
        return made


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        address = urlsplit(self.path)
        orders = self.provider.orders
        if address.path == "/orders":
            if not self.allowed():
                return self.reply({"error": "who are you"}, 401)
            asked = json.loads(body)
            if asked["order"] not in orders:  # asked twice is one order
                orders[asked["order"]] = asked | {"record": base64.b64decode(asked["record"]), "state": "waiting"}
            return self.reply({"go_to": f"http://127.0.0.1:{self.server.server_port}/sign/{asked['order']}"})
        order, what = orders[address.path.rpartition("/")[2]], parse_qs(address.query or body.decode())["do"][0]
        if what == "refuse":
            order["state"] = "refused"
        elif what == "slow":
            order["slow"] = True
        else:  # also a second time, with another certificate: the double answer
            order |= {"state": "signed", "signature": self.provider.result(order, what)}
        self.send_response(303)
        self.send_header("Location", order["return_to"])
        self.end_headers()

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        order = self.provider.orders.get(name)
        if self.path.startswith("/sign/") and order:
            return self.page()
        if not self.allowed() or order is None:
            return self.reply({"error": "no such order"}, 404)
        if order.get("slow"):
            time.sleep(30)
        told = {"state": order["state"]}
        if order["state"] == "signed":
            told["signature"] = base64.b64encode(order["signature"]).decode()
        self.reply(told)

    def page(self) -> None:
        """Where the person signs."""
        buttons = "".join(f'<button name="do" value="{one}">{one}</button>' for one in ("sign", "refuse"))
        html = f'<!doctype html><title>TEST</title><h1>TEST underskrift</h1><form method="post" action="{self.path}">{buttons}</form>'
        data = html.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def allowed(self) -> bool:
        return hmac.compare_digest(self.headers.get("Authorization", ""), f"Bearer {self.provider.secret}")

    def reply(self, told: dict[str, Any], status: int = 200) -> None:
        data = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """What is asked of it is no part of the tests' output."""


def main(folder: Path, moment: datetime) -> None:
    Handler.provider = Provider(folder, moment)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]) if sys.argv[2:] else datetime.now(UTC))
