"""No byte of a sealed record can be changed, taken out or put in and the record still pass."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.effort import times
from tillid.kernel.paths import SIGNING
from tillid.signatures.timed import verify_timed
from tillid.signatures.trust import load_trust
from tillid.signatures.verify import verify

SEALED = (SIGNING / "vectors" / "valid" / "given.xml").read_bytes()
TRUST = load_trust(SIGNING / "trust" / "test")
AT = datetime(2026, 1, 1, tzinfo=UTC)
PAYLOAD_END = SEALED.index(b"<ds:Signature")
often = times(3, derandomize=False)  # other bytes in each run


def test_the_unchanged_record_passes() -> None:
    assert verify(SEALED, TRUST, at=AT).passed


@pytest.mark.req("R-11")
@often
@given(st.integers(0, PAYLOAD_END - 1), st.integers(1, 255))
def test_a_changed_byte_of_the_payload(position: int, difference: int) -> None:
    changed = SEALED[:position] + bytes([SEALED[position] ^ difference]) + SEALED[position + 1 :]
    assert verify(changed, TRUST, at=AT).status in ("failed", "unreadable")


@often
@given(st.integers(PAYLOAD_END, len(SEALED) - 1), st.integers(1, 255))
def test_a_changed_byte_of_the_signature(position: int, difference: int) -> None:
    changed = SEALED[:position] + bytes([SEALED[position] ^ difference]) + SEALED[position + 1 :]
    assert verify(changed, TRUST, at=AT).status in ("failed", "unreadable")


@often
@given(st.integers(0, len(SEALED)), st.binary(min_size=1, max_size=3))
def test_bytes_put_in(position: int, more: bytes) -> None:
    assert verify(SEALED[:position] + more + SEALED[position:], TRUST, at=AT).status in ("failed", "unreadable")


@often
@given(st.integers(0, len(SEALED) - 1), st.integers(1, 40))
def test_bytes_taken_out(position: int, count: int) -> None:
    assert verify(SEALED[:position] + SEALED[position + count :], TRUST, at=AT).status in ("failed", "unreadable")


@often
@given(st.binary(max_size=400) | st.text("<>/!?[]-&;\"'= aæ\u200b", max_size=400).map(str.encode))
def test_anything_at_all_gets_a_verdict(data: bytes) -> None:
    assert verify(data, TRUST, at=AT).status == "unreadable"


@pytest.mark.parametrize("old", [b"<Header>", b"<ConsentRecord ", b"<ds:Signature ", b"<Item "])
def test_a_namespace_that_is_no_address_is_refused_and_no_crash(old: bytes) -> None:
    """Such a declaration, used or not, has no canonical form; a fuzzer found that the library raises."""
    changed = SEALED.replace(old, old.rstrip(b" >") + b' xmlns:x="../x"' + old[-1:], 1)
    assert changed != SEALED
    assert verify(changed, TRUST, at=AT).status == verify_timed(changed, TRUST, at=AT).status == "failed"
