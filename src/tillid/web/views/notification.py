"""An underretning: begun, looked through, sent by the notifier's own click, and read by the intake (R-50 to R-54, R-63)."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.documents.rendering import sections
from tillid.forms.answers import answer_hints
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import is_id
from tillid.usecases.move_draft import newer_version
from tillid.usecases.notifications import (
    NotifyPage,
    notify_page,
    read_notification,
    received_notifications,
    review_notification,
)
from tillid.usecases.notify import send_notification, start_notification
from tillid.usecases.ports import House
from tillid.usecases.share_document import NotReady
from tillid.usecases.start_document import WrongVariant
from tillid.web.errors import answered, message_of
from tillid.web.filling import as_error
from tillid.web.i18n import _, translate
from tillid.web.pages import FormPage
from tillid.web.reading import reading, same_again
from tillid.web.render import file_address, language_of, page

OPEN = ("see_draft", "read_notification")
# Of the hints on wording only this one: an address belongs here, and no parent reads it.
CPR_HINT = "forms.hint-cpr"


def start(request: Request) -> Response:
    """What a notification is, whom to call, the own ones, and a way to begin one; about a child from its page or none."""
    return same_again(
        request,
        lambda house, who: notify_page(house, who, request.matchdict.get("child_id")),
        lambda found: _start_page(request, found),
    )


def begin(request: Request) -> Response:
    """Begin one and go to its first section."""
    child_id = request.matchdict.get("child_id")
    try:
        document = start_notification(request.house, request.person, request.POST.get("kind", ""), child_id)
    except WrongVariant as error:
        found = notify_page(request.house, request.person, child_id)
        return answered(_start_page(request, found, [("kind-1", message_of(request, error))]), 422)
    return HTTPSeeOther(location=request.route_path("fill_start", document_id=document.id))


def _start_page(request: Request, found: NotifyPage, problems: list[tuple[str, str]] | None = None) -> Response:
    language = language_of(request)
    form, help_ = found.form.in_language(language), found.form.text("underret_hjaelp", language).body
    return page(
        request, "notify.html", found=found, form=form, help_text=help_, problems=problems or (), crumbs=_trail(request)
    )


def notification(request: Request) -> Response:
    """Everything to look through before it is sent; afterwards what was sent."""
    document_id = request.matchdict["document_id"]
    if not is_id(document_id):
        raise NotFound("no id")
    return reading(request, OPEN, document_id, lambda house: _one(request, house, document_id))


def send(request: Request) -> Response:
    """ "Send underretningen": the very text that was on the page."""
    document_id = request.matchdict["document_id"]
    try:
        send_notification(request.house, request.person, document_id, request.POST.get("digest", ""))
    except NotReady:
        return answered(_review(request, document_id), 422)
    return HTTPSeeOther(location=request.route_path("notification", document_id=document_id))


def intake(request: Request) -> Response:
    """What the municipality has received."""
    return same_again(
        request, received_notifications, lambda found: page(request, "intake.html", lines=found, crumbs=())
    )


def _one(request: Request, house: House, document_id: str) -> Response:
    document = house.documents.get(document_id)
    if document is not None and document.state == "draft":
        return _review(request, document_id)
    return _sent(request, house, document_id)


def _review(request: Request, document_id: str) -> Response:
    found = review_notification(request.house, request.person, document_id)
    request.admitted = True
    form = FormPage(request, found.view)
    shown = [(s, [form.field(f, reading=True) for f in form.of_section(s.id)]) for s in form.sections]
    fields = {f.id: f for f in form.definition.fields}
    said = {rule.id: rule.text for rule in form.definition.rules}
    missing = [(fields[p.field_id], message_of(request, as_error(p))) for p in found.missing]
    return page(
        request,
        "notification.html",
        form=form,
        found=found,
        sections=shown,
        missing=missing,
        reminders=[(fields[one.fields[0]], said[one.id]) for one in found.reminders],
        hints=[one.message for one in answer_hints(form.definition, found.view.draft.answers) if one.code == CPR_HINT],
        newer=newer.version if (newer := newer_version(request.house, found.view.document)) else None,
        crumbs=_trail(request, found.view.document.number),
    )


def _sent(request: Request, house: House, document_id: str) -> Response:
    found = read_notification(house, request.person, document_id)
    request.admitted = True
    at = file_address(request, "attachment_of_version", document_id=document_id, version=found.version.number)
    language = language_of(request)
    shown = sections(found.definition.in_language(language), found.answers, language)
    mine = found.reader == "notifier"
    crumbs = _trail(request, found.document.number) if mine else _intake_trail(request, found.document.number)
    return page(
        request, "notification_sent.html", found=found, sections=shown, file_at=at, mine=mine, crumbs=crumbs
    )  # fmt: skip


def _trail(request: Request, here: str = "") -> tuple[tuple[str, str], ...]:
    title = translate(_("Underretning"), language_of(request))
    return ((title, request.route_path("notify")), (here, "")) if here else ((title, ""),)


def _intake_trail(request: Request, here: str) -> tuple[tuple[str, str], ...]:
    return ((translate(_("Underretninger"), language_of(request)), request.route_path("intake")), (here, ""))
