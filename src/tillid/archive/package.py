"""An E-ARK information package (CSIP and SIP 2.2.0) of one document: what is put together, and where in the package it lies.

https://earkcsip.dilcis.eu, https://earksip.dilcis.eu. Bytes in, files out; from the same input at the same moment always the same
bytes. Two representations: ``pdfa``, the archive's PDF with all its revisions, and ``data``, answers, definition, events and, for each
signed record, what it takes to judge it (R-85). Neither METS nor PREMIS names a person: ids alone; names are in the representations.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec

from tillid.archive.kle import Filed
from tillid.archive.package_mets import Agent, Group, PackageFile, mets
from tillid.archive.package_premis import Judged, dublin_core, premis, premis_files
from tillid.consents.events import Event
from tillid.consents.model import Organisation
from tillid.kernel.canonical import json_digest, sha256
from tillid.kernel.ids import derived_id

SCHEMAS = Path(__file__).parent / "schemas"  # of METS (CC0) and of what E-ARK adds to it (CC BY 4.0, DILCIS Board)
XML = "application/xml"
PDFA, DATA = "pdfa", "data"


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What goes into a package. ``title``: the form's, never a person's name; ``controller``: whose document it is (R-05);
    ``sender``: the municipality that hands it over; ``filed``: under which KLE subject and facet, decided or suggested; paths in ``pdfa`` and ``data`` are inside their ``data/`` folder;
    ``judged``: what was checked when the package was made."""

    document_id: str
    number: str
    title: str
    version: int
    frozen_at: datetime
    controller: Organisation
    sender: Organisation
    software: str
    made_at: datetime
    filed: Filed | None = None
    events: tuple[Event, ...]
    judged: tuple[Judged, ...]
    pdfa: tuple[PackageFile, ...]
    data: tuple[PackageFile, ...]
    documentation: tuple[PackageFile, ...]


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """``id``: the same for the same contents, whenever they are packed; the root METS is the last of ``files``."""

    id: str
    files: tuple[PackageFile, ...]

    @property
    def root_digest(self) -> str:
        """SHA-256 of the root METS: of all that is in the package, through the digests in it."""
        return sha256(self.files[-1].data)


def package_id(contents: Contents) -> str:
    """A UUID of what is packed: a new record or timestamp makes another package, a later moment does not."""
    held = sorted([one.path, sha256(one.data)] for one in (*contents.pdfa, *contents.data) if not one.of_the_moment)
    last = contents.events[-1].digest if contents.events else ""
    return derived_id(bytes.fromhex(json_digest([contents.document_id, contents.version, last, held])))


def build(contents: Contents) -> Package:
    """The package's files, the root METS last: whoever finds it has all the others."""
    id_ = package_id(contents)
    made: list[PackageFile] = []
    pointers = []
    for name, label, files in ((PDFA, "PDF/A", contents.pdfa), (DATA, "Data", contents.data)):
        inside = _representation(contents, name, label, files)
        made += (_under(f"representations/{name}", one) for one in inside)
        pointers.append((name, made[-1]))
    about = PackageFile(path="metadata/descriptive/dc.xml", data=dublin_core(contents), media_type=XML)
    kept = PackageFile(path="metadata/preservation/premis.xml", data=premis(contents, id_), media_type=XML)
    schemas = _schemas()
    documents = tuple(_under("documentation", one) for one in contents.documentation)
    root = mets(
        id=id_,
        label=f"{contents.title} ({contents.number}), version {contents.version}",
        made_at=contents.made_at,
        agents=_agents(contents),
        described=about,
        preserved=kept,
        groups=(Group(use="Schemas", files=schemas), Group(use="Documentation", files=documents)),
        pointers=pointers,
    )
    files = (*made, about, kept, *schemas, *documents, PackageFile(path="METS.xml", data=root, media_type=XML))
    return Package(id=id_, files=files)


def _representation(contents: Contents, name: str, label: str, files: Iterable[PackageFile]) -> list[PackageFile]:
    """Its files with their PREMIS objects, and its METS last."""
    data = tuple(_under("data", one) for one in files)
    kept = PackageFile(path="metadata/preservation/premis.xml", data=premis_files(name, data), media_type=XML)
    own = mets(
        id=name,
        label=label,
        made_at=contents.made_at,
        agents=_agents(contents)[:1],
        preserved=kept,
        groups=(Group(use="Data", files=data),),
        up="../../",
    )
    return [*data, kept, PackageFile(path="METS.xml", data=own, media_type=XML)]


def _agents(contents: Contents) -> tuple[Agent, ...]:
    return (
        Agent(role="CREATOR", type="OTHER", name="Tillid", note=contents.software, note_type="SOFTWARE VERSION"),
        _organisation("ARCHIVIST", contents.controller),
        _organisation("CREATOR", contents.sender),
    )


def _organisation(role: str, one: Organisation) -> Agent:
    """With its CVR number, or our own id where it has none."""
    return Agent(role=role, type="ORGANIZATION", name=one.name, note=f"CVR:{one.cvr}" if one.cvr else one.id)


@cache
def _schemas() -> tuple[PackageFile, ...]:
    """The same in every package."""
    return tuple(
        PackageFile(path=f"schemas/{path.name}", data=path.read_bytes(), media_type=XML)
        for path in sorted(SCHEMAS.glob("*.xsd"))
    )


def _under(folder: str, one: PackageFile) -> PackageFile:
    return msgspec.structs.replace(one, path=f"{folder}/{one.path}")
