"""Cases of insight: the list, and a child's cases (R-72). For the data protection officer alone."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.insight import ASKERS, BASES, InsightCase
from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.insight_case import (
    Asked,
    InsightChild,
    InsightIncomplete,
    begin_insight,
    insight_child,
    insight_list,
    require_case,
)
from tillid.usecases.insight_package import DONE, Making, making_of
from tillid.usecases.intake_told import answer_stands
from tillid.usecases.ports import House
from tillid.web import insight_words as said
from tillid.web.clicks import accept, issue
from tillid.web.days import day_of
from tillid.web.errors import answered, message_of
from tillid.web.reading import same_again
from tillid.web.render import page

ASKING = ("spoerger", "navn", "holder", "identitet", "grundlag", "dag")
AT_PART = {"name": "navn", "holder_id": "holder", "identity": "identitet", "asked_on": "dag", "how": "maade"}


def overview(request: Request) -> Response:
    """Cases by the day they must be answered, and the children of the own controller."""
    return same_again(request, insight_list, lambda found: page(request, "insight_list.html", found=found, said=said))


def child(request: Request) -> Response:
    """One child's cases, and the form for a new one."""
    child_id = request.matchdict["child_id"]
    return same_again(
        request,
        lambda house, who: insight_child(house, who, child_id),
        lambda found: _child_page(request, found, {}, issue(request, child_id, _BEGIN)),
    )


def begin(request: Request) -> Response:
    """Register who asks, on which basis and when."""
    child_id = request.matchdict["child_id"]
    found = insight_child(request.house, request.person, child_id)
    request.admitted = True
    typed = {name: request.POST.get(name, "") for name in ASKING}
    if typed["spoerger"] not in ASKERS or typed["grundlag"] not in BASES:
        raise HTTPNotFound()
    event_id = accept(request, child_id, _BEGIN, typed)
    asked = Asked(asker=typed["spoerger"], name=typed["navn"], holder_id=typed["holder"], identity=typed["identitet"],
                  basis=typed["grundlag"], asked_on=day_of(typed["dag"]))  # fmt: skip
    try:
        case_id = begin_insight(request.house, request.person, child_id, asked, event_id=event_id)
    except InsightIncomplete as error:
        problems = [(AT_PART[error.part], message_of(request, error))]
        return answered(_child_page(request, found, typed, request.POST["nonce"], problems), 422)
    return HTTPSeeOther(location=request.route_path("insight_case", case_id=case_id))


def progress(request: Request) -> Response:
    """How far the package is (htmx asks until it is made)."""

    def gather(house: House, who: Identity) -> tuple[InsightCase, Making, bool]:
        found, _child = require_case(house, who, _case_id(request))
        if found.state not in DONE:
            raise NotFound("no package yet")
        return found, making_of(house, who, found), not answer_stands(house, who, found)

    return same_again(
        request,
        gather,
        lambda all: page(request, "insight_progress.html", case=all[0], making=all[1], waits=all[2]),
    )


def _child_page(
    request: Request, found: InsightChild, typed: dict[str, str], nonce: str, problems: list = ()
) -> Response:
    return page(request, "insight_child.html", found=found, said=said, nonce=nonce, problems=problems,
                typed={**dict.fromkeys(ASKING, ""), **typed})  # fmt: skip


_BEGIN = json_digest({"act": "begin_insight"})


def _case_id(request: Request) -> str:
    return request.matchdict["case_id"]
