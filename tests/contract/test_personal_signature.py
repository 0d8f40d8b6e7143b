"""A person's own signature from a provider in a process of its own: what is kept, what is refused and why (R-100 to R-103)."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import timedelta

import pytest

from scripts.vectors.base import RECORD
from tests.support.demo_key import create_demo_key
from tests.support.sign_client import Process
from tests.support.sign_provider import FAULTS
from tillid.adapters.keyfile import load_key
from tillid.adapters.personal_provider import PersonalProvider, ProviderSettings, WrongSignature, provider_of
from tillid.cli import main
from tillid.kernel.clock import FixedClock, SystemClock
from tillid.kernel.errors import TillidError, Unavailable
from tillid.kernel.ids import new_id
from tillid.kernel.paths import SIGNING
from tillid.signatures.personal import Expected, personal_imprint, verify_personal
from tillid.signatures.sign import seal
from tillid.signatures.trust import Trust, load_trust
from tillid.signatures.verify import verify

SUBJECT = "ab" * 32
CLOCK = SystemClock()


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    process = Process(tmp_path_factory.mktemp("provider"))
    yield process
    process.stop()


@pytest.fixture(scope="module")
def record(tmp_path_factory) -> bytes:
    return seal(RECORD, load_key(*create_demo_key(tmp_path_factory.mktemp("keys"))), CLOCK.now())


@pytest.fixture
def expected(record) -> Expected:
    return Expected(record=record, subject=SUBJECT)


def ordered(provider, expected, what: str | None, **client):
    """An order on which the person has done ``what``: our client and its number."""
    ours, order = provider.client(**client), new_id()
    go_to = ours.begin(order, expected, "http://localhost/tilbage")
    if what is not None:
        assert provider.person(go_to, what) == "http://localhost/tilbage"
    return ours, order


@pytest.mark.req("R-100", "R-101", "R-103")
def test_what_the_person_signed_is_told_apart_from_the_seal_and_holds_for_xmlsec1(provider, expected, tmp_path):
    ours, order = ordered(provider, expected, "sign")
    signature = ours.fetch(order, expected).signature
    found = verify_personal(signature, expected, provider.trust, at=CLOCK.now())
    assert (found.status, found.details["signature_kind"], found.details["signer"]) == ("passed", "personal", SUBJECT)
    assert found.signed == expected.record and "segl" not in " ".join((found.sentence, *found.does_not_prove)).lower()
    sealed = verify(expected.record, load_trust(SIGNING / "trust" / "test"), at=CLOCK.now())
    assert sealed.details["signature_kind"] == "platform-seal", "one record, one person's signature over it"
    (tmp_path / "signature.xml").write_bytes(signature)
    command = [
        "xmlsec1", "--verify", "--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
        "--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:Object", "--enabled-reference-uris", "same-doc",
        "--enabled-key-data", "x509", "--trusted-pem", str(provider.folder / "root.pem"), str(tmp_path / "signature.xml"),
    ]  # fmt: skip
    assert subprocess.run(command, capture_output=True).returncode == 0


REASON = {
    "other-record": "personal.other-record",
    "expired": "personal.expired",
    "foreign-person": "personal.other-person",
    "foreign-authority": "personal.authority",
    "changed": "personal.changed",
    "cpr": "personal.cpr",
    "authority": "personal.usage",
    "outside": "personal.outside",
    "not-binding": "personal.usage",
    "garbage": "personal.shape",
}


def test_every_way_to_be_wrong_is_looked_at():
    assert set(FAULTS) == {*REASON, "large"}


@pytest.mark.req("R-100", "R-101", "R-102")
@pytest.mark.parametrize(("what", "step"), REASON.items())
def test_what_does_not_hold_is_never_kept(provider, expected, what, step):
    ours, order = ordered(provider, expected, what)
    with pytest.raises(WrongSignature) as refused:
        ours.fetch(order, expected)
    assert refused.value.detail == step and refused.value.why.startswith("Personens egen underskrift")


def test_who_waits_refuses_or_is_unknown_has_signed_nothing(provider, expected):
    ours, order = ordered(provider, expected, None)
    assert ours.fetch(order, expected).waiting
    ours, order = ordered(provider, expected, "refuse")
    refused = ours.fetch(order, expected)
    assert (refused.signature, refused.waiting) == (None, False)


@pytest.mark.parametrize("what", ["slow", "large"])
def test_a_slow_or_endless_answer_is_none(provider, expected, what):
    ours, order = ordered(provider, expected, what, seconds=1.0)
    with pytest.raises(Unavailable) as away:
        ours.fetch(order, expected)
    assert away.value.code == "personal.unavailable"


def test_the_wrong_password_a_provider_that_is_gone_and_none_at_all(provider, expected):
    with pytest.raises(Unavailable):
        provider.client(secret="another").begin(new_id(), expected, "http://localhost/")
    gone = ProviderSettings(name="x", address="http://127.0.0.1:9", secret="x")
    for settings in (gone, None):
        with pytest.raises(Unavailable):
            PersonalProvider(settings, lambda: provider.trust, CLOCK).begin(new_id(), expected, "http://localhost/")


def test_a_person_is_sent_to_the_provider_that_was_set_up_and_nowhere_else(provider, expected, monkeypatch):
    ours = provider.client()
    monkeypatch.setattr(
        "tillid.adapters.personal_provider.ask", lambda *_, **__: b'{"go_to": "https://evil.example/sign"}'
    )
    with pytest.raises(Unavailable):
        ours.begin(new_id(), expected, "http://localhost/")


def test_a_second_answer_is_another_signature_and_both_hold_by_themselves(provider, expected):
    ours, order = ordered(provider, expected, "sign")
    first = ours.fetch(order, expected).signature
    provider.person(f"{provider.address}/sign/{order}", "sign")
    second = ours.fetch(order, expected).signature
    assert first != second, "which of them is kept: the ledger attaches once (tests/walks/test_sign_personally.py)"


def test_the_certificate_lives_for_minutes_and_a_timestamp_carries_it_on(provider, expected, tmp_path):
    import hashlib

    from asn1crypto import tsp

    from tillid.adapters.tsa_own import own_authority
    from tillid.signatures.timestamp import query

    ours, order = ordered(provider, expected, "sign")
    signature, now = ours.fetch(order, expected).signature, CLOCK.now()
    later = now + timedelta(days=3650)
    trust = provider.added(Trust(stampers=load_trust(SIGNING / "trust" / "test").stampers))
    assert verify_personal(signature, expected, trust, at=later).step == "personal.expired"

    def token(moment, imprint: str) -> bytes:
        answer = own_authority(tmp_path, FixedClock(moment), demo=True).ask(query(imprint, 7))
        return tsp.TimeStampResp.load(answer)["time_stamp_token"].dump()

    imprint = personal_imprint(signature)
    assert verify_personal(signature, expected, trust, at=later, token=token(now, imprint)).passed
    late = token(now + timedelta(minutes=30), imprint)
    assert verify_personal(signature, expected, trust, at=later, token=late).step == "personal.expired"
    other = token(now, hashlib.sha256(b"x").hexdigest())
    assert verify_personal(signature, expected, trust, at=later, token=other).step == "timestamp.imprint"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<ds:KeyInfo>", b"<ds:KeyInfo><ds:KeyName>x</ds:KeyName>"),
        (b'URI="#personal-record"', b'URI=""'),
        (b'<ds:Object Id="personal-record">', b'<ds:Object></ds:Object><ds:Object Id="personal-record">'),
        (b"</ds:Signature>", b"<ds:Object></ds:Object></ds:Signature>"),
        (b'Id="personal"', b'Id="seal"'),
        (b"ecdsa-sha256", b"ecdsa-sha1"),
        (
            b"</xades:SignedProperties>",
            b"</xades:SignedProperties><xades:UnsignedProperties></xades:UnsignedProperties>",
        ),
        (b"<ds:SignatureValue>", b"<!-- --><ds:SignatureValue>"),
        (b"<ds:SignatureValue>", b"<ds:SignatureValue>AAAA"),
    ],
)
def test_another_shape_is_refused(provider, expected, old, new):
    ours, order = ordered(provider, expected, "sign")
    signature = ours.fetch(order, expected).signature
    head, _, tail = signature.partition(old)
    if old == b"</ds:Signature>":  # the person's own, not the seal's
        head, _, tail = signature.rpartition(old)
    changed = head + new + tail
    assert changed != signature and not verify_personal(changed, expected, provider.trust, at=CLOCK.now()).passed


@pytest.mark.req("R-103")
def test_the_command_judges_the_signature_and_the_record_in_it_each_by_its_name(provider, expected, tmp_path, capsys):
    own = record_of_login(expected.record)
    ours, order = ordered(provider, own, "sign")
    (tmp_path / "personal.xml").write_bytes(ours.fetch(order, own).signature)
    trust = tmp_path / "trust"
    shutil.copytree(SIGNING / "trust" / "test", trust)
    (trust / "persons").mkdir()
    shutil.copy(provider.folder / "root.pem", trust / "persons")
    shutil.copy(provider.folder / "root.crl", trust / "crl")
    assert main(["verify", "--trust", str(trust), "--json", str(tmp_path / "personal.xml")]) == 0
    signature, sealed = json.loads(capsys.readouterr().out)
    assert (signature["step"], signature["details"]["signature_kind"]) == ("personal.ok", "personal")
    assert (sealed["step"], sealed["details"]["signature_kind"]) == ("ok", "platform-seal")
    (trust / "persons" / "root.pem").unlink()
    assert main(["verify", "--trust", str(trust), str(tmp_path / "personal.xml")]) == 2
    assert "Personens egen underskrift kommer fra en udbyder, som ikke er på tillidslisten" in capsys.readouterr().out


def record_of_login(record: bytes) -> Expected:
    """The record with the login that stands in it."""
    return Expected(record=record, subject=re.search(rb'<Login [^>]*subject="([^"]*)"', record)[1].decode())


def test_the_settings_are_this_users_alone(tmp_path):
    assert provider_of(tmp_path) is None
    path = tmp_path / "sign-provider.json"
    path.write_text('{"name": "x", "address": "https://sign.example/api", "secret": "hemmelig"}')
    path.chmod(0o600)
    found = provider_of(tmp_path)
    assert found.secret == "hemmelig" and "hemmelig" not in repr(found)
    path.chmod(0o644)
    with pytest.raises(TillidError) as refused:
        provider_of(tmp_path)
    assert refused.value.code == "personal.settings"
