"""The designer's list and a design's own page: outline, checks, what was done, where to go from here (issue 4, part 8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms import design_edits as edits
from tillid.forms.additions import FOLDER
from tillid.forms.canonical_yaml import canonical_yaml
from tillid.kernel.clock import local_day
from tillid.kernel.errors import TillidError
from tillid.usecases.design_addition import additions_overview, exported_addition, start_addition, withdraw_addition
from tillid.usecases.design_data import definition_data
from tillid.usecases.design_form import (
    FileRefused,
    edit_design,
    forms_overview,
    import_design,
    read_file,
    rebase_design,
    restore_design,
    revisions,
    start_design,
    undo_design,
)
from tillid.usecases.review_form import submit_design, take_back_design
from tillid.usecases.running_state import require_administrator
from tillid.usecases.withdraw_form import use_version_again, withdraw_version
from tillid.web.designing import (
    STATE,
    STATE_KIND,
    back,
    design_page,
    line_of,
    may_change,
    opened_design,
    prefix_of,
    revision_of,
    text_of,
    title_of,
)
from tillid.web.i18n import _
from tillid.web.numbers import whole
from tillid.web.reading import file_response
from tillid.web.render import page

# What was done, as it is kept with each revision; here so that it is translated.
DONE = (
    _("Et afsnit er tilføjet"),
    _("Et afsnit er ændret"),
    _("Et afsnit er flyttet"),
    _("Et afsnit er fjernet"),
    _("Et felt er tilføjet"),
    _("Et felt er ændret"),
    _("Et felt er flyttet"),
    _("Et felt er fjernet"),
    _("En liste er ændret"),
    _("Reglerne er ændret"),
    _("Skemaets ord er ændret"),
    _("Hentet fra en fil"),
    _("Indholdet er hentet fra en fil"),
    _("Det er valgt, hvor svarene i et felt skal hen"),
    _("En liste er tilføjet"),
)


def overview(request: Request) -> Response:
    """Every form with its versions, and the designs that are being worked on."""
    found = forms_overview(request.house, request.person)
    request.admitted = True
    crumbs = ((_("Drift"), request.route_path("admin")), (_("Skemaer"), ""))
    additions = additions_overview(request.house, request.person)
    return page(request, "designs.html", found=found, states=STATE, state_kinds=STATE_KIND, title_of=title_of,
                people=names_of_staff(request), crumbs=crumbs,
                additions=additions, titles={one.id: one.title for one in additions.forms},
                today=local_day(request.moment))  # fmt: skip


def begin(request: Request) -> Response:
    """A design out of a version or a file; a version out of new use or into it again."""
    house, who = request.house, request.person
    require_administrator(who)
    request.admitted = True
    if request.POST.get("do") == "import":
        return back(request, import_design(house, who, _file(request)))
    form, version = line_of(request, "form", 60), whole(request.POST.get("version"), 6) or 0
    action = request.POST.get("do")
    if action == "start-addition":
        return back(
            request, start_addition(house, who, form, line_of(request, "unit", 60), line_of(request, "title", 120))
        )
    if action == "start":
        return back(request, start_design(house, who, form, version))
    if action == "withdraw":
        withdraw_version(house, who, form, version)
    elif action == "withdraw-addition":
        withdraw_addition(house, who, form, version)
    elif action == "use-again":
        use_version_again(house, who, form, version)
    else:
        raise HTTPNotFound()
    place = "tilfoejelser" if action == "withdraw-addition" or form.startswith(f"{FOLDER}/") else form
    return HTTPSeeOther(location=request.route_path("designs") + f"#{place}")


def version_yaml(request: Request) -> Response:
    """A version as the canonical file of it; with ``tilfoejelse=id/vN`` that addition to it."""
    require_administrator(request.person)
    form, version = request.matchdict["form"], int(request.matchdict["version"])
    if wanted := request.GET.get("tilfoejelse"):
        data = exported_addition(request.house, request.person, f"{form}/v{version}", wanted)
        return _yaml(canonical_yaml(data), f"{data['id'].replace('_', '-')}-v{data['version']}.yaml")
    try:
        request.house.definitions.get(form, version)
    except TillidError:
        raise HTTPNotFound() from None
    text = canonical_yaml(definition_data(request.house, form, version))
    return _yaml(text, f"{form.replace('_', '-')}-v{version}.yaml")


def design_yaml(request: Request) -> Response:
    """The design as the canonical file it would be."""
    opened = opened_design(request)
    name = opened.design.addition.id if opened.design.addition is not None else opened.design.form
    return _yaml(opened.check.text, f"{name.replace('_', '-')}-v{opened.design.version}.yaml")


def design(request: Request) -> Response:
    """The outline with the checks beside it."""
    opened = opened_design(request)
    latest = revisions(request.house, opened.design)
    # In an addition the form's own sections stay folded: what can be changed is found at once.
    unfolded = {one["id"] for one in opened.design.data["sections"]
                if any(may_change(opened, name) for name in (one["id"], *(f["id"] for f in one["fields"])))}  # fmt: skip
    # Without what only restates the same content: those cannot be brought back to anything else.
    return design_page(request, "design.html", opened, revisions=latest, unfolded=unfolded, people=names_of_staff(request),
                       today=request.moment, steps=opened.design.data.get("upcast", {}).get("steps", []))  # fmt: skip


def change(request: Request) -> Response:
    """One step on the outline; each button says which by ``do``."""
    opened = opened_design(request)
    action, _sep, name = str(request.POST.get("do", "")).partition(".")
    if action in _STANDING:
        return back(request, _STANDING[action](request, opened.design.id, name), "udkast")
    if action not in _STEPS:
        raise HTTPNotFound()
    return _STEPS[action](request, opened.design, name)


def edited(
    request: Request, what: str, step: Callable[[dict[str, Any]], dict[str, Any]], decided: tuple[str, ...] = ()
) -> Any:
    """The design of the address after ``step``, on the revision that the page showed."""
    return edit_design(request.house, request.person, request.matchdict["design_id"], revision_of(request), what,
                       step, decided)  # fmt: skip


def _add_section(request: Request, design: Any, name: str) -> Response:
    title = line_of(request, "title") or _("Nyt afsnit")
    own = prefix_of(design)
    _made, section_id = edits.add_section(design.data, title, own)
    kept = edited(request, "Et afsnit er tilføjet", lambda data: edits.add_section(data, title, own)[0])
    return back(request, kept, f"afsnit-{section_id}")


def _add_field(request: Request, design: Any, name: str) -> Response:
    """The new field opens at once: its words and who may see it are asked for there."""
    label, kind = line_of(request, f"label.{name}") or _("Nyt felt"), line_of(request, f"type.{name}", 60)
    taken, own = sorted(opened_design(request).base.ids), prefix_of(design)
    _made, field_id = edits.add_field(design.data, name, kind, label, taken, own)
    kept = edited(request, "Et felt er tilføjet", lambda data: edits.add_field(data, name, kind, label, taken, own)[0])
    return back(request, kept, "", "design_field", field=field_id)


def _add_list(request: Request, design: Any, name: str) -> Response:
    """The new list opens at once."""
    title, own = line_of(request, "list_title") or _("Ny liste"), prefix_of(design)
    _made, list_id = edits.add_code_list(design.data, title, own)
    kept = edited(request, "En liste er tilføjet", lambda data: edits.add_code_list(data, title, own)[0])
    return back(request, kept, "", "design_list", list=list_id)


def _remove_field(request: Request, design: Any, name: str) -> Response:
    """A field that the base has asks at once where its answers go."""
    base = {field.id for field in opened_design(request).base.fields}
    kept = edited(request, "Et felt er fjernet", lambda data: edits.remove_field(data, name))
    return back(request, kept, "", "design_answers", field=name) if name in base else back(request, kept, "udkast")


def _moved(what: str, step: Callable[[dict[str, Any], str], dict[str, Any]], place: str) -> Any:
    def move(request: Request, design: Any, name: str) -> Response:
        return back(request, edited(request, what, lambda data: step(data, name)), f"{place}-{name}")

    return move


def _to_section(request: Request, design: Any, name: str) -> Response:
    section = line_of(request, f"to.{name}", 60)
    kept = edited(request, "Et felt er flyttet", lambda data: edits.move_to_section(data, name, section))
    return back(request, kept, f"felt-{name}")


def _remove_section(request: Request, design: Any, name: str) -> Response:
    return back(
        request, edited(request, "Et afsnit er fjernet", lambda data: edits.remove_section(data, name)), "udkast"
    )


def _import(request: Request, design: Any, name: str) -> Response:
    """A file takes the place of the content; its form must be the design's."""
    if design.addition is not None:
        raise HTTPNotFound()
    data = read_file(_file(request))
    if data["id"] != design.form:
        raise FileRefused("another form", problem=f"Filen hører til {data['id']}.", count=1)
    return back(request, edited(request, "Indholdet er hentet fra en fil", lambda _old: data), "udkast")


