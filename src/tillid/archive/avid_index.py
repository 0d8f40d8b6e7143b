"""The indices of the feed. ``tableIndex.xml``, ``contextDocumentationIndex.xml`` and the tables' own schemas are as BEK 128/2020 has
them (namespace ``http://www.sa.dk/xmlns/diark/1.0``); ``docIndex`` and ``fileIndex`` have its shape and a namespace of their own, for they
name files that an archive version may not have, and SHA-256 beside its MD5 (docs/archive_feed.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from lxml import etree

from tillid.archive.avid import Value
from tillid.archive.avid_tables import NUMBER, SQL, TABLES, XSD, Column, Table

DIARK = "http://www.sa.dk/xmlns/diark/1.0"
OWN = "urn:tillid:archive-feed:1"
XS, XSI = "http://www.w3.org/2001/XMLSchema", "http://www.w3.org/2001/XMLSchema-instance"
# What XML 1.0 cannot hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """A document of the context documentation. ``category``: of the archive's list, as ``group/element``."""

    id: int
    title: str
    about: str
    category: str
    name: str
    data: bytes


def table_space(table: Table) -> str:
    """The namespace of a table's rows."""
    return f"http://www.sa.dk/xmlns/siard/1.0/schema0/table{NUMBER[table.name]}.xsd"


def row(table: Table, values: tuple[Value, ...]) -> Any:
    """A row of ``tableN.xml``; nothing there is ``xsi:nil``. Raises ``ValueError`` where a value is missing that may not be."""
    space = table_space(table)
    made = etree.Element(f"{{{space}}}row", nsmap={None: space, "xsi": XSI})
    for number, (column, value) in enumerate(zip(table.columns, values, strict=True), start=1):
        cell = etree.SubElement(made, f"{{{space}}}c{number}")
        if value is None or value == "":
            if not column.nullable:
                raise ValueError(f"{table.name}.{column.name} is empty")
            cell.set(f"{{{XSI}}}nil", "true")
        else:
            cell.text = spelled(value)
    return made


def spelled(value: Value) -> str:
    """As it stands in a cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _NO_XML.sub("\ufffd", str(value))


def table_schema(table: Table) -> bytes:
    """``tableN.xsd``."""
    space = table_space(table)
    root = etree.Element(f"{{{XS}}}schema", nsmap={"xs": XS, None: space}, targetNamespace=space,
                         elementFormDefault="qualified", attributeFormDefault="unqualified")  # fmt: skip
    rows = _xs(_xs(_xs(root, "element", name="table"), "complexType"), "sequence")
    _xs(rows, "element", name="row", type="rowType", minOccurs="0", maxOccurs="unbounded")
    cells = _xs(_xs(root, "complexType", name="rowType"), "sequence")
    for number, column in enumerate(table.columns, start=1):
        nillable = "true" if column.nullable else "false"
        _xs(cells, "element", name=f"c{number}", type=XSD[column.kind], nillable=nillable)
    return _written(root)


def table_index(name: str, rows: Mapping[str, int], longest: Mapping[tuple[str, str], int]) -> bytes:
    """``tableIndex.xml``. ``rows``: table → how many; ``longest``: (table, column) → characters of its longest text."""
    root = etree.Element(f"{{{DIARK}}}siardDiark", nsmap={None: DIARK, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{DIARK} ../Schemas/standard/tableIndex.xsd")
    _add(root, "version", "1.0")
    _add(root, "dbName", name)
    _add(root, "databaseProduct", "Tillid")
    tables = _add(root, "tables")
    for table in TABLES:
        made = _add(tables, "table")
        _add(made, "name", table.name)
        _add(made, "folder", f"table{NUMBER[table.name]}")
        _add(made, "description", table.about)
        columns = _add(made, "columns")
        for number, column in enumerate(table.columns, start=1):
            _column(columns, number, column, longest.get((table.name, column.name), 1))
        key = _add(made, "primaryKey")
        _add(key, "name", f"PK_{table.name}")
        for one in table.key:
            _add(key, "column", one)
        _points(made, table)
        _add(made, "rows", str(rows.get(table.name, 0)))
    return _written(root)


def _column(columns: Any, number: int, column: Column, longest: int) -> None:
    made = _add(columns, "column")
    _add(made, "name", column.name)
    _add(made, "columnID", f"c{number}")
    _add(made, "type", SQL.get(column.kind) or f"VARCHAR({longest})")
    _add(made, "nullable", "true" if column.nullable else "false")
    _add(made, "description", column.about)
    if column.role:
        _add(made, "functionalDescription", column.role)


def _points(made: Any, table: Table) -> None:
    keys = _add(made, "foreignKeys") if table.points else None
    for one in table.points:
        key = _add(keys, "foreignKey")
        _add(key, "name", f"FK_{table.name}_{one.table}")
        _add(key, "referencedTable", one.table)
        for here, there in zip(one.columns, one.there, strict=True):
            reference = _add(key, "reference")
            _add(reference, "column", here)
            _add(reference, "referenced", there)


def context_index(documents: tuple[Context, ...]) -> bytes:
    """``contextDocumentationIndex.xml``."""
    root = etree.Element(f"{{{DIARK}}}contextDocumentationIndex", nsmap={None: DIARK, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{DIARK} ../Schemas/standard/contextDocumentationIndex.xsd")
    for one in documents:
        made = _add(root, "document")
        _add(made, "documentID", str(one.id))
        _add(made, "documentTitle", one.title)
        _add(made, "documentDescription", one.about)
        group, element = one.category.split("/")
        _add(_add(_add(made, "documentCategory"), group), element, "true")
    return _written(root)


def listed(name: str, values: Mapping[str, str]) -> Any:
    """An element of ``docIndex.xml`` or ``fileIndex.xml`` with these children, in order."""
    made = etree.Element(f"{{{OWN}}}{name}", nsmap={None: OWN})
    for child, value in values.items():
        etree.SubElement(made, f"{{{OWN}}}{child}").text = spelled(value)
    return made


def schemas() -> Iterator[tuple[str, bytes]]:
    """Folder and bytes of each table's schema."""
    for table in TABLES:
        yield f"table{NUMBER[table.name]}", table_schema(table)


def _xs(parent: Any, tag: str, **attributes: str) -> Any:
    return etree.SubElement(parent, f"{{{XS}}}{tag}", **attributes)


def _add(parent: Any, name: str, text: str | None = None) -> Any:
    made = etree.SubElement(parent, f"{{{DIARK}}}{name}")
    made.text = text
    return made


def _written(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
