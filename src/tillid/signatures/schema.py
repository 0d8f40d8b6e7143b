"""Validation against our own XML Schema, offline: the schema imports nothing."""

from __future__ import annotations

import threading

from lxml import etree

from tillid.kernel.errors import TillidError
from tillid.kernel.paths import SIGNING
from tillid.signatures.xml import Element, other

SCHEMAS = SIGNING / "schemas"


class NotValid(TillidError):
    """A record that breaks the schema, or is one of another kind than was asked for."""

    code = "records.schema"
    text = "Samtykket kunne ikke skrives som en gyldig post. Intet er registreret. Kontakt jeres administrator."


# lxml keeps the error log on the validator, so every thread has its own.
_local = threading.local()


def _validator() -> etree.XMLSchema:
    if not hasattr(_local, "schema"):
        _local.schema = etree.XMLSchema(other((SCHEMAS / "consent-1.xsd").read_bytes()))
    return _local.schema


def schema_fault(root: Element) -> str | None:
    """Where ``root`` first breaks the schema (path and kind), or ``None``. Never a value: those are personal."""
    validator = _validator()
    if validator.validate(root):
        return None
    first = validator.error_log[0]
    return f"{first.path}: {first.type_name}"


def require_valid(root: Element) -> None:
    """Raise ``NotValid`` unless ``root`` is valid."""
    fault = schema_fault(root)
    if fault:
        raise NotValid(fault)
