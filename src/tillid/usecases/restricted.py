"""While a document's use is restricted (GDPR art. 18, R-72), nothing of it goes to anybody who does not have it already.

Asked by every verb that would give it on; a refusal, a withdrawal and the end of a share are never stopped (R-17).
"""

from __future__ import annotations

from tillid.consents.remarks import remarks_of
from tillid.kernel.errors import TillidError
from tillid.usecases.ports import House


class UseRestricted(TillidError):
    code = "document.restricted"
    text = (
        "Brugen af dokumentet er begrænset, fordi nogen har gjort indsigelse mod det. Det kan ikke deles eller gives videre, "
        "før begrænsningen er ophævet. Intet er registreret."
    )


def refuse_restricted(house: House, document_id: str) -> None:
    """Raises ``UseRestricted`` while a restriction stands."""
    if remarks_of(house.ledger.of_document(document_id)).restrictions:
        raise UseRestricted("restricted")
