"""Lists fetched over HTTP from a server of our own: kept when genuine, current and newer, and then counted."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from scripts.make_devca import issue, name, pem, revocation_list
from tests.support.key_usage import usage_of
from tillid.adapters.keys.own_trust import OwnTrust
from tillid.adapters.keys.ring import KeyRing, RingKey
from tillid.adapters.revocation_lists import Fetched, addresses, fetch_lists
from tillid.adapters.trust_watch import TrustWatch
from tillid.cli import main
from tillid.kernel.clock import FixedClock, SystemClock
from tillid.signatures.trust import Trust, load_trust

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
CA = issue("TEST authority with lists", authority=True, years=(2019, 2069))
STRANGER = issue("TEST authority with lists", authority=True, years=(2019, 2069))


def published(days: int, issuer=CA, lasting: int = 7, *revoked: x509.Certificate) -> bytes:
    at = NOW + timedelta(days=days)
    return revocation_list(issuer, *revoked, valid=(at, at + timedelta(days=lasting)))


@pytest.fixture(scope="module")
def server():
    """Answers every GET with what its ``body`` is; none: 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.server.body
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Not the tests' output."""

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.body = None
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def seal(server) -> x509.Certificate:
    """A certificate that names the server."""
    address = f"http://127.0.0.1:{server.server_port}/a.crl"
    point = x509.DistributionPoint([x509.UniformResourceIdentifier(address)], None, None, None)
    builder = x509.CertificateBuilder().subject_name(name("TEST seal")).issuer_name(CA[0].subject).serial_number(7)
    builder = builder.public_key(ec.generate_private_key(ec.SECP256R1()).public_key()).not_valid_before(NOW)
    builder = builder.add_extension(usage_of("digital_signature"), critical=True)
    builder = builder.not_valid_after(NOW + timedelta(days=900))
    return builder.add_extension(x509.CRLDistributionPoints([point]), critical=False).sign(CA[1], SHA256())


def test_only_what_is_genuine_current_and_newer_is_kept(server, seal, tmp_path) -> None:
    trust, folder = Trust(authorities=(CA[0],), seals=(seal,)), tmp_path / "trust" / "crl"
    (address,) = addresses((seal, CA[0]))

    def fetched(body: bytes | None) -> Fetched:
        server.body = body
        (found,) = fetch_lists(trust, folder, now=NOW)
        assert found.address == address
        return found

    for body, state in (
        (None, "unreachable"), (b"nonsense", "foreign"), (b"", "foreign"), (b"x" * 1_000_002, "foreign"),
        (published(0, STRANGER), "foreign"), (published(-9), "old"), (published(1), "old"),
    ):  # fmt: skip
        assert fetched(body) == Fetched(address=address, state=state) and not folder.exists(), state
    first = published(-2)
    assert fetched(first) == Fetched(address=address, state="kept", until=NOW + timedelta(days=5))
    assert fetched(first).state == "known" and fetched(published(-3)).state == "older"
    assert fetched(None) == Fetched(address=address, state="unreachable", until=NOW + timedelta(days=5))
    assert [path.read_bytes() for path in folder.iterdir()] == [first]
    assert fetched(published(-1, CA, 7, seal)).state == "kept"
    (held,) = load_trust(tmp_path / "trust").lists
    assert held.get_revoked_certificate_by_serial_number(seal.serial_number)


def test_a_list_that_was_fetched_counts_without_a_new_start(server, seal, tmp_path) -> None:
    (tmp_path / "base").mkdir()
    trusted = OwnTrust(tmp_path / "base", tmp_path / "own")
    assert trusted.now().lists == ()
    server.body = published(0)
    fetch_lists(Trust(authorities=(CA[0],), seals=(seal,)), tmp_path / "own" / "crl", now=NOW)
    assert len(trusted.now().lists) == 1


def test_the_command_fetches_into_the_installation_and_says_what_is_missing(server, seal, tmp_path, capsys) -> None:
    for folder, certificate in (("ca", CA[0]), ("seals", seal)):
        (tmp_path / "trust" / folder).mkdir(parents=True)
        (tmp_path / "trust" / folder / "a.pem").write_bytes(pem(certificate))
    server.body = None
    assert main(["lists", "--var", str(tmp_path)]) == 1 and "kunne ikke hentes" in capsys.readouterr().out
    at = SystemClock().now().replace(hour=0)
    server.body = revocation_list(CA, seal, valid=(at, at + timedelta(days=7)))
    assert main(["lists", "--var", str(tmp_path)]) == 0 and "hentet; gælder til" in capsys.readouterr().out
    assert len(load_trust(tmp_path / "trust").lists) == 1
    assert main(["lists", "--var", str(tmp_path), "--demo"]) == 0 and "intet at hente" in capsys.readouterr().out


def test_a_running_tillid_fetches_each_day_by_itself_and_tells_what_is_missing(server, seal, tmp_path) -> None:
    clock = FixedClock(NOW)
    (tmp_path / "base").mkdir()
    for folder, certificate in (("ca", CA[0]), ("seals", seal)):
        (tmp_path / "trust" / folder).mkdir(parents=True)
        (tmp_path / "trust" / folder / "a.pem").write_bytes(pem(certificate))
    ring = KeyRing(tmp_path / "keys" / "seal")
    ring.home("a").mkdir(parents=True)
    ring.chain("a").write_bytes(pem(seal, CA[0]))
    ring.add(RingKey(name="a", made_at=NOW, file_allowed=True))
    ring.make_current("a", NOW)
    watch = TrustWatch(tmp_path, OwnTrust(tmp_path / "base", tmp_path / "trust").now, clock, demo=False)

    def told_after(hours: int, body: bytes | None) -> list[tuple[str, str]]:
        clock.move(hours=hours)
        server.body = body
        watch.look()
        watch.wait(20)
        return [(one.what, one.state) for one in watch.running_out()]

    assert told_after(0, None) == [("list", "missing")]
    assert told_after(0, published(0)) == [("list", "missing")], "after what failed it rests for an hour"
    assert told_after(1, published(0)) == []
    assert told_after(23, published(1)) == [] and len(load_trust(tmp_path / "trust").lists) == 1
    assert load_trust(tmp_path / "trust").lists[0].last_update_utc == NOW, "once a day"
    assert told_after(1, published(1)) == []
    assert load_trust(tmp_path / "trust").lists[0].last_update_utc == NOW + timedelta(days=1)
    assert told_after(24 * 8, None) == [("list", "over")]
    quiet = TrustWatch(tmp_path, watch._trust, clock, demo=True)
    quiet.look()
    assert quiet._thread is None, "the demo asks nobody"
