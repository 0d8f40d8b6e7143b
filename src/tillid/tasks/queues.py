"""Which step waits in which queue: what follows a withdrawal never waits behind a render (design 19), and a render that somebody
waits for not behind two hundred that were ordered at once (ADR 0034)."""

from __future__ import annotations

URGENT, RENDER, MANY = "urgent", "render", "many"
QUEUES = (URGENT, RENDER, MANY)

# What is not named here may be slow, so it waits with the renders.
_QUEUE_OF_STEP = {
    "seal_withdrawal": URGENT,
    "seal_attestation": URGENT,
    "seal_meeting": URGENT,
    "seal_reception": URGENT,
    "audit_withdrawal": URGENT,
    "index": URGENT,
    "enter_log": URGENT,
    "gather_copy": MANY,
    "render_insight": MANY,
    "render_kept": MANY,
    "destroy_document": MANY,
    "forget_document": MANY,
    "forget_evidence": MANY,
    "watch_searches": MANY,
    "hand_to_journal": MANY,
    # An authority may take its time; nobody waits for it.
    "timestamp_record": MANY,
}


def queue_of(key: str) -> str:
    """The queue for an outbox key (``<step>:<ids>``)."""
    return _QUEUE_OF_STEP.get(key.partition(":")[0], RENDER)
