"""The way of a document, as its form's own states name it: what is shared with the parents, agreed on, attested (T6, D1, O9).

Three ways come out of it, and no form is named for any:
shared and agreed on (an overgangsbeskrivelse); attested by the leader and only then shared (a trivselsvurdering); shared as
an invitation, written on at the meeting and then attested (an FDR sheet). A form whose states have no ``shared`` is never
the parents' to see, whatever its fields say. What comes last in a form's states says how a case ends: minutes are closed when what was agreed
on is done (D7), and the paper of a group, which nobody sends anywhere, by its leader (T5).
"""

from __future__ import annotations

import msgspec

from tillid.documents.model import Document
from tillid.forms.definition import FormDefinition

SHARED, AGREED, ATTESTED, CLOSED = "shared", "agreed", "submitted", "closed"


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """``agreed``: both sides must be of one mind about the words; ``attested``: a leader reads and locks them instead;
    ``attested_first``: before any parent sees them. The default lets nobody in."""

    shared: bool = False
    agreed: bool = False
    attested: bool = False
    attested_first: bool = False
    closes: bool = False


def way_of(definition: FormDefinition) -> Way:
    """The way that ``definition``'s states, in their order, describe."""
    states = [state.id for state in definition.states]
    if SHARED not in states:
        return Way(closes=CLOSED in states and ATTESTED not in states)
    agreed = AGREED in states
    attested = ATTESTED in states and not agreed
    first = attested and states.index(ATTESTED) < states.index(SHARED)
    return Way(
        shared=True, agreed=agreed, attested=attested, attested_first=first, closes=attested and CLOSED in states
    )


def steps(document: Document, way: Way) -> frozenset[str]:
    """What stands open for ``document`` on its way, in the words of ``permissions.csv``.

    ``writable``: the sender's side still writes. ``shareable``: it can be given to the parents, for the first time or anew.
    ``talk``: their words can be written in a talk. ``agreeable``: both sides can agree. ``attestable``: a leader can lock
    it. ``handed``: locked after the parents had it, who keep it. ``told``: a parent can acknowledge having read it.
    ``called``: a meeting that is still to be held; ``followed``: what was agreed on there is followed up; ``finished``: all of it is done,
    or the meeting is not held. ``group_paper``: what a team writes about its group, until
    the leader locks it.
    """
    state, locked = document.state, document.state == "shared" and document.attested_version is not None
    writing = state in ("draft", "shared") and not locked
    found = {"writable"} if writing else set()
    if way.attested and state in ("draft", "shared"):
        found.add("attestable")
    if way.closes and way.attested:
        found |= {"submitted": {"followed"}, "closed": {"finished"}}.get(state, set())
        if state == "shared" and document.attested_version is None:
            found.add("called")
    if way.closes and not way.shared and state == "draft":
        found.add("group_paper")
    if not way.shared or not document.child_id:
        return frozenset(found)  # about no child of the register: there are no parents to share it with (D13)
    had_it = document.shared_version is not None
    if way.agreed and state == "shared":
        found.add("agreeable")
    if writing and not way.attested_first or way.attested and state == "submitted" and not had_it:
        found.add("shareable")
    if state == "shared" or writing and not way.attested_first:
        found.add("talk")
    if way.attested and state in ("submitted", "closed") and had_it:
        found.add("handed")
    if way.attested and (state == "shared" or "handed" in found):
        found.add("told")
    return frozenset(found)
