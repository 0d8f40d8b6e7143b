"""T30: see what a newer version of the form would do to the draft, move it, and bring an earlier draft back."""

from __future__ import annotations

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.documents.rendering import sections
from tillid.forms.answers import projection
from tillid.usecases.earlier_drafts import OPERATION, may_restore, open_earlier
from tillid.usecases.fill import definition_of, reader_of
from tillid.usecases.move_draft import (
    move_draft,
    preview_move,
    preview_restore,
    restore_draft,
)
from tillid.usecases.move_preview import MovePreview, MoveRow
from tillid.usecases.ports import House
from tillid.web.i18n import _
from tillid.web.numbers import whole
from tillid.web.reading import reading
from tillid.web.render import language_of, page
from tillid.web.views.document import trail

# A sign and words for each fate: never colour alone.
FATES = {
    "kept": ("=", _("Beholdes")),
    "recoded": ("=", _("Beholdes, med de nye svarmuligheder")),
    "renamed": ("→", _("Flyttes til et andet felt")),
    "split": ("⇉", _("Deles ud på flere felter")),
    "merged": ("⇶", _("Samles med andre svar")),
    "moved": ("→", _("Feltet er væk; teksten flyttes")),
    "dropped": ("!", _("Feltet er væk; svaret føres ikke med")),
    "no_place": ("!", _("Har ingen plads i den nye version")),
}
READERS = {
    "author": _("den, der har skrevet"),
    "team": _("teamet"),
    "parent": _("forældrene"),
    "receiver": _("modtageren"),
    "authority": _("myndigheden"),
    "notifier": _("den, der underretter"),
    "archive": _("arkivet"),
}
# What the core says when something finds no place; here so that it is translated.
REASONS = (
    _("Det nye felt kan ikke rumme et svar af denne slags."),
    _("Det nye felt har kun plads til ét svar."),
    _("Det nye felt er ikke en tekst."),
    _("Svarmuligheden findes ikke mere."),
    _("Kolonnen findes ikke mere."),
    _("Der er ikke plads til flere rækker i den nye version."),
    _("Svaret har ikke den form, som feltet skal have."),
    _("Denne del af svaret har ingen plads i den nye version."),
    _("Feltet findes ikke i den nye version."),
    _("Den gamle version har ikke feltet."),
    _("Feltet udfyldes af systemet."),
    _("Der står allerede et svar i det nye felt."),
    _("Feltet havde to tekster. Denne kan ikke føres med; den bliver i den gamle kladde."),
)


def preview(request: Request) -> Response:
    """Old and new side by side; nothing is written."""
    document_id = request.matchdict["document_id"]

    def build(house: House) -> Response:
        return _page(request, preview_move(house, request.person, document_id, language=language_of(request)))

    return reading(request, OPERATION, document_id, build)


def move(request: Request) -> Response:
    """ "Flyt kladden": the very draft and version that the page showed."""
    number = whole(request.POST.get("version"), 4) or 0
    document_id = request.matchdict["document_id"]
    move_draft(request.house, request.person, document_id, number, request.POST.get("seen", ""))
    return HTTPSeeOther(location=request.route_path("review", document_id=document_id))


def earlier(request: Request) -> Response:
    """A draft from before a move, in its own version, to read."""
    document_id, number = request.matchdict["document_id"], int(request.matchdict["draft"])

    def build(house: House) -> Response:
        document, found = open_earlier(house, request.person, document_id, number)
        request.admitted = True
        language = language_of(request)
        definition = definition_of(house, found).in_language(language)
        reader = reader_of(document, "professional")
        answers = {name: value for name, value in found.draft.answers.items() if value is not None}
        kept = {name: texts[-1].value for name, texts in found.draft.kept.items() if texts}
        return page(
            request,
            "earlier_draft.html",
            document=document,
            found=found,
            title=definition.title,
            sections=sections(definition, projection(definition, answers, reader), language),
            waiting=sections(definition, projection(definition, kept, reader), language),
            may_restore=may_restore(document, found),
            crumbs=trail(request, document, definition.title, _("Gammel kladde")),
        )

    return reading(request, "see_draft", document_id, build)


def before_restore(request: Request) -> Response:
    """What bringing an earlier draft back does; nothing is written."""
    document_id, number = request.matchdict["document_id"], int(request.matchdict["draft"])

    def build(house: House) -> Response:
        return _page(
            request, preview_restore(house, request.person, document_id, number, language=language_of(request))
        )

    return reading(request, OPERATION, document_id, build)


def restore(request: Request) -> Response:
    """ "Hent den gamle kladde tilbage"."""
    document_id, number = request.matchdict["document_id"], int(request.matchdict["draft"])
    restore_draft(request.house, request.person, document_id, number, request.POST.get("seen", ""))
    return HTTPSeeOther(location=request.route_path("review", document_id=document_id))


def _page(request: Request, found: MovePreview) -> Response:
    request.admitted = True
    assert found.document is not None
    here = _("Gå tilbage til den gamle kladde") if found.restores else _("Flyt til en nyere version")
    same = [row for row in found.rows if _same(row)]
    return page(
        request,
        "move.html",
        found=found,
        document=found.document,
        fates=FATES,
        readers=READERS,
        same=same,
        changed=[row for row in found.rows if row not in same],
        crumbs=trail(request, found.document, found.new.title, here),
    )


def _same(row: MoveRow) -> bool:
    """Nothing about the answer changes: same question, same words, same readers."""
    return (
        row.how == "kept"
        and not row.left
        and not row.wider
        and len(row.places) == 1
        and (row.places[0].label, row.places[0].words) == (row.label, row.words)
    )
