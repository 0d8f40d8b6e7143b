"""One field by itself: autosave, undo and rows (with JavaScript), and the choice between two texts."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.save_fields import undo_change
from tillid.usecases.settle_clash import settle_clash
from tillid.web.filling import (
    NOTHING_SAVED,
    after,
    opened_to_write,
    override_posted,
    posted_fields,
    saved_as_posted,
    writable,
)
from tillid.web.i18n import _, translate
from tillid.web.pages import FormPage
from tillid.web.render import language_of, page
from tillid.web.rows import SAID, focus_after, row_step

APPEARED = _("Der er kommet et felt mere: {label}")


def save(request: Request) -> Response:
    """Autosave of one field: its state line, its new revision, and whatever changed around it, each part with the id of
    what it takes the place of (``static/tillid/parts.js``)."""
    form, asked = opened_to_write(request), request.POST.get("do", "")
    one = next((f for f in writable(form, form.definition.fields) if f.id == request.matchdict["field"]), None)
    if one is None:
        raise HTTPNotFound()
    step, more = row_step(asked), {}
    if asked == f"undo.{one.id}":
        saved = undo_change(request.house, request.person, form.view.document.id, one.id, together_with=form.together_with or None)  # fmt: skip
        errors: dict[str, str] = {}
        done = bool(saved.revisions)
        more = {"focus": f"f-{one.id}-undo", "said": _("Din seneste ændring er taget tilbage.") if done else _("Der er ikke noget at fortryde.")}  # fmt: skip
    elif asked.startswith("override."):
        saved, errors = NOTHING_SAVED, {}
        if override_posted(request, form.view.document.id, asked.removeprefix("override.")):
            more = {"focus": f"f-{one.id}", "said": _("Begrundelsen er gemt.")}
        else:
            more = {"focus": f"why-{asked.removeprefix('override.')}", "said": _("Skriv en begrundelse først.")}
    else:
        saved, errors, _changes = saved_as_posted(request, form, [one], step)
    now, error = after(request, form, saved), errors.get(one.id, "")
    if step is not None and not error:
        more = {"focus": focus_after(step, one, len(now.view.draft.answers.get(one.id) or ())), "said": SAID[step.kind]}
    # After a file the field on the page is another one: the file is linked and the input empty again.
    files = any(getattr(value, "filename", None) for value in request.POST.values())
    redrawn = bool(more) or files or any(name.endswith(".remove") for name in request.POST)
    return _parts(request, form, now, one, error=error, clash=one.id in saved.clashes, voided=saved.agreement_voided,
                  redrawn=redrawn and not error, **more)  # fmt: skip


def _parts(request: Request, before: FormPage, now: FormPage, one: Any, *, error: str, **more: Any) -> Response:
    """The answer; fields of the section that a condition brought or took come and go with it."""
    known = {w.rule.id for warned in before.warnings.values() for w in warned}
    new = [w.rule.text for warned in now.warnings.values() for w in warned if w.rule.id not in known]
    appeared = [f for f in now.of_section(one.section) if f.id not in {g.id for g in before.fields}]
    new += [translate(APPEARED, language_of(request)).format(label=f.label) for f in appeared]
    has = {f.id for f in now.fields}
    return page(
        request,
        "field_saved.html",
        f=now.field(one, error=error),
        form=now,
        error=error,
        appeared=[now.field(f) for f in [*appeared, *_worked_out_anew(before, now)]],
        gone=[f.id for f in before.of_section(one.section) if f.id not in has],
        section=one.section,
        steps=now.steps(one.section),
        missing=now.missing(one.section),
        moment=request.moment,
        **{"focus": "", "said": " ".join(new)} | more,
    )


def _worked_out_anew(before: FormPage, now: FormPage) -> list[Any]:
    """Computed fields, in any section of the page, whose value the change has changed."""
    was, answers = before.view.draft.answers, now.view.draft.answers
    known = {f.id for f in before.fields}
    return [f for f in now.fields if f.computed is not None and f.id in known and was.get(f.id) != answers.get(f.id)]


def settle(request: Request) -> Response:
    """Choose which of two texts stands; what else was typed in the section is saved with it."""
    keep, field_id = request.POST.get("keep", ""), request.matchdict["field"]
    if keep not in ("theirs", "yours"):
        raise HTTPNotFound()
    form = opened_to_write(request)
    section = next((f.section for f in form.definition.fields if f.id == field_id), form.sections[0].id)
    saved_as_posted(request, form, [f for f in posted_fields(request, form, section) if f.id != field_id])
    settle_clash(request.house, request.person, request.matchdict["document_id"], field_id, keep=keep)
    return HTTPSeeOther(location=form.address("fill", section=section) + f"#f-{field_id}")
