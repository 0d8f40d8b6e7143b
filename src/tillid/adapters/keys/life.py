"""The steps of a key's life, each by a person at a command line (signing/ceremony.md): made, certified, in use, revoked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tillid.adapters.keyfile import DEVCA, require_chosen
from tillid.adapters.keys.certificates import certified_for_the_demo, looked_through, request_for
from tillid.adapters.keys.own_trust import OwnTrust
from tillid.adapters.keys.ring import KeyRing, Reason, RingKey, TokenPlace
from tillid.adapters.keys.signer import private_key
from tillid.kernel.errors import TillidError
from tillid.kernel.files import put
from tillid.kernel.ids import is_id
from tillid.signatures.sign import SealKey

DEMO = "demo"  # the ring's first key in the demo, which the project's test list pins


def make_key(
    ring: KeyRing, name: str, organisation: str, moment: datetime, *, token: TokenPlace | None, file_allowed: bool,
    demo: bool = False,
) -> Path:  # fmt: skip
    """A new key, in hardware or in a file of mode 0600, and the request for its certificate; the request's path.

    ``file_allowed``: somebody chose a file. In the ``demo`` a file needs no choice, and then seals nothing anywhere else.
    Raises ``TillidError``: ``keys.name``, ``keys.exists``, ``keys.label``, ``seal.key-file``; ``Unavailable`` when the token
    is away. Nothing is ever overwritten."""
    ring.require_free(name)
    require_chosen(token is not None or file_allowed or demo)
    made = RingKey(name=name, made_at=moment, token=token, file_allowed=file_allowed)
    if token is not None:
        from tillid.adapters.keys.token import token_at

        token_at(token.module, token.token).make_key(token)
    home = ring.home(name)
    home.mkdir(parents=True, mode=0o700)
    if token is None:
        key = ec.generate_private_key(ec.SECP256R1())
        put(home / "key.pem", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    request = home / "request.pem"
    put(request, request_for(private_key(ring, made), organisation, f"Tillid segl {name}"), mode=0o644)
    ring.add(made)
    return request


def take_into_use(
    ring: KeyRing, trust: OwnTrust, name: str, chain: bytes | None, moment: datetime, controllers: Mapping[str, str] | None = None
) -> SealKey:  # fmt: skip
    """Give the key ``name`` its certificates (``None``: it has them) and let it seal from now on for ``controllers`` (the data
    controllers' numbers and names; ``None``: those that the key before it seals for). Its seal is pinned first, so that no record is
    ever sealed by what nobody trusts; the key before it stays pinned. Raises ``TillidError``: ``keys.unknown``, ``keys.not-ready``,
    ``keys.certificate``, ``keys.controller``, ``seal.key``."""
    key, path = ring.key(name), ring.chain(name)
    if ring.state(key) not in ("requested", "ready") or (chain is None and not path.exists()):
        ring.make_current(name, moment)  # says why not
    if chain is not None and path.exists() and path.read_bytes() != chain:
        raise TillidError(
            code="keys.certified", text="Nøglen {name} har fået et andet certifikat. Lav en ny nøgle til et nyt certifikat.", name=name
        )  # fmt: skip
    found = looked_through(path.read_bytes() if chain is None else chain, private_key(ring, key), moment)
    whose = controllers or dict.fromkeys(sorted(_before(ring, trust)), "")
    if not whose or not all(map(is_id, whose)):
        raise TillidError(
            code="keys.controller",
            text="Hvem skal nøglen {name} forsegle for? Angiv den dataansvarliges nummer (UUID) med --controller.",
            name=name,
        )
    if chain is not None and not path.exists():
        put(path, chain, mode=0o644)
    trust.pin(name, found.leaf, whose)
    ring.make_current(name, moment)
    return found


def _before(ring: KeyRing, trust: OwnTrust) -> frozenset[str]:
    """For whom the newest of the other keys seals that says so; else the declared test seal, where the list pins that (the demo)."""
    said = trust.now()
    keys = [
        certificate_of(ring, key.name)
        for key in reversed(ring.all())
        if key.current_from and ring.chain(key.name).exists()
    ]
    declared = x509.load_pem_x509_certificates((DEVCA / "seal.chain.pem").read_bytes())[0]
    return next((found for leaf in (*keys, declared) if (found := said.seals_for(leaf))), frozenset())


def certify_in_the_demo(ring: KeyRing, name: str, moment: datetime) -> bytes:
    """The chain that the declared test authority answers the request of ``name`` with."""
    ring.key(name)
    return certified_for_the_demo((ring.home(name) / "request.pem").read_bytes(), moment)


def revoke_key(ring: KeyRing, trust: OwnTrust, name: str, since: datetime, reason: Reason) -> None:
    """Since ``since`` what ``name`` sealed counts no more unless a timestamp proves that it is older; it seals nothing from
    now on. Raises ``TillidError`` (``keys.unknown``)."""
    ring.key(name)
    ring.revoke(name, since, reason)  # first that it stops, then that others hear of it
    if ring.chain(name).exists():
        trust.revoke(certificate_of(ring, name), since, reason)


def certificate_of(ring: KeyRing, name: str) -> x509.Certificate:
    """The certificate of ``name``. Raises ``TillidError`` (``keys.certificate-damaged``)."""
    try:
        return x509.load_pem_x509_certificates(ring.chain(name).read_bytes())[0]
    except (OSError, ValueError, IndexError) as error:
        raise TillidError(
            type(error).__name__,
            code="keys.certificate-damaged",
            text="Certifikatet til nøglen {name} kan ikke læses. Hent filen chain.pem fra sikkerhedskopien.",
            name=name,
        ) from None


def hang_demo_key(ring: KeyRing, moment: datetime) -> None:
    """Have the declared test seal on the ring, in use if no other is. Git does not keep the mode 0600, so it is copied, and
    again at each start. The key is published and worthless: only ``signing/trust/test`` pins it."""
    home = ring.home(DEMO)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    put(home / "key.pem", (DEVCA / "seal.key.pem").read_bytes())
    put(home / "chain.pem", (DEVCA / "seal.chain.pem").read_bytes())
    if not any(key.name == DEMO for key in ring.all()):
        ring.add(RingKey(name=DEMO, made_at=moment, file_allowed=False))
        if ring.current() is None:
            ring.make_current(DEMO, moment)
