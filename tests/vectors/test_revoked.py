"""A revoked seal: what was proven to be sealed before counts on, what was sealed after does not, the rest is in doubt."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.hashes import SHA256
from msgspec import structs

from scripts.vectors.base import RECORD
from tests.support.demo_key import create_demo_key
from tillid.adapters.keyfile import load_key
from tillid.adapters.tsa_own import own_authority
from tillid.kernel.clock import FixedClock
from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.sign import seal
from tillid.signatures.timed import verify_timed
from tillid.signatures.timestamp import query
from tillid.signatures.timestamp_xades import stamped_bytes
from tillid.signatures.trust import Trust, load_trust, revocations

SEALED = datetime(2026, 3, 1, 12, tzinfo=UTC)
REVOKED, NOW = SEALED + timedelta(days=10), SEALED + timedelta(days=300)
TEST = load_trust(SIGNING / "trust" / "test")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def key(folder):
    return load_key(*create_demo_key(folder))


@pytest.fixture(scope="module")
def trust(key) -> Trust:
    return structs.replace(TEST, revoked={key.leaf.fingerprint(SHA256()).hex(): REVOKED})


def token(folder: Path, record: bytes, moment: datetime) -> bytes:
    """A timestamp of ``moment`` over the record's signature."""
    authority = own_authority(folder, FixedClock(moment), demo=True)
    asked = query(hashlib.sha256(stamped_bytes(record)).hexdigest(), 7)
    return tsp.TimeStampResp.load(authority.ask(asked))["time_stamp_token"].dump()


def test_sealed_after_the_revocation_fails(key, trust):
    record = seal(RECORD, key, REVOKED + timedelta(days=1))
    found = verify_timed(record, trust, at=NOW)
    assert (found.status, found.step, found.sub_indication, found.signed) == ("failed", "seal.revoked", "REVOKED", None)
    assert verify_timed(record, TEST, at=NOW).passed, "without the revocation it is a good record"


def test_sealed_before_it_without_proof_is_in_doubt(key, trust):
    found = verify_timed(seal(RECORD, key, SEALED), trust, at=NOW)
    assert (found.status, found.sub_indication) == ("indeterminate", "REVOKED_NO_POE")


def test_a_timestamp_from_before_the_revocation_keeps_the_record_good(folder, key, trust):
    record = seal(RECORD, key, SEALED)
    assert verify_timed(record, trust, at=NOW, token=token(folder, record, SEALED)).passed


def test_a_timestamp_from_after_it_proves_nothing(folder, key, trust):
    backdated = seal(RECORD, key, SEALED)
    late = token(folder, backdated, REVOKED + timedelta(hours=1))
    assert verify_timed(backdated, trust, at=NOW, token=late).step == "seal.revoked-no-proof"


def test_asked_about_a_moment_before_it_nothing_is_wrong_yet(key, trust):
    assert verify_timed(seal(RECORD, key, SEALED), trust, at=REVOKED - timedelta(seconds=1)).passed


@pytest.mark.parametrize(
    "text",
    [
        "{", "{}", '[{"at": "2026-01-01T00:00:00Z"}]', '[{"sha256": "00", "at": "2026-01-01T00:00:00Z"}]',
        json.dumps([{"sha256": "0" * 64, "at": "i går"}]), json.dumps([{"sha256": "A" * 64, "at": "2026-01-01T00:00:00Z"}]),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_never_means_that_nothing_was_revoked(tmp_path, text):
    (tmp_path / "revoked.json").write_text(text)
    with pytest.raises(TillidError) as refused:
        load_trust(SIGNING / "trust" / "test", tmp_path)
    assert refused.value.code == "trust.revoked"


def test_the_installations_own_folder_adds_to_the_list(tmp_path, key):
    digest = key.leaf.fingerprint(SHA256()).hex()
    (tmp_path / "revoked.json").write_text(json.dumps([{"sha256": digest, "at": "2026-03-11T12:00:00Z"}]))
    found = load_trust(SIGNING / "trust" / "test", tmp_path)
    assert found.revoked_at(key.leaf) == REVOKED and found.seals == TEST.seals
    assert revocations(tmp_path / "revoked.json")[0].reason == "unspecified"
