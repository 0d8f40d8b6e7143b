"""A timestamp authority of our own, for the demo and the tests: real tokens (RFC 3161) of the declared test authority, in this
process. It proves nothing to anybody, since who makes the records makes its timestamps too; outside demo mode it is refused.
"""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from tillid.kernel.clock import Clock
from tillid.kernel.errors import TillidError
from tillid.kernel.files import put
from tillid.kernel.paths import SIGNING
from tillid.signatures.timestamp_token import HASHES

DEVCA = SIGNING / "devca"
POLICY = "1.3.6.1.4.1.32473.1"  # under the number for examples (RFC 5612)
_FILES = ("tsa.key.pem", "tsa.chain.pem")


class OwnAuthority:
    """Answers requests with ``key`` and ``chain`` (PEM: its certificate first) at the moment of ``clock``; signs with
    ``digest``."""

    url = "egen (kun demo)"
    policy = ""

    def __init__(self, key: Path, chain: Path, clock: Clock, *, demo: bool, digest: str = "sha256") -> None:
        if not demo:
            raise TillidError(
                "our own timestamp authority outside demo mode",
                code="tsa.own",
                text="Det indbyggede tidsstempel må kun bruges i demoen. Angiv en rigtig udsteder med --tsa.",
            )
        private = load_pem_private_key(key.read_bytes(), password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise TypeError("an EC key is needed")
        self._key, self._clock, self._digest = private, clock, digest
        self._chain = x509.load_pem_x509_certificates(chain.read_bytes())

    def ask(self, query: bytes) -> bytes:
        """The response to a request. Raises ``ValueError`` for what is none."""
        asked = tsp.TimeStampReq.load(query, strict=True)
        info = self.info(asked)
        granted = {"status": {"status": "granted"}, "time_stamp_token": self._token(tsp.TSTInfo(info).dump())}
        return tsp.TimeStampResp(granted).dump()

    def info(self, asked: tsp.TimeStampReq) -> dict[str, object]:
        """What the token says."""
        info: dict[str, object] = {
            "version": "v1",
            "policy": asked["req_policy"].native or POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(63),
            "gen_time": self._clock.now(),
        }
        if asked["nonce"].native is not None:
            info["nonce"] = asked["nonce"].native
        return info

    def _token(self, content: bytes) -> cms.ContentInfo:
        leaf = asn1.Certificate.load(self._chain[0].public_bytes(Encoding.DER))
        method = algos.DigestAlgorithm({"algorithm": self._digest})
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", hashlib.new(self._digest, content).digest()),
                _attribute("signing_certificate_v2", {"certs": [self._named(leaf)]}),
            ]
        )
        signer = {
            "version": "v1",
            "sid": {"issuer_and_serial_number": {"issuer": leaf.issuer, "serial_number": leaf.serial_number}},
            "digest_algorithm": method,
            "signature_algorithm": {"algorithm": f"{self._digest}_ecdsa"},
            "signed_attrs": attributes,
            "signature": self._key.sign(attributes.dump(), ec.ECDSA(HASHES[self._digest]())),
        }
        signed = {
            "version": "v3",
            "digest_algorithms": [method],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "certificates": [asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in self._chain],
            "signer_infos": [signer],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})

    def _named(self, leaf: asn1.Certificate) -> dict[str, object]:
        """ESSCertIDv2 (RFC 5816); SHA-256 is the default there and not said."""
        if self._digest == "sha256":
            return {"cert_hash": leaf.sha256}
        found = hashlib.new(self._digest, leaf.dump()).digest()
        return {"hash_algorithm": {"algorithm": self._digest}, "cert_hash": found}


def own_authority(folder: Path, clock: Clock, *, demo: bool) -> OwnAuthority:
    """The declared test authority of ``signing/devca``, its key in ``folder`` with mode 0600. Published and worthless: only
    ``signing/trust/test`` trusts it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        put(folder / name, (DEVCA / name).read_bytes())
    return OwnAuthority(folder / _FILES[0], folder / _FILES[1], clock, demo=demo)


def _attribute(kind: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})
