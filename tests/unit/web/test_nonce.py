"""The consent nonce: bound to session, request, document and time; the same click is the same event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tillid.kernel.errors import TillidError
from tillid.kernel.ids import is_id
from tillid.web.nonce import NonceService

NOW = datetime(2026, 11, 25, 19, 0, tzinfo=UTC)
SERVICE = NonceService(b"n" * 32)
NONCE = SERVICE.issue("session", "request", "a" * 64, NOW + timedelta(hours=1))
RIGHT = {"session_id": "session", "request_id": "request", "digest": "a" * 64, "moment": NOW}


def refusal(nonce=NONCE, service=SERVICE, **other):
    with pytest.raises(TillidError) as refused:
        service.accept(nonce, **{**RIGHT, **other})
    return refused.value.code


@pytest.mark.req("R-17")
def test_the_same_click_is_the_same_event():
    first = SERVICE.accept(NONCE, **RIGHT)
    assert is_id(first) and SERVICE.accept(NONCE, **{**RIGHT, "moment": NOW + timedelta(minutes=5)}) == first


def test_another_page_is_another_event():
    other = SERVICE.issue("session", "request", "a" * 64, NOW + timedelta(hours=2))
    assert SERVICE.accept(other, **RIGHT) != SERVICE.accept(NONCE, **RIGHT)


def test_what_belongs_to_others_is_foreign():
    assert refusal(session_id="other") == "consent.nonce-foreign"
    assert refusal(request_id="other") == "consent.nonce-foreign"
    assert refusal(service=NonceService(b"m" * 32)) == "consent.nonce-foreign"
    until, whose, what = NONCE.split(".")
    assert refusal(f"{int(until) + 9999}.{whose}.{what}") == "consent.nonce-foreign"
    for nonsense in ("", "x", NONCE + "\n", NONCE[:-1], NONCE.upper()):
        assert refusal(nonsense) == "consent.nonce-foreign"


@pytest.mark.req("R-11")
def test_a_changed_document_is_told():
    assert refusal(digest="b" * 64) == "consent.page-changed"


def test_an_old_page_is_told():
    assert refusal(moment=NOW + timedelta(hours=1)) == "consent.nonce-expired"


def test_parts_cannot_be_shifted_between_session_and_request():
    shifted = SERVICE.issue("sessionr", "equest", "a" * 64, NOW + timedelta(hours=1))
    assert refusal(shifted) == "consent.nonce-foreign"


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError):
        NonceService(b"short")
