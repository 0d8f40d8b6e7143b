"""What the feed for a Danish archive version tells of one document, and the documents about the system that go with it (R-84)."""

from __future__ import annotations

from collections.abc import Iterable

from tillid.archive.avid import Entry, Person, Place, definition_bytes
from tillid.archive.avid_index import Context
from tillid.forms.definition import FormDefinition
from tillid.kernel.canonical import sha256
from tillid.signatures.receipt import how_to_verify
from tillid.usecases.hand_over import Holds, handed_over
from tillid.usecases.package_document import Proving, UnknownDocument, contents_of

ABOUT = """\
Dette er et grundlag for en arkiveringsversion. Det er IKKE en arkiveringsversion efter Rigsarkivets regler (BEK 128 af 12. februar 2020).

Tables/          tabeller som XML med skema; kolonner, nøgler og antal rækker står i Indices/tableIndex.xml
Documents/       dokumenter (PDF/A) og beviser (XML og andet), hver i sin mappe; navne står i Indices/docIndex.xml
ContextDocumentation/  skemaerne og vejledningen i at kontrollere beviserne
Indices/fileIndex.xml  alle filer med MD5 og SHA-256

Det mangler, før det er en arkiveringsversion: afleveringsbestemmelse og AVID-nummer, archiveIndex.xml, dokumenterne som TIFF, mapper og
filnavne med AVID-nummer, medier, og arkivets egen kontrol (ADA). Segl og underskrifter overlever ikke en omdannelse til TIFF;
derfor ligger posterne med certifikater, tidsstempler, resultatet af kontrollen og en læsbar gengivelse ved siden af (tabellen bevis).

CPR-numre fra registret er ikke med. Er et skema mærket til bevaring, er det med, som det blev låst: også de positioner, navne og numre, der
står i dets egne felter. Hele grundlaget er én dataansvarligs.
"""


def entry_of(house: Holds, proving: Proving, document_id: str, software: str) -> Entry:
    """Raises as ``contents_of``."""
    contents = contents_of(house, proving, document_id, software)
    document = house.documents.get(document_id)
    unit = house.people.unit(document.unit_id) if document else None
    if document is None or unit is None:
        raise UnknownDocument("no such document", named=document_id)
    child = house.people.child(document.child_id)
    given = handed_over(house, document, list(contents.events))
    return Entry(
        contents=contents,
        definition=given.definition,
        unit=Place(id=unit.id, name=unit.name, kind=unit.kind),
        child=Person(id=child.id, name=child.name, born=child.birth_date) if child else None,
        agreed=given.version.agreed,
        corrected=given.version.corrected,
        answers=given.answers,
    )


def contexts_of(definitions: Iterable[FormDefinition]) -> tuple[Context, ...]:
    """The page on how proofs are checked, and each form as it was compiled; in the same order each time."""
    found = [
        ("Sådan kontrolleres beviserne", "Vejledning på dansk og engelsk", "operationalInformation/operationalSystemInformation",
         "1.html", how_to_verify()),
    ]  # fmt: skip
    forms = {sha256(data): (one, data) for one in definitions for data in (definition_bytes(one),)}
    for form_id, (one, data) in sorted(forms.items(), key=lambda item: (item[1][0].id, item[1][0].version, item[0])):
        about = f"Skemaets felter, koder, regler og tekster som JSON; skema_id {form_id}"
        found.append((f"{one.title}, version {one.version}", about, "systemInformation/systemContent", "1.json", data))
    return tuple(
        Context(id=number, title=title, about=about, category=category, name=name, data=data)
        for number, (title, about, category, name, data) in enumerate(found, start=1)
    )
