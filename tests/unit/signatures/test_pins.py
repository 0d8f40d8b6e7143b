"""What a pinned seal's certificate must be for, and whose it is (docs/adr/0083)."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from scripts.vectors.base import SEAL, SEALED_RECORD, sealed_by
from scripts.vectors.certificates import DOCUMENTS, ISSUING, NEIGHBOUR, OTHERS, issue, of_the_neighbour, seal_of
from tests.consent_examples import MOMENT, uid
from tests.support.key_usage import usage_of
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.pins import may_seal
from tillid.signatures.trust import Trust, load_trust
from tillid.signatures.verify import verify

TEST = load_trust(SIGNING / "trust" / "test")
OWN, OTHER = uid(1), NEIGHBOUR


def certificate(usage: str, *purposes: x509.ObjectIdentifier, authority: bool = False) -> x509.Certificate:
    extra = ((x509.ExtendedKeyUsage(purposes), False),) if purposes else ()
    return issue(f"TEST {usage} {len(purposes)}", ISSUING, usage=usage, extra=extra, authority=authority)[0]


def bare(*extensions: x509.ExtensionType) -> x509.Certificate:
    """The seal's name and key, and nothing said but ``extensions``."""
    made = x509.CertificateBuilder().subject_name(SEAL.leaf.subject).issuer_name(SEAL.leaf.issuer).serial_number(7)
    made = made.public_key(SEAL.leaf.public_key()).not_valid_before(MOMENT).not_valid_after(MOMENT.replace(year=2060))
    for one in extensions:
        made = made.add_extension(one, critical=isinstance(one, x509.KeyUsage | x509.BasicConstraints))
    return made.sign(ISSUING[1], SEAL.leaf.signature_hash_algorithm, ecdsa_deterministic=True)


@pytest.mark.req("R-85")
def test_a_certificate_that_signs_and_does_nothing_else_is_a_seals() -> None:
    assert may_seal(SEAL.leaf)
    for usage in ("digital_signature", "content_commitment", "digital_signature content_commitment"):
        assert may_seal(certificate(usage)), usage
        assert may_seal(certificate(usage, DOCUMENTS)), f"{usage}, and for documents (RFC 9336)"


@pytest.mark.req("R-85")
@pytest.mark.parametrize(
    "other", ["key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"]
)
def test_one_that_can_do_more_than_sign_is_no_seals(other: str) -> None:
    assert not may_seal(certificate(other)) and not may_seal(certificate(f"digital_signature {other}"))


@pytest.mark.req("R-85")
@pytest.mark.parametrize("name", ["SERVER_AUTH", "CLIENT_AUTH", "CODE_SIGNING", "EMAIL_PROTECTION", "TIME_STAMPING", "ANY_EXTENDED_KEY_USAGE"])  # fmt: skip
def test_one_for_another_purpose_is_no_seals_also_beside_the_right_one(name: str) -> None:
    purpose = getattr(ExtendedKeyUsageOID, name)
    assert not may_seal(certificate("digital_signature", purpose))
    assert not may_seal(certificate("digital_signature", DOCUMENTS, purpose))


@pytest.mark.req("R-85")
def test_an_authoritys_and_one_that_does_not_say_what_it_is_for_are_no_seals() -> None:
    assert not may_seal(ISSUING[0]) and not may_seal(certificate("digital_signature", authority=True))
    assert not may_seal(bare()) and not may_seal(bare(x509.BasicConstraints(ca=False, path_length=None)))
    signs = usage_of("digital_signature")
    assert may_seal(bare(signs)) and may_seal(bare(signs, x509.BasicConstraints(ca=False, path_length=None)))
    assert not may_seal(bare(signs, x509.BasicConstraints(ca=True, path_length=0))), (
        "an authority that is allowed to sign"
    )


def listed(folder: Path, leaf: x509.Certificate, text: str | None) -> Path:
    """A list that pins ``leaf``, with ``text`` beside it."""
    for kind, one in (("ca", ISSUING[0]), ("ca", root()), ("seals", leaf)):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        (folder / kind / f"{one.serial_number:x}.pem").write_bytes(one.public_bytes(Encoding.PEM))
    if text is not None:
        (folder / "seals" / f"{leaf.serial_number:x}.txt").write_text(text, "utf-8")
    return folder


