"""Which underretninger are about a child, and what in them is held back until the intake has decided (R-53, R-54, R-72, ADR 0068).

They carry no child's id: what the notifier wrote is held against what the register knows. A number or a choice from the list is sure;
a name is a question to the reviewer. One that nothing points at is added by its number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from tillid.archive.insight import Flag, InsightCase, Item
from tillid.archive.insight_flags import flags_of
from tillid.archive.insight_names import words_of
from tillid.archive.insight_notifier import Notifier, notifier_of, telling
from tillid.documents.model import Document, Version
from tillid.documents.rendering import attached_files, sections
from tillid.forms.definition import FormDefinition
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity, is_notification
from tillid.process.organisation import Child
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.fill import definition_of
from tillid.usecases.insight_collect import around_of
from tillid.usecases.insight_sources import answers_seen
from tillid.usecases.notifications import sent_to, towns_of
from tillid.usecases.ports import House

REVIEW = "review_notification"
NOT_TOLD = {"maa_ikke_orienteres": True, "o_status": "nej_bevidst"}  # either answer says it


class NoSuchNumber(TillidError):
    code = "insight.no-such-number"
    text = "Der er ingen sendt underretning med det nummer. Se nummeret på listen over underretninger."


def notifications_about(house: House, who: Identity, child: Child) -> dict[str, bool]:
    """Document id → whether it is sure. Raises ``Unavailable`` when the register does not answer."""
    holders = {one.person_id: one.name for one in house.people.custody(child.id).holders}
    found = {}
    for document in sent_to(house, towns_of(house, who)):
        version = house.documents.version(document.id, document.versions)
        if version is None:
            continue
        sure = _is_chosen(house, version.answers, child)
        if (sure or _may_be(house, version.answers, child, holders)) and _may_review(house, who, document):
            found[document.id] = sure
    return found


def numbered(house: House, who: Identity, number: str) -> Document:
    """The one with that number. Raises ``NoSuchNumber``."""
    found = house.documents.by_number(number.strip().upper())
    if found is None or not is_notification(found) or not _may_review(house, who, found):
        raise NoSuchNumber("number")
    return found


def items_of(house: House, case: InsightCase, child: Child, found: dict[str, bool]) -> Iterator[Item]:
    """Each underretning and each file in it, all held back."""
    around = around_of(house, case, child)
    for document_id, sure in found.items():
        document = house.documents.get(document_id)
        version = house.documents.version(document_id, document.versions) if document else None
        if document is None or version is None:
            continue
        definition = definition_of(house, version)
        seen = answers_seen(definition, version.answers)
        not_told = [name for name, value in NOT_TOLD.items() if seen.get(name) == value]
        whole = [Flag(held="notification")]
        whole += [Flag(held="not_told")] if not_told else []
        whole += [] if sure else [Flag(held="uncertain")]
        own = telling(definition, sections(definition, seen, "da"), notifier_in(house, document, version))
        others = flags_of(definition, seen, house.documents.draft(document_id), around)
        flags = (*whole, *_in_answers(definition, own, not_told, others))
        yield Item(
            kind="version", document_id=document_id, version=version.number, digest=version.answers_digest, flags=flags
        )
        for name, value in seen.items():
            for file in attached_files(value):
                yield Item(kind="file", document_id=document_id, version=version.number, field=name, place=file.place,
                           digest=file.sha256, flags=(*whole, Flag(held="file")))  # fmt: skip


def notifier_in(house: House, document: Document, version: Version) -> Notifier:
    """What tells who sent it, as register and text have it."""
    sender, unit, answers = house.people.staff(version.frozen_by), house.people.unit(document.unit_id), version.answers
    work = answers.get("u_arbejdssted") if isinstance(answers.get("u_arbejdssted"), dict) else {}
    along = answers.get("u_med") if isinstance(answers.get("u_med"), list) else []
    names = [sender.name if sender else "", str(answers.get("u_navn") or "").split(",")[0]]
    names += [str(one.get("name") if isinstance(one, dict) else one) for one in along or []]
    places = [unit.name if unit else "", str(((work or {}).get("unit") or {}).get("name") or "")]
    return notifier_of(names, places, (unit.phone if unit else "", str((work or {}).get("text") or "")))


def _in_answers(
    definition: FormDefinition, own: Collection[str], not_told: Collection[str], others: Iterable[Flag]
) -> Iterator[Flag]:
    """In the order of the form. »Intern« is said of no answer here: the whole text was written for the authority."""
    for field in definition.fields:
        if field.id in own:
            yield Flag(held="notifier", field=field.id)
        if field.id in not_told:
            yield Flag(held="not_told", field=field.id)
        yield from (one for one in others if one.field == field.id and one.held != "internal")


def _may_review(house: House, who: Identity, document: Document) -> bool:
    return allowed(house, who, REVIEW, facts_of(house, document))


def _is_chosen(house: House, answers: dict[str, Any], child: Child) -> bool:
    """Begun from the child's own page, or with its number."""
    chosen = answers.get("b_barn")
    return isinstance(chosen, dict) and chosen.get("id") == child.id or _is(house, answers.get("b_cpr"), {child.id})


def _is(house: House, cpr: Any, people: Iterable[str]) -> bool:
    return isinstance(cpr, str) and bool(cpr) and house.people.person_by_cpr(cpr) in people


def _may_be(house: House, answers: dict[str, Any], child: Child, holders: dict[str, str]) -> bool:
    """By name, by a parent's number, or as a sister or brother who is named. A first name alone is enough where the place or a
    parent is the child's too."""
    parents, siblings = _rows(answers, "f_personer"), _rows(answers, "b_soeskende")
    if any(_is(house, row.get("cpr"), holders) for row in parents):
        return True
    place = answers.get("b_tilbud")
    near = isinstance(place, dict) and (place.get("unit") or {}).get("id") == child.unit_id
    near = near or any(_words(row.get("navn")) >= _words(name) for row in parents for name in holders.values() if name)
    for written in (answers.get("b_navn"), *(row.get("navn") for row in siblings)):
        for name in (child.name, *child.former_names):
            shared = _words(written) & _words(name)
            if len(shared) >= 2 or near and name.split()[0].casefold() in shared:
                return True
    return False


def _rows(answers: dict[str, Any], field: str) -> list[dict[str, Any]]:
    rows = answers.get(field)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _words(text: Any) -> set[str]:
    return set(words_of(text)) if isinstance(text, str) else set()
