"""Searches that an archivist keeps: for nobody else, found by an id that says nothing, asked with a purpose each time."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from tillid.archive.query import SearchQuery
from tillid.archive.saved import SavedSearch, Standing, kept_question, standing
from tillid.kernel.clock import local_day
from tillid.kernel.cpr import may_be_written
from tillid.kernel.errors import NotFound, TillidError
from tillid.kernel.ids import new_id
from tillid.process.access import Identity
from tillid.usecases.archive_purpose import stated_purpose
from tillid.usecases.made_for_person import place_of
from tillid.usecases.ports import House
from tillid.usecases.search_archive import archivists_units, search_row, units_of_archivist

MOST = 50
LONGEST_TITLE = 80
TELLS_FOR = timedelta(days=180)  # a purpose does not last for ever: then the owner has to say again that it is wanted


class TitleWrong(TillidError):
    code = "saved.title"
    text = "Giv søgningen et navn på højst {most} tegn, uden CPR-numre og usynlige tegn."


class WordsUnfit(TillidError):
    code = "saved.words"
    text = "En søgning med et CPR-nummer kan ikke gemmes. Skriv noget andet i søgeordene."


class TooMany(TillidError):
    code = "saved.too-many"
    text = "Du har gemt {most} søgninger, og flere kan der ikke være. Slet en af dem, og prøv igen."


class RoleEnded(TillidError):
    code = "saved.no-role"
    text = "Du er ikke arkivar længere. Derfor kan søgningen ikke bruges, og du får ikke besked om noget nyt i den."


class SavedLine(msgspec.Struct, frozen=True, kw_only=True):
    """``news``: something new was told and the search was not made since; ``goes_on``: the day it is removed, unless its owner is an
    archivist again by then."""

    search: SavedSearch
    standing: Standing
    news: bool
    goes_on: date | None = None


def save_search(
    house: House, who: Identity, title: str, query: SearchQuery, purpose: str,
    *, look: str = "", columns: tuple[str, ...] = (), tell: bool = False,
) -> SavedSearch:  # fmt: skip
    """Keep ``query`` as it is asked now, in the place of the owner's search of the same title. Raises ``PurposeMissing``,
    ``TitleWrong``, ``WordsUnfit``, ``QueryRefused``, ``TooMany``; ``NotFound`` for everybody but archivists."""
    archivists_units(house, who)
    stated, title = stated_purpose(purpose), title.strip()
    if not 0 < len(title) <= LONGEST_TITLE or not may_be_written(title):
        raise TitleWrong("title", most=LONGEST_TITLE)
    if not may_be_written(query.words):
        raise WordsUnfit("words")
    own = {one.title: one.id for one in house.saved.of_person(who.person_id)}
    if title not in own and len(own) >= MOST:
        raise TooMany("saved", most=MOST)
    saved = SavedSearch(
        id=own.get(title) or new_id(),
        owner=who.person_id,
        title=title,
        question=kept_question(query),
        purpose=stated,
        saved_at=house.moment,
        look=look,
        columns=columns,
        tell_until=_last_day(house) if tell else None,
    )
    house.audit.write(search_row(house, who, "save_search", saved.id, "", stated))
    house.saved.put(saved)
    return saved


def own_searches(house: House, who: Identity) -> tuple[SavedLine, ...]:
    """Newest first. Raises ``NotFound`` for who is no archivist and never was one with a search to keep."""
    own, archivist = house.saved.of_person(who.person_id), bool(units_of_archivist(house, who))
    if not own and not archivist:
        raise NotFound("not an archivist")
    today = local_day(house.moment)
    lines = [
        SavedLine(
            search=one,
            standing=standing(one, today, archivist=archivist),
            news=archivist and is_told(house, one),
            goes_on=None if archivist else goes_on(one),
        )
        for one in own
    ]
    return tuple(sorted(lines, key=lambda line: (line.search.saved_at, line.search.id), reverse=True))


def open_saved(house: House, who: Identity, search_id: str) -> SavedSearch:
    """The search to be made again. Raises ``RoleEnded``; ``NotFound`` for everybody but its owner."""
    saved = _own(house, who, search_id)
    if not units_of_archivist(house, who):
        raise RoleEnded("not an archivist any more")
    return saved


def began_as(house: House, who: Identity, search_id: str) -> SavedSearch | None:
    """The owner's search that a posted one began as, if it is there."""
    saved = house.saved.get(search_id)
    return saved if saved is not None and saved.owner == who.person_id else None


def delete_saved(house: House, who: Identity, search_id: str) -> None:
    """It is gone; what became of the role does not matter. Raises ``NotFound`` for everybody but its owner."""
    saved = _own(house, who, search_id)
    house.audit.write(search_row(house, who, "delete_search", saved.id, "", saved.purpose))
    house.saved.remove(saved.id)


def tell_of_news(house: House, who: Identity, search_id: str, wanted: bool) -> None:
    """Whether something new shall be told, from now on for half a year. Raises ``RoleEnded``, ``NotFound``."""
    saved = open_saved(house, who, search_id) if wanted else _own(house, who, search_id)
    until = _last_day(house) if wanted else None
    house.audit.write(search_row(house, who, "tell_search", saved.id, "", saved.purpose))
    house.saved.put(msgspec.structs.replace(saved, tell_until=until, stop=""))


def searched_again(house: House, who: Identity, search_id: str) -> None:
    """The owner is about to search: what comes from now on is new, and is told. Say it before the search is made, so that
    nothing is committed in between and never told. Writes to the second store alone; the search itself writes nothing."""
    saved = began_as(house, who, search_id)
    if saved is not None and is_told(house, saved):
        house.previews.drop(told_place(search_id))


def goes_on(saved: SavedSearch) -> date | None:
    """The day a search whose owner lost the role is removed; ``None`` as long as that was not found."""
    return saved.stopped_on + TELLS_FOR if saved.stopped_on is not None else None


def is_told(house: House, saved: SavedSearch) -> bool:
    """Whether the owner has a notice that was not followed by a search. The mark is lost with the second store; then the
    next new document is told once more than needed."""
    return house.previews.holds(told_place(saved.id), saved.owner, house.moment)


def told_place(search_id: str) -> str:
    """Where that mark lies."""
    return place_of(f"saved_search_told:{search_id}")


def _own(house: House, who: Identity, search_id: str) -> SavedSearch:
    saved = began_as(house, who, search_id)
    if saved is None:
        raise NotFound("no search of this person")
    return saved


def _last_day(house: House) -> date:
    return local_day(house.moment + TELLS_FOR)