def root() -> x509.Certificate:
    return x509.load_pem_x509_certificate((SIGNING / "trust" / "test" / "ca" / "root.pem").read_bytes())


def step(data: bytes, trust: Trust) -> str:
    return verify(data, trust, at=MOMENT.replace(year=2026)).step


@pytest.mark.req("R-85")
def test_a_list_that_pins_what_is_no_seals_is_refused_by_name(tmp_path: Path) -> None:
    web = certificate("digital_signature", ExtendedKeyUsageOID.SERVER_AUTH)
    with pytest.raises(TillidError) as refused:
        load_trust(listed(tmp_path, web, OWN))
    assert refused.value.code == "trust.usage" and f"seals/{web.serial_number:x}.pem" in refused.value.message
    with pytest.raises(TillidError, match="not for seals"):
        load_trust(SIGNING / "trust" / "test", tmp_path)  # also where an installation has added it itself


@pytest.mark.req("R-05", "R-85")
def test_a_seal_passes_for_its_own_controllers_and_for_nobody_else(tmp_path: Path) -> None:
    own, other = f"{OWN} Solbjerg Kommune\n", f"\n{OTHER}  Nabo\n"
    for text, expected in (
        (own, "ok"),
        (own + other, "ok"),
        (OWN, "ok"),
        (other, "seal.controller"),
        ("", "seal.unbound"),
        (None, "seal.unbound"),
    ):
        trust = load_trust(listed(tmp_path / expected / str(text and len(text)), SEAL.leaf, text))
        assert step(SEALED_RECORD, trust) == expected, text
    both = load_trust(listed(tmp_path / "both", SEAL.leaf, own + other))
    assert step(sealed_by(SEAL, record=of_the_neighbour()), both) == "ok"
    assert step(sealed_by(SEAL, record=of_the_neighbour()), TEST) == "seal.controller"


@pytest.mark.req("R-05", "R-85")
def test_each_of_two_municipalities_seals_its_own_records_alone(tmp_path: Path) -> None:
    neighbour, _ = OTHERS["of-a-neighbour"]
    trust = load_trust(listed(listed(tmp_path, SEAL.leaf, OWN), neighbour.leaf, OTHER))
    records = {"own": None, "other": of_the_neighbour()}
    found = {
        (whose, name): step(sealed_by(key) if record is None else sealed_by(key, record=record), trust)
        for name, record in records.items()
        for whose, key in (("own", SEAL), ("other", neighbour))
    }
    assert {pair for pair, one in found.items() if one == "ok"} == {("own", "own"), ("other", "other")}
    assert {one for pair, one in found.items() if len(set(pair)) == 2} == {"seal.controller"}


def test_what_an_installation_adds_counts_beside_the_projects_list(tmp_path: Path) -> None:
    listed(tmp_path / "own", SEAL.leaf, OTHER)
    trust = load_trust(SIGNING / "trust" / "test", tmp_path / "own")
    assert trust.seals_for(SEAL.leaf) == TEST.seals_for(SEAL.leaf) | {OTHER} and len(TEST.seals_for(SEAL.leaf)) == 3


@pytest.mark.parametrize(
    "text", ["Solbjerg Kommune\n", OWN.replace("-", ""), OWN.upper().replace("0", "A"), "12345678"]
)
def test_what_is_no_number_of_a_controller_is_told(text: str, tmp_path: Path) -> None:
    with pytest.raises(TillidError) as refused:
        load_trust(listed(tmp_path, SEAL.leaf, text))
    assert refused.value.code == "trust.controller" and f"{SEAL.leaf.serial_number:x}.txt" in refused.value.message


def test_the_verdict_says_whose_record_it_is() -> None:
    assert verify(SEALED_RECORD, TEST, at=MOMENT.replace(year=2026)).details["controller"] == OWN
    assert not may_seal(seal_of(issue("TEST web", ISSUING, usage="key_agreement"), ISSUING[0]).leaf)
