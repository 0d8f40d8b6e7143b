"""A shared tablet: lock and change person, and come back to the same page as somebody who may see it."""

from __future__ import annotations

import re

from pyramid.request import Request
from pyramid.response import Response

from tillid.process.access import Identity
from tillid.usecases.editing import may_go_on
from tillid.web.session import forget

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# The pages of a draft; to every other page the next person goes by the own list.
_PAGE = re.compile(rf"/dokument/({_UUID})/(?:udfyld(?:/[a-z0-9_]{{1,60}})?|gennemse)\Z")


def asked_back(request: Request) -> str:
    """The page that the login shall lead back to (``til``), empty when it is none that one can come back to. The same for
    everybody: whether the page is there is asked after the login alone."""
    asked = request.params.get("til", "")
    return asked if _PAGE.match(asked) else ""


def way_back(request: Request, who: Identity, asked: str) -> str:
    """Where ``who`` goes after the login: to the page ``asked`` for if ``who`` may see its draft, else to the own list.
    A parent comes to the own part of the same document."""
    found = _PAGE.match(asked)
    if found is None or not may_go_on(request.house, who, found[1]):
        return "/"
    return asked if who.kind == "staff" else request.route_path("fill_start", document_id=found[1])


def forget_after(request: Request, response: Response) -> Response:
    """End the session once what this request has saved is committed: a request that runs again still needs it."""
    token_holder = forget(request, response, revoke=False)
    request.tm.get().addAfterCommitHook(lambda committed: forget(request, Response()) if committed else None)
    return token_holder
