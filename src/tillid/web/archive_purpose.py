"""The purpose of a piece of work in the archive: posted with each of its pages, in no address (R-111), and remembered by the
session, so that the form of the next search on the same visit begins with it. What is posted without one is refused all the same:
a purpose is read from the form that the person saw, never from memory (R-71)."""

from __future__ import annotations

from contextlib import suppress

from pyramid.request import Request

from tillid.kernel.errors import Unavailable
from tillid.usecases.archive_purpose import GROUNDS, NoteMissing, PurposeMissing
from tillid.web.archive_search import Posted
from tillid.web.errors import message_of
from tillid.web.session import session_token

KEY = "archive_purpose"


def begun(request: Request) -> Posted:
    """An empty form with the purpose of this visit's last work; ``recalled`` says that it is to be looked at."""
    ground, _, note = _last(request).partition(" ")
    if ground not in GROUNDS:
        return Posted()
    return Posted(ground=ground, note=note, recalled=True)


def remember(request: Request, asked: Posted) -> None:
    """Keep a purpose that was accepted until the session ends. A full disk takes nothing from the page: it is asked for again."""
    said, token = f"{asked.ground} {asked.note}", session_token(request)
    if token and said != _last(request):
        with suppress(Unavailable):
            request.registry.installation.sessions.remember(token, KEY, said, request.moment)


def purpose_problem(request: Request, missing: PurposeMissing) -> tuple[str, str]:
    """The input that ``missing`` is about, and its words."""
    return "purpose_note" if isinstance(missing, NoteMissing) else "purpose", message_of(request, missing)


def _last(request: Request) -> str:
    session = request.session_row
    return session.values.get(KEY, "") if session is not None else ""
