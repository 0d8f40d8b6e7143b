"""The one answer for missing, forbidden, refused and failed (design 9, 24), and the headers of every answer."""

from __future__ import annotations

from types import TracebackType

from tillid.web.assets import url_of

# No script and no style but our own files; nothing may frame us, and we frame nothing (``reading.beside``); forms post home only.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
SAFE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # "no-referrer" would make browsers post forms with "Origin: null"; the origin check needs the real one.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NO_STORE = {"Cache-Control": "no-store"}
STRICT_TRANSPORT = {"Strict-Transport-Security": "max-age=31536000"}

NOT_FOUND_STATUS = "404 Not Found"
NOT_FOUND_BODY = f"""<!doctype html>
<html lang="da">
<head><meta charset="utf-8"><title>Siden findes ikke</title><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{url_of("dkfds/css/dkfds.min.css")}"><link rel="stylesheet" href="{url_of("tillid/tillid.css")}"></head>
<body class="page-alone"><main class="container" id="indhold">
<h1>Siden findes ikke</h1>
<p>Måske er adressen skrevet forkert, siden er flyttet, eller du har ikke adgang til den.</p>
<p>Er du ikke logget ind, så log ind først, og åbn siden fra din egen liste.</p>
<p><a href="/">Gå til forsiden</a></p>
<p lang="en">This page does not exist, or you have no access to it. <a href="/">Go to the front page</a></p>
</main>
<footer class="container"><p><a href="/hjaelp">Hjælp og kontakt</a> · <a href="/was">Tilgængelighedserklæring</a></p></footer>
</body></html>
""".encode()


def safe_headers(secure: bool) -> dict[str, str]:
    """The headers every answer carries."""
    return SAFE_HEADERS | (STRICT_TRANSPORT if secure else {})


def not_found_headers(secure: bool) -> list[tuple[str, str]]:
    """The headers of the uniform answer, in one fixed order."""
    own = {"Content-Type": "text/html; charset=UTF-8", "Content-Length": str(len(NOT_FOUND_BODY)), **NO_STORE}
    return sorted((own | safe_headers(secure)).items())


def where(error: BaseException) -> tuple[type[BaseException], None, TracebackType | None]:
    """For ``exc_info`` of a log line: the way to ``error`` without its text, which may hold what somebody wrote (R-111)."""
    return type(error), None, error.__traceback__
