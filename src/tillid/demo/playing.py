"""Playing the people of the demo: what a person does in the browser, done through the same use cases.

For ``tillid walk``, for the archive's older cases and for the tests; everything it needs it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

import msgspec

from tillid.consents.model import ConsentRequest, LoginEvidence
from tillid.kernel.errors import TillidError, Unavailable
from tillid.kernel.ids import new_id
from tillid.process.access import Identity
from tillid.process.organisation import Child, Parent
from tillid.usecases.agree import confirm_agreement
from tillid.usecases.fill import text_digest
from tillid.usecases.follow_up import STEPS
from tillid.usecases.give_consent import Receipt, give_consent
from tillid.usecases.ports import House, OpenHouse
from tillid.usecases.save_fields import Change, Saved, save_fields
from tillid.usecases.whose_consent import as_registered
from tillid.wiring.repeating import again_on_conflict

T = TypeVar("T")


class ParentLogin(Protocol):
    """The declared test login."""

    def log_in(self, parent: Parent | Child, moment: datetime) -> LoginEvidence: ...


class Player:
    """Acts as the people of one installation. ``open_house``: commits at a clean end; ``login``: for parents; ``leaves``: steps of the
    outbox that it leaves alone."""

    def __init__(self, open_house: OpenHouse, login: ParentLogin, leaves: frozenset[str] = frozenset()) -> None:
        self.open_house, self._login, self._leaves = open_house, login, leaves

    def does(self, step: Callable[[House], T]) -> T:
        """What ``step`` gives, in a house of its own; begun again when the worker committed meanwhile, as a request is."""

        def once() -> T:
            with self.open_house() as house:
                return step(house)

        return again_on_conflict(once)

    def staff(self, staff_id: str) -> Identity:
        """The employee as logged in."""
        with self.open_house() as house:
            member = house.people.staff(staff_id)
        if member is None:
            raise LookupError(staff_id)
        return Identity.of_staff(member)

    def staff_named(self, username: str) -> Identity:
        """The employee with that login name."""
        with self.open_house() as house:
            member = house.people.staff_by_username(username)
        if member is None:
            raise LookupError(username)
        return self.staff(member.id)

    def parent(self, person_id: str) -> Identity:
        """The parent, or the young person that decides itself, as logged in with the declared test login."""
        with self.open_house() as house:
            who = as_registered(house, person_id)
            person = house.people.parent(person_id) or house.people.child(person_id)
            if who is None or person is None:
                raise LookupError(person_id)
            login = self._login.log_in(person, house.moment)
        return msgspec.structs.replace(who, login=login, session_id=new_id())

    def leader_of(self, unit_id: str) -> Identity:
        """A leader of the unit."""
        with self.open_house() as house:
            for member in house.people.all_staff():
                if any(a.role == "leader" and a.unit_id == unit_id for a in member.assignments):
                    return self.staff(member.id)
        raise LookupError(unit_id)

    def holders(self, child_id: str) -> list[Identity]:
        """The custody holders now."""
        with self.open_house() as house:
            people = [holder.person_id for holder in house.people.custody(child_id).current(house.moment)]
        return [self.parent(person) for person in people]

    def fill(self, who: Identity, document_id: str, answers: Mapping[str, Any]) -> None:
        """Save ``answers`` as ``who``; raises ``TillidError`` (``demo.not-taken``) if any is not taken."""

        def save(house: House) -> Saved:
            now = house.documents.draft(document_id).fields
            changes = {f: Change(value=v, base=now[f].revision if f in now else 0) for f, v in answers.items()}
            return save_fields(house, who, document_id, changes)

        saved = self.does(save)
        if saved.problems or saved.clashes:
            fields = sorted({p.field_id for p in saved.problems} | set(saved.clashes))
            raise TillidError(f"fields not taken: {fields}", code="demo.not-taken")

    def agree(self, who: Identity, document_id: str, *, on_behalf_of: str | None = None) -> None:
        """Agree to the text as it is now."""

        def confirm(house: House) -> None:
            seen = text_digest(house.documents.draft(document_id))
            confirm_agreement(house, who, document_id, seen, on_behalf_of=on_behalf_of)

        self.does(confirm)

    def request(self, request_id: str) -> ConsentRequest:
        """The question as it was put."""
        with self.open_house() as house:
            return msgspec.convert(house.ledger.of_request(request_id)[0].payload, ConsentRequest)

    def say_yes(self, who: Identity, request_id: str, *, no: frozenset[str] = frozenset()) -> Receipt:
        """Yes to everything but the items ``no``."""
        answers = {item.id: item.id not in no for item in self.request(request_id).items}
        return self.does(
            lambda house: give_consent(house, who, request_id, answers, oral=True, language="da", event_id=new_id())
        )

    def drain(self) -> list[str]:
        """Do what the outbox holds, as the worker would; returns the codes of what failed (it stays in the outbox)."""
        failures: list[str] = []
        while True:
            with self.open_house() as house:
                due = [entry for entry in house.outbox.due(house.moment) if entry.step not in self._leaves]
            if not due:
                return failures
            for entry in due:
                try:
                    STEPS[entry.step](self.open_house, entry)
                except Exception as error:
                    code = error.code if isinstance(error, TillidError) else type(error).__name__
                    failures.append(code)
                    why, may_die = getattr(error, "why", ""), not isinstance(error, Unavailable)
                    with self.open_house() as house:
                        house.outbox.failed(entry.key, code, house.moment, may_die=may_die, why=why)
                else:
                    with self.open_house() as house:
                        house.outbox.remove(entry.key)
