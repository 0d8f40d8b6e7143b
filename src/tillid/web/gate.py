"""The outermost layer: lets through only requests of a known shape, and turns every failure into the one answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from tillid.web.answers import NOT_FOUND_BODY, NOT_FOUND_STATUS, not_found_headers, where
from tillid.web.installation import WebSettings

METHODS = frozenset({"GET", "HEAD", "POST"})
# All our addresses are plain ASCII words, UUIDs and file names. A newline at the end, a percent sign, "..", a
# traversal step or an "@@view" never reaches the routes.
PATH = re.compile(r"/(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*(?:[A-Za-z0-9_-][A-Za-z0-9._-]*)?\Z")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
log = logging.getLogger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Gate:
    """A WSGI layer around the application."""

    def __init__(self, app: Callable[[Environ, StartResponse], Iterable[bytes]], settings: WebSettings) -> None:
        self._app = app
        self._hosts = settings.hosts
        self._headers = not_found_headers(settings.secure)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not self._well_formed(environ):
            return self._not_found(environ, start_response)
        # No proxy header is believed, and nothing below ever sees a mount point.
        environ["SCRIPT_NAME"] = ""
        try:
            return self._app(environ, start_response)
        except Exception as error:  # what reaches this line answered nobody yet
            log.error("request failed before an answer: %s", type(error).__name__, exc_info=where(error))
            return self._not_found(environ, start_response)

    def _well_formed(self, environ: Environ) -> bool:
        kind = environ.get("CONTENT_TYPE", "").split(";")[0].strip().lower()
        return (
            environ["REQUEST_METHOD"] in METHODS
            and PATH.match(environ.get("PATH_INFO", "")) is not None
            # As it was sent: no other spelling of an address, no absolute URI that names another host.
            and environ.get("REQUEST_URI", environ["PATH_INFO"]).split("?")[0] == environ["PATH_INFO"]
            and len(environ.get("QUERY_STRING", "")) <= 4000
            and environ.get("HTTP_HOST", "") in self._hosts
            and (environ["REQUEST_METHOD"] != "POST" or kind in FORMS)
        )

    def _not_found(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        start_response(NOT_FOUND_STATUS, list(self._headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [NOT_FOUND_BODY]
