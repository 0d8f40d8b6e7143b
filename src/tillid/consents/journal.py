"""The note of a health consent for the patient's journal (R-20; sundhedsloven § 44, stk. 1): plain text to be put into the health
visitor's own system, in Danish, made anew from the ledger each time."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tillid.consents.effective import Verdict
from tillid.consents.events import Event
from tillid.consents.model import ConsentRequest, Given, Withdrawn
from tillid.consents.statement import danish_date
from tillid.kernel.clock import COPENHAGEN, instant

HEALTH = "samtykke_sundhed"
WAY = {"portal": "digitalt", "phone": "i telefonen", "in_person": "personligt", "paper": "på papir"}
STATE = {
    "missing": "mangler",
    "valid": "gælder",
    "refused": "afvist",
    "withdrawn": "trukket tilbage",
    "expired": "udløbet",
    "held": "holdes tilbage, fordi Tillid er genskabt fra en sikkerhedskopi; spørg forældrene",
}


def journal_note(request: ConsentRequest, events: Iterable[Event], verdict: Verdict, number: str) -> str:
    """The whole note of ``request``; ``number``: the document's. Names every answer and withdrawal with its record, so that the
    journal points at the evidence and does not copy it."""
    lines = [
        "NOTAT OM SAMTYKKE TIL VIDEREGIVELSE AF HELBREDSOPLYSNINGER",
        f"Barn: {request.child_name}",
        f"Dokument: {request.document.title}, {number}, version {request.document.version}",
        f"Fra: {request.from_unit.name}",
        f"Til: {request.to_unit.name}",
        f"Formål: {request.purpose.text}",
        f"Grundlag: {request.basis.provision}",
        f"Gælder højst til og med: {danish_date(request.valid_to)}",
        f"Status, da notatet blev lavet: {STATE[verdict.word]}",
        "",
    ]
    for event in (one for one in events if one.request_id == request.id):
        lines += _said(request, event)
    return "\n".join(lines) + "\n"


def _said(request: ConsentRequest, event: Event) -> list[str]:
    if event.kind in ("consent_given", "consent_refused"):
        given = msgspec.convert(event.payload, Given)
        way = WAY["paper" if given.paper else "portal"]
        said = [f"  {item.title}: {'ja' if given.answers[item.id] else 'nej'}" for item in request.items]
        return [f"{_when(event)}: {given.holder_name} svarede skriftligt, {way}.", *said, _record(event), ""]
    if event.kind == "consent_withdrawn":
        taken = msgspec.convert(event.payload, Withdrawn)
        titles = [f"  {item.title}" for item in request.items if item.id in taken.items] or ["  Det hele"]
        return [f"{_when(event)}: {taken.holder_name} trak tilbage, {WAY[taken.method]}:", *titles, _record(event), ""]
    return []


def _when(event: Event) -> str:
    local = event.at.astimezone(COPENHAGEN)
    return f"{danish_date(local.date())} kl. {local:%H.%M}"


def _record(event: Event) -> str:
    return f"  Post {event.id}, {instant(event.at)}, kontroltal {event.digest}"
