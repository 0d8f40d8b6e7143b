"""The sender's side around the form: a child's page, a document's page, review, preview, share, agree, ask, submit."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.consents.custody import Holder
from tillid.documents.model import Document
from tillid.forms.answers import answer_hints
from tillid.kernel.errors import Unavailable
from tillid.kernel.ids import is_id
from tillid.usecases.agree import confirm_agreement
from tillid.usecases.document_page import document_page
from tillid.usecases.fill import open_draft
from tillid.usecases.lists import child_page
from tillid.usecases.ports import House
from tillid.usecases.preview_document import preview_job
from tillid.usecases.request_consent import request_consent
from tillid.usecases.share_document import NotReady, share_document
from tillid.usecases.start_document import start_document
from tillid.usecases.submit_form import submit_form
from tillid.web.errors import answered
from tillid.web.i18n import _, translate
from tillid.web.pages import FormPage
from tillid.web.reading import pdf_response, read_pdf, reading
from tillid.web.render import language_of, page
from tillid.web.views import agree as parents_text
from tillid.web.views import parent


def child(request: Request) -> Response:
    """A child's documents, and what may be begun."""
    found = child_page(request.house, request.person, request.matchdict["child_id"])
    request.admitted = True
    return page(request, "child.html", found=found, crumbs=((found.child.name, ""),))


def start(request: Request) -> Response:
    """Begin a document and go to its first section."""
    round_id = request.POST.get("round", "")
    document = start_document(
        request.house,
        request.person,
        request.matchdict["child_id"],
        request.POST.get("form", ""),
        round_id=round_id if is_id(round_id) else None,
    )
    return HTTPSeeOther(location=request.route_path("fill_start", document_id=document.id))


def document(request: Request) -> Response:
    """Where the document stands and what can be done. Parents have pages of their own: one parent must not see the
    other's answer, presence or contact data (design 24)."""
    if request.person.kind == "parent":
        return parent.document(request)
    found = document_page(request.house, request.person, request.matchdict["document_id"])
    request.admitted = True
    return page(request, "document.html", found=found, names=_names(request), crumbs=trail(request, found.document, found.definition.title))


def progress(request: Request) -> Response:
    """Whether the newest version's copy is made (htmx asks until it is)."""
    found = document_page(request.house, request.person, request.matchdict["document_id"])
    return page(request, "progress.html", found=found, oob=True)


def review(request: Request) -> Response:
    """Everything to read, what is missing, and the next step."""
    if request.person.kind == "parent":
        return parents_text.text(request)
    return _review(request)


def _review(request: Request) -> Response:
    view = open_draft(request.house, request.person, request.matchdict["document_id"])
    request.admitted = True
    form = FormPage(request, view)
    found = document_page(request.house, request.person, view.document.id)
    sections = [(s, [form.field(f, reading=True) for f in form.of_section(s.id)]) for s in form.sections]
    labels = {f.id: f for f in form.definition.fields}

    def listed(problems):
        return [(labels[p.field_id].section if p.field_id in labels else "", p.field_id, p.message) for p in problems]

    hints = [p for p in answer_hints(form.definition, view.draft.answers) if p.field_id in view.visible]
    return page(request, "review.html", crumbs=trail(request, view.document, form.definition.title, _("Gennemse")), form=form, sections=sections, found=found, missing=listed(view.problems),
                hints=listed(hints), has_mitid=_has_mitid(request), clashes=[labels[f] for f, kept in view.draft.kept.items() if kept and f in labels])  # fmt: skip


def preview(request: Request) -> Response:
    """The parents' copy of the present draft. Nothing is stored; the connection rests while LibreOffice works, and the
    question is put again before the bytes leave."""
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        job = preview_job(house, request.person, document_id)
        request.refresh_house()
        return pdf_response(house.renderer.render(job).pdf, f"{job.document_number}-kladde.pdf")

    return reading(request, "share", document_id, build)


def share(request: Request) -> Response:
    """"Del med forældrene"."""
    return _done_or_review(request, lambda: share_document(request.house, request.person, request.matchdict["document_id"]))


def submit(request: Request) -> Response:
    """Lock the own trivselsskema."""
    return _done_or_review(request, lambda: submit_form(request.house, request.person, request.matchdict["document_id"]))


def agree(request: Request) -> Response:
    """"Enig tekst": agree to the very text that was on the page."""
    behalf = request.POST.get("behalf", "")
    return _done_or_review(
        request,
        lambda: confirm_agreement(
            request.house,
            request.person,
            request.matchdict["document_id"],
            request.POST.get("digest", ""),
            on_behalf_of=behalf if is_id(behalf) else None,
        ),
    )


def ask(request: Request) -> Response:
    """Ask all custody holders for consent to the agreed text."""
    document_id = request.matchdict["document_id"]
    request_consent(request.house, request.person, document_id, after=request.POST.get("after", ""))
    return _to_document(request)


def copy(request: Request) -> Response:
    """The team's copy of the newest version."""
    return read_pdf(request, "read_team_copy", request.matchdict["document_id"])


def trail(request: Request, about: Document, title: str, here: str = "") -> tuple[tuple[str, str], ...]:
    """The way back for the sender's side: child, document, page. Parents have their own pages and a link back."""
    if request.person.kind != "staff":
        return ()
    found = request.house.people.child(about.child_id)
    language = language_of(request)
    way = ((found.name if found else "", request.route_path("child", child_id=about.child_id)),)
    if not here:
        return (*way, (title, ""))
    return (*way, (title, request.route_path("document", document_id=about.id)), (translate(here, language), ""))


def holders_of(request: Request, about: Document) -> list[Holder]:
    """The present custody holders, for choosing in whose talk something is written; none when the register is silent."""
    try:
        return list(request.house.people.custody(about.child_id).current(request.moment))
    except Unavailable:
        return []


def _done_or_review(request: Request, action) -> Response:
    """Do it and show the document; when something is missing, the review says what, and nothing is done."""
    try:
        action()
    except NotReady:
        return answered(_review(request), 422)
    return _to_document(request)


def _to_document(request: Request) -> Response:
    return HTTPSeeOther(location=request.route_path("document", document_id=request.matchdict["document_id"]))


def _has_mitid(request: Request):
    """Person id → whether the parent can log in; who cannot answers through an employee (R-106)."""

    def has_mitid(person_id: str) -> bool:
        found = request.house.people.parent(person_id)
        return found is None or found.mitid

    return has_mitid


def _names(request: Request):
    """Person id → name, for pages of the sender's side."""

    def name(person_id: str) -> str:
        found = request.house.people.staff(person_id) or request.house.people.parent(person_id)
        return found.name if found else ""

    return name
