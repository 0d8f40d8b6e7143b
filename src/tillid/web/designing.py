"""What the designer's pages share: the design of the address, what was posted, the checks beside everything with their links."""

from __future__ import annotations

from typing import Any

import msgspec
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from tillid.forms.definition_words import TYPE_WORDS
from tillid.forms.designs import Design
from tillid.forms.fieldtypes import TYPES
from tillid.forms.fieldtypes.base import normal_text
from tillid.forms.overlays_data import OWN, is_own
from tillid.forms.problems import Problem
from tillid.kernel.errors import TillidError
from tillid.kernel.text import unseen_characters
from tillid.usecases.design_addition import place_name
from tillid.usecases.design_form import Opened, open_design
from tillid.web.i18n import _
from tillid.web.numbers import whole
from tillid.web.render import page

STATE = {
    "draft": _("Udkast"),
    "in_review": _("Til godkendelse"),
    "published": _("Udgivet"),
    "rejected": _("Sendt tilbage"),
}
STATE_KIND = {"draft": "", "in_review": "info", "published": "success", "rejected": "warning"}
READERS = {
    "author": _("den, der har skrevet skemaet"),
    "team": _("teamet (kolleger og ledere på stedet)"),
    "parent": _("forældrene"),
    "receiver": _("modtageren, når der er samtykke"),
    "authority": _("myndigheden, der modtager en underretning"),
    "notifier": _("den, der underretter"),
    "archive": _("arkivet"),
}
FILLERS = {
    "professional": _("fagpersonen"),
    "leader": _("lederen"),
    "team": _("teamet sammen"),
    "parent": _("forældrene"),
    "child": _("barnet, sammen med en voksen"),
    "receiver": _("modtageren"),
    "notifier": _("den, der underretter"),
    "authority": _("myndigheden"),
    "system": _("systemet selv (ingen kan skrive i feltet)"),
}
MOST_LINE, MOST_TEXT = 300, 5000


class HiddenCharacters(TillidError):
    code = "design.hidden-characters"
    text = "En af teksterne indeholder tegn, der ikke kan ses ({characters}). Slet dem, eller skriv teksten igen."


class TooLong(TillidError):
    code = "design.too-long"
    text = "En af teksterne er for lang. Der er plads til {most} tegn."


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A fault as it stands beside the outline. ``href``: where it is mended; ``place``: the field's name for people."""

    text: str
    suggestion: str
    place: str
    href: str
    line: int
    field: str


def opened_design(request: Request) -> Opened:
    """The design of the address; raises ``NotFound``."""
    opened = open_design(request.house, request.person, request.matchdict["design_id"])
    request.admitted = True
    return opened


def design_page(request: Request, template: str, opened: Opened, *crumbs: str, **values: Any) -> Response:
    """A page about a design with its checks; ``crumbs``: the names after the design's own."""
    design = opened.design
    here = request.route_path("design", design_id=design.id)
    trail: list[tuple[str, str]] = [
        (_("Drift"), request.route_path("admin")),
        (_("Skemaer"), request.route_path("designs")),
        (title_of(design), here if crumbs else ""),
    ]
    trail += [(name, "") for name in crumbs]
    return page(request, template, opened=opened, design=design, data=design.data, findings=findings(request, opened),
                own=lambda name: may_change(opened, name), heading=heading_of(design), place=_place(request, design),
                crumbs=tuple(trail), states=STATE, state_kinds=STATE_KIND, readers=READERS, fillers=FILLERS,
                type_words=type_words(), **values)  # fmt: skip


def title_of(design: Design) -> str:
    return f"{heading_of(design)}, version {design.version}"


def heading_of(design: Design) -> str:
    """What the design is called: an addition by its own title, else the form's."""
    return design.addition.title if design.addition is not None else str(design.data.get("title", design.form))


def may_change(opened: Opened, name: str) -> bool:
    """Whether the section, field or list can be changed: in an addition only what is its own."""
    return opened.design.addition is None or is_own(name, opened.base.ids)


def require_own(opened: Opened, name: str) -> None:
    """What is not the addition's own has no page to change it on."""
    if not may_change(opened, name):
        raise HTTPNotFound()


def prefix_of(design: Design) -> str:
    """What new ids begin with."""
    return "" if design.addition is None else OWN


