"""While a document's use is restricted (GDPR art. 18, R-72), nothing of it goes to anybody who does not have it already.

Asked by every verb that would give it on; a refusal, a withdrawal and the end of a share are never stopped (R-17).
"""

from __future__ import annotations

from tillid.consents.remarks import remarks_of
from tillid.kernel.errors import TillidError
from tillid.usecases.facts import held_of
from tillid.usecases.hand_over import Holds
from tillid.usecases.ports import House


class UseRestricted(TillidError):
    code = "document.restricted"
    text = (
        "Brugen af dokumentet er begrænset, fordi nogen har gjort indsigelse mod det. Det kan ikke deles eller gives videre, "
        "før begrænsningen er ophævet. Intet er registreret."
    )


class PackingRestricted(TillidError):
    code = "package.restricted"
    text = (
        "Brugen af dokumentet er begrænset, og det pakkes ikke til andre: {named}. Kun det, der efter reglerne skal afleveres til "
        "arkivet (--all-due), pakkes, og pakken siger, at brugen er begrænset."
    )


class PackingHeld(TillidError):
    code = "package.held"
    text = (
        "Tillid er genskabt fra en sikkerhedskopi, og dokumentet pakkes ikke, før nogen har bekræftet, at ingen tilbagekaldelse mangler: "
        "{named}. Lederen gør det på dokumentets side, administratoren for det hele på siden Drift."
    )


def refuse_packing(house: Holds, document_id: str, kind: str) -> None:
    """Raises ``PackingHeld`` while a share of it is held back: the package would tell of a consent that may have been taken back.
    Raises ``PackingRestricted`` while a restriction stands, unless the document was chosen (``kind``) because the rules hand it over:
    that is storage, which art. 18(2) leaves free, and where it is stored then is not the municipality's to choose (ADR 0064)."""
    events = house.ledger.of_document(document_id)
    if kind != "due" and remarks_of(events).restrictions:
        raise PackingRestricted("restricted", named=document_id)
    document = house.documents.get(document_id)
    if document is not None and held_of(house, document, events):
        raise PackingHeld("held back", named=document_id)


def refuse_restricted(house: House, document_id: str) -> None:
    """Raises ``UseRestricted`` while a restriction stands."""
    if remarks_of(house.ledger.of_document(document_id)).restrictions:
        raise UseRestricted("restricted")
