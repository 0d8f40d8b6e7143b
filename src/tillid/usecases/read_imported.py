"""The archivist reads what another installation handed over: which packages there are, what is in one, its files (ADR 0057).

They are nobody's documents here: nothing finds them by child or by search, and there is no operation that changes one.
"""

from __future__ import annotations

import msgspec

from tillid.archive.imported import Imported
from tillid.archive.package_held import DATA, DOCUMENT, Proof
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.archive_purpose import stated_purpose
from tillid.usecases.ports import House
from tillid.usecases.search_archive import units_of_archivist
from tillid.usecases.writing import audit_row

PDF, XML, JSON = "application/pdf", "application/xml", "application/json"


class ImportedCase(msgspec.Struct, frozen=True, kw_only=True):
    """``files``: what can be opened, by the name that it is asked for with."""

    package: Imported
    proof: Proof
    files: dict[str, str]


class ImportedFile(msgspec.Struct, frozen=True, kw_only=True):
    """``name``: fit for a download, with no person's name in it (R-111)."""

    data: bytes
    media_type: str
    name: str


def list_imported(house: House, who: Identity) -> tuple[Imported, ...]:
    """Those of the archivist's own controller (R-05), newest first; logged. Raises ``NotFound`` for everybody else."""
    own = _controllers(house, who)
    house.audit.write(audit_row(house, who, "list_imported", "", "", "list_imported"))
    kept = house.imported.all() if house.imported is not None else ()
    return tuple(one for one in kept if one.controller in own)


def open_imported(house: House, who: Identity, package_id: str, purpose: str) -> ImportedCase:
    """One package and what is so of its parts now; logged first, with the purpose (R-71). Raises ``PurposeMissing``, ``NotFound``."""
    stated = stated_purpose(purpose)
    package = may_read_imported(house, who, package_id)
    house.audit.write(audit_row(house, who, "open_imported", package.id, "", stated))
    proof = house.imported.judged(package, house.moment)  # type: ignore[union-attr]
    return ImportedCase(package=package, proof=proof, files=_openable(proof))


def imported_file(house: House, who: Identity, package_id: str, name: str, purpose: str) -> ImportedFile:
    """The file ``name`` of ``ImportedCase.files``; logged with the purpose before the bytes leave."""
    stated = stated_purpose(purpose)
    package = may_read_imported(house, who, package_id)
    found = _FILES.get(name) or _record(name, package)
    if found is None:
        raise NotFound("no file of a package")
    house.audit.write(audit_row(house, who, "export_imported", package.id, "", stated))
    data = house.imported.read(package, found[0])  # type: ignore[union-attr]
    if data is None:
        raise NotFound("not in the package")
    end = found[1].rsplit("/", 1)[1]
    return ImportedFile(data=data, media_type=found[1], name=f"{package.id}-{name.replace('/', '-')}.{end}")


def may_read_imported(house: House, who: Identity, package_id: str) -> Imported:
    """Raises ``NotFound`` for what is not there, and for everybody but the archivists of its controller."""
    own = _controllers(house, who)
    package = house.imported.get(package_id) if house.imported is not None else None
    if package is None or package.controller not in own:
        raise NotFound("no package of the archivist's")
    return package


# What can be opened beside the records: by name, where it lies and what it is.
_FILES = {
    "dokument": (DOCUMENT, PDF),
    "svar": (f"{DATA}answers.json", JSON),
    "skema": (f"{DATA}definition.json", JSON),
}


def _record(name: str, package: Imported) -> tuple[str, str] | None:
    """The record of an event; only of one that was judged when the package came, so that no path is made of what was posted."""
    event_id = name.removeprefix("post/")
    if f"records/{event_id}" not in {one.of for one in package.parts}:
        return None
    return f"{DATA}records/{event_id}/record.xml", XML


def _openable(proof: Proof) -> dict[str, str]:
    records = {of: f"post/{of.split('/')[1]}" for of, _ in proof.found if of.count("/") == 1}
    return {name: name for name in _FILES} | records


def _controllers(house: House, who: Identity) -> frozenset[str]:
    """Whose archive the archivist looks after; raises ``NotFound`` for who is none."""
    units = units_of_archivist(house, who)
    if not units:
        raise NotFound("not an archivist")
    return frozenset(unit.controller.id for id_ in units if (unit := house.people.unit(id_)) is not None)
