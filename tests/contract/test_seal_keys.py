"""What seals records, each kind through the same questions: the declared key file, a key file on the ring, a key in hardware
(SoftHSM 2). And the life of a key: made, certified, in use, followed by the next, revoked, run out."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from msgspec import structs

from scripts.vectors.base import RECORD
from tests.support.demo_key import create_demo_key
from tests.support.softhsm import PIN, SoftToken
from tillid.adapters.keyfile import DEVCA, KeyFileSigner
from tillid.adapters.keys.life import (
    certificate_of,
    certify_in_the_demo,
    hang_demo_key,
    make_key,
    revoke_key,
    take_into_use,
)
from tillid.adapters.keys.own_trust import OwnTrust
from tillid.adapters.keys.places import seal_of
from tillid.adapters.keys.ring import KeyRing, RingKey, TokenPlace
from tillid.adapters.keys.signer import RingSigner, private_key
from tillid.cli import main
from tillid.cli.probe_keys import certificates, seal_key
from tillid.demo.xmlsec import Xmlsec1
from tillid.kernel.clock import FixedClock, SystemClock
from tillid.kernel.errors import TillidError, Unavailable
from tillid.kernel.paths import SIGNING
from tillid.signatures.sign import seal
from tillid.signatures.verify import verify

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TOWN = "Solbjerg Kommune"


class Keys:
    """One installation's ring, list of trust and seal."""

    def __init__(self, folder: Path, token: SoftToken | None = None, *, demo: bool = True) -> None:
        self.clock, self.token = FixedClock(NOW), token
        self.ring = KeyRing(folder / "keys" / "seal")
        self.trust = OwnTrust(SIGNING / "trust" / "test", folder / "trust")
        self.seal = RingSigner(self.ring, self.clock, demo=demo)

    def new(self, name: str, *, hardware: bool = False, in_use: bool = True) -> Path:
        token = self.token.place(f"{name}-{id(self)}") if hardware and self.token else None
        request = make_key(self.ring, name, TOWN, self.clock.now(), token=token, file_allowed=True)
        if in_use:
            self.use(name)
        return request

    def use(self, name: str, chain: bytes | None = None) -> None:
        chain = chain or certify_in_the_demo(self.ring, name, self.clock.now())
        take_into_use(self.ring, self.trust, name, chain, self.clock.now())

    def sealed(self) -> bytes:
        return self.seal.seal(RECORD, self.clock.now())

    def verdict(self, record: bytes):
        return verify(record, self.trust.now(), at=self.clock.now())


@pytest.fixture(scope="module")
def token(tmp_path_factory):
    made = SoftToken(tmp_path_factory.mktemp("softhsm"))
    yield made
    made.close()


@pytest.fixture
def keys(tmp_path, token) -> Keys:
    return Keys(tmp_path, token)


@pytest.fixture(params=["declared file", "file on the ring", "hardware"])
def seal_and_trust(request, tmp_path, keys):
    """Each kind of signer, and whom a verifier trusts."""
    if request.param == "declared file":
        return KeyFileSigner(*create_demo_key(tmp_path / "declared"), demo=True), keys.trust
    keys.new("a", hardware=request.param == "hardware")
    return keys.seal, keys.trust


def test_what_it_seals_passes_here_and_in_a_program_that_is_not_ours(seal_and_trust):
    signer, trust = seal_and_trust
    signer.check()
    record = signer.seal(RECORD, NOW)
    found = verify(record, trust.now(), at=NOW)
    assert (found.status, found.details["signature_kind"]) == ("passed", "platform-seal")
    assert Xmlsec1().accepts(record)
    assert not Xmlsec1().accepts(record.replace(b"Solbjerg", b"Solborg."))


def test_many_threads_seal_at_once(seal_and_trust):
    signer, trust = seal_and_trust
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: signer.seal(RECORD, NOW), range(24)))
    assert len(set(made)) == 24, "each has a value of its own"
    assert all(verify(one, trust.now(), at=NOW).passed for one in made[:8])


