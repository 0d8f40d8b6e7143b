"""What falls due: at one place, in the whole of the archivist's own municipality, what is held, and what another rule would move (R-82, R-90).

No page shows a text or a child's name.
"""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.retention_rules import our_rules
from tillid.kernel.ids import is_id
from tillid.usecases.due_list import due_list
from tillid.usecases.due_overview import PeriodWrong, due_overview, held_now, preview_rule
from tillid.usecases.ports import House
from tillid.web import keeping_words as said
from tillid.web.archive_words import name_of
from tillid.web.errors import answered, message_of
from tillid.web.numbers import whole
from tillid.web.reading import same_again
from tillid.web.render import page
from tillid.web.views.keeping import title_of_form


def due(request: Request) -> Response:
    """``vis`` says which of the four."""
    shown = _SHOWN.get(request.GET.get("vis", ""))
    if shown is None:
        raise HTTPNotFound()
    return shown(request)


def _place(request: Request) -> Response:
    """A place's documents by the month they fall due in, and what is left of those that went."""
    unit_id = request.GET.get("sted", "")
    if unit_id and not is_id(unit_id):
        raise HTTPNotFound()
    return same_again(
        request,
        lambda house, who: due_list(house, who, unit_id),
        lambda found: _page(request, "due.html", found=found),
    )


def _all(request: Request) -> Response:
    """The whole municipality, or one place, by month, and a page of one of them."""
    unit_id = request.GET.get("sted", "")
    if unit_id and not is_id(unit_id):
        raise HTTPNotFound()
    month, number = request.GET.get("maaned", "")[:7], whole(request.GET.get("side", "1"), 5) or 1
    return same_again(
        request,
        lambda house, who: due_overview(house, who, month, number, unit_id),
        lambda found: _page(request, "due_all.html", found=found),
    )


def _held(request: Request) -> Response:
    """Everything that is held, by kind."""
    return same_again(request, held_now, lambda found: _page(request, "due_held.html", found=found))


def _rules(request: Request) -> Response:
    """The rules; with ``regel``, ``antal`` and ``enhed`` what another period of one of them would do."""
    rule_id, count, unit = (request.GET.get(name, "")[:40] for name in ("regel", "antal", "enhed"))
    if not rule_id:
        return same_again(request, lambda house, who: due_overview(house, who), lambda _: _rules_page(request))
    try:
        return same_again(
            request,
            lambda house, who: preview_rule(house, who, rule_id, f"P{count}{unit}"),
            lambda found: _rules_page(request, found=found),
        )
    except PeriodWrong as error:
        due_overview(request.house, request.person)
        request.admitted = True
        return answered(_rules_page(request, problems=[(f"antal-{rule_id}", message_of(request, error))]), 422)


def _rules_page(request: Request, **more: Any) -> Response:
    rules = [rule for rule in our_rules().rules if rule.trigger in said.TRIGGER and rule.forms]
    others = [rule for rule in our_rules().rules if rule not in rules]
    typed = {name: request.GET.get(name, "") for name in ("regel", "antal", "enhed")}
    shown = {"found": None, "problems": [], **more}
    return _page(request, "due_rules.html", rules=rules, others=others, typed=typed, **shown)


def _page(request: Request, template: str, **more: Any) -> Response:
    house: House = request.house
    return page(request, template, said=said, title_of=lambda form: title_of_form(house, form),
                name_of=lambda person: name_of(house, person), unit_of=lambda unit_id: _unit(house, unit_id), **more)  # fmt: skip


def _unit(house: House, unit_id: str) -> str:
    unit = house.people.unit(unit_id)
    return unit.name if unit else ""


_SHOWN = {"": _place, "alle": _all, "holdt": _held, "regler": _rules}
