"""A parent's front page and the page of one shared document (stations 4, 5, 7 as a parent meets them)."""

from __future__ import annotations

from pyramid.request import Request
from pyramid.response import Response

from tillid.usecases.facts import facts_of
from tillid.usecases.inform_parents import informed, read_information
from tillid.usecases.lists import ParentHome, parent_home
from tillid.usecases.parent_view import WAYS_IN, ParentDocument, document_for_parent, parent_document
from tillid.usecases.ports import House, Notice
from tillid.web.i18n import _
from tillid.web.reading import looked_anew, reading, same_again
from tillid.web.render import language_of, page

# What a notice leads to: the route, and which of its ids fills the address.
LEADS = {
    "document_shared": "parent_document",
    "shared_about_you": "parent_document",
    "text_changed": "parent_document",
    "text_locked": "parent_document",
    "locked_about_you": "parent_document",
    "meeting_not_held": "parent_document",
    "meeting_about_you_not_held": "parent_document",
    "draft_moved": "parent_document",
    "request_voided": "parent_document",
    "consent_asked": "consent",
    "meeting_asked": "meeting",
    "withdrawal_received": "consent",
    "paper_registered": "consent",
    "share_decided": "parent_document",
    "share_ended": "parent_document",
    "version_corrected": "parent_document",
    "wellbeing_information": "parent_information",
    "reading_granted": "parent_document",
    "remark_fastened": "parent_document",
}
NOTICES = {
    "document_shared": _("Der er delt en tekst om dit barn med dig."),
    "shared_about_you": _("Der er delt en tekst om dig."),
    "text_locked": _("Et skema, der er delt med dig, er nu låst. Du kan stadig læse det og hente det."),
    "locked_about_you": _("Et skema om dig, der er delt, er nu låst. Du kan stadig læse det og hente det."),
    "meeting_not_held": _("Et møde om dit barn, som du er indkaldt til, bliver ikke holdt."),
    "meeting_about_you_not_held": _("Et møde om dig, som der er indkaldt til, bliver ikke holdt."),
    "text_changed": _("Teksten er ændret, efter at du sagde, at du var enig. Læs den igen."),
    "draft_moved": _("Teksten er flyttet til en anden version af skemaet. Læs den igen, før du siger, at du er enig."),
    "request_voided": _(
        "Teksten er ændret, så det samtykke, vi spurgte om, gælder ikke længere. Du bliver spurgt igen, når teksten er færdig."
    ),
    "consent_asked": _("Vi spørger om dit samtykke."),
    "meeting_asked": _("Vi spørger om dit samtykke til et møde."),
    "withdrawal_received": _("Vi har registreret, at du trak dit samtykke tilbage."),
    "share_decided": _("En leder har besluttet at give oplysninger om dit barn videre uden samtykke. Læs hvorfor."),
    "version_corrected": _("Der er en fejl i en tekst, der er givet videre om dit barn. Den gælder ikke længere."),
    "share_ended": _("En leders beslutning om at give oplysninger om dit barn videre er ophørt."),
    "paper_registered": _("Vi har registreret dit svar på papir. Ring til institutionen, hvis du ikke har svaret."),
    "reading_granted": _("Du har fået adgang til at læse et dokument om et barn."),
    "remark_fastened": _("Der er kommet en bemærkning til et dokument om dit barn."),
    "wellbeing_information": _("Sådan følger vi, hvordan børn har det"),
}
STATES = {
    "ask": _("Du har ikke svaret endnu"),
    "open": _("Gælder. Oplysningerne kan læses"),
    "held": _("Du har sagt ja. Det nye sted kan ikke læse det, før vi har set efter"),
    "not_open": _("Du har sagt ja. Oplysningerne kan ikke læses lige nu"),
    "refused": _("Du har sagt nej"),
    "withdrawn": _("Trukket tilbage"),
    "expired": _("Udløbet"),
    "outdated": _("Gælder ikke, for teksten er ændret"),
    "asked_again": _("Afløst af et nyt spørgsmål"),
}
STATE_KIND = {"ask": "warning", "open": "success", "held": "warning", "not_open": "info"}


def home(request: Request) -> Response:
    """The children, what the parent (or the child itself, when it decides) has to take a stand on, what is shared, and the own consents (P3, P5, P8)."""
    return same_again(request, parent_home, lambda found: _home(request, found))


def _home(request: Request, found: ParentHome) -> Response:
    shown = [_shown(request.house, request, line.document.id) for line in found.documents]
    return page(
        request,
        "parent_home.html",
        found=found,
        documents=shown,
        to_do=[one for one in shown if one.to_confirm or _waits(one)],
        asked=[line for line in found.consents if line.may_answer],
        answered=[line for line in found.consents if line.mine is not None],
        notices=_notices(request, found),
        states=STATES,
        kinds=STATE_KIND,
    )


def _waits(one: ParentDocument) -> bool:
    """Whether the text waits for this parent's "enig", or for having been read."""
    unread = one.can_acknowledge and one.can_write and one.acknowledged is None  # what is locked presses nobody
    return (one.can_agree and not one.mine_agreed) or unread


def information(request: Request) -> Response:
    """That and why all children are looked at: told, nothing to answer (R-03)."""
    child_id, language = request.matchdict["child_id"], language_of(request)
    found = read_information(request.house, request.person, child_id, language)
    request.admitted = True
    response = page(request, "parent_information.html", found=found)
    informed(*looked_anew(request), child_id, language)
    return response


def _shown(house: House, request: Request, document_id: str) -> ParentDocument:
    document = house.documents.get(document_id)
    assert document is not None, "listed a moment ago"
    return document_for_parent(house, request.person, document, facts_of(house, document))


def _notices(request: Request, found: ParentHome) -> list[tuple[Notice, str, str]]:
    """Notice, text, address; at most ten. A link leads only to what the parent can open now."""
    open_documents = {line.document.id for line in found.documents}
    requests = {line.request.id for line in found.consents}
    children = {child.id for child in found.children}
    meetings = {line.question.id for line in found.meetings}
    shown = []
    for notice in found.notices:
        route = LEADS.get(notice.text_id)
        if route is None:
            continue
        key = {"consent": "request", "parent_information": "child", "meeting": "meeting"}.get(route, "document")
        one = notice.ids.get(key, "")
        known = one in {"request": requests, "child": children, "meeting": meetings}.get(key, open_documents)
        address = request.route_path(route, **{f"{key}_id": one}) if known else ""
        shown.append((notice, NOTICES[notice.text_id], address))
    return shown[:10]


def document(request: Request) -> Response:
    """Where the text stands, in words, and everything that can be done with it."""
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        found = parent_document(house, request.person, document_id)
        request.admitted = True
        return page(
            request, "parent_document.html", found=found, stage=stage_of(found), states=STATES, kinds=STATE_KIND
        )

    return reading(request, WAYS_IN, document_id, build)


def stage_of(found: ParentDocument) -> str:
    """A key for the words that say where the text stands; the same whatever the other parent has done."""
    if found.reads_until is not None:
        return "granted"
    if found.document.state == "closed":
        return "closed"
    if not found.agreeing and not found.young:
        return "own_part" if found.can_write else "locked"
    if any(line.may_answer for line in found.consents):
        return "young_asked" if found.young else "asked"
    if (
        found.document.state == "signed"
        and found.consents
        or any(line.mine for line in found.consents if line.state not in ("outdated", "asked_again"))
    ):
        return "answered"
    if found.young:
        return "young"
    if found.all_agreed:
        return "agreed"
    return "waiting" if found.mine_agreed else "shared"
