"""What other installations handed over, for the archivist to read: a list, a package with its verdicts, its files (ADR 0057).

By POST as in the archive itself: the purpose stands in no address (R-111). There is no button here that changes anything.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.archive_purpose import PurposeMissing
from tillid.usecases.read_imported import imported_file, list_imported, may_read_imported, open_imported
from tillid.web import imported_words as said
from tillid.web.archive_purpose import begun, purpose_problem, remember
from tillid.web.archive_search import Posted, posted
from tillid.web.errors import answered
from tillid.web.reading import PDF_POLICY, XML_POLICY, file_response, looked_anew, same_again
from tillid.web.render import page


def listed(request: Request) -> Response:
    """The packages of the archivist's own controller."""
    return same_again(request, list_imported, lambda found: page(request, "imported.html", found=found))


def purpose(request: Request) -> Response:
    """Asks for a purpose; the same for every address, so it tells nothing."""
    return _ask(request, begun(request))


def look(request: Request) -> Response:
    """One package: what it is, from whom, what is so of each part, its files."""
    asked = posted(request.POST)
    try:
        found = open_imported(request.house, request.person, _id(request), asked.purpose)
    except PurposeMissing as missing:
        return answered(_ask(request, asked, [purpose_problem(request, missing)]), 422)
    remember(request, asked)
    return _left(
        request, lambda: page(request, "imported_package.html", asked=asked, case=found, one=found.package, said=said)
    )


def file(request: Request) -> Response:
    """``fil``: which of the package's files; always a download."""
    name = request.POST.get("fil", "")
    found = imported_file(request.house, request.person, _id(request), name, posted(request.POST).purpose)
    policy = PDF_POLICY if found.media_type == "application/pdf" else XML_POLICY
    return _left(request, lambda: file_response(found.data, found.media_type, found.name, policy))


def _ask(request: Request, asked: Posted, problems: Any = ()) -> Response:
    return page(request, "imported_purpose.html", asked=asked, package_id=_id(request), problems=problems)


def _left(request: Request, build: Callable[[], Response]) -> Response:
    """The built answer, if the package is still the archivist's to see. Nothing was written, so a fresh view drops nothing."""
    request.admitted = True
    response = build()
    may_read_imported(*looked_anew(request, writes=False), _id(request))
    return response


def _id(request: Request) -> str:
    return request.matchdict["package_id"]
