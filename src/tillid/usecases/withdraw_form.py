"""A version of a form is taken out of new use, or into it again: what is begun in it goes on rendering for ever."""

from __future__ import annotations

from tillid.forms.designs import Withdrawal
from tillid.kernel.errors import NotFound, TillidError
from tillid.process.access import Identity
from tillid.usecases.design_data import record
from tillid.usecases.ports import House
from tillid.usecases.running_state import require_administrator


class LastInUse(TillidError):
    code = "design.last-in-use"
    text = "Det er den eneste version af skemaet, der kan bruges. Udgiv en ny, før denne tages ud af brug."


def withdraw_version(house: House, who: Identity, form: str, version: int) -> Withdrawal:
    """No new document is begun in it, and no draft is moved to it. Raises ``LastInUse``, ``NotFound``."""
    require_administrator(who)
    found = _version(house, form, version)
    others = [
        one.version
        for one in house.definitions.all()
        if one.id == form and one.version != version and (form, one.version) not in house.definitions.resting
    ]
    if not others:
        raise LastInUse(form)
    record(house, who, "withdraw_version", found)
    withdrawal = Withdrawal(form=form, version=version, by=who.person_id, at=house.moment)
    house.designs.withdraw(withdrawal)
    return withdrawal


def use_version_again(house: House, who: Identity, form: str, version: int) -> None:
    """The withdrawal is forgotten; its row in the log stays."""
    require_administrator(who)
    if all((one.form, one.version) != (form, version) for one in house.designs.withdrawn()):
        raise NotFound("not withdrawn")
    record(house, who, "use_version_again", f"{form}/v{version}")
    house.designs.take_back(form, version)


def _version(house: House, form: str, version: int) -> str:
    try:
        return house.definitions.get(form, version).name
    except TillidError:
        raise NotFound("no such version") from None
