"""A tried template is sent for review, looked at by another administrator, and sent back or taken into use (ADR 0033).

Nobody takes into use what they sent in themselves. What is published is the very file that was tried, against the template
that is in use; its digest stands in every copy made with it.
"""

from __future__ import annotations

import msgspec

from tillid.documents.templates import Proposal, ProposalState, Publication
from tillid.kernel.errors import TillidError
from tillid.process.access import Identity
from tillid.usecases.change_template import (
    findings,
    has_errors,
    is_outdated,
    require_proposal,
    started,
    trial_entry,
)
from tillid.usecases.design_data import ask_second_person, record, said
from tillid.usecases.ports import House
from tillid.usecases.template_in_use import bytes_of


class OwnTemplate(TillidError):
    code = "template.own-work"
    text = "Du har selv sendt skabelonen ind. En anden administrator skal se på den og tage den i brug."


class ProposalChanged(TillidError):
    """Somebody else was first; nothing was changed."""

    code = "template.changed-meanwhile"
    text = "Der er sket noget med skabelonen, siden du åbnede siden. Se på den igen, før du går videre."


class NotTried(TillidError):
    code = "template.not-tried"
    text = "Alle eksempler skal være dannet uden fejl, før skabelonen kan bruges. Se listen på siden."


class InUseMoved(TillidError):
    code = "template.moved"
    text = "En anden skabelon eller andre farver er taget i brug, siden eksemplerne blev dannet. Dan dem igen, og se på dem."


class HasErrors(TillidError):
    code = "template.has-errors"
    text = "Kontrollen har fundet fejl i skabelonen. Den kan ikke bruges. Ret filen, og send den ind på ny."


class NoReason(TillidError):
    code = "template.reason-missing"
    text = "Skriv, hvad der skal ændres, så den, der har sendt skabelonen ind, ved det."


def submit_template(house: House, who: Identity, proposal_id: str, seen: str) -> Proposal:
    """The proposal goes to review, and the other administrators are told. Raises ``ProposalChanged``, ``NotTried`` and ``InUseMoved``."""
    proposal = _seen(require_proposal(house, who, proposal_id), seen, "draft")
    _tried(house, proposal)
    record(house, who, "submit_template", proposal.id)
    about = f"{proposal.id}:{proposal.trial.number}:{house.moment.isoformat()}"
    ask_second_person(house, "template_waits", about, (proposal.author,), template=proposal.id)
    return _stepped(house, proposal, "in_review")


def try_again(house: House, who: Identity, proposal_id: str, seen: str) -> Proposal:
    """All samples anew; a proposal in review becomes a draft again. Raises ``ProposalChanged``."""
    proposal = _seen(require_proposal(house, who, proposal_id), seen, "draft", "in_review")
    entry = trial_entry(house, proposal)
    if entry is not None and not entry.dead:
        return proposal  # they are being made
    if entry is not None:
        house.outbox.remove(entry.key)
    record(house, who, "try_template", proposal.id)
    return started(house, msgspec.structs.replace(proposal, state="draft"))


def discard_template(house: House, who: Identity, proposal_id: str, seen: str) -> Proposal:
    """The proposal is put aside; it stays readable. Raises ``ProposalChanged``."""
    proposal = _seen(require_proposal(house, who, proposal_id), seen, "draft", "faulty")
    record(house, who, "discard_template", proposal.id)
    return _stepped(house, proposal, "discarded")


def reject_template(house: House, who: Identity, proposal_id: str, seen: str, comment: str) -> Proposal:
    """The second person sends it back with a reason. Raises ``OwnTemplate``, ``NoReason``, ``ProposalChanged``."""
    proposal = _second_person(house, who, proposal_id, seen)
    if not comment.strip():
        raise NoReason("reject")
    record(house, who, "reject_template", proposal.id)
    return _stepped(house, proposal, "rejected", comment=said(comment), reviewer=who.person_id)


def publish_template(house: House, who: Identity, proposal_id: str, seen: str) -> Publication:
    """From now on copies of that form version are made with it; what was in use stays kept.

    Raises ``OwnTemplate``, ``ProposalChanged``, ``NotTried``, ``InUseMoved``, and ``HasErrors`` when the linter has learned
    something since."""
    proposal = _second_person(house, who, proposal_id, seen)
    _tried(house, proposal)
    docx = bytes_of(house, proposal.sha256)
    definition = house.definitions.get(proposal.form, proposal.version)
    if docx and has_errors(findings(house, definition, docx)):
        raise HasErrors("publish")
    record(house, who, "publish_template", proposal.id)
    earlier = [one for one in house.templates.published(proposal.form) if one.version == proposal.version]
    publication = Publication(
        number=len(earlier) + 1,
        form=proposal.form,
        version=proposal.version,
        sha256=proposal.sha256,
        file_name=proposal.file_name,
        size=proposal.size,
        digest=proposal.trial.digest,
        proposal_id=proposal.id,
        author=proposal.author,
        reviewer=who.person_id,
        at=house.moment,
    )
    house.templates.publish(publication)
    _stepped(house, proposal, "published", reviewer=who.person_id)
    return publication


def _second_person(house: House, who: Identity, proposal_id: str, seen: str) -> Proposal:
    proposal = require_proposal(house, who, proposal_id)
    if who.person_id == proposal.author:
        raise OwnTemplate("review")
    return _seen(proposal, seen, "in_review")


def _seen(proposal: Proposal, seen: str, *states: ProposalState) -> Proposal:
    """The proposal, if it stands as the page showed it: ``seen`` is its state and trial (``proposal_mark``)."""
    if proposal.state not in states or seen != proposal_mark(proposal):
        raise ProposalChanged(proposal.state)
    return proposal


def proposal_mark(proposal: Proposal) -> str:
    """What a page posts back, so that nobody decides on something else than they saw."""
    return f"{proposal.state}.{proposal.trial.number}"


def _tried(house: House, proposal: Proposal) -> None:
    if has_errors(proposal.findings):
        raise HasErrors("state")
    if not proposal.trial.passed:
        raise NotTried("trial")
    if is_outdated(house, proposal):
        raise InUseMoved("digest")


def _stepped(house: House, proposal: Proposal, state: ProposalState, **more: str) -> Proposal:
    stepped = msgspec.structs.replace(proposal, state=state, changed_at=house.moment, **more)
    house.templates.put(stepped)
    return stepped
