"""Station 2: fill a draft section by section. Every change is saved by itself; the whole section on "Gem og gå videre"."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms.definition import Field
from tillid.forms.fieldtypes import field_type
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.ids import is_id
from tillid.usecases.fill import open_draft
from tillid.usecases.ports import House
from tillid.usecases.save_fields import Change, Saved, save_fields
from tillid.usecases.settle_clash import settle_clash
from tillid.web.errors import answered, message_of
from tillid.web.i18n import translate
from tillid.web.pages import FormPage
from tillid.web.posted import change_of
from tillid.web.reading import reading
from tillid.web.render import language_of, page
from tillid.web.views.document import holders_of, trail


def first(request: Request) -> Response:
    """The first section in which the person has something to write."""

    def build(house: House) -> Response:
        form = _opened(request)
        own = (f.section for f in form.fields if f.id in form.writable)
        return HTTPSeeOther(location=form.address("fill", section=next(own, form.sections[0].id)))

    return reading(request, "see_draft", request.matchdict["document_id"], build)


def section(request: Request) -> Response:
    """One section, ready to write in."""
    document_id = request.matchdict["document_id"]
    return reading(request, "see_draft", document_id, lambda house: _section_page(request, _opened(request)))


def save_section(request: Request) -> Response:
    """Save what was posted; go on, or show what is wrong with nothing typed lost."""
    form = _opened(request)
    fields = _writable_in(form)
    changes, refused = _changes(request, form, fields)
    saved = _save(request, form, changes)
    errors = refused | {p.field_id: message_of(request, _as_error(p)) for p in saved.problems}
    if errors or saved.clashes:
        again = _opened(request)
        posted = {field_id: changes[field_id].value for field_id in errors if field_id in changes}
        # The page shows what was right as saved, and both texts of a clash: so they must be.
        return answered(_section_page(request, again, errors=errors, posted=posted), 422, keeps=True)
    section_id = request.matchdict["section"]
    following = form.neighbour(section_id, 1) if request.POST.get("go") != "stay" else section_id
    return HTTPSeeOther(location=form.address("fill", section=following) if following else form.address("review"))


def save_field(request: Request) -> Response:
    """Autosave of one field (htmx): its state line, its new revision, and whatever changed around it."""
    form = _opened(request)
    one = next((f for f in form.fields if f.id == request.matchdict["field"] and f.id in form.writable), None)
    if one is None or field_type(one.type).from_system:
        raise HTTPNotFound()
    before = {f.id for f in form.fields}
    changes, refused = _changes(request, form, [one])
    saved = _save(request, form, changes)
    problem = next(iter(saved.problems), None)
    error = refused.get(one.id) or (message_of(request, _as_error(problem)) if problem else "")
    now = _reopened(request)
    around = [f for f in now.of_section(one.section) if f.id not in before] if not error else []
    gone = [f for f in form.of_section(one.section) if f.id not in {n.id for n in now.fields}]
    return page(
        request,
        "field_saved.html",
        f=now.field(one, error=error),
        form=now,
        error=error,
        clash=one.id in saved.clashes,
        voided=saved.agreement_voided,
        appeared=[now.field(f) for f in around],
        gone=gone,
        moment=request.moment,
    )


def settle(request: Request) -> Response:
    """Choose which of two texts stands."""
    keep = request.POST.get("keep", "")
    if keep not in ("theirs", "yours"):
        raise HTTPNotFound()
    field_id = request.matchdict["field"]
    settle_clash(request.house, request.person, request.matchdict["document_id"], field_id, keep=keep)
    form = _opened(request)
    where = next((f.section for f in form.fields if f.id == field_id), form.sections[0].id)
    return HTTPSeeOther(location=form.address("fill", section=where) + f"#field-{field_id}")


def _opened(request: Request) -> FormPage:
    """The draft, asked for and logged; with the talk it is written in, if the address names one."""
    view = open_draft(request.house, request.person, request.matchdict["document_id"])
    request.admitted = True
    together = request.params.get("sammen", "")
    if together and (not is_id(together) or not view.for_parents):
        raise HTTPNotFound()
    return FormPage(request, view, together)


_reopened = _opened  # after a save, in the same transaction: the fields as they are now


def _writable_in(form: FormPage) -> list[Field]:
    fields = form.of_section(form.request.matchdict["section"])
    return [f for f in fields if f.id in form.writable and not field_type(f.type).from_system]


def _changes(request: Request, form: FormPage, fields: list[Field]) -> tuple[dict[str, Change], dict[str, str]]:
    """What was posted per field, and why a file was not received."""
    changes, refused = {}, {}
    for one in fields:
        try:
            changes[one.id] = change_of(request, form.view, one)
        except TillidError as error:
            refused[one.id] = message_of(request, error)
    return changes, refused


def _save(request: Request, form: FormPage, changes: dict[str, Change]) -> Saved:
    if not changes:
        return Saved(revisions={}, problems=(), clashes={})
    document_id = form.view.document.id
    return save_fields(request.house, request.person, document_id, changes, together_with=form.together_with or None)


def _as_error(problem) -> TillidError:
    """An answer's problem as the error whose text people see."""
    return TillidError("", code=problem.code, text=problem.text, **problem.params)


def _section_page(request: Request, form: FormPage, errors: dict[str, str] | None = None,
                  posted: dict[str, object] | None = None) -> Response:  # fmt: skip
    errors, posted = errors or {}, posted or {}
    section_id = request.matchdict["section"]
    one = next((s for s in form.sections if s.id == section_id), None)
    if one is None:
        raise NotFound("no such section for this reader")
    slots = [(f.id, form.field(f, error=errors.get(f.id, ""), posted=posted.get(f.id)) if met else None)
             for f, met in form.slots(section_id)]  # fmt: skip
    fields = [f for _, f in slots if f is not None]
    problems = [(f"f-{f.id}", f"{f.label}: {errors[f.id]}") for f in form.of_section(section_id) if f.id in errors]
    problems += [
        (
            f"f-{f.id}-clash",
            translate(
                "To har skrevet i »{label}« på samme tid. Vælg, hvilken tekst der skal stå.", language_of(request)
            ).format(label=f.label),
        )
        for f in fields
        if f.yours is not None
    ]
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
        number=[s.id for s in form.sections].index(section_id) + 1,
        before=form.neighbour(section_id, -1),
        editable=any(f.editable for f in fields),
        holders=holders_of(request, form.view.document) if form.view.for_parents else [],
        parents_part=any(f.id in form.view.for_parents for f in form.of_section(section_id)),
    )