def test_a_moment_outside_its_certificate_is_refused_and_may_be_tried_again(seal_and_trust):
    with pytest.raises(Unavailable) as late:
        seal_and_trust[0].seal(RECORD, datetime(2070, 1, 1, tzinfo=UTC))
    assert late.value.code == "seal.expired"


def test_what_a_faulty_device_signs_is_no_seal(keys):
    """It answers, in time and in the right form, with what another key made."""
    keys.new("a")
    good = keys.seal.key()
    another = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(Unavailable) as wrong:
        seal(RECORD, structs.replace(good, private_key=another), NOW)
    assert wrong.value.code == "seal.faulty"
    assert keys.verdict(seal(RECORD, good, NOW)).passed


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # python-pkcs11 tidies up after the library's end
def test_a_device_that_is_pulled_out_and_put_in_again(keys, token):
    keys.new("a", hardware=True)
    assert keys.verdict(keys.sealed()).passed
    token.interrupt()
    with pytest.raises(Unavailable) as away:
        keys.sealed()
    assert away.value.code == "seal.unavailable"
    assert keys.verdict(keys.sealed()).passed, "the next seal opens anew"


def test_a_wrong_pin_is_tried_once_and_again_when_its_file_was_changed(keys, token):
    keys.new("a", hardware=True)
    token.new_process()
    token.write_pin("000000")
    try:
        for _ in range(20):  # a real device would be locked by now
            with pytest.raises(Unavailable) as wrong:
                RingSigner(keys.ring, keys.clock, demo=True).seal(RECORD, NOW)
            assert wrong.value.code == "seal.pin"
    finally:
        token.write_pin(PIN)
    assert keys.verdict(keys.sealed()).passed


def test_the_file_with_the_pin_is_this_users_alone(keys, token):
    keys.new("a", hardware=True)
    token.new_process()
    token.pin_file.chmod(0o640)
    with pytest.raises(Unavailable) as open_to_others:
        keys.sealed()
    token.pin_file.chmod(0o600)
    assert open_to_others.value.code == "seal.pin-mode"


def test_a_key_in_hardware_signs_and_does_nothing_else(keys):
    keys.new("a", hardware=True)
    key = private_key(keys.ring, keys.ring.key("a"))
    for refused in (key.private_numbers, key.private_bytes, key.__copy__):
        with pytest.raises(TypeError):
            refused()
    with pytest.raises(TypeError):
        key.sign(b"x", ec.ECDSA(SHA384()))
    with pytest.raises(TillidError) as taken:
        place = keys.ring.key("a").token
        make_key(keys.ring, "b", TOWN, NOW, token=place, file_allowed=False)
    assert taken.value.code == "keys.label"


def test_the_next_key_seals_at_once_and_what_the_first_sealed_counts_on(keys):
    keys.new("a")
    first = keys.sealed()
    keys.new("b", hardware=True, in_use=False)
    assert keys.verdict(keys.sealed()).details["seal"] == keys.verdict(first).details["seal"], "made is not in use"
    keys.use("b")
    second = keys.sealed()
    assert keys.verdict(first).passed and keys.verdict(second).passed
    assert "Tillid segl b" in keys.verdict(second).details["seal"]
    assert [keys.ring.state(key) for key in keys.ring.all()] == ["retired", "current"]


def test_a_revoked_key_seals_nothing_and_a_new_one_goes_on(keys):
    keys.new("a")
    before = keys.sealed()
    assert keys.verdict(before).passed
    keys.clock.move(days=2)
    revoke_key(keys.ring, keys.trust, "a", NOW + timedelta(days=1), "keyCompromise")
    assert keys.verdict(before).step == "seal.revoked-no-proof"
    with pytest.raises(Unavailable) as none:
        keys.sealed()
    assert none.value.code == "seal.no-key"
    keys.new("b")
    assert keys.verdict(keys.sealed()).passed
    with pytest.raises(TillidError) as over:
        take_into_use(keys.ring, keys.trust, "a", None, keys.clock.now())
    assert over.value.code == "keys.not-ready"


