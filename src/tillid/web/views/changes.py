"""What changed between two versions of a text, on a page of its own and as a PDF: the sender's side, and each parent alone."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.change_pdf import changes_progress, changes_state, make_changes, open_changes
from tillid.usecases.compare_versions import compare_versions, reading_operation
from tillid.usecases.ports import House
from tillid.web.i18n import _
from tillid.web.made import page_of
from tillid.web.numbers import version_asked, whole
from tillid.web.reading import pdf_response, reading
from tillid.web.render import language_of, page

KINDS = {
    "added": _("Ny tekst"),
    "removed": _("Fjernet"),
    "changed": _("Ændret"),
    "spaced": _("Kun mellemrum eller linjeskift er ændret"),
    "asked": _("Spørgsmålet er ændret, svaret er det samme"),
}


def changes(request: Request) -> Response:
    """``?fra=1&til=2`` chooses the versions; without them the two newest."""

    def build(house: House) -> Response:
        found = compare_versions(house, request.person, _id(request), *_asked(request), language_of(request))
        back = "document" if request.person.kind == "staff" else "parent_document"
        state = changes_state(house, request.person, found)
        return page_of(request, "changes.html", found=found, kinds=KINDS, back=back, state=state)

    return reading(request, reading_operation(request.person), _id(request), build)


def make(request: Request) -> Response:
    """ "Lav som PDF"."""
    before, after = (whole(request.POST.get(name), 4) for name in ("fra", "til"))
    if not before or not after:
        raise HTTPNotFound()
    make_changes(request.house, request.person, _id(request), before, after)
    address = request.route_path("changes", document_id=_id(request), _query={"fra": before, "til": after})
    return HTTPSeeOther(location=f"{address}#pdf")


def progress(request: Request) -> Response:
    """How far it is (htmx asks until it is made)."""

    def build(house: House) -> Response:
        found, state = changes_progress(house, request.person, _id(request), *_asked(request))
        return page(request, "changes_pdf.html", found=found, state=state)

    return reading(request, reading_operation(request.person), _id(request), build)


def pdf(request: Request) -> Response:
    """The comparison as a PDF, for who had it made."""

    def build(house: House) -> Response:
        found, data = open_changes(house, request.person, _id(request), *_asked(request))
        name = f"{found.document.number}-v{found.before.number}-v{found.after.number}.pdf"
        return pdf_response(data, name, download="hent" in request.GET)

    return reading(request, reading_operation(request.person), _id(request), build)


def _asked(request: Request) -> tuple[int | None, int | None]:
    return version_asked(request, "fra"), version_asked(request, "til")


def _id(request: Request) -> str:
    return request.matchdict["document_id"]
