"""A single unit's own choice of a setting that lets units choose (``Setting.units``, T31).

Kept beside the municipality's choices under a key of its own: unit id → value. What is kept there for a setting that does not
let units choose, or a value that is not allowed any more, counts for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tillid.forms.settings import Setting, SettingError, checked, load_settings

SUFFIX = "@units"


def key_of(setting_id: str) -> str:
    """Where the units' choices of a setting are kept."""
    return f"{setting_id}{SUFFIX}"


def unit_choices(stored: Mapping[str, Any], setting: Setting) -> dict[str, Any]:
    """Unit id → its own value, of those that have chosen one that is allowed."""
    kept = stored.get(key_of(setting.id))
    found = {}
    for unit_id, value in kept.items() if setting.units and isinstance(kept, Mapping) else ():
        try:
            found[unit_id] = checked(setting, value)
        except SettingError:
            continue
    return found


def by_unit(stored: Mapping[str, Any], known: Mapping[str, Setting] | None = None) -> dict[str, dict[str, Any]]:
    """Unit id → setting → value, of everything that units have chosen themselves."""
    known = load_settings() if known is None else known
    found: dict[str, dict[str, Any]] = {}
    for one in known.values():
        for unit_id, value in unit_choices(stored, one).items():
            found.setdefault(unit_id, {})[one.id] = value
    return found
