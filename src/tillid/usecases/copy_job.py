"""What one reader's copy of a version is made of: the job for its PDF, and the facts at the head of it, which the same text
on a page says too."""

from __future__ import annotations

from typing import Any

import msgspec

from tillid.consents.attestation import attestation_of
from tillid.consents.statement import danish_date
from tillid.documents.model import Document, Reader, Version
from tillid.documents.rendering import RenderJob, build_job
from tillid.kernel.clock import COPENHAGEN, local_day
from tillid.usecases.fill import definition_of
from tillid.usecases.ports import House
from tillid.usecases.template_in_use import own_bytes

Head = tuple[tuple[str, str], ...]


def head_of(house: House, document: Document, version: Version | None) -> Head:
    """Label and text of what stands above the answers, for every reader alike; ``version`` is ``None`` for a draft."""
    child = house.people.child(document.child_id)
    unit = house.people.unit(document.unit_id)
    receiver = house.people.unit(document.receiver_unit_id) if document.receiver_unit_id else None
    return (
        ("Barn", child.name if child else ""),
        ("Fra", unit.name if unit else ""),
        ("Til", receiver.name if receiver else ""),
        ("Udgave", str(version.number) if version else ""),
        ("Bekræftet af", _attested(house, document, version)),
    )


def _attested(house: House, document: Document, version: Version | None) -> str:
    """Which leader has attested the version, and when (R-103: never called a signature)."""
    found = attestation_of(house.ledger.of_document(document.id), version.number) if version else None
    if found is None or found[1].capacity != "leader":
        return ""
    return f"{found[1].attester_name}, leder, {danish_date(local_day(found[0].at))}"


def _name_of_case(reader: Reader, version: Version | None) -> Head:
    """What the authority calls the case it opens for a family it does not know: fixed, so that it is found again, and
    without anybody's name (U5)."""
    if reader != "authority" or version is None:
        return ()
    return (("Sagens navn", f"BU underretning dato {version.frozen_at.astimezone(COPENHAGEN):%d.%m.%Y}"),)


def copy_job(house: House, document: Document, version: Version, reader: Reader) -> RenderJob:
    """The job for one reader's copy of a version: that reader's projection and nothing else (design 16)."""
    return job_for(house, document, version.answers, reader, version)


def job_for(
    house: House, document: Document, answers: dict[str, Any], reader: Reader, version: Version | None
) -> RenderJob:
    """A copy of ``answers``, with the template in use now; ``version`` is ``None`` for a preview of the draft."""
    definition = definition_of(house, version or document)
    job = build_job(
        definition,
        answers,
        reader=reader,
        document=document,
        municipality=house.settings.municipality,
        moment=version.frozen_at if version else house.moment,
        header=(*_name_of_case(reader, version), *head_of(house, document, version)),
    )
    # A template of one's own may print the form's own fields by name, and a later phase has others.
    own = b"" if document.source else own_bytes(house, definition.id, definition.version)
    return msgspec.structs.replace(job, template=own) if own else job
