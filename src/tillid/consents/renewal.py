"""A consent that had ended is given anew: a fresh question (R-21) that says which earlier one it renews, and a yes that names the
giver's own yes to that one (issue 6 part 1)."""

from __future__ import annotations

from collections.abc import Iterable

from tillid.consents.effective import Verdict
from tillid.consents.events import Event
from tillid.consents.model import ConsentRequest, Renewed


def renewed_question(earlier: Iterable[tuple[ConsentRequest, Verdict]], receiver_id: str, purpose: str) -> str:
    """The id of the newest of the ``earlier`` questions of a document (newest first) about sharing with that receiver for that purpose
    to which all had said yes, if that consent has ended, however it did; empty without one. What was only refused is asked again,
    not renewed."""
    for request, verdict in earlier:
        if verdict.signed and (request.to_unit.id, request.purpose.code) == (receiver_id, purpose):
            return "" if verdict.effective else request.id
    return ""


def renewed_request(event: Event) -> str:
    """The id of the question that ``event``, a question or a yes, renews; empty for every other."""
    said = event.payload.get("renews") if event.kind in ("request_created", "consent_given") else None
    return (said["request_id"] if isinstance(said, dict) else said) or ""


def renewed_by(request: ConsentRequest, events: Iterable[Event], holder_id: str) -> Renewed | None:
    """What a yes of ``holder_id`` to ``request`` renews; ``None`` when that renews nothing. ``events``: of the document."""
    if not request.renews:
        return None
    for event in events:
        own = event.kind == "consent_given" and event.request_id == request.renews
        if own and event.payload["holder_id"] == holder_id:
            return Renewed(request_id=request.renews, event=event.id, digest=event.digest)
    return Renewed(request_id=request.renews)
