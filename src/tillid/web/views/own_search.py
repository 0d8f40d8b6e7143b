"""An employee searches what can be read of the own units' documents. By POST: no words in any address (R-111)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.query import QueryRefused
from tillid.kernel.cpr import holds_cpr
from tillid.kernel.errors import NotFound
from tillid.usecases.narrow_own import Narrowing
from tillid.usecases.search_own import OwnFound, found_now, own_units, search_own
from tillid.usecases.search_words import meant, offered
from tillid.web import archive_search as form
from tillid.web.days import DayWrong, asked_day
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _
from tillid.web.reading import looked_anew
from tillid.web.render import language_of, page

FORM, SINCE, UNTIL = form.FACET["form"], _("Skrevet tidligst"), _("Skrevet senest")


def ask(request: Request) -> Response:
    """The empty form, for who works or leads somewhere."""
    if not own_units(request.house, request.person):
        raise NotFound("works nowhere")
    return _page(request, form.posted(request.POST))


def search(request: Request) -> Response:
    """What is found; asked about once more right before the page leaves, and made anew when it is no longer the same (design 9)."""
    asked, language = replace(form.posted(request.POST), children=_children(request)), language_of(request)
    while True:
        try:
            narrowing = _narrowing(asked)
            found = search_own(request.house, request.person, asked.words, asked.page, language, narrowing)
        except (DayWrong, QueryRefused) as error:
            at = error.part if isinstance(error, DayWrong) else "words"
            return answered(_page(request, asked, problems=((at, message_of(request, error)),)), 422)
        request.admitted = True
        response = _page(request, asked, found=found)
        if request.opened_house.unchanged():
            return response
        now = found_now(*looked_anew(request, writes=False), asked.words, asked.page, language, narrowing)
        if now == found:
            return response


def _children(request: Request) -> tuple[str, ...]:
    """Names, but what a chip's button takes off; looked for among those that were found alone."""
    off, names = request.POST.get("off", ""), request.POST.getall("barn")[: form.MOST_VALUES]
    return tuple(one for one in names if 0 < len(one) <= form.CHILD_LENGTH and off != f"barn:{one}")


def _narrowing(asked: form.Posted) -> Narrowing:
    """Raises ``DayWrong``."""
    return Narrowing(
        forms=asked.filters["form"],
        children=asked.children,
        since=asked_day("since", asked.since),
        until=asked_day("until", asked.until),
    )


def _chips(asked: form.Posted, found: OwnFound) -> list[tuple[str, str, str]]:
    """What narrows the search, each as (what a button takes off, of which kind, the value); of nothing that was not found a name."""
    days = ((name, label, getattr(asked, name)) for name, label in (("since", SINCE), ("until", UNTIL)))
    kinds = (("form", FORM, asked.filters["form"], found.forms), ("barn", form.CHILD, asked.children, found.children))
    return [one for one in days if one[2]] + [
        (f"{name}:{one.value}", label, one.label)
        for name, label, chosen, offered in kinds
        for one in offered
        if one.value in chosen
    ]


def _page(request: Request, asked: form.Posted, *, found: OwnFound | None = None, problems: Any = ()) -> Response:
    if holds_cpr(asked.words):
        asked = replace(asked, words="")  # shown to nobody again
    # From the house's own words alone, so that neither tells of a text that somebody may not read.
    better = meant(request.house, asked.words) if found is not None and not found.total else ""
    chips = _chips(asked, found) if found is not None else []
    return page(request, "own_search.html", asked=asked, chips=chips, found=found, problems=problems, meant=better,
                offered=offered(request.house), form=form)  # fmt: skip
