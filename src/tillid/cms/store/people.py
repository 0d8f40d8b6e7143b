"""The register of units, staff, children, parents, custody and rounds (design 17)."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from tillid.cms.store.records import Index, Record, branch, encode, known, read_current
from tillid.cms.store.secrets import CprVault, Vault
from tillid.consents.custody import Custody
from tillid.kernel.cpr import masked_cpr, normal_cpr
from tillid.kernel.errors import NotFound, TillidError, Unavailable
from tillid.process.organisation import Child, Organigram, Parent, Round, Staff, Unit

T = TypeVar("T")
P = TypeVar("P", Child, Parent)
CustodySource = Callable[[str], Custody]
"""Asks the real register: child id → custody; raises ``Unavailable`` when it does not answer."""


class ZodbPeople:
    """The port ``People``. ``custody_source``: where custody is asked; without it the copy kept here answers."""

    def __init__(
        self, root: MutableMapping[str, Any], municipality_key: bytes, custody_source: CustodySource | None = None
    ) -> None:
        self._vault = CprVault(municipality_key)
        self._address_vault = Vault(municipality_key, b"tillid/address/encryption")
        self._custody_source = custody_source
        self._units = branch(root, "people_units")
        self._staff = branch(root, "people_staff")
        self._usernames = branch(root, "people_usernames")
        self._children = branch(root, "people_children")
        self._parents = branch(root, "people_parents")
        self._rounds = branch(root, "people_rounds")
        self._custody = branch(root, "people_custody")
        self._cpr = branch(root, "people_cpr")
        self._pseudonyms = branch(root, "people_pseudonyms")
        self._addresses = branch(root, "people_addresses")
        self._children_of_unit = Index(branch(root, "people_children_of_unit"))
        self._children_of_holder = Index(branch(root, "people_children_of_holder"))
        self._rounds_of_unit = Index(branch(root, "people_rounds_of_unit"))

    def organigram(self) -> Organigram:
        return Organigram(units={id: known(data, Unit) for id, data in self._units.items()})

    def unit(self, unit_id: str) -> Unit | None:
        return _one(self._units, unit_id, Unit)

    def staff(self, staff_id: str) -> Staff | None:
        return _one(self._staff, staff_id, Staff)

    def staff_by_username(self, username: str) -> Staff | None:
        return self.staff(self._usernames.get(username, ""))

    def all_staff(self) -> Sequence[Staff]:
        return [known(data, Staff) for data in self._staff.values()]

    def child(self, child_id: str) -> Child | None:
        return _one(self._children, child_id, Child)

    def children_of_unit(self, unit_id: str) -> Sequence[Child]:
        return _by_name(known(self._children[id], Child) for id in self._children_of_unit.ids(unit_id))

    def children_of_holder(self, person_id: str, moment: datetime) -> Sequence[Child]:
        """By the copy kept here, also when the register is silent: a withdrawal must find its child. What is released
        is asked of ``custody``."""
        ids = [id for id in self._children_of_holder.ids(person_id) if self._kept(id).holder(person_id, moment)]
        return _by_name(known(self._children[id], Child) for id in ids)

    def children_with_mitid(self) -> Sequence[Child]:
        return _by_name(child for data in self._children.values() if (child := known(data, Child)).mitid)

    def parent(self, person_id: str) -> Parent | None:
        return _one(self._parents, person_id, Parent)

    def parents(self) -> Sequence[Parent]:
        return _by_name(known(data, Parent) for data in self._parents.values())

    def masked_cpr(self, person_id: str) -> str:
        return masked_cpr(self.unmask_cpr(person_id))

    def unmask_cpr(self, person_id: str) -> str:
        locked = self._cpr.get(person_id)
        if locked is None:
            raise NotFound("no number of this person")
        return self._vault.unlock(person_id, locked)

    def person_by_cpr(self, cpr: str) -> str | None:
        """The id of the child or parent with that number (any usual spelling), or ``None``."""
        digits = normal_cpr(cpr)
        return None if digits is None else self._pseudonyms.get(self._vault.pseudonym(digits))

    def protected_addresses(self, child_id: str) -> Sequence[str]:
        """By the custody kept here, also of who no longer holds it: their address is as protected as before."""
        return self._addresses_of([one for one in self._around(child_id) if one.protected_address])

    def known_addresses(self, child_id: str) -> Sequence[str]:
        return self._addresses_of(self._around(child_id))

    def custody(self, child_id: str) -> Custody:
        """Raises ``Unavailable`` also for a child whose custody nobody knows: nothing is released then (R-33).

        A writing transaction that asked fails if the kept custody changes before its commit.
        """
        record = self._custody.get(child_id)
        if record is not None:
            read_current(record)
        if self._custody_source is not None:
            return self._custody_source(child_id)
        return self._kept(child_id)

    def rounds_of_unit(self, unit_id: str) -> Sequence[Round]:
        found = [known(self._rounds[id], Round) for id in self._rounds_of_unit.ids(unit_id)]
        return sorted(found, key=lambda round: (round.deadline, round.id))

    def round(self, round_id: str) -> Round | None:
        return _one(self._rounds, round_id, Round)

    def put_unit(self, unit: Unit) -> None:
        self._units[unit.id] = encode(unit)

    def put_staff(self, staff: Staff) -> None:
        """Raises ``TillidError`` (``people.username-taken``) if somebody else has the login name."""
        if self._usernames.get(staff.username, staff.id) != staff.id:
            raise TillidError("login name taken", code="people.username-taken", text="Brugernavnet er optaget.")
        before = self.staff(staff.id)
        if before is not None and before.username != staff.username:
            del self._usernames[before.username]
        self._usernames[staff.username] = staff.id
        self._staff[staff.id] = encode(staff)

    def put_child(self, child: Child, cpr: str, custody: Custody) -> None:
        before = self.child(child.id)
        self._children_of_unit.move(before.unit_id if before else None, child.unit_id, child.id)
        self._children[child.id] = encode(_still_known_as(child, before))
        self._put_cpr(child.id, cpr)
        self.put_custody(custody)

    def put_parent(self, parent: Parent, cpr: str) -> None:
        self._parents[parent.id] = encode(_still_known_as(parent, self.parent(parent.id)))
        self._put_cpr(parent.id, cpr)

    def put_address(self, person_id: str, address: str) -> None:
        if not address:
            self._addresses.pop(person_id, None)
        elif (
            person_id not in self._addresses
            or self._address_vault.unlock(person_id, self._addresses[person_id]) != address
        ):
            self._addresses[person_id] = self._address_vault.lock(person_id, address)

    def put_custody(self, custody: Custody) -> None:
        record = self._custody.get(custody.child_id)
        before = {holder.person_id for holder in known(record.data, Custody).holders} if record is not None else set()
        after = {holder.person_id for holder in custody.holders}
        if record is None:
            self._custody[custody.child_id] = Record(encode(custody))
        else:
            record.data = encode(custody)
        for person_id in before - after:
            self._children_of_holder.discard(person_id, custody.child_id)
        for person_id in after - before:
            self._children_of_holder.add(person_id, custody.child_id)

    def put_round(self, round: Round) -> None:
        before = self.round(round.id)
        self._rounds_of_unit.move(before.unit_id if before else None, round.unit_id, round.id)
        self._rounds[round.id] = encode(round)

    def _around(self, child_id: str) -> list[Child | Parent]:
        """The child and everybody who holds or held custody of it."""
        record = self._custody.get(child_id)
        holders = known(record.data, Custody).holders if record is not None else ()
        people = [self.child(child_id), *(self.parent(holder.person_id) for holder in holders)]
        return [one for one in people if one is not None]

    def _addresses_of(self, people: Sequence[Child | Parent]) -> list[str]:
        return [
            self._address_vault.unlock(one.id, self._addresses[one.id]) for one in people if one.id in self._addresses
        ]

    def _kept(self, child_id: str) -> Custody:
        record = self._custody.get(child_id)
        if record is None:
            raise Unavailable("custody of this child is not known", code="custody.unavailable")
        return known(record.data, Custody)

    def _put_cpr(self, person_id: str, cpr: str) -> None:
        digits = normal_cpr(cpr)
        if digits is None:
            raise TillidError("no CPR number", code="people.cpr", text="CPR-nummeret skal have ti cifre.")
        pseudonym = self._vault.pseudonym(digits)
        if self._pseudonyms.get(pseudonym, person_id) != person_id:
            raise TillidError("number of another person", code="people.cpr-taken", text="CPR-nummeret er i brug.")
        if person_id in self._cpr:
            old = self._vault.unlock(person_id, self._cpr[person_id])
            if old == digits:
                return
            del self._pseudonyms[self._vault.pseudonym(old)]
        self._pseudonyms[pseudonym] = person_id
        self._cpr[person_id] = self._vault.lock(person_id, digits)


def _one(tree: Any, id: str, kind: type[T]) -> T | None:
    data = tree.get(id)
    return None if data is None else known(data, kind)


def _still_known_as(person: P, before: P | None) -> P:
    """``person`` with the names it had before: they stand in old texts (ADR 0055)."""
    names = (*before.former_names, before.name, *person.former_names) if before is not None else person.former_names
    return msgspec.structs.replace(person, former_names=tuple(n for n in dict.fromkeys(names) if n != person.name))


def _by_name(people: Any) -> list[Any]:
    return sorted(people, key=lambda person: (person.name, person.id))
