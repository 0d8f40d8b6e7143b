"""What a leader must have said before anything is shared without consent, and every way to be refused (R-01, R-02, R-37)."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from tillid.consents.decision import Ground
from tillid.kernel.clock import local_day
from tillid.kernel.cpr import may_be_written
from tillid.kernel.errors import TillidError
from tillid.kernel.text import normal_newlines

LEAST_REASON, MOST = 20, 2000  # characters


class ReasonMissing(TillidError):
    code = "decision.reason"
    text = "Skriv med dine egne ord, hvorfor oplysningerne skal gives videre uden samtykke. Mindst {count} tegn."


class ProvisionMissing(TillidError):
    code = "decision.provision"
    text = "Skriv den bestemmelse, du bygger på, for eksempel lovens navn og paragraf."


class InformedMissing(TillidError):
    code = "decision.informed"
    text = "Skriv den dag, forældrene blev orienteret, og hvad de sagde til det. Dagen kan ikke ligge i fremtiden."


class UnfitWords(TillidError):
    """``part``: ``provision``, ``reason`` or ``objection``. They are shown to parents or the receiver as they stand."""

    code = "decision.unfit"
    text = "Skriv ikke CPR-numre, og skriv det igen uden usynlige tegn. De kan komme med, når man kopierer en tekst."

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


class NothingChosen(TillidError):
    code = "decision.nothing-chosen"
    text = "Vælg mindst én del, som modtageren har brug for. Vælg ikke mere end nødvendigt."


class GuidelineAfterNo(TillidError):
    code = "decision.guideline-after-no"
    text = (
        "Forældrene har sagt nej eller trukket deres ja tilbage. Så kan retningslinjerne ikke bruges i stedet for samtykket. "
        "Kun en bestemmelse i loven kan være grundlag, og det kræver en ny, begrundet beslutning."
    )


class QuestionOpen(TillidError):
    code = "decision.question-open"
    text = (
        "Forældrene er spurgt om samtykke til det samme, og spørgsmålet er åbent, eller alle har sagt ja. Der kan kun bruges "
        "ét grundlag ad gangen."
    )


class AlreadyDecided(TillidError):
    code = "decision.made"
    text = "Der er en beslutning, der virker. Lad den ophøre, før du træffer en ny."


class ProtectedChosen(TillidError):
    """R-37: what is chosen holds an address that the register knows as protected. ``fields``: their labels, never the address."""

    code = "decision.protected"
    text = (
        "Der står en adresse, som er beskyttet, i det, du har valgt ({fields}). Den må ikke gives videre. Vælg de dele fra, eller "
        "del en ny udgave uden adressen med forældrene først."
    )


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What the leader has filled in. ``objection``: what the parents said against it, empty for "they did not object",
    ``None`` for not answered."""

    ground: Ground
    provision: str
    chosen: frozenset[str]
    reason: str
    informed_on: date | None
    objection: str | None


def refuse_unsaid(said: Said, moment: datetime) -> None:
    """Raises ``ProvisionMissing``, ``ReasonMissing``, ``InformedMissing`` or ``UnfitWords``."""
    if said.ground == "provision" and not said.provision.strip():
        raise ProvisionMissing("no provision")
    if len(words(said.reason)) < LEAST_REASON:
        raise ReasonMissing("too short", count=LEAST_REASON)
    if said.informed_on is None or said.objection is None or said.informed_on > local_day(moment):
        raise InformedMissing("parents")
    for part, text in (("provision", said.provision), ("reason", said.reason), ("objection", said.objection)):
        if not may_be_written(normal_newlines(text)):
            raise UnfitWords(part)


def words(text: str) -> str:
    """As they are kept: with plain line breaks, and no longer than they may be."""
    return normal_newlines(text).strip()[:MOST]
