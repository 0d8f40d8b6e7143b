"""Station 4 for a parent: read the whole text, confirm words written in a talk, say "enig tekst", disagree, or decline.

None of it is a consent, and every page says so (R-23).
"""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms.problems import AnswerProblem
from tillid.kernel.errors import NotFound, TillidError
from tillid.usecases.acknowledge_text import acknowledge_text
from tillid.usecases.agree import WordsNotConfirmed, confirm_agreement, decline_transition
from tillid.usecases.confirm_words import confirm_words
from tillid.usecases.facts import Conflict, facts_of
from tillid.usecases.fill import DraftView, definition_of
from tillid.usecases.parent_view import document_for_parent, parent_document
from tillid.usecases.read_text import ReadText, read_draft, words_for_holder
from tillid.usecases.save_fields import Change, save_fields
from tillid.usecases.share_document import NotReady
from tillid.web.errors import answered, message_of
from tillid.web.i18n import _, translate
from tillid.web.numbers import whole
from tillid.web.reading import reading
from tillid.web.render import file_address, language_of, page

REMARK = "uenig_bem"


def text(request: Request) -> Response:
    """The whole text of both sides as it stands now, and the question whether the parent agrees."""
    document_id = request.matchdict["document_id"]
    return reading(request, "agree", document_id, lambda house: _text_page(request))


def agree(request: Request) -> Response:
    """ "Jeg er enig" to the very words that were on the page, or a remark on what the parent does not agree to."""
    document_id = request.matchdict["document_id"]
    if request.POST.get("trin") == "bemaerkning":
        return _remark(request)
    try:
        state = confirm_agreement(request.house, request.person, document_id, request.POST.get("digest", ""))
    except (NotReady, WordsNotConfirmed, Conflict) as error:
        # Shown with the text as it is now, so that the parent reads what is to be agreed to.
        return answered(
            _text_page(request, problems=_problems(request, error)), 409 if isinstance(error, Conflict) else 422
        )
    request.admitted = True
    return HTTPSeeOther(location=_document(request) + ("?enige" if not state.missing else "?enig"))


def _problems(request: Request, error: TillidError) -> list[tuple[str, str]]:
    """One line; what each side still has to write is shown on the page itself."""
    del_ = getattr(error, "problems", ())
    if del_ and all(problem.field_id not in _own_fields(request) for problem in del_):
        return [
            (
                "",
                translate(
                    _("Institutionen mangler at skrive noget, før teksten kan låses. Prøv igen senere."),
                    language_of(request),
                ),
            )
        ]
    return [("", message_of(request, error))]


def _own_fields(request: Request) -> frozenset[str]:
    return _opened(request)[0].mine


def _remark(request: Request) -> Response:
    """What the parent does not agree to, beside the text; it is part of what is agreed to and passed on."""
    view, _read = _opened(request)
    text_ = request.POST.get("bemaerkning", "")
    base = view.draft.fields[REMARK].revision if REMARK in view.draft.fields else 0
    seen = whole(request.POST.get("base"), 8)
    change = Change(value=text_ or None, base=base if seen is None else seen)
    saved = save_fields(request.house, request.person, view.document.id, {REMARK: change})
    if saved.problems:
        found = [("bemaerkning", _message(request, problem)) for problem in saved.problems]
        return answered(_text_page(request, problems=found, remark=text_), 422)
    if saved.clashes:
        place = definition_of(request.house, view.document).field(REMARK).section
        return HTTPSeeOther(location=request.route_path("fill", document_id=view.document.id, section=place))
    return HTTPSeeOther(location=request.route_path("parent_agree", document_id=view.document.id) + "?gemt#bemaerkning")


def _message(request: Request, problem: AnswerProblem) -> str:
    return translate(problem.text, language_of(request)).format(**problem.params)


def _opened(request: Request) -> tuple[DraftView, ReadText]:
    return read_draft(request.house, request.person, request.matchdict["document_id"], language_of(request))


def acknowledge(request: Request) -> Response:
    """ "Jeg har læst det": that very version, and nothing more."""
    seen = whole(request.POST.get("udgave"), 4)
    if seen is None:
        raise NotFound("no such version")
    acknowledge_text(request.house, request.person, request.matchdict["document_id"], seen)
    request.admitted = True
    return HTTPSeeOther(location=_document(request) + "?laest")


def _text_page(
    request: Request, *, problems: list[tuple[str, str]] | None = None, remark: str | None = None
) -> Response:
    view, read = _opened(request)
    if not view.access.way.agreed:
        raise NotFound("nothing to agree on")
    request.admitted = True
    found = document_for_parent(request.house, request.person, view.document, facts_of(request.house, view.document))
    field = definition_of(request.house, view.document).field(REMARK)
    kept = view.draft.fields.get(REMARK)
    return page(
        request,
        "agree.html",
        view=view,
        read=read,
        found=found,
        problems=problems or [],
        remark=remark if remark is not None else (kept.value if kept else "") or "",
        remark_base=kept.revision if kept else 0,
        remark_max=int(field.settings.get("max", 0)),
        may_remark=REMARK in view.mine,
        file_at=file_address(request, "attachment", document_id=view.document.id),
        saved="gemt" in request.GET,
    )


def words(request: Request) -> Response:
    """What a professional wrote for this parent in a talk."""
    document_id = request.matchdict["document_id"]
    return reading(request, "see_draft", document_id, lambda house: _words_page(request))


def confirm(request: Request) -> Response:
    """ "Det er mine ord": the words that were on the page, no others."""
    view, _read = _opened(request)
    if view.text_digest != request.POST.get("digest", ""):
        return answered(_words_page(request, problems=[("", message_of(request, Conflict("words changed")))]), 409)
    confirm_words(request.house, request.person, view.document.id)
    return HTTPSeeOther(location=_document(request) + "?bekraeftet")


def _words_page(request: Request, *, problems: list[tuple[str, str]] | None = None) -> Response:
    view, _read = _opened(request)
    request.admitted = True
    found = words_for_holder(request.house, request.person, view, language_of(request))
    return page(request, "parent_words.html", view=view, found=found, problems=problems or [])


def decline_form(request: Request) -> Response:
    """Are you sure? What it means, before it is done (O14)."""
    document_id = request.matchdict["document_id"]

    def build(house) -> Response:
        return page(request, "decline.html", found=parent_document(house, request.person, document_id))

    return reading(request, "decline", document_id, build)


def decline(request: Request) -> Response:
    """No overgangsbeskrivelse: respected at once."""
    decline_transition(request.house, request.person, request.matchdict["document_id"])
    request.admitted = True
    return HTTPSeeOther(location=_document(request) + "?fravalgt")


def _document(request: Request) -> str:
    return request.route_path("parent_document", document_id=request.matchdict["document_id"])
