"""The list of what was found, to take along: each hit asked about and logged as on the page (R-71)."""

from __future__ import annotations

import msgspec

from tillid.archive.query import MAX_SIZE, SearchQuery, SearchResult
from tillid.process.access import Identity
from tillid.usecases.archive_purpose import stated_purpose
from tillid.usecases.ports import House
from tillid.usecases.search_archive import (
    archivists_units,
    note_hits,
    page_of,
    scoped,
    search_row,
)

MOST = 1_000


def export_hits(house: House, who: Identity, query: SearchQuery, purpose: str) -> SearchResult:
    """The first ``MOST`` hits in the order asked for, without those that may not be shown; ``total`` counts all that the
    question finds. A row in the log of the search, and one per child, before the list leaves. Raises ``PurposeMissing``,
    ``QueryRefused``, ``Unavailable``; ``NotFound`` for everybody but archivists."""
    units = archivists_units(house, who)
    stated = stated_purpose(purpose)
    house.audit.write(search_row(house, who, "export_hits", "", "", stated))
    asked, found, total = scoped(house, units, query), {}, 0
    for page in range(1, MOST // MAX_SIZE + 1):
        asked, result = page_of(house, who, msgspec.structs.replace(asked, page=page, size=MAX_SIZE))
        total = result.total
        # The index may have changed between two pages: a version stands in the list once.
        found |= {(hit.document_id, hit.version): hit for hit in result.hits}
        if len(result.hits) < MAX_SIZE:
            break
    shown = tuple(found.values())
    note_hits(house, who, shown, stated, "export_hit")
    return SearchResult(total=total, hits=shown)
