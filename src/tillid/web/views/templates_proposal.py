"""A proposed template: what the linter found, the pages before and now, whose answers each copy holds, and the decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.documents.templates import DOCX, PDF, PNG, Finding, filled, part_place
from tillid.usecases.change_template import OpenedProposal, open_proposal, proposal_file
from tillid.usecases.review_template import (
    NoReason,
    discard_template,
    proposal_mark,
    publish_template,
    reject_template,
    submit_template,
    try_again,
)
from tillid.web.designing import READERS, text_of
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _, translate
from tillid.web.reading import file_response, pdf_response
from tillid.web.render import language_of, page
from tillid.web.views.designer import names_of_staff
from tillid.web.views.templates import STATE, STATE_KIND, trail

LEVEL = {"error": _("Fejl"), "warning": _("Advarsel"), "note": _("Oplysning")}
LEVEL_KIND = {"error": "error", "warning": "warning", "note": "info"}
# In the order they are shown.
SAMPLE = {
    "typical": _("Almindeligt eksempel"),
    "short": _("Kort eksempel"),
    "full": _("Helt fyldt eksempel"),
    "empty": _("Næsten tomt eksempel"),
}


def finding_words(language: str) -> tuple[Callable[[Finding], str], Callable[[Finding], str]]:
    """What a finding says and where it is, in the reader's language."""

    def said(one: Finding) -> str:
        values = {name: translate(value, language) if name == "what" else value for name, value in one.values.items()}
        return filled(translate(one.text, language), values)

    def place(one: Finding) -> str:
        if not one.part:
            return translate(_("filen"), language)
        where = translate(part_place(one.part), language)
        text = translate(_("{where}, afsnit {number}"), language)
        return filled(text, {"where": where, "number": str(one.paragraph)}) if one.paragraph else where

    return said, place


def proposal(request: Request) -> Response:
    """All of it, for whoever sent it in and for the second person."""
    return _page(request, _opened(request))


def _page(
    request: Request, found: OpenedProposal, problems: Sequence[tuple[str, str]] = (), comment: str = ""
) -> Response:
    one = found.proposal
    title = f"{found.definition.title}, version {found.definition.version}"
    here = request.route_path("template", form=one.form, version=one.version)
    crumbs = trail(request, (title, here), (_("Ny skabelon"), ""))
    samples = sorted(one.trial.samples, key=lambda sample: list(SAMPLE).index(sample.state))
    said, place = finding_words(language_of(request))
    labels = {field.id: field.label for field in found.definition.fields}
    return page(request, "template_proposal.html", found=found, proposal=one, title=title, crumbs=crumbs, samples=samples,
                labels=labels, mark=proposal_mark(one), people=names_of_staff(request), states=STATE,
                state_kinds=STATE_KIND, levels=LEVEL, level_kinds=LEVEL_KIND, sample_names=SAMPLE, readers=READERS,
                said=said, place=place, problems=problems, comment=comment)  # fmt: skip


def progress(request: Request) -> Response:
    """How far the samples are (htmx asks until they are made; then the whole page is loaded anew)."""
    found = _opened(request)
    response = page(request, "template_progress.html", found=found, proposal=found.proposal)
    if not found.working:
        response.headers["HX-Refresh"] = "true"
    return response


def decide(request: Request) -> Response:
    """Each button says which step by ``do``."""
    house, who, name = request.house, request.person, request.matchdict["proposal_id"]
    found = _opened(request)
    seen = str(request.POST.get("seen", ""))[:40]
    action = request.POST.get("do")
    if action == "publish":
        publish_template(house, who, name, seen)
        address = request.route_path("template", form=found.proposal.form, version=found.proposal.version)
        return HTTPSeeOther(location=address)
    if action == "reject":
        comment = text_of(request, "comment", 2000)
        try:
            reject_template(house, who, name, seen, comment)
        except NoReason as error:
            return answered(_page(request, found, [("comment", message_of(request, error))], comment), 422)
    elif action in _STEPS:
        _STEPS[action](house, who, name, seen)
    else:
        raise HTTPNotFound()
    return HTTPSeeOther(location=request.route_path("proposal", proposal_id=name))


def file(request: Request) -> Response:
    """The template itself, a sample as PDF, or a page's picture."""
    found = _opened(request)
    digest = request.matchdict["digest"]
    data, kind = proposal_file(request.house, request.person, found.proposal.id, digest)
    stem = f"{found.proposal.form.replace('_', '-')}-v{found.proposal.version}-{digest[:8]}"
    if kind == PDF:
        return pdf_response(data, f"{stem}.pdf")
    return file_response(data, kind, f"{stem}.{'docx' if kind == DOCX else 'png'}", download=kind != PNG)


_STEPS = {"submit": submit_template, "try": try_again, "discard": discard_template}


def _opened(request: Request) -> OpenedProposal:
    found = open_proposal(request.house, request.person, request.matchdict["proposal_id"])
    request.admitted = True
    return found
