"""The parts that every kind of record is read from: what ``record_xml`` wrote, as values. The tree is a valid record's."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from tillid.consents.model import Basis, ConsentItem, ConsentText, Organisation, Purpose
from tillid.signatures.names import consent
from tillid.signatures.schema import NotValid, require_valid
from tillid.signatures.xml import parse


def opened(signed: bytes, names: Container[str]) -> tuple[Any, Any]:
    """Header and body of a record whose body has one of the ``names``: by the schema each has but one root. Raises ``XmlRefused``, or
    ``TillidError`` (``records.schema``) for any other record."""
    root = parse(signed)
    require_valid(root)
    header, body = root[0], root[1]
    if name_of(body) not in names:
        raise NotValid("a record of another kind")
    return header, body


def name_of(node: Any) -> str:
    """Its name in the vocabulary."""
    return node.tag.rpartition("}")[2]


def at(node: Any, name: str) -> Any:
    """The child of that name; ``None`` without one."""
    return node.find(consent(name))


def text(node: Any, name: str) -> str:
    """What stands in the child of that name; empty without one."""
    return node.findtext(consent(name), "")


def organisation(node: Any) -> Organisation:
    return Organisation(id=node.get("uuid"), name=text(node, "Name"), cvr=node.get("cvr", ""))


def purpose(node: Any) -> Purpose:
    return Purpose(code=node.get("code"), text=node.text)


def basis(node: Any) -> Basis | None:
    return None if node is None else Basis(code=node.get("code"), provision=node.text)


def item(node: Any) -> ConsentItem:
    """A row, with or without its answer. The ids of its fields are not in a record: their digest is."""
    return ConsentItem(
        id=node.get("item"),
        kind=node.get("kind"),
        title=text(node, "Title"),
        section_id=node.get("section", ""),
        field_ids=(),
        sensitive=node.get("sensitive") == "yes",
        digest=node.get("sha256"),
    )


def shown_text(node: Any) -> ConsentText:
    return ConsentText(
        id=node.get("text"), version=int(node.get("version")), language=node.get("language"), body=node.text
    )
