"""The parts of a design around its fields: the form as a whole, a section, a code list, the rules."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms import design_edits as edits
from tillid.kernel.errors import TillidError
from tillid.usecases.design_form import Opened
from tillid.web.design_conditions import Asked, form_of, posted_form
from tillid.web.designing import back, chosen, design_page, line_of, lines_of, opened_design, require_own, text_of
from tillid.web.i18n import _
from tillid.web.views.designer import edited

Data = dict[str, Any]
LEVELS = {
    "soft": _("Et råd, som kan tilsidesættes med en grund"),
    "hard": _("En fejl, som skal rettes, før skemaet kan låses"),
}
MOST_CHOICES, MOST_RULES = 200, 200


def form(request: Request) -> Response:
    """Title, purpose, notes and their English words."""
    opened = opened_design(request)
    english = opened.design.data.get("translations", {}).get("en", {})
    return design_page(request, "design_form.html", opened, _("Titel, formål og noter"), english=english)


def save_form(request: Request) -> Response:
    opened = opened_design(request)
    values = {name: text_of(request, name) for name in ("title", "purpose", "notes", "basis", "history")}
    values = {name: value or opened.design.data.get(name, "") if name in ("title", "purpose") else value
              for name, value in values.items()}  # fmt: skip
    words = {"title": line_of(request, "en.title"), "purpose": text_of(request, "en.purpose")}
    kept = edited(request, "Skemaets ord er ændret", lambda data: edits.translate(edits.edit_form(data, values), "", "", words))  # fmt: skip
    return back(request, kept, "udkast")


def section(request: Request) -> Response:
    """A section's title and guidance."""
    opened = opened_design(request)
    one = _section(opened, request.matchdict["section"])
    return design_page(request, "design_section.html", opened, one["title"], one=one,
                       english=edits.english(opened.design.data, "sections", one["id"]))  # fmt: skip


def save_section(request: Request) -> Response:
    opened = opened_design(request)
    one = _section(opened, request.matchdict["section"])
    values = {"title": line_of(request, "title") or one["title"], "guidance": lines_of(request, "guidance")}
    words = {"title": line_of(request, "en.title"), "guidance": lines_of(request, "en.guidance")}
    kept = edited(request, "Et afsnit er ændret", lambda data: edits.translate(
        edits.edit_section(data, one["id"], values), "sections", one["id"], words))  # fmt: skip
    return back(request, kept, f"afsnit-{one['id']}")


def code_list(request: Request) -> Response:
    """A list of choices: a change makes its next version; what is stored keeps the version it was chosen from."""
    opened = opened_design(request)
    return _list_page(request, opened, _list(opened, request.matchdict["list"]))


def save_code_list(request: Request) -> Response:
    opened = opened_design(request)
    stored = _list(opened, request.matchdict["list"])
    action = str(request.POST.get("do", "save"))
    choices, words = _posted_choices(request, stored, action)
    changed = {**stored, "title": line_of(request, "title") or stored["title"], "choices": choices}
    if action != "save":
        return _list_page(request, opened, changed, words)
    before = {one.id: one for one in opened.base.code_lists}.get(stored["id"])
    # One step up from the base, however often it is changed on the way.
    changed["version"] = before.version + 1 if before else stored["version"]

    def put(data: Data) -> Data:
        lists = [changed if one["id"] == stored["id"] else one for one in data["code_lists"]]
        data = edits.edit_form(data, {"code_lists": lists})
        for code in {choice["code"] for choice in [*stored["choices"], *choices]}:
            data = edits.translate(data, "choices", f"{stored['id']}.{code}", words.get(code, {}))
        return data

    return back(request, edited(request, "En liste er ændret", put), "udkast")


def rules(request: Request) -> Response:
    """Rules between fields."""
    opened = opened_design(request)
    return _rules_page(request, opened, opened.design.data.get("rules", []), {})


