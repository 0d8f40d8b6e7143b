"""All of a round's documents in one file: ordered, watched, stopped and fetched (ADR 0034).

The file leaves in parts after the request's own view of the database is closed. So each document has a view of its own, opened
when its turn comes: who reads is looked up and asked about again for every one, and one copy at a time is in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import transaction
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.errors import NotFound
from tillid.usecases.gather_copies import PurposeMissing, begin_gathering, stop_gathering
from tillid.usecases.gather_progress import GatherPage, gather_page
from tillid.usecases.gathered_zip import Line, Taken, came_through, open_gathering, take_copy, zip_parts
from tillid.usecases.gathering import Gathering, Item, require_round
from tillid.usecases.ports import AuditRow, House
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _, translate
from tillid.web.reading import file_response, looked_anew, same_again
from tillid.web.render import language_of, made_with, page
from tillid.web.session import session_token


def look(request: Request) -> Response:
    """What would be gathered, how far it is, or the file."""
    return _looked(request, "gather.html")


def progress(request: Request) -> Response:
    """How far it is (htmx asks until it is done)."""
    return _looked(request, "gather_progress.html")


def begin(request: Request) -> Response:
    """Order them, or say that the purpose is missing."""
    round_id = request.matchdict["round_id"]
    try:
        begin_gathering(request.house, request.person, round_id, request.POST.get("purpose", ""))
    except PurposeMissing as error:
        request.admitted = True
        found = gather_page(*looked_anew(request, writes=False), round_id)
        return answered(_page(request, "gather.html", found, message_of(request, error)), 422)
    return HTTPSeeOther(location=request.route_path("gather", round_id=round_id) + "#samling")


def stop(request: Request) -> Response:
    """Forget the order."""
    round_id = request.matchdict["round_id"]
    stop_gathering(request.house, request.person, round_id)
    return HTTPSeeOther(location=request.route_path("gather", round_id=round_id))


def fetch(request: Request) -> Response:
    """The file. Asked for as a whole on a fresh view before the first byte, and for each document before its own."""
    gathering = open_gathering(request.house, request.person, request.matchdict["round_id"])
    request.admitted = True
    require_round(*looked_anew(request), gathering.round_id)
    response = file_response(b"", "application/zip", "runde.zip")
    leaving = _Leaving(request, gathering)
    response.app_iter = zip_parts(gathering, leaving.take, leaving.listing)
    return response


def _looked(request: Request, template: str) -> Response:
    round_id = request.matchdict["round_id"]
    return same_again(
        request, lambda house, who: gather_page(house, who, round_id), lambda found: _page(request, template, found)
    )


def _page(request: Request, template: str, found: GatherPage, refused: str = "") -> Response:
    crumbs = (
        (found.unit_name, request.route_path("unit", unit_id=found.round.unit_id)),
        (found.round.title, request.route_path("overview", round_id=found.round.id)),
        (translate(_("Rundens dokumenter"), language_of(request)), ""),
    )
    return page(request, template, found=found, refused=refused, crumbs=crumbs)


class _Leaving:
    """One file on its way: gives ``zip_parts`` each document and the list. The outcome of a document's row is written when the
    next one is asked for, which is when its bytes have left."""

    def __init__(self, request: Request, gathering: Gathering) -> None:
        self._request, self._gathering, self._language = request, gathering, language_of(request)
        self._row: AuditRow | None = None

    def take(self, item: Item) -> Taken:
        """Raises ``NotFound`` once the session has ended: the rest does not leave."""
        with self._fresh() as house:
            taken = take_copy(house, self._gathering, item, self._language)
            self._row = taken.row if taken.data else None
            return taken

    def listing(self, lines: tuple[Line, ...]) -> bytes:
        """The list as a page of its own, readable without us."""
        with self._fresh() as house:
            values = {
                "gathering": self._gathering,
                "lines": lines,
                "round": house.people.round(self._gathering.round_id),
                "settings": house.settings,
            }
        return made_with(self._language, "gathered_index.html", values).encode()

    @contextmanager
    def _fresh(self) -> Iterator[House]:
        """A house of its own on the database as it is now, for reading."""
        installation = self._request.registry.installation
        opened = installation.open(
            transaction.TransactionManager(),
            moment=installation.clock.now(),
            request_id=self._request.request_id,
            note="gathered",
            person_id=self._gathering.person_id,
            write=False,
        )
        try:
            if self._row is not None:
                came_through(opened.house, self._row)
                self._row = None
            if installation.sessions.get(session_token(self._request) or "", opened.house.moment) is None:
                raise NotFound("the session has ended")
            yield opened.house
        finally:
            opened.close()
