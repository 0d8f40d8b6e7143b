"""CSRF tokens without storage: derived from the secret cookie that the token must travel with."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from pyramid.interfaces import ICSRFStoragePolicy
from pyramid.request import Request
from zope.interface import implementer

from tillid.web.session import cookie_name, session_token

FORM_COOKIE = "tillid-form"


def _derived(secret: str) -> str:
    return hmac.digest(secret.encode(), b"tillid csrf token", hashlib.sha256).hex()


@implementer(ICSRFStoragePolicy)
class DerivedTokens:
    """With a session: from the session cookie. Without (the login form): from a short-lived form cookie."""

    def get_csrf_token(self, request: Request) -> str:
        return _derived(self._secret(request) or self._new_form_secret(request))

    def new_csrf_token(self, request: Request) -> str:
        return self.get_csrf_token(request)

    def check_csrf_token(self, request: Request, token: str) -> bool:
        secret = self._secret(request)
        return secret is not None and hmac.compare_digest(_derived(secret).encode(), token.encode("utf-8", "replace"))

    def _secret(self, request: Request) -> str | None:
        made = getattr(request, "form_secret", None)
        return session_token(request) or request.cookies.get(cookie_name(FORM_COOKIE, request)) or made

    def _new_form_secret(self, request: Request) -> str:
        request.form_secret = made = secrets.token_urlsafe(32)
        name, secure = cookie_name(FORM_COOKIE, request), request.registry.web.secure

        def keep(_, response) -> None:
            response.set_cookie(name, made, max_age=3600, path="/", secure=secure, httponly=True, samesite="Strict")

        request.add_response_callback(keep)
        return made
