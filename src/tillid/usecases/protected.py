"""Addresses that the register knows as protected, in texts that go to others (R-37): asked anew each time something is shared
or opened, for the register may learn of a protection after the text was frozen.

Parents are told nothing: a no would confirm an address that the other parent has guessed. The receiver meets the uniform
answer, as when a consent was withdrawn; the sender's side is told which field it is, never which address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tillid.consents.decision import ShareDecision
from tillid.consents.effective import Verdict
from tillid.consents.model import ConsentRequest
from tillid.consents.statement import released_answers
from tillid.documents.model import Document
from tillid.forms.answers import AnswerProblem
from tillid.forms.definition import FormDefinition
from tillid.forms.wording import protected_problems
from tillid.usecases.ports import House


def protected_in(
    house: House, document: Document, definition: FormDefinition, answers: Mapping[str, Any]
) -> tuple[AnswerProblem, ...]:
    """The fields of ``answers`` that hold such an address and are read by others."""
    return tuple(protected_problems(definition, answers, _addresses(house, document)))


def protected_in_release(
    house: House, document: Document, found: tuple[ConsentRequest | ShareDecision, Verdict] | None
) -> tuple[AnswerProblem, ...]:
    """The same of what a consent or a decision lets through now: what the receiver would read. Nothing is released while there is any."""
    if found is None or not found[1].effective or not (addresses := _addresses(house, document)):
        return ()
    request, verdict = found
    version = house.documents.version(document.id, request.document.version)
    if version is None:
        return ()
    answers = released_answers(request.items, verdict.items, version.answers)
    return tuple(protected_problems(house.definitions.of(version.definition), answers, addresses))


def _addresses(house: House, document: Document) -> Sequence[str]:
    return house.people.protected_addresses(document.child_id) if document.child_id else ()
