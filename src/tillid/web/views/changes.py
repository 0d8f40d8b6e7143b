"""What changed between two versions of a text, on a page of its own: the sender's side, and each parent alone."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.compare_versions import compare_versions, reading_operation
from tillid.usecases.ports import House
from tillid.web.i18n import _
from tillid.web.made import page_of
from tillid.web.numbers import version_asked
from tillid.web.reading import reading
from tillid.web.render import language_of

KINDS = {
    "added": _("Ny tekst"),
    "removed": _("Fjernet"),
    "changed": _("Ændret"),
}


def changes(request: Request) -> Response:
    """``?fra=1&til=2`` chooses the versions; without them the two newest."""
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        before, after = version_asked(request, "fra"), version_asked(request, "til")
        found = compare_versions(house, request.person, document_id, before, after, language_of(request))
        back = "parent_document" if request.person.kind == "parent" else "document"
        return page_of(request, "changes.html", found=found, kinds=KINDS, back=back)

    return reading(request, reading_operation(request.person), document_id, build)
