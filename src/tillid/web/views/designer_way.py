"""What becomes of the answers of one field of the version before: asked for when it is removed, and whenever it is unclear."""

from __future__ import annotations

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms.definition import Field
from tillid.forms.design_way import step_for, with_step
from tillid.forms.fieldtypes import TYPES
from tillid.forms.upcast_drafts import GONE, NO_COLUMN, NO_LONGER, OTHER_KIND
from tillid.forms.upcasts import TEXTS
from tillid.kernel.errors import TillidError
from tillid.usecases.design_form import Opened
from tillid.web.designing import back, design_page, line_of, opened_design, text_of
from tillid.web.i18n import _
from tillid.web.views.designer import edited

Data = dict[str, Any]
KINDS = {
    "kept": _("Svaret bliver i feltet med samme navn"),
    "rename": _("Svaret flyttes til et andet felt"),
    "merge": _("Svaret samles med andre i et tekstfelt"),
    "split": _("Svaret deles ud på flere felter"),
    "recode": _("Svaret bliver, men nogle svarmuligheder eller kolonner er ændret"),
    "drop": _("Feltet er væk"),
}
WAYS = {
    "lines:all": _("hele teksten"),
    "lines:first": _("første linje"),
    "lines:rest": _("alt efter første linje"),
    "part:code": _("den valgte mulighed"),
    "part:text": _("de egne ord"),
    "part:date": _("datoen"),
}
PROPOSED = {GONE, OTHER_KIND, NO_LONGER, NO_COLUMN}
MOST_PARTS = 6


def answers(request: Request) -> Response:
    """The choice as it stands."""
    opened = opened_design(request)
    old = _old(request, opened)
    return _page(request, opened, old, *step_for(opened.design.data, old.id))


def save_answers(request: Request) -> Response:
    """The choice is kept, and counts as somebody's decision."""
    opened = opened_design(request)
    old = _old(request, opened)
    kind = line_of(request, "how", 10)
    if kind not in KINDS:
        raise HTTPNotFound()
    body = _body(request, opened, old, kind)
    if request.POST.get("do") == "part-add":
        body["into"] = [*body.get("into", []), {"field": "", "lines": "all"}]
        return _page(request, opened, old, kind, body)
    if body is None or _lacks(kind, body):
        return _page(request, opened, old, kind, body or {}, missing=True)
    kept = edited(request, "Det er valgt, hvor svarene i et felt skal hen",
                  lambda data: with_step(data, opened.base.version, old.id, kind, body), (old.id,))  # fmt: skip
    return back(request, kept, "udkast")


def _old(request: Request, opened: Opened) -> Field:
    try:
        return opened.base.field(request.matchdict["field"])
    except TillidError:
        raise HTTPNotFound() from None


def _body(request: Request, opened: Opened, old: Field, kind: str) -> Data:
    """What was posted for that kind of step."""
    why, wider = text_of(request, "why", 1000), text_of(request, "wider", 1000)
    more = {key: value for key, value in (("why", why), ("wider", wider)) if value}
    if kind == "kept":
        return {}
    if kind == "rename":
        return {"to": line_of(request, "rename_to", 60), **_mapped(request), **more}
    if kind == "merge":
        return {"into": line_of(request, "merge_into", 60), **({"wider": wider} if wider else {})}
    if kind == "recode":
        return {**_mapped(request), **({"why": why} if why else {})}
    if kind == "split":
        return {"into": _parts(request), **more}
    target = line_of(request, "text_to", 60)
    return {"why": why, **({"text_to": target} if target else {}), **({"wider": wider} if wider else {})}


def _parts(request: Request) -> list[Data]:
    found = []
    for number in range(MOST_PARTS):
        target = line_of(request, f"part.{number}.field", 60)
        way, _sep, value = line_of(request, f"part.{number}.way", 80).partition(":")
        if target and way in ("part", "has", "column", "lines"):
            found.append({"field": target, way: value})
    return found


