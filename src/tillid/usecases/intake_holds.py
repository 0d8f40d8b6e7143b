"""What the intake has listed for a case of insight is held from destruction until the case is closed (R-90, ADR 0068).

Who looks after how long underretninger are kept reads the hold: it names neither the case nor the child.
"""

from __future__ import annotations

from tillid.archive.insight import InsightCase
from tillid.archive.insight_intake import answer_id, answer_of, hold_id
from tillid.archive.keeping import LIFTED, PLACED, Hold, Lifted, keeping_of
from tillid.usecases.ports import House
from tillid.usecases.writing import record_event

SYSTEM, REASON = "system", "Indsigt"


def hold_notification(house: House, case: InsightCase, document_id: str) -> None:
    """Once a case, however often it is listed."""
    document, id_ = house.documents.get(document_id), hold_id(case.id, document_id)
    if document is not None and house.ledger.event(id_) is None:
        record_event(house, document, PLACED, SYSTEM, Hold(kind="insight", reason=REASON), event_id=id_)


def let_notifications_go(house: House, case: InsightCase) -> None:
    """The closed ``case`` holds none of them any more; what others hold stays held."""
    answer = answer_of(case, house.ledger.of_document(answer_id(case.id)))
    for document_id in dict.fromkeys(one.document_id for one in answer.items):
        document, id_ = house.documents.get(document_id), hold_id(case.id, document_id)
        if document is not None and any(
            one.id == id_ for one in keeping_of(house.ledger.of_document(document_id)).holds
        ):
            record_event(house, document, LIFTED, SYSTEM, Lifted(hold=id_, reason=REASON))
