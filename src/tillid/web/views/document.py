"""The sender's side around the form: a child's page, a document's page, review, preview, share, agree, ask, submit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.consents.custody import Holder
from tillid.documents.model import Document
from tillid.documents.rendering import RenderField
from tillid.forms.answers import answer_hints
from tillid.forms.definition import Field
from tillid.forms.problems import AnswerProblem
from tillid.forms.wording import PROTECTED, Hint, settings_of
from tillid.kernel.errors import Unavailable
from tillid.kernel.ids import is_id
from tillid.process.access import is_notification
from tillid.process.sharing import steps
from tillid.usecases.agree import confirm_agreement
from tillid.usecases.document_page import WAYS_IN, DocumentPage, document_page
from tillid.usecases.fill import PREPARING_SIDE, definition_of, open_draft
from tillid.usecases.lists import ChildPage, child_page
from tillid.usecases.municipal_rules import assessment_reminders
from tillid.usecases.note_for_journal import note_for_journal
from tillid.usecases.override_warning import Warned, warnings_of
from tillid.usecases.ports import House
from tillid.usecases.preview_document import preview_state
from tillid.usecases.read_text import frozen_sections
from tillid.usecases.request_consent import request_consent
from tillid.usecases.share_document import NotReady, share_document
from tillid.usecases.start_document import may_start_for, start_document
from tillid.usecases.submit_form import submit_form
from tillid.web.errors import answered
from tillid.web.i18n import _, translate
from tillid.web.made import FileAddress, page_of
from tillid.web.pages import FormPage
from tillid.web.reading import file_response, reading, same_again
from tillid.web.render import language_of, page
from tillid.web.views import agree as parents_text
from tillid.web.views import parent


def child(request: Request) -> Response:
    """A child's documents, and what may be begun."""
    child_id = request.matchdict["child_id"]

    def build(found: ChildPage) -> Response:
        return page(request, "child.html", found=found, crumbs=((found.child.name, ""),), cpr="", refused="")

    return same_again(request, lambda house, who: child_page(house, who, child_id, language_of(request)), build)


def start(request: Request) -> Response:
    """Begin a document and go to its first section."""
    round_id = request.POST.get("round", "")
    document = start_document(
        request.house,
        request.person,
        request.matchdict["child_id"],
        request.POST.get("form", ""),
        round_id=round_id if is_id(round_id) else None,
        variant=request.POST.get("variant", ""),
    )
    return HTTPSeeOther(location=request.route_path("fill_start", document_id=document.id))


def document(request: Request) -> Response:
    """Where the document stands and what can be done. Parents have pages of their own: one parent must not see the
    other's answer, presence or contact data (design 24)."""
    if request.person.kind != "staff":
        return parent.document(request)
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        found = document_page(house, request.person, document_id)
        request.admitted = True
        if is_notification(found.document):
            return HTTPSeeOther(location=request.route_path("notification", document_id=document_id))
        return page_of(
            request,
            "document.html",
            found=found,
            names=_names(request, found),
            without_mitid=_without_mitid(request, found),
            crumbs=trail(request, found.document, found.title),
            files=_files(request, found),
            file_at=_file_at(found),
        )

    return reading(request, WAYS_IN, document_id, build)


def progress(request: Request) -> Response:
    """Whether the newest version's copy is made (htmx asks until it is)."""
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        found = document_page(house, request.person, document_id)
        return page(request, "progress.html", found=found, without_mitid=_without_mitid(request, found), oob=True)

    return reading(request, WAYS_IN, document_id, build)


def review(request: Request) -> Response:
    """Everything to read, what is missing, and the next step."""
    if request.person.kind != "staff":
        return parents_text.text(request)
    return reading(request, "see_draft", request.matchdict["document_id"], lambda house: _review(request))


def _review(request: Request, refused: Sequence[AnswerProblem] = (), tried: str = "") -> Response:
    """``refused``: what stopped the step that was just ``tried``, beyond what is missing."""
    view = open_draft(request.house, request.person, request.matchdict["document_id"])
    request.admitted = True
    if is_notification(view.document):
        return HTTPSeeOther(location=request.route_path("notification", document_id=view.document.id))
    form = FormPage(request, view)
    found = document_page(request.house, request.person, view.document.id)
    sections = [(s, [form.field(f, reading=True) for f in form.of_section(s.id)]) for s in form.sections]
    labels = {f.id: f for f in form.definition.fields}

    def listed(problems):
        return [(labels[p.field_id].section if p.field_id in labels else "", p.field_id, p.message) for p in problems]

    # Who has tried to lock it is told at once of all that the lock asks for.
    first, later = (view.problems, []) if tried == "lock" else _by_step(view.problems, found, labels)
    preview = preview_state(request.house, request.person, view.document) if "share" in found.may else ""
    return page(request, "review.html", crumbs=trail(request, view.document, form.definition.title, _("Gennemse")), form=form, sections=sections, found=found, missing=listed([*first, *refused]), later=listed(later), tried=tried,
                reminders=assessment_reminders(request.house, view.document, view.draft.answers),
                hints=_words_to_look_at(form), warned=_warned(request, form), without_mitid=_without_mitid(request, found), preview=preview, clashes=[labels[f] for f, kept in view.draft.kept.items() if kept and f in labels])  # fmt: skip


