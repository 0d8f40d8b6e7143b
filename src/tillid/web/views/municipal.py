"""The municipality's settings: seen and changed by administrators; no child's data on the page (ADR 0022)."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms.settings import Setting, SettingError, faulty, load_settings
from tillid.kernel.text import normal_newlines
from tillid.usecases.municipal_settings import (
    choose,
    choose_default,
    choose_default_for_unit,
    choose_for_unit,
    settings_now,
)
from tillid.usecases.settings_preview import Effect, preview_setting
from tillid.web.i18n import _
from tillid.web.numbers import whole
from tillid.web.render import page

MOST = 200  # characters of a posted value; each setting has its own limit besides


def overview(request: Request) -> Response:
    """Every setting with its value, its allowed values and its source."""
    return _page(request, saved=request.params.get("gemt", "")[:60])


def change(request: Request) -> Response:
    """One setting anew, or back to its default."""
    house, who = request.house, request.person
    name = request.POST.get("setting", "")[:60]
    setting, unit_id = load_settings().get(name), request.POST.get("unit", "")[:60]
    try:
        if request.POST.get("do") == "default":
            choose_default(house, who, name)
        elif request.POST.get("do") == "unit":
            choose_for_unit(house, who, name, unit_id, _posted(request, setting) if setting else None)
        elif request.POST.get("do") == "unit-default":
            choose_default_for_unit(house, who, name, unit_id)
        elif request.POST.get("do") == "preview" and setting is not None:
            typed = _posted(request, setting)
            return _page(request, typed={name: typed}, effect=preview_setting(house, who, name, typed))
        else:
            choose(house, who, name, _posted(request, setting) if setting else None)
    except SettingError as error:
        typed = _posted(request, setting)
        answer = _page(request, problems=[(_input(setting, typed), error.message)], typed={name: typed})
        answer.status_int = 422
        return answer
    return HTTPSeeOther(location=request.route_path("settings", _query={"gemt": name}, _anchor=name))


def _page(request: Request, saved: str = "", problems: list[tuple[str, str]] | None = None,
          typed: dict[str, Any] | None = None, effect: Effect | None = None) -> Response:  # fmt: skip
    lines = settings_now(request.house, request.person)
    request.admitted = True
    crumbs = ((_("Drift"), request.route_path("admin")), (_("Kommunens indstillinger"), ""))
    units = sorted(request.house.people.organigram().units.values(), key=lambda one: one.name)
    return page(request, "settings.html", lines=lines, units=units, problems=problems or [], typed=typed or {}, crumbs=crumbs, effect=effect,
                saved=next((line.setting for line in lines if line.setting.id == saved), None))  # fmt: skip


def _posted(request: Request, setting: Setting | None) -> Any:
    """What was posted as a value of ``setting``; not checked, that is the use case's."""
    if setting is None:
        return None
    if setting.per:
        return {key: _one(setting, request.POST.get(f"v.{key}", "")) for key in setting.per}
    if setting.type == "choices":
        return [text[:MOST] for text in request.POST.getall("v") if isinstance(text, str)]
    if setting.type == "word_groups":
        text = request.POST.get("v", "")
        return normal_newlines(text).strip()[: setting.max + 1] if isinstance(text, str) else ""
    return _one(setting, request.POST.get("v", ""))


def _one(setting: Setting, text: Any) -> Any:
    text = text.strip()[:MOST] if isinstance(text, str) else ""
    if setting.type == "number":
        number = whole(text, 8)
        return text if number is None else number
    if setting.type == "yes_no":
        return {"true": True, "false": False}.get(text, text)
    return text.lower() if setting.type == "colours" else text


def _input(setting: Setting | None, value: Any) -> str:
    """The id of the input that is wrong."""
    return f"{setting.id}-{faulty(setting, value) or 'v'}" if setting is not None else ""
