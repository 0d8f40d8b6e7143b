"""An answer on paper: the sheet to print, what one employee reads from it, and the second employee's yes (R-106)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.kernel.canonical import json_digest
from tillid.kernel.errors import NotFound
from tillid.usecases.give_consent import Unanswered, request_digest
from tillid.usecases.paper_answer import (
    OPERATION,
    PaperPage,
    WrongDay,
    confirm_paper,
    enter_paper,
    paper_page,
    paper_scan,
    reject_paper,
)
from tillid.usecases.paper_questions import LANGUAGE, Question, Sheet
from tillid.usecases.ports import House
from tillid.usecases.refused_files import Refused
from tillid.web.clicks import accept, issue
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _, translate
from tillid.web.reading import file_response, reading
from tillid.web.render import language_of, page
from tillid.web.uploads import scanned

ORAL = "oral"
YES_NO = {"ja": True, "nej": False}
SUFFIX = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
NO_SCAN = _("Vælg en fil med det scannede papir.")
NO_DAY = _("Skriv den dato, der står ved underskriften.")


def overview(request: Request) -> Response:
    """Whose answer can be given on paper, and what waits for a second employee."""

    def build(house: House) -> Response:
        found = paper_page(house, request.person, _document_id(request))
        nonces = {one.id: issue(request, one.id, _confirming(found.question)) for one in found.waiting}
        return page(request, "paper.html", found=found, nonces=nonces, done=request.GET.get("gjort", ""))

    return reading(request, OPERATION, _document_id(request), build)


def decide(request: Request) -> Response:
    """The second employee confirms or rejects; rejecting is also for who entered it by mistake."""
    found = paper_page(request.house, request.person, _document_id(request))
    request.admitted = True
    entry, step = request.POST.get("post", ""), request.POST.get("trin", "")
    if step not in ("bekraeft", "afvis"):
        raise HTTPNotFound()
    if entry not in {one.id for one in found.waiting}:
        return _back(request, "")  # the same click again, or a colleague was quicker: the list says how it stands
    if step == "afvis":
        reject_paper(request.house, request.person, found.document.id, entry)
        return _back(request, "afvist")
    event_id = accept(request, entry, _confirming(found.question), [])
    confirm_paper(request.house, request.person, found.document.id, entry, event_id=event_id)
    return _back(request, "bekraeftet")


def sheet(request: Request) -> Response:
    """The sheet of one holder, to print and to enter from."""

    def build(house: House) -> Response:
        found = paper_page(house, request.person, _document_id(request))
        return _sheet(request, found, {}, nonce=issue(request, _about(request, found), _entering(found.question)))

    return reading(request, OPERATION, _document_id(request), build)


def enter(request: Request) -> Response:
    """The first employee: everything answered, the day, the scan."""
    found = paper_page(request.house, request.person, _document_id(request))
    request.admitted = True
    if request.matchdict["holder_id"] in found.question.series.keys() - found.open.keys():
        return _back(request, "")  # as above
    about = _about(request, found)
    said, day = _posted(request, found.sheet), request.POST.get("dato", "")
    event_id = accept(request, about, _entering(found.question), [said, day])
    oral = said.get(ORAL)
    items = {one: yes for one, yes in said.items() if one != ORAL}
    problems = []
    try:
        signed_on = date.fromisoformat(day)
        scan = scanned(request.house, request.POST.get("scan"))
        if scan is None:
            problems.append(("scan", translate(NO_SCAN, language_of(request))))
        else:
            enter_paper(
                request.house, request.person, found.document.id, found.question.id, request.matchdict["holder_id"],
                items, oral=oral, signed_on=signed_on, scan=scan, event_id=event_id,
            )  # fmt: skip
    except ValueError:
        problems.append(("dato", translate(NO_DAY, language_of(request))))
    except Unanswered as error:
        tell = translate(_("Svar ja eller nej: {title}"), language_of(request))
        problems += [(place, tell.format(title=title)) for place, title in _missing(request, found.sheet, error.items)]
    except WrongDay as error:
        problems.append(("dato", message_of(request, error)))
    except Refused as error:
        problems.append(("scan", message_of(request, error)))
    if not problems:
        return _back(request, "indtastet")
    return answered(_sheet(request, found, said, nonce=request.POST["nonce"], day=day, problems=problems), 422)


def scan(request: Request) -> Response:
    """The scanned sheet, for the second employee."""

    def build(house: House) -> Response:
        data, media_type = paper_scan(house, request.person, _document_id(request), request.matchdict["entry_id"])
        return file_response(data, media_type, f"papir-{request.matchdict['entry_id']}.{SUFFIX[media_type]}")

    return reading(request, OPERATION, _document_id(request), build)


def _sheet(
    request: Request, found: PaperPage, said: dict[str, bool], *, nonce: str, day: str = "", problems: list = ()
) -> Response:
    holder = request.matchdict["holder_id"]
    return page(
        request,
        "paper_sheet.html",
        found=found,
        holder=holder,
        name=found.open[holder],
        text=found.texts[holder],
        said=said,
        day=day,
        nonce=nonce,
        problems=problems,
    )


def _missing(request: Request, asked: Sheet, items: Collection[str]) -> list[tuple[str, str]]:
    """The inputs of the rows without an answer, with what each row asks."""
    language = language_of(request)
    rows = [
        (f"svar-{number}", row.id, row.title or _("Mødets formål")) for number, row in enumerate(asked.rows, start=1)
    ]
    rows.append(("svar-mundtligt", ORAL, _("Må også fortælles mundtligt")))
    return [(place, translate(title, language)) for place, row, title in rows if row in items]


def _posted(request: Request, asked: Sheet) -> dict[str, bool]:
    """Row (and ``oral``) → yes or no; anything but ja and nej is no answer."""
    wanted = [row.id for row in asked.rows] + ([ORAL] if asked.oral_asked else [])
    return {one: YES_NO[said] for one in wanted if (said := request.POST.get(f"svar.{one}", "")) in YES_NO}


def _about(request: Request, found: PaperPage) -> str:
    holder = request.matchdict["holder_id"]
    if holder not in found.open:
        raise NotFound("no answer is missing from that person")
    return f"{found.question.id}.{holder}"


def _entering(asked: Question) -> str:
    return json_digest({"question": request_digest(asked, LANGUAGE), "act": "enter_paper"})


def _confirming(asked: Question) -> str:
    return json_digest({"question": request_digest(asked, LANGUAGE), "act": "confirm_paper"})


def _back(request: Request, done: str) -> Response:
    return HTTPSeeOther(location=request.route_path("paper", document_id=_document_id(request)) + f"?gjort={done}")


def _document_id(request: Request) -> str:
    return request.matchdict["document_id"]