def _place(request: Request, design: Design) -> str:
    """For whom an addition is; empty for the whole municipality, and for a new version of a form."""
    return place_name(request.house, design.addition.unit) if design.addition is not None else ""


def findings(request: Request, opened: Opened) -> list[Finding]:
    """What the checks have found, each with the way to where it is mended."""
    return [_finding(request, opened, one) for one in opened.check.problems]


def _finding(request: Request, opened: Opened, one: Problem) -> Finding:
    design = opened.design
    here = {field["id"]: field for section in design.data["sections"] for field in section["fields"]}
    before = {field.id: field.label for field in opened.base.fields}
    way, place = "", ""
    about_old = one.code.startswith("forms.upcast") or one.code in ("forms.undecided", "forms.relied-on")
    if about_old and one.field in before:
        way, place = request.route_path("design_answers", design_id=design.id, field=one.field), before[one.field]
    if not way and one.field in here:
        way = request.route_path("design_field", design_id=design.id, field=one.field)
        place = here[one.field]["label"]
    return Finding(text=one.text, suggestion=one.suggestion, place=place, href=way, line=one.line, field=one.field)


def type_words() -> dict[str, str]:
    """The types one may choose, with what they are called."""
    words = {name: TYPE_WORDS.get(name) or MORE_TYPES.get(name, name) for name, kind in TYPES.items()}
    return dict(sorted(words.items(), key=lambda pair: pair[1]))


def back(request: Request, design: Design, anchor: str = "", route: str = "design", **parts: str) -> HTTPSeeOther:
    """To the design's page, with the focus at ``anchor``."""
    address = request.route_path(route, design_id=design.id, **parts)
    return HTTPSeeOther(location=address + (f"#{anchor}" if anchor else ""))


def revision_of(request: Request) -> int:
    """The revision that the posted page showed; 0 for what is no number."""
    return whole(request.POST.get("revision"), 6) or 0


def line_of(request: Request, name: str, most: int = MOST_LINE) -> str:
    """A posted text of one line. Raises ``HiddenCharacters`` and ``TooLong``."""
    return " ".join(text_of(request, name, most).split())


def text_of(request: Request, name: str, most: int = MOST_TEXT) -> str:
    """A posted text, normalised. Raises ``HiddenCharacters`` and ``TooLong``."""
    text = request.POST.get(name, "")
    if not isinstance(text, str):
        raise HTTPNotFound()
    text = normal_text(text)
    if hidden := unseen_characters(text):
        raise HiddenCharacters(name, characters=", ".join(hidden[:5]))
    if len(text) > most:
        raise TooLong(name, most=most)
    return text


def lines_of(request: Request, name: str) -> list[str]:
    """The posted lines that are not empty."""
    return [line.strip() for line in text_of(request, name).split("\n") if line.strip()]


def chosen(request: Request, name: str, known: Any) -> list[str]:
    """The ticked values among ``known``, in its order."""
    posted = set(request.POST.getall(name))
    return [one for one in known if one in posted]


MORE_TYPES = {
    "attest": _("lederens attest"),
    "child_ref": _("barnet"),
    "computed": _("regnes ud"),
    "cpr": _("CPR-nummer"),
    "document_or_text": _("dokument eller tekst"),
    "document_ref": _("et andet dokument"),
    "group_ref": _("stue eller klasse"),
    "instant": _("tidspunkt fra systemet"),
    "instant_person": _("tidspunkt og person fra systemet"),
    "item_list": _("det, der spørges om samtykke til"),
    "language_code": _("sprog"),
    "moment": _("dag og klokkeslæt"),
    "moment_minutes_text": _("dag, klokkeslæt, varighed og tekst"),
    "moment_text": _("dag, klokkeslæt og tekst"),
    "organisation": _("organisation"),
    "percent_period": _("procent med periode og bilag"),
    "person": _("person"),
    "person_ref": _("person fra registret"),
    "receipt": _("kvittering"),
    "round_ref": _("runde"),
    "scale": _("trin på en skala"),
    "text_version_ref": _("den tekst, der blev vist"),
    "time": _("klokkeslæt"),
    "unit_and_text": _("enhed og tekst"),
    "unit_or_text": _("enhed eller tekst"),
    "unit_ref": _("enhed"),
    "user_ref": _("medarbejder"),
    "xml_signature": _("underskrift"),
    "yes_no_unknown": _("ja, nej eller ved ikke"),
}
