"""One field is edited: its words, who fills and reads it, its settings, when it is shown and required. Nothing is stored
before "Gem"; while one types, the page is asked how the field looks and what the checks say."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms import design_edits as edits
from tillid.forms.design_check import checked, with_way
from tillid.forms.fieldtypes import TYPES
from tillid.forms.yamldata import read_yaml
from tillid.kernel.errors import TillidError
from tillid.usecases.design_form import Opened
from tillid.web.design_conditions import Asked, ConditionForm, as_yaml, form_of, posted_form
from tillid.web.design_look import looks_of
from tillid.web.design_settings import columns_of, inputs_of, posted_columns, posted_settings
from tillid.web.designing import (
    FILLERS,
    READERS,
    back,
    chosen,
    design_page,
    findings,
    line_of,
    lines_of,
    opened_design,
    require_own,
    text_of,
    type_words,
)
from tillid.web.i18n import _
from tillid.web.render import language_of
from tillid.web.views.designer import edited

Data = dict[str, Any]
_REDRAWN = ("look", "type", "row-add", "row-remove", "as-text", "col-add", "col-remove", "col-up", "col-down", "redraw")
_ID = re.compile(r"[a-z0-9_.-]{1,120}")
NOT_READ = _("Teksten kan ikke læses som en betingelse. Ret den, før du gemmer.")


class Edited(msgspec.Struct, frozen=True, kw_only=True):
    """The field as it is being edited: the data it would have, and its conditions as rows."""

    field: Data
    english: Data
    required: str
    required_form: ConditionForm
    shown: str
    shown_form: ConditionForm
    computed: str
    computed_wrong: bool = False

    @property
    def error(self) -> str:
        return NOT_READ if self.required_form.error or self.shown_form.error or self.computed_wrong else ""


def field(request: Request) -> Response:
    """The field as it is stored."""
    opened = opened_design(request)
    return _page(request, opened, _stored(opened.design.data, _field(request, opened)))


def save_field(request: Request) -> Response:
    """Stored, or (for any button but "Gem") drawn again as it is posted."""
    opened = opened_design(request)
    action = str(request.POST.get("do", "save"))
    posted = _posted(request, opened, action)
    verb = action.partition(".")[0]
    if verb == "look":
        return _page(request, opened, posted, template="design_field_look.html")
    if verb in _REDRAWN or posted.error:
        return _page(request, opened, posted, focus=_focus(request, posted, action))
    if verb != "save":
        raise HTTPNotFound()
    name = posted.field["id"]
    kept = edited(request, "Et felt er ændret", lambda data: with_field(data, posted))
    return back(request, kept, f"felt-{name}")


def with_field(data: Data, posted: Edited) -> Data:
    """``data`` with the field as posted, and its English words."""
    name = posted.field["id"]
    keys = dict.fromkeys(("help", "support", "settings", "shown_if", "sensitive", "computed"))
    changed = edits.edit_field(data, name, {**keys, **posted.field})
    return edits.translate(changed, "fields", name, posted.english)


def _field(request: Request, opened: Opened) -> Data:
    require_own(opened, request.matchdict["field"])
    try:
        return edits.field_of(opened.design.data, request.matchdict["field"])
    except TillidError:
        raise HTTPNotFound() from None


def _stored(data: Data, one: Data) -> Edited:
    asked, required = Asked(data, one["id"]), one["required"]
    return Edited(
        field=one,
        english=edits.english(data, "fields", one["id"]),
        required=required if isinstance(required, str) else "when",
        required_form=form_of("required", required if isinstance(required, dict) else None, asked),
        shown="when" if "shown_if" in one else "always",
        shown_form=form_of("shown", one.get("shown_if"), asked),
        computed=as_yaml(one.get("computed")),
    )


def _posted(request: Request, opened: Opened, action: str) -> Edited:
    data, stored = opened.design.data, _field(request, opened)
    kind = line_of(request, "type", 60)
    if kind not in TYPES:
        raise HTTPNotFound()
    asked = Asked(data, stored["id"])
    was = stored.get("settings", {})
    settings = posted_settings(request, kind, was if kind == stored["type"] else {}, data)
    if kind == "table":
        columns = posted_columns(request, was.get("columns", []), data, action)
        settings["columns"] = columns or edits.first_settings("table", data)["columns"]
    required = request.POST.get("required", "no")
    required_form = posted_form(request, "required", _condition(stored["required"]), asked, action)
    shown = request.POST.get("shown", "always")
    shown_form = posted_form(request, "shown", stored.get("shown_if"), asked, action)
    computed = text_of(request, "computed") if "computed" in request.POST else as_yaml(stored.get("computed"))
    read = read_yaml(computed.encode(), "computed") if computed else None
    made: Data = {
        **{key: value for key, value in stored.items() if key == "phase"},
        "id": stored["id"],
        "label": line_of(request, "label") or stored["label"],
        "help": text_of(request, "help"),
        "support": lines_of(request, "support"),
        "type": kind,
        "settings": settings,
        "required": required_form.condition or "no" if required == "when" else ("yes" if required == "yes" else "no"),
        "shown_if": shown_form.condition if shown == "when" else None,
        # In the order of the file, so that what is not changed stays the same data.
        "filled_by": chosen(request, "filled_by", dict.fromkeys((*stored["filled_by"], *FILLERS))),
        "visible_to": chosen(request, "visible_to", dict.fromkeys((*stored["visible_to"], *READERS))),
        "sensitive": bool(request.POST.get("sensitive")),
        "computed": read.data if read else None,
    }
    english = {"label": line_of(request, "en.label"), "help": text_of(request, "en.help"), "support": lines_of(request, "en.support")}  # fmt: skip
    return Edited(field=made, english=english, required=str(required), required_form=required_form, shown=str(shown),
                  shown_form=shown_form, computed=computed, computed_wrong=bool(read and read.problems))  # fmt: skip


def _condition(required: Any) -> Any:
    return required if isinstance(required, dict) else None


def _focus(request: Request, posted: Edited, action: str) -> str:
    """Where the focus goes when the page was drawn again: a new row, or the input that brought other inputs."""
    verb, _sep, rest = action.partition(".")
    if verb == "row-add" and rest in ("required", "shown"):
        form = posted.required_form if rest == "required" else posted.shown_form
        return f"{rest}-{len(form.rows) - 1}-left" if form.rows else ""
    if verb == "as-text":
        return f"{rest}-text"
    asked = request.POST.get("focus", "")
    return asked if _ID.fullmatch(asked) else ""


def _page(
    request: Request, opened: Opened, now: Edited, template: str = "design_field.html", focus: str = ""
) -> Response:
    """The editor; what is shown of checks and looks is of the field as posted, stored or not."""
    data = with_field(opened.design.data, now)
    design = with_way(msgspec.structs.replace(opened.design, data=data), opened.base)
    trial = Opened(design=design, base=opened.base, check=checked(design, opened.base), stale=opened.stale)
    settings = now.field.get("settings") or {}
    kind = now.field["type"]
    mine = [one for one in findings(request, trial) if one.field == now.field["id"]]
    looks = looks_of(trial.check.definition, now.field["id"], language_of(request))
    column_types = {name: words for name, words in type_words().items() if TYPES[name].in_table}
    return design_page(request, template, trial, now.field["label"], now=now, one=now.field, mine=mine, looks=looks,
                       others=len(trial.check.problems) - len(mine), inputs=inputs_of(kind, settings, data),
                       columns=columns_of(settings, data) if kind == "table" else (), column_types=column_types,
                       asked=Asked(data, now.field["id"]), section=_section_of(data, now.field["id"]),
                       focus=focus, own_address=request.route_path("design_field", design_id=design.id, field=now.field["id"]))  # fmt: skip


def _section_of(data: Data, name: str) -> Data:
    return next(s for s in data["sections"] if any(f["id"] == name for f in s["fields"]))
