"""Who leads a round of trivselsskemaer, and when it may be opened to those who have submitted (design 25).

A round is no document and has no states of its own in ``permissions.csv``: leading is a matter of role alone, and the day
decides the rest. Nothing here lets a leader read a mark: that is asked of each form (``access.may``).
"""

from __future__ import annotations

from datetime import datetime

from tillid.kernel.clock import end_of
from tillid.process.access import Decision, Identity, leads
from tillid.process.organisation import Organigram, Round


def may_lead_round(who: Identity, round_: Round, organigram: Organigram) -> Decision:
    """Whether ``who`` is a leader of the round's unit or of one above it (R-70)."""
    leader = leads(who, round_.unit_id, organigram)
    return Decision(allowed=leader, reason="leads the unit" if leader else "no leader of the unit")


def past_deadline(round_: Round, moment: datetime) -> bool:
    """Whether the deadline's whole day has passed in Copenhagen."""
    return moment >= end_of(round_.deadline)


def may_open_round(who: Identity, round_: Round, organigram: Organigram, moment: datetime) -> Decision:
    """Whether ``who`` may open the round at ``moment``: a leader of it, and not before its deadline has passed."""
    lead = may_lead_round(who, round_, organigram)
    if not lead.allowed:
        return lead
    due = past_deadline(round_, moment)
    return Decision(allowed=due, reason="leads the unit, deadline passed" if due else "before the deadline")
