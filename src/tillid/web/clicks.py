"""The final clicks of consenting and withdrawing: one-time values, and the event id that makes a click count once.

The nonce is bound to session, request and everything that was shown (design 18); the event's id is made of the nonce
*and* of what was answered, so that the same click twice is one record, and another answer from the same page is never
mistaken for the first.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from pyramid.request import Request

from tillid.kernel.canonical import canonical_json, json_digest
from tillid.kernel.ids import derived_id
from tillid.kernel.text import forbidden_characters, normal_newlines
from tillid.web.i18n import LANGUAGES
from tillid.web.nonce import NonceService
from tillid.web.numbers import whole
from tillid.web.render import language_of

OPEN_FOR = timedelta(hours=2)
REMARK_MAX = 300


def shown_language(request: Request) -> str:
    """The language the page was shown in: the form says so (the nonce vouches for it), else the reader's choice."""
    posted = request.POST.get("sprog", "") if request.method == "POST" else ""
    return posted if posted in LANGUAGES else language_of(request)


def issue(request: Request, about_id: str, digest: str) -> str:
    """The hidden value for a page about ``about_id``; ``digest``: of everything shown."""
    return _service(request).issue(request.person.session_id, about_id, digest, request.moment + OPEN_FOR)


def accept(request: Request, about_id: str, digest: str, answer: object) -> str:
    """The event id of this click with this ``answer``. Raises the ``TillidError`` of ``NonceService.accept``."""
    one = _service(request).accept(
        request.POST.get("nonce", ""),
        session_id=request.person.session_id,
        request_id=about_id,
        digest=digest,
        moment=request.moment,
    )
    return derived_id(hashlib.sha256(canonical_json([one, answer])).digest())


def withdrawal_digest(question_digest: str, given_digest: str, seen: int) -> str:
    """What a withdrawal page shows: the question, the yes that is taken back, and how long the own series was."""
    return json_digest({"question": question_digest, "given": given_digest, "seen": seen, "act": "withdraw"})


def recording_digest(seen: int) -> str:
    """The same for an employee's page; whose yes to which request is bound by what the nonce is about."""
    return json_digest({"seen": seen, "act": "record_withdrawal"})


def posted_count(request: Request, name: str) -> int:
    """A small whole number from a hidden field; anything else is -1, which no nonce vouches for."""
    number = whole(request.POST.get(name), 6)
    return -1 if number is None else number


def remark(request: Request) -> str:
    """The optional remark, cleaned rather than refused: nothing typed here may stop a withdrawal (R-16)."""
    text = normal_newlines(request.POST.get("bemaerkning", ""))
    hidden = {chr(int(code[2:], 16)) for code in forbidden_characters(text)}
    return "".join(character for character in text if character not in hidden).strip()[:REMARK_MAX]


def _service(request: Request) -> NonceService:
    return NonceService(request.registry.installation.secret)
