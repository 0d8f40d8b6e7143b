"""The main menu: what a person's roles let them begin. Hiding an entry protects nothing; the use cases do."""

from __future__ import annotations

import msgspec

from tillid.process.access import Identity
from tillid.web.i18n import _
from tillid.web.policy import admits


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One menu entry: route without parts, title, and who sees it."""

    route: str
    title: str
    who: str


ENTRIES: tuple[Entry, ...] = (
    Entry(route="home", title=_("Forside"), who="person"),
    Entry(route="archive", title=_("Søg i arkivet"), who="archivist"),
    Entry(route="due", title=_("Frister"), who="archivist notification_archivist"),
    Entry(route="imported", title=_("Modtaget fra andre"), who="archivist"),
    Entry(route="log", title=_("Hvem har læst hvad"), who="dpo"),
    Entry(route="insight", title=_("Indsigt"), who="dpo"),
    Entry(route="admin", title=_("Drift"), who="administrator"),
    Entry(route="designs", title=_("Skemaer"), who="administrator"),
    Entry(route="notify", title=_("Underret"), who="professional leader area_leader"),
    Entry(route="intake", title=_("Underretninger"), who="intake"),
)


def menu_of(person: Identity | None) -> tuple[Entry, ...]:
    """The entries ``person`` sees."""
    return tuple(entry for entry in ENTRIES if person is not None and admits(entry.who, person))
