"""Whom a question about a child is put to: its custody holders, and from its fifteenth birthday the child itself (R-33, R-41).

Age and custody are asked of the register at the moment; nothing is kept of it but who was asked.
"""

from __future__ import annotations

from tillid.consents.custody import Custody
from tillid.consents.of_age import Question, asks_child, decides_itself
from tillid.kernel.errors import Unavailable
from tillid.process.access import Identity
from tillid.process.organisation import Child
from tillid.usecases.ports import LedgerView


class RegisterSilent(Unavailable):
    code = "consent.register-silent"
    text = (
        "Registret over forældremyndighed svarer ikke lige nu, så vi ved ikke, hvem der skal spørges. Ingen er spurgt. "
        "Prøv igen om lidt."
    )


def child_of_age(house: LedgerView, child_id: str) -> Child | None:
    """The child, if it decides about its own consents now; nobody whom the register does not know does."""
    child = house.people.child(child_id)
    return child if child is not None and decides_itself(child.birth_date, house.moment) else None


def is_of_age(house: LedgerView, child_id: str) -> bool:
    """Whether there is a ``child_of_age`` with that id."""
    return child_of_age(house, child_id) is not None


def to_ask(house: LedgerView, child: Child, custody: Custody | None) -> dict[str, str]:
    """Person → name of all who are to be asked about ``child`` now. Raises ``RegisterSilent`` while nobody knows who holds
    custody and the child is not of age."""
    if decides_itself(child.birth_date, house.moment):
        return {child.id: child.name}
    if custody is None:
        raise RegisterSilent("custody unknown")
    return {holder.person_id: holder.name for holder in custody.current(house.moment)}


def may_answer(house: LedgerView, question: Question, custody: Custody | None) -> dict[str, str]:
    """Person → name of those who were asked ``question`` and may still be the ones to answer it; nobody while a register is silent."""
    if not asks_child(question):
        holders = custody.current(house.moment) if custody is not None else ()
        return {one.person_id: one.name for one in holders if one.person_id in question.series}
    child = child_of_age(house, question.child_id)
    return {child.id: child.name} if child else {}


def as_registered(house: LedgerView, person_id: str) -> Identity | None:
    """The parent, or the child that decides itself, with that id: for what the system makes in that person's name, without a login."""
    if parent := house.people.parent(person_id):
        return Identity(person_id=parent.id, name=parent.name, kind="parent")
    child = child_of_age(house, person_id)
    return Identity(person_id=child.id, name=child.name, kind="young") if child else None
