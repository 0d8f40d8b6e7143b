"""The main menu: what a person's roles let them begin. Hiding an entry protects nothing; the use cases do."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from tillid.process.access import Identity
from tillid.web.i18n import _
from tillid.web.policy import any_of, words_for


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One menu entry: route without parts, title, who sees it, and what one does there (for a front page with nothing on it)."""

    route: str
    title: str
    who: str
    about: str = ""


ENTRIES: tuple[Entry, ...] = (
    Entry(route="home", title=_("Forside"), who="person"),
    Entry(
        route="archive",
        title=_("Søg i arkivet"),
        who="archivist",
        about=_("Find en sag, læs den, og se, hvad kontrollen siger. Du skriver først, hvad du skal bruge den til."),
    ),
    Entry(
        route="due",
        title=_("Frister"),
        who="archivist notification_archivist",
        about=_("Se, hvad der kan vurderes, hold noget tilbage, og bed om eller bekræft en destruktion."),
    ),
    Entry(
        route="imported",
        title=_("Modtaget fra andre"),
        who="archivist",
        about=_("Læs de pakker, andre har afleveret til jer."),
    ),
    Entry(
        route="log",
        title=_("Hvem har læst hvad"),
        who="dpo",
        about=_("Vælg et barn, og se, hvem der har læst eller gjort hvad."),
    ),
    Entry(
        route="insight",
        title=_("Indsigt"),
        who="dpo",
        about=_("Saml svaret til en, der har bedt om indsigt, og ret det til."),
    ),
    Entry(
        route="admin",
        title=_("Drift"),
        who="administrator",
        about=_("Se, om alt kører, og ret kommunens indstillinger og skabeloner."),
    ),
    Entry(
        route="designs",
        title=_("Skemaer"),
        who="administrator",
        about=_("Lav en ny version af et skema, eller udgiv en, som en anden har lavet."),
    ),
    Entry(route="notify", title=_("Underret"), who="professional leader area_leader"),
    Entry(
        route="intake",
        title=_("Underretninger"),
        who="intake",
        about=_("Læs de underretninger, der er sendt til jer."),
    ),
)


def menu_of(person: Identity | None) -> tuple[Entry, ...]:
    """The entries ``person`` sees."""
    return () if person is None else _seen_by(words_for(person))


@lru_cache(maxsize=256)
def _seen_by(own: frozenset[str]) -> tuple[Entry, ...]:
    return tuple(entry for entry in ENTRIES if any_of(entry.who, own))
