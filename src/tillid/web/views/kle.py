"""The municipality's KLE marks: the table in use, sending in another, and taking it in use (R-81, R-82). About nobody."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.archive.kle import MOST_BYTES, MOST_TOLD
from tillid.kernel.errors import TillidError
from tillid.usecases.kle_marks import KleSamePerson, KleWrong, discard_kle, kle_page, propose_kle, use_kle
from tillid.web import keeping_words as said
from tillid.web.archive_words import name_of
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _
from tillid.web.render import page

FAULT = {
    "encoding": _("Filen er ikke gemt som UTF-8."),
    "columns": _("Kolonnerne skal være emne, facet, bevaring og kilde, med semikolon eller komma imellem."),
    "size": _("Filen er for stor, eller der er for mange fejl."),
    "subject": _("Emnet skrives som 17.00.00, 17.00 eller 17."),
    "facet": _("Facetten skrives som G01 eller G."),
    "neither": _("Der mangler både emne og facet."),
    "mark": _("Bevaring skal være bevares, kasseres eller uafklaret."),
    "source": _("Kilden mangler, er længere end 200 tegn eller ligner et CPR-nummer."),
    "twice": _("Emnet og facetten står i filen før."),
    "empty": _("Der er ingen linjer i filen."),
}


def kle(request: Request) -> Response:
    """What is in use, and what waits."""
    return _page(request)


def change(request: Request) -> Response:
    """``do`` says which: ``send``, ``use`` or ``discard``."""
    house, who, do = request.house, request.person, request.POST.get("do", "")
    kle_page(house, who)
    request.admitted = True
    digest = request.POST.get("digest", "")[:64]
    try:
        if do == "send":
            posted = request.POST.get("fil")
            propose_kle(house, who, posted.file.read(MOST_BYTES + 1) if hasattr(posted, "file") else b"")
        elif do == "use":
            use_kle(house, who, digest)
        elif do == "discard":
            discard_kle(house, who, digest)
        else:
            raise HTTPNotFound()
    except (KleWrong, KleSamePerson) as error:
        return answered(_page(request, error), 422)
    return HTTPSeeOther(location=request.route_path("kle"))


def _page(request: Request, error: TillidError | None = None) -> Response:
    house, found = request.house, kle_page(request.house, request.person)
    request.admitted = True
    problems = [("fil" if isinstance(error, KleWrong) else "", message_of(request, error))] if error else []
    wrong: tuple[Any, ...] = error.wrong if isinstance(error, KleWrong) else ()
    return page(request, "kle.html", found=found, problems=problems, wrong=wrong, faults=FAULT, said=said, most=MOST_TOLD,
                name_of=lambda person: name_of(house, person))  # fmt: skip
