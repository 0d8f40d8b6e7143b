"""In and out. Strangers get the same answer on every path: wrong name, wrong word, locked out (design 24)."""

from __future__ import annotations

import logging

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.consents.model import LoginEvidence
from tillid.kernel.canonical import sha256
from tillid.kernel.ids import is_id
from tillid.web.i18n import _, translate
from tillid.web.render import language_of, page
from tillid.web.session import forget, remember, session_token

log = logging.getLogger(__name__)
NOT_LOGGED_IN = _(
    "Du blev ikke logget ind. Tjek brugernavn og adgangskode. Efter flere mislykkede forsøg skal du vente 15 minutter, før du prøver igen."
)


def choose(request: Request) -> Response:
    """Parent or staff."""
    return page(request, "login.html")


def staff_form(request: Request) -> Response:
    """The password form."""
    return page(request, "login_staff.html", username="")


def staff(request: Request) -> Response:
    """Check name and word. The lock is on the name typed, so a locked name and an unknown one look alike; the check
    itself always runs, so that time tells nothing either."""
    installation, moment = request.registry.installation, request.moment
    username = request.POST.get("username", "").strip()[:100]
    password = request.POST.get("password", "")[:200]
    key = sha256(username.casefold().encode("utf-8", "replace"))
    right = installation.check_password(username, password)
    locked = installation.sessions.locked(key, moment)
    person = request.house.people.staff_by_username(username) if right and not locked else None
    if person is None:
        installation.sessions.failed(key, moment)
        log.info("%s staff login refused", request.request_id)
        response = page(
            request,
            "login_staff.html",
            username=username,
            problems=(("username", translate(NOT_LOGGED_IN, language_of(request))),),
        )
        response.status_int, response.typed = 403, True
        return response
    installation.sessions.cleared(key)
    return _logged_in(request, person.id, "staff", None)


def parent_form(request: Request) -> Response:
    """The declared test login, where there is one; else the page says that MitID is not set up."""
    if request.registry.installation.test_login is None:
        return page(request, "login_parent.html", parents=None)
    people = sorted(request.house.people.parents(), key=lambda parent: parent.name)
    return page(request, "login_parent.html", parents=people)


def parent(request: Request) -> Response:
    """Log in as the chosen test person; a parent without MitID cannot."""
    test_login = request.registry.installation.test_login
    chosen = request.POST.get("person", "")
    found = request.house.people.parent(chosen) if test_login and is_id(chosen) else None
    if found is None or not found.mitid:
        raise HTTPNotFound()
    return _logged_in(request, found.id, "parent", test_login.log_in(found, request.moment))


def logout(request: Request) -> Response:
    """End the session in the store, then in the browser."""
    return forget(request, HTTPSeeOther(location="/"))


def _logged_in(request: Request, person_id: str, kind: str, evidence: LoginEvidence | None) -> Response:
    """A fresh session; one the browser had before ends, so that nobody can plant a session."""
    sessions = request.registry.installation.sessions
    if before := session_token(request):
        sessions.revoke(before)
    token = sessions.create(person_id, kind, request.moment, evidence)
    return remember(request, HTTPSeeOther(location="/"), token)