def _by_step(problems: Sequence[AnswerProblem], found: DocumentPage, labels: Mapping[str, Field]):  # type: ignore[no-untyped-def]
    """What is missing before the next step, and what only before the lock: a sheet is an invitation first (D4)."""
    if not (found.way.attested and "share" in found.may and "writable" in steps(found.document, found.way)):
        return problems, []
    later = [p for p in problems if p.field_id in labels and not PREPARING_SIDE & set(labels[p.field_id].filled_by)]
    return [p for p in problems if p not in later], later


def _warned(request: Request, form: FormPage) -> list[tuple[Warned, str]]:
    """The soft warnings, each with the name of who let it be."""
    made = []
    for one in warnings_of(form.definition, form.view):
        person = request.house.people.staff(one.override.by) if one.override else None
        made.append((one, person.name if person else ""))
    return made


def _words_to_look_at(form: FormPage) -> list[tuple[str, str, Hint]]:
    """Where each is mended, the field's label, and the hint."""
    labels = {f.id: f for f in form.definition.fields}
    view = form.view
    return [
        (form.address("fill", section=labels[h.field_id].section) + f"#field-{h.field_id}", labels[h.field_id].label, h)
        for h in answer_hints(form.definition, view.draft.answers, settings_of(view.facts))
        if h.field_id in view.visible
    ]


def journal(request: Request) -> Response:
    """The note of a health consent as a text file (R-20)."""
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        number, text = note_for_journal(house, request.person, document_id)
        return file_response(text.encode(), "text/plain", f"{number}-journalnotat.txt")

    return reading(request, "journal_note", document_id, build)


def share(request: Request) -> Response:
    """ "Del med forældrene"."""
    return _done_or_review(
        request, "share", lambda: share_document(request.house, request.person, request.matchdict["document_id"])
    )


def submit(request: Request) -> Response:
    """Lock the own trivselsskema, or as a leader the team's form. ``hoert``: holders without a login who confirmed their
    words in a talk (R-106)."""
    heard = [one for one in request.POST.getall("hoert") if is_id(one)]
    document_id = request.matchdict["document_id"]
    return _done_or_review(
        request, "lock", lambda: submit_form(request.house, request.person, document_id, heard=heard)
    )


def agree(request: Request) -> Response:
    """ "Enig tekst": agree to the very text that was on the page."""
    behalf = request.POST.get("behalf", "")
    return _done_or_review(
        request,
        "agree",
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


def trail(request: Request, about: Document, title: str, here: str = "") -> tuple[tuple[str, str], ...]:
    """The way back for the sender's side: child, document, page. Parents have their own pages and a link back."""
    if request.person.kind != "staff":
        return ()
    language = language_of(request)
    way = (_above(request, about),)
    if not here:
        return (*way, (title, ""))
    return (*way, (title, request.route_path("document", document_id=about.id)), (translate(here, language), ""))


def _above(request: Request, about: Document) -> tuple[str, str]:
    """The child's page, the unit's for what is about no child or one that has left, or the notifier's own."""
    if is_notification(about):
        return (translate(_("Underretning"), language_of(request)), request.route_path("notify"))
    child = request.house.people.child(about.child_id) if about.child_id else None
    if child is not None and may_start_for(request.house, request.person, child):
        return (child.name, request.route_path("child", child_id=child.id))
    unit = request.house.people.unit(about.unit_id)
    return (unit.name if unit else "", request.route_path("unit", unit_id=about.unit_id))


def holders_of(request: Request, about: Document) -> list[Holder]:
    """The present custody holders, for choosing in whose talk something is written; none when the register is silent."""
    try:
        return list(request.house.people.custody(about.child_id).current(request.moment))
    except Unavailable:
        return []


def _done_or_review(request: Request, step: str, action) -> Response:
    """Do it and show the document; when something is missing, the review says what, and nothing is done."""
    try:
        action()
    except NotReady as error:
        stopped = [p for p in error.problems if p.code == PROTECTED.code]
        return answered(_review(request, stopped, step), 422)
    return _to_document(request)


def _to_document(request: Request) -> Response:
    return HTTPSeeOther(location=request.route_path("document", document_id=request.matchdict["document_id"]))


def _files(request: Request, found: DocumentPage) -> list[RenderField]:
    """The answers of the newest version with uploaded files, for who may read that version."""
    if found.newest is None or "read_team_copy" not in found.may:
        return []
    definition = definition_of(request.house, found.newest)
    made = frozen_sections(definition, found.newest, found.newest.answers, "team", language_of(request))
    return [field for section in made for field in section.fields if field.files]


def _file_at(found: DocumentPage) -> FileAddress:
    return FileAddress("attachment_of_version", {"document_id": found.document.id, "version": found.document.versions})


def _without_mitid(request: Request, found: DocumentPage) -> list[str]:
    """The holders who cannot log in; they answer through an employee (R-106)."""
    parents = (request.house.people.parent(holder.person_id) for holder in found.holders)
    return [parent.id for parent in parents if parent is not None and not parent.mitid]


def _names(request: Request, found: DocumentPage) -> dict[str, str]:
    """Person id → name of everybody the page speaks of."""
    reading = (*found.read_by, *found.waiting, *(one.person_id for one in found.holders))
    agreeing = (*found.agreement.agreed, *found.agreement.missing) if found.agreement else ()
    asked = found.request.required_holders if found.request else ()
    locked = (found.newest.frozen_by,) if found.newest else ()
    return {person_id: _name(request, person_id) for person_id in (*agreeing, *asked, *locked, *reading)}


def _name(request: Request, person_id: str) -> str:
    people = request.house.people
    found = people.staff(person_id) or people.parent(person_id) or people.child(person_id)
    return found.name if found else ""
