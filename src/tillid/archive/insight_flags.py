"""What in a document's answers must be looked at before somebody gets them on a request for insight. Pure.

A flag is a question to the reviewer and never an answer: »intern« alone holds nothing back (R-72), and words that nothing points at
are read by the reviewer all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from tillid.archive.insight import Flag, Held
from tillid.archive.insight_contacts import holds_contact
from tillid.archive.insight_names import is_named
from tillid.documents.model import Draft
from tillid.forms.addresses import known_address_places
from tillid.forms.definition import Field, FormDefinition
from tillid.forms.fieldtypes import field_type
from tillid.forms.fieldtypes.base import flat_text
from tillid.forms.readers import PARENT
from tillid.kernel.cpr import holds_cpr

FROM_HOME = frozenset({"parent", "child"})
PEOPLE = frozenset({"person", "person_list", "person_ref"})
NAMED = frozenset({"Navn", "Hvem"})  # columns in which people are named in plain text
_PHONE = re.compile(r"\d")


class Other(msgspec.Struct, frozen=True, kw_only=True):
    """A parent of the child who is not the one who asks."""

    id: str
    name: str
    phone: str = ""


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """Who stands around the child. ``asks``: the holder who asks, empty for everybody else; ``known``: names that are no third
    person's: the child's own and that of who asks; ``addresses``: protected ones, of the register; ``homes``: every one that the
    register has of the child and its holders."""

    asks: str
    others: tuple[Other, ...]
    known: frozenset[str]
    addresses: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()


def flags_of(definition: FormDefinition, seen: Mapping[str, Any], draft: Draft, around: Around) -> tuple[Flag, ...]:
    """The flags of the answers ``seen``, in the order of the form. ``draft``: tells who wrote what still stands there."""
    found: list[Flag] = []
    for field in definition.fields:
        if field.id in seen:
            reasons = dict.fromkeys(_reasons(field, seen[field.id], definition, draft, around))
            found += [Flag(held=one, field=field.id) for one in reasons]
    return tuple(found)


def _reasons(field: Field, value: Any, definition: FormDefinition, draft: Draft, around: Around) -> Iterator[Held]:
    text = flat_text(field_type(field.type).format(value, field, definition))
    if _from_another(field, value, draft, around) or any(_named(text, one) for one in around.others):
        yield "other_parent"
    if any(name not in around.known for name in _people(field, value)):
        yield "third_person"
    if known_address_places(text, around.addresses):
        yield "protected_address"
    if holds_contact(text, around.homes):
        yield "contact"
    if holds_cpr(text):
        yield "cpr"
    if PARENT not in field.visible_to:
        yield "internal"


def _from_another(field: Field, value: Any, draft: Draft, around: Around) -> bool:
    """Whether somebody else than who asks may have written it at home, or had it written in a talk: so unless the draft shows that
    these very words are the own ones."""
    with_whom = {one.with_holder for one in draft.written_for.get(field.id, ())}
    if not around.others or not (with_whom or FROM_HOME & set(field.filled_by)):
        return False
    stored = draft.fields.get(field.id)
    if with_whom - {around.asks} or stored is None or stored.value != value:
        return True
    return not (stored.by == around.asks or with_whom)


def _named(text: str, other: Other) -> bool:
    """Whether the other parent's whole name or telephone number stands in ``text``."""
    phone, digits = "".join(_PHONE.findall(other.phone))[-8:], "".join(_PHONE.findall(text))
    return is_named(other.name, text) or len(phone) == 8 and phone in digits


def _people(field: Field, value: Any) -> list[str]:
    """The names in a field that asks for people, and in the columns of a table that do."""
    if field.type in PEOPLE:
        return _names(value if isinstance(value, list) else [value])
    asked = [one.id for one in field.columns if one.type in PEOPLE or one.label in NAMED]
    rows = value if asked and isinstance(value, list) else []
    return _names([row.get(one) for row in rows for one in asked])


def _names(entries: Sequence[Any]) -> list[str]:
    found = (one.get("name") if isinstance(one, dict) else one for one in entries)
    return [one for one in found if isinstance(one, str) and one]