_STEPS: dict[str, Callable[[Request, Any, str], Response]] = {
    "add-section": _add_section,
    "add-field": _add_field,
    "add-list": _add_list,
    "remove-field": _remove_field,
    "remove-section": _remove_section,
    "to-section": _to_section,
    "field-up": _moved("Et felt er flyttet", lambda data, name: edits.move_field(data, name, -1), "felt"),
    "field-down": _moved("Et felt er flyttet", lambda data, name: edits.move_field(data, name, 1), "felt"),
    "section-up": _moved("Et afsnit er flyttet", lambda data, name: edits.move_section(data, name, -1), "afsnit"),
    "section-down": _moved("Et afsnit er flyttet", lambda data, name: edits.move_section(data, name, 1), "afsnit"),
    "import": _import,
}
_STANDING: dict[str, Callable[[Request, str, str], Any]] = {
    "undo": lambda r, one, _name: undo_design(r.house, r.person, one, revision_of(r)),
    "restore": lambda r, one, name: restore_design(r.house, r.person, one, revision_of(r), whole(name, 6) or 0),
    "rebase": lambda r, one, _name: rebase_design(r.house, r.person, one, revision_of(r)),
    "submit": lambda r, one, _name: submit_design(
        r.house, r.person, one, revision_of(r), line_of(r, "usable_from", 10), text_of(r, "comment", 2000)
    ),
    "take-back": lambda r, one, _name: take_back_design(r.house, r.person, one, revision_of(r)),
}


def _file(request: Request) -> bytes:
    posted = request.POST.get("file")
    if not hasattr(posted, "file"):
        return b""
    return posted.file.read(1_000_002)  # one more than is taken: the reader says that it is too large


def _yaml(text: str, name: str) -> Response:
    return file_response(text.encode(), "application/yaml", name)


def names_of_staff(request: Request) -> dict[str, str]:
    """The administrators and others on the staff by id, for who did what."""
    return {staff.id: staff.name for staff in request.house.people.all_staff()}
