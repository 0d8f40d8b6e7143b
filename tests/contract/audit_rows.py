"""Rows for tests of the audit log."""

from __future__ import annotations

from datetime import UTC, datetime

from tillid.kernel.ids import new_id
from tillid.usecases.ports import AuditRow

AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
CHILD = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"


def a_row(child_id: str = CHILD, **changes: object) -> AuditRow:
    values = {
        "id": new_id(),
        "phase": "attempt",
        "at": AT,
        "request_id": new_id(),
        "person_id": new_id(),
        "role": "archivist",
        "action": "document.read",
        "object_id": new_id(),
        "child_id": child_id,
        "purpose": "aktindsigt",
    }
    return AuditRow(**(values | changes))