def _mapped(request: Request) -> Data:
    """Old code → new code, for the codes somebody has said something of; ``-`` = it has no heir."""
    codes: Data = {}
    for name in request.POST:
        if name.startswith("code.") and len(name) < 70 and (value := line_of(request, name, 60)):
            codes[name.removeprefix("code.")] = (
                None if value == "-" else {"true": True, "false": False}.get(value, value)
            )
    columns: Data = {}
    for name in request.POST:
        if name.startswith("column.") and len(name) < 70 and (value := line_of(request, name, 60)):
            columns[name.removeprefix("column.")] = None if value == "-" else value
    return {**({"codes": codes} if codes else {}), **({"columns": columns} if columns else {})}


def _lacks(kind: str, body: Data) -> bool:
    """Whether what the step cannot do without is missing."""
    wanted = {"rename": "to", "merge": "into", "split": "into", "drop": "why"}.get(kind)
    if kind == "recode":
        return not body.get("codes") and not body.get("columns")
    return wanted is not None and not body.get(wanted)


def _page(request: Request, opened: Opened, old: Field, kind: str, body: Data, missing: bool = False) -> Response:
    data, base = opened.design.data, opened.base
    new = [
        (f["id"], f["label"])
        for s in data["sections"]
        for f in s["fields"]
        if f.get("phase", s.get("phase")) != "derived"
    ]
    texts = [(f["id"], f["label"]) for s in data["sections"] for f in s["fields"] if f["type"] in TEXTS]
    why = body.get("why", "")
    return design_page(
        request, "design_answers.html", opened, old.label, old=old, kind=kind, body=body, kinds=KINDS, missing=missing,
        why="" if why in PROPOSED else why, new=new, texts=texts, old_codes=_codes(old, base),
        new_codes=_new_codes(data, old.id), ways=_ways(old, base), parts=_shown_parts(body),
        old_columns=[(c["id"], c["label"]) for c in old.settings.get("columns", ())], new_columns=_new_columns(data, old.id),
        still_there=any(name == old.id for name, _label in new), type_now=TYPES[old.type].name,
    )  # fmt: skip


def _codes(old: Field, base: Any) -> list[tuple[str, str]]:
    if "code_list" in old.settings:
        return [(one.code, one.label) for one in base.code_list(old.settings["code_list"]).choices]
    return [("true", _("Ja")), ("false", _("Nej"))] if old.type == "yes_no" else []


def _new_codes(data: Data, field_id: str) -> list[tuple[str, str]]:
    """All codes of the design's lists: the target may be any field."""
    found = {c["code"]: c["label"] for one in data.get("code_lists", []) for c in one["choices"]}
    own = [
        f for s in data["sections"] for f in s["fields"] if f["id"] == field_id and "code_list" in f.get("settings", {})
    ]
    if own:
        lists = [one for one in data.get("code_lists", []) if one["id"] == own[0]["settings"]["code_list"]]
        found = {c["code"]: c["label"] for one in lists for c in one["choices"]}
    return list(found.items())


def _new_columns(data: Data, field_id: str) -> list[tuple[str, str]]:
    own = [f for s in data["sections"] for f in s["fields"] if f["id"] == field_id]
    return [(c["id"], c["label"]) for f in own for c in f.get("settings", {}).get("columns", ())]


def _ways(old: Field, base: Any) -> list[tuple[str, str]]:
    """How parts of this kind of value can be taken."""
    if old.type in TEXTS:
        return [(key, text) for key, text in WAYS.items() if key.startswith("lines")]
    if old.type == "table":
        return [(f"column:{c['id']}", c["label"]) for c in old.settings.get("columns", ())]
    if old.type in ("choice", "multi_choice"):
        return [(f"has:{code}", label) for code, label in _codes(old, base)]
    keys = [f"part:{part.key}" for part in TYPES[old.type].parts(old)]
    words = {f"part:{part.key}": part.text for part in TYPES[old.type].parts(old)}
    return [(key, WAYS.get(key) or words[key]) for key in keys] or [
        (k, w) for k, w in WAYS.items() if k.startswith("part")
    ]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A target of a split as it is edited."""

    field: str
    way: str


def _shown_parts(body: Data) -> list[Part]:
    into = body.get("into")
    found = [
        Part(field=one["field"], way=next((f"{k}:{v}" for k, v in one.items() if k != "field"), ""))
        for one in (into if isinstance(into, list) else [])
    ]
    return [*found, *(Part(field="", way="") for _ in range(max(0, 2 - len(found))))][:MOST_PARTS]