def save_rules(request: Request) -> Response:
    """All of them at once; any button but "Gem" draws the page again."""
    opened = opened_design(request)
    action = str(request.POST.get("do", "save"))
    stored, forms = opened.design.data.get("rules", []), {}
    asked, found, english = Asked(opened.design.data), [], {}
    for number in range(MOST_RULES):
        if f"rule.{number}.id" not in request.POST:
            break
        if action == f"rule-remove.{number}":
            continue
        was = stored[number] if number < len(stored) else {"when": {}}
        name, text = line_of(request, f"rule.{number}.id", 60), line_of(request, f"rule.{number}.text", 2000)
        when = posted_form(request, f"rule-{number}", was["when"], asked, action)
        rule = {
            "id": name or edits.named(text[:40], "regel", [one["id"] for one in [*stored, *found]]),
            "level": "hard" if request.POST.get(f"rule.{number}.level") == "hard" else "soft",
            "text": text,
            "fields": chosen(request, f"rule.{number}.fields", edits.field_ids(opened.design.data)),
            "when": when.condition or {},
        }
        forms[len(found)] = when
        english[rule["id"]] = {"text": line_of(request, f"rule.{number}.en", 2000)}
        found.append(rule)
    if action == "rule-add":
        found.append({"id": "", "level": "soft", "text": "", "fields": [], "when": {}})
    if action != "save":
        return _rules_page(request, opened, found, forms)

    def put(data: Data) -> Data:
        gone = {one["id"] for one in stored} - {one["id"] for one in found}
        for name, words in [*english.items(), *((one, {}) for one in gone)]:
            data = edits.translate(data, "rules", name, words)
        return edits.edit_form(data, {"rules": found})

    return back(request, edited(request, "Reglerne er ændret", put), "udkast")


def _section(opened: Opened, name: str) -> Data:
    require_own(opened, name)
    try:
        return edits.section_of(opened.design.data, name)
    except TillidError:
        raise HTTPNotFound() from None


def _list(opened: Opened, name: str) -> Data:
    require_own(opened, name)
    found = next((one for one in opened.design.data.get("code_lists", []) if one["id"] == name), None)
    if found is None:
        raise HTTPNotFound()
    return found


def _list_page(request: Request, opened: Opened, one: Data, words: Data | None = None) -> Response:
    data = opened.design.data
    english = words or {c["code"]: edits.english(data, "choices", f"{one['id']}.{c['code']}") for c in one["choices"]}
    used = [
        f["label"] for s in data["sections"] for f in s["fields"] if f.get("settings", {}).get("code_list") == one["id"]
    ]
    return design_page(request, "design_list.html", opened, one["title"], one=one, english=english, used=used,
                       variants=data.get("variants", []))  # fmt: skip


def _posted_choices(request: Request, stored: Data, action: str) -> tuple[list[Data], Data]:
    """The choices out of the posted form with a button's step done, and their English words by code."""
    known = {choice["code"]: choice for choice in stored["choices"]}
    found: list[Data] = []
    words: Data = {}
    for number in range(MOST_CHOICES):
        if f"choice.{number}.label" not in request.POST:
            break
        label, code = line_of(request, f"choice.{number}.label"), line_of(request, f"choice.{number}.code", 60)
        if not label and not code:
            continue
        code = code or edits.named(label, "svar", [*known, *(one["code"] for one in found)])
        choice = {**known.get(code, {}), "code": code, "label": label or code}
        for key in ("help", "statistics_code"):
            choice.pop(key, None)
            if text := line_of(request, f"choice.{number}.{key}", 40 if key == "statistics_code" else 2000):
                choice[key] = text
        found.append(choice)
        words[code] = {"label": line_of(request, f"choice.{number}.en")}
    verb, _sep, text = action.partition(".")
    number = int(text) if text.isdecimal() and text.isascii() else -1
    if verb == "choice-add" and len(found) < MOST_CHOICES:
        found.append({"code": "", "label": ""})
    elif 0 <= number < len(found):
        if verb == "choice-remove":
            del found[number]
        other = number + {"choice-up": -1, "choice-down": 1}.get(verb, 0)
        if 0 <= other < len(found) and verb != "choice-remove":
            found[number], found[other] = found[other], found[number]
    return found, words


def _rules_page(request: Request, opened: Opened, found: list[Data], forms: dict[int, Any]) -> Response:
    asked = Asked(opened.design.data)
    shown = [
        (one, forms.get(number) or form_of(f"rule-{number}", one["when"] or None, asked),
         edits.english(opened.design.data, "rules", one["id"]).get("text", ""))
        for number, one in enumerate(found)
    ]  # fmt: skip
    # A row's name follows its place: rules that were moved up by a removal are named anew.
    renamed = [(one, _named(form, number), words) for number, (one, form, words) in enumerate(shown)]
    fields = [(f["id"], f["label"]) for s in opened.design.data["sections"] for f in s["fields"]]
    return design_page(request, "design_rules.html", opened, _("Regler"), rules=renamed, asked=asked, levels=LEVELS,
                       fields=fields)  # fmt: skip


def _named(form: Any, number: int) -> Any:
    import msgspec

    return msgspec.structs.replace(form, name=f"rule-{number}")
