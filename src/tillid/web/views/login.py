"""In and out. Strangers get the same answer on every path: wrong name, wrong word, locked out (design 24)."""

from __future__ import annotations

import hmac
import logging
from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.consents.login import NotAssured, require_assured
from tillid.kernel.ids import is_id
from tillid.process.organisation import Child, Parent
from tillid.usecases.whose_consent import child_of_age, is_of_age
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _, translate
from tillid.web.identity import load_identity
from tillid.web.render import language_of, page
from tillid.web.returning import asked_back, way_back
from tillid.web.session import forget, person_mark, remember, session_token

log = logging.getLogger(__name__)
NOT_LOGGED_IN = _(
    "Du blev ikke logget ind. Tjek brugernavn og adgangskode. Efter flere mislykkede forsøg skal du vente lidt, før du prøver igen."
)


def choose(request: Request) -> Response:
    """Parent or staff."""
    return page(request, "login.html", back=asked_back(request))


def staff_form(request: Request) -> Response:
    """The password form."""
    return page(request, "login_staff.html", username="", back=asked_back(request))


def staff(request: Request) -> Response:
    """Check name and word. Every attempt counts before the word is looked at, for the name typed and the address it came
    from; a name that must wait, an unknown one and a wrong word get the same page."""
    installation, moment = request.registry.installation, request.moment
    username = request.POST.get("username", "").strip()[:100]
    source = request.client_addr or ""
    waits = installation.lockout.attempt(username, source, moment)
    # Looked at even when the answer is known, so that time tells nothing.
    right = installation.check_password(username, request.POST.get("password", "")[:200])
    person = request.house.people.staff_by_username(username) if right and waits is None else None
    if person is None:
        log.info("%s staff login refused", request.request_id)
        said = (("username", translate(NOT_LOGGED_IN, language_of(request))),)
        return answered(
            page(request, "login_staff.html", username=username, problems=said, back=asked_back(request)), 403
        )
    installation.lockout.succeeded(username, source, moment)
    return _logged_in(request, person.id, "staff", {})


def parent_form(request: Request) -> Response:
    """The declared test login, where there is one; else the page says that MitID is not set up."""
    if request.registry.installation.test_login is None:
        return page(request, "login_parent.html", parents=None, back="")
    people = _to_choose(request)
    return page(request, "login_parent.html", parents=people, back=asked_back(request))


def parent(request: Request) -> Response:
    """Log in as the chosen test person, a parent or a young person (R-41); without MitID nobody can, nor below Substantial (R-105)."""
    test_login = request.registry.installation.test_login
    chosen = request.POST.get("person", "")
    found = _chosen(request, chosen) if test_login and is_id(chosen) else None
    if found is None or not found.mitid:
        raise HTTPNotFound()
    try:
        evidence = require_assured(test_login.log_in(found, request.moment))
    except NotAssured as error:
        log.info("%s parent login refused: %s", request.request_id, error.code)
        people = _to_choose(request)
        said = (("log-in", message_of(request, error)),)
        return answered(
            page(request, "login_parent.html", parents=people, problems=said, back=asked_back(request)), 403
        )
    kind = "young" if isinstance(found, Child) else "parent"
    return _logged_in(request, found.id, kind, msgspec.to_builtins(evidence))


def _chosen(request: Request, person_id: str) -> Parent | Child | None:
    return request.house.people.parent(person_id) or child_of_age(request.house, person_id)


def _to_choose(request: Request) -> list[Parent | Child]:
    """Whom the declared test login offers: the parents, and the children of age who can log in themselves."""
    people = request.house.people
    young = [one for one in people.children_with_mitid() if is_of_age(request.house, one.id)]
    return sorted([*people.parents(), *young], key=lambda one: one.name)


def standing(request: Request) -> Response:
    """For an open page with unsaved words: is its person logged in? Says no more than the browser's own session does."""
    now, mark = request.person, request.matchdict["mark"]
    same = now is not None and hmac.compare_digest(person_mark(request, now.person_id), mark)
    said = "same" if same else "none" if now is None else "other"
    return page(request, "session.html", standing=said, staff="medarbejder" in request.GET)


def switch(request: Request) -> Response:
    """ "Lås og skift person" from a page with nothing to save: end the session, and show the login, which leads back."""
    back = asked_back(request)
    return forget(request, HTTPSeeOther(location=request.route_path("login") + (f"?til={back}" if back else "")))


def logout(request: Request) -> Response:
    """End the session in the store, then in the browser."""
    return forget(request, HTTPSeeOther(location="/"))


def _logged_in(request: Request, person_id: str, kind: str, evidence: dict[str, Any]) -> Response:
    """A fresh session; one the browser had before ends, so that nobody can plant a session."""
    sessions = request.registry.installation.sessions
    if before := session_token(request):
        sessions.revoke(before)
    token = sessions.create(person_id, kind, evidence, request.moment)
    request.session_row = sessions.get(token, request.moment)
    who = load_identity(request) if asked_back(request) else None
    location = way_back(request, who, asked_back(request)) if who else "/"
    return remember(request, HTTPSeeOther(location=location), token)
