"""One archived document in the browser: a purpose, the case, its versions, its records. All by POST: a purpose stands in no
address (R-111)."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.clock import parse_instant
from tillid.kernel.errors import NotFound
from tillid.usecases.archive_purpose import PurposeMissing
from tillid.usecases.archived_versions import compare_archived, open_archived_copy, read_archived_version
from tillid.usecases.facts import require
from tillid.usecases.keepers import was_kept
from tillid.usecases.open_archived import open_archived, open_archived_record
from tillid.usecases.open_copy import picture_of
from tillid.web import archive_search as form
from tillid.web import keeping_words
from tillid.web.archive_purpose import begun, purpose_problem, remember
from tillid.web.archive_words import name_of, timeline
from tillid.web.archived_timeline import whole_timeline
from tillid.web.errors import answered
from tillid.web.numbers import whole
from tillid.web.reading import beside, copy_response, file_response, looked_anew, pdf_response
from tillid.web.render import language_of, page
from tillid.web.views.changes import KINDS

MOST_PAGES = 60
COMMON_NAME = re.compile(r"(?:^|[,+])CN=((?:\\.|[^,+\\])+)")


def purpose(request: Request) -> Response:
    """A case's address opened without a purpose asks for one; the same for every address, so it tells nothing."""
    return page(request, "archived_purpose.html", asked=begun(request), document_id=_id(request))


def case(request: Request) -> Response:
    """The case: facts, state, versions, records with their verdicts, what happened, text."""
    house, verify = request.house, request.registry.installation.verify_record
    try:
        found = open_archived(house, request.person, _id(request), _purpose(request), verify, language_of(request))
    except PurposeMissing as missing:
        return _asked_for(request, missing)
    except NotFound:
        if not was_kept(house, request.person, _id(request)):
            raise
        return HTTPSeeOther(location=request.route_path("keeping", document_id=_id(request)))  # what is left of it
    child = house.people.child(found.document.child_id)
    framed = request.route_path("archived_copy", document_id=_id(request))
    values = {
        "found": found.text,
        "units": house.people.organigram().units,
        "child_name": child.name if child else "",
        "said": keeping_words,
        "parsed": parse_instant,
        "short": common_name,
        "name_of": lambda person: name_of(house, person),
        "lines": dict(zip((event.id for event in found.events), timeline(house, found), strict=True)),
        "timeline": whole_timeline(house, found),
        "address": request.route_url("archived", document_id=_id(request)),
        "file_at": None,
    }
    asked = form.posted(request.POST)
    remember(request, asked)

    def build() -> Response:
        made = page(request, "archived.html", asked=asked, case=found, document=found.document, **values)
        return beside(request, made, framed)

    return _left(request, build)


def record(request: Request) -> Response:
    """One signed record as XML."""
    event_id = request.matchdict["event_id"]
    data = open_archived_record(request.house, request.person, _id(request), event_id, _purpose(request))
    return _left(request, lambda: file_response(data, "application/xml", f"segl-{event_id}.xml"))


def copy(request: Request) -> Response:
    """The archive's PDF: a download, or (``vis``) to stand beside the text."""
    opened = open_archived_copy(request.house, request.person, _id(request), _purpose(request))
    return _left(request, lambda: copy_response(request, opened, download="vis" not in request.POST))


def pages(request: Request) -> Response:
    """The same as pictures in one page, for a browser that shows no PDF: a picture cannot be posted for, and the purpose
    stands in no address."""
    opened = open_archived_copy(request.house, request.person, _id(request), _purpose(request))
    request.admitted = True
    numbers = range(1, min(opened.copy.pages, MOST_PAGES) + 1)
    shown = [as_data(picture_of(request.house, opened, number)) for number in numbers]
    values = {"document": opened.document, "pages": opened.copy.pages, "shown": shown}
    return _page(request, "archived_pages.html", **values)


def version(request: Request) -> Response:
    """The text of one of its versions."""
    asked = (request.house, request.person, _id(request), _number(request), _purpose(request), language_of(request))
    chosen, text = read_archived_version(*asked)
    return _page(request, "archived_version.html", chosen=chosen, found=text, document=text.document, file_at=None)


def version_copy(request: Request) -> Response:
    """The PDF of one of its versions, to download."""
    opened = open_archived_copy(request.house, request.person, _id(request), _purpose(request), _number(request))
    return _left(request, lambda: pdf_response(opened.data, opened.file_name, download=True))


def changes(request: Request) -> Response:
    """What changed between two of its versions: ``fra`` and ``til``, or the two newest."""
    before, after = (whole(request.POST.get(name), 4) for name in ("fra", "til"))
    asked = (request.house, request.person, _id(request), before or None, after or None)
    found = compare_archived(*asked, _purpose(request), language_of(request))
    return _page(request, "archived_changes.html", found=found, kinds=KINDS)


def common_name(name: str) -> str:
    """What a certificate's name (RFC 4514) is called by people; all of it where it has no ``CN``."""
    found = COMMON_NAME.search(name)
    return found[1].replace("\\", "") if found else name


def as_data(png: bytes) -> str:
    """A picture as an address of its own."""
    return "data:image/png;base64," + b64encode(png).decode()


def _page(request: Request, template: str, **values: Any) -> Response:
    return _left(request, lambda: page(request, template, asked=form.posted(request.POST), **values))


def _asked_for(request: Request, missing: PurposeMissing) -> Response:
    asked, problems = form.posted(request.POST), (purpose_problem(request, missing),)
    return answered(
        page(request, "archived_purpose.html", asked=asked, document_id=_id(request), problems=problems), 422
    )


def _left(request: Request, build: Callable[[], Response]) -> Response:
    """The built answer, if it is still the archivist's to see. These POSTs write nothing, so a fresh view drops nothing."""
    request.admitted = True
    response = build()
    require(*looked_anew(request, writes=False), "read_archived", _id(request))
    return response


def _purpose(request: Request) -> str:
    return form.posted(request.POST).purpose


def _number(request: Request) -> int:
    return int(request.matchdict["version"])


def _id(request: Request) -> str:
    return request.matchdict["document_id"]
