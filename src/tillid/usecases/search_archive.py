"""Walk 3: the archivist finds, and is shown only what design 22 allows (station 8). Opening: ``open_archived.py``."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tillid.archive.analysis import SETTING
from tillid.archive.query import MAX_SIZE, SearchHit, SearchQuery, SearchResult, SearchUnavailable
from tillid.kernel.errors import NotFound
from tillid.kernel.ids import new_id
from tillid.process.access import Identity, units_of_controller
from tillid.usecases.archive_purpose import stated_purpose
from tillid.usecases.facts import allowed, facts_of
from tillid.usecases.filter_fields import checked_fields
from tillid.usecases.ports import AuditRow, House

MOST_ASKED = 60  # questions to an index that is wrong, before it answers nothing


def units_of_archivist(house: House, who: Identity) -> tuple[str, ...]:
    """The units of the archivist's own data controller (R-05): below the assignment and of the same controller."""
    return tuple(sorted(units_of_controller(who, "archivist", house.people.organigram())))


def archivists_units(house: House, who: Identity) -> tuple[str, ...]:
    """``units_of_archivist``; raises ``NotFound`` for everybody but archivists."""
    units = units_of_archivist(house, who)
    if not units:
        raise NotFound("not an archivist")
    return units


def search_archive(house: House, who: Identity, query: SearchQuery, purpose: str) -> SearchResult:
    """1. is there a purpose and a scope? 2. log 3. ask the back end, minus what changed and is not indexed yet
    4. ask the ledger again about every hit. Raises ``PurposeMissing``; ``NotFound`` for everybody but archivists."""
    units = archivists_units(house, who)
    stated = stated_purpose(purpose)
    house.audit.write(search_row(house, who, "search", "", "", stated))
    _, result = page_of(house, who, scoped(house, units, query))
    note_hits(house, who, result.hits, stated, "search_hit")
    return result


def page_of(house: House, who: Identity, asked: SearchQuery) -> tuple[SearchQuery, SearchResult]:
    """A page of hits that may all be shown, each asked of the ledger; and ``asked`` without what may not, for the next page. Raises
    ``SearchUnavailable``."""
    result = house.search.search(asked)
    if all(may_be_shown(house, who, hit) for hit in result.hits):
        return asked, result
    asked = _without_hidden(house, who, asked)
    result = house.search.search(asked)
    if not all(may_be_shown(house, who, hit) for hit in result.hits):
        raise SearchUnavailable("the index changed while it was asked")
    return asked, result


def _without_hidden(house: House, who: Identity, asked: SearchQuery) -> SearchQuery:
    """``asked`` without any document that may not be shown, on whatever page it would stand: numbers and facets tell of all pages. Only
    an index that is wrong holds such documents (a store that was set back to a backup); one that is too wrong to look through
    answers nothing. Raises ``SearchUnavailable``."""
    whole = msgspec.structs.replace(asked, size=MAX_SIZE, page=1)
    for _ in range(MOST_ASKED):
        hits = house.search.search(whole).hits
        hidden = {hit.document_id for hit in hits if not may_be_shown(house, who, hit)}
        exclude = whole.exclude | hidden
        if len(hits) < MAX_SIZE:
            return msgspec.structs.replace(asked, exclude=exclude)
        # A page that held nothing hidden is done with; of another the rest moves up.
        whole = msgspec.structs.replace(whole, exclude=exclude, page=whole.page if hidden else whole.page + 1)
    raise SearchUnavailable("the index holds too many documents that may not be shown")


def scoped(house: House, units: tuple[str, ...], query: SearchQuery) -> SearchQuery:
    """``query`` as it is asked for the archivist of ``units`` now: nothing that changed and is not indexed yet (decision 7).
    Raises ``QueryRefused`` for a filter that no field answers to."""
    query = checked_fields(house, _worded(house, query))
    return msgspec.structs.replace(query, allowed_units=units, exclude=house.exclusions.all())


def search_row(house: House, who: Identity, action: str, object_id: str, child_id: str, purpose: str) -> AuditRow:
    """An archivist's row for the log, with the purpose that was stated."""
    return AuditRow(
        id=new_id(),
        phase="attempt",
        at=house.moment,
        request_id=house.request_id,
        person_id=who.person_id,
        role="archivist",
        action=action,
        object_id=object_id,
        child_id=child_id,
        purpose=purpose,
    )


def note_hits(house: House, who: Identity, hits: tuple[SearchHit, ...], purpose: str, action: str) -> None:
    """A row per child whose words the list will show, so that each child's own log tells of it; on disk together, before
    the list leaves (design 3, R-71)."""
    rows = []
    for hit in hits:
        document = house.documents.get(hit.document_id)
        rows.append(search_row(house, who, action, hit.document_id, document.child_id if document else "", purpose))
    if rows:
        house.audit.write(*rows)


def excerpts_of(house: House, hits: Sequence[SearchHit], query: SearchQuery) -> tuple[str, ...]:
    """Of each shown hit the lines around what was asked for; call it when ``search_archive`` has logged the hits."""
    return house.search.excerpts(hits, _worded(house, query))


def _worded(house: House, query: SearchQuery) -> SearchQuery:
    """``query`` with the municipality's words that are searched as one."""
    return msgspec.structs.replace(query, synonyms=house.settings.choices.get(SETTING))


def still_found(house: House, who: Identity, result: SearchResult) -> bool:
    """Whether every hit may still be shown; asked on a fresh view right before the page leaves (design 9)."""
    return all(may_be_shown(house, who, hit) for hit in result.hits)


def may_be_shown(house: House, who: Identity, hit: SearchHit) -> bool:
    """The index may lag or lie; the ledger and the register decide (decision 5)."""
    document = house.documents.get(hit.document_id)
    if document is None or not 0 < hit.version <= document.versions:  # words of a version that the store does not know
        return False
    return allowed(house, who, "read_archived", facts_of(house, document))
