"""The key in a file: who may use it, and what happens when it is not there."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scripts.vectors.base import RECORD
from tests.support.demo_key import create_demo_key
from tillid.adapters.keyfile import DEVCA, KeyFileSigner
from tillid.kernel.errors import TillidError, Unavailable
from tillid.kernel.paths import SIGNING
from tillid.signatures.trust import load_trust
from tillid.signatures.verify import verify

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_demo_key_seals_what_the_test_trust_accepts(tmp_path: Path) -> None:
    key, chain = create_demo_key(tmp_path / "seal")
    assert key.stat().st_mode & 0o777 == 0o600
    sealed = KeyFileSigner(key, chain, demo=True).seal(RECORD, MOMENT)
    assert verify(sealed, load_trust(SIGNING / "trust" / "test"), at=MOMENT).passed


def test_making_the_demo_key_again_changes_nothing(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in create_demo_key(tmp_path)]
    assert [path.read_bytes() for path in create_demo_key(tmp_path)] == first


def test_refused_outside_demo_mode_unless_chosen(tmp_path: Path) -> None:
    key, chain = create_demo_key(tmp_path)
    with pytest.raises(TillidError) as refused:
        KeyFileSigner(key, chain, demo=False)
    assert refused.value.code == "seal.key-file"
    assert KeyFileSigner(key, chain, demo=False, allow_key_file=True).seal(RECORD, MOMENT)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o700])
def test_a_key_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    key, chain = create_demo_key(tmp_path)
    key.chmod(mode)
    with pytest.raises(TillidError) as refused:
        KeyFileSigner(key, chain, demo=True).seal(RECORD, MOMENT)
    assert refused.value.code == "seal.key-mode"


def test_a_missing_key_is_unavailable_and_may_come_back(tmp_path: Path) -> None:
    key, chain = create_demo_key(tmp_path)
    away = key.with_suffix(".away")
    os.rename(key, away)
    signer = KeyFileSigner(key, chain, demo=True)
    with pytest.raises(Unavailable) as gone:
        signer.seal(RECORD, MOMENT)
    assert gone.value.code == "seal.unavailable"
    os.rename(away, key)
    assert signer.seal(RECORD, MOMENT)


@pytest.mark.parametrize("content", [b"", b"no key", (DEVCA / "seal.chain.pem").read_bytes()])
def test_a_broken_key_is_unavailable(tmp_path: Path, content: bytes) -> None:
    key, chain = create_demo_key(tmp_path)
    key.write_bytes(content)
    with pytest.raises(Unavailable):
        KeyFileSigner(key, chain, demo=True).seal(RECORD, MOMENT)


def test_a_foreign_key_is_refused(tmp_path: Path) -> None:
    key, chain = create_demo_key(tmp_path)
    key.write_bytes((DEVCA / "imitation.key.pem").read_bytes())
    with pytest.raises(TillidError) as refused:
        KeyFileSigner(key, chain, demo=True).seal(RECORD, MOMENT)
    assert refused.value.code == "seal.key"
