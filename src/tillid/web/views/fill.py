"""Station 2: fill a draft section by section. Every change is saved by itself (``views/field.py``); the whole section on
"Gem og gå videre", and with every button that does more, so that nothing typed is lost without JavaScript either."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms.fieldtypes import field_type
from tillid.usecases.next_child import children_left
from tillid.usecases.ports import House
from tillid.usecases.save_fields import undo_change
from tillid.usecases.start_document import start_document
from tillid.web.errors import answered
from tillid.web.filling import (
    after,
    opened,
    opened_to_write,
    override_posted,
    posted_fields,
    saved_as_posted,
    section_page,
)
from tillid.web.pages import FormPage
from tillid.web.reading import reading
from tillid.web.returning import forget_after
from tillid.web.rows import RowStep, focus_after, row_step


def first(request: Request) -> Response:
    """The first section in which the person has something to write, or could write for a parent in a talk."""

    def build(house: House) -> Response:
        form = opened(request)
        for mine in (form.writable, form.view.for_parents):
            if own := [f.section for f in form.fields if f.id in mine and not field_type(f.type).from_system]:
                return HTTPSeeOther(location=form.address("fill", section=own[0]))
        return HTTPSeeOther(location=form.address("fill", section=form.sections[0].id))

    return reading(request, "see_draft", request.matchdict["document_id"], build)


def section(request: Request) -> Response:
    """One section, ready to write in."""
    document_id = request.matchdict["document_id"]
    return reading(request, "see_draft", document_id, lambda house: section_page(request, opened(request)))


def save_section(request: Request) -> Response:
    """Save what was posted; go on, or show what is wrong with nothing typed lost."""
    form, asked = opened_to_write(request), request.POST.get("do", "")
    section_id, step = request.matchdict["section"], row_step(asked)
    undone = asked.removeprefix("undo.") if asked.startswith("undo.") else ""
    fields = [f for f in posted_fields(request, form, section_id) if f.id != undone]
    saved, errors, changes = saved_as_posted(request, form, fields, step)
    go = request.POST.get("go", "")
    if errors or (saved.clashes and go != "switch"):
        posted = {field_id: changes[field_id].value for field_id in errors if field_id in changes}
        # The page shows what was right as saved, and both texts of a clash: so they must be.
        return answered(section_page(request, opened(request), errors=errors, posted=posted), 422, keeps=True)
    if undone:
        undo_change(
            request.house, request.person, form.view.document.id, undone, together_with=form.together_with or None
        )
    # A reason typed beside a warning is kept whichever button was pressed.
    for name in [name for name in request.POST if name.startswith("why.")]:
        override_posted(request, form.view.document.id, name.removeprefix("why."))
    here = form.address("fill", section=section_id)
    if asked.startswith("override."):
        return HTTPSeeOther(location=here)
    if undone or step:
        return HTTPSeeOther(location=f"{here}#{_focus(request, form, saved, step) if step else f'f-{undone}-undo'}")
    if go == "switch":
        return forget_after(request, HTTPSeeOther(location=f"{request.route_path('login')}?til={here.split('?')[0]}"))
    if go == "next_child":
        return HTTPSeeOther(location=_next_child(request, form) or form.address("review"))
    if go == "stay":
        return HTTPSeeOther(location=here)
    following = form.neighbour(section_id, 1)
    return HTTPSeeOther(location=form.address("fill", section=following) if following else form.address("review"))


def _next_child(request: Request, form: FormPage) -> str:
    """The form of the next child of the round, begun if it is not; empty when none is left."""
    document = form.view.document
    left = children_left(request.house, request.person, document)
    if not left:
        return ""
    following = start_document(
        request.house, request.person, left[0].id, document.definition.form_id, round_id=document.round_id
    )
    return request.route_path("fill_start", document_id=following.id)


def _focus(request: Request, form: FormPage, saved, step: RowStep) -> str:  # type: ignore[no-untyped-def]
    now = after(request, form, saved)
    one = now.definition.field(step.field)
    return focus_after(step, one, len(now.view.draft.answers.get(one.id) or ()))
