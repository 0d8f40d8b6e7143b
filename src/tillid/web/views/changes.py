"""What changed between two versions of a text, on a page of its own: the sender's side, and each parent alone."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.errors import NotFound
from tillid.usecases.compare_versions import compare_versions, reading_operation
from tillid.usecases.ports import House
from tillid.web.i18n import _
from tillid.web.made import page_of
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
        before, after = number_in(request, "fra"), number_in(request, "til")
        found = compare_versions(house, request.person, document_id, before, after, language_of(request))
        back = "parent_document" if request.person.kind == "parent" else "document"
        return page_of(request, "changes.html", found=found, kinds=KINDS, back=back)

    return reading(request, reading_operation(request.person), document_id, build)


def number_in(request: Request, name: str) -> int | None:
    """A small number in the address; raises ``NotFound`` for anything else that stands there."""
    wanted = request.GET.get(name, "")
    if not wanted:
        return None
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 5 and int(wanted)):
        raise NotFound("no such version")
    return int(wanted)