def test_a_revocation_may_be_told_to_be_older_and_never_to_be_younger(keys):
    keys.new("a")
    keys.clock.move(days=30)
    for days, told in ((10, 10), (20, 10), (5, 5)):
        revoke_key(keys.ring, keys.trust, "a", NOW + timedelta(days=days), "keyCompromise")
        assert keys.ring.key("a").revoked_at == NOW + timedelta(days=told)
        assert list(keys.trust.now().revoked.values()) == [NOW + timedelta(days=told)]


def test_nothing_is_overwritten(keys):
    request = keys.new("a")
    held = {path: path.read_bytes() for path in request.parent.iterdir()}
    with pytest.raises(TillidError) as taken:
        keys.new("a")
    with pytest.raises(TillidError) as other:
        keys.use("a", (DEVCA / "seal.chain.pem").read_bytes())
    assert (taken.value.code, other.value.code) == ("keys.exists", "keys.not-ready")
    assert {path: path.read_bytes() for path in request.parent.iterdir()} == held
    assert (request.parent / "key.pem").stat().st_mode & 0o777 == 0o600
    assert request.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["", "A", "../a", "a/b", ".", "a" * 41, "æ", "-a", "a\n"])
def test_a_name_is_a_name(keys, name):
    with pytest.raises(TillidError) as refused:
        keys.new(name)
    assert refused.value.code == "keys.name"


@pytest.mark.parametrize(
    ("chain", "code"),
    [
        ((DEVCA / "seal.chain.pem").read_bytes(), "seal.key"),
        ((SIGNING / "trust" / "test" / "ca" / "root.pem").read_bytes(), "keys.certificate"),
        (b"no certificate", "keys.certificate"),
    ],
)
def test_a_certificate_that_is_not_the_keys_is_refused_and_nothing_is_changed(keys, chain, code):
    keys.new("a", in_use=False)
    with pytest.raises(TillidError) as refused:
        keys.use("a", chain)
    assert refused.value.code == code
    assert keys.ring.state(keys.ring.key("a")) == "requested" and keys.trust.now().seals == (
        OwnTrust(SIGNING / "trust" / "test", Path("/nowhere")).now().seals
    )


def test_the_request_is_whole_and_in_the_towns_name(keys):
    asked = x509.load_pem_x509_csr(keys.new("a", hardware=True, in_use=False).read_bytes())
    assert asked.is_signature_valid and isinstance(asked.signature_hash_algorithm, SHA256)
    assert asked.subject.rfc4514_string() == "CN=Tillid segl a,O=Solbjerg Kommune,C=DK"
    usage = asked.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature and usage.content_commitment and not usage.key_cert_sign


def test_a_file_outside_the_demo_has_to_be_chosen(tmp_path):
    keys = Keys(tmp_path, demo=False)
    with pytest.raises(TillidError) as refused:
        make_key(keys.ring, "a", TOWN, NOW, token=None, file_allowed=False)
    hang_demo_key(keys.ring, NOW)
    with pytest.raises(TillidError) as declared:
        keys.sealed()
    assert (refused.value.code, declared.value.code) == ("seal.key-file", "seal.key-file")
    keys.new("a")
    assert keys.verdict(keys.sealed()).passed


def test_a_key_made_for_the_demo_seals_nothing_outside_it(tmp_path):
    var = ["--var", str(tmp_path)]
    assert main(["keys", "new", "a", "--organisation", TOWN, "--demo", *var]) == 0
    assert main(["keys", "rotate", "a", "--demo", *var]) == 0
    seal_of(tmp_path, SystemClock(), demo=True).check()
    with pytest.raises(TillidError, match=r"seal\.key-file"):
        seal_of(tmp_path, SystemClock(), demo=False).check()


