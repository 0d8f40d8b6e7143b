"""The municipality's settings: seen and changed by administrators (ADR 0022).

Every change is an audit row. A setting is about nobody, so no child's data is near it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from tillid.forms.settings import Changed, Setting, checked, load_settings, merged
from tillid.forms.settings_units import key_of, unit_choices
from tillid.kernel.errors import NotFound
from tillid.process.access import Identity
from tillid.usecases.ports import House
from tillid.usecases.running_state import require_administrator
from tillid.usecases.writing import audit_row


class UnitChoice(msgspec.Struct, frozen=True, kw_only=True):
    """A unit that has chosen otherwise than the municipality."""

    id: str
    name: str
    value: Any


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One setting as it is now. ``chosen``: the municipality has chosen it itself, even if it chose the default; ``changed_by``: the
    name of who changed it last; ``units``: those that chose for themselves, by name."""

    setting: Setting
    value: Any
    chosen: bool
    changed_by: str = ""
    changed_at: datetime | None = None
    units: tuple[UnitChoice, ...] = ()


def settings_now(house: House, who: Identity) -> tuple[Line, ...]:
    """Every setting in the order of the list; ``NotFound`` for who is no administrator."""
    require_administrator(who)
    stored = house.choices.stored()
    values = merged(stored)
    changes = house.choices.changes()
    return tuple(
        Line(
            setting=one,
            value=values[one.id],
            chosen=one.id in stored,
            changed_by=_name(house, changes.get(one.id)),
            changed_at=changes[one.id].at if one.id in changes else None,
            units=_units(house, unit_choices(stored, one)),
        )
        for one in load_settings().values()
    )


def choose(house: House, who: Identity, setting_id: str, value: Any) -> None:
    """Set it. Raises ``NotFound`` (no administrator, no such setting), ``SettingError`` (a value that is not allowed), and
    ``Unavailable`` when the audit log cannot be written."""
    setting = _known(who, setting_id)
    whole = checked(setting, value)
    house.audit.write(audit_row(house, who, "choose_setting", setting.id, "", "choose_setting"))
    house.choices.put(setting.id, whole, Changed(by=who.person_id, at=house.moment))


def choose_default(house: House, who: Identity, setting_id: str) -> None:
    """As if it had never been set."""
    setting = _known(who, setting_id)
    house.audit.write(audit_row(house, who, "choose_setting", setting.id, "", "choose_setting"))
    house.choices.forget(setting.id, Changed(by=who.person_id, at=house.moment))


def choose_for_unit(house: House, who: Identity, setting_id: str, unit_id: str, value: Any) -> None:
    """The unit's own choice. Raises as ``choose``, and ``NotFound`` for an unknown unit and a setting without units."""
    setting = _known(who, setting_id)
    if not setting.units or house.people.unit(unit_id) is None:
        raise NotFound("no setting of that unit's")
    whole = checked(setting, value)
    _put_units(house, who, setting, {**unit_choices(house.choices.stored(), setting), unit_id: whole}, unit_id)


def choose_default_for_unit(house: House, who: Identity, setting_id: str, unit_id: str) -> None:
    """The unit follows the municipality again."""
    setting = _known(who, setting_id)
    ours = unit_choices(house.choices.stored(), setting)
    if unit_id not in ours:
        raise NotFound("the unit has not chosen")
    del ours[unit_id]
    _put_units(house, who, setting, ours, unit_id)


def _put_units(house: House, who: Identity, setting: Setting, ours: dict[str, Any], unit_id: str) -> None:
    house.audit.write(audit_row(house, who, "choose_setting", f"{setting.id}:{unit_id}", "", "choose_setting"))
    house.choices.put(key_of(setting.id), ours, Changed(by=who.person_id, at=house.moment))


def _units(house: House, ours: dict[str, Any]) -> tuple[UnitChoice, ...]:
    found = []
    for unit_id, value in ours.items():
        unit = house.people.unit(unit_id)
        found.append(UnitChoice(id=unit_id, name=unit.name if unit else unit_id, value=value))
    return tuple(sorted(found, key=lambda one: one.name))


def _name(house: House, changed: Changed | None) -> str:
    staff = house.people.staff(changed.by) if changed else None
    return staff.name if staff else ""


def _known(who: Identity, setting_id: str) -> Setting:
    require_administrator(who)
    try:
        return load_settings()[setting_id]
    except KeyError:
        raise NotFound("no such setting") from None
