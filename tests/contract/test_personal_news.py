"""A provider whose certificates live for years: its list is fetched when a signature comes, kept on the installation's own trust list, and counts."""

from __future__ import annotations

import base64
import json
import shutil
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from scripts.make_devca import revocation_list
from scripts.vectors.base import SEALED_RECORD
from tests.support.sign_provider import certificate, signature
from tillid.adapters.keys.own_trust import OwnTrust
from tillid.adapters.keys.places import personal_of
from tillid.adapters.personal_provider import WrongSignature
from tillid.kernel.clock import FixedClock, SystemClock
from tillid.kernel.paths import SIGNING
from tillid.signatures.personal import expected_over

NOW = SystemClock().now().replace(microsecond=0)
ABOUT = expected_over(SEALED_RECORD)


@pytest.fixture
def provider(tmp_path):
    """The provider and its authority's list on one server: ``/orders/…`` and ``/a.crl``; and an installation that trusts it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.server.asked.append(self.path)
            listed = self.path.endswith(".crl")
            told = {"state": "signed", "signature": base64.b64encode(self.server.signature).decode()}
            body = self.server.list if listed else json.dumps(told).encode()
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Not the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.list = [], None
    server.at = f"http://127.0.0.1:{server.server_port}"
    server.root = certificate("TEST issues for years", None, now=NOW, authority=True)
    base, keys = tmp_path / "base", tmp_path / "var" / "keys"
    shutil.copytree(SIGNING / "trust" / "test", base)
    (base / "persons").mkdir()
    (base / "persons" / "root.pem").write_bytes(server.root[0].public_bytes(Encoding.PEM))
    keys.mkdir(parents=True)
    settings = keys / "sign-provider.json"
    settings.write_text(json.dumps({"name": "x", "address": server.at, "secret": "x"}))
    settings.chmod(0o600)
    var, clock = tmp_path / "var", FixedClock(NOW)
    server.ours = personal_of(var, OwnTrust(base, var / "trust"), clock)
    server.crl = var / "trust" / "crl"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def signed(server, root=None, life=timedelta(days=730)) -> None:
    """The person signs, with a certificate of two years that names the list."""
    issuer = root or server.root
    list_at = f"{server.at}/a.crl"
    person = certificate("Person", issuer, subject=ABOUT.subject, now=NOW, life=life, list_at=list_at)
    server.person, server.signature = person, signature(SEALED_RECORD, person, [issuer[0]], NOW)


def listing(server, *revoked, hours=24) -> bytes:
    begun = NOW - timedelta(hours=23)
    return revocation_list(server.root, *revoked, at=begun, valid=(begun, begun + timedelta(hours=hours)))


@pytest.mark.req("R-100", "R-101")
def test_the_list_is_fetched_when_the_signature_comes_and_it_is_kept(provider):
    signed(provider)
    provider.list = listing(provider)
    assert provider.ours.fetch("1", ABOUT).signature == provider.signature
    assert provider.asked == ["/orders/1", "/a.crl"] and len(list(provider.crl.glob("*.crl"))) == 1
    provider.ours.fetch("2", ABOUT)
    assert provider.asked[2:] == ["/orders/2"], "what is known is not asked for again"


@pytest.mark.req("R-101")
def test_who_is_on_it_has_signed_nothing_and_without_it_nobody_has(provider):
    signed(provider)
    for held, step in (
        (None, "personal.revocation-missing"),
        (b"no list", "personal.revocation-missing"),
        (listing(provider, hours=1), "personal.revocation-missing"),
        (listing(provider, provider.person[0]), "personal.revoked"),
    ):
        provider.list = held
        with pytest.raises(WrongSignature) as refused:
            provider.ours.fetch("1", ABOUT)
        assert refused.value.detail == step


@pytest.mark.req("R-100", "R-101")
def test_of_a_short_life_whoever_issued_it_is_asked_about_and_nobody_else(provider):
    """With a stolen authority's key new certificates of minutes could be made every day: its own issuer says when it is revoked."""
    issuing = certificate(
        "TEST issues for minutes", provider.root, now=NOW, authority=True, list_at=f"{provider.at}/root.crl"
    )
    signed(provider, issuing, life=timedelta(minutes=10))
    for held, step in (
        (None, "personal.revocation-missing"),
        (listing(provider, hours=1), "personal.revocation-missing"),
        (listing(provider, issuing[0]), "personal.authority-revoked"),
    ):
        provider.list = held
        with pytest.raises(WrongSignature) as refused:
            provider.ours.fetch("1", ABOUT)
        assert refused.value.detail == step
    shutil.rmtree(provider.crl)
    provider.list = listing(provider)
    assert provider.ours.fetch("2", ABOUT).signature == provider.signature
    assert "/root.crl" in provider.asked and "/a.crl" not in provider.asked, "the person's own list"


def test_every_way_is_asked_about_not_the_first_alone(provider):
    """Who issues is certified by two authorities; of the one that is shown first nobody says where its list lies."""
    above = certificate("TEST above", provider.root, now=NOW, authority=True)
    first = certificate("TEST issues for minutes", above, now=NOW, authority=True)
    root_list = f"{provider.at}/root.crl"
    second, _ = certificate(
        "TEST issues for minutes", provider.root, now=NOW, authority=True, list_at=root_list, key=first[1]
    )
    person = certificate("Person", first, subject=ABOUT.subject, now=NOW)
    provider.signature = signature(SEALED_RECORD, person, [first[0], above[0], second], NOW)
    provider.list = listing(provider)
    assert provider.ours.fetch("1", ABOUT).signature == provider.signature
    assert provider.asked == ["/orders/1", "/root.crl"]


def test_nobody_is_asked_for_a_short_life_under_who_is_pinned_or_by_who_is_not_trusted(provider):
    signed(provider, life=timedelta(minutes=10))
    assert provider.ours.fetch("1", ABOUT).signature == provider.signature
    signed(provider, certificate("TEST stranger", None, now=NOW, authority=True))
    with pytest.raises(WrongSignature) as refused:
        provider.ours.fetch("1", ABOUT)
    assert refused.value.detail == "personal.authority"
    assert not [one for one in provider.asked if one.endswith(".crl")]
