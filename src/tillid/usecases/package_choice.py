"""Which documents are packed: of a child, a place, a year, a search, or what is to be handed over now; of one data controller at a time (R-05).

Only what is the archive's (design 22) or is kept for good (``hand_over.py``), and what is left out is told; the order is the same each time, so that a run that was killed goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, Literal, TypeVar

import msgspec

from tillid.archive.keeping import keeping_of
from tillid.archive.retention_rules import our_rules
from tillid.consents.model import Organisation
from tillid.documents.model import Document, Version
from tillid.kernel.clock import local_day
from tillid.kernel.errors import TillidError
from tillid.process.access import NOTIFICATION, is_notification
from tillid.usecases.hand_over import Holds, NotTheArchives, handed_over
from tillid.usecases.package_document import UnknownDocument
from tillid.usecases.retention_report import due_lines

T = TypeVar("T")
Forget = Callable[[], None]
AT_ONCE = 200  # documents
_NAMED = ("document", "search")  # whoever asks has named each
# Somebody new may get these; what no archivist reads here goes to the receiving archive alone (as what is restricted, ADR 0064).
_AROUND = ("child", "unit", "year")


class SeveralControllers(TillidError):
    """``named``: names and ids of institutions."""

    code = "package.controllers"
    text = "Dokumenterne har flere dataansvarlige. Vælg en med --controller: {named}."


class Apart(NotTheArchives):
    """Underretninger lie apart from everything else (R-54), and so do their packages."""

    code = "package.notification"
    text = "{named} er en underretning. Underretninger pakkes for sig: tilføj --underretninger, og vælg en mappe, der kun er til dem."


class NotApart(NotTheArchives):
    code = "package.no-notification"
    text = "{named} er ikke en underretning. Pak det uden --underretninger, i en anden mappe."


class WorkingPaper(NotTheArchives):
    code = "package.working-paper"
    text = (
        "Dokumentet skal bevares, men er ikke blandt dem, en arkivar kan læse her: {named}. Det pakkes kun til det modtagende arkiv, med "
        "--all-due, når dets frist er nået, eller med --document."
    )


class NoPlace(NotTheArchives):
    code = "package.no-place"
    text = "Stedet, dokumentet kommer fra, er ikke i registret: {named}. Så vides det ikke, hvem der er dataansvarlig."


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """``value``: the id of the document, child or place, or the year; of a search the digest of its list; empty for ``due``.
    ``named``: a search's documents. ``controller``: the id of one whose documents alone are meant; empty: all, if they are one's.
    ``notifications``: underretninger, and nothing else (R-54)."""

    kind: Literal["document", "child", "unit", "year", "search", "due"]
    value: str = ""
    named: tuple[str, ...] = ()
    controller: str = ""
    notifications: bool = False


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """One document to be packed."""

    document_id: str
    child_id: str
    controller: Organisation


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """One that was asked for and is not packed: ``why`` says it in words, by its code."""

    number: str
    why: NotTheArchives


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """``chosen``: in order; ``undecided``: how many are due and have no mark yet, asked for ``due`` alone (R-82)."""

    chosen: tuple[Chosen, ...]
    left_out: tuple[LeftOut, ...] = ()
    undecided: int = 0


def documents_of(house: Holds, choice: Choice, today: date, forget: Forget = lambda: None) -> Selection:
    """What is packed, and what is not and why; of drafts, of what another controller has, and of underretninger where they were not asked
    for nothing is said. ``forget``: lets go of what was read, asked now and then. Raises ``UnknownDocument`` for an id that leads to
    nothing, ``NotTheArchives`` for a named document that is not, ``SeveralControllers``."""
    undecided: list[str] = []
    found, left = [], []
    for document in _asked(house, choice, today, forget, undecided):
        try:
            one = _chosen(house, choice, document)
        except NotTheArchives as why:
            if choice.kind == "document":
                raise
            left.append(LeftOut(number=document.number, why=why))
        else:
            found += [one] if one is not None else []
    controllers = {one.controller.id: one.controller for one in found}
    if len(controllers) > 1:
        named = ", ".join(f"{one.name} ({one.id})" for one in controllers.values())
        raise SeveralControllers("several controllers", named=named)
    return Selection(chosen=tuple(found), left_out=tuple(left), undecided=len(undecided))


def _asked(house: Holds, choice: Choice, today: date, forget: Forget, undecided: list[str]) -> Iterable[Document]:
    if choice.kind == "document":
        document = house.documents.get(choice.value)
        return [_there(document, choice.value)]
    if choice.kind == "child":
        _there(house.people.child(choice.value), choice.value)
        return _ordered(house.documents.of_child(choice.value))
    if choice.kind == "unit":
        _there(house.people.unit(choice.value), choice.value)
        places = house.people.organigram().below(choice.value)
        return _ordered(one for place in places for one in house.documents.of_unit(place))
    if choice.kind == "year":
        return _every(house, forget)
    if choice.kind == "search":
        return [_there(house.documents.get(one), one) for one in choice.named]
    return _due(house, choice, today, forget, undecided)


def _there(found: Any, named: str) -> Any:
    if found is None:
        raise UnknownDocument("no such id", named=named[:60])
    return found


def _ordered(documents: Iterable[Document]) -> list[Document]:
    return sorted(documents, key=lambda one: (one.created_at, one.id))


def _every(house: Holds, forget: Forget) -> Iterator[Document]:
    for document_id in _forgetting(house.documents.ids(), forget):
        if (document := house.documents.get(document_id)) is not None:
            yield document


def _due(house: Holds, choice: Choice, today: date, forget: Forget, undecided: list[str]) -> Iterator[Document]:
    """To be kept, due, and not with the archive yet (R-83). What is undecided is not handed over (R-82), and counted."""
    rules, drafts = our_rules(), our_rules().of_kind("draft").id
    lines = due_lines(house.documents, house.ledger, house.people, rules, house.settings.choices)
    for line in _forgetting(lines, forget):
        if line.due is None or line.due > today or line.rule == drafts:
            continue
        if line.mark == "uafklaret" and _is_asked_for(house, choice, line.document.form_id, line.unit_id):
            undecided.append(line.number)
        document = house.documents.get(line.document.id) if line.mark == "bevares" else None
        if document is not None and keeping_of(house.ledger.of_document(document.id)).transfer is None:
            yield document


def _forgetting(things: Iterable[T], forget: Forget) -> Iterator[T]:
    """The whole store is looked at, and not held in memory."""
    for count, one in enumerate(things, start=1):
        yield one
        if count % AT_ONCE == 0:
            forget()


def _chosen(house: Holds, choice: Choice, document: Document) -> Chosen | None:
    """``None``: not asked for. Raises ``NotTheArchives``."""
    notification = is_notification(document)
    if notification != choice.notifications and choice.kind in _NAMED:
        raise (Apart if notification else NotApart)("named in the wrong run", named=document.number)
    if not _is_asked_for(house, choice, document.definition.form_id, document.unit_id):
        return None
    if document.versions == 0 and choice.kind != "document":
        return None  # its author's, and nobody else's to be told of
    unit = house.people.unit(document.unit_id)
    if unit is None:
        raise NoPlace("no such place", named=document.number)
    try:
        given = handed_over(house, document, house.ledger.of_document(document.id))
    except NotTheArchives:
        if not _is_of_year(choice, house.documents.version(document.id, document.versions)):
            return None
        raise
    if not _is_of_year(choice, given.version):
        return None
    if not given.own and choice.kind in _AROUND:
        raise WorkingPaper("not a reader's here", named=document.number)
    return Chosen(document_id=document.id, child_id=document.child_id, controller=unit.controller)


def _is_asked_for(house: Holds, choice: Choice, form_id: str, unit_id: str) -> bool:
    """Of the chosen controller, and an underretning if and only if those were asked for (R-54)."""
    unit = house.people.unit(unit_id)
    if unit is not None and choice.controller not in ("", unit.controller.id):
        return False
    return (form_id == NOTIFICATION) == choice.notifications


def _is_of_year(choice: Choice, version: Version | None) -> bool:
    return choice.kind != "year" or version is not None and str(local_day(version.frozen_at).year) == choice.value
