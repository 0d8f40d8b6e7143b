"""The registry of field types. A new type is one module here with a ``TYPES`` tuple, and its test."""

from __future__ import annotations

import importlib
import pkgutil

from tillid.forms.definition import Field
from tillid.forms.fieldtypes.base import FieldType
from tillid.kernel.errors import TillidError


def _collect() -> dict[str, FieldType]:
    found: dict[str, FieldType] = {}
    for module in pkgutil.iter_modules(__path__):
        for entry in getattr(importlib.import_module(f"{__name__}.{module.name}"), "TYPES", ()):
            if entry.name in found:
                raise RuntimeError(f"field type {entry.name} is defined twice")
            found[entry.name] = entry
    return found


TYPES: dict[str, FieldType] = _collect()


def field_type(name: str) -> FieldType:
    """The entry for ``name``; raises ``TillidError`` (``forms.unknown-type``)."""
    try:
        return TYPES[name]
    except KeyError:
        raise TillidError(
            f"no field type {name!r}", code="forms.unknown-type", text="Skemaet bruger en felttype, der ikke findes."
        ) from None


def widget(field: Field) -> str:
    """The widget a template draws for ``field``: its type's, or ``readonly`` when only the system fills it."""
    return "readonly" if field.phase == "derived" or field.filled_by == ("system",) else field_type(field.type).widget
