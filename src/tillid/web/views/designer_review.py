"""The second person reads what is different, looks at the form and the checks, and publishes it or sends it back."""

from __future__ import annotations

from collections.abc import Sequence

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms.designs import PublishedForm
from tillid.kernel.clock import local_day
from tillid.usecases.review_form import ReasonMissing, open_review, publish_design, reject_design
from tillid.web.designing import back, design_page, line_of, revision_of, text_of
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _
from tillid.web.views.designer import names_of_staff

SIGNS = {"added": "+", "removed": "−", "changed": "~", "renamed": "→"}
KINDS = {
    "added": _("er ny"),
    "removed": _("er fjernet"),
    "changed": _("er ændret"),
    "renamed": _("har et andet navn"),
}


def review(request: Request) -> Response:
    """The difference from the base, the checks, and (for the second person) the decision."""
    return _page(request)


def _page(request: Request, problems: Sequence[tuple[str, str]] = ()) -> Response:
    found = open_review(request.house, request.person, request.matchdict["design_id"])
    request.admitted = True
    return design_page(request, "design_review.html", found.opened, _("Hvad er ændret?"), found=found, signs=SIGNS,
                       kinds=KINDS, people=names_of_staff(request), today=local_day(request.moment).isoformat(),
                       problems=problems)  # fmt: skip


def decide(request: Request) -> Response:
    """ "Udgiv" or "Send tilbage"."""
    house, who, design_id = request.house, request.person, request.matchdict["design_id"]
    action, comment = request.POST.get("do"), text_of(request, "comment", 2000)
    if action == "publish":
        form = publish_design(house, who, design_id, revision_of(request), line_of(request, "usable_from", 10), comment)
        place = form.form if isinstance(form, PublishedForm) else "tilfoejelser"
        return HTTPSeeOther(location=request.route_path("designs") + f"#{place}")
    if action == "reject":
        try:
            return back(request, reject_design(house, who, design_id, revision_of(request), comment), "udkast")
        except ReasonMissing as error:
            return answered(_page(request, [("comment", message_of(request, error))]), 422)
    raise HTTPNotFound()
