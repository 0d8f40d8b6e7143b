"""What the pages and the autosave of a draft share: opening it, what was posted, and the section's page."""

from __future__ import annotations

from collections.abc import Iterable

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms.definition import Field
from tillid.forms.fieldtypes import field_type
from tillid.forms.problems import AnswerProblem
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.ids import is_id
from tillid.usecases.editing import note_and_look
from tillid.usecases.fill import DraftView, draft_to_write, open_draft
from tillid.usecases.next_child import children_left
from tillid.usecases.override_warning import override_warning
from tillid.usecases.save_fields import Change, Saved, save_fields, view_after
from tillid.web.errors import message_of
from tillid.web.i18n import _, translate
from tillid.web.pages import FormPage
from tillid.web.posted import change_of
from tillid.web.render import language_of, page
from tillid.web.rows import RowStep
from tillid.web.views.document import holders_of, trail

NOTHING_SAVED = Saved(revisions={}, problems=(), clashes={})


def opened(request: Request) -> FormPage:
    """The draft for reading, asked for and logged; with the talk it is written in, if the address names one."""
    return _form(request, open_draft(request.house, request.person, request.matchdict["document_id"]))


def opened_to_write(request: Request) -> FormPage:
    """The draft for saving in: asked for; saving logs."""
    return _form(request, draft_to_write(request.house, request.person, request.matchdict["document_id"]))


def _form(request: Request, view: DraftView) -> FormPage:
    request.admitted = True
    together = request.params.get("sammen", "")
    if together and (not is_id(together) or not view.for_parents):
        raise HTTPNotFound()
    return FormPage(request, view, together)


def writable(form: FormPage, fields: Iterable[Field]) -> list[Field]:
    """Those of ``fields`` that the person may write; what the system fills is never among them."""
    return [f for f in fields if f.id in form.writable and not field_type(f.type).from_system]


def posted_fields(request: Request, form: FormPage, section_id: str) -> list[Field]:
    """The section's fields that stood on the posted page: also one that a condition has taken away meanwhile, whose text
    would be lost, and not one that it has brought, which nobody has emptied."""
    fields = form.definition.section(section_id).fields if section_id in {s.id for s in form.sections} else ()
    return [f for f in writable(form, fields) if f"base.{f.id}" in request.POST]


def saved_as_posted(
    request: Request, form: FormPage, fields: list[Field], step: RowStep | None = None
) -> tuple[Saved, dict[str, str], dict[str, Change]]:
    """Save what was posted of ``fields``: the outcome, why a field was refused (field id → text), and what was posted."""
    changes, refused = {}, {}
    for one in fields:
        try:
            changes[one.id] = change_of(request, form.view, one, step)
        except TillidError as error:
            refused[one.id] = message_of(request, error)
    saved = NOTHING_SAVED
    if changes:
        saved = save_fields(request.house, request.person, form.view.document.id, changes,
                            together_with=form.together_with or None, view=form.view)  # fmt: skip
    return saved, refused | {p.field_id: message_of(request, as_error(p)) for p in saved.problems}, changes


def override_posted(request: Request, document_id: str, rule_id: str) -> bool:
    """Let a soft warning be for the reason that was posted with it; whether anything came of it."""
    reason = request.POST.get(f"why.{rule_id}", "")
    return bool(reason.strip()) and override_warning(request.house, request.person, document_id, rule_id, reason)


def after(request: Request, form: FormPage, saved: Saved) -> FormPage:
    """The form as it is now, in the same transaction."""
    return FormPage(request, view_after(request.house, request.person, form.view, saved), form.together_with)


def as_error(problem: AnswerProblem) -> TillidError:
    """An answer's problem as the error whose text people see."""
    return TillidError("", code=problem.code, text=problem.text, **problem.params)


def section_page(request: Request, form: FormPage, errors: dict[str, str] | None = None,
                 posted: dict[str, object] | None = None) -> Response:  # fmt: skip
    """One section, ready to write in; with what was refused still in its fields."""
    errors, posted = errors or {}, posted or {}
    section_id = request.matchdict["section"]
    one = next((s for s in form.sections if s.id == section_id), None)
    if one is None:
        raise NotFound("no such section for this reader")
    slots = [(f.id, form.field(f, error=errors.get(f.id, ""), posted=posted.get(f.id)) if met else None)
             for f, met in form.slots(section_id)]  # fmt: skip
    fields = [f for _id, f in slots if f is not None]
    problems = [(f"f-{f.id}", f"{f.label}: {errors[f.id]}") for f in form.of_section(section_id) if f.id in errors]
    both = translate(
        _("To har skrevet i »{label}« på samme tid. Vælg, hvilken tekst der skal stå."), language_of(request)
    )
    problems += [(f"f-{f.id}-clash", both.format(label=f.label)) for f in fields if f.yours is not None]
    return page(
        request,
        "fill.html",
        form=form,
        section=one,
        crumbs=trail(request, form.view.document, form.definition.title, one.title),
        slots=slots,
        fields=fields,
        problems=problems,
        steps=form.steps(section_id),
        missing=form.missing(section_id),
        colleagues=note_and_look(request.house, request.person, form.view.document, section_id),
        left=len(children_left(request.house, request.person, form.view.document)),
        number=[s.id for s in form.sections].index(section_id) + 1,
        before=form.neighbour(section_id, -1),
        editable=any(f.editable for f in fields),
        holders=holders_of(request, form.view.document) if form.view.for_parents else [],
        parents_part=any(f.id in form.view.for_parents for f in form.of_section(section_id)),
    )