def test_the_doctor_tells_of_a_key_that_ends_soon_has_ended_or_is_missing(tmp_path):
    assert list(seal_key(tmp_path, NOW)) == []
    keys = Keys(tmp_path)
    keys.new("a")
    ends = certificate_of(keys.ring, "a").not_valid_after_utc
    for moment, usable, word in (
        (NOW, True, ""),
        (ends - timedelta(days=30), True, "udløber"),
        (ends + timedelta(1), False, "udløb "),
    ):
        (found,) = seal_key(tmp_path, moment)
        assert (
            (found.usable, found.version) == (usable, "a") and word in found.advice and bool(word) == bool(found.advice)
        )
    (found,) = certificates(tmp_path, demo=True)
    assert (found.usable, found.advice) == (True, ""), "the demo's chain, lists and methods hold"
    (found,) = certificates(tmp_path, demo=False)
    assert found.usable and found.advice.startswith("Mangler: Udstederen »TEST Tillid issuing«")
    revoke_key(keys.ring, keys.trust, "a", NOW, "superseded")
    (found,) = seal_key(tmp_path, NOW)
    assert not found.usable and "Ingen nøgle er i brug" in found.advice
    (keys.ring.folder / "ring.json").write_text("[{")
    (found,) = seal_key(tmp_path, NOW)
    assert not found.usable and "sikkerhedskopien" in found.advice


def test_the_commands_from_the_first_key_to_the_revoked(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("TILLID_MODE", "demo")

    def tillid(*words: str) -> tuple[int, str]:
        code = main(["keys", *words, "--var", str(tmp_path / "var")])
        said = capsys.readouterr()
        return code, said.out + said.err

    assert "[store.none]" in tillid("status")[1] and not (tmp_path / "var").exists(), "a folder that was mistyped"
    (tmp_path / "var" / "data").mkdir(parents=True)
    (tmp_path / "var" / "data" / "Data.fs").touch()  # what a start without a key leaves
    assert tillid("status") == (
        1,
        "Ingen nøgle er i brug, så intet kan forsegles. Lav en med »tillid keys new«, og tag den i brug.\n",
    )
    assert tillid("new", "2026-a", "--organisation", TOWN)[0] == 0
    assert "endnu" in tillid("new", "2026-b", "--organisation", TOWN)[1]
    assert "[keys.exists]" in tillid("new", "2026-a", "--organisation", TOWN)[1]
    assert "[keys.token]" in tillid("new", "2026-c", "--organisation", TOWN, "--module", "/x.so")[1]
    code, said = tillid("rotate", "2026-a")
    assert code == 0 and "TEST Tillid segl 2026-a" in said
    code, said = tillid("rotate", "2026-b")
    assert code == 0 and "Nøglen 2026-a er afløst" in said
    place = TokenPlace(module="/x.so", token="t", label="hw", pin_file="/x.pin")
    KeyRing(tmp_path / "var" / "keys" / "seal").add(RingKey(name="hw", made_at=NOW, token=place))
    code, said = tillid("rotate", "hw")
    assert code == 1 and "[keys.demo-hardware]" in said, "the TEST authority certifies no key in hardware"
    assert "[keys.future]" in tillid("revoke", "2026-b", "--since", "2999-01-01T00:00:00Z")[1]
    code, said = tillid("status", "--json")
    told = json.loads(said)
    assert code == 0 and told["alarms"] == []
    assert [(key["name"], key["state"]) for key in told["keys"]] == [
        ("2026-a", "retired"),
        ("2026-b", "current"),
        ("hw", "requested"),
    ]
    assert tillid("revoke", "2026-b", "--reason", "keyCompromise")[0] == 0
    code, said = tillid("status")
    assert code == 1 and "spærret" in said and "Ingen nøgle er i brug" in said
