"""The archivist's own saved searches: kept, opened by an id that says nothing, told of, deleted (ADR 0054)."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.query import QueryRefused
from tillid.kernel.ids import is_id
from tillid.usecases.archive_purpose import PurposeMissing
from tillid.usecases.saved_searches import (
    TitleWrong,
    TooMany,
    WordsUnfit,
    delete_saved,
    open_saved,
    own_searches,
    save_search,
    tell_of_news,
)
from tillid.usecases.search_archive import archivists_units
from tillid.web import archive_search as form
from tillid.web.days import DayWrong
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _
from tillid.web.render import page
from tillid.web.views.archive import form_page, problem, with_children

STANDING = {
    "off": (_("Ingen besked"), ""),
    "watching": (_("Du får besked om nyt"), "success"),
    "rested": (_("Du får ikke besked længere"), "warning"),
    "no-role": (_("Bliver ikke brugt"), "warning"),
    "refused": (_("Bliver ikke brugt"), "warning"),
}
WHY = {
    "rested": _("Beskeder varer et halvt år, for et formål varer ikke evigt. Tryk på »Giv mig besked«, hvis du stadig har brug for dem."),
    "no-role": _("Du var ikke arkivar, da der kom noget nyt. Derfor blev der ikke søgt, og du fik ingen besked. Er du arkivar igen, så tryk på »Giv mig besked«."),
    "refused": _("Tillid kan ikke længere søge på denne måde. Åbn søgningen, ret den, og gem den på ny."),
}  # fmt: skip


def own(request: Request) -> Response:
    """The list, with what becomes of each."""
    lines = own_searches(request.house, request.person)
    request.admitted = True
    shown = [(line, form.kept(line.search)) for line in lines]
    rows = [(line, asked, form.chosen(request.house, request.person, asked)) for line, asked in shown]
    return page(request, "saved_searches.html", rows=rows, standing=STANDING, why=WHY)


def change(request: Request) -> Response:
    """``trin``: ``gem`` what is posted; ``besked``, ``stille`` or ``slet``, of the search ``id``."""
    step, search_id = request.POST.get("trin", ""), request.POST.get("id", "")
    if step == "gem":
        return _save(request)
    if step not in ("besked", "stille", "slet") or not is_id(search_id):
        raise HTTPNotFound()
    if step == "slet":
        delete_saved(request.house, request.person, search_id)
    else:
        tell_of_news(request.house, request.person, search_id, step == "besked")
    return HTTPSeeOther(location=request.route_path("saved_searches"))


def _save(request: Request) -> Response:
    """Keep what is searched for now; the way back to it is on the page, for the purpose stands in no address."""
    archivists_units(request.house, request.person)  # the list is shown to others too, the search's page is not
    asked = form.posted(request.POST)
    try:
        asked = with_children(request, asked)
        saved = save_search(request.house, request.person, asked.title, asked.query(request.house), asked.purpose, look=asked.look,
                            columns=asked.columns, tell="tell" in request.POST)  # fmt: skip
    except (TitleWrong, TooMany) as error:
        return answered(form_page(request, asked, problems=(("title", message_of(request, error)),)), 422)
    except WordsUnfit as error:
        return answered(form_page(request, asked, problems=(("words", message_of(request, error)),)), 422)
    except (PurposeMissing, QueryRefused, DayWrong) as error:
        return answered(form_page(request, asked, problems=(problem(request, error),)), 422)
    return page(request, "search_saved.html", asked=asked, saved=saved, form=form)


def opened(request: Request) -> Response:
    """The form as it was saved; a purpose is asked for, and nothing is searched yet."""
    saved = open_saved(request.house, request.person, request.matchdict["search_id"])
    request.admitted = True
    return form_page(request, form.kept(saved))
