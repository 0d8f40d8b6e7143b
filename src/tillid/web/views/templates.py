"""The templates of the documents: which one each form version is printed with, the file to change, and sending one in (ADR 0033)."""

from __future__ import annotations

from collections.abc import Sequence

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.documents.templates import DOCX, Proposal
from tillid.usecases.change_template import (
    MOST_BYTES,
    NoDocument,
    NoFile,
    SameAsInUse,
    TooLarge,
    open_template,
    present_file,
    propose_earlier,
    templates_overview,
    upload_template,
)
from tillid.usecases.refused_files import Refused
from tillid.usecases.running_state import require_administrator
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _
from tillid.web.numbers import whole
from tillid.web.reading import file_response
from tillid.web.render import page
from tillid.web.uploads import safe_name
from tillid.web.views.designer import names_of_staff

STATE = {
    "faulty": _("Fejl i filen"),
    "draft": _("Ny, ikke godkendt"),
    "in_review": _("Til godkendelse"),
    "published": _("Taget i brug"),
    "rejected": _("Sendt tilbage"),
    "discarded": _("Lagt væk"),
}
STATE_KIND = {"faulty": "error", "draft": "", "in_review": "info", "published": "success", "rejected": "warning", "discarded": ""}  # fmt: skip
MOST_NAME = 200
UNFIT = (NoFile, TooLarge, NoDocument, SameAsInUse, Refused)  # what is wrong with a file that somebody sends in


def overview(request: Request) -> Response:
    """Every form version with its template."""
    found = templates_overview(request.house, request.person)
    request.admitted = True
    forms: dict[str, list] = {}
    for one in found:
        forms.setdefault(one.definition.id, []).append(one)
    crumbs = ((_("Drift"), request.route_path("admin")), (_("Skabeloner"), ""))
    return page(request, "templates.html", forms=forms, people=names_of_staff(request), crumbs=crumbs, states=STATE,
                state_kinds=STATE_KIND)  # fmt: skip


def template(request: Request) -> Response:
    """The template of one form version, its history, and the way to change it."""
    return _page(request)


def _page(request: Request, problems: Sequence[tuple[str, str]] = ()) -> Response:
    found = open_template(request.house, request.person, *_version(request))
    request.admitted = True
    title = f"{found.now.definition.title}, version {found.now.definition.version}"
    return page(request, "template.html", found=found, now=found.now, title=title, people=names_of_staff(request),
                crumbs=trail(request, (title, "")), states=STATE, state_kinds=STATE_KIND, megabytes=MOST_BYTES // 1_000_000,
                problems=problems)  # fmt: skip


def propose(request: Request) -> Response:
    """A file that somebody sends in, or one that was in use before."""
    house, who = request.house, request.person
    require_administrator(who)
    request.admitted = True
    form, version = _version(request)
    if request.POST.get("do") == "upload":
        name, data = _file(request)
        try:
            return _to(request, upload_template(house, who, form, version, name, data))
        except UNFIT as error:
            return answered(_page(request, [("file", message_of(request, error))]), 422)
    number = whole(request.POST.get("number"), 6)
    if request.POST.get("do") != "again" or number is None:
        raise HTTPNotFound()
    return _to(request, propose_earlier(house, who, form, version, number))


def present(request: Request) -> Response:
    """The docx in use now, to change it."""
    form, version = _version(request)
    data = present_file(request.house, request.person, form, version)
    return file_response(data, DOCX, f"{form.replace('_', '-')}-v{version}.docx")


def trail(request: Request, *more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The way from the administrator's front page to here."""
    return ((_("Drift"), request.route_path("admin")), (_("Skabeloner"), request.route_path("templates")), *more)


def _version(request: Request) -> tuple[str, int]:
    return request.matchdict["form"], int(request.matchdict["version"])


def _to(request: Request, proposal: Proposal) -> HTTPSeeOther:
    return HTTPSeeOther(location=request.route_path("proposal", proposal_id=proposal.id))


def _file(request: Request) -> tuple[str, bytes]:
    posted = request.POST.get("file")
    if not hasattr(posted, "file"):
        return "", b""
    # One more than is taken: the use case says that it is too large.
    return safe_name(posted.filename[-MOST_NAME:], ".docx"), posted.file.read(MOST_BYTES + 1)
