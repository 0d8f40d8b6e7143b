"""One front door for every installation of a run: making it costs more than most tests that ask it something."""

from __future__ import annotations

from functools import cache
from typing import Any

import webtest

from tests.support.compiled_pages import share_compiled
from tests.support.told_at_fields import TellingBrowser
from tillid.web import app
from tillid.web.installation import WebSettings

ORIGIN = "http://127.0.0.1:8080"


@cache
def _application() -> Any:
    share_compiled()
    return app.make_app(None, WebSettings(origins=(ORIGIN,), secure=False))  # type: ignore[arg-type]


def browser_over(installation: Any) -> webtest.TestApp:
    """A browser with cookies of its own at the real application over ``installation``, with a memory of made pages of its
    own: each request says anew whose it is."""
    made_pages = app.made_pages()

    def wsgi(environ: dict[str, Any], start_response: Any) -> Any:
        application = _application()
        registry = application._app.registry
        registry.installation, registry.made_pages = installation, made_pages
        return application(environ, start_response)

    environ = {"HTTP_HOST": "127.0.0.1:8080", "HTTP_ORIGIN": ORIGIN}
    return TellingBrowser(wsgi, extra_environ=environ, parser_features="lxml")  # Python's own parser takes much longer
