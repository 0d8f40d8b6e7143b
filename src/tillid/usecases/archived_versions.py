"""The versions of a case that the archivist reads: the archive's own, and the earlier ones that somebody was given (ADR 0052).

Never a newer one than the archive's (design 22), nor what the team froze in between and gave nobody. Each is read in the archive's
projection, whatever its readers saw then.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from tillid.archive.scope import version_to_index
from tillid.documents.model import Copy, Document, Version
from tillid.forms.readers import ARCHIVE
from tillid.kernel.errors import NotFound
from tillid.process.access import Facts, Identity
from tillid.usecases.archive_purpose import stated_purpose
from tillid.usecases.compare_versions import ChangedText, compared_among
from tillid.usecases.facts import archive_request, require
from tillid.usecases.given import Given, given_to_parents
from tillid.usecases.open_copy import OpenedCopy, open_copy
from tillid.usecases.ports import House
from tillid.usecases.read_text import ReadCopy, copy_text
from tillid.usecases.writing import note

OPERATION = "read_archived"
READ, COMPARE = "read_archived_version", "compare_archived"


class ArchivedVersion(msgspec.Struct, frozen=True, kw_only=True):
    """``own``: the one that is the archive's; ``copy``: its PDF, which only what was agreed or attested has."""

    number: int
    at: datetime
    agreed: bool
    corrected: bool
    own: bool
    copy: Copy | None


def archive_version(house: House, document: Document, facts: Facts) -> Version:
    """The version that is the archive's. Raises ``NotFound``."""
    found = archive_request(house, house.ledger.of_document(document.id), facts.custody)
    verdict, asked = (found[1], found[0].document.version) if found else (None, None)
    number = version_to_index(document, verdict, asked)
    version = house.documents.version(document.id, number) if number else None
    if version is None:
        raise NotFound("no version of the archive's")
    return version


def archived_versions(house: House, document: Document, facts: Facts) -> tuple[ArchivedVersion, ...]:
    """Oldest first; the last is the archive's own. Asks nobody for leave."""
    newest = archive_version(house, document, facts)
    given = {one.number for one in given_to_parents(house.ledger.of_document(document.id))}
    earlier = (house.documents.version(document.id, number) for number in range(1, newest.number))
    found = [one for one in earlier if one is not None and (one.number in given or ARCHIVE in one.copies)]
    return tuple(_shown(one, newest.number) for one in (*found, newest))


def open_archived_copy(
    house: House, who: Identity, document_id: str, purpose: str, number: int | None = None
) -> OpenedCopy:
    """The archive's PDF of version ``number`` (default: the archive's own); logged with the purpose before the bytes leave.
    Raises ``PurposeMissing``, ``NotFound``, and ``NotYetRendered`` for a version that has none."""
    stated = stated_purpose(purpose)
    document, facts = require(house, who, OPERATION, document_id)
    chosen = _chosen(archived_versions(house, document, facts), number)
    return open_copy(house, who, document_id, OPERATION, chosen.number, purpose=stated)


def read_archived_version(
    house: House, who: Identity, document_id: str, number: int, purpose: str, language: str
) -> tuple[ArchivedVersion, ReadCopy]:
    """The text of version ``number`` as the archive may see it; logged with the purpose. Raises ``PurposeMissing``,
    ``NotFound``."""
    stated = stated_purpose(purpose)
    document, facts = require(house, who, OPERATION, document_id)
    chosen = _chosen(archived_versions(house, document, facts), number)
    note(house, who, READ, document, stated)
    version = house.documents.version(document_id, chosen.number)
    assert version is not None, "among those shown"
    return chosen, copy_text(house, document, version, ARCHIVE, language)


def compare_archived(
    house: House, who: Identity, document_id: str, before: int | None, after: int | None, purpose: str, language: str
) -> ChangedText:
    """Version ``before`` beside ``after`` (default: the two newest); logged with the purpose. Raises ``PurposeMissing``, and
    ``NotFound`` for a number that is not among the archivist's, or where there is only one."""
    stated = stated_purpose(purpose)
    document, facts = require(house, who, OPERATION, document_id)
    given = tuple(Given(number=one.number, at=one.at) for one in archived_versions(house, document, facts))
    if len(given) < 2:
        raise NotFound("nothing to compare")
    note(house, who, COMPARE, document, stated)
    return compared_among(house, document, given, ARCHIVE, before, after, language)


def _chosen(versions: tuple[ArchivedVersion, ...], number: int | None) -> ArchivedVersion:
    found = next((one for one in reversed(versions) if number in (None, one.number)), None)
    if found is None:
        raise NotFound("not the archive's")
    return found


def _shown(version: Version, own: int) -> ArchivedVersion:
    return ArchivedVersion(
        number=version.number,
        at=version.frozen_at,
        agreed=version.agreed,
        corrected=version.corrected,
        own=version.number == own,
        copy=version.copies.get(ARCHIVE),
    )
