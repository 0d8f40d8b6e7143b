"""The application factory."""

from __future__ import annotations

from typing import Any

import transaction
from pyramid.config import Configurator
from pyramid.interfaces import IRequestExtensions, IRoutesMapper
from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import INGRESS

from tillid.usecases.ports import House
from tillid.web.bodies import BoundedRequest
from tillid.web.csrf import DerivedTokens
from tillid.web.errors import failed, refused
from tillid.web.finding import ByFirstPart
from tillid.web.gate import Gate
from tillid.web.guard import SAFE_METHODS
from tillid.web.identity import load_identity
from tillid.web.installation import Installation, WebSettings
from tillid.web.made import made_pages
from tillid.web.note import note_of
from tillid.web.outcomes import remembering
from tillid.web.policy import NOBODY, SecurityPolicy
from tillid.web.routes import add_routes
from tillid.web.session import load_session


def veto(request: Request, response: Response) -> bool:
    """Whether to abort instead of commit: a GET cannot write, and an error commits nothing (design 9, 18), unless the
    answer says no to a part only and shows the rest as saved (``errors.answered``)."""
    return request.method in SAFE_METHODS or (response.status_int >= 400 and not getattr(response, "keeps", False))


def open_house(request: Request) -> House:
    """The house of this request, opened at the first use and closed when the request ends; it remembers what is attempted."""
    session = request.session_row
    opened = request.registry.installation.open(
        request.tm,
        moment=request.moment,
        request_id=request.request_id,
        note=note_of(request),
        person_id=session.person_id if session else "stranger",
        write=request.method not in SAFE_METHODS,
    )
    request.opened_house = opened
    request.add_finished_callback(lambda _: opened.close())
    return remembering(request, opened.house)


def _request_class(registry: Registry) -> type[Request]:
    """The request's class with the properties that were added above. Pyramid would make such a class for every request,
    which costs more than routing it, and leaves garbage that only the collector finds."""
    extensions = registry.getUtility(IRequestExtensions)
    made = type("TillidRequest", (BoundedRequest,), dict(extensions.descriptors))
    extensions.descriptors.clear()
    return made


def make_app(installation: Installation, web: WebSettings) -> Any:
    """The WSGI application over a running installation. Raises ``RuntimeError`` when the route table is not whole."""
    settings = {
        # One manager per request: two requests that share a thread never meet. Explicit: a view of the database is taken
        # when the transaction begins, and not twice more before and after it.
        "tm.manager_hook": lambda request: transaction.TransactionManager(explicit=True),
        "tm.commit_veto": veto,
        "tm.annotate_user": False,
        "retry.attempts": 6,
    }
    with Configurator(settings=settings) as config:
        config.registry.installation = installation
        config.registry.web = web
        config.registry.made_pages = made_pages()
        config.registry.plain_paths = {}
        config.registry.registerUtility(ByFirstPart(), IRoutesMapper)
        config.include("pyramid_retry")  # ConflictError and other transient errors run the request again
        config.include("pyramid_tm")
        config.add_tween("tillid.web.guard.guard_factory", under=INGRESS)
        config.set_security_policy(SecurityPolicy())
        config.set_csrf_storage_policy(DerivedTokens())
        config.set_default_csrf_options(
            require_csrf=True, token="csrf_token", header="X-CSRF-Token", check_origin=False
        )
        config.set_default_permission(NOBODY)
        config.add_request_method(load_session, "session_row", reify=True)
        config.add_request_method(load_identity, "person", reify=True)
        config.add_request_method(open_house, "house", reify=True)
        config.add_notfound_view(refused)
        config.add_forbidden_view(refused)
        config.add_exception_view(failed, context=Exception)
        add_routes(config)
        config.commit()
        config.set_request_factory(_request_class(config.registry))
    return Gate(config.make_wsgi_app(), web)
